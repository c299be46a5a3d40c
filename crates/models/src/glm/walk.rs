//! A path of penalties, walked as far as somebody wants to go.

use std::sync::Arc;

use bedside_table::{Complete, Sample, Train};

use super::Family;
use super::fitted::coefficients;
use super::newton::Newton;
use super::parts::Coefficient;
use super::path::{GlmPath, PathEnd, PathPoint};
use super::problem::Problem;
use super::settings::{Path, Sequence};
use crate::ModelError;

/// A path that goes on when told to: so paths of several folds can be walked side by side, and left together where going
/// on gains nothing. Walked in pieces or at once, a path has the same bits.
#[derive(Debug)]
pub struct Walk<'a> {
    newton: Newton<'a>,
    /// All penalties, descending, in glmnet's scaling.
    planned: Vec<f64>,
    /// Whether the penalties are the path's own, so that it may end early.
    own: bool,
    explained: f64,
    path: GlmPath,
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
    /// At the start of the path, nothing fitted yet.
    ///
    /// # Errors
    /// As [`Path::fit_path`].
    pub fn walk<'a>(&self, sample: &Sample<'a, Complete<Train>>) -> Result<Walk<'a>, ModelError> {
        let common = &self.common;
        let factors = common.factors(sample.x)?;
        let problem = Problem::new(common.family, common.l1_ratio, common.standardise, &factors, sample)?;
        let columns: Arc<[Coefficient]> = coefficients(sample.x, &factors, &problem, &[])?.into();
        let newton = Newton::new(problem, common.tolerance, common.max_passes)?;
        let own = matches!(self.lambdas, Sequence::Own { .. });
        let (planned, end) = self.penalties(newton.largest(), newton.problem().spread, sample.x);
        let path = GlmPath { common: common.clone(), lambdas: Vec::new(), points: Vec::new(), columns, end };
        Ok(Walk { newton, planned, own, explained: 0.0, path })
    }

    /// The penalties to fit: the path's own, from the largest that is useful in the solver's units, or those that were given.
    fn penalties(&self, largest: f64, spread: f64, x: &Complete<Train>) -> (Vec<f64>, PathEnd) {
        match &self.lambdas {
            Sequence::Given(lambdas) => (lambdas.clone(), PathEnd::Complete),
            Sequence::Own { .. } if largest <= NOTHING => (vec![largest * spread], PathEnd::OneModel),
            Sequence::Own { count, ratio } => {
                let usual = if x.rows() > x.columns().len() { 1e-4 } else { 1e-2 };
                let fall = ratio.unwrap_or(usual).ln() / (*count as f64 - 1.0).max(1.0);
                let penalty = |k| largest * (fall * k as f64).exp() * spread;
                ((0..*count).map(penalty).collect(), PathEnd::Complete)
            }
        }
    }
}

impl Walk<'_> {
    /// All penalties of the path, fitted or not, descending, in glmnet's scaling.
    #[must_use]
    pub fn planned(&self) -> &[f64] {
        &self.planned
    }

    /// What has been fitted so far.
    #[must_use]
    pub fn path(&self) -> &GlmPath {
        &self.path
    }

    /// What was fitted.
    #[must_use]
    pub fn into_path(self) -> GlmPath {
        self.path
    }

    /// Fits so many penalties more; gives whether there are others after them.
    ///
    /// # Errors
    /// As [`Path::fit_path`].
    pub fn advance(&mut self, count: usize) -> Result<bool, ModelError> {
        for _ in 0..count {
            if !self.goes_on() {
                break;
            }
            self.next_point()?;
        }
        Ok(self.goes_on())
    }

    fn goes_on(&self) -> bool {
        let ended = matches!(self.path.end, PathEnd::Saturated | PathEnd::Flat);
        !ended && self.path.points.len() < self.planned.len()
    }

    fn next_point(&mut self) -> Result<(), ModelError> {
        let Self { newton, path, planned, .. } = self;
        let lambda = planned[path.points.len()];
        let certificate = match newton.solve(lambda / newton.problem().spread) {
            Ok(certificate) => certificate,
            Err(ModelError::NotConverged(_)) if !path.points.is_empty() && self.explained > SATURATED => {
                path.end = PathEnd::Saturated;
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        let (intercept, listed) = newton.solution();
        let before = self.explained;
        self.explained = newton.deviance_explained();
        path.lambdas.push(lambda);
        path.points.push(PathPoint {
            intercept,
            coefficients: listed,
            deviance_explained: self.explained,
            certificate,
        });
        if self.own && (ALWAYS..planned.len()).contains(&path.points.len()) {
            let gained = match path.common.family {
                Family::Binomial => self.explained - before,
                Family::Gaussian => (self.explained - before) / self.explained,
            };
            if self.explained > SATURATED {
                path.end = PathEnd::Saturated;
            } else if gained < FLAT {
                path.end = PathEnd::Flat;
            }
        }
        Ok(())
    }
}
