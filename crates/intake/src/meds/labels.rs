//! Labels on their way out.

use std::path::Path;

use bedside_chart::{Instant, Label};

use crate::{Format, IntakeError, OutColumn, OutData, table_bytes, write_table};

/// Writes labels whole or not at all, with the columns of the MEDS label schema (version 0.4): `subject_id`,
/// `prediction_time`, `boolean_value`, `integer_value`, `float_value`, `categorical_value`. Parquet or CSV by the ending of
/// the name. What a label does not have is null.
///
/// # Errors
/// As [`write_table`].
pub fn write_labels(path: impl AsRef<Path>, labels: &[Label]) -> Result<(), IntakeError> {
    Columns::of(labels)?.with(|columns| write_table(path, columns))
}

/// The same as the text of a CSV file.
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
    none: Vec<Option<i64>>,
    no_numbers: bedside_table::Numeric,
}

impl Columns {
    fn of(labels: &[Label]) -> Result<Self, IntakeError> {
        Ok(Self {
            subjects: labels.iter().map(|label| Some(label.subject.expose())).collect(),
            times: labels.iter().map(|label| label.prediction_time.map(Instant::micros)).collect(),
            booleans: labels.iter().map(|label| label.boolean).collect(),
            none: vec![None; labels.len()],
            no_numbers: bedside_table::Numeric::from_options(labels.iter().map(|_| None))?,
        })
    }

    fn with<T>(&self, write: impl FnOnce(&[OutColumn<'_>]) -> T) -> T {
        write(&[
            OutColumn { name: "subject_id", data: OutData::Integers(&self.subjects) },
            OutColumn { name: "prediction_time", data: OutData::Instants(&self.times) },
            OutColumn { name: "boolean_value", data: OutData::Booleans(&self.booleans) },
            OutColumn { name: "integer_value", data: OutData::Integers(&self.none) },
            OutColumn { name: "float_value", data: OutData::Numeric(&self.no_numbers) },
            OutColumn { name: "categorical_value", data: OutData::NoText(self.none.len()) },
        ])
    }
}
