//! What can go wrong.

use bedside_table::TableError;

/// What can go wrong when gaps are closed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ImputeError {
    /// A setting lies outside its range.
    #[error("setting `{setting}`: must be {must_be}, found {found}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Its range in words.
        must_be: &'static str,
        /// The value found.
        found: String,
    },
    /// There are no training rows.
    #[error("the training table has no rows; nothing can be learned from it")]
    NoRows,
    /// A number lies so far outside the training rows that its standardised value is not finite.
    #[error(
        "column `{column}`, row {row}: the value is too far outside the training rows to be standardised; check its unit"
    )]
    TooFar {
        /// The column.
        column: String,
        /// The row, counted from 0.
        row: usize,
    },
    /// A saved encoder contradicts itself.
    #[error("the saved encoder is damaged at predictor `{predictor}`: {problem}")]
    Damaged {
        /// The predictor.
        predictor: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// The table is not what was fitted on.
    #[error(transparent)]
    Table(#[from] TableError),
}
