//! Apache Parquet. Only flat columns of numbers, texts, dates and instants are cells of a table.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes as kinds;
use arrow::datatypes::{ArrowPrimitiveType, DataType, TimeUnit};
use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use crate::cells::{Cells, NULL};
use crate::delimited::unique;
use crate::dictionary::Dictionary;
use crate::parquet_footer::metadata;
use crate::read::{Loaded, LoadedColumn};
use crate::{IntakeError, parse_number};

const BATCH: usize = 65_536;
const DAY: i64 = 86_400_000_000;

/// Reads a whole file. The decoder is another's: should it panic on a damaged file, that is an error like any other.
pub(crate) fn load(name: &str, bytes: &Bytes) -> Result<Loaded, IntakeError> {
    if bytes.is_empty() {
        return Err(IntakeError::Empty { name: name.to_owned() });
    }
    let damaged = |reason: String| IntakeError::Parquet { name: name.to_owned(), reason };
    if !bytes.starts_with(b"PAR1") {
        return Err(damaged("it does not begin with `PAR1`".to_owned()));
    }
    if !bytes.ends_with(b"PAR1") {
        return Err(damaged("it does not end with `PAR1`; it may be truncated, get it again".to_owned()));
    }
    std::panic::catch_unwind(|| decode(name, bytes))
        .unwrap_or_else(|_| Err(damaged("its pages contradict each other".to_owned())))
}

fn decode(name: &str, bytes: &Bytes) -> Result<Loaded, IntakeError> {
    let damaged = |reason: String| IntakeError::Parquet { name: name.to_owned(), reason };
    let builder =
        ParquetRecordBatchReaderBuilder::new_with_metadata(bytes.clone(), metadata(name, bytes, false)?);
    let schema = builder.schema().clone();
    let names = unique(name, schema.fields().iter().map(|field| field.name().clone()).collect())?;
    let mut columns = Vec::with_capacity(names.len());
    for field in schema.fields() {
        let cells = empty(field.data_type()).ok_or_else(|| IntakeError::ParquetType {
            name: name.to_owned(),
            column: field.name().clone(),
            found: words(field.data_type()),
        })?;
        columns.push(cells);
    }
    let reader = builder.with_batch_size(BATCH).build().map_err(|e| damaged(e.to_string()))?;
    let mut rows = 0;
    for batch in reader {
        let batch: RecordBatch = batch.map_err(|e| damaged(e.to_string()))?;
        rows += batch.num_rows();
        if rows >= NULL as usize {
            return Err(IntakeError::TooLong { name: name.to_owned(), limit: NULL as usize - 1 });
        }
        for (cells, array) in columns.iter_mut().zip(batch.columns()) {
            extend(cells, array)
                .ok_or_else(|| damaged("a value is out of the range of its type".to_owned()))?;
        }
    }
    let columns = names.into_iter().zip(columns).map(|(name, mut cells)| {
        if let Cells::Text { dictionary, missing, .. } = &mut cells {
            missing.resize(dictionary.len(), false);
        }
        LoadedColumn { name, cells, levels: false, question_mark: false }
    });
    Ok(Loaded { columns: columns.collect(), lines: Vec::new(), rows })
}

/// A type in words.
fn words(kind: &DataType) -> String {
    match kind {
        DataType::Struct(_) => "a group of columns (nested)".to_owned(),
        DataType::List(_) | DataType::LargeList(_) | DataType::FixedSizeList(..) => {
            "a list (nested)".to_owned()
        }
        DataType::Map(..) => "a map (nested)".to_owned(),
        DataType::Binary | DataType::LargeBinary | DataType::FixedSizeBinary(_) => {
            "bytes without meaning".to_owned()
        }
        other => other.to_string(),
    }
}

/// No cells yet, of the kind that a type becomes.
fn empty(kind: &DataType) -> Option<Cells> {
    let present = Vec::new();
    Some(match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Boolean => {
            Cells::text(Vec::new(), Dictionary::new())
        }
        DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64 => Cells::Integers { values: Vec::new(), present },
        DataType::Float16 | DataType::Float32 | DataType::Float64 | DataType::Decimal128(..) => {
            Cells::Numbers { values: Vec::new(), present }
        }
        DataType::Date32 => Cells::Instants { values: Vec::new(), present, zoned: false },
        DataType::Timestamp(_, zone) => {
            Cells::Instants { values: Vec::new(), present, zoned: zone.is_some() }
        }
        _ => return None,
    })
}

/// Adds the cells of one batch; `None` when a value does not fit.
fn extend(cells: &mut Cells, array: &ArrayRef) -> Option<()> {
    match cells {
        Cells::Text { codes, dictionary, .. } => {
            let mut add = |text: Option<&str>| codes.push(text.map_or(NULL, |text| dictionary.intern(text)));
            match array.data_type() {
                DataType::Boolean => {
                    array.as_boolean().iter().for_each(|v| add(v.map(|v| if v { "true" } else { "false" })));
                }
                DataType::LargeUtf8 => array.as_string::<i64>().iter().for_each(add),
                _ => array.as_string::<i32>().iter().for_each(add),
            }
        }
        Cells::Integers { values, present } => {
            mark(present, array);
            integers(values, array)?;
        }
        Cells::Numbers { values, present } => {
            mark(present, array);
            numbers(values, array)?;
        }
        Cells::Instants { values, present, .. } => {
            mark(present, array);
            instants(values, array)?;
        }
    }
    Some(())
}

fn mark(present: &mut Vec<bool>, array: &ArrayRef) {
    present.extend((0..array.len()).map(|row| array.is_valid(row)));
}

/// The values of an array of a primitive type, 0 where null, each through `change`.
fn values<T: ArrowPrimitiveType, V: Default>(
    into: &mut Vec<V>,
    array: &ArrayRef,
    change: impl Fn(T::Native) -> Option<V>,
) -> Option<()> {
    for value in array.as_primitive::<T>() {
        into.push(value.map_or(Some(V::default()), &change)?);
    }
    Some(())
}

fn integers(into: &mut Vec<i64>, array: &ArrayRef) -> Option<()> {
    match array.data_type() {
        DataType::Int8 => values::<kinds::Int8Type, _>(into, array, |v| Some(v.into())),
        DataType::Int16 => values::<kinds::Int16Type, _>(into, array, |v| Some(v.into())),
        DataType::Int32 => values::<kinds::Int32Type, _>(into, array, |v| Some(v.into())),
        DataType::Int64 => values::<kinds::Int64Type, _>(into, array, Some),
        DataType::UInt8 => values::<kinds::UInt8Type, _>(into, array, |v| Some(v.into())),
        DataType::UInt16 => values::<kinds::UInt16Type, _>(into, array, |v| Some(v.into())),
        DataType::UInt32 => values::<kinds::UInt32Type, _>(into, array, |v| Some(v.into())),
        _ => values::<kinds::UInt64Type, _>(into, array, |v| i64::try_from(v).ok()),
    }
}

fn numbers(into: &mut Vec<f64>, array: &ArrayRef) -> Option<()> {
    match array.data_type() {
        DataType::Float16 => values::<kinds::Float16Type, _>(into, array, |v| Some(v.into())),
        DataType::Float32 => values::<kinds::Float32Type, _>(into, array, |v| Some(v.into())),
        DataType::Float64 => values::<kinds::Float64Type, _>(into, array, Some),
        _ => {
            let decimals = array.as_primitive::<kinds::Decimal128Type>();
            for row in 0..decimals.len() {
                let text = decimals.is_valid(row).then(|| decimals.value_as_string(row));
                into.push(text.map_or(Some(0.0), |text| parse_number(&text, crate::Decimal::Point))?);
            }
            Some(())
        }
    }
}

fn instants(into: &mut Vec<i64>, array: &ArrayRef) -> Option<()> {
    let times = |factor: i64| move |v: i64| v.checked_mul(factor);
    match array.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => {
            values::<kinds::TimestampSecondType, _>(into, array, times(1_000_000))
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            values::<kinds::TimestampMillisecondType, _>(into, array, times(1000))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            values::<kinds::TimestampMicrosecondType, _>(into, array, Some)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            values::<kinds::TimestampNanosecondType, _>(into, array, |v| Some(v.div_euclid(1000)))
        }
        _ => values::<kinds::Date32Type, _>(into, array, |v| i64::from(v).checked_mul(DAY)),
    }
}
