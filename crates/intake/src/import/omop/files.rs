//! Where the tables are: in a folder or in a database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::IntakeError;
use crate::import::rows::{Address, Database, SourceTable, ending, is_address};
use crate::read::refused_reading;

/// Tables by name, in small letters.
pub(super) enum Tables {
    Folder(Folder),
    Database(Database),
}

impl Tables {
    pub(super) fn open(source: &Path) -> Result<Self, IntakeError> {
        if is_address(source) {
            return Database::open(Address::parse(source)?).map(Self::Database);
        }
        Folder::open(source).map(Self::Folder)
    }

    /// What is looked for when there is no table of persons.
    pub(super) fn expected(&self) -> &'static str {
        match self {
            Self::Folder(_) => "table `person` (CSV or Parquet)",
            Self::Database(_) => "table `person` (name its schema: `?schema=cdm`)",
        }
    }

    /// The parts of a table, each a table of its own, opened, in order; none if it is not there.
    pub(super) fn tables(&self, name: &str) -> Result<Vec<SourceTable>, IntakeError> {
        match self {
            Self::Folder(folder) => folder.tables(name),
            Self::Database(database) => Ok(SourceTable::stored(database, name).into_iter().collect()),
        }
    }
}

/// The tables of a folder. A table is a file (`person.csv`, `PERSON.csv.gz`, `person.parquet`) or a folder of files.
pub(super) struct Folder {
    files: BTreeMap<String, Vec<(PathBuf, String)>>,
}

impl Folder {
    fn open(path: &Path) -> Result<Self, IntakeError> {
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
    fn tables(&self, name: &str) -> Result<Vec<SourceTable>, IntakeError> {
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
