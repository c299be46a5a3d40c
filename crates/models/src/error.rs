//! What can go wrong in a fit.

use bedside_table::{Certificate, TableError};

/// What can go wrong in a fit.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
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
    /// The optimiser did not arrive.
    #[error(
        "the fit did not converge: {criterion} is {gap:.3e} after {iterations} iterations and must be at most {tolerance:.3e}",
        criterion = .0.criterion, gap = .0.gap, iterations = .0.iterations, tolerance = .0.tolerance
    )]
    NotConverged(Certificate),
    /// The training rows hold one class only.
    #[error("the outcome is the same in all {rows} training rows; nothing can be learned from it")]
    OneClass {
        /// How many rows.
        rows: usize,
    },
    /// The outcome is of a kind that the model cannot take.
    #[error("{model} needs a {expected} outcome; choose another model or outcome")]
    OutcomeKind {
        /// The model.
        model: &'static str,
        /// The kind it needs.
        expected: &'static str,
    },
    /// Numbers became too large.
    #[error(
        "the linear predictor overflowed after {trees} trees; scale the outcome down, or raise `min_hessian` or `l2`"
    )]
    Overflow {
        /// How many trees stood.
        trees: usize,
    },
    /// Saved arrays do not describe a model.
    #[error("saved model, `{what}`: {problem}; the file is damaged or was not written by this program")]
    Parts {
        /// The array.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The table is not what the fit needs.
    #[error(transparent)]
    Table(#[from] TableError),
}
