//! What acting at a threshold means.

use crate::bootstrap::People;
use crate::proportion::proportion;
use crate::{Estimate, ThresholdRow};

/// Counts and shares at one threshold. The net benefit's interval is the caller's.
pub(crate) fn row(
    risks: &[f64],
    y: &[f64],
    people: &People,
    threshold: f64,
    net_benefit: Estimate,
    confidence: f64,
) -> ThresholdRow {
    let count = |alert: bool, event: bool| {
        risks.iter().zip(y).filter(|(p, y)| (**p >= threshold) == alert && (**y > 0.5) == event).count()
    };
    let (tp, fp, tn, fn_) = (count(true, true), count(true, false), count(false, false), count(false, true));
    let alert = |row: usize| risks[row] >= threshold;
    let event = |row: usize| y[row] > 0.5;
    let share = |among: &dyn Fn(usize) -> bool, of: &dyn Fn(usize) -> bool| {
        let rows = (0..risks.len()).filter(|&row| among(row)).map(|row| (row, of(row)));
        proportion(people, rows, confidence)
    };
    let nobody = |who: &'static str| move || Estimate::none(format!("no held-out row is {who} the event"));
    ThresholdRow {
        threshold,
        true_positives: tp,
        false_positives: fp,
        true_negatives: tn,
        false_negatives: fn_,
        sensitivity: share(&event, &alert).unwrap_or_else(nobody("with")),
        specificity: share(&|row| !event(row), &|row| !alert(row)).unwrap_or_else(nobody("without")),
        ppv: share(&alert, &event),
        npv: share(&|row| !alert(row), &|row| !event(row)),
        alerts_per_100: 100.0 * (tp + fp) as f64 / risks.len() as f64,
        net_benefit,
    }
}
