//! What acting at a threshold means.

use crate::{Estimate, ThresholdRow, wilson};

/// Counts and shares at one threshold. The net benefit's interval is the caller's.
pub(crate) fn row(risks: &[f64], y: &[f64], threshold: f64, net_benefit: Estimate, confidence: f64) -> ThresholdRow {
    let (mut tp, mut fp, mut tn, mut fn_) = (0, 0, 0, 0);
    for (&p, &y) in risks.iter().zip(y) {
        match (p >= threshold, y > 0.5) {
            (true, true) => tp += 1,
            (true, false) => fp += 1,
            (false, false) => tn += 1,
            (false, true) => fn_ += 1,
        }
    }
    let of = |k: usize, n: usize| {
        wilson(k, n, confidence).unwrap_or(Estimate { value: 0.0, low: None, high: None, how: "nobody".to_owned() })
    };
    ThresholdRow {
        threshold,
        true_positives: tp,
        false_positives: fp,
        true_negatives: tn,
        false_negatives: fn_,
        sensitivity: of(tp, tp + fn_),
        specificity: of(tn, tn + fp),
        ppv: wilson(tp, tp + fp, confidence),
        npv: wilson(tn, tn + fn_, confidence),
        alerts_per_100: 100.0 * (tp + fp) as f64 / risks.len() as f64,
        net_benefit,
    }
}
