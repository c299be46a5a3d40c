//! Several files of one folder that appear together.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::IntakeError;
use crate::output::{beside, flush_folder, refused};

/// Files of one folder that are written piece by piece and appear together: each aside until [`Staged::commit`] renames
/// them all. Dropped before that, it leaves nothing behind, and files of the same names stay as they were.
///
/// ```
/// use std::io::Write;
/// let folder = tempfile::tempdir()?;
/// let mut staged = bedside_intake::Staged::new(folder.path())?;
/// staged.file("a.txt")?.write_all(b"a")?;
/// assert!(!folder.path().join("a.txt").exists());
/// staged.commit()?;
/// assert_eq!(std::fs::read(folder.path().join("a.txt"))?, b"a");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Staged {
    folder: PathBuf,
    /// Where each is, and where it goes; a file that is only for the while goes nowhere.
    files: Vec<(PathBuf, Option<PathBuf>)>,
}

impl Staged {
    /// In a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`IntakeError::Io`].
    pub fn new(folder: impl AsRef<Path>) -> Result<Self, IntakeError> {
        let folder = folder.as_ref();
        std::fs::create_dir_all(folder).map_err(|source| refused(folder, source))?;
        Ok(Self { folder: folder.to_owned(), files: Vec::new() })
    }

    /// A new file that will have this name.
    ///
    /// # Errors
    /// [`IntakeError::Io`] and [`IntakeError::DiskFull`].
    pub fn file(&mut self, name: &str) -> Result<File, IntakeError> {
        let path = self.folder.join(name);
        let aside = beside(&path);
        self.open(aside, Some(path))
    }

    /// A new file that will not be there in the end.
    ///
    /// # Errors
    /// As [`Staged::file`].
    pub fn scratch(&mut self) -> Result<File, IntakeError> {
        let aside = beside(&self.folder.join("scratch"));
        self.open(aside, None)
    }

    fn open(&mut self, aside: PathBuf, path: Option<PathBuf>) -> Result<File, IntakeError> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&aside);
        let file = file.map_err(|source| self.refused(source))?;
        self.files.push((aside, path));
        Ok(file)
    }

    /// What a failure to write one of the files means.
    #[must_use]
    pub fn refused(&self, source: io::Error) -> IntakeError {
        refused(&self.folder, source)
    }

    /// Flushes the files to the disk and gives them their names, in the order in which they were begun.
    ///
    /// # Errors
    /// [`IntakeError::Io`] and [`IntakeError::DiskFull`]; files that were there are untouched unless the renaming itself is
    /// what fails.
    pub fn commit(mut self) -> Result<(), IntakeError> {
        let kept = self.files.iter().filter(|(_, path)| path.is_some());
        for (aside, _) in kept {
            File::open(aside).and_then(|file| file.sync_all()).map_err(|source| self.refused(source))?;
        }
        for (aside, path) in &self.files {
            if let Some(path) = path {
                std::fs::rename(aside, path).map_err(|source| refused(path, source))?;
            }
        }
        self.files.retain(|(_, path)| path.is_none());
        flush_folder(&self.folder.join("any")).map_err(|source| self.refused(source))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        for (aside, _) in &self.files {
            // Whatever went wrong before is the thing to tell.
            let _ = std::fs::remove_file(aside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_appears_before_all_is_there() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("b"), "old").unwrap();
        let mut staged = Staged::new(folder.path()).unwrap();
        staged.file("a").unwrap().write_all(b"new").unwrap();
        staged.file("b").unwrap().write_all(b"new").unwrap();
        staged.scratch().unwrap().write_all(b"while").unwrap();
        assert_eq!(std::fs::read(folder.path().join("b")).unwrap(), b"old");
        assert!(!folder.path().join("a").exists());
        staged.commit().unwrap();
        assert_eq!(names(folder.path()), ["a", "b"]);
        assert_eq!(std::fs::read(folder.path().join("b")).unwrap(), b"new");
    }

    #[test]
    fn what_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut staged = Staged::new(folder.path()).unwrap();
        staged.file("a").unwrap().write_all(b"half").unwrap();
        drop(staged);
        assert!(names(folder.path()).is_empty());
    }
}
