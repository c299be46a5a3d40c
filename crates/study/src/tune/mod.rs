//! Which setting wins: cross-validation inside the training rows.
//!
//! Everything that learns (encoder, penalty path, bins, early stopping) learns anew in each fold from that fold's
//! training rows. Held-out rows are not seen here.

pub mod linear;
pub mod nested;
mod paths;
pub mod trees;

use bedside_table::{OutcomeKind, TableError};
use bedside_validate::quick;

pub use nested::Nested;

use crate::fitted::Fitted;
use crate::report::data::TriedSetting;
use crate::spec::TuningMeasure;

/// A model with the setting that won, fitted on all training rows.
#[derive(Debug)]
pub struct Chosen {
    /// The model.
    pub fitted: Fitted,
    /// The winning settings in words: (name, value).
    pub settings: Vec<(String, String)>,
    /// Every setting that was tried.
    pub tried: Vec<TriedSetting>,
    /// What the settings were judged by.
    pub measure: TuningMeasure,
    /// What was done, in words: folds, settings, fits.
    pub how: String,
    /// What the horizontal axis of the tuning picture is.
    pub axis: String,
    /// Scores of the winning setting on the training rows, each from the fold that had not seen it.
    pub out_of_fold: Vec<f64>,
    /// The same with the tuning inside, where the study asks for it.
    pub nested: Option<Nested>,
    /// Candidate parameters before any penalty.
    pub candidate_parameters: usize,
    /// Parameters that were estimated: non-zero coefficients, or leaves.
    pub parameters: usize,
}

/// The measure as the study file names it, or the usual one of the outcome's kind.
#[must_use]
pub fn measure_for(kind: OutcomeKind, named: Option<TuningMeasure>) -> TuningMeasure {
    named.unwrap_or(match kind {
        OutcomeKind::Binary => TuningMeasure::LogLoss,
        OutcomeKind::Continuous => TuningMeasure::Rmse,
    })
}

/// The measure in words.
#[must_use]
pub fn words(measure: TuningMeasure) -> &'static str {
    match measure {
        TuningMeasure::LogLoss => "log loss",
        TuningMeasure::Brier => "Brier score",
        TuningMeasure::Auroc => "AUROC",
        TuningMeasure::Rmse => "RMSE",
    }
}

/// The measure of one fold's scores, turned so that lower is better.
pub(crate) fn loss(measure: TuningMeasure, scores: &[f64], outcome: &[f64]) -> f64 {
    match measure {
        TuningMeasure::LogLoss => quick::log_loss(scores, outcome),
        TuningMeasure::Brier => quick::brier(scores, outcome),
        TuningMeasure::Auroc => quick::auroc(scores, outcome).map_or(0.0, |a| -a),
        TuningMeasure::Rmse => quick::rmse(scores, outcome),
    }
}

/// Mean over folds, weighted by rows, and its standard error (as `cv.glmnet` weighs them: by fold size).
pub(crate) fn over_folds(losses: &[f64], rows: &[usize]) -> (f64, f64) {
    let total: f64 = rows.iter().map(|&n| n as f64).sum();
    let mean = losses.iter().zip(rows).map(|(l, &n)| l * n as f64).sum::<f64>() / total;
    let spread = losses.iter().zip(rows).map(|(l, &n)| (l - mean).powi(2) * n as f64).sum::<f64>() / total;
    (mean, (spread / (losses.len() as f64 - 1.0).max(1.0)).sqrt())
}

/// What is shown of a loss: AUROC was turned around to be minimised.
pub(crate) fn shown(measure: TuningMeasure, loss: f64) -> f64 {
    if measure == TuningMeasure::Auroc { -loss } else { loss }
}

/// Puts the scores of each fold's held-out rows back in the order of the training rows.
pub(crate) fn scatter(into: &mut [f64], rows: &[u32], scores: &[f64]) -> Result<(), TableError> {
    if rows.len() != scores.len() {
        return Err(TableError::Length { what: "scores", expected: rows.len(), found: scores.len() });
    }
    rows.iter().zip(scores).for_each(|(&row, &score)| into[row as usize] = score);
    Ok(())
}
