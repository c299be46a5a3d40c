//! The variance of the area under the ROC curve.
//!
//! DeLong, DeLong, Clarke-Pearson 1988, doi 10.2307/2531595, in the O(n log n) form of Sun, Xu 2014,
//! doi 10.1109/LSP.2014.2337313: the share of the other class that a row outranks follows from its midranks.

use crate::wilson::no_limits;
use crate::{Estimate, JudgeError, normal_quantile, normal_two_sided};

/// An area under the ROC curve and its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeLong {
    /// The area.
    pub auroc: f64,
    /// Its variance, rows independent.
    pub variance: f64,
}

/// A paired comparison of two areas on the same rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paired {
    /// First area minus second.
    pub difference: f64,
    /// Variance of the difference.
    pub variance: f64,
    /// Two-sided p value; 1 when the areas are equal, absent when they differ but the variance is 0 (the test does not
    /// apply).
    pub p: Option<f64>,
}

/// The area and its variance. `y` is 0 or 1; rows are taken as independent.
///
/// # Errors
/// [`JudgeError::OneClass`] with one class, [`JudgeError::TooFew`] when a class has a single row.
pub fn delong(scores: &[f64], y: &[f64]) -> Result<DeLong, JudgeError> {
    let placed = Placed::new(scores, y)?;
    Ok(DeLong { auroc: placed.auroc, variance: placed.covariance(&placed) })
}

/// The area with DeLong's interval, cut off at 0 and 1; without one when the variance is 0.
pub(crate) fn interval(scores: &[f64], y: &[f64], confidence: f64) -> Result<Estimate, JudgeError> {
    let found = match delong(scores, y) {
        Ok(found) => found,
        Err(JudgeError::TooFew { .. }) => {
            let rows = y.len();
            let value = crate::quick::auroc(scores, y).ok_or(JudgeError::OneClass { rows })?;
            return Ok(no_limits(value, "no interval: a class has a single row"));
        }
        Err(other) => return Err(other),
    };
    if found.variance <= 0.0 {
        return Ok(no_limits(
            found.auroc,
            "no interval: DeLong's variance is 0, as when no pair of rows is misranked",
        ));
    }
    let half = normal_quantile(0.5 + confidence / 2.0) * found.variance.sqrt();
    let (low, high) = (found.auroc - half, found.auroc + half);
    let cut = if low < 0.0 || high > 1.0 { ", cut off at 0 and 1" } else { "" };
    Ok(Estimate {
        value: Some(found.auroc),
        low: Some(low.max(0.0)),
        high: Some(high.min(1.0)),
        how: format!("DeLong{cut}"),
    })
}

/// The difference between two areas on the same rows.
///
/// # Errors
/// As [`delong`].
pub fn paired(first: &[f64], second: &[f64], y: &[f64]) -> Result<Paired, JudgeError> {
    let (a, b) = (Placed::new(first, y)?, Placed::new(second, y)?);
    let difference = a.auroc - b.auroc;
    let variance = (a.covariance(&a) + b.covariance(&b) - 2.0 * a.covariance(&b)).max(0.0);
    // Differences at the level of rounding are no differences.
    let p = if variance > 1e-30 {
        Some(normal_two_sided(difference / variance.sqrt()))
    } else {
        (difference.abs() < 1e-12).then_some(1.0)
    };
    Ok(Paired { difference, variance, p })
}

/// For each row, the share of the other class that it outranks (events) or that outranks it (non-events).
struct Placed {
    auroc: f64,
    events: Vec<f64>,
    non_events: Vec<f64>,
}

impl Placed {
    fn new(scores: &[f64], y: &[f64]) -> Result<Self, JudgeError> {
        let rows = scores.len();
        let of = |class: bool| -> Vec<f64> {
            scores.iter().zip(y).filter(|(_, y)| (**y > 0.5) == class).map(|(s, _)| s + 0.0).collect()
        };
        let (x, z) = (of(true), of(false));
        if x.is_empty() || z.is_empty() {
            return Err(JudgeError::OneClass { rows });
        }
        if x.len() < 2 || z.len() < 2 {
            return Err(JudgeError::TooFew { rows, least: 4 });
        }
        let (m, n) = (x.len() as f64, z.len() as f64);
        let all: Vec<f64> = x.iter().chain(&z).copied().collect();
        let (whole, own_x, own_z) = (midranks(&all), midranks(&x), midranks(&z));
        let events: Vec<f64> = own_x.iter().zip(&whole).map(|(own, all)| (all - own) / n).collect();
        let non_events: Vec<f64> =
            own_z.iter().zip(&whole[x.len()..]).map(|(own, all)| 1.0 - (all - own) / m).collect();
        let auroc = (events.iter().sum::<f64>() / m).clamp(0.0, 1.0);
        Ok(Self { auroc, events, non_events })
    }

    fn covariance(&self, other: &Self) -> f64 {
        let of = |a: &[f64], b: &[f64]| {
            let n = a.len() as f64;
            let (mean_a, mean_b) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
            let products: f64 = a.iter().zip(b).map(|(a, b)| (a - mean_a) * (b - mean_b)).sum();
            products / (n - 1.0) / n
        };
        of(&self.events, &other.events) + of(&self.non_events, &other.non_events)
    }
}

/// Ranks from 1; equal values share the mean of their ranks.
fn midranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start] as usize];
        let mut end = start + 1;
        while end < order.len() && values[order[end] as usize] <= value {
            end += 1;
        }
        let rank = 0.5 * (start + 1 + end) as f64;
        order[start..end].iter().for_each(|&row| ranks[row as usize] = rank);
        start = end;
    }
    ranks
}
