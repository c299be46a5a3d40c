//! What is minimised, in the solver's own units.
//!
//! The objective is glmnet's (Friedman, Hastie, Tibshirani 2010, doi 10.18637/jss.v033.i01, sections 1 and 2):
//!
//! Σ wᵢ loss(yᵢ, β₀ + xᵢ'β) + λ Σ fⱼ [α |βⱼ| + (1 − α) βⱼ² / 2], weights summing to 1.
//!
//! Columns always have unit deviation inside; where the caller wants coefficients penalised on the original scale, the
//! penalties carry the deviations instead. A continuous outcome is brought to mean 0 and standard deviation 1 before λ
//! applies, as in glmnet, so its λ is divided by that deviation. Ridge regression with more columns than rows is turned
//! into one with as many as rows (`turned`).

use bedside_table::{Complete, Sample, TableError, Train};

use super::column::Column;
use super::design::Design;
use super::family::{Family, RowData};
use super::free::Free;
use super::turned::{self, Turned};
use crate::ModelError;

/// A standardised sample with its penalties.
#[derive(Debug)]
pub(super) struct Problem<'a> {
    pub(super) family: Family,
    pub(super) design: Design<'a>,
    pub(super) rows: RowData,
    pub(super) free: Free,
    /// Columns that are penalised and not constant, ascending.
    pub(super) penalised: Vec<u32>,
    /// Penalty factor of each column, for coefficients of standardised columns.
    pub(super) factor: Vec<f64>,
    /// L1 and L2 penalty of each column at λ = 1.
    pub(super) l1: Vec<f64>,
    pub(super) l2: Vec<f64>,
    pub(super) l1_ratio: f64,
    /// Mean and standard deviation of a continuous outcome; 0 and 1 for a binary one.
    pub(super) centre: f64,
    pub(super) spread: f64,
    /// The linear predictor of the model without predictors, and its loss.
    pub(super) null_linear: f64,
    pub(super) null_loss: f64,
    /// Where the columns are not the caller's: what they were made of.
    turned: Option<Turned<'a>>,
}

impl<'a> Problem<'a> {
    /// Standardises a sample. `factors` has one penalty factor a column; they are brought to a mean of 1.
    pub(super) fn new(
        family: Family,
        l1_ratio: f64,
        standardise: bool,
        factors: &[f64],
        sample: &Sample<'a, Complete<Train>>,
    ) -> Result<Self, ModelError> {
        let weights = weights(sample)?;
        if sample.outcome.kind() != family.outcome() {
            let (model, expected) = match family {
                Family::Binomial => ("logistic regression", "binary"),
                Family::Gaussian => ("linear regression", "continuous"),
            };
            return Err(ModelError::OutcomeKind { model, expected });
        }
        let mut outcome = sample.outcome.values().to_vec();
        let seen = || outcome.iter().zip(&weights).filter(|(_, weight)| **weight > 0.0).map(|(y, _)| *y);
        let first = seen().next();
        if seen().all(|y| Some(y) == first) {
            return Err(ModelError::OneClass { rows: seen().count() });
        }
        let mean = |values: &[f64]| -> f64 { values.iter().zip(&weights).map(|(v, w)| v * w).sum() };
        let (mut centre, mut spread) = (0.0, 1.0);
        let (null_linear, null_loss);
        match family {
            Family::Binomial => {
                let share = mean(&outcome);
                null_linear = (share / (1.0 - share)).ln();
                null_loss = -(share * share.ln() + (1.0 - share) * (1.0 - share).ln());
            }
            Family::Gaussian => {
                let largest = outcome.iter().fold(f64::MIN_POSITIVE, |top, y| top.max(y.abs()));
                outcome.iter_mut().for_each(|y| *y /= largest);
                centre = mean(&outcome);
                outcome.iter_mut().for_each(|y| *y -= centre);
                spread = outcome.iter().zip(&weights).map(|(y, w)| w * y * y).sum::<f64>().sqrt();
                outcome.iter_mut().for_each(|y| *y /= spread);
                (centre, spread) = (centre * largest, spread * largest);
                (null_linear, null_loss) = (0.0, 0.5);
            }
        }
        let design = Design::new(sample.x, &weights);
        let mean_factor = factors.iter().sum::<f64>() / factors.len().max(1) as f64;
        let (mut free, mut penalised) = (Vec::new(), Vec::new());
        let mut factor = vec![0.0; factors.len()];
        let (mut l1, mut l2) = (factor.clone(), factor.clone());
        for (j, column) in design.columns.iter().enumerate() {
            if column.is_constant() {
                continue;
            }
            if factors[j] > 0.0 {
                let scale = if standardise { 1.0 } else { column.deviation };
                factor[j] = factors[j] / mean_factor / scale;
                l1[j] = l1_ratio * factor[j];
                l2[j] = (1.0 - l1_ratio) * factor[j] / scale;
                penalised.push(j as u32);
            } else {
                free.push(j as u32);
            }
        }
        let (rows, free) = (RowData { outcome, weights }, Free { columns: free });
        Ok(Self {
            family,
            design,
            rows,
            free,
            penalised,
            factor,
            l1,
            l2,
            l1_ratio,
            centre,
            spread,
            null_linear,
            null_loss,
            turned: None,
        }
        .turned())
    }

    /// With as many columns as rows, where that is the same problem and a smaller one.
    fn turned(self) -> Self {
        if self.l1_ratio > 0.0 || self.penalised.len() <= self.design.rows {
            return self;
        }
        let of = |&column: &u32| (column, self.factor[column as usize], self.l2[column as usize]);
        let penalised: Vec<(u32, f64, f64)> = self.penalised.iter().map(of).collect();
        let rows = self.design.rows;
        let Some(factor) = turned::factor(&self.design, &penalised) else { return self };
        let (turned, columns) = Turned::new(self.design, &self.free.columns, penalised, factor);
        let (free, all) = (self.free.columns.len() as u32, columns.len() as u32);
        let mut l2 = vec![0.0; columns.len()];
        l2[free as usize..].fill(1.0);
        Self {
            design: Design::of(rows, columns),
            free: Free { columns: (0..free).collect() },
            penalised: (free..all).collect(),
            factor: l2.clone(),
            l1: vec![0.0; l2.len()],
            l2,
            turned: Some(turned),
            ..self
        }
    }

    /// The caller's columns, standardised.
    pub(super) fn columns(&self) -> &[Column<'a>] {
        self.turned.as_ref().map_or(&self.design.columns, |turned| &turned.design.columns)
    }

    /// The smallest λ at which every penalised coefficient is 0, from the gradients where all are; with hardly any L1, that of
    /// an L1 ratio of 0.001, as in glmnet.
    pub(super) fn largest(&self, gradient: &[f64]) -> f64 {
        let ratio = self.l1_ratio.max(1e-3);
        let at = |gradient: f64, factor: f64| gradient.abs() / (ratio * factor);
        match &self.turned {
            None => {
                let of = |&column: &u32| at(gradient[column as usize], self.factor[column as usize]);
                self.penalised.iter().map(of).fold(0.0, f64::max)
            }
            Some(turned) => {
                let pairs = turned.gradient(gradient).into_iter().zip(&turned.penalised);
                pairs.map(|(gradient, (_, factor, _))| at(gradient, *factor)).fold(0.0, f64::max)
            }
        }
    }

    /// Intercept and coefficients of the solver's columns, from those on the scale of the caller's.
    pub(super) fn inner(&self, intercept: f64, slopes: &[f64]) -> (f64, Vec<f64>) {
        let mut at = (intercept - self.centre) / self.spread;
        let mut beta = vec![0.0; slopes.len()];
        for ((column, slope), beta) in self.columns().iter().zip(slopes).zip(&mut beta) {
            let slope = slope / self.spread;
            // What is constant here was not where the coefficients come from: all of it belongs to the intercept.
            *beta = slope * column.deviation;
            at += slope * column.shift;
        }
        (at, self.turned.as_ref().map(|turned| turned.inside(&beta)).unwrap_or(beta))
    }

    /// The intercept and coefficients on the scale of the caller's columns.
    pub(super) fn original(&self, intercept: f64, beta: &[f64]) -> (f64, Vec<(u32, f64)>) {
        let turned = self.turned.as_ref().map(|turned| turned.outside(beta));
        let (mut intercept, beta) = (intercept, turned.as_deref().unwrap_or(beta));
        let mut listed = Vec::new();
        for (j, (column, &beta)) in self.columns().iter().zip(beta).enumerate() {
            if beta != 0.0 {
                let slope = beta / column.deviation;
                intercept -= slope * column.shift;
                listed.push((j as u32, slope * self.spread));
            }
        }
        (self.centre + self.spread * intercept, listed)
    }
}

/// Weights that sum to 1.
fn weights(sample: &Sample<'_, Complete<Train>>) -> Result<Vec<f64>, ModelError> {
    let rows = sample.x.rows();
    let length = |what, found| ModelError::Table(TableError::Length { what, expected: rows, found });
    if sample.outcome.rows() != rows {
        return Err(length("outcomes", sample.outcome.rows()));
    }
    let Some(weights) = sample.weights else { return Ok(vec![1.0 / rows as f64; rows]) };
    if weights.len() != rows {
        return Err(length("weights", weights.len()));
    }
    if let Some(row) = weights.iter().position(|weight| !weight.is_finite()) {
        return Err(TableError::NotFinite { row }.into());
    }
    let setting = |found: String| ModelError::Setting {
        setting: "weights",
        must_be: "at least 0 in every row and above 0 in some",
        found,
    };
    if let Some((row, weight)) = weights.iter().enumerate().find(|(_, weight)| **weight < 0.0) {
        return Err(setting(format!("{weight} in row {row}")));
    }
    let largest = weights.iter().fold(0.0, |top: f64, weight| top.max(*weight));
    if largest <= 0.0 {
        return Err(setting("0 in every row".to_owned()));
    }
    let total: f64 = weights.iter().map(|weight| weight / largest).sum();
    Ok(weights.iter().map(|weight| weight / largest / total).collect())
}
