//! A fitted model of the study: what scores, and why.

mod linear;

use bedside_models::ModelError;
use bedside_models::trees::FittedTrees;
use bedside_table::{Certificate, OutcomeKind, Predict, RowSet, Scores, Table};

pub use linear::Linear;

use crate::StudyError;

/// A fitted model with everything it needs to read a table with gaps.
#[derive(Debug, Clone)]
pub enum Fitted {
    /// A penalised regression with its encoder.
    Linear(Box<Linear>),
    /// Boosted trees, which read gaps as they are.
    Trees(Box<FittedTrees>),
}

/// Why scores are what they are: on the scale of the linear predictor (log odds when binary), `base` plus the row's
/// contributions is the score's linear predictor.
#[derive(Debug, Clone, PartialEq)]
pub struct Reasons {
    /// The linear predictor of an average row.
    pub base: f64,
    /// The predictors, in table order.
    pub predictors: Vec<String>,
    /// For each row, one contribution a predictor.
    pub rows: Vec<Vec<f64>>,
}

impl Fitted {
    /// A score for every row. A row alone gets the same bits as in a batch.
    ///
    /// # Errors
    /// [`StudyError::Table`] or [`StudyError::Impute`] when a predictor is absent or of another kind.
    pub fn predict<R: RowSet>(&self, table: &Table<R>) -> Result<Scores<R>, StudyError> {
        match self {
            Self::Linear(model) => model.predict(table),
            Self::Trees(model) => Ok(model.predict(table)?),
        }
    }

    /// Why each row's score is what it is: exact Shapley values (of the linear predictor, features independent, for
    /// regressions; path-dependent, for trees).
    ///
    /// # Errors
    /// As [`Fitted::predict`].
    pub fn explain<R: RowSet>(&self, table: &Table<R>) -> Result<Reasons, StudyError> {
        match self {
            Self::Linear(model) => model.explain(table),
            Self::Trees(model) => {
                let found = model.contributions(table)?;
                Ok(Reasons {
                    base: found.base,
                    rows: (0..table.rows()).map(|row| found.row(row).to_vec()).collect(),
                    predictors: found.predictors,
                })
            }
        }
    }

    /// The predictors that a score can depend on.
    #[must_use]
    pub fn used_predictors(&self) -> Vec<String> {
        match self {
            Self::Linear(model) => {
                let used = model.glm().coefficients().iter().filter(|c| c.value.abs() > 0.0);
                let mut names: Vec<String> = used.map(|c| c.predictor.clone()).collect();
                names.dedup();
                names
            }
            Self::Trees(model) => {
                model.summary().importance.into_iter().filter(|i| i.splits > 0).map(|i| i.predictor).collect()
            }
        }
    }

    /// The proof that the fit arrived.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        match self {
            Self::Linear(model) => model.glm().certificate(),
            Self::Trees(model) => model.certificate(),
        }
    }
}

/// A model's error, with the model's name.
pub(crate) fn named(model: &str) -> impl Fn(ModelError) -> StudyError + '_ {
    move |source| StudyError::Model { model: model.to_owned(), source }
}

/// From the linear predictor to the score.
#[must_use]
pub fn link_inverse(kind: OutcomeKind, eta: f64) -> f64 {
    match kind {
        OutcomeKind::Binary => {
            // Stable on both sides: no overflow, no cancellation.
            if eta >= 0.0 { 1.0 / (1.0 + (-eta).exp()) } else { eta.exp() / (1.0 + eta.exp()) }
        }
        OutcomeKind::Continuous => eta,
    }
}
