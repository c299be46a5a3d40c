//! Labels on their way out.

use std::path::Path;

use bedside_chart::{Instant, Label, LabelValue};
use bedside_table::{Categorical, Numeric, State};

use crate::{Format, IntakeError, OutColumn, OutData, table_bytes, write_table};

/// Writes labels whole or not at all, with the columns of the MEDS label schema (version 0.4): `subject_id`,
/// `prediction_time`, `boolean_value`, `integer_value`, `float_value`, `categorical_value`. Parquet or CSV by the ending of
/// the name. A time goes to `float_value` (days), what ended it to `integer_value`. Of a Parquet file a column of
/// values that no label has is left out: the schema refuses one that is null throughout.
///
/// `float_value` is in single precision, as the schema has it, only when no label has a number: times and values are
/// numbers of record and stay in double precision.
///
/// # Errors
/// As [`write_table`].
pub fn write_labels(path: impl AsRef<Path>, labels: &[Label]) -> Result<(), IntakeError> {
    let path = path.as_ref();
    Columns::of(labels)?.with(|columns| {
        if Format::of_name(&path.display().to_string()) != Some(Format::Parquet) {
            return write_table(path, columns);
        }
        let held: Vec<OutColumn<'_>> =
            columns.iter().filter(|column| !column.data.is_null()).copied().collect();
        write_table(path, &held)
    })
}

/// The same as the text of a CSV file, with all columns.
///
/// # Errors
/// As [`table_bytes`].
pub fn labels_csv(labels: &[Label]) -> Result<Vec<u8>, IntakeError> {
    Columns::of(labels)?.with(|columns| table_bytes(Format::Csv, b',', columns))
}

struct Columns {
    subjects: Vec<Option<i64>>,
    times: Vec<Option<i64>>,
    booleans: Vec<Option<bool>>,
    integers: Vec<Option<i64>>,
    numbers: Numeric,
    categories: Categorical,
}

impl Columns {
    fn of(labels: &[Label]) -> Result<Self, IntakeError> {
        let boolean = |label: &Label| match label.value {
            LabelValue::Boolean(value) => Some(value),
            _ => None,
        };
        let integer = |label: &Label| match label.value {
            LabelValue::Time { event, .. } => Some(i64::from(event)),
            _ => None,
        };
        let number = |label: &Label| match label.value {
            LabelValue::Number(value) | LabelValue::Time { days: value, .. } => Some(value),
            _ => None,
        };
        Ok(Self {
            subjects: labels.iter().map(|label| Some(label.subject.expose())).collect(),
            times: labels.iter().map(|label| label.prediction_time.map(Instant::micros)).collect(),
            booleans: labels.iter().map(boolean).collect(),
            integers: labels.iter().map(integer).collect(),
            numbers: Numeric::from_options(labels.iter().map(number))?,
            categories: categories(labels)?,
        })
    }

    fn with<T>(&self, write: impl FnOnce(&[OutColumn<'_>]) -> T) -> T {
        let count = self.subjects.len();
        let measured = |states: &[State]| states.iter().any(|state| state.is_measured());
        let numbers = measured(self.numbers.states());
        let categories = measured(self.categories.states());
        write(&[
            OutColumn { name: "subject_id", data: OutData::Integers(&self.subjects) },
            OutColumn { name: "prediction_time", data: OutData::Instants(&self.times) },
            OutColumn { name: "boolean_value", data: OutData::Booleans(&self.booleans) },
            OutColumn { name: "integer_value", data: OutData::Integers(&self.integers) },
            OutColumn {
                name: "float_value",
                data: if numbers { OutData::Numeric(&self.numbers) } else { OutData::NoNumber(count) },
            },
            OutColumn {
                name: "categorical_value",
                data: if categories {
                    OutData::Categorical(&self.categories)
                } else {
                    OutData::NoText(count)
                },
            },
        ])
    }
}

fn categories(labels: &[Label]) -> Result<Categorical, IntakeError> {
    let mut levels: Vec<String> = Vec::new();
    let (mut codes, mut states) = (Vec::with_capacity(labels.len()), Vec::with_capacity(labels.len()));
    for label in labels {
        let LabelValue::Category(name) = &label.value else {
            codes.push(0);
            states.push(State::NotMeasured);
            continue;
        };
        let code = levels.iter().position(|level| **level == **name).unwrap_or_else(|| {
            levels.push(name.to_string());
            levels.len() - 1
        });
        codes.push(code as u32);
        states.push(State::Measured);
    }
    Ok(Categorical::new(codes, states, levels.into())?)
}
