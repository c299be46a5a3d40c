//! A sparse matrix as a table of its entries.

use std::fs::File;
use std::io;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int32Array, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::{Columns, Run};

/// Entries written at a time.
const BATCH: usize = 1 << 18;

/// Writes the entries of a matrix to Parquet: `column` and `row` (both counted from 0) and `value`, in the order of columns
/// and within a column of rows.
#[derive(Debug)]
pub struct TripletWriter {
    writer: ArrowWriter<File>,
    schema: Arc<Schema>,
    next: i32,
    columns: Vec<i32>,
    rows: Vec<i32>,
    values: Vec<f64>,
}

impl TripletWriter {
    /// Begins a table of entries.
    ///
    /// # Errors
    /// What the disk says.
    pub fn begin(out: File) -> io::Result<Self> {
        let field = |name: &str, kind: DataType| Field::new(name, kind, false);
        let schema = Arc::new(Schema::new(vec![
            field("column", DataType::Int32),
            field("row", DataType::Int32),
            field("value", DataType::Float64),
        ]));
        let level = ZstdLevel::try_new(1).map_err(refused)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by("bedside".to_owned())
            .build();
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties)).map_err(refused)?;
        Ok(Self { writer, schema, next: 0, columns: Vec::new(), rows: Vec::new(), values: Vec::new() })
    }

    /// Ends the table and hands the file back, flushed to the disk.
    ///
    /// # Errors
    /// What the disk says.
    pub fn finish(mut self) -> io::Result<File> {
        self.write()?;
        let file = self.writer.into_inner().map_err(refused)?;
        file.sync_all()?;
        Ok(file)
    }

    fn write(&mut self) -> io::Result<()> {
        let arrays: Vec<ArrayRef> = vec![
            Arc::new(Int32Array::from(std::mem::take(&mut self.columns))),
            Arc::new(Int32Array::from(std::mem::take(&mut self.rows))),
            Arc::new(Float64Array::from(std::mem::take(&mut self.values))),
        ];
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(io::Error::other)?;
        self.writer.write(&batch).map_err(refused)
    }
}

impl Columns for TripletWriter {
    fn add(&mut self, columns: &[&[Run]]) -> io::Result<()> {
        for runs in columns {
            for run in *runs {
                for row in run.row..run.row + run.rows {
                    self.columns.push(self.next);
                    self.rows.push(row as i32);
                    self.values.push(run.value);
                    if self.values.len() == BATCH {
                        self.write()?;
                    }
                }
            }
            self.next += 1;
        }
        Ok(())
    }
}

/// The disk's own words where it has any.
fn refused(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(source) => io::Error::other(source),
        },
        other => io::Error::other(other),
    }
}
