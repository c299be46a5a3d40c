//! Fit on the training rows, apply anywhere: a table with gaps becomes a complete design.
//!
//! The way is *settings → checked settings → fitted*: [`EncodeSettings`] may hold anything, [`Encode`] only what makes
//! sense, and [`Encoder`] is what the training rows taught: the number that fills a gap, the levels that are known.
//! [`Encode::fit`] takes training rows and nothing else, so a held-out row cannot teach it anything:
//!
//! ```compile_fail
//! use bedside_impute::EncodeSettings;
//! use bedside_table::{HeldOut, Table};
//! fn cheat(unseen: &Table<HeldOut>) {
//!     let _ = EncodeSettings::default().check().unwrap().fit(unseen);
//! }
//! ```
//!
//! What becomes of a predictor:
//!
//! | predictor | design columns, in this order |
//! |---|---|
//! | numeric | its value, gaps filled; `is missing` when the training rows had gaps |
//! | categorical | one column a level, in the order of their names; `is a rare level`; `is missing` when the training rows had gaps |
//! | constant in the training rows | none for the value or level, and a record that says so |
//! | never measured in the training rows | none, and a record that says so |
//!
//! A level that the training rows did not have counts as rare when rare levels were pooled; otherwise it sets none of the
//! predictor's columns. A gap in a predictor that had none in the training rows is filled with the median (mean) or the
//! most frequent level.

mod categorical;
mod encode;
mod encoder;
mod error;
mod numeric;
mod record;
mod settings;

pub use encode::Encode;
pub use encoder::Encoder;
pub use error::ImputeError;
pub use record::{Dropped, EncoderParts, Level, LevelRecord, NumberRecord, Predictor, Record};
pub use settings::{CategoryGap, EncodeSettings, Fill, LevelCoding, Rare};
