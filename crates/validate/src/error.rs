//! What cannot be judged.

use bedside_table::TableError;

/// What cannot be judged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// All held-out rows agree.
    #[error("the outcome is the same in all {rows} held-out rows; hold out more, or others")]
    OneClass {
        /// How many rows.
        rows: usize,
    },
    /// Too few rows.
    #[error("{rows} held-out rows are too few to judge by; expected at least {least}")]
    TooFew {
        /// How many rows.
        rows: usize,
        /// How many are needed.
        least: usize,
    },
    /// Everyone has the same score.
    #[error(
        "the model gives all {rows} held-out rows the same score: it has learned nothing that tells them apart"
    )]
    SameScore {
        /// How many rows.
        rows: usize,
    },
    /// Scores tell the classes apart without error.
    #[error(
        "the scores separate events from non-events without a single error, so a calibration slope does not exist; with \
         clinical data this is a leak until proven otherwise"
    )]
    Separated,
    /// An iteration ended without arriving.
    #[error(
        "{what}: the iteration stopped at {gap:e}, expected {tolerance:e} or less; look for risks of almost 0 or 1"
    )]
    NotConverged {
        /// What was to be found.
        what: &'static str,
        /// How far from the optimum.
        gap: f64,
        /// What it had to fall below.
        tolerance: f64,
    },
    /// Two models were not judged on the same rows.
    #[error(
        "`{first}` and `{second}` were judged on different {what}; compare models on the same held-out rows"
    )]
    DifferentRows {
        /// Name of the first model.
        first: String,
        /// Name of the second model.
        second: String,
        /// What differs.
        what: &'static str,
    },
    /// A level of a subgroup does not exist.
    #[error("subgroups by `{by}`: row {row} has level number {found}, there are {levels}")]
    NoSuchLevel {
        /// The column.
        by: String,
        /// The row, counted from 0.
        row: usize,
        /// The level's number.
        found: u32,
        /// How many levels there are.
        levels: usize,
    },
    /// A risk that is none.
    #[error("row {row}: a risk must lie between 0 and 1")]
    NotARisk {
        /// The row, counted from 0.
        row: usize,
    },
    /// A setting lies outside its range.
    #[error("`{setting}` must be {must_be}, found {found}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Its range.
        must_be: &'static str,
        /// What was found.
        found: String,
    },
    /// Lists do not match.
    #[error(transparent)]
    Table(#[from] TableError),
}
