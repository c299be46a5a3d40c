//! What the outcome of each row is. A value of which the study file says nothing is never taken for *no event*.

use bedside_intake::{Decimal, Frame, Spelling, parse_number};
use serde::Serialize;

use crate::StudyError;
use crate::report::data::Finding;
use crate::report::number::count;
use crate::spec::{Cell, Condition, OutcomeDefinition, OutcomeKind, StudyFile, Value};
use crate::written;

/// Values that an error lists.
const LISTED: usize = 8;
/// A numeric outcome of no more distinct whole numbers than this may be codes.
const FEW: usize = 10;

/// The outcome of a study's rows, as facts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutcomeFacts {
    /// The column.
    pub column: String,
    /// The outcome in words.
    pub words: String,
    /// `binary` or `continuous`.
    pub kind: &'static str,
    /// Rows with an outcome that is known.
    pub rows: usize,
    /// Events among them, when binary.
    pub events: Option<usize>,
    /// The share of events, when binary.
    pub share: Option<f64>,
    /// Rows that leave because their outcome is not known.
    pub unknown: usize,
    /// Of a binary outcome its values; of a continuous one those that are not known.
    pub values: Vec<ValueFacts>,
    /// Least and greatest number, when continuous.
    pub range: Option<[f64; 2]>,
}

/// A value of the outcome, as a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueFacts {
    /// As it is written; nothing for an empty cell.
    pub value: Option<String>,
    /// How many rows have it.
    pub rows: usize,
    /// `event`, `no event` or `unknown`.
    pub means: &'static str,
}

/// The cells of the outcome's column.
pub(crate) struct OutcomeCells<'a> {
    definition: &'a OutcomeDefinition,
    levels: Vec<String>,
    /// The level of each row that has one.
    level_of: Vec<Option<u32>>,
}

/// What the cells mean.
pub(crate) struct Outcomes {
    pub(crate) kind: OutcomeKind,
    /// The outcome of every row of the frame, where it is known.
    pub(crate) values: Vec<Option<f64>>,
    /// The values that the study says are not known, among the rows that were asked for.
    pub(crate) unknown: Vec<String>,
    pub(crate) facts: OutcomeFacts,
    pub(crate) findings: Vec<Finding>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Meaning {
    Known(f64),
    Unknown,
    Unsaid,
}

impl<'a> OutcomeCells<'a> {
    pub(crate) fn read(frame: &Frame, study: &'a StudyFile) -> Result<Self, StudyError> {
        let column = frame.column(&study.outcome.column)?;
        let cells = column.as_categorical(Spelling::AsWritten)?;
        let level_of = cells.codes().iter().zip(cells.states());
        Ok(Self {
            definition: &study.outcome,
            levels: cells.levels().iter().map(|text| column.with_point(text).into_owned()).collect(),
            level_of: level_of.map(|(&code, state)| state.is_measured().then_some(code)).collect(),
        })
    }

    /// Whether a row has a value, whatever it means.
    pub(crate) fn has_value(&self, row: u32) -> bool {
        self.level_of[row as usize].is_some()
    }

    /// What the cells of the rows mean that are left after the exclusions.
    pub(crate) fn resolve(&self, rows: &[u32]) -> Result<Outcomes, StudyError> {
        let mut counts = vec![0; self.levels.len()];
        for level in rows.iter().filter_map(|&row| self.level_of[row as usize]) {
            counts[level as usize] += 1;
        }
        let (kind, meanings) = self.meanings(&counts)?;
        let here = |level: &usize| counts[*level] > 0;
        let unknown = (0..meanings.len()).filter(here).filter(|&l| meanings[l] == Meaning::Unknown);
        let values = self.level_of.iter().map(|level| match meanings[(*level)? as usize] {
            Meaning::Known(value) => Some(value),
            Meaning::Unknown | Meaning::Unsaid => None,
        });
        Ok(Outcomes {
            kind,
            values: values.collect(),
            unknown: unknown.map(|level| self.levels[level].clone()).collect(),
            facts: self.facts(kind, &meanings, &counts, rows.len()),
            findings: self.far_off(&counts),
        })
    }

    fn meanings(&self, counts: &[usize]) -> Result<(OutcomeKind, Vec<Meaning>), StudyError> {
        let definition = self.definition;
        let is_unknown = |text: &str| definition.unknown.iter().flat_map(|v| v.as_slice()).any(is(text));
        let Some(condition) = definition.event_condition() else {
            return self.without_event(counts, is_unknown);
        };
        let by_number = !matches!(condition, Condition::In(_));
        let no_event = definition.no_event.as_ref().map(|values| values.as_slice());
        let mut meanings: Vec<Meaning> = self
            .levels
            .iter()
            .map(|text| match number(text) {
                _ if is_unknown(text) => Meaning::Unknown,
                None if by_number => Meaning::Unsaid,
                _ if condition.holds(Cell::Text(text)) => Meaning::Known(1.0),
                _ if by_number || no_event.is_some_and(|values| values.iter().any(is(text))) => {
                    Meaning::Known(0.0)
                }
                _ => Meaning::Unsaid,
            })
            .collect();
        let here = |level: &usize| counts[*level] > 0;
        if !(0..counts.len()).filter(here).any(|level| meanings[level] == Meaning::Known(1.0)) {
            return Err(self.refused(format!(
                "no row has the event, `{}` {condition}; the column holds {}",
                definition.column,
                self.listed(counts, |_| true)
            )));
        }
        let unsaid: Vec<usize> =
            (0..counts.len()).filter(here).filter(|&level| meanings[level] == Meaning::Unsaid).collect();
        let one = unsaid.first().filter(|&&first| {
            let text = &self.levels[first];
            !by_number
                && no_event.is_none()
                && unsaid.iter().all(|&level| same(text, &self.levels[level]))
                && !looks_unknown(text)
                && self.twin_of_event(text, &meanings).is_none()
        });
        match one {
            // Two values exist: the other one is no event.
            Some(_) => unsaid.iter().for_each(|&level| meanings[level] = Meaning::Known(0.0)),
            None if unsaid.is_empty() => {}
            None => return Err(self.unsaid(counts, &meanings, &unsaid, by_number)),
        }
        Ok((OutcomeKind::Binary, meanings))
    }

    /// Without an event in the study file: 0 and 1, true and false, or a quantity.
    fn without_event(
        &self,
        counts: &[usize],
        is_unknown: impl Fn(&str) -> bool,
    ) -> Result<(OutcomeKind, Vec<Meaning>), StudyError> {
        let read = |text: &String| match truth(text).or_else(|| number(text)) {
            _ if is_unknown(text) => Meaning::Unknown,
            Some(value) => Meaning::Known(value),
            None => Meaning::Unsaid,
        };
        let meanings: Vec<Meaning> = self.levels.iter().map(read).collect();
        let here: Vec<usize> =
            (0..counts.len()).filter(|&l| counts[l] > 0 && meanings[l] != Meaning::Unknown).collect();
        let mut distinct: Vec<usize> = Vec::new();
        for &level in &here {
            if !distinct.iter().any(|&other| same(&self.levels[other], &self.levels[level])) {
                distinct.push(level);
            }
            if distinct.len() > FEW {
                break;
            }
        }
        let known = |level: &usize| match meanings[*level] {
            Meaning::Known(value) => Some(value),
            _ => None,
        };
        let numbers: Vec<f64> = here.iter().filter_map(known).collect();
        let all_numbers = numbers.len() == here.len();
        let declared = self.definition.kind;
        let zero_one =
            all_numbers && numbers.iter().all(|&v| v.abs() < f64::EPSILON || (v - 1.0).abs() < f64::EPSILON);
        if zero_one && declared != Some(OutcomeKind::Continuous) {
            return Ok((OutcomeKind::Binary, meanings));
        }
        let column = &self.definition.column;
        let listed = self.listed(counts, |level| meanings[level] != Meaning::Unknown);
        if declared == Some(OutcomeKind::Continuous) && !all_numbers {
            let strange: Vec<&str> =
                here.iter().filter(|&&l| known(&l).is_none()).map(|&l| self.levels[l].as_str()).collect();
            return Err(self.refused(format!(
                "`{column}` is continuous but holds what is no number: {}. If it means not known, add to [outcome]: `unknown = {}`; \
                 its rows then leave the study and are counted in the participant flow",
                self.listed(counts, |level| meanings[level] == Meaning::Unsaid),
                written::list(strange.into_iter().take(LISTED))
            )));
        }
        let rows: usize = here.iter().map(|&level| counts[level]).sum();
        let codes =
            numbers.iter().all(|v| v.fract() == 0.0) && distinct.len() <= FEW && distinct.len() * 5 <= rows;
        let two = distinct.len() == 2 && declared != Some(OutcomeKind::Continuous);
        let problem = if two || declared == Some(OutcomeKind::Binary) {
            format!("`{column}` holds {listed}, and nothing says which is the event")
        } else if !all_numbers {
            format!(
                "`{column}` holds what is neither a number nor true or false: {listed}; nothing says which is the event"
            )
        } else if declared.is_none() && codes && distinct.len() > 1 {
            format!(
                "`{column}` holds {} distinct whole numbers, {listed}: codes or a quantity?",
                distinct.len()
            )
        } else {
            return Ok((OutcomeKind::Continuous, meanings));
        };
        Err(self.refused(format!(
            "{problem}. {}",
            self.ask_for_event(&distinct, all_numbers && declared.is_none())
        )))
    }

    fn ask_for_event(&self, distinct: &[usize], quantity: bool) -> String {
        let texts: Vec<&String> = distinct.iter().map(|&level| &self.levels[level]).collect();
        let sure: Vec<&String> = texts.iter().copied().filter(|text| !looks_unknown(text)).collect();
        let event = sure.get(1).or_else(|| texts.get(1)).or_else(|| texts.first()).copied();
        let Some(event) = event else { return String::new() };
        let mut ask = format!("Add to [outcome] the event, such as `event = {}`", written::cell(event));
        let others: Vec<&String> = sure.iter().copied().filter(|text| *text != event).collect();
        if texts.len() > 2 || sure.len() < texts.len() {
            ask.push_str(&format!(
                ", and what means no event, such as `no-event = {}`",
                written::list(others.into_iter().map(String::as_str))
            ));
        }
        let unknown: Vec<&String> = texts.into_iter().filter(|text| looks_unknown(text)).collect();
        if !unknown.is_empty() {
            ask.push_str(&format!(
                ", and what is not known: `unknown = {}`",
                written::list(unknown.into_iter().map(String::as_str))
            ));
        }
        if quantity {
            ask.push_str("; or, if it is a quantity, `kind = \"continuous\"`");
        }
        ask
    }

    /// The error for values of which the study file says nothing, with the lines to add.
    fn unsaid(
        &self,
        counts: &[usize],
        meanings: &[Meaning],
        unsaid: &[usize],
        by_number: bool,
    ) -> StudyError {
        let (mut event, mut no_event, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        for &level in unsaid {
            let text = &self.levels[level];
            match () {
                () if by_number || looks_unknown(text) => unknown.push(text),
                () if self.twin_of_event(text, meanings).is_some() => event.push(text),
                () => no_event.push(text),
            }
        }
        let definition = self.definition;
        let line = |key: &str, said: Option<&crate::spec::OneOrMany<Value>>, more: &[&String]| {
            if more.is_empty() {
                return None;
            }
            let said = said.into_iter().flat_map(|values| values.as_slice()).map(written::value);
            let all: Vec<String> =
                said.chain(more.iter().take(LISTED).map(|text| written::cell(text))).collect();
            Some(format!("`{key} = [{}]`", all.join(", ")))
        };
        let lines: Vec<String> = [
            line("event", definition.event.as_ref(), &event),
            line("no-event", definition.no_event.as_ref(), &no_event),
            line("unknown", definition.unknown.as_ref(), &unknown),
        ]
        .into_iter()
        .flatten()
        .collect();
        let what =
            if by_number { "cells that are no numbers" } else { "values of which [outcome] says nothing" };
        self.refused(format!(
            "`{}` holds {what}: {}. None of them is taken for an event or for none. Say what they mean, for example {}; rows with an \
             `unknown` value leave the study and are counted in the participant flow",
            definition.column,
            self.listed(counts, |level| unsaid.contains(&level)),
            lines.join(" and ")
        ))
    }

    /// An event that differs from the text only by case or spaces.
    fn twin_of_event(&self, text: &str, meanings: &[Meaning]) -> Option<&String> {
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let events = self.levels.iter().zip(meanings).filter(|(_, meaning)| **meaning == Meaning::Known(1.0));
        events.map(|(event, _)| event).find(|event| plain(event) == plain(text))
    }

    fn refused(&self, problem: String) -> StudyError {
        StudyError::Data { place: "[outcome]".to_owned(), problem }
    }

    /// Values with their counts, the most frequent first.
    fn listed(&self, counts: &[usize], wanted: impl Fn(usize) -> bool) -> String {
        let mut levels: Vec<usize> = (0..counts.len()).filter(|&l| counts[l] > 0 && wanted(l)).collect();
        levels.sort_by_key(|&level| std::cmp::Reverse(counts[level]));
        let mut words: Vec<String> = levels
            .iter()
            .take(LISTED)
            .map(|&level| {
                format!("`{}` in {} rows", written::shortened(&self.levels[level]), count(counts[level]))
            })
            .collect();
        if levels.len() > LISTED {
            words.push(format!("and {} more values", count(levels.len() - LISTED)));
        }
        words.join(", ")
    }

    fn facts(&self, kind: OutcomeKind, meanings: &[Meaning], counts: &[usize], rows: usize) -> OutcomeFacts {
        let here = || (0..counts.len()).filter(|&level| counts[level] > 0);
        let known = || {
            here().filter_map(|level| match meanings[level] {
                Meaning::Known(value) => Some((value, counts[level])),
                _ => None,
            })
        };
        let binary = kind == OutcomeKind::Binary;
        let of_known: usize = known().map(|(_, rows)| rows).sum();
        let events: usize = known().filter(|(value, _)| *value > 0.5).map(|(_, rows)| rows).sum();
        let mut values: Vec<ValueFacts> = here()
            .filter_map(|level| {
                let means = match meanings[level] {
                    Meaning::Known(_) if !binary => return None,
                    Meaning::Known(value) if value > 0.5 => "event",
                    Meaning::Known(_) => "no event",
                    Meaning::Unknown | Meaning::Unsaid => "unknown",
                };
                Some(ValueFacts {
                    value: Some(written::shortened(&self.levels[level])),
                    rows: counts[level],
                    means,
                })
            })
            .collect();
        // Thresholds may leave thousands of numbers.
        if binary && values.len() > 4 * FEW {
            values.retain(|value| value.means == "unknown");
        }
        let empty = rows - counts.iter().sum::<usize>();
        if empty > 0 {
            values.push(ValueFacts { value: None, rows: empty, means: "unknown" });
        }
        OutcomeFacts {
            column: self.definition.column.clone(),
            words: self.definition.words(),
            kind: if binary { "binary" } else { "continuous" },
            rows: of_known,
            events: binary.then_some(events),
            share: (binary && of_known > 0).then(|| events as f64 / of_known as f64),
            unknown: rows - of_known,
            values,
            range: (!binary && of_known > 0).then(|| {
                known()
                    .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], (v, _)| [low.min(v), high.max(v)])
            }),
        }
    }

    /// Numbers apart from all others that are written as codes for *not known* are.
    fn far_off(&self, counts: &[usize]) -> Vec<Finding> {
        let by_number = !matches!(self.definition.event_condition(), Some(Condition::In(_)));
        let is_unknown = |text: &str| self.definition.unknown.iter().flat_map(|v| v.as_slice()).any(is(text));
        let mut numbers: Vec<(f64, usize)> = (0..counts.len())
            .filter(|&level| counts[level] > 0 && !is_unknown(&self.levels[level]))
            .filter_map(|level| Some((number(&self.levels[level])?, counts[level])))
            .collect();
        numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
        let [first, .., last] = numbers.as_slice() else { return Vec::new() };
        if !by_number || numbers.len() < 3 {
            return Vec::new();
        }
        let below = first.0 < 0.0 && numbers[1].0 >= 0.0;
        let above = nines(last.0) && last.0 >= 99.0 && last.0 > 2.0 * numbers[numbers.len() - 2].0.abs();
        [(below, first), (above, last)]
            .into_iter()
            .filter(|(is_far, _)| *is_far)
            .map(|(_, (value, rows))| Finding {
                level: "warning".to_owned(),
                text: format!(
                    "The outcome `{}` is {value} in {} rows, apart from all other numbers.",
                    self.definition.column,
                    count(*rows)
                ),
                hint: format!("If it means not known, add to [outcome]: `unknown = [{value}]`."),
            })
            .collect()
    }
}

fn is(text: &str) -> impl Fn(&Value) -> bool {
    move |value| value.is_in(Cell::Text(text))
}

fn number(text: &str) -> Option<f64> {
    parse_number(text, Decimal::default())
}

fn truth(text: &str) -> Option<f64> {
    match text.trim() {
        text if text.eq_ignore_ascii_case("true") => Some(1.0),
        text if text.eq_ignore_ascii_case("false") => Some(0.0),
        _ => None,
    }
}

/// Whether two texts are one value: the same text, or the same number.
fn same(one: &str, other: &str) -> bool {
    one == other || number(one).is_some_and(|value| number(other) == Some(value))
}

fn nines(value: f64) -> bool {
    let digits = format!("{}", value.abs());
    digits.bytes().all(|digit| digit == b'9')
}

/// Whether a value is written as *not known* is.
fn looks_unknown(text: &str) -> bool {
    let plain = text.trim().to_lowercase();
    match number(&plain) {
        Some(value) => nines(value) || value < -1.0,
        None => {
            [
                "",
                ".",
                "?",
                "-",
                "--",
                "na",
                "n/a",
                "nan",
                "inf",
                "-inf",
                "null",
                "none",
                "unk",
                "uk",
                "u",
                "nk",
                "nd",
                "missing",
                "refused",
                "pending",
                "undetermined",
                "unspecified",
                "unsure",
            ]
            .contains(&plain.as_str())
                || plain.starts_with("unk")
                || plain.starts_with("not ")
                || plain.starts_with("don't know")
                || (plain.starts_with('.') && plain.len() == 2)
        }
    }
}

#[cfg(test)]
mod tests;
