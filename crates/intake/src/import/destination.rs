//! The folder of a data set, which appears whole or not at all.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::IntakeError;
use crate::output::{flush_folder, refused};

/// A folder that is filled beside its place and renamed to it at the end. What an import that was killed left behind is
/// cleared away by the next one; two at a time into one place are refused.
#[derive(Debug)]
pub(super) struct Destination {
    place: PathBuf,
    aside: PathBuf,
    /// Held while the folder is being filled.
    lock: Option<File>,
    lock_path: PathBuf,
    replace: bool,
}

impl Destination {
    /// Begins to fill. With `replace`, a data set that is there gives way at the end.
    pub(super) fn begin(place: &Path, replace: bool) -> Result<Self, IntakeError> {
        let shown = || place.display().to_string();
        let name = place.file_name().ok_or_else(|| IntakeError::NoFolderName { path: shown() })?;
        let parent = match place.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        std::fs::create_dir_all(&parent).map_err(|source| refused(&parent, source))?;
        let beside = |ending: &str| parent.join(format!(".{}.{ending}", name.to_string_lossy()));
        let (aside, lock_path) = (beside("importing"), beside("import-lock"));
        let lock = match locked(&lock_path) {
            Ok(Some(lock)) => lock,
            Ok(None) => return Err(IntakeError::InUse { path: shown() }),
            Err(source) => return Err(refused(&lock_path, source)),
        };
        let destination = Self { place: place.to_owned(), aside, lock: Some(lock), lock_path, replace };
        destination.recover().map_err(|source| refused(place, source))?;
        if taken(place).map_err(|source| refused(place, source))? {
            if !replace {
                return Err(IntakeError::Taken { path: shown() });
            }
            if !place.join("metadata").join("dataset.json").is_file() {
                return Err(IntakeError::NotADataSet { path: shown() });
            }
        }
        destination.clear().map_err(|source| refused(place, source))?;
        for folder in [destination.aside.join("data"), destination.aside.join("metadata")] {
            std::fs::create_dir_all(&folder).map_err(|source| refused(&folder, source))?;
        }
        Ok(destination)
    }

    /// Where it is being filled.
    pub(super) fn folder(&self) -> &Path {
        &self.aside
    }

    /// Where it is to be.
    pub(super) fn place(&self) -> &Path {
        &self.place
    }

    /// What a failure to write means.
    pub(super) fn refused(&self, source: io::Error) -> IntakeError {
        refused(&self.place, source)
    }

    /// Where the data set waits that gives way, for the moment in which the new one gets its name.
    fn replaced(&self) -> PathBuf {
        self.aside.with_extension("replaced")
    }

    /// Puts back what gave way to an import that was killed before its own data set had the name.
    fn recover(&self) -> io::Result<()> {
        let old = self.replaced();
        if !old.exists() {
            return Ok(());
        }
        if taken(&self.place)? {
            return std::fs::remove_dir_all(&old);
        }
        std::fs::rename(&old, &self.place)
    }

    fn clear(&self) -> io::Result<()> {
        match std::fs::remove_dir_all(&self.aside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Gives it its name. Its files must have been flushed.
    pub(super) fn commit(mut self) -> Result<(), IntakeError> {
        let done = (|| {
            for folder in ["data", "metadata"] {
                flush_folder(&self.aside.join(folder).join("any"))?;
            }
            flush_folder(&self.aside.join("any"))?;
            let old = self.replaced();
            let had_one = self.replace && self.place.exists();
            if had_one {
                let _ = std::fs::remove_dir_all(&old);
                std::fs::rename(&self.place, &old)?;
            } else if self.place.exists() {
                // It was empty when this began; were it not so any more, this fails.
                std::fs::remove_dir(&self.place)?;
            }
            std::fs::rename(&self.aside, &self.place)?;
            flush_folder(&self.place)?;
            if had_one { std::fs::remove_dir_all(&old) } else { Ok(()) }
        })();
        done.map_err(|source| refused(&self.place, source))?;
        self.unlock();
        Ok(())
    }

    fn unlock(&mut self) {
        if self.lock.take().is_some() {
            // Were it left, it would only be in the way of a tidy person.
            let _ = std::fs::remove_file(&self.lock_path);
        }
    }
}

impl Drop for Destination {
    fn drop(&mut self) {
        if self.lock.is_some() {
            // Whatever went wrong before is the thing to tell.
            let _ = self.clear();
            self.unlock();
        }
    }
}

/// A lock, if nobody else has it. Between opening a file and locking it, who had it may have taken it away: then what is
/// locked has no name any more, and another file has to be made.
fn locked(path: &Path) -> io::Result<Option<File>> {
    loop {
        let lock = File::create(path)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(source)) => return Err(source),
        }
        if same_file(&lock, path)? {
            return Ok(Some(lock));
        }
    }
}

#[cfg(unix)]
fn same_file(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let here = file.metadata()?;
    Ok(std::fs::metadata(path).is_ok_and(|there| (here.dev(), here.ino()) == (there.dev(), there.ino())))
}

#[cfg(not(unix))]
fn same_file(_: &File, _: &Path) -> io::Result<bool> {
    // A file that is open cannot be taken away there.
    Ok(true)
}

/// Whether there is something that is not an empty folder.
fn taken(place: &Path) -> io::Result<bool> {
    match std::fs::read_dir(place) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Ok(true),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_is_there_before_all_is_and_nothing_is_left_of_what_failed() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("deep/set");
        let half = Destination::begin(&place, false).unwrap();
        std::fs::write(half.folder().join("data/0.parquet"), "half").unwrap();
        assert!(!place.exists());
        drop(half);
        assert!(names(&folder.path().join("deep")).is_empty());

        let whole = Destination::begin(&place, false).unwrap();
        std::fs::write(whole.folder().join("data/0.parquet"), "whole").unwrap();
        whole.commit().unwrap();
        assert_eq!(std::fs::read(place.join("data/0.parquet")).unwrap(), b"whole");
        assert_eq!(names(&folder.path().join("deep")), ["set"]);

        assert!(matches!(Destination::begin(&place, false), Err(IntakeError::Taken { .. })));
        // What is not a data set is not replaced.
        assert!(matches!(Destination::begin(&place, true), Err(IntakeError::NotADataSet { .. })));
        std::fs::write(place.join("metadata/dataset.json"), "{}").unwrap();
        let other = Destination::begin(&place, true).unwrap();
        std::fs::write(other.folder().join("data/1.parquet"), "other").unwrap();
        assert!(matches!(Destination::begin(&place, true), Err(IntakeError::InUse { .. })));
        other.commit().unwrap();
        assert_eq!(names(&place.join("data")), ["1.parquet"]);
        assert_eq!(names(&folder.path().join("deep")), ["set"]);
    }

    #[test]
    fn what_gave_way_to_a_killed_import_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("set");
        std::fs::create_dir_all(place.join("metadata")).unwrap();
        std::fs::write(place.join("metadata/dataset.json"), "old").unwrap();
        let killed = Destination::begin(&place, true).unwrap();
        std::fs::rename(&place, killed.replaced()).unwrap();
        let Destination { lock, .. } = &mut *std::mem::ManuallyDrop::new(killed);
        drop(lock.take());
        assert!(matches!(Destination::begin(&place, false), Err(IntakeError::Taken { .. })));
        assert_eq!(std::fs::read(place.join("metadata/dataset.json")).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["set"]);
        // Had the new one its name already, the old one is not needed any more.
        let killed = Destination::begin(&place, true).unwrap();
        std::fs::create_dir(killed.replaced()).unwrap();
        let Destination { lock, .. } = &mut *std::mem::ManuallyDrop::new(killed);
        drop(lock.take());
        drop(Destination::begin(&place, true).unwrap());
        assert_eq!(names(folder.path()), ["set"]);
    }

    #[test]
    fn what_a_killed_import_left_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("set");
        let killed = Destination::begin(&place, false).unwrap();
        std::fs::write(killed.folder().join("data/7.parquet"), "half").unwrap();
        let left = killed.folder().to_owned();
        // The system lets go of the lock of a process that is no more.
        let Destination { lock, .. } = &mut *std::mem::ManuallyDrop::new(killed);
        drop(lock.take());
        assert!(left.join("data/7.parquet").exists());
        let next = Destination::begin(&place, false).unwrap();
        assert!(names(&next.folder().join("data")).is_empty());
        next.commit().unwrap();
        assert!(names(&place.join("data")).is_empty());
    }
}
