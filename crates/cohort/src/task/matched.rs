//! Which rows without the outcome are kept for the sake of those with it.

use bedside_chart::Span;

use super::Counted;
use crate::CohortError;
use crate::predicates::Reference;
use crate::spans::parse_span;
use crate::yaml::{Node, Value, entry};

/// Answers that fit into a row.
const MOST: usize = 64;

/// What rows with the outcome and rows without it must have in common.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Matched {
    /// The most rows without the outcome for each with it.
    pub(crate) controls: usize,
    /// What must have occurred by the index time in both or in neither.
    pub(crate) on: Vec<Counted>,
    /// How far apart their index times may be.
    pub(crate) within: Option<Span>,
    /// How far apart the first occurrence of something may be.
    pub(crate) near: Option<(Counted, Span)>,
    pub(crate) seed: u64,
}

/// The `match` section as written.
#[derive(Debug, Clone)]
pub(super) struct Written<'n> {
    controls: usize,
    on: Vec<Reference<'n>>,
    within: Option<Span>,
    near: Option<(Reference<'n>, Span)>,
    seed: u64,
}

impl<'n> Written<'n> {
    /// Reads the section: `controls`, and as wanted `on`, `within`, `near` and `seed`.
    ///
    /// # Errors
    /// [`CohortError`].
    pub(super) fn read(node: &'n Node) -> Result<Self, CohortError> {
        let entries = node.keys("match", &["controls", "on", "within", "near", "seed"])?;
        let whole = |key: &str, node: &Node| -> Option<u64> { node.text(key).ok()?.parse().ok() };
        let controls = entry(entries, "controls").ok_or_else(|| CohortError::MissingKey {
            line: node.line,
            place: "match".to_owned(),
            key: "controls",
            meaning: "how many rows without the outcome are kept for each row with it",
        })?;
        let count = whole("match.controls", controls).filter(|count| (1..=1000).contains(count));
        let reference = |place: &str, node: &'n Node| -> Result<Reference<'n>, CohortError> {
            Ok(Reference { name: node.text(place)?, line: node.line, place: place.to_owned() })
        };
        let on = match entry(entries, "on") {
            None => Vec::new(),
            Some(node) => match &node.value {
                Value::List(list) => {
                    list.iter().map(|node| reference("match.on", node)).collect::<Result<_, _>>()?
                }
                _ => vec![reference("match.on", node)?],
            },
        };
        if on.len() > MOST {
            return Err(node.expected("match.on", format!("at most {MOST} predicates")));
        }
        let span = |place: &str, node: &Node| {
            let found = parse_span(node.text(place)?).filter(|span| *span >= Span::ZERO);
            found.ok_or_else(|| node.expected(place, "a distance such as `90 days`"))
        };
        let near = entry(entries, "near").map(|node| match node.block("match.near")? {
            [(name, distance)] => Ok((
                Reference { name, line: distance.line, place: "match.near".to_owned() },
                span("match.near", distance)?,
            )),
            _ => Err(node.expected("match.near", "one predicate and a distance, `{birth: 1826 days}`")),
        });
        let seed = entry(entries, "seed").map(|node| {
            whole("match.seed", node).ok_or_else(|| node.expected("match.seed", "a whole number"))
        });
        Ok(Self {
            controls: count
                .ok_or_else(|| controls.expected("match.controls", "a whole number from 1 to 1000"))?
                as usize,
            on,
            within: entry(entries, "within").map(|node| span("match.within", node)).transpose()?,
            near: near.transpose()?,
            seed: seed.transpose()?.unwrap_or(0),
        })
    }

    pub(super) fn references(&self) -> impl Iterator<Item = Reference<'n>> + '_ {
        self.on.iter().chain(self.near.iter().map(|(what, _)| what)).cloned()
    }

    /// With the predicates found.
    ///
    /// # Errors
    /// [`CohortError`].
    pub(super) fn found(
        &self,
        counted: &impl Fn(&Reference<'_>) -> Result<Counted, CohortError>,
    ) -> Result<Matched, CohortError> {
        let near = self.near.as_ref().map(|(what, span)| Ok::<_, CohortError>((counted(what)?, *span)));
        Ok(Matched {
            controls: self.controls,
            on: self.on.iter().map(counted).collect::<Result<_, _>>()?,
            within: self.within,
            near: near.transpose()?,
            seed: self.seed,
        })
    }
}

impl Matched {
    /// What it counts.
    pub(crate) fn counts(&self) -> impl Iterator<Item = Counted> + '_ {
        self.on.iter().copied().chain(self.near.map(|(what, _)| what))
    }

    /// In words, as a step of the flow.
    pub(crate) fn in_words(&self) -> String {
        let rows = if self.controls == 1 { "row" } else { "rows" };
        format!("matched: at most {} {rows} without the outcome for each with it", self.controls)
    }
}
