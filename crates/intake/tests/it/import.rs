//! Raw records on their way to a data set of events.

mod bad;
mod chronology;
mod database;
mod long;
mod meds;
mod omop;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use arrow::array::{Array, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float32Type, Int64Type, TimestampMicrosecondType};
use bedside_intake::IntakeError;
use bedside_intake::import::{ImportOptions, Imported, Mapping, Source, import};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

/// An event of a data set: subject, time, code, value, text, code of the source.
type Told = (i64, Option<i64>, String, Option<f32>, Option<String>, Option<String>);

/// A folder to import from and into.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        self
    }

    fn import(&self, source: &Source, options: &ImportOptions) -> Result<Imported, IntakeError> {
        import(source, &self.path("out"), &ImportOptions { replace: true, ..options.clone() }, &mut |_| {})
    }

    fn long(&self, mapping: &str, options: &ImportOptions) -> Result<Imported, IntakeError> {
        self.import(&Source::Long(self.path("in"), Mapping::parse(mapping)?), options)
    }

    /// The events that were written, shard by shard.
    fn shards(&self) -> Vec<Vec<Told>> {
        let count = std::fs::read_dir(self.path("out/data")).unwrap().count();
        (0..count).map(|shard| events(&self.path(&format!("out/data/{shard}.parquet")))).collect()
    }

    fn events(&self) -> Vec<Told> {
        self.shards().concat()
    }

    /// The bytes of all shards.
    fn bytes(&self) -> Vec<Vec<u8>> {
        let count = std::fs::read_dir(self.path("out/data")).unwrap().count();
        (0..count)
            .map(|shard| std::fs::read(self.path(&format!("out/data/{shard}.parquet"))).unwrap())
            .collect()
    }

    /// A column of texts of a table that was written.
    fn texts(&self, file: &str, column: &str) -> Vec<Option<String>> {
        table(&self.path(file), column, |array| {
            let array = cast(array, &DataType::Utf8).unwrap();
            array.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
        })
    }

    fn numbers(&self, file: &str, column: &str) -> Vec<i64> {
        table(&self.path(file), column, |array| array.as_primitive::<Int64Type>().values().to_vec())
    }
}

fn table<T>(path: &Path, column: &str, each: impl Fn(&dyn Array) -> Vec<T>) -> Vec<T> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(path).unwrap()).unwrap();
    let batches = reader.build().unwrap().map(|batch| batch.unwrap());
    batches.flat_map(|batch| each(batch.column_by_name(column).unwrap())).collect()
}

fn events(path: &Path) -> Vec<Told> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(path).unwrap()).unwrap();
    let mut told = Vec::new();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let texts = |name: &str| -> Vec<Option<String>> {
            let Some(column) = batch.column_by_name(name) else { return vec![None; batch.num_rows()] };
            let column = cast(column, &DataType::Utf8).unwrap();
            column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect()
        };
        let (codes, words, sources) = (texts("code"), texts("text_value"), texts("source_code"));
        let subjects = batch.column_by_name("subject_id").unwrap().as_primitive::<Int64Type>();
        let times = batch.column_by_name("time").unwrap().as_primitive::<TimestampMicrosecondType>();
        let values = batch.column_by_name("numeric_value").unwrap().as_primitive::<Float32Type>();
        for row in 0..batch.num_rows() {
            told.push((
                subjects.value(row),
                times.is_valid(row).then(|| times.value(row)),
                codes[row].clone().unwrap(),
                values.is_valid(row).then(|| values.value(row)),
                words[row].clone(),
                sources[row].clone(),
            ));
        }
    }
    told
}

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// An event without text and source.
fn plain(subject: i64, time: Option<i64>, code: &str, value: Option<f32>) -> Told {
    (subject, time, code.to_owned(), value, None, None)
}

/// How often each code is there.
fn counts(events: &[Told]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    events.iter().for_each(|event| *counts.entry(event.2.as_str()).or_default() += 1);
    counts
}
