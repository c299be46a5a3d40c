//! A whole path of penalties, each solution starting from the one before.

use std::sync::Arc;

use bedside_table::{Certificate, Complete, RowSet, Sample, Scores, TableError, Train};
use rayon::prelude::*;

use super::fitted::{FittedGlm, coefficients, identities, parts};
use super::newton::Newton;
use super::parts::Coefficient;
use super::problem::Problem;
use super::scoring::{linear, match_columns};
use super::settings::{Common, Path, Sequence};
use crate::ModelError;

/// Where a path stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PathEnd {
    /// At the last penalty that was asked for.
    Complete,
    /// More than 99.9 % of the deviance is explained: smaller penalties only follow the noise, and coefficients of a
    /// logistic regression grow without bound (the classes are separated).
    Saturated,
    /// The share of deviance explained grew by less than 0.00001 from one penalty to the next (at the fifth or later).
    Flat,
    /// After one penalty, because all give the same model: no column is penalised, or none that is has anything to do with
    /// the outcome.
    OneModel,
}

/// The solution at one penalty.
#[derive(Debug, Clone, PartialEq)]
pub struct PathPoint {
    /// The linear predictor where all columns are 0.
    pub intercept: f64,
    /// Coefficients that are not 0, by their place in the training design, ascending; on the original scale.
    pub coefficients: Vec<(u32, f64)>,
    /// Share of the deviance of the model without predictors that is explained, in [0, 1].
    pub deviance_explained: f64,
    /// The proof that the fit arrived.
    pub certificate: Certificate,
}

/// Solutions from the largest penalty to the smallest.
#[derive(Debug, Clone, PartialEq)]
pub struct GlmPath {
    common: Common,
    lambdas: Vec<f64>,
    points: Vec<PathPoint>,
    /// Identities, deviations and penalty factors of all columns; values are 0.
    columns: Arc<[Coefficient]>,
    end: PathEnd,
}

/// A largest penalty that is no more than rounding.
const NOTHING: f64 = 1e-14;
/// As glmnet's `devmax`.
const SATURATED: f64 = 0.999;
/// As glmnet's `fdev`.
const FLAT: f64 = 1e-5;
/// As glmnet's `mnlam`: penalties that are always fitted.
const ALWAYS: usize = 5;

impl Path {
    /// Fits the whole path. Nothing is random; the bits are the same on any number of threads.
    ///
    /// A sequence of the path's own may end early ([`GlmPath::end`]); penalties decided elsewhere are all fitted, unless
    /// the solver cannot follow because the outcome is already explained ([`PathEnd::Saturated`]).
    ///
    /// # Errors
    /// As `Fit::fit` of [`super::Glm`]; [`ModelError::NotConverged`] names the penalty in its criterion.
    pub fn fit_path(&self, sample: &Sample<'_, Complete<Train>>) -> Result<GlmPath, ModelError> {
        let common = &self.common;
        let factors = common.factors(sample.x)?;
        let problem = Problem::new(common.family, common.l1_ratio, common.standardise, &factors, sample)?;
        let columns: Arc<[Coefficient]> = coefficients(sample.x, &factors, &problem, &[])?.into();
        let mut newton = Newton::new(&problem, common.tolerance, common.max_passes)?;
        let own = matches!(self.lambdas, Sequence::Own { .. });
        let (planned, mut end) = self.penalties(newton.largest(), sample.x);
        let count = planned.len();
        let mut path = GlmPath {
            common: common.clone(),
            lambdas: Vec::with_capacity(count),
            points: Vec::with_capacity(count),
            columns,
            end,
        };
        let mut explained = 0.0;
        for inner in planned {
            let lambda = if own { inner * problem.spread } else { inner };
            let certificate = match newton.solve(lambda / problem.spread) {
                Ok(certificate) => certificate,
                Err(ModelError::NotConverged(_)) if !path.points.is_empty() && explained > SATURATED => {
                    end = PathEnd::Saturated;
                    break;
                }
                Err(other) => return Err(other),
            };
            let (intercept, listed) = newton.solution();
            let before = explained;
            explained = newton.deviance_explained();
            path.lambdas.push(lambda);
            path.points.push(PathPoint {
                intercept,
                coefficients: listed,
                deviance_explained: explained,
                certificate,
            });
            if own && (ALWAYS..count).contains(&path.points.len()) {
                if explained > SATURATED {
                    end = PathEnd::Saturated;
                    break;
                }
                let gained = match common.family {
                    super::Family::Binomial => explained - before,
                    super::Family::Gaussian => (explained - before) / explained,
                };
                if gained < FLAT {
                    end = PathEnd::Flat;
                    break;
                }
            }
        }
        path.end = end;
        Ok(path)
    }

    /// The penalties to fit: the path's own in the solver's units, or those that were given.
    fn penalties(&self, largest: f64, x: &Complete<Train>) -> (Vec<f64>, PathEnd) {
        match &self.lambdas {
            Sequence::Given(lambdas) => (lambdas.clone(), PathEnd::Complete),
            Sequence::Own { .. } if largest <= NOTHING => (vec![largest], PathEnd::OneModel),
            Sequence::Own { count, ratio } => {
                let usual = if x.rows() > x.columns().len() { 1e-4 } else { 1e-2 };
                let fall = ratio.unwrap_or(usual).ln() / (*count as f64 - 1.0).max(1.0);
                ((0..*count).map(|k| largest * (fall * k as f64).exp()).collect(), PathEnd::Complete)
            }
        }
    }
}

/// The same path on several samples (the training rows of each fold), in parallel.
///
/// # Errors
/// The first error in the order of the samples.
pub fn fit_paths(path: &Path, samples: &[Sample<'_, Complete<Train>>]) -> Result<Vec<GlmPath>, ModelError> {
    let fitted: Vec<Result<GlmPath, ModelError>> =
        samples.par_iter().with_max_len(1).map(|sample| path.fit_path(sample)).collect();
    fitted.into_iter().collect()
}

impl GlmPath {
    /// The penalties, descending, in glmnet's scaling; as many as there are solutions.
    #[must_use]
    pub fn lambdas(&self) -> &[f64] {
        &self.lambdas
    }

    /// The solutions, from the largest penalty to the smallest.
    #[must_use]
    pub fn points(&self) -> &[PathPoint] {
        &self.points
    }

    /// How many coefficients are not 0 at the `k`-th penalty.
    ///
    /// # Panics
    /// If there is no such penalty.
    #[must_use]
    pub fn nonzero(&self, k: usize) -> usize {
        self.points[k].coefficients.len()
    }

    /// Why the path stops where it does.
    #[must_use]
    pub fn end(&self) -> PathEnd {
        self.end
    }

    /// The regression at the `k`-th penalty.
    ///
    /// # Panics
    /// If there is no such penalty.
    #[must_use]
    pub fn at(&self, k: usize) -> FittedGlm {
        let point = &self.points[k];
        let mut coefficients = self.columns.to_vec();
        for &(column, value) in &point.coefficients {
            coefficients[column as usize].value = value;
        }
        let certificate = point.certificate.clone();
        FittedGlm::new(parts(&self.common, self.lambdas[k], point.intercept, coefficients, certificate))
    }

    /// The scores at every penalty, with the bits that [`GlmPath::at`] gives.
    ///
    /// # Errors
    /// [`TableError`] when the columns are not those that the path was fitted on.
    pub fn predict_all<R: RowSet>(&self, x: &Complete<R>) -> Result<Vec<Scores<R>>, TableError> {
        let places = match_columns(identities(&self.columns), x)?;
        let scores: Vec<Result<Scores<R>, TableError>> = self
            .points
            .par_iter()
            .map(|point| {
                let terms =
                    point.coefficients.iter().map(|&(column, value)| (places[column as usize], value));
                let mut scores = linear(point.intercept, terms, x);
                scores.iter_mut().for_each(|score| *score = self.common.family.score(*score));
                Scores::new(x.rows(), scores)
            })
            .collect();
        scores.into_iter().collect()
    }
}
