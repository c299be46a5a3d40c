//! A whole path of penalties, each solution starting from the one before.

use std::sync::Arc;

use bedside_table::{Certificate, Complete, RowSet, Sample, Scores, TableError, Train};
use rayon::prelude::*;

use super::fitted::{FittedGlm, identities, parts};
use super::parts::Coefficient;
use super::scoring::{linear, match_columns};
use super::settings::{Common, Path};
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
    pub(super) common: Common,
    pub(super) lambdas: Vec<f64>,
    pub(super) points: Vec<PathPoint>,
    /// Identities, deviations and penalty factors of all columns; values are 0.
    pub(super) columns: Arc<[Coefficient]>,
    pub(super) end: PathEnd,
}

impl Path {
    /// Fits the whole path. Nothing is random; the bits are the same on any number of threads.
    ///
    /// A sequence of the path's own may end early ([`GlmPath::end`]); penalties decided elsewhere are all fitted, unless
    /// the solver cannot follow because the outcome is already explained ([`PathEnd::Saturated`]).
    ///
    /// # Errors
    /// As `Fit::fit` of [`super::Glm`]; [`ModelError::NotConverged`] names the penalty in its criterion.
    pub fn fit_path(&self, sample: &Sample<'_, Complete<Train>>) -> Result<GlmPath, ModelError> {
        let mut walk = self.walk(sample)?;
        walk.advance(usize::MAX)?;
        Ok(walk.into_path())
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
        self.predict_from(0, x)
    }

    /// As [`GlmPath::predict_all`], from the `first`-th penalty on; none where there are not so many.
    ///
    /// # Errors
    /// As [`GlmPath::predict_all`].
    pub fn predict_from<R: RowSet>(
        &self,
        first: usize,
        x: &Complete<R>,
    ) -> Result<Vec<Scores<R>>, TableError> {
        let places = match_columns(identities(&self.columns), x)?;
        let scores: Vec<Result<Scores<R>, TableError>> = self.points[first.min(self.points.len())..]
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
