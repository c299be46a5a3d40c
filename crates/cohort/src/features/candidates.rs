//! Which codes and groups are asked for and not too rare.

use std::sync::Arc;

use super::groups::{INDEX_TIME, Rule};
use super::{CodeUse, Recipe, Uses};
use crate::CohortError;

/// What may have columns.
pub(super) struct Candidate {
    pub(super) name: Arc<str>,
    /// What makes it a group, by its place in the recipe; none for a code.
    pub(super) grouping: Option<usize>,
    pub(super) used: CodeUse,
}

/// The codes and groups that are asked for and not too rare, in the order of their names.
pub(super) fn candidates(recipe: &Recipe, uses: &Uses) -> Result<Vec<Candidate>, CohortError> {
    let rare = recipe.rare;
    let plain =
        |name: &str| recipe.asked.iter().any(|asked| asked.grouping.is_none() && asked.codes.takes(name));
    let often = |used: &CodeUse| {
        used.subjects >= rare.least_subjects && used.events + used.untimed >= rare.least_events
    };
    let code = |(name, used): (&Arc<str>, &CodeUse)| {
        (often(used) && plain(name)).then(|| Candidate {
            name: Arc::clone(name),
            grouping: None,
            used: *used,
        })
    };
    let mut kept: Vec<Candidate> = uses.codes.iter().filter_map(code).collect();
    let mut always: Vec<Candidate> = Vec::new();
    for (place, grouping) in recipe.groupings.list.iter().enumerate() {
        let counted = uses.groups.get(grouping.rule.name());
        if let Rule::Birth(birth) = &grouping.rule
            && counted.is_none_or(|births| births.values().all(|used| used.events == 0))
        {
            let nearest = bedside_table::nearest(birth, uses.codes.keys().map(|name| &**name));
            return Err(CohortError::NoBirth {
                code: birth.to_string(),
                nearest: nearest.map(str::to_owned),
            });
        }
        if grouping.rule == Rule::IndexTime {
            always.push(Candidate {
                name: INDEX_TIME.into(),
                grouping: Some(place),
                used: CodeUse::default(),
            });
            continue;
        }
        for (name, used) in counted.into_iter().flatten() {
            let group = Candidate { name: Arc::clone(name), grouping: Some(place), used: *used };
            if grouping.rule.is_always_there() {
                always.push(group);
            } else if often(used) {
                kept.push(group);
            }
        }
    }
    if let Some(most) = rare.most_codes.filter(|most| *most < kept.len()) {
        kept.sort_by_key(|one| std::cmp::Reverse(one.used.events + one.used.untimed));
        kept.truncate(most);
    }
    kept.extend(always);
    kept.sort_by(|one, next| (&one.name, one.grouping).cmp(&(&next.name, next.grouping)));
    Ok(kept)
}
