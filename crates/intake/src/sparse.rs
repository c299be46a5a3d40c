//! Sparse matrices on their way out, column by column: SciPy's `.npz` and Parquet.
//!
//! A matrix can be larger than the memory, so nothing here holds one: columns come in order, each as [`Run`]s of equal
//! entries in consecutive rows, and go straight to the disk.

use std::io::{self, Write};

mod npy;
mod npz;
mod triplets;

pub use npz::NpzWriter;
pub use triplets::TripletWriter;

/// Equal entries of a column in consecutive rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The first row, counted from 0.
    pub row: u64,
    /// How many rows.
    pub rows: u64,
    /// The entry.
    pub value: f64,
}

/// Where columns go, in order and all of them, those without entries too.
pub trait Columns {
    /// Takes the next columns; each is a list of runs whose rows ascend.
    ///
    /// # Errors
    /// What the disk says; and [`io::ErrorKind::InvalidInput`] when the entries are not those that were announced.
    fn add<'r>(&mut self, columns: &mut dyn Iterator<Item = &'r [Run]>) -> io::Result<()>;
}

/// Bytes that are gathered before they go on.
const BUFFER: usize = 1 << 20;

/// A buffer for the bytes of many equal or consecutive numbers.
#[derive(Debug)]
struct Buffered<W: Write> {
    out: W,
    buffer: Vec<u8>,
}

impl<W: Write> Buffered<W> {
    fn new(out: W) -> Self {
        Self { out, buffer: Vec::with_capacity(2 * BUFFER) }
    }

    /// The same eight bytes, many times.
    fn repeat(&mut self, bytes: [u8; 8], mut times: u64) -> io::Result<()> {
        const AT_ONCE: usize = 64;
        let mut many = [0; 8 * AT_ONCE];
        if times > 4 {
            many.chunks_exact_mut(8).for_each(|place| place.copy_from_slice(&bytes));
        }
        while times > 4 {
            let now = times.min(AT_ONCE as u64);
            self.buffer.extend_from_slice(&many[..8 * now as usize]);
            self.flush_when_full()?;
            times -= now;
        }
        for _ in 0..times {
            self.buffer.extend_from_slice(&bytes);
        }
        self.flush_when_full()
    }

    /// Consecutive whole numbers in four bytes each.
    fn count(&mut self, from: u32, mut rows: u64) -> io::Result<()> {
        let mut next = from;
        while rows > 0 {
            let now = rows.min((BUFFER / 4) as u64) as usize;
            let begin = self.buffer.len();
            self.buffer.resize(begin + 4 * now, 0);
            for (place, number) in self.buffer[begin..].chunks_exact_mut(4).zip(next..) {
                place.copy_from_slice(&number.to_le_bytes());
            }
            next += now as u32;
            rows -= now as u64;
            self.flush_when_full()?;
        }
        Ok(())
    }

    fn flush_when_full(&mut self) -> io::Result<()> {
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

fn not_as_announced() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the entries of a column are not as many as announced")
}
