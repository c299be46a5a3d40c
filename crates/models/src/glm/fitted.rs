//! A fitted regression, and how it scores.

use bedside_table::{
    Certificate, Complete, Filled, Fit, Outcome, Predict, RowSet, Sample, Scores, Seed, TableError, Train,
};

use super::family::Family;
use super::newton::Newton;
use super::parts::{Coefficient, GlmParts};
use super::problem::Problem;
use super::scoring::{linear, match_columns};
use super::settings::{Common, Glm};
use crate::ModelError;

/// A fitted penalised regression. It keeps no training rows.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedGlm {
    parts: GlmParts,
}

impl FittedGlm {
    /// A regression from its parts, as they were saved; it scores with the same bits.
    ///
    /// # Errors
    /// [`ModelError::Parts`] when the parts contradict themselves.
    pub fn from_parts(parts: GlmParts) -> Result<Self, ModelError> {
        parts.validate()?;
        Ok(Self { parts })
    }

    /// The regression as plain data: [`FittedGlm::from_parts`] gives back an equal one.
    #[must_use]
    pub fn parts(&self) -> &GlmParts {
        &self.parts
    }

    /// The linear predictor where all columns are 0.
    #[must_use]
    pub fn intercept(&self) -> f64 {
        self.parts.intercept
    }

    /// One coefficient for each design column, in the order of the training design, zeros included.
    #[must_use]
    pub fn coefficients(&self) -> &[Coefficient] {
        &self.parts.coefficients
    }

    /// The same regression, at the same penalty, on other weights of the rows (a bootstrap sample: how often each row was
    /// drawn) or on other rows. Starts from these coefficients, which does not change where it arrives.
    ///
    /// # Errors
    /// As [`Fit::fit`] of [`Glm`]; [`TableError`] when the columns are not those that the model was fitted on.
    pub fn refit(
        &self,
        x: &Complete<Train>,
        outcome: &Outcome<Train>,
        weights: &[f64],
    ) -> Result<Self, ModelError> {
        let from = match_columns(identities(&self.parts.coefficients), x)?;
        let mut own = vec![0; from.len()];
        from.iter().enumerate().for_each(|(place, &column)| own[column] = place);
        let of_column = |column: usize| &self.parts.coefficients[own[column]];
        let factors: Vec<f64> = (0..own.len()).map(|column| of_column(column).penalty_factor).collect();
        let start: Vec<f64> = (0..own.len()).map(|column| of_column(column).value).collect();
        let sample = Sample::new(x, outcome).weighted(Some(weights));
        one(&self.parts.common(), self.parts.lambda, &factors, Some((self.parts.intercept, &start)), &sample)
    }

    /// The linear predictor of every row: log odds of the risk, or the expected value.
    ///
    /// # Errors
    /// [`TableError`] when the columns are not those that the model was fitted on.
    pub fn linear<R: RowSet>(&self, x: &Complete<R>) -> Result<Vec<f64>, TableError> {
        let columns = match_columns(identities(&self.parts.coefficients), x)?;
        let terms = columns.into_iter().zip(self.parts.coefficients.iter().map(|c| c.value));
        Ok(linear(self.parts.intercept, terms, x))
    }
}

/// The predictor and term of each coefficient.
pub(super) fn identities(
    coefficients: &[Coefficient],
) -> impl ExactSizeIterator<Item = (&str, &bedside_table::Term)> {
    coefficients.iter().map(|c| (c.predictor.as_str(), &c.term))
}

impl Predict for FittedGlm {
    type Reads = Filled;

    fn predict<R: RowSet>(&self, x: &Complete<R>) -> Result<Scores<R>, TableError> {
        let scores = self.linear(x)?.into_iter().map(|linear| self.parts.family.score(linear)).collect();
        Scores::new(x.rows(), scores)
    }

    fn certificate(&self) -> &Certificate {
        &self.parts.certificate
    }
}

impl Fit for Glm {
    type Reads = Filled;
    type Fitted = FittedGlm;
    type Error = ModelError;

    /// Fits at one penalty. Nothing is random: the seed is not used.
    ///
    /// # Errors
    /// [`ModelError::NotConverged`]; [`ModelError::OneClass`]; [`ModelError::OutcomeKind`]; [`ModelError::Setting`] for
    /// weights that are none; [`ModelError::Table`] for lists of another length, columns named in the settings that are
    /// not there, and columns that appear twice.
    fn fit(&self, sample: &Sample<'_, Complete<Train>>, _seed: Seed) -> Result<FittedGlm, ModelError> {
        one(&self.common, self.lambda, &self.common.factors(sample.x)?, None, sample)
    }
}

/// A fit at one penalty, from the model without predictors or from given coefficients.
fn one(
    common: &Common,
    lambda: f64,
    factors: &[f64],
    start: Option<(f64, &[f64])>,
    sample: &Sample<'_, Complete<Train>>,
) -> Result<FittedGlm, ModelError> {
    // Without a penalty no column is penalised: the solver then needs no path.
    let none = vec![0.0; if lambda > 0.0 { 0 } else { factors.len() }];
    let used = if lambda > 0.0 { factors } else { &none };
    let problem = Problem::new(common.family, common.l1_ratio, common.standardise, used, sample)?;
    let inner = lambda / problem.spread;
    let mut newton = Newton::new(problem, common.tolerance, common.max_passes)?;
    if let Some((intercept, slopes)) = start.filter(|_| lambda > 0.0) {
        newton.start_from(inner, intercept, slopes);
    }
    let certificate = newton.solve(inner)?;
    let (intercept, values) = newton.solution();
    let coefficients = coefficients(sample.x, factors, newton.problem(), &values)?;
    Ok(FittedGlm { parts: parts(common, lambda, intercept, coefficients, certificate) })
}

pub(super) fn parts(
    common: &Common,
    lambda: f64,
    intercept: f64,
    coefficients: Vec<Coefficient>,
    certificate: Certificate,
) -> GlmParts {
    let Common { family, l1_ratio, standardise, tolerance, max_passes, .. } = *common;
    GlmParts {
        family,
        l1_ratio,
        lambda,
        standardise,
        tolerance,
        max_passes,
        intercept,
        coefficients,
        certificate,
    }
}

/// One coefficient for each design column, from those that are not 0.
pub(super) fn coefficients(
    x: &Complete<Train>,
    factors: &[f64],
    problem: &Problem<'_>,
    values: &[(u32, f64)],
) -> Result<Vec<Coefficient>, TableError> {
    let mut all: Vec<Coefficient> = x
        .columns()
        .iter()
        .zip(problem.columns())
        .zip(factors)
        .map(|((column, standardised), &penalty_factor)| Coefficient {
            predictor: column.predictor.clone(),
            term: column.term.clone(),
            value: 0.0,
            deviation: standardised.deviation,
            penalty_factor,
        })
        .collect();
    values.iter().for_each(|&(column, value)| all[column as usize].value = value);
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = x.columns().iter().find(|c| !seen.insert((c.predictor.as_str(), &c.term))) {
        return Err(TableError::DuplicateColumn { column: twice.label() });
    }
    Ok(all)
}

impl FittedGlm {
    /// From parts that a fit made.
    pub(super) fn new(parts: GlmParts) -> Self {
        Self { parts }
    }

    /// Logistic or linear.
    #[must_use]
    pub fn family(&self) -> Family {
        self.parts.family
    }
}
