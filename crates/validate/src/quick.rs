//! Single measures of plain slices: for folds, tuning and permutation.
//!
//! `scores` and `y` are equally long; `y` is 0 or 1 where the measure is of risks.

use crate::sorted::Sorted;

/// Area under the ROC curve, ties counting half. `None` with one class only.
///
/// ```
/// assert_eq!(bedside_validate::quick::auroc(&[0.1, 0.4, 0.35, 0.8], &[0.0, 0.0, 1.0, 1.0]), Some(0.75));
/// ```
#[must_use]
pub fn auroc(scores: &[f64], y: &[f64]) -> Option<f64> {
    Sorted::new(scores, y).auroc(|_| 1.0)
}

/// Mean squared error of risks (Brier 1950).
#[must_use]
pub fn brier(scores: &[f64], y: &[f64]) -> f64 {
    mean(scores.iter().zip(y).map(|(p, y)| (p - y) * (p - y)), scores.len())
}

/// Mean negative log-likelihood of a binary outcome. A risk of 0 or 1 that is wrong counts as one of 1e-15.
#[must_use]
pub fn log_loss(scores: &[f64], y: &[f64]) -> f64 {
    const LEAST: f64 = 1e-15;
    let loss = |(p, y): (&f64, &f64)| {
        let of_truth = if *y > 0.5 { *p } else { 1.0 - p };
        -of_truth.max(LEAST).ln()
    };
    mean(scores.iter().zip(y).map(loss), scores.len())
}

/// Root mean squared error.
#[must_use]
pub fn rmse(scores: &[f64], y: &[f64]) -> f64 {
    brier(scores, y).sqrt()
}

/// Mean absolute error.
#[must_use]
pub fn mae(scores: &[f64], y: &[f64]) -> f64 {
    mean(scores.iter().zip(y).map(|(p, y)| (p - y).abs()), scores.len())
}

/// 1 - squared error / squared distance from the mean of `y`. `None` when `y` does not vary.
#[must_use]
pub fn r_squared(scores: &[f64], y: &[f64]) -> Option<f64> {
    let centre = mean(y.iter().copied(), y.len());
    let spread: f64 = y.iter().map(|y| (y - centre) * (y - centre)).sum();
    let error: f64 = scores.iter().zip(y).map(|(p, y)| (p - y) * (p - y)).sum();
    (spread > 0.0).then(|| 1.0 - error / spread)
}

fn mean(values: impl Iterator<Item = f64>, count: usize) -> f64 {
    if count == 0 { 0.0 } else { values.sum::<f64>() / count as f64 }
}
