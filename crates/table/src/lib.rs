//! Numbers ready for statistics.
//!
//! A [`Table`] has named columns and remembers, cell by cell, why a value is absent. A [`Complete`] has no gaps:
//! it is the design matrix that a linear model reads. Both carry the row set they were made from in their type
//! ([`Train`], [`HeldOut`], …), so fitting on held-out rows does not compile:
//!
//! ```compile_fail
//! use bedside_table::{Fit, Gaps, HeldOut, Outcome, Sample, Seed, Table};
//! fn cheat<F: Fit<Reads = Gaps>>(model: &F, unseen: &Table<HeldOut>, y: &Outcome<HeldOut>) {
//!     let _ = model.fit(&Sample::new(unseen, y), Seed::new(1));
//! }
//! ```
//!
//! The same call on training rows does:
//!
//! ```
//! use bedside_table::{Fit, Gaps, Outcome, Sample, Seed, Table, Train};
//! fn honest<F: Fit<Reads = Gaps>>(model: &F, known: &Table<Train>, y: &Outcome<Train>) {
//!     let _ = model.fit(&Sample::new(known, y), Seed::new(1));
//! }
//! ```
//!
//! This crate knows nothing of patients (rows are opaque numbers) and nothing of files.

mod column;
mod complete;
pub mod conformance;
mod error;
mod fit;
mod folds;
mod impute;
mod nearest;
mod outcome;
mod rows;
mod seed;
mod table;

pub use column::{Categorical, Column, Data, Numeric, State};
pub use complete::{Complete, DesignColumn, DesignData, Term};
pub use error::TableError;
pub use fit::{Certificate, Filled, Fit, Gaps, Matrix, Predict, Sample, Scores};
pub use folds::{Fold, Folds};
pub use impute::{Impute, Transform};
pub use nearest::nearest;
pub use outcome::{Outcome, OutcomeKind};
pub use rows::{Divisible, HeldOut, New, Partition, RowSet, Rows, Train, Whole};
pub use seed::{Seed, Stream};
pub use table::Table;
