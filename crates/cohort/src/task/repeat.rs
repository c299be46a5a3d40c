//! Which rows there are: several for one trigger, and how many of a subject's are kept.

use bedside_chart::Span;

use super::Counted;
use crate::CohortError;
use crate::predicates::Reference;
use crate::spans::parse_span;
use crate::yaml::{Node, entry};

/// The shortest distance between the repeats of a trigger.
const SHORTEST: Span = Span::from_micros(60_000_000);

/// A trigger that comes again and again: hourly, say, from a day after admission until discharge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Repeat {
    pub(crate) every: Span,
    /// How long after the trigger the first one is.
    pub(crate) after: Span,
    /// The occurrence before which the last one is, or else the record's end.
    pub(crate) until: Option<Counted>,
    /// How long after the trigger the last one may be.
    pub(crate) within: Option<Span>,
}

/// How many rows of a subject are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Most {
    pub(crate) rows: usize,
    /// The first ones, or else the last ones.
    pub(crate) first: bool,
}

/// The `repeat` section as written.
#[derive(Debug, Clone)]
pub(super) struct Written<'n> {
    every: Span,
    after: Span,
    pub(super) until: Option<Reference<'n>>,
    within: Option<Span>,
}

impl<'n> Written<'n> {
    /// Reads the section: `every`, and as wanted `after`, `until` and `within`.
    ///
    /// # Errors
    /// [`CohortError`].
    pub(super) fn read(node: &'n Node) -> Result<Self, CohortError> {
        let entries = node.keys("repeat", &["every", "after", "until", "within"])?;
        let span = |key: &str, least: Span| match entry(entries, key) {
            None => Ok(None),
            Some(node) => {
                let place = format!("repeat.{key}");
                let found = parse_span(node.text(&place)?).filter(|span| *span >= least);
                found.map(Some).ok_or_else(|| {
                    node.expected(&place, format!("a distance such as `1h`, at least {least}"))
                })
            }
        };
        let until = entry(entries, "until").map(|node| -> Result<_, CohortError> {
            Ok(Reference {
                name: node.text("repeat.until")?,
                line: node.line,
                place: "repeat.until".to_owned(),
            })
        });
        Ok(Self {
            every: span("every", SHORTEST)?.ok_or_else(|| CohortError::MissingKey {
                line: node.line,
                place: "repeat".to_owned(),
                key: "every",
                meaning: "how often the trigger comes again, such as `1h`",
            })?,
            after: span("after", Span::ZERO)?.unwrap_or(Span::ZERO),
            until: until.transpose()?,
            within: span("within", Span::ZERO)?,
        })
    }

    /// With the predicate found.
    ///
    /// # Errors
    /// [`CohortError`].
    pub(super) fn found(
        &self,
        counted: &impl Fn(&Reference<'_>) -> Result<Counted, CohortError>,
    ) -> Result<Repeat, CohortError> {
        let until = self.until.as_ref().map(counted).transpose()?;
        Ok(Repeat { every: self.every, after: self.after, until, within: self.within })
    }
}

/// Reads `rows: {most: 3, keep: first}`.
///
/// # Errors
/// [`CohortError`].
pub(super) fn most(node: &Node) -> Result<Most, CohortError> {
    let entries = node.keys("rows", &["most", "keep"])?;
    let rows = entry(entries, "most").ok_or_else(|| CohortError::MissingKey {
        line: node.line,
        place: "rows".to_owned(),
        key: "most",
        meaning: "how many rows of a subject are kept",
    })?;
    let count = rows.text("rows.most").ok().and_then(|text| text.parse().ok()).filter(|count| *count > 0);
    let first = match entry(entries, "keep").map(|node| (node, node.text("rows.keep"))) {
        None | Some((_, Ok("first"))) => true,
        Some((_, Ok("last"))) => false,
        Some((node, _)) => return Err(node.expected("rows.keep", "`first` or `last`")),
    };
    Ok(Most { rows: count.ok_or_else(|| rows.expected("rows.most", "a whole number above 0"))?, first })
}
