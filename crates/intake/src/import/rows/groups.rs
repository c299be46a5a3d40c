//! Rows of a row group of a Parquet file.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes as kinds;
use arrow::datatypes::{DataType, TimeUnit};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReaderBuilder};

use super::{Bad, Cell, Row};
use crate::IntakeError;

/// Rows decoded at a time.
const BATCH: usize = 16_384;

pub(super) fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_text(values),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        _ => false,
    }
}

/// A column of a batch in the type that its cells are made of.
enum Column {
    Missing,
    Whole(ArrayRef),
    Number(ArrayRef),
    Text(ArrayRef),
    Instant(ArrayRef, bool),
    Day(ArrayRef),
    Distance(ArrayRef),
    Flag(ArrayRef),
}

impl Column {
    fn new(array: &ArrayRef) -> Result<Option<Self>, arrow::error::ArrowError> {
        let cast = |to: &DataType| {
            // Anything that does not fit is an error, not a gap.
            let exact = CastOptions { safe: false, ..CastOptions::default() };
            cast_with_options(array, to, &exact)
        };
        Ok(Some(match array.data_type() {
            kind if is_text(kind) => Self::Text(cast(&DataType::Utf8)?),
            DataType::Boolean => Self::Flag(ArrayRef::clone(array)),
            DataType::Float16 | DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => {
                Self::Number(cast(&DataType::Float64)?)
            }
            kind if kind.is_integer() => Self::Whole(cast(&DataType::Int64)?),
            DataType::Timestamp(_, zone) => {
                Self::Instant(cast(&DataType::Timestamp(TimeUnit::Microsecond, None))?, zone.is_some())
            }
            DataType::Date32 | DataType::Date64 => Self::Day(cast(&DataType::Date32)?),
            DataType::Duration(_) => Self::Distance(cast(&DataType::Duration(TimeUnit::Microsecond))?),
            DataType::Null => Self::Missing,
            _ => return Ok(None),
        }))
    }

    fn cell(&self, row: usize) -> Cell<'_> {
        let array = match self {
            Self::Missing => return Cell::Missing,
            Self::Whole(a) | Self::Number(a) | Self::Text(a) | Self::Instant(a, _) => a,
            Self::Day(a) | Self::Distance(a) | Self::Flag(a) => a,
        };
        if array.is_null(row) {
            return Cell::Missing;
        }
        match self {
            Self::Missing => Cell::Missing,
            Self::Whole(a) => Cell::Whole(a.as_primitive::<kinds::Int64Type>().value(row)),
            Self::Number(a) => Cell::Number(a.as_primitive::<kinds::Float64Type>().value(row)),
            Self::Text(a) => Cell::Text(a.as_string::<i32>().value(row).as_bytes()),
            Self::Instant(a, zoned) => {
                Cell::Instant(a.as_primitive::<kinds::TimestampMicrosecondType>().value(row), *zoned)
            }
            Self::Day(a) => Cell::Day(i64::from(a.as_primitive::<kinds::Date32Type>().value(row))),
            Self::Distance(a) => {
                Cell::Distance(a.as_primitive::<kinds::DurationMicrosecondType>().value(row))
            }
            Self::Flag(a) => Cell::Flag(a.as_boolean().value(row)),
        }
    }
}

pub(super) fn rows(
    name: &str,
    file: File,
    metadata: &ArrowReaderMetadata,
    group: usize,
    wanted: &[Option<usize>],
    mut each: impl FnMut(Result<Row<'_, '_>, (u64, Bad)>),
) -> Result<(), IntakeError> {
    let damaged = |reason: String| IntakeError::Parquet { name: name.to_owned(), reason };
    let schema = metadata.metadata().file_metadata().schema_descr();
    let mut places: Vec<usize> = wanted.iter().flatten().copied().collect();
    places.sort_unstable();
    places.dedup();
    let mut reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata.clone())
        .with_row_groups(vec![group])
        .with_projection(ProjectionMask::roots(schema, places.iter().copied()))
        .with_batch_size(BATCH)
        .build()
        .map_err(|e| damaged(e.to_string()))?;
    let before =
        metadata.metadata().row_groups()[..group].iter().map(|g| u64::try_from(g.num_rows()).unwrap_or(0));
    let mut line = before.sum::<u64>() + 1;
    loop {
        let next = catch_unwind(AssertUnwindSafe(|| reader.next()))
            .map_err(|_| damaged("its pages contradict each other".to_owned()))?;
        let Some(batch) = next else { return Ok(()) };
        let batch = batch.map_err(|e| damaged(e.to_string()))?;
        let mut columns = Vec::with_capacity(wanted.len());
        for place in wanted {
            let Some(place) = place else {
                columns.push(Column::Missing);
                continue;
            };
            // The projection keeps the file's order.
            let array = places.binary_search(place).ok().and_then(|at| batch.columns().get(at));
            let array = array.ok_or_else(|| damaged("a column is not in its pages".to_owned()))?;
            let column = Column::new(array).map_err(|e| damaged(e.to_string()))?;
            columns.push(column.ok_or_else(|| IntakeError::ParquetType {
                name: name.to_owned(),
                column: metadata.schema().field(*place).name().clone(),
                found: array.data_type().to_string(),
            })?);
        }
        let mut cells = Vec::with_capacity(columns.len());
        for row in 0..batch.num_rows() {
            cells.clear();
            cells.extend(columns.iter().map(|column| column.cell(row)));
            each(Ok(Row { line, cells: &cells }));
            line += 1;
        }
    }
}
