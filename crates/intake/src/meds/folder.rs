//! Where the shards of a data set are.

use std::path::{Path, PathBuf};

use crate::IntakeError;
use crate::read::refused_reading;

/// The shards of a data set, in the order of their paths.
pub(crate) fn shards(path: &Path) -> Result<Vec<PathBuf>, IntakeError> {
    let about = std::fs::metadata(path).map_err(|source| refused_reading(path, source))?;
    if about.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let data = path.join("data");
    let root = if data.is_dir() { data } else { path.to_owned() };
    let mut found = Vec::new();
    gather(&root, &mut found)?;
    if found.is_empty() {
        return Err(IntakeError::NoEvents { path: path.display().to_string() });
    }
    found.sort();
    Ok(found)
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), IntakeError> {
    let refused = |source| refused_reading(folder, source);
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(refused)?);
        // A link could lead in a circle; a link to a file cannot.
        let is_file = kind.is_file() || kind.is_symlink() && path.is_file();
        if kind.is_dir() && entry.file_name() != "metadata" {
            gather(&path, found)?;
        } else if is_file && path.extension().is_some_and(|ending| ending == "parquet") {
            found.push(path);
        }
    }
    Ok(())
}
