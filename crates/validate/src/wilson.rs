//! Intervals of a proportion.

use crate::{Estimate, normal_quantile};

/// A proportion with Wilson's score interval (Wilson 1927, doi 10.1080/01621459.1927.10502953). `None` when there is nothing
/// to take a proportion of.
///
/// ```
/// let e = bedside_validate::wilson(8, 10, 0.95).unwrap();
/// assert!((e.low.unwrap() - 0.490_162).abs() < 1e-6 && (e.high.unwrap() - 0.943_318).abs() < 1e-6);
/// ```
#[must_use]
pub fn wilson(successes: usize, of: usize, confidence: f64) -> Option<Estimate> {
    if of == 0 {
        return None;
    }
    let n = of as f64;
    let p = successes as f64 / n;
    let z = normal_quantile(0.5 + confidence / 2.0);
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let (low, high) = ((centre - half).max(0.0), (centre + half).min(1.0));
    // At the ends the exact limit is the end itself; rounding must not move it.
    let low = if successes == 0 { 0.0 } else { low };
    let high = if successes == of { 1.0 } else { high };
    Some(Estimate { value: p, low: Some(low), high: Some(high), how: "Wilson".to_owned() })
}
