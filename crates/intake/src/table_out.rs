//! Tables on their way out: CSV and Parquet.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use bedside_table::{Categorical, Numeric, State};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::cells::Cells;
use crate::number::write_number;
use crate::times::write_instant;
use crate::{Format, IntakeError, RawColumn, write_whole};

/// A column to be written.
#[derive(Debug, Clone, Copy)]
pub struct OutColumn<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its cells.
    pub data: OutData<'a>,
}

/// Cells to be written. What is missing becomes an empty field or a null.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum OutData<'a> {
    /// Finite numbers without gaps, such as risks.
    Numbers(&'a [f64]),
    /// Numbers with gaps.
    Numeric(&'a Numeric),
    /// Whole numbers with gaps.
    Integers(&'a [Option<i64>]),
    /// Truths with gaps.
    Booleans(&'a [Option<bool>]),
    /// Microseconds since 1970-01-01 on a clock without a zone, with gaps.
    Instants(&'a [Option<i64>]),
    /// Levels.
    Categorical(&'a Categorical),
    /// Texts.
    Text(&'a [String]),
    /// So many cells without any text.
    NoText(usize),
    /// So many cells without any number; single precision where the format has types.
    NoNumber(usize),
    /// Cells as they were read, identifiers among them: the one place where they leave.
    Raw(&'a RawColumn),
}

impl OutData<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(cells) => cells.len(),
            Self::Numeric(cells) => cells.values().len(),
            Self::Integers(cells) | Self::Instants(cells) => cells.len(),
            Self::Booleans(cells) => cells.len(),
            Self::NoText(count) | Self::NoNumber(count) => *count,
            Self::Categorical(cells) => cells.codes().len(),
            Self::Text(cells) => cells.len(),
            Self::Raw(cells) => cells.len(),
        }
    }

    /// Whether there are cells and every one is null.
    pub(crate) fn is_null(&self) -> bool {
        match self {
            Self::Numeric(cells) => none(cells.states()),
            Self::Categorical(cells) => none(cells.states()),
            Self::Integers(cells) | Self::Instants(cells) => {
                !cells.is_empty() && cells.iter().all(Option::is_none)
            }
            Self::Booleans(cells) => !cells.is_empty() && cells.iter().all(Option::is_none),
            Self::NoText(count) | Self::NoNumber(count) => *count > 0,
            Self::Numbers(_) | Self::Text(_) | Self::Raw(_) => false,
        }
    }

    fn written(&self, row: usize) -> Option<String> {
        match self {
            Self::Numbers(cells) => Some(write_number(cells[row])),
            Self::Numeric(cells) => cells.get(row).map(write_number),
            Self::Integers(cells) => cells[row].map(|cell| cell.to_string()),
            Self::Booleans(cells) => cells[row].map(|cell| cell.to_string()),
            Self::Instants(cells) => cells[row].map(write_instant),
            Self::NoText(_) | Self::NoNumber(_) => None,
            Self::Categorical(cells) => cells.get(row).map(str::to_owned),
            Self::Text(cells) => Some(cells[row].clone()),
            Self::Raw(column) => column.cells.written(row),
        }
    }

    fn array(&self) -> ArrayRef {
        let numbers = |cells: &Numeric| (0..cells.values().len()).map(|row| cells.get(row)).collect();
        let kept = |present: &[bool], values: &[i64]| -> Vec<Option<i64>> {
            values.iter().zip(present).map(|(&v, &p)| p.then_some(v)).collect()
        };
        match self {
            Self::Numbers(cells) => Arc::new(Float64Array::from(cells.to_vec())),
            Self::Numeric(cells) => Arc::new(Float64Array::from_iter::<Vec<Option<f64>>>(numbers(cells))),
            Self::Integers(cells) => Arc::new(Int64Array::from(cells.to_vec())),
            Self::Booleans(cells) => Arc::new(BooleanArray::from(cells.to_vec())),
            Self::NoNumber(count) => Arc::new(Float32Array::new_null(*count)),
            Self::Instants(cells) => Arc::new(TimestampMicrosecondArray::from(cells.to_vec())),
            Self::Raw(RawColumn { cells: Cells::Integers { values, present }, .. }) => {
                Arc::new(Int64Array::from(kept(present, values)))
            }
            Self::Raw(RawColumn { cells: Cells::Numbers { values, present }, .. }) => {
                Arc::new(values.iter().zip(present).map(|(&v, &p)| p.then_some(v)).collect::<Float64Array>())
            }
            Self::Raw(RawColumn { cells: Cells::Instants { values, present, zoned }, .. }) => {
                let instants = TimestampMicrosecondArray::from(kept(present, values));
                Arc::new(if *zoned { instants.with_timezone("UTC") } else { instants })
            }
            Self::Categorical(_) | Self::Text(_) | Self::NoText(_) | Self::Raw(_) => {
                Arc::new((0..self.len()).map(|row| self.written(row)).collect::<StringArray>())
            }
        }
    }
}

/// Writes a table whole or not at all, in the format that the name ends in: `.parquet`, `.pq`, `.tsv`, otherwise CSV
/// (`.csv`, `.txt`).
///
/// # Errors
/// [`IntakeError::OutputFormat`] for another ending, and those of [`table_bytes`] and [`write_whole`].
pub fn write_table(path: impl AsRef<Path>, columns: &[OutColumn<'_>]) -> Result<(), IntakeError> {
    let path = path.as_ref();
    let name = path.display().to_string();
    let bytes = match Format::of_name(&name) {
        Some(Format::Parquet) => table_bytes(Format::Parquet, b',', columns)?,
        Some(Format::Csv) => {
            let delimiter = if name.to_ascii_lowercase().ends_with(".tsv") { b'\t' } else { b',' };
            table_bytes(Format::Csv, delimiter, columns)?
        }
        Some(Format::Arff) | None => return Err(IntakeError::OutputFormat { path: name }),
    };
    write_whole(path, &bytes)
}

/// A table as the bytes of a CSV or Parquet file. Numbers read back bit for bit.
///
/// # Errors
/// [`TableError::ColumnLength`](bedside_table::TableError::ColumnLength) when columns differ in length and
/// [`TableError::DuplicateColumn`](bedside_table::TableError::DuplicateColumn) when two share a name;
/// [`IntakeError::OutputFormat`] for ARFF.
///
/// ```
/// use bedside_intake::{Format, OutColumn, OutData, table_bytes};
/// let risk = OutColumn { name: "risk", data: OutData::Numbers(&[0.25, 1e-9]) };
/// assert_eq!(table_bytes(Format::Csv, b',', &[risk])?, b"risk\n0.25\n1e-9\n");
/// # Ok::<(), bedside_intake::IntakeError>(())
/// ```
pub fn table_bytes(format: Format, delimiter: u8, columns: &[OutColumn<'_>]) -> Result<Vec<u8>, IntakeError> {
    let rows = columns.first().map_or(0, |column| column.data.len());
    let mut names = std::collections::HashSet::new();
    for OutColumn { name, data } in columns {
        let column = (*name).to_owned();
        if data.len() != rows {
            let found = data.len();
            return Err(bedside_table::TableError::ColumnLength { column, expected: rows, found }.into());
        }
        if !names.insert(*name) {
            return Err(bedside_table::TableError::DuplicateColumn { column }.into());
        }
    }
    match format {
        Format::Csv => Ok(csv(delimiter, rows, columns)),
        Format::Parquet => parquet(columns),
        Format::Arff => Err(IntakeError::OutputFormat { path: "table.arff".to_owned() }),
    }
}

fn csv(delimiter: u8, rows: usize, columns: &[OutColumn<'_>]) -> Vec<u8> {
    let mut text = String::new();
    for (place, column) in columns.iter().enumerate() {
        push_field(&mut text, place, delimiter, column.name);
    }
    text.push('\n');
    for row in 0..rows {
        for (place, column) in columns.iter().enumerate() {
            push_field(&mut text, place, delimiter, &column.data.written(row).unwrap_or_default());
        }
        // A line of one empty field would be a blank line, which no reader counts.
        if text.ends_with('\n') {
            text.push_str("\"\"");
        }
        text.push('\n');
    }
    text.into_bytes()
}

/// Whether there are cells and none is measured.
fn none(states: &[State]) -> bool {
    !states.is_empty() && !states.iter().any(|state| state.is_measured())
}

fn push_field(text: &mut String, place: usize, delimiter: u8, field: &str) {
    if place > 0 {
        text.push(char::from(delimiter));
    }
    let plain = field.bytes().all(|b| b != delimiter && !matches!(b, b'"' | b'\n' | b'\r'));
    if plain && field.trim() == field {
        text.push_str(field);
    } else {
        text.push('"');
        text.push_str(&field.replace('"', "\"\""));
        text.push('"');
    }
}

fn parquet(columns: &[OutColumn<'_>]) -> Result<Vec<u8>, IntakeError> {
    let refused = |reason: String| IntakeError::Parquet { name: "the output".to_owned(), reason };
    let arrays = columns.iter().map(|column| (column.name, column.data.array(), true));
    let batch = RecordBatch::try_from_iter_with_nullable(arrays).map_err(|e| refused(e.to_string()))?;
    let level = ZstdLevel::try_new(3).map_err(|e| refused(e.to_string()))?;
    // The software's version stays out, so that the same table gives the same bytes.
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_created_by("bedside".to_owned())
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))
        .map_err(|e| refused(e.to_string()))?;
    writer.write(&batch).map_err(|e| refused(e.to_string()))?;
    writer.into_inner().map_err(|e| refused(e.to_string()))
}
