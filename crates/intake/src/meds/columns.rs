//! A file of events: which of its columns is which.

use std::path::PathBuf;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema};
use bedside_chart::Precision;
use bytes::Bytes;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::reader::ChunkReader;

use super::open_file;
use crate::IntakeError;
use crate::hash::{sha256_hex, sha256_of};
use crate::parquet_footer::metadata;
use crate::read::refused_reading;

/// Rows decoded at a time.
const BATCH: usize = 16_384;

/// A Parquet file of events, with its columns found.
#[derive(Debug)]
pub(super) struct Shard {
    source: Source,
    name: String,
    metadata: ArrowReaderMetadata,
    roles: Roles,
    /// How exactly the file keeps its values.
    precision: Precision,
    /// Whether they are to be rounded to single precision.
    pub(super) rounds: bool,
    /// Whether codes keep the spelling of their units.
    pub(super) as_written: bool,
}

#[derive(Debug)]
enum Source {
    File(PathBuf),
    Memory(Bytes),
}

/// The places of the columns in the file.
#[derive(Debug, Clone, Copy)]
struct Roles {
    subject: usize,
    time: usize,
    code: usize,
    value: Option<usize>,
}

const SUBJECT: &[&str] = &["subject_id", "patient_id"];
const TIME: &[&str] = &["time", "timestamp"];
const CODE: &[&str] = &["code"];
const VALUE: &[&str] = &["numeric_value", "numerical_value", "value"];

impl Shard {
    pub(super) fn open(path: PathBuf) -> Result<Self, IntakeError> {
        let name =
            path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let metadata = metadata(&name, &open_file(&path)?, false)?;
        Self::new(name, Source::File(path), &metadata)
    }

    pub(super) fn in_memory(name: &str, bytes: Bytes) -> Result<Self, IntakeError> {
        let metadata = metadata(name, &bytes, false)?;
        Self::new(name.to_owned(), Source::Memory(bytes), &metadata)
    }

    fn new(name: String, source: Source, metadata: &ArrowReaderMetadata) -> Result<Self, IntakeError> {
        let roles = roles(&name, metadata.schema())?;
        let value = roles.value.map(|place| metadata.schema().field(place).data_type().clone());
        let precision = match value {
            Some(DataType::Float32 | DataType::Float16) => Precision::Single,
            _ => Precision::Double,
        };
        // Codes are few and repeat: as a dictionary each is decoded once a page, not once an event.
        let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let fields = metadata.schema().fields().iter().enumerate().map(|(place, field)| {
            if place == roles.code {
                Arc::new(Field::new(field.name(), dictionary.clone(), field.is_nullable()))
            } else {
                Arc::clone(field)
            }
        });
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let options = ArrowReaderOptions::new().with_schema(schema);
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), options)
            .map_err(|e| IntakeError::Parquet { name: name.clone(), reason: e.to_string() })?;
        Ok(Self { source, name, metadata, roles, precision, rounds: false, as_written: false })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn sha256(&self) -> Result<String, IntakeError> {
        match &self.source {
            Source::Memory(bytes) => Ok(sha256_hex(bytes)),
            Source::File(path) => sha256_of(path).map_err(|source| refused_reading(path, source)),
        }
    }

    /// Whether its times are on a clock with a time zone.
    pub(super) fn has_zone(&self) -> bool {
        matches!(self.metadata.schema().field(self.roles.time).data_type(), DataType::Timestamp(_, Some(_)))
    }

    pub(super) fn has_values(&self) -> bool {
        self.roles.value.is_some()
    }

    pub(super) fn precision(&self) -> Precision {
        self.precision
    }

    pub(super) fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    pub(super) fn rows(&self) -> u64 {
        let groups = self.metadata.metadata().row_groups();
        groups.iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).sum()
    }

    pub(super) fn damaged(&self, reason: impl Into<String>) -> IntakeError {
        IntakeError::Parquet { name: self.name.clone(), reason: reason.into() }
    }

    fn reader<T: ChunkReader + 'static>(
        &self,
        file: T,
        group: usize,
        mask: ProjectionMask,
    ) -> parquet::errors::Result<ParquetRecordBatchReader> {
        ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(vec![group])
            .with_projection(mask)
            .with_batch_size(BATCH)
            .build()
    }

    /// The batches of a row group; each has subject, time, code and, if asked for, value, in this order.
    pub(super) fn batches(&self, group: usize, values: bool) -> Result<Batches, IntakeError> {
        let roles = self.roles;
        let value = match (values, roles.value) {
            (false, _) => None,
            (true, Some(place)) => Some(place),
            (true, None) => return Err(no_column(&self.name, "numeric_value", self.metadata.schema())),
        };
        let mut wanted = vec![roles.subject, roles.time, roles.code];
        wanted.extend(value);
        let mask = ProjectionMask::roots(
            self.metadata.metadata().file_metadata().schema_descr(),
            wanted.iter().copied(),
        );
        let reader = match &self.source {
            Source::File(path) => self.reader(open_file(path)?, group, mask),
            Source::Memory(bytes) => self.reader(bytes.clone(), group, mask),
        }
        .map_err(|e| self.damaged(e.to_string()))?;
        // The projection keeps the file's order.
        let mut ordered = wanted.clone();
        ordered.sort_unstable();
        let places =
            wanted.iter().map(|place| ordered.iter().position(|other| other == place).unwrap_or(0)).collect();
        Ok(Batches { reader, places })
    }
}

/// The batches of a row group, and where in them the wanted columns are.
pub(super) struct Batches {
    pub(super) reader: ParquetRecordBatchReader,
    pub(super) places: Vec<usize>,
}

fn roles(name: &str, schema: &Schema) -> Result<Roles, IntakeError> {
    let find = |names: &[&'static str], fits: fn(&DataType) -> bool, expected: &'static str| {
        let place = names.iter().find_map(|wanted| schema.fields().iter().position(|f| f.name() == wanted));
        let place = place.ok_or_else(|| no_column(name, names[0], schema))?;
        let field = schema.field(place);
        if fits(field.data_type()) {
            return Ok(place);
        }
        let (column, found) = (field.name().clone(), field.data_type().to_string());
        Err(IntakeError::EventColumn { name: name.to_owned(), column, expected, found })
    };
    let is_time =
        |kind: &DataType| matches!(kind, DataType::Timestamp(..) | DataType::Date32 | DataType::Date64);
    let is_text = |kind: &DataType| matches!(kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View);
    // A column `value` of text is what some call the value as text; it is not the number.
    let value = VALUE.iter().find_map(|wanted| {
        let place = schema.fields().iter().position(|f| f.name() == wanted)?;
        schema.field(place).data_type().is_numeric().then_some(place)
    });
    Ok(Roles {
        subject: find(SUBJECT, DataType::is_integer, "whole numbers")?,
        time: find(TIME, is_time, "instants or dates")?,
        code: find(CODE, is_text, "texts")?,
        value,
    })
}

fn no_column(name: &str, column: &'static str, schema: &Schema) -> IntakeError {
    let found = schema.fields().iter().map(|field| field.name().clone()).collect();
    IntakeError::NoEventColumn { name: name.to_owned(), column, found }
}
