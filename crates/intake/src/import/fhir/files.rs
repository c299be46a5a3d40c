//! Where the resources are.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fields::{Fields, Text};
use crate::IntakeError;
use crate::import::rows::{ending, text};
use crate::read::refused_reading;

/// No bundle is larger than this, out of gzip.
pub(super) const LARGEST: u64 = 1 << 31;
/// No first line is longer than this.
const FIRST: u64 = 1 << 28;

/// A file, and how it is shown.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) name: Arc<str>,
    /// The type of the resource in its first line, which in a bulk export is that of all of them.
    first: Option<String>,
}

/// The files, in the order of their paths.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Each a bundle or a resource.
    pub(super) whole: Vec<File>,
    /// With a resource in every line.
    pub(super) lines: Vec<File>,
    /// With something else in every line, such as the log of an export.
    pub(super) strangers: Vec<Arc<str>>,
}

impl Files {
    /// A file, or those of a folder and of the folders in it, by their endings.
    pub(super) fn of(path: &Path) -> Result<Self, IntakeError> {
        let about = std::fs::metadata(path).map_err(|source| refused_reading(path, source))?;
        let mut found = Vec::new();
        if about.is_file() {
            found.push(path.to_owned());
        } else {
            gather(path, &mut found)?;
        }
        found.sort();
        let mut files = Self::default();
        let bundles = found.iter().filter(|file| ending(file) == "json").count();
        let mut bundle = 0;
        for file in found {
            let shown = file.strip_prefix(path).ok().filter(|within| within.file_name().is_some());
            let name: Arc<str> = match shown {
                Some(within) => Arc::from(within.to_string_lossy()),
                None => Arc::from(file.file_name().unwrap_or_default().to_string_lossy()),
            };
            match ending(&file).as_str() {
                "ndjson" | "jsonl" => match first(&file, &name)? {
                    First::Stranger => files.strangers.push(name),
                    First::Resource(kind) => files.lines.push(File { path: file, name, first: Some(kind) }),
                    First::Unclear => files.lines.push(File { path: file, name, first: None }),
                },
                // A bundle is often that of one patient, and its name the patient's: it is called by its place among the names.
                "json" if !about.is_file() => {
                    bundle += 1;
                    let name = Arc::from(format!("bundle {bundle} of {bundles}"));
                    files.whole.push(File { path: file, name, first: None });
                }
                _ if about.is_file() => files.whole.push(File { path: file, name, first: None }),
                _ => {}
            }
        }
        if files.whole.is_empty() && files.lines.is_empty() {
            let path = path.display().to_string();
            return Err(IntakeError::NothingToImport {
                expected: "FHIR file (.json or .ndjson, plain or gzip)",
                path,
            });
        }
        Ok(files)
    }

    /// The files of medications, to which others refer.
    pub(super) fn medications(&self) -> impl Iterator<Item = &File> {
        self.lines.iter().filter(|file| file.first.as_deref() == Some("Medication"))
    }
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), IntakeError> {
    let refused = |source| refused_reading(folder, source);
    for entry in std::fs::read_dir(folder).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(refused)?);
        // A link could lead in a circle; a link to a file cannot.
        let is_file = kind.is_file() || kind.is_symlink() && path.is_file();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden {
            gather(&path, found)?;
        } else if is_file && !hidden && matches!(ending(&path).as_str(), "json" | "ndjson" | "jsonl") {
            found.push(path);
        }
    }
    Ok(())
}

/// What a file of lines begins with.
enum First {
    Resource(String),
    Stranger,
    /// Nothing, or what is not JSON.
    Unclear,
}

fn first(path: &Path, name: &str) -> Result<First, IntakeError> {
    let mut from = BufReader::new(text(path, name)?.take(FIRST));
    let mut line = Vec::new();
    while line.trim_ascii().is_empty() {
        line.clear();
        match from.read_until(b'\n', &mut line) {
            Ok(0) => return Ok(First::Unclear),
            Ok(_) => {}
            Err(source) => return Err(refused(path, name, source)),
        }
    }
    let fields = std::str::from_utf8(&line).ok().and_then(|line| Fields::parse(line).ok());
    Ok(match fields {
        None => First::Unclear,
        Some(fields) => match fields.get::<Text<'_>>("resourceType") {
            Ok(None) => First::Stranger,
            Ok(Some(kind)) => First::Resource(kind.as_str().to_owned()),
            Err(_) => First::Unclear,
        },
    })
}

/// All of a file, out of gzip.
pub(super) fn whole(path: &Path, name: &str, largest: u64) -> Result<Vec<u8>, IntakeError> {
    let mut bytes = Vec::new();
    let mut from = text(path, name)?.take(largest + 1);
    from.read_to_end(&mut bytes).map_err(|source| refused(path, name, source))?;
    if bytes.len() as u64 > largest {
        return Err(IntakeError::TooLarge { name: name.to_owned(), limit: largest });
    }
    Ok(bytes)
}

fn refused(path: &Path, name: &str, source: Error) -> IntakeError {
    match source.kind() {
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof | ErrorKind::InvalidInput => {
            IntakeError::Gzip { name: name.to_owned(), reason: source.to_string() }
        }
        _ => refused_reading(path, source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(whole(&path, "a.json", 10).unwrap().len(), 10);
        assert!(matches!(whole(&path, "a.json", 9), Err(IntakeError::TooLarge { limit: 9, .. })));
    }

    #[test]
    fn files_are_found_by_their_endings_in_the_order_of_their_paths() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        std::fs::create_dir_all(folder.path().join("b/c")).unwrap();
        write("b/c/2.json", "{}");
        write("a.json", "{}");
        write("README.md", "");
        write("._a.json", "");
        write("Patient.ndjson", "\n {\"resourceType\": \"Patient\"}\n");
        write("Med.jsonl", "{\"resourceType\": \"Medication\"}");
        write("log.ndjson", "{\"event\": \"kickoff\"}\n");
        write("broken.ndjson", "{\"resour");
        let files = Files::of(folder.path()).unwrap();
        let names = |files: &[File]| files.iter().map(|file| file.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(&files.whole), ["bundle 1 of 2", "bundle 2 of 2"]);
        assert!(files.whole[0].path.ends_with("a.json") && files.whole[1].path.ends_with("b/c/2.json"));
        assert_eq!(names(&files.lines), ["Med.jsonl", "Patient.ndjson", "broken.ndjson"]);
        assert_eq!(files.strangers, [Arc::from("log.ndjson")]);
        assert_eq!(files.medications().map(|file| &*file.name).collect::<Vec<_>>(), ["Med.jsonl"]);
        assert!(Files::of(&folder.path().join("b/c")).is_ok());
        std::fs::create_dir(folder.path().join("empty")).unwrap();
        assert!(matches!(Files::of(&folder.path().join("empty")), Err(IntakeError::NothingToImport { .. })));
    }
}
