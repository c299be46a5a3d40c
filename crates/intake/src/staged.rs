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
    /// Where each is, and where it goes.
    files: Vec<(PathBuf, PathBuf)>,
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
        let file = OpenOptions::new().write(true).create_new(true).open(&aside);
        let file = file.map_err(|source| self.refused(source))?;
        self.files.push((aside, path));
        Ok(file)
    }

    /// Opens a file that was begun once more, for writing in another place of it.
    ///
    /// # Errors
    /// What the disk says; [`io::ErrorKind::NotFound`] when there is no such file.
    pub fn again(&self, name: &str) -> io::Result<File> {
        let path = self.folder.join(name);
        let aside = self.files.iter().find(|(_, there)| *there == path).map(|(aside, _)| aside);
        OpenOptions::new().write(true).open(aside.ok_or(io::ErrorKind::NotFound)?)
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
        for (aside, _) in &self.files {
            File::open(aside).and_then(|file| file.sync_all()).map_err(|source| self.refused(source))?;
        }
        for (aside, path) in &self.files {
            std::fs::rename(aside, path).map_err(|source| refused(path, source))?;
        }
        self.files.clear();
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
        staged.again("a").unwrap().write_all(b"NEW").unwrap();
        assert!(staged.again("c").is_err());
        assert_eq!(std::fs::read(folder.path().join("b")).unwrap(), b"old");
        assert!(!folder.path().join("a").exists());
        staged.commit().unwrap();
        assert_eq!(names(folder.path()), ["a", "b"]);
        assert_eq!(std::fs::read(folder.path().join("a")).unwrap(), b"NEW");
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
