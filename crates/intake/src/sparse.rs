//! Sparse matrices on their way out, column by column: SciPy's `.npz` and Parquet.
//!
//! A matrix can be larger than the memory, so nothing here holds one: columns come in order, each as [`Run`]s of equal
//! entries in consecutive rows, and go straight to the disk.

use std::io;

mod npy;
mod npz;
mod stored;
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
    fn add(&mut self, columns: &[&[Run]]) -> io::Result<()>;
}

fn not_as_announced() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "the entries of a column are not as many as announced")
}
