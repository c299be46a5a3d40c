//! What a task file says, understood.

use std::sync::Arc;

use bedside_chart::Span;

use crate::CohortError;
use crate::predicates::{Definitions, Predicates, Reference, Rule};
use crate::same_day::SameDay;
use crate::yaml::{self, Node, entry};

mod boundary;
mod matched;
mod outcome;
mod repeat;
mod windows;

pub(crate) use matched::Matched;
pub(crate) use outcome::{Outcome, Take};
pub(crate) use repeat::{Most, Repeat};
use windows::Windows;

/// The count of any events at all: 1 for every instant at which something happened.
pub(crate) const ANY_EVENT: &str = "_ANY_EVENT";
/// The first instant of a record.
pub(crate) const RECORD_START: &str = "_RECORD_START";
/// The last instant of a record.
pub(crate) const RECORD_END: &str = "_RECORD_END";

/// A task: predicates on events, a trigger, windows around it. From a task file in the format of ACES 0.7:
///
/// - `predicates`: by name, `code` (a code, `{regex: ...}` or `{any: [...]}`), `value_min`, `value_max` and whether those
///   are inclusive; or `expr: and(a, b)` / `or(a, b)`. `patient_demographics`: the same, asked of the events without a
///   time, which every subject must satisfy.
/// - `trigger`: the predicate at whose instants rows begin.
/// - `windows`: by name, `start` and `end`, of which one refers to the other: `trigger`, `gap.end`, `start + 24h`,
///   `end - 30 days`, `start -> death` (the next), `end <- admission` (the one before); nothing means the first or last
///   event of the record. `has` gives how often a predicate may occur: `admission: (1, None)`. One window carries `label`,
///   one `index_timestamp`.
///
/// Beyond ACES, and unknown to it:
///
/// - `outcome`, instead of a window's `label`: `{kind: class, window: target, of: [death, home]}`, which of the predicates
///   comes first (at one instant, the one named first); `{kind: number, window: target, of: creatinine, take: max}` (or
///   `first`, `last`, `min`, `mean`); `{kind: time-to-event, event: death, competing: [transplant], until: target}`, the
///   days from the index time to the first of these, or to the end of the window or of the record, whichever is first,
///   where the row is censored. What happens at the index time is not after it; at one instant the event goes before what
///   competes with it, and both before the end.
/// - `repeat: {every: 1h, after: 24h, until: discharge, within: 30 days}`: the trigger comes again and again, from `after` on,
///   before the next `until` (or the last event of the record) and no later than `within`; the windows hang on each.
/// - `rows: {most: 3, keep: first}`: at most so many rows of a subject, the `first` or the `last`.
/// - `match: {controls: 4, on: [female, diabetes], within: 90 days, near: {birth: 1826 days}, seed: 1}`: of the rows without the
///   label's outcome only up to so many for each row with it, drawn at random from those of other subjects for which the same of
///   the predicates `on` had occurred by the index time (or hold without a time), whose index time is `within` a distance, and
///   whose first occurrence of something is `near` ([`matched`](crate::matched)).
/// - `same_day: after`: an event known only to its day (at 23:59:59, where imports put it) comes after what ends a window by the
///   clock on that day. Without it, or with `same_day: inside`, both are at one instant, that of the clock: a death of the day of
///   discharge belongs to the stay. That goes for what ends a window or a `repeat` or is what an `outcome` looks for first; the last of
///   it on the day counts, and none if the trigger comes again afterwards on that day. [`Flow::doubts`](crate::Flow::doubts) says
///   how many there are.
///
/// It differs from ACES where that gives wrong rows: predicates on a value alone are joined by `and` on one event (ACES
/// issue 193); `index_timestamp` is the end of the window that it names, also where the window's start refers to its end
/// by a distance; and a row whose window ends at an event that never comes is left out, also where nothing else hangs on
/// that window.
///
/// # Errors
/// [`CohortError`], with the line.
#[derive(Debug, Clone)]
pub struct Task {
    pub(crate) predicates: Predicates,
    pub(crate) trigger: Counted,
    pub(crate) points: Vec<Point>,
    pub(crate) windows: Vec<Window>,
    pub(crate) outcome: Outcome,
    pub(crate) repeat: Option<Repeat>,
    pub(crate) most: Option<Most>,
    pub(crate) matched: Option<Matched>,
    pub(crate) same_day: SameDay,
    /// The point that is the index time.
    pub(crate) index: Option<usize>,
}

/// What can be counted in a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counted {
    Predicate(usize),
    AnyEvent,
    RecordStart,
    RecordEnd,
}

/// A point in time of a task. The first is the trigger; every other is found from an earlier one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) from: usize,
    pub(crate) way: Way,
    /// The window that it is an end of; the trigger is none of any.
    pub(crate) window: Option<usize>,
    /// Whether that window is complete with it, and is checked here.
    pub(crate) closes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    /// A fixed distance, which may be none or negative.
    Distance(Span),
    /// The next occurrence, at the instant itself only if `at` says so.
    Next { what: Counted, at: bool },
    /// The one before.
    Previous { what: Counted, at: bool },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    pub(crate) name: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) start_inclusive: bool,
    pub(crate) end_inclusive: bool,
    pub(crate) has: Vec<Limits>,
}

/// How often something may occur in a window, both limits included.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Limits {
    pub(crate) name: String,
    pub(crate) what: Counted,
    pub(crate) min: u64,
    pub(crate) max: u64,
}

/// A code that a predicate asks for and no event has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    /// The predicate.
    pub predicate: String,
    /// The code, or the pattern that no code matches, in words.
    pub asks: String,
    /// Codes that look like it.
    pub nearest: Vec<String>,
}

impl std::fmt::Display for Unmet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "predicate `{}` asks for {}, which no event has", self.predicate, self.asks)?;
        match &self.nearest[..] {
            [] => Ok(()),
            near => write!(f, "; the data have `{}`", near.join("`, `")),
        }
    }
}

impl Task {
    /// Reads a task file.
    ///
    /// # Errors
    /// [`CohortError`], with the line.
    pub fn parse(text: &str) -> Result<Self, CohortError> {
        Self::understand(&yaml::parse(text)?, None)
    }

    /// Reads a task file and a file of predicates (`predicates`, `patient_demographics`) that are laid over those of the
    /// task: one task, many data sets.
    ///
    /// # Errors
    /// [`CohortError`], with the line of whichever file it is about.
    pub fn parse_with(text: &str, predicates: &str) -> Result<Self, CohortError> {
        Self::understand(&yaml::parse(text)?, Some(&yaml::parse(predicates)?))
    }

    /// Whether it asks for values, so that they must be read.
    #[must_use]
    pub fn reads_values(&self) -> bool {
        matches!(self.outcome, Outcome::Value { .. })
            || self.predicates.atoms.iter().any(|atom| !atom.values.is_open())
    }

    /// Whether rows have an index time. Without one there is nothing to predict from.
    #[must_use]
    pub fn has_index_time(&self) -> bool {
        self.index.is_some()
    }

    /// Whether rows have an outcome.
    #[must_use]
    pub fn has_outcome(&self) -> bool {
        self.outcome != Outcome::None
    }

    /// What the label counts, by the name that the task gives it: `in_hospital_death` as *in hospital death*. None when the task
    /// asks for another kind of outcome, or for none.
    #[must_use]
    pub fn label_in_words(&self) -> Option<String> {
        match self.outcome {
            Outcome::Occurs { what, .. } => Some(self.name_of(what).replace('_', " ").trim().to_owned()),
            Outcome::None | Outcome::First { .. } | Outcome::Value { .. } | Outcome::TimeTo { .. } => None,
        }
    }

    /// The column of labels that says what came of a row, by what the task asks; none when it asks for nothing, or for the
    /// time until an event, which takes two.
    #[must_use]
    pub fn label_column(&self) -> Option<&'static str> {
        match self.outcome {
            Outcome::Occurs { .. } => Some("boolean_value"),
            Outcome::First { .. } => Some("categorical_value"),
            Outcome::Value { .. } => Some("float_value"),
            Outcome::None | Outcome::TimeTo { .. } => None,
        }
    }

    /// Whether rows without the outcome are sampled, so that its share says nothing.
    #[must_use]
    pub fn is_matched(&self) -> bool {
        self.matched.is_some()
    }

    /// The name of a class of the outcome; `none` when none of the predicates occurs.
    #[must_use]
    pub fn class_name(&self, class: Option<usize>) -> &str {
        match &self.outcome {
            Outcome::First { classes, .. } => {
                class.and_then(|place| classes.get(place)).map_or("none", |(name, _)| name)
            }
            _ => "none",
        }
    }

    /// What predicates ask for that no event of a data set has, given all its codes: often a slip of the pen, or a task
    /// written for another data set.
    #[must_use]
    pub fn unmet(&self, codes: &[Arc<str>]) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        for predicate in &self.predicates.list {
            if !self.predicates.meets(&predicate.rule, codes) {
                unmet.push(Unmet {
                    predicate: predicate.name.clone(),
                    asks: "one code that all of its predicates accept".to_owned(),
                    nearest: Vec::new(),
                });
            }
            let Rule::Count(atom) = predicate.rule else { continue };
            unmet.extend(self.predicates.atoms[atom].unmet(codes).into_iter().map(|(asks, nearest)| Unmet {
                predicate: predicate.name.clone(),
                asks,
                nearest,
            }));
        }
        unmet
    }

    /// Whether every instant of a record counts: as a trigger, in a window, or because a predicate holds at all times.
    pub(crate) fn asks_instants(&self) -> bool {
        let limits = self.windows.iter().flat_map(|window| &window.has).map(|limits| limits.what);
        let ways = self.points.iter().filter_map(|point| match point.way {
            Way::Distance(_) => None,
            Way::Next { what, .. } | Way::Previous { what, .. } => Some(what),
        });
        let until = self.repeat.and_then(|repeat| repeat.until);
        limits
            .chain(ways)
            .chain(self.outcome.counts())
            .chain(until)
            .chain(self.matched.iter().flat_map(Matched::counts))
            .chain([self.trigger])
            .any(|what| what == Counted::AnyEvent)
            || self.predicates.list.iter().any(|predicate| predicate.fixed)
    }

    pub(crate) fn name_of(&self, what: Counted) -> &str {
        match what {
            Counted::Predicate(place) => &self.predicates.list[place].name,
            Counted::AnyEvent => ANY_EVENT,
            Counted::RecordStart => RECORD_START,
            Counted::RecordEnd => RECORD_END,
        }
    }

    fn understand(file: &Node, over: Option<&Node>) -> Result<Self, CohortError> {
        const KEYS: &[&str] = &[
            "description",
            "metadata",
            "predicates",
            "patient_demographics",
            "trigger",
            "windows",
            "outcome",
            "repeat",
            "rows",
            "match",
            "same_day",
        ];
        let entries = file.keys("the task", KEYS)?;
        let mut definitions = Definitions::default();
        let over = match over {
            Some(over) => over.keys("the file of predicates", &KEYS[..4])?,
            None => &[],
        };
        for entries in [entries, over] {
            for (key, demographic) in [("predicates", false), ("patient_demographics", true)] {
                if let Some(section) = entry(entries, key) {
                    definitions.lay_over(section, demographic)?;
                }
            }
        }
        let trigger = entry(entries, "trigger").ok_or_else(|| CohortError::MissingKey {
            line: file.line,
            place: "the task".to_owned(),
            key: "trigger",
            meaning: "the predicate at whose instants rows begin",
        })?;
        let trigger =
            Reference { name: trigger.text("trigger")?, line: trigger.line, place: "trigger".to_owned() };
        let windows = match entry(entries, "windows") {
            Some(section) => Windows::read(section)?,
            None => Windows::default(),
        };
        let outcome = entry(entries, "outcome").map(outcome::Written::read).transpose()?;
        let repeat = entry(entries, "repeat").map(repeat::Written::read).transpose()?;
        let most = entry(entries, "rows").map(repeat::most).transpose()?;
        let matched = entry(entries, "match")
            .map(|node| matched::Written::read(node).map(|read| (node, read)))
            .transpose()?;
        let same_day = match entry(entries, "same_day") {
            None => SameDay::default(),
            Some(node) => match node.text("same_day")? {
                "inside" => SameDay::Inside,
                "after" => SameDay::After,
                _ => return Err(node.expected("same_day", "`inside` or `after`")),
            },
        };
        let mut referred = vec![trigger.clone()];
        referred.extend(outcome.iter().flat_map(outcome::Written::references));
        referred.extend(repeat.iter().filter_map(|repeat| repeat.until.clone()));
        referred.extend(matched.iter().flat_map(|(_, written)| written.references()));
        referred.extend(windows.references());
        referred.extend(definitions.demographics().map(|definition| Reference {
            name: definition.name,
            line: definition.node.line,
            place: definition.place(),
        }));
        referred.retain(|reference| special(reference.name).is_none());
        let predicates = Predicates::new(&definitions, &referred)?;
        let counted = |reference: &Reference<'_>| -> Result<Counted, CohortError> {
            if let Some(special) = special(reference.name) {
                return Ok(special);
            }
            let place = predicates.place(reference.name).ok_or_else(|| definitions.unknown(reference))?;
            if predicates.list[place].fixed {
                return Err(CohortError::Expected {
                    line: reference.line,
                    place: reference.place.clone(),
                    expected: "a predicate on events in time".to_owned(),
                    found: format!("`{}`, which is asked of events without a time", reference.name),
                });
            }
            Ok(Counted::Predicate(place))
        };
        let trigger = counted(&trigger)?;
        let placed = windows.place(&counted)?;
        let index = placed.index.map(|(_, point)| point);
        let outcome = match (placed.label, outcome) {
            (None, None) => Outcome::None,
            (Some((window, what)), None) => Outcome::Occurs { window, what },
            (None, Some(written)) => written.found(&placed.windows, index, &predicates, &counted)?,
            (Some((window, _)), Some(_)) => {
                return Err(CohortError::Two {
                    line: file.line,
                    first: placed.windows[window].name.clone(),
                    second: "outcome".to_owned(),
                    key: "label",
                });
            }
        };
        let matched = matched.map(|(node, written)| {
            if index.is_none() || !matches!(outcome, Outcome::Occurs { .. }) {
                return Err(node.expected(
                    "match",
                    "a task with `label` and `index_timestamp`, since rows are matched by outcome and time",
                ));
            }
            written.found(&counted)
        });
        Ok(Self {
            matched: matched.transpose()?,
            trigger,
            points: placed.points,
            windows: placed.windows,
            outcome,
            repeat: repeat.map(|repeat| repeat.found(&counted)).transpose()?,
            most,
            same_day,
            index,
            predicates,
        })
    }
}

/// The counts that need no definition.
pub(crate) fn special(name: &str) -> Option<Counted> {
    match name {
        ANY_EVENT => Some(Counted::AnyEvent),
        RECORD_START => Some(Counted::RecordStart),
        RECORD_END => Some(Counted::RecordEnd),
        _ => None,
    }
}
