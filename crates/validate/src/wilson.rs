//! Intervals of a proportion.

use crate::{Estimate, normal_quantile};

/// A proportion with Wilson's score interval (Wilson 1927, doi 10.1080/01621459.1927.10502953); rows are independent. `None`
/// when there is nothing to take a proportion of, when there are more successes than trials, or when `confidence` lies
/// outside (0, 1).
///
/// ```
/// let e = bedside_validate::wilson(8, 10, 0.95).unwrap();
/// assert!((e.low.unwrap() - 0.490_162).abs() < 1e-6 && (e.high.unwrap() - 0.943_318).abs() < 1e-6);
/// ```
#[must_use]
pub fn wilson(successes: usize, of: usize, confidence: f64) -> Option<Estimate> {
    if of == 0 || successes > of || !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let p = successes as f64 / of as f64;
    let (low, high) = limits(p, of as f64, confidence);
    Some(Estimate { value: Some(p), low: Some(low), high: Some(high), how: "Wilson".to_owned() })
}

/// Wilson's limits for a proportion of `n` trials, which need not be whole.
pub(crate) fn limits(p: f64, n: f64, confidence: f64) -> (f64, f64) {
    let z = normal_quantile(0.5 + confidence / 2.0);
    let z2 = z * z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    // At the ends the exact limit is the end itself; rounding must not move it.
    let low = if p <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if p >= 1.0 { 1.0 } else { (centre + half).min(1.0) };
    (low, high)
}

/// An estimate without an interval, and why.
pub(crate) fn no_limits(value: f64, how: &str) -> Estimate {
    Estimate { value: Some(value), low: None, high: None, how: how.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_no_proportion() {
        assert_eq!(wilson(0, 0, 0.95), None);
        assert_eq!(wilson(2, 1, 0.95), None);
        assert_eq!(wilson(1, 2, f64::NAN), None);
    }

    #[test]
    fn none_and_all_touch_their_ends() {
        let (none, all) = (wilson(0, 7, 0.95).unwrap(), wilson(7, 7, 0.95).unwrap());
        assert_eq!((none.low, all.high), (Some(0.0), Some(1.0)));
        assert!(none.high.unwrap() > 0.3 && all.low.unwrap() < 0.7);
    }
}
