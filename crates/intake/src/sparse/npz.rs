//! A sparse matrix as SciPy saves it.

use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Buffered, Columns, Run, not_as_announced, npy};

/// Writes a matrix in compressed sparse columns, so that `scipy.sparse.load_npz` reads it: a zip of the arrays `format`,
/// `shape`, `indptr`, `data` (double precision) and `indices`, none of them compressed.
///
/// The numbers of entries are announced first; the entries follow column by column. Row numbers wait in a file of their
/// own until the values are complete, because the two do not fit side by side in one.
#[derive(Debug)]
pub struct NpzWriter {
    zip: Buffered<ZipWriter<BufWriter<File>>>,
    indices: Buffered<File>,
    /// The entries of the columns to come, in reverse order.
    announced: Vec<u64>,
    entries: u64,
}

/// The most that four bytes count to.
const FOUR_BYTES: u64 = i32::MAX as u64;

fn stored() -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
        .large_file(true)
}

impl NpzWriter {
    /// Begins a matrix of so many rows whose columns have so many entries. `waiting` is an empty file for the row numbers,
    /// open for reading and writing; it is of no use afterwards.
    ///
    /// # Errors
    /// What the disk says; [`io::ErrorKind::InvalidInput`] for more than 2³¹ − 1 rows.
    pub fn begin(out: File, waiting: File, rows: u64, entries_of: &[u64]) -> io::Result<Self> {
        if rows > FOUR_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "more than 2,147,483,647 rows"));
        }
        let entries: u64 = entries_of.iter().sum();
        let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 16, out));
        zip.start_file("format.npy", stored())?;
        zip.write_all(&npy::header("|S3", "()"))?;
        zip.write_all(b"csc")?;
        zip.start_file("shape.npy", stored())?;
        zip.write_all(&npy::header("<i8", "(2,)"))?;
        zip.write_all(&rows.to_le_bytes())?;
        zip.write_all(&(entries_of.len() as u64).to_le_bytes())?;
        zip.start_file("indptr.npy", stored())?;
        let wide = entries > FOUR_BYTES;
        let shape = format!("({},)", entries_of.len() + 1);
        zip.write_all(&npy::header(if wide { "<i8" } else { "<i4" }, &shape))?;
        let mut total = 0_u64;
        for entries in std::iter::once(&0).chain(entries_of) {
            total += entries;
            let bytes = total.to_le_bytes();
            zip.write_all(if wide { &bytes } else { &bytes[..4] })?;
        }
        zip.start_file("data.npy", stored())?;
        zip.write_all(&npy::header("<f8", &format!("({entries},)")))?;
        let announced = entries_of.iter().rev().copied().collect();
        Ok(Self { zip: Buffered::new(zip), indices: Buffered::new(waiting), announced, entries })
    }

    /// Ends the matrix and hands the file back, flushed to the disk.
    ///
    /// # Errors
    /// What the disk says; [`io::ErrorKind::InvalidInput`] when columns are lacking.
    pub fn finish(mut self) -> io::Result<File> {
        if !self.announced.is_empty() {
            return Err(not_as_announced());
        }
        self.zip.flush()?;
        self.indices.flush()?;
        let mut zip = self.zip.out;
        let mut waiting = self.indices.out;
        zip.start_file("indices.npy", stored())?;
        zip.write_all(&npy::header("<i4", &format!("({},)", self.entries)))?;
        waiting.rewind()?;
        let mut reader = io::BufReader::with_capacity(1 << 20, waiting);
        if io::copy(&mut reader, &mut zip)? != 4 * self.entries {
            return Err(not_as_announced());
        }
        let file = zip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(file)
    }
}

impl Columns for NpzWriter {
    fn add<'r>(&mut self, columns: &mut dyn Iterator<Item = &'r [Run]>) -> io::Result<()> {
        for runs in columns {
            let announced = self.announced.pop().ok_or_else(not_as_announced)?;
            if runs.iter().map(|run| run.rows).sum::<u64>() != announced {
                return Err(not_as_announced());
            }
            for run in runs {
                self.zip.repeat(run.value.to_le_bytes(), run.rows)?;
                self.indices.count(run.row as u32, run.rows)?;
            }
        }
        Ok(())
    }
}
