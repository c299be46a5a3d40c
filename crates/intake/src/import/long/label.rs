//! `[label]` of a mapping: what is to be predicted, when, for whom.

use bedside_chart::{Instant, Label, LabelValue, SubjectNumber};
use serde::Deserialize;

use super::SourceTable;
use super::mapping::{Distance, SubjectIds, within};
use crate::import::long::hashed;
use crate::import::rows::{Bad, Cell};
use crate::{IntakeError, parse_time};

/// The columns of a table of labels.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct LabelColumns {
    pub(super) file: String,
    subject: String,
    subject_ids: Option<SubjectIds>,
    time: Option<String>,
    time_unit: Option<Distance>,
    at: Option<f64>,
    origin: Option<String>,
    outcome: String,
}

/// The cells of a row, in the order in which they are asked for.
const SUBJECT: usize = 0;
const OUTCOME: usize = 1;
const TIME: usize = 2;

impl LabelColumns {
    pub(super) fn check(&self) -> Result<(), IntakeError> {
        let wrong =
            |reason: String| IntakeError::Mapping { place: format!("label (`{}`)", self.file), reason };
        within(&self.file).map_err(|reason| wrong(reason.to_owned()))?;
        if self.time.is_some() == self.at.is_some() {
            let reason = "the index time is either a column, `time = \"hour\"`, or the same for all, `at = 24` with `time-unit = \"h\"`";
            return Err(wrong(reason.to_owned()));
        }
        if self.at.is_some_and(|at| self.micros(at).is_none()) {
            let reason = "`at` is a number of `time-unit`s (`s`, `min`, `h`, `d`) after `origin`; give both";
            return Err(wrong(reason.to_owned()));
        }
        if self.origin.as_deref().is_some_and(|origin| parse_time(origin, None).is_none()) {
            return Err(wrong("`origin` is not a date or time; write it as 2000-01-01".to_owned()));
        }
        Ok(())
    }

    /// Where distances begin.
    fn origin(&self) -> i64 {
        self.origin.as_deref().and_then(|origin| parse_time(origin, None)).unwrap_or(0)
    }

    /// So many units as microseconds.
    fn micros(&self, number: f64) -> Option<i64> {
        let micros = (number * self.time_unit?.micros()).round();
        (micros.abs() <= 9e18).then_some(micros as i64)
    }

    /// The index time that all have.
    fn fixed(&self) -> Option<Instant> {
        self.micros(self.at?).map(|micros| self.after_origin(micros))
    }

    fn after_origin(&self, micros: i64) -> Instant {
        Instant::from_micros(self.origin().saturating_add(micros))
    }

    /// Reads the labels of a table.
    ///
    /// # Errors
    /// [`IntakeError::LabelCell`] for the first cell that cannot be read: a label that is left out silently would change who
    /// is studied.
    pub(super) fn read(&self, source: &SourceTable, into: &mut Vec<Label>) -> Result<(), IntakeError> {
        let mut wanted = vec![Some(source.place(&self.subject)?), Some(source.place(&self.outcome)?)];
        if let Some(time) = &self.time {
            wanted.push(Some(source.place(time)?));
        }
        let fixed = self.fixed();
        for part in source.parts(&wanted)? {
            let mut wrong = None;
            source.rows(&part?, &wanted, |row| {
                let read = match row {
                    Err((line, bad)) => Err((line, OUTCOME, bad)),
                    Ok(row) => self.label(row.cells, fixed).map_err(|(slot, bad)| (row.line, slot, bad)),
                };
                match read {
                    Ok(label) => into.push(label),
                    Err(place) => {
                        wrong.get_or_insert(place);
                    }
                }
            })?;
            if let Some((row, slot, bad)) = wrong {
                let column = [Some(&self.subject), Some(&self.outcome), self.time.as_ref()][slot];
                return Err(IntakeError::SourceLabel {
                    name: source.name().to_owned(),
                    column: column.cloned().unwrap_or_default(),
                    row,
                    reason: bad.words(),
                });
            }
        }
        Ok(())
    }

    fn label(&self, cells: &[Cell<'_>], fixed: Option<Instant>) -> Result<Label, (usize, Bad)> {
        let at = |slot: usize| move |bad| (slot, bad);
        let subject = if self.subject_ids == Some(SubjectIds::Text) {
            cells[SUBJECT].text().map_err(at(SUBJECT))?.map(|text| hashed(&text))
        } else {
            cells[SUBJECT].whole().map_err(at(SUBJECT))?.map(SubjectNumber::new)
        };
        let prediction_time = match fixed {
            Some(instant) => instant,
            None => self.time(cells[TIME]).map_err(at(TIME))?.ok_or((TIME, Bad::Empty))?,
        };
        Ok(Label {
            subject: subject.ok_or((SUBJECT, Bad::Empty))?,
            prediction_time: Some(prediction_time),
            value: value(cells[OUTCOME]).map_err(at(OUTCOME))?,
        })
    }

    fn time(&self, cell: Cell<'_>) -> Result<Option<Instant>, Bad> {
        if self.time_unit.is_some() {
            let Some(number) = cell.number()? else { return Ok(None) };
            return self.micros(number).map(|micros| Some(self.after_origin(micros))).ok_or(Bad::NotTime);
        }
        if let Cell::Distance(micros) = cell {
            return Ok(Some(self.after_origin(micros)));
        }
        Ok(cell.when()?.map(|when| when.instant))
    }
}

/// What a label says: 0 and 1, true and false are truths, other numbers numbers, other texts classes.
fn value(cell: Cell<'_>) -> Result<LabelValue, Bad> {
    let truth = match cell {
        Cell::Flag(flag) => Some(flag),
        Cell::Text(text) | Cell::Quoted(text) if text.eq_ignore_ascii_case(b"true") => Some(true),
        Cell::Text(text) | Cell::Quoted(text) if text.eq_ignore_ascii_case(b"false") => Some(false),
        _ => None,
    };
    if let Some(truth) = truth {
        return Ok(LabelValue::Boolean(truth));
    }
    match cell.number() {
        Ok(None) => Ok(LabelValue::None),
        Ok(Some(number)) => Ok(LabelValue::Number(number)),
        Err(_) => Ok(cell.text()?.map_or(LabelValue::None, |text| LabelValue::Category(text.into()))),
    }
}

/// The labels of a data set in order; numbers that are only 0 and 1 become truths.
///
/// # Errors
/// [`IntakeError::MixedLabels`] when some are numbers and others classes.
pub(super) fn settled(name: &str, mut labels: Vec<Label>) -> Result<Vec<Label>, IntakeError> {
    let any = |kind: fn(&LabelValue) -> bool| labels.iter().any(|label| kind(&label.value));
    let classes = any(|value| matches!(value, LabelValue::Category(_)));
    let numbers = any(|value| matches!(value, LabelValue::Number(_)));
    let truths = any(|value| matches!(value, LabelValue::Boolean(_)));
    if usize::from(classes) + usize::from(numbers) + usize::from(truths) > 1 {
        return Err(IntakeError::MixedLabels { name: name.to_owned() });
    }
    let binary = |value: &LabelValue| match value {
        LabelValue::Number(number) => *number == 0.0 || *number == 1.0,
        _ => true,
    };
    if labels.iter().all(|label| binary(&label.value)) {
        for label in &mut labels {
            if let LabelValue::Number(number) = label.value {
                label.value = LabelValue::Boolean(number == 1.0);
            }
        }
    }
    labels.sort_by_key(|label| (label.subject, label.prediction_time));
    Ok(labels)
}
