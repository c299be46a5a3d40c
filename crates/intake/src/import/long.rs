//! Tables of any form, as a mapping says: long ones (a row is an event), wide ones (a row is an hour), and those of facts
//! that hold at all times.

use std::path::{Path, PathBuf};

use super::rows::SourceTable;
use super::{Door, Said};
use crate::IntakeError;
use crate::read::refused_reading;

mod label;
mod mapping;
mod reader;

pub use mapping::Mapping;
pub(super) use mapping::{Code, Columns, Time, Value};
use reader::Reader;
pub(super) use reader::{hashed, value};

pub(super) fn read(folder: &Path, mapping: &Mapping, door: &mut Door<'_>) -> Result<Said, IntakeError> {
    for (number, described) in mapping.tables().iter().enumerate() {
        for (path, shown) in files(folder, &described.file)? {
            let source = SourceTable::open(&path, shown)?;
            let columns = described.columns(number, &source)?;
            table(&source, columns, door)?;
        }
    }
    let mut labels = Vec::new();
    if let Some(described) = mapping.label() {
        for (path, shown) in files(folder, &described.file)? {
            described.read(&SourceTable::open(&path, shown)?, &mut labels)?;
        }
        labels = label::settled(&described.file, labels)?;
    }
    Ok(Said { labels, ..Said::default() })
}

/// Reads a table once, for all that its columns say.
pub(super) fn table(
    source: &SourceTable,
    columns: Vec<Columns>,
    door: &mut Door<'_>,
) -> Result<(), IntakeError> {
    let (reader, wanted) = Reader::new(source, columns, door.codes)?;
    door.table(source, &wanted, &reader)
}

/// The files that a name stands for: a file, or all of a folder. With and without an ending, plain and compressed.
fn files(folder: &Path, name: &str) -> Result<Vec<(PathBuf, String)>, IntakeError> {
    let endings = ["", ".parquet", ".csv", ".csv.gz", ".tsv", ".tsv.gz"];
    let found =
        endings.iter().map(|ending| format!("{name}{ending}")).find(|name| folder.join(name).exists());
    let path = folder.join(found.as_deref().unwrap_or(name));
    let about = std::fs::metadata(&path).map_err(|source| refused_reading(&path, source))?;
    let shown = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    if about.is_file() {
        let shown = shown(&path);
        return Ok(vec![(path, shown)]);
    }
    let mut within = Vec::new();
    for entry in std::fs::read_dir(&path).map_err(|source| refused_reading(&path, source))? {
        let file = entry.map_err(|source| refused_reading(&path, source))?.path();
        let ending = super::rows::ending(&file);
        if file.is_file() && matches!(ending.as_str(), "parquet" | "csv" | "tsv" | "txt") {
            let shown = shown(&file);
            within.push((file, shown));
        }
    }
    if within.is_empty() {
        let path = path.display().to_string();
        return Err(IntakeError::NothingToImport { expected: "CSV or Parquet file", path });
    }
    within.sort();
    Ok(within)
}
