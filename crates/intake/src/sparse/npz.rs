//! A sparse matrix as SciPy saves it.

use std::fs::File;
use std::io;

use super::stored::{Member, Stored};
use super::{Columns, Run, not_as_announced, npy};

/// Writes a matrix in compressed sparse columns, so that `scipy.sparse.load_npz` reads it: a zip of the arrays `format`,
/// `shape`, `indptr`, `data` (double precision) and `indices`, none of them compressed.
///
/// The numbers of entries are announced first, so it is known where everything will stand; values and row numbers are then
/// written side by side, each to its own place in the file.
#[derive(Debug)]
pub struct NpzWriter {
    zip: Stored,
    data: Member,
    indices: Member,
    /// The entries of the columns to come, in reverse order.
    announced: Vec<u64>,
}

/// The most that four bytes count to.
const FOUR_BYTES: u64 = i32::MAX as u64;

impl NpzWriter {
    /// Begins a matrix of so many rows whose columns have so many entries. The file is opened three times, because it is
    /// written in three places.
    ///
    /// # Errors
    /// What the disk says; [`io::ErrorKind::InvalidInput`] for more than 2³¹ − 1 rows.
    pub fn begin(open: impl Fn() -> io::Result<File>, rows: u64, entries_of: &[u64]) -> io::Result<Self> {
        if rows > FOUR_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "more than 2,147,483,647 rows"));
        }
        let entries: u64 = entries_of.iter().sum();
        let mut zip = Stored::new(open()?);
        let mut format = npy::header("|S3", "()");
        format.extend_from_slice(b"csc");
        zip.add("format.npy", &format)?;
        let mut shape = npy::header("<i8", "(2,)");
        shape.extend_from_slice(&rows.to_le_bytes());
        shape.extend_from_slice(&(entries_of.len() as u64).to_le_bytes());
        zip.add("shape.npy", &shape)?;
        let wide = entries > FOUR_BYTES;
        let length = format!("({},)", entries_of.len() + 1);
        let mut pointers = npy::header(if wide { "<i8" } else { "<i4" }, &length);
        let mut total = 0_u64;
        for entries in std::iter::once(&0).chain(entries_of) {
            total += entries;
            let bytes = total.to_le_bytes();
            pointers.extend_from_slice(if wide { &bytes } else { &bytes[..4] });
        }
        zip.add("indptr.npy", &pointers)?;
        let shape = format!("({entries},)");
        let (values, rows) = (npy::header("<f8", &shape), npy::header("<i4", &shape));
        let mut data = zip.member("data.npy", values.len() as u64 + 8 * entries, open()?)?;
        let mut indices = zip.member("indices.npy", rows.len() as u64 + 4 * entries, open()?)?;
        data.write_all(&values)?;
        indices.write_all(&rows)?;
        let announced = entries_of.iter().rev().copied().collect();
        Ok(Self { zip, data, indices, announced })
    }

    /// Ends the matrix, flushed to the disk.
    ///
    /// # Errors
    /// What the disk says; [`io::ErrorKind::InvalidInput`] when columns are lacking.
    pub fn finish(self) -> io::Result<()> {
        if !self.announced.is_empty() {
            return Err(not_as_announced());
        }
        self.zip.finish([self.data, self.indices])
    }
}

impl Columns for NpzWriter {
    fn add(&mut self, columns: &[&[Run]]) -> io::Result<()> {
        for runs in columns {
            let announced = self.announced.pop().ok_or_else(not_as_announced)?;
            if runs.iter().map(|run| run.rows).sum::<u64>() != announced {
                return Err(not_as_announced());
            }
        }
        let (data, indices) = (&mut self.data, &mut self.indices);
        let each = || columns.iter().flat_map(|runs| runs.iter());
        std::thread::scope(|scope| {
            let values =
                scope.spawn(|| each().try_for_each(|run| repeat(data, run.value.to_le_bytes(), run.rows)));
            each().try_for_each(|run| count(indices, run.row as u32, run.rows))?;
            values.join().map_err(|_| io::Error::other("a thread that writes has stopped"))?
        })
    }
}

/// The same eight bytes, many times.
fn repeat(out: &mut Member, bytes: [u8; 8], mut times: u64) -> io::Result<()> {
    const AT_ONCE: usize = 64;
    let mut many = [0; 8 * AT_ONCE];
    if times > 4 {
        many.chunks_exact_mut(8).for_each(|place| place.copy_from_slice(&bytes));
    }
    while times > 4 {
        let now = times.min(AT_ONCE as u64);
        out.write_all(&many[..8 * now as usize])?;
        times -= now;
    }
    (0..times).try_for_each(|_| out.write_all(&bytes))
}

/// Consecutive whole numbers in four bytes each.
fn count(out: &mut Member, mut next: u32, mut rows: u64) -> io::Result<()> {
    const AT_ONCE: usize = 128;
    let mut many = [0; 4 * AT_ONCE];
    while rows > 0 {
        let now = rows.min(AT_ONCE as u64);
        for (place, number) in many.chunks_exact_mut(4).take(now as usize).zip(next..) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        out.write_all(&many[..4 * now as usize])?;
        next = next.wrapping_add(now as u32);
        rows -= now;
    }
    Ok(())
}
