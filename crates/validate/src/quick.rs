//! Single measures of plain slices: for folds, tuning and permutation.
//!
//! `scores` and `y` are equally long and finite; `y` is 0 or 1 where the measure is of risks. Rows beyond the shorter list
//! are not read by the means; the ranking measures panic when `y` is shorter.

use crate::average_precision;
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

/// As [`auroc`], each row counting as often as its weight says (finite, not negative). `None` when a class has no weight.
///
/// # Panics
/// If `weights` is shorter than `scores`.
///
/// ```
/// use bedside_validate::quick::{auroc, auroc_weighted};
/// let twice = auroc_weighted(&[0.1, 0.4, 0.3], &[0.0, 0.0, 1.0], &[2.0, 1.0, 1.0]);
/// assert_eq!(twice, auroc(&[0.1, 0.1, 0.4, 0.3], &[0.0, 0.0, 0.0, 1.0]));
/// ```
#[must_use]
pub fn auroc_weighted(scores: &[f64], y: &[f64], weights: &[f64]) -> Option<f64> {
    let sorted = Sorted::new(scores, y);
    sorted.auroc(|i| weights[sorted.row[i] as usize])
}

/// Average precision: the area under the precision-recall curve without interpolation. `None` without events.
///
/// ```
/// assert_eq!(bedside_validate::quick::average_precision(&[0.9, 0.8, 0.7], &[1.0, 0.0, 1.0]), Some(0.5 + 1.0 / 3.0));
/// ```
#[must_use]
pub fn average_precision(scores: &[f64], y: &[f64]) -> Option<f64> {
    average_precision::average_precision(&Sorted::new(scores, y), |_| 1.0)
}

/// The area under the continuously interpolated precision-recall curve: the other definition in use.
/// `None` without events.
#[must_use]
pub fn interpolated_precision(scores: &[f64], y: &[f64]) -> Option<f64> {
    average_precision::interpolated(&Sorted::new(scores, y))
}

/// Mean squared error of risks (Brier 1950, doi 10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2).
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
