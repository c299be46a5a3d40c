//! Public data sets by name: where they come from, under which licence, and the SHA-256 of every file.
//!
//! The data themselves are not part of this program. A copy is looked for in the folders that the environment variable
//! `BEDSIDE_DATA` lists (as `PATH` lists folders), else in `../shared/data`; each data set has a folder of its name.

use std::path::{Path, PathBuf};

use crate::read::read_file;
use crate::{IntakeError, ReadOptions, sha256_hex};

mod download;
mod known;

pub use download::get;
pub use known::DATASETS;

/// A public data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dataset {
    /// Its name, and that of its folder.
    pub name: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Under which terms it may be used.
    pub licence: &'static str,
    /// Whom to cite.
    pub citation: &'static str,
    /// Where it comes from.
    pub origin: &'static str,
    /// A zip archive at the origin that holds the files, by their names alone.
    pub archive: Option<&'static str>,
    /// Its files.
    pub files: &'static [DataFile],
    /// The column names of files that do not have them.
    pub columns: &'static [&'static str],
}

/// A file of a data set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataFile {
    /// Its name.
    pub name: &'static str,
    /// The SHA-256 of the original, in hexadecimal.
    pub sha256: &'static str,
    /// How many rows its table has; `None` for a description, a list, or records
    /// that have yet to become events.
    pub rows: Option<usize>,
}

/// A copy of a data set on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The data set.
    pub dataset: &'static Dataset,
    /// The folder with its files.
    pub folder: PathBuf,
}

impl Found {
    /// The path of a file.
    #[must_use]
    pub fn path(&self, file: &DataFile) -> PathBuf {
        self.folder.join(file.name)
    }

    /// The paths of the files that hold tables.
    #[must_use]
    pub fn tables(&self) -> Vec<PathBuf> {
        self.dataset.files.iter().filter(|file| file.rows.is_some()).map(|file| self.path(file)).collect()
    }

    /// How to read its tables: names for columns where the files have none, everything else by default.
    #[must_use]
    pub fn options(&self) -> ReadOptions {
        let mut options = ReadOptions::default();
        if !self.dataset.columns.is_empty() {
            options.header =
                crate::Header::Names(self.dataset.columns.iter().map(|&c| c.to_owned()).collect());
        }
        options
    }

    /// Compares every file with the original.
    ///
    /// # Errors
    /// [`IntakeError::OtherHash`] for the first that differs, [`IntakeError::NoFile`] for one that is not there.
    pub fn verify(&self) -> Result<(), IntakeError> {
        self.dataset.files.iter().try_for_each(|file| {
            let path = self.path(file);
            check(&path, &read_file(&path)?, file)
        })
    }
}

/// Whether some bytes are the original of a file.
///
/// # Errors
/// [`IntakeError::OtherHash`] when they are not.
pub fn check(path: &Path, bytes: &[u8], file: &DataFile) -> Result<(), IntakeError> {
    let found = sha256_hex(bytes);
    if found == file.sha256 {
        return Ok(());
    }
    Err(IntakeError::OtherHash { path: path.display().to_string(), expected: file.sha256.to_owned(), found })
}

/// The data set of that name.
///
/// # Errors
/// [`IntakeError::UnknownDataset`], with the names there are.
pub fn dataset(name: &str) -> Result<&'static Dataset, IntakeError> {
    DATASETS.iter().find(|set| set.name == name).ok_or_else(|| IntakeError::UnknownDataset {
        name: name.to_owned(),
        known: DATASETS.iter().map(|set| format!("`{}`", set.name)).collect::<Vec<_>>().join(", "),
    })
}

/// The first copy in the given folders that has every file. The files are not compared: see [`Found::verify`].
///
/// # Errors
/// [`IntakeError::UnknownDataset`] and [`IntakeError::NoCopy`].
pub fn find(name: &str, search: &[PathBuf]) -> Result<Found, IntakeError> {
    let dataset = dataset(name)?;
    let folders = search.iter().map(|folder| folder.join(name));
    let whole = |folder: &PathBuf| dataset.files.iter().all(|file| folder.join(file.name).is_file());
    folders.clone().find(whole).map(|folder| Found { dataset, folder }).ok_or_else(|| IntakeError::NoCopy {
        name: name.to_owned(),
        searched: search.iter().map(|f| format!("`{}`", f.display())).collect::<Vec<_>>().join(", "),
        origin: dataset.origin,
    })
}

/// The folders in which copies are looked for: those in `BEDSIDE_DATA`, else `../shared/data`.
#[must_use]
pub fn search_folders() -> Vec<PathBuf> {
    match std::env::var_os("BEDSIDE_DATA") {
        Some(list) if !list.is_empty() => std::env::split_paths(&list).collect(),
        _ => vec![PathBuf::from("../shared/data")],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sound() {
        for set in DATASETS {
            assert_eq!(DATASETS.iter().filter(|other| other.name == set.name).count(), 1);
            assert!(set.origin.starts_with("https://") && !set.licence.is_empty() && !set.files.is_empty());
            for file in set.files {
                assert!(
                    file.sha256.len() == 64 && file.sha256.bytes().all(|b| b.is_ascii_hexdigit()),
                    "{}",
                    file.name
                );
            }
        }
    }

    #[test]
    fn what_is_not_there_is_told() {
        assert!(dataset("diabetes").unwrap_err().to_string().contains("`diabetes130`"));
        let nowhere = find("diabetes130", &[PathBuf::from("/nowhere")]).unwrap_err().to_string();
        assert!(nowhere.contains("`/nowhere`") && nowhere.contains("BEDSIDE_DATA"), "{nowhere}");
    }

    #[test]
    fn a_copy_that_differs_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("support2");
        std::fs::create_dir(&home).unwrap();
        std::fs::write(home.join("support2.csv"), "age\n1\n").unwrap();
        let found = find("support2", &[folder.path().to_owned()]).unwrap();
        assert!(matches!(found.verify(), Err(IntakeError::OtherHash { .. })));
    }
}
