//! What is learned of a row: an event or none, which of several came first, a value, or the time until an event.

use super::{Counted, Window};
use crate::CohortError;
use crate::predicates::{Predicates, Reference, Rule};
use crate::yaml::{Node, Value, entry};

/// The outcome of a task.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// The task asks for none.
    None,
    /// Whether something occurs in a window.
    Occurs { window: usize, what: Counted },
    /// Which of several comes first in a window.
    First { window: usize, classes: Vec<(String, Counted)> },
    /// A value in a window, of the events that satisfy an atom.
    Value { window: usize, name: String, atom: usize, take: Take },
    /// How long it takes from the index time until something happens.
    TimeTo { event: Counted, competing: Vec<Counted>, until: Option<usize> },
}

/// Which of the values in a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    First,
    Last,
    Min,
    Max,
    Mean,
}

/// The `outcome` section as written.
#[derive(Debug, Clone)]
pub(super) struct Written<'n> {
    node: &'n Node,
    kind: Kind<'n>,
}

#[derive(Debug, Clone)]
enum Kind<'n> {
    Class { window: Named<'n>, of: Vec<Reference<'n>> },
    Number { window: Named<'n>, of: Reference<'n>, take: Take },
    TimeTo { event: Reference<'n>, competing: Vec<Reference<'n>>, until: Option<Named<'n>> },
}

/// A name and its line.
#[derive(Debug, Clone, Copy)]
struct Named<'n> {
    name: &'n str,
    line: usize,
}

impl<'n> Written<'n> {
    /// Reads the section: `kind` and what belongs to it.
    ///
    /// # Errors
    /// [`CohortError`].
    pub(super) fn read(node: &'n Node) -> Result<Self, CohortError> {
        let entries = node.block("outcome")?;
        let kind = required(node, entries, "kind", "`class`, `number` or `time-to-event`")?;
        let keys: &[&str] = match kind.text("outcome.kind")? {
            "class" => &["kind", "window", "of"],
            "number" => &["kind", "window", "of", "take"],
            "time-to-event" => &["kind", "event", "competing", "until"],
            _ => return Err(kind.expected("outcome.kind", "`class`, `number` or `time-to-event`")),
        };
        let entries = node.keys("outcome", keys)?;
        let window = |key: &'static str| -> Result<Named<'n>, CohortError> {
            let node = required(node, entries, key, "the window that it is looked for in")?;
            Ok(Named { name: node.text(&format!("outcome.{key}"))?, line: node.line })
        };
        let kind = match keys.len() {
            3 => Kind::Class {
                window: window("window")?,
                of: several(
                    required(node, entries, "of", "the predicates, of which the first to occur counts")?,
                    "outcome.of",
                )?,
            },
            _ if keys.contains(&"take") => {
                let of = required(node, entries, "of", "the predicate whose values count")?;
                let take = required(node, entries, "take", "`first`, `last`, `min`, `max` or `mean`")?;
                Kind::Number {
                    window: window("window")?,
                    of: one(of, "outcome.of")?,
                    take: match take.text("outcome.take")? {
                        "first" => Take::First,
                        "last" => Take::Last,
                        "min" => Take::Min,
                        "max" => Take::Max,
                        "mean" => Take::Mean,
                        _ => {
                            return Err(
                                take.expected("outcome.take", "`first`, `last`, `min`, `max` or `mean`")
                            );
                        }
                    },
                }
            }
            _ => Kind::TimeTo {
                event: one(
                    required(node, entries, "event", "the predicate that ends the time")?,
                    "outcome.event",
                )?,
                competing: match entry(entries, "competing") {
                    Some(node) => several(node, "outcome.competing")?,
                    None => Vec::new(),
                },
                until: match entry(entries, "until") {
                    Some(_) => Some(window("until")?),
                    None => None,
                },
            },
        };
        Ok(Self { node, kind })
    }

    /// The predicates that it refers to.
    pub(super) fn references(&self) -> Vec<Reference<'n>> {
        match &self.kind {
            Kind::Class { of, .. } => of.clone(),
            Kind::Number { of, .. } => vec![of.clone()],
            Kind::TimeTo { event, competing, .. } => [event].into_iter().chain(competing).cloned().collect(),
        }
    }

    /// With every name found.
    ///
    /// # Errors
    /// [`CohortError`] for windows that are not there, values of derived predicates, and a time without an index time.
    pub(super) fn found(
        &self,
        windows: &[Window],
        index: Option<usize>,
        predicates: &Predicates,
        counted: &impl Fn(&Reference<'_>) -> Result<Counted, CohortError>,
    ) -> Result<Outcome, CohortError> {
        let window = |named: &Named<'_>, key: &str| {
            let place = windows.iter().position(|window| window.name == named.name);
            place.ok_or_else(|| CohortError::UnknownWindow {
                line: named.line,
                place: format!("outcome.{key}"),
                name: named.name.to_owned(),
                nearest: bedside_table::nearest(named.name, windows.iter().map(|window| &*window.name))
                    .map(str::to_owned),
            })
        };
        Ok(match &self.kind {
            Kind::Class { window: named, of } => {
                let classes = of.iter().map(|reference| Ok((reference.name.to_owned(), counted(reference)?)));
                Outcome::First {
                    window: window(named, "window")?,
                    classes: classes.collect::<Result<_, CohortError>>()?,
                }
            }
            Kind::Number { window: named, of, take } => {
                let atom = match counted(of)? {
                    Counted::Predicate(place) => match predicates.list[place].rule {
                        Rule::Count(atom) => Some(atom),
                        Rule::All(_) | Rule::Any(_) => None,
                    },
                    Counted::AnyEvent | Counted::RecordStart | Counted::RecordEnd => None,
                };
                let atom = atom.ok_or_else(|| CohortError::Expected {
                    line: of.line,
                    place: of.place.clone(),
                    expected: "a predicate on single events (with `code`), whose values can be taken"
                        .to_owned(),
                    found: format!("`{}`, which is made of others", of.name),
                })?;
                Outcome::Value {
                    window: window(named, "window")?,
                    name: of.name.to_owned(),
                    atom,
                    take: *take,
                }
            }
            Kind::TimeTo { event, competing, until } => {
                if index.is_none() {
                    return Err(CohortError::MissingKey {
                        line: self.node.line,
                        place: "windows".to_owned(),
                        key: "index_timestamp",
                        meaning: "the time from which `outcome` counts (in one of the windows, `start` or `end`)",
                    });
                }
                let until = match until {
                    Some(named) => Some(windows[window(named, "until")?].end),
                    None => None,
                };
                let competing = competing.iter().map(counted).collect::<Result<_, _>>()?;
                Outcome::TimeTo { event: counted(event)?, competing, until }
            }
        })
    }
}

impl Outcome {
    /// What is asked of a row so that it has an outcome at all, in words.
    pub(crate) fn asks(&self) -> Option<String> {
        match self {
            Self::None | Self::Occurs { .. } | Self::First { .. } => None,
            Self::Value { name, .. } => Some(format!("outcome: a value of `{name}`")),
            Self::TimeTo { .. } => Some("outcome: observed after the index time".to_owned()),
        }
    }

    /// What must be counted for it.
    pub(crate) fn counts(&self) -> Vec<Counted> {
        match self {
            Self::None | Self::Value { .. } => Vec::new(),
            Self::Occurs { what, .. } => vec![*what],
            Self::First { classes, .. } => classes.iter().map(|(_, what)| *what).collect(),
            Self::TimeTo { event, competing, .. } => [event].into_iter().chain(competing).copied().collect(),
        }
    }
}

fn required<'n>(
    node: &Node,
    entries: &'n [(String, Node)],
    key: &'static str,
    meaning: &'static str,
) -> Result<&'n Node, CohortError> {
    entry(entries, key).ok_or_else(|| CohortError::MissingKey {
        line: node.line,
        place: "outcome".to_owned(),
        key,
        meaning,
    })
}

fn one<'n>(node: &'n Node, place: &str) -> Result<Reference<'n>, CohortError> {
    Ok(Reference { name: node.text(place)?, line: node.line, place: place.to_owned() })
}

fn several<'n>(node: &'n Node, place: &str) -> Result<Vec<Reference<'n>>, CohortError> {
    match &node.value {
        Value::List(items) if !items.is_empty() => items.iter().map(|item| one(item, place)).collect(),
        Value::Scalar(_) => Ok(vec![one(node, place)?]),
        _ => Err(node.expected(place, "a list of predicates")),
    }
}
