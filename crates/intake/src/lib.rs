//! The door: CSV, Parquet and ARFF become raw columns, with a list of what could not be read.
//!
//! [`read`] takes a file (or several with the same columns) and gives a [`Frame`]: every cell as it was written, each
//! distinct text kept once. Nothing is guessed on the way in. What a column *means* is decided afterwards, column by
//! column, by whoever knows the study: [`RawColumn::as_numeric`], [`RawColumn::as_categorical`],
//! [`RawColumn::as_groups`], [`RawColumn::as_times`]. Each of these keeps *not measured*, *unreadable* and *out of
//! range* apart and lists what it could not read ([`Unread`]) by file and line.
//!
//! ```
//! use bedside_intake::{ReadOptions, read_bytes};
//! let frame = read_bytes("ward.csv", b"age,sex\n71,f\nsixty,m\n,f\n", &ReadOptions::default())?;
//! let age = frame.column("age")?.as_numeric(None)?;
//! assert_eq!((age.cells.get(0), age.cells.get(1), age.cells.get(2)), (Some(71.0), None, None));
//! assert_eq!(age.unread[0].to_string(), "column `age`: 1 cell is not a number (ward.csv line 3: `sixty`)");
//! # Ok::<(), bedside_intake::IntakeError>(())
//! ```
//!
//! Outputs appear whole or not at all: [`write_whole`]. Known public data sets, with their hashes: [`datasets`].
//!
//! Identifiers named in [`ReadOptions::identifiers`] are never quoted, whatever is wrong with them.

mod arff;
mod cells;
mod column;
pub mod datasets;
mod decode;
mod delimited;
mod dictionary;
mod error;
mod frame;
#[doc(hidden)]
pub mod fuzzing;
mod hash;
pub mod import;
pub mod meds;
mod number;
mod options;
mod output;
mod parquet_file;
mod parquet_footer;
mod read;
pub mod sparse;
mod staged;
mod table_out;
mod times;
mod unread;

pub use column::{Groups, RawColumn, Reading, Spelling};
pub use error::IntakeError;
pub use frame::{Frame, Origin};
pub use hash::sha256_hex;
pub use number::{Decimal, parse_number};
pub use options::{Format, Header, ReadOptions};
pub use output::{write_together, write_whole, write_whole_with};
pub use read::{read, read_all, read_all_bytes, read_bytes};
pub use staged::Staged;
pub use table_out::{OutColumn, OutData, table_bytes, write_table};
pub use times::{DateOrder, Times, parse_time};
pub use unread::{Place, Reason, Unread};
