//! Which codes lie above which.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which codes lie above which, as a vocabulary has it (OMOP's `concept_ancestor`). It is known, not learned: it may hold
/// codes that no training subject has.
///
/// ```
/// use bedside_cohort::features::Ancestry;
/// let mut ancestry = Ancestry::default();
/// ancestry.add("SNOMED/44054006", "SNOMED/73211009", 1);
/// assert!(!ancestry.is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ancestry {
    /// By code, its ancestors and the levels between.
    above: BTreeMap<Arc<str>, BTreeMap<Arc<str>, u32>>,
}

impl Ancestry {
    /// Adds a code and one above it, with the fewest levels between them: 1 for a parent, 0 for itself. What is added twice is
    /// there once, at the shorter distance.
    pub fn add(&mut self, code: &str, ancestor: &str, levels: u32) {
        let above = self.above.entry(code.into()).or_default();
        let known = above.entry(ancestor.into()).or_insert(levels);
        *known = levels.min(*known);
    }

    /// Whether there is nothing above anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.above.is_empty()
    }

    /// Only what is at most so many levels apart, and every code that has another below it also above itself.
    pub(in crate::features) fn within(&self, levels: Option<u32>) -> Self {
        let mut kept = Self::default();
        let mut groups: BTreeSet<&Arc<str>> = BTreeSet::new();
        for (code, above) in &self.above {
            for (ancestor, apart) in
                above.iter().filter(|(_, apart)| levels.is_none_or(|most| **apart <= most))
            {
                kept.above.entry(Arc::clone(code)).or_default().insert(Arc::clone(ancestor), *apart);
                groups.insert(ancestor);
            }
        }
        for group in groups {
            kept.above.entry(Arc::clone(group)).or_default().insert(Arc::clone(group), 0);
        }
        kept
    }

    /// The codes above a code.
    pub(in crate::features) fn above(&self, code: &str) -> impl Iterator<Item = &Arc<str>> {
        self.above.get(code).into_iter().flat_map(BTreeMap::keys)
    }

    /// Every code with every one above it.
    pub(in crate::features) fn pairs(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.above.iter().flat_map(|(code, above)| above.keys().map(move |ancestor| (code, ancestor)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_limit_and_a_group_holds_the_code_that_names_it() {
        let mut ancestry = Ancestry::default();
        for (code, ancestor, levels) in [("a", "b", 1), ("a", "c", 2), ("a", "c", 3), ("b", "c", 1)] {
            ancestry.add(code, ancestor, levels);
        }
        let above = |ancestry: &Ancestry, code: &str| {
            ancestry.above(code).map(ToString::to_string).collect::<Vec<_>>()
        };
        let all = ancestry.within(None);
        assert_eq!(above(&all, "a"), ["b", "c"]);
        assert_eq!(above(&all, "b"), ["b", "c"]);
        assert_eq!(above(&all, "c"), ["c"]);
        let near = ancestry.within(Some(1));
        assert_eq!(
            (above(&near, "a"), above(&near, "b")),
            (vec!["b".to_owned()], vec!["b".into(), "c".into()])
        );
        assert_eq!(above(&ancestry.within(Some(2)), "a"), ["b", "c"], "the shorter distance counts");
        assert_eq!(all.pairs().count(), 5);
    }
}
