//! Where the tables of a folder are.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::IntakeError;
use crate::import::rows::{SourceTable, ending};
use crate::read::refused_reading;

/// The tables of a folder by name, in small letters. A table is a file (`person.csv`, `PERSON.csv.gz`,
/// `person.parquet`) or a folder of files.
pub(super) struct Folder {
    files: BTreeMap<String, Vec<(PathBuf, String)>>,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self, IntakeError> {
        let mut files: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
        for entry in entries(path)? {
            let name = entry.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let table = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
            if entry.is_dir() {
                for part in entries(&entry)?.into_iter().filter(|part| part.is_file() && is_table(part)) {
                    let within = part.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    files.entry(table.clone()).or_default().push((part, format!("{name}/{within}")));
                }
            } else if is_table(&entry) {
                files.entry(table).or_default().push((entry, name));
            }
        }
        Ok(Self { files })
    }

    /// The files of a table, opened, in the order of their names.
    pub(super) fn tables(&self, name: &str) -> Result<Vec<SourceTable>, IntakeError> {
        let files = self.files.get(name).map(Vec::as_slice).unwrap_or_default();
        files.iter().map(|(path, shown)| SourceTable::open(path, shown.clone())).collect()
    }
}

fn is_table(path: &Path) -> bool {
    matches!(ending(path).as_str(), "csv" | "tsv" | "txt" | "parquet")
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, IntakeError> {
    let refused = |source| refused_reading(folder, source);
    let mut found = std::fs::read_dir(folder)
        .map_err(refused)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(refused)?;
    found.sort();
    Ok(found)
}
