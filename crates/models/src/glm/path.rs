//! A whole sequence of penalties, each fit starting where the last one ended.

use bedside_table::{
    Certificate, Complete, Fit, Filled, Outcome, OutcomeKind, RowSet, Sample, Scores, Seed, TableError, Train,
};

use super::certificate::Penalty;
use super::columns::{self, Scaled};
use super::descent::{Problem, State};
use super::fitted::{Coefficient, score};
use super::{Family, FittedGlm, Glm, PathSettings};
use crate::ModelError;

/// A path ends early when the model explains this share of the outcome: beyond it the fit is separation.
const SATURATED: f64 = 0.999;

/// Checked settings of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub(super) settings: PathSettings,
}

/// The fits of a path. Penalties descend: the simplest model comes first.
#[derive(Debug, Clone)]
pub struct GlmPath {
    settings: PathSettings,
    terms: Vec<Coefficient>,
    lambdas: Vec<f64>,
    points: Vec<PathPoint>,
    ended: Option<String>,
}

#[derive(Debug, Clone)]
struct PathPoint {
    intercept: f64,
    /// Column and coefficient on the column's own scale; zeros are left out.
    coefficients: Vec<(u32, f64)>,
    certificate: Certificate,
}

impl Path {
    /// Fits every penalty.
    ///
    /// # Errors
    /// [`ModelError::NotConverged`] naming the penalty; [`ModelError::OneClass`]; [`ModelError::OutcomeKind`] when a logistic
    /// fit gets a number; [`ModelError::Table`] when weights or rows do not match.
    pub fn fit_path(&self, sample: &Sample<'_, Complete<Train>>) -> Result<GlmPath, ModelError> {
        self.fit_from(sample, None)
    }

    pub(super) fn fit_from(
        &self,
        sample: &Sample<'_, Complete<Train>>,
        start: Option<&FittedGlm>,
    ) -> Result<GlmPath, ModelError> {
        let settings = &self.settings;
        let (x, y) = (sample.x, sample.outcome.values());
        let w = normalised(sample.weights, sample.outcome, x.rows(), settings.family)?;
        let scaled = columns::scale(x, &w, settings.standardise);
        let factors = factors(settings, x);
        let mean: f64 = y.iter().zip(&w).map(|(y, w)| y * w).sum();
        let variance: f64 = y.iter().zip(&w).map(|(y, w)| w * (y - mean) * (y - mean)).sum();
        let intercept = settings.family.link(mean);
        let eta = vec![intercept; y.len()];
        let null_loss: f64 = y.iter().zip(&w).map(|(&y, w)| w * settings.family.loss(intercept, y)).sum();
        let problem = Problem {
            family: settings.family,
            columns: &scaled,
            w: &w,
            y,
            factors: &factors,
            null_loss,
            tolerance: settings.tolerance,
            max_passes: settings.max_passes,
        };
        let mut state = State { intercept, b: vec![0.0; scaled.len()], gradient: Vec::new(), eta };
        state.gradient = problem.gradient(&state.eta);
        // Unpenalised columns come in first: the path starts where only they are fitted.
        if factors.iter().zip(&scaled).any(|(&f, c)| f <= 0.0 && !c.is_constant()) {
            let endless = Penalty { l1: f64::MAX.sqrt(), l2: 0.0, factors: &factors };
            problem.solve(&mut state, endless, endless.l1);
        }
        let steep = |state: &State| -> f64 {
            let each = state.gradient.iter().zip(&factors).filter(|(_, f)| **f > 0.0).map(|(g, f)| g.abs() / f);
            each.fold(0.0, f64::max) / settings.l1_ratio.max(1e-3)
        };
        let top = steep(&state);
        let lambdas = match &settings.lambdas {
            Some(given) => given.clone(),
            None => {
                let ratio = settings.ratio.unwrap_or(if x.rows() > x.columns().len() { 1e-4 } else { 1e-2 });
                let steps = (settings.count.max(2) - 1) as f64;
                (0..settings.count).map(|k| top * ratio.powf(k as f64 / steps)).collect()
            }
        };
        let deviation = if settings.family == Family::Gaussian { variance.sqrt() } else { 1.0 };
        let mut path = GlmPath {
            settings: settings.clone(),
            terms: x
                .columns()
                .iter()
                .zip(&scaled)
                .map(|(c, s)| Coefficient {
                    predictor: c.predictor.clone(),
                    term: c.term.clone(),
                    value: 0.0,
                    deviation: s.deviation,
                })
                .collect(),
            lambdas: Vec::new(),
            points: Vec::new(),
            ended: None,
        };
        let mut previous = top.max(lambdas.first().copied().unwrap_or(top));
        if let Some(start) = start {
            begin_at(&mut state, start, &scaled, x);
            state.gradient = problem.gradient(&state.eta);
            previous = start.lambda();
        }
        for &lambda in &lambdas {
            let penalty = Penalty {
                l1: lambda * settings.l1_ratio,
                l2: lambda * (1.0 - settings.l1_ratio) / deviation,
                factors: &factors,
            };
            let ended = problem.solve(&mut state, penalty, previous * settings.l1_ratio);
            let certificate = Certificate {
                criterion: format!("duality gap over the loss of the constant model, penalty {lambda:.4e}"),
                iterations: ended.passes,
                gap: ended.gap,
                tolerance: settings.tolerance,
            };
            if !certificate.converged() {
                return Err(ModelError::NotConverged(certificate));
            }
            path.lambdas.push(lambda);
            path.points.push(point(&state, &scaled, certificate));
            previous = lambda;
            if settings.lambdas.is_none() && 1.0 - ended.loss / null_loss > SATURATED {
                path.ended = Some(format!("the model explains more than {SATURATED} of the outcome"));
                break;
            }
        }
        Ok(path)
    }
}

impl GlmPath {
    /// The penalties that were fitted, descending.
    #[must_use]
    pub fn lambdas(&self) -> &[f64] {
        &self.lambdas
    }

    /// Why the path ended before its last penalty, if it did.
    #[must_use]
    pub fn ended_early(&self) -> Option<&str> {
        self.ended.as_deref()
    }

    /// How many coefficients of a fit are not zero.
    ///
    /// # Panics
    /// If there is no such penalty.
    #[must_use]
    pub fn nonzero(&self, k: usize) -> usize {
        self.points[k].coefficients.len()
    }

    /// The certificate of a fit.
    ///
    /// # Panics
    /// If there is no such penalty.
    #[must_use]
    pub fn certificate(&self, k: usize) -> &Certificate {
        &self.points[k].certificate
    }

    /// One fit of the path.
    ///
    /// # Panics
    /// If there is no such penalty.
    #[must_use]
    pub fn at(&self, k: usize) -> FittedGlm {
        let point = &self.points[k];
        let mut terms = self.terms.clone();
        point.coefficients.iter().for_each(|&(j, value)| terms[j as usize].value = value);
        FittedGlm::new(&self.settings, self.lambdas[k], point.intercept, terms, point.certificate.clone())
    }

    /// The scores of every fit, in the order of the penalties.
    ///
    /// # Errors
    /// [`TableError::NoColumn`] when a column that was fitted on is absent.
    pub fn predict_all<R: RowSet>(&self, x: &Complete<R>) -> Result<Vec<Scores<R>>, TableError> {
        let found = super::fitted::find(&self.terms, x)?;
        self.points
            .iter()
            .map(|point| {
                let used = point.coefficients.iter().filter_map(|&(j, value)| found[j as usize].map(|c| (c, value)));
                score(self.settings.family, point.intercept, used, x.rows())
            })
            .collect()
    }
}

impl Fit for Glm {
    type Reads = Filled;
    type Fitted = FittedGlm;
    type Error = ModelError;

    /// Fits at one penalty. To be quick, it comes down a short path from the largest.
    fn fit(&self, sample: &Sample<'_, Complete<Train>>, _: Seed) -> Result<FittedGlm, ModelError> {
        let path = self.0.fit_path(sample)?;
        Ok(path.at(0))
    }
}

/// Weights that sum to 1.
fn normalised(
    weights: Option<&[f64]>,
    outcome: &Outcome<Train>,
    rows: usize,
    family: Family,
) -> Result<Vec<f64>, ModelError> {
    let y = outcome.values();
    if y.len() != rows {
        return Err(TableError::Length { what: "outcome", expected: rows, found: y.len() }.into());
    }
    if family == Family::Binomial && outcome.kind() != OutcomeKind::Binary {
        return Err(ModelError::OutcomeKind { model: "logistic regression", expected: "binary" });
    }
    let w = match weights {
        None => vec![1.0 / rows as f64; rows],
        Some(given) => {
            if given.len() != rows {
                return Err(TableError::Length { what: "weights", expected: rows, found: given.len() }.into());
            }
            if let Some(row) = given.iter().position(|w| !(w.is_finite() && *w >= 0.0)) {
                return Err(TableError::NotFinite { row }.into());
            }
            let sum: f64 = given.iter().sum();
            given.iter().map(|w| w / sum).collect()
        }
    };
    let mut seen = y.iter().zip(&w).filter(|(_, w)| **w > 0.0).map(|(y, _)| y.to_bits());
    let first = seen.next();
    if seen.all(|y| Some(y) == first) {
        return Err(ModelError::OneClass { rows });
    }
    Ok(w)
}

/// Penalty factors: 0 for unpenalised predictors, else equal, summing to the number of columns.
fn factors(settings: &PathSettings, x: &Complete<Train>) -> Vec<f64> {
    let raw: Vec<f64> = x
        .columns()
        .iter()
        .map(|c| if settings.unpenalised.contains(&c.predictor) { 0.0 } else { 1.0 })
        .collect();
    let sum: f64 = raw.iter().sum();
    let share = if sum > 0.0 { raw.len() as f64 / sum } else { 1.0 };
    raw.into_iter().map(|f| f * share).collect()
}

/// The point on the columns' own scale.
fn point(state: &State, scaled: &[Scaled<'_>], certificate: Certificate) -> PathPoint {
    let mut intercept = state.intercept;
    let mut coefficients = Vec::new();
    for (j, (&b, column)) in state.b.iter().zip(scaled).enumerate() {
        if b.abs() > 0.0 {
            let value = b / column.scale;
            intercept -= value * column.centre;
            coefficients.push((j as u32, value));
        }
    }
    PathPoint { intercept, coefficients, certificate }
}

/// Begins where another fit ended.
fn begin_at(state: &mut State, start: &FittedGlm, scaled: &[Scaled<'_>], x: &Complete<Train>) {
    let known: std::collections::HashMap<_, _> =
        start.coefficients().iter().map(|c| ((c.predictor.as_str(), &c.term), c.value)).collect();
    let mut intercept = start.intercept();
    let mut eta = vec![0.0; x.rows()];
    for (j, (column, scaled)) in x.columns().iter().zip(scaled).enumerate() {
        let value = known.get(&(column.predictor.as_str(), &column.term)).copied().unwrap_or(0.0);
        if value.abs() > 0.0 && !scaled.is_constant() {
            state.b[j] = value * scaled.scale;
            intercept += value * scaled.centre;
            scaled.add(&mut eta, state.b[j]);
        }
    }
    eta.iter_mut().for_each(|eta| *eta += intercept);
    (state.intercept, state.eta) = (intercept, eta);
}
