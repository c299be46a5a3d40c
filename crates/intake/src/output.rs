//! Outputs that appear whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::IntakeError;

/// Writes a file whole or not at all: to a new file beside it, flushed to the disk, then renamed over it, then the
/// folder flushed. Whoever looks sees the old file or the new one, never a part.
///
/// # Errors
/// [`IntakeError::DiskFull`] and [`IntakeError::Io`]; the old file, if there was one, is untouched and nothing is left
/// behind.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("report.json");
/// bedside_intake::write_whole(&path, b"{}")?;
/// assert_eq!(std::fs::read(&path)?, b"{}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_whole(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), IntakeError> {
    write_whole_with(path, |out| out.write_all(bytes))
}

/// As [`write_whole`], with whatever `fill` writes.
///
/// # Errors
/// As [`write_whole`], also when `fill` fails.
pub fn write_whole_with(
    path: impl AsRef<Path>,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), IntakeError> {
    let path = path.as_ref();
    let aside = beside(path);
    let written = write_aside(&aside, fill).and_then(|()| std::fs::rename(&aside, path));
    if let Err(source) = written {
        // The first error is the one to tell; that of the removal would hide it.
        let _ = std::fs::remove_file(&aside);
        return Err(refused(path, source));
    }
    flush_folder(path).map_err(|source| refused(path, source))
}

/// Writes several files of one folder so that none appears unless all could be written: all aside, then renamed in order.
///
/// # Errors
/// As [`write_whole`]; old files are untouched unless the renaming itself is what fails.
pub fn write_together(folder: impl AsRef<Path>, files: &[(&str, &[u8])]) -> Result<(), IntakeError> {
    let mut asides = Vec::with_capacity(files.len());
    let mut written = Ok(());
    for (name, bytes) in files {
        let path = folder.as_ref().join(name);
        let aside = beside(&path);
        let result = write_aside(&aside, |out| out.write_all(bytes));
        asides.push((aside, path.clone()));
        if let Err(source) = result {
            written = Err(refused(&path, source));
            break;
        }
    }
    let renamed = written.and_then(|()| {
        asides.iter().try_for_each(|(aside, path)| {
            std::fs::rename(aside, path)
                .and_then(|()| flush_folder(path))
                .map_err(|source| refused(path, source))
        })
    });
    if renamed.is_err() {
        asides.iter().for_each(|(aside, _)| {
            let _ = std::fs::remove_file(aside);
        });
    }
    renamed
}

fn write_aside(aside: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(aside)?;
    let mut out = BufWriter::with_capacity(1 << 16, file);
    fill(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// A name in the same folder that no other run uses.
pub(crate) fn beside(path: &Path) -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-{}.part", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
    path.with_file_name(name)
}

/// Makes the rename itself last. Only Unix lets a folder be flushed; elsewhere the file system decides.
pub(crate) fn flush_folder(path: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}

pub(crate) fn refused(path: &Path, source: io::Error) -> IntakeError {
    let path = path.display().to_string();
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => IntakeError::DiskFull { path },
        _ => IntakeError::Io { action: "write", path, source },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_full_disk_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        write_whole(&path, b"old").unwrap();
        let full = write_whole_with(&path, |out| {
            out.write_all(&vec![0; 1 << 20])?;
            Err(ErrorKind::StorageFull.into())
        });
        assert!(matches!(full, Err(IntakeError::DiskFull { .. })), "{full:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["model"]);
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let refused = write_whole(folder.path().join("no/such/file"), b"x");
        assert!(matches!(refused, Err(IntakeError::Io { action: "write", .. })), "{refused:?}");
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn the_new_file_replaces_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        for bytes in [&b"old"[..], b"new"] {
            write_whole(&path, bytes).unwrap();
        }
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), ["model"]);
    }
}
