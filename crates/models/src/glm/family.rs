//! The two losses: their residuals, curvatures and values, row by row.

use bedside_table::OutcomeKind;
use rayon::prelude::*;

use crate::exponential::{exp, logistic};

/// What the outcome follows given the predictors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// A binary outcome; logistic regression. Scores are risks.
    Binomial,
    /// A continuous outcome; linear regression. Scores are expected values.
    Gaussian,
}

/// Sums over all rows that come with residuals and curvatures.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    /// Of the residuals.
    pub(super) residual: f64,
    /// Of the curvatures.
    pub(super) curvature: f64,
    /// Of squared residual over curvature: how far the fitted values are from the observed ones (see `gap`).
    pub(super) distance: f64,
}

/// Rows that one piece of work covers. Fixed, so that sums do not depend on the number of threads.
const PIECE: usize = 4096;

impl Family {
    /// The kind of outcome it takes.
    #[must_use]
    pub fn outcome(self) -> OutcomeKind {
        match self {
            Self::Binomial => OutcomeKind::Binary,
            Self::Gaussian => OutcomeKind::Continuous,
        }
    }

    /// The score that belongs to a linear predictor.
    pub(super) fn score(self, linear: f64) -> f64 {
        match self {
            Self::Binomial => logistic(linear),
            Self::Gaussian => linear,
        }
    }

    /// The distance of a dual point from the fitted values, as a share of the sum in `Sums::distance`: half of it exactly
    /// for squared error; for the logistic loss the Kullback-Leibler divergence is at most the chi-squared distance
    /// (Gibbs, Su 2002, theorem 5, doi 10.1111/j.1751-5823.2002.tb00178.x).
    pub(super) fn share(self) -> f64 {
        match self {
            Self::Binomial => 1.0,
            Self::Gaussian => 0.5,
        }
    }

    /// Writes each row's residual w (y − fitted) and curvature w (second derivative), for linear predictors `linear`.
    pub(super) fn rows(
        self,
        rows: &RowData,
        linear: &[f64],
        residual: &mut [f64],
        curvature: &mut [f64],
    ) -> Sums {
        let pieces: Vec<Sums> = (residual.par_chunks_mut(PIECE), curvature.par_chunks_mut(PIECE))
            .into_par_iter()
            .enumerate()
            .map(|(piece, (residual, curvature))| {
                let from = piece * PIECE;
                let to = from + residual.len();
                let (y, w) = (&rows.outcome[from..to], &rows.weights[from..to]);
                match self {
                    Self::Binomial => logistic_rows(y, w, &linear[from..to], residual, curvature),
                    Self::Gaussian => squared_rows(y, w, &linear[from..to], residual, curvature),
                }
            })
            .collect();
        pieces.into_iter().fold(Sums::default(), |a, b| Sums {
            residual: a.residual + b.residual,
            curvature: a.curvature + b.curvature,
            distance: a.distance + b.distance,
        })
    }

    /// Weighted mean loss at linear predictors `linear`.
    pub(super) fn loss(self, rows: &RowData, linear: &[f64]) -> f64 {
        let pieces: Vec<f64> =
            (rows.outcome.par_chunks(PIECE), rows.weights.par_chunks(PIECE), linear.par_chunks(PIECE))
                .into_par_iter()
                .map(|(y, w, linear)| {
                    y.iter()
                        .zip(w)
                        .zip(linear)
                        .map(|((&y, &w), &linear)| match self {
                            Self::Binomial => w * softplus(if y > 0.5 { -linear } else { linear }),
                            Self::Gaussian => 0.5 * w * (y - linear) * (y - linear),
                        })
                        .sum()
                })
                .collect();
        pieces.iter().sum()
    }
}

/// Outcome and weights as the solver needs them.
#[derive(Debug)]
pub(super) struct RowData {
    /// 0 or 1; or a number with weighted mean 0 and standard deviation 1.
    pub(super) outcome: Vec<f64>,
    /// Weights that sum to 1.
    pub(super) weights: Vec<f64>,
}

/// log(1 + e^x).
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

fn logistic_rows(y: &[f64], w: &[f64], linear: &[f64], residual: &mut [f64], curvature: &mut [f64]) -> Sums {
    let n = residual.len();
    let (y, w, linear, curvature) = (&y[..n], &w[..n], &linear[..n], &mut curvature[..n]);
    // Towards the observed class the odds of the other one are q, its probability q / (1 + q).
    let mut odds = [0.0; PIECE];
    for row in 0..n {
        let side = 2.0 * y[row] - 1.0;
        let q = exp(-side * linear[row]);
        let right = 1.0 / (1.0 + q);
        let wrong = w[row] * q * right;
        residual[row] = side * wrong;
        curvature[row] = wrong * right;
        odds[row] = w[row] * q;
    }
    Sums { residual: sum(residual), curvature: sum(curvature), distance: sum(&odds[..n]) }
}

fn squared_rows(y: &[f64], w: &[f64], linear: &[f64], residual: &mut [f64], curvature: &mut [f64]) -> Sums {
    let mut distance = 0.0;
    for row in 0..residual.len() {
        let off = y[row] - linear[row];
        residual[row] = w[row] * off;
        curvature[row] = w[row];
        distance += w[row] * off * off;
    }
    Sums { residual: sum(residual), curvature: sum(curvature), distance }
}

/// Sum in a fixed order.
fn sum(values: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let chunks = values.chunks_exact(8);
    let rest: f64 = chunks.remainder().iter().sum();
    for chunk in chunks {
        for lane in 0..8 {
            lanes[lane] += chunk[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn residual_and_curvature_are_derivatives_of_the_loss() {
        for family in [Family::Binomial, Family::Gaussian] {
            let rows = RowData { outcome: vec![1.0, 0.0, 1.0], weights: vec![0.2, 0.3, 0.5] };
            let at = [0.3, -1.2, 4.0];
            let (mut residual, mut curvature) = (vec![0.0; 3], vec![0.0; 3]);
            let sums = family.rows(&rows, &at, &mut residual, &mut curvature);
            let step = 1e-4;
            for row in 0..3 {
                let moved = |by: f64| {
                    let mut at = at;
                    at[row] += by;
                    family.loss(&rows, &at)
                };
                let slope = (moved(step) - moved(-step)) / (2.0 * step);
                let bend = (moved(step) - 2.0 * moved(0.0) + moved(-step)) / (step * step);
                assert!((slope + residual[row]).abs() < 1e-8, "{family:?} {row}");
                assert!((bend - curvature[row]).abs() < 1e-6, "{family:?} {row}");
            }
            let distance: f64 = residual.iter().zip(&curvature).map(|(r, c)| r * r / c).sum();
            assert!((sums.distance / distance - 1.0).abs() < 1e-12, "{family:?}");
        }
    }

    #[test]
    fn far_linear_predictors_stay_finite() {
        let rows = RowData { outcome: vec![1.0, 0.0], weights: vec![0.5, 0.5] };
        let (mut residual, mut curvature) = (vec![0.0; 2], vec![0.0; 2]);
        for far in [1e5, -1e5, 700.0, -700.0] {
            Family::Binomial.rows(&rows, &[far, far], &mut residual, &mut curvature);
            assert!(residual.iter().chain(&curvature).all(|v| v.is_finite()), "{far}");
            assert!(Family::Binomial.loss(&rows, &[far, far]).is_finite());
        }
    }
}
