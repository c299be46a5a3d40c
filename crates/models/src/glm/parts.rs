//! A fitted regression as plain data: what is saved and what is loaded.

use std::collections::HashSet;

use bedside_table::{Certificate, Term};

use super::family::Family;
use super::settings::Common;
use crate::ModelError;

/// A coefficient and the design column it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// The predictor that the design column was made from.
    pub predictor: String,
    /// Which aspect of the predictor.
    pub term: Term,
    /// Change of the linear predictor per unit of the column, on the column's original scale.
    pub value: f64,
    /// Weighted standard deviation (1/n) of the column in the training rows; 0 when it did not vary, then `value` is 0.
    pub deviation: f64,
    /// Penalty factor as it was set; 0 is unpenalised.
    pub penalty_factor: f64,
}

/// A fitted regression as plain data: the content of [`super::FittedGlm`].
#[derive(Debug, Clone, PartialEq)]
pub struct GlmParts {
    /// Logistic or linear.
    pub family: Family,
    /// Share of L1 in the penalty.
    pub l1_ratio: f64,
    /// The penalty.
    pub lambda: f64,
    /// Whether coefficients of standardised columns were penalised.
    pub standardise: bool,
    /// Relative duality gap that was asked for.
    pub tolerance: f64,
    /// Passes over the rows that were allowed.
    pub max_passes: u32,
    /// The linear predictor where all columns are 0.
    pub intercept: f64,
    /// One coefficient for each design column, in the order of the training design, zeros included.
    pub coefficients: Vec<Coefficient>,
    /// The proof that the fit arrived.
    pub certificate: Certificate,
}

impl GlmParts {
    /// The settings behind the fit.
    pub(super) fn common(&self) -> Common {
        Common {
            family: self.family,
            l1_ratio: self.l1_ratio,
            standardise: self.standardise,
            unpenalised: Vec::new(),
            penalty_factors: Vec::new(),
            tolerance: self.tolerance,
            max_passes: self.max_passes,
        }
    }

    /// Whether this can be a fitted regression.
    pub(super) fn validate(&self) -> Result<(), ModelError> {
        let damaged = |what: &'static str, problem: String| Err(ModelError::Parts { what, problem });
        if let Err(ModelError::Setting { setting, must_be, found }) = self.common().check() {
            return damaged(setting, format!("must be {must_be}, found {found}"));
        }
        if !(self.lambda >= 0.0 && self.lambda.is_finite()) {
            return damaged("lambda", format!("must be at least 0 and finite, found {}", self.lambda));
        }
        if !self.intercept.is_finite() {
            return damaged("intercept", format!("must be finite, found {}", self.intercept));
        }
        let mut seen = HashSet::new();
        for (place, c) in self.coefficients.iter().enumerate() {
            if !c.value.is_finite() {
                return damaged("coefficients", format!("number {place} must be finite, found {}", c.value));
            }
            if !(c.deviation >= 0.0 && c.deviation.is_finite()) {
                let problem = format!("number {place} must be at least 0 and finite, found {}", c.deviation);
                return damaged("deviations", problem);
            }
            if !(0.0..=1e9).contains(&c.penalty_factor) {
                let problem = format!("number {place} must be between 0 and 1e9, found {}", c.penalty_factor);
                return damaged("penalty factors", problem);
            }
            if !seen.insert((c.predictor.as_str(), &c.term)) {
                return damaged("coefficients", format!("number {place} has the column of an earlier one"));
            }
        }
        if !self.certificate.converged() {
            return damaged("certificate", "the gap must be at most the tolerance".to_owned());
        }
        Ok(())
    }
}
