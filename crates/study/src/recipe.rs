//! What a cell means: the same code for the training file and for one new patient.

use std::collections::BTreeMap;

use bedside_chart::{PlausibleRange, Unit};
use bedside_intake::{Frame, IntakeError, RawColumn, ReadOptions, Reading, Spelling, Unread};
use bedside_table::{Column, Data, New, Numeric, Table, Train};
use serde::{Deserialize, Serialize};

use crate::StudyError;
use crate::doubtful;
use crate::spec::{ColumnType, DecimalMark, StudyFile};

/// How raw columns become predictors. It is learned from the study file and from how the columns are written (never from
/// the outcome), and is stored in the bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recipe {
    /// The predictors, in table order.
    pub predictors: Vec<Ingredient>,
    /// The levels that the training rows have, by categorical predictor.
    pub levels: BTreeMap<String, Vec<String>>,
    /// Texts that mean missing in every column.
    pub missing: Vec<String>,
    /// Texts that mean missing in one column.
    pub missing_by_column: BTreeMap<String, Vec<String>>,
    /// How the tables write decimals.
    #[serde(default, skip_serializing_if = "DecimalMark::is_point")]
    pub decimal: DecimalMark,
}

/// How one raw column becomes a predictor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Ingredient {
    /// The column's name, in the file and in the table.
    pub name: String,
    /// Numbers or levels.
    pub kind: ColumnType,
    /// The unit of its numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Whether levels count as one only when they are written alike. Else `4` and `4.0` are one level: files and
    /// languages differ in how they write whole numbers. Codes that have decimals (`250`, `250.0`, `250.01`) mean
    /// something by each digit.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_written: bool,
    /// Plausible numbers, both ends included; an absent end is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(Option<f64>, Option<f64>)>,
}

/// Predictors read from a frame.
#[derive(Debug)]
pub struct Prepared {
    /// The columns.
    pub columns: Vec<Column>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

impl Recipe {
    /// Decides what each predictor is: as the study file says, else numbers where every cell that holds something is one.
    ///
    /// # Errors
    /// [`StudyError::Intake`] when the study file names a column that is not there, [`StudyError::Data`] when there is no
    /// predictor at all or a unit cannot be read.
    pub fn learn(frame: &Frame, study: &StudyFile) -> Result<Self, StudyError> {
        let columns = &study.columns;
        if study.data.events.is_some() {
            // The predictors are features; they come when it is known who is for training.
            return Ok(Self {
                predictors: Vec::new(),
                levels: BTreeMap::new(),
                missing: Vec::new(),
                missing_by_column: BTreeMap::new(),
                decimal: DecimalMark::default(),
            });
        }
        let named = columns
            .types
            .keys()
            .chain(columns.units.keys())
            .chain(columns.ranges.keys())
            .chain(columns.only.iter())
            .chain(study.data.missing_by_column.keys());
        for name in named {
            frame.column(name)?;
        }
        for (name, _) in columns.drop.iter().chain(columns.allow.iter()) {
            frame.column(name)?;
        }
        let candidates: Vec<&RawColumn> =
            frame.columns().iter().filter(|c| study.may_be_predictor(c.name())).collect();
        doubtful::refuse(&candidates, study)?;
        let mut predictors = Vec::new();
        for column in candidates {
            let name = column.name();
            let kind = columns.types.get(name).copied().unwrap_or_else(|| doubtful::kind(column));
            let unit = columns.units.get(name).cloned();
            if let Some(unit) = &unit {
                parse_unit(name, unit)?;
            }
            let open = |end: f64| end.is_finite().then_some(end);
            let range = columns.ranges.get(name).map(|r| (open(r.low), open(r.high)));
            let as_written = kind == ColumnType::Categorical && has_decimals(column)?;
            predictors.push(Ingredient { name: name.to_owned(), kind, unit, as_written, range });
        }
        if predictors.is_empty() {
            return Err(StudyError::Data {
                place: "[columns]".to_owned(),
                problem: "no column is left as a predictor; drop fewer or name more in `columns.only`"
                    .to_owned(),
            });
        }
        let tokens = |values: &[crate::spec::Value]| values.iter().map(crate::spec::Value::text).collect();
        Ok(Self {
            predictors,
            levels: BTreeMap::new(),
            missing: study.data.missing.clone(),
            decimal: study.data.decimal,
            missing_by_column: study
                .data
                .missing_by_column
                .iter()
                .filter(|(column, _)| study.may_be_predictor(column))
                .map(|(column, values)| (column.clone(), tokens(values.as_slice())))
                .collect(),
        })
    }

    /// The recipe of the predictors that are learned from, with the levels of the training rows, so that a level that is
    /// new can be told later. Nobody is asked for a predictor that no model has seen.
    #[must_use]
    pub fn learned_from(mut self, train: &Table<Train>) -> Self {
        self.predictors.retain(|predictor| train.column(&predictor.name).is_some());
        self.missing_by_column.retain(|name, _| train.column(name).is_some());
        for column in train.columns() {
            if let Data::Categorical(cells) = &column.data {
                let mut seen = vec![false; cells.levels().len()];
                for (&code, state) in cells.codes().iter().zip(cells.states()) {
                    seen[code as usize] |= state.is_measured();
                }
                let mut levels: Vec<String> =
                    cells.levels().iter().zip(seen).filter(|(_, s)| *s).map(|(l, _)| l.clone()).collect();
                levels.sort();
                self.levels.insert(column.name.clone(), levels);
            }
        }
        self
    }

    /// How to read a file that was written like the study's.
    #[must_use]
    pub fn read_options(&self) -> ReadOptions {
        ReadOptions {
            missing: self.missing.clone(),
            missing_by_column: self.missing_by_column.clone(),
            decimal: self.decimal.mark(),
            ..ReadOptions::default()
        }
    }

    /// The predictors of every row of a frame.
    ///
    /// # Errors
    /// [`StudyError::Intake`] when a predictor's column is absent.
    pub fn prepare(&self, frame: &Frame) -> Result<Prepared, StudyError> {
        let (mut columns, mut unread) = (Vec::new(), Vec::new());
        for ingredient in &self.predictors {
            let name = ingredient.name.as_str();
            let (raw, given) = self.find(frame, ingredient)?;
            columns.push(match ingredient.kind {
                ColumnType::Categorical => {
                    let spelling =
                        if ingredient.as_written { Spelling::AsWritten } else { Spelling::Numbers };
                    Column::categorical(name, raw.as_categorical(spelling)?)
                }
                ColumnType::Numeric => {
                    let range = ingredient.plausible()?;
                    let reading = match (&ingredient.unit, given) {
                        (Some(own), Some(given)) if *own != given => {
                            convert(name, &raw.as_numeric(None)?, &given, own, range.as_ref())?
                        }
                        (None, Some(given)) => {
                            ingredient.in_own_unit(0.0, &given)?;
                            raw.as_numeric(range.as_ref())?
                        }
                        _ => raw.as_numeric(range.as_ref())?,
                    };
                    unread.extend(reading.unread);
                    Column::numeric(name, reading.cells)
                }
            });
        }
        Ok(Prepared { columns, unread })
    }

    /// New rows, ready to be scored.
    ///
    /// # Errors
    /// As [`Recipe::prepare`].
    pub fn arriving(&self, frame: &Frame) -> Result<Table<New>, StudyError> {
        Ok(Table::arriving(frame.rows(), self.prepare(frame)?.columns)?)
    }

    /// The column of an ingredient: by its name, or by its name with a unit, as in `bili [umol/L]`.
    fn find<'a>(
        &self,
        frame: &'a Frame,
        ingredient: &Ingredient,
    ) -> Result<(&'a RawColumn, Option<String>), IntakeError> {
        let with_unit = |name: &str| -> Option<String> {
            let rest = name.strip_prefix(&ingredient.name)?.trim();
            Some(rest.strip_prefix('[')?.strip_suffix(']')?.trim().to_owned())
        };
        match frame.column(&ingredient.name) {
            Ok(column) => Ok((column, None)),
            Err(missing) => frame
                .columns()
                .iter()
                .find_map(|column| with_unit(column.name()).map(|unit| (column, Some(unit))))
                .ok_or(missing),
        }
    }
}

impl Ingredient {
    /// A number without unit and range.
    #[must_use]
    pub fn number(name: &str) -> Self {
        Self { name: name.to_owned(), kind: ColumnType::Numeric, unit: None, as_written: false, range: None }
    }

    /// A number in the unit of this predictor.
    ///
    /// # Errors
    /// [`StudyError::Data`] when it has none, or one of another kind.
    pub(crate) fn in_own_unit(&self, value: f64, given: &str) -> Result<f64, StudyError> {
        let Some(own) = &self.unit else {
            return Err(StudyError::Data {
                place: format!("unit of `{}`", self.name),
                problem: "the model knows no unit of it, so nothing can be converted; give the plain number"
                    .to_owned(),
            });
        };
        if own == given {
            return Ok(value);
        }
        parse_unit(&self.name, given)?.convert(value, &parse_unit(&self.name, own)?).map_err(|e| {
            StudyError::Data { place: format!("unit of `{}`", self.name), problem: e.to_string() }
        })
    }

    /// The unit that a name gives to this predictor, as in `bili [umol/L]`.
    pub(crate) fn unit_in<'n>(&self, name: &'n str) -> Option<&'n str> {
        let rest = name.strip_prefix(self.name.as_str())?.trim();
        Some(rest.strip_prefix('[')?.strip_suffix(']')?.trim())
    }

    /// Whether a raw column is this predictor: by name, or by name and unit (`bili [umol/L]`).
    #[must_use]
    pub fn is_called(&self, column: &str) -> bool {
        column == self.name
            || column
                .strip_prefix(&self.name)
                .is_some_and(|rest| rest.trim_start().starts_with('[') && rest.trim_end().ends_with(']'))
    }

    /// The predictor in one line: name, kind, unit, range or levels.
    #[must_use]
    pub fn describe(&self, levels: Option<&Vec<String>>) -> String {
        let unit = self.unit.as_ref().map_or_else(String::new, |unit| format!(" [{unit}]"));
        let end = |end: Option<f64>, open: &str| end.map_or_else(|| open.to_owned(), |v| v.to_string());
        let what = match (self.kind, &self.range, levels) {
            (ColumnType::Numeric, Some((low, high)), _) => {
                format!("number from {} to {}", end(*low, "-∞"), end(*high, "∞"))
            }
            (ColumnType::Numeric, None, _) => "number".to_owned(),
            (ColumnType::Categorical, _, Some(levels)) => {
                format!("{} levels: {}", levels.len(), crate::bundle::list(levels, 8))
            }
            (ColumnType::Categorical, _, None) => "levels".to_owned(),
        };
        format!("{}{unit}: {what}", self.name)
    }

    fn plausible(&self) -> Result<Option<PlausibleRange>, StudyError> {
        let Some((low, high)) = self.range else { return Ok(None) };
        let (low, high) = (low.unwrap_or(f64::NEG_INFINITY), high.unwrap_or(f64::INFINITY));
        PlausibleRange::new(low, high).map(Some).map_err(|e| StudyError::Data {
            place: format!("columns.ranges.{}", self.name),
            problem: e.to_string(),
        })
    }
}

/// Whether some level of a column is a number that is not whole.
fn has_decimals(column: &RawColumn) -> Result<bool, IntakeError> {
    let cells = column.as_categorical(Spelling::AsWritten)?;
    let number = |text: &String| {
        bedside_intake::parse_number(&column.with_point(text), bedside_intake::Decimal::Point)
    };
    Ok(cells.levels().iter().filter_map(number).any(|value| value.fract() != 0.0))
}

fn parse_unit(column: &str, unit: &str) -> Result<Unit, StudyError> {
    Unit::new(unit)
        .map_err(|e| StudyError::Data { place: format!("unit of `{column}`"), problem: e.to_string() })
}

/// Numbers in another unit of the same dimension, range-checked in the study's own unit.
fn convert(
    column: &str,
    reading: &Reading<Numeric>,
    given: &str,
    own: &str,
    range: Option<&PlausibleRange>,
) -> Result<Reading<Numeric>, StudyError> {
    use bedside_table::State;
    let (from, to) = (parse_unit(column, given)?, parse_unit(column, own)?);
    let mut values = reading.cells.values().to_vec();
    let mut states = reading.cells.states().to_vec();
    for (value, state) in values.iter_mut().zip(&mut states).filter(|(_, s)| s.is_measured()) {
        *value = from
            .convert(*value, &to)
            .map_err(|e| StudyError::Data { place: format!("unit of `{column}`"), problem: e.to_string() })?;
        if range.is_some_and(|r| !r.contains(*value)) {
            *state = State::OutOfRange;
        }
    }
    Ok(Reading { cells: Numeric::new(values, states)?, unread: reading.unread.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STUDY: &str = r#"
        [study]
        title = "Codes"
        question = "What is one level?"
        intended-use = "To test."
        seed = 1
        [data]
        path = "codes.csv"
        [columns.types]
        diagnosis = "categorical"
        slope = "categorical"
        [outcome]
        column = "died"
        [[model]]
        name = "ridge"
        kind = "ridge"
    "#;

    #[test]
    fn whole_numbers_are_levels_by_value_and_codes_with_decimals_by_spelling() {
        let csv = "diagnosis,slope,died\n250,1,0\n250.0,1.0,1\n250.01,2,0\n";
        let frame = bedside_intake::read_bytes("codes.csv", csv.as_bytes(), &ReadOptions::default()).unwrap();
        let recipe = Recipe::learn(&frame, &StudyFile::parse(STUDY, "study.toml").unwrap()).unwrap();
        let levels: Vec<usize> = recipe
            .prepare(&frame)
            .unwrap()
            .columns
            .iter()
            .map(|column| match &column.data {
                Data::Categorical(cells) => cells.levels().len(),
                Data::Numeric(_) => 0,
            })
            .collect();
        assert_eq!(levels, [3, 2]);
        let stored = serde_json::to_string(&recipe).unwrap();
        assert_eq!(serde_json::from_str::<Recipe>(&stored).unwrap(), recipe);
    }
}
