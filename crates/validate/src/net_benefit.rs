//! Net benefit: what acting on a model is worth, in true positives a row.
//!
//! Vickers, Elkin 2006, doi 10.1177/0272989X06295361: true positives minus false positives weighted by the odds of the
//! threshold. One acts when the risk is at least the threshold.

use crate::sorted::Sorted;

/// Net benefit of acting on risks at or above a threshold, a row. `y` is 0 or 1.
///
/// ```
/// // Two of four are events; at 0.5 one event and one non-event are acted on.
/// let nb = bedside_validate::net_benefit(&[0.9, 0.6, 0.2, 0.1], &[1.0, 0.0, 1.0, 0.0], 0.5);
/// assert_eq!(nb, 0.25 - 0.25);
/// ```
#[must_use]
pub fn net_benefit(risks: &[f64], y: &[f64], threshold: f64) -> f64 {
    let odds = threshold / (1.0 - threshold);
    let (mut tp, mut fp) = (0.0, 0.0);
    for (&p, &y) in risks.iter().zip(y) {
        if p >= threshold {
            tp += y;
            fp += 1.0 - y;
        }
    }
    (tp - fp * odds) / risks.len() as f64
}

/// Net benefit of acting on everybody.
pub(crate) fn treat_all(prevalence: f64, threshold: f64) -> f64 {
    prevalence - (1.0 - prevalence) * threshold / (1.0 - threshold)
}

/// Net benefit at ascending thresholds, of weighted sorted rows, in one pass. `None` without weight.
pub(crate) fn curve(sorted: &Sorted, weight: impl Fn(usize) -> f64, thresholds: &[f64]) -> Option<Vec<f64>> {
    let mut values = vec![0.0; thresholds.len()];
    let (mut tp, mut fp) = (0.0, 0.0);
    let mut at = sorted.rows();
    for (k, &threshold) in thresholds.iter().enumerate().rev() {
        while at > 0 && sorted.score[at - 1] >= threshold {
            at -= 1;
            let w = weight(at);
            tp += w * sorted.y[at];
            fp += w * (1.0 - sorted.y[at]);
        }
        values[k] = tp - fp * threshold / (1.0 - threshold);
    }
    let total: f64 = (0..sorted.rows()).map(weight).sum();
    if total <= 0.0 {
        return None;
    }
    values.iter_mut().for_each(|v| *v /= total);
    Some(values)
}
