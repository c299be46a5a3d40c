//! One end of a window: `trigger`, `gap.end + 24h`, `start -> death`, `end <- admission`.

use bedside_chart::Span;

use crate::CohortError;
use crate::predicates::is_name;
use crate::spans::parse_span;
use crate::yaml::{Node, Value};

/// One end of a window as written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Boundary<'n> {
    pub(super) from: From<'n>,
    pub(super) way: Written<'n>,
    pub(super) line: usize,
}

/// What it refers to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum From<'n> {
    Trigger,
    /// The start of the same window.
    Start,
    /// The end of the same window.
    End,
    /// The start (or else the end) of another window.
    Window {
        name: &'n str,
        start: bool,
    },
}

/// How it is found from there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Written<'n> {
    Distance(Span),
    Next(&'n str),
    Previous(&'n str),
}

impl<'n> Boundary<'n> {
    /// Reads one end.
    ///
    /// # Errors
    /// [`CohortError::Expected`].
    pub(super) fn read(node: &'n Node, place: &str) -> Result<Self, CohortError> {
        let wrong = || {
            let forms = "`trigger`, `start`, `end`, `WINDOW.start` or `WINDOW.end`, alone or with `+ 24h`, `- 30 days`, \
                         `-> PREDICATE` or `<- PREDICATE`";
            node.expected(place, forms)
        };
        let Value::Scalar(text) = &node.value else { return Err(wrong()) };
        let (from, way) = if let Some((from, predicate)) = text.split_once("->") {
            (from, Written::Next(predicate.trim()))
        } else if let Some((from, predicate)) = text.split_once("<-") {
            (from, Written::Previous(predicate.trim()))
        } else if let Some(sign) = text.find(['+', '-']) {
            let (from, distance) = text.split_at(sign);
            let span = parse_span(distance).ok_or_else(|| {
                node.expected(place, "a distance such as `24h`, `30 days` or `1 week 2 days` after the sign")
            })?;
            (from, Written::Distance(span))
        } else {
            (text.as_str(), Written::Distance(Span::ZERO))
        };
        if let Written::Next(name) | Written::Previous(name) = way
            && !is_name(name)
        {
            return Err(wrong());
        }
        let from = match from.trim() {
            "trigger" => From::Trigger,
            "start" => From::Start,
            "end" => From::End,
            other => match other.split_once('.') {
                Some((name, "start")) if is_name(name) => From::Window { name, start: true },
                Some((name, "end")) if is_name(name) => From::Window { name, start: false },
                _ => return Err(wrong()),
            },
        };
        Ok(Self { from, way, line: node.line })
    }
}
