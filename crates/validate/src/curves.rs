//! The ROC and precision-recall curves as they are shown.

use crate::Curve;
use crate::sorted::Sorted;

/// At most this many points of a curve are kept.
const KEPT: usize = 400;

/// x = 1 - specificity, y = sensitivity, from (0, 0) to (1, 1). Empty with one class only.
pub(crate) fn roc(sorted: &Sorted) -> Curve {
    let events: f64 = sorted.y.iter().sum();
    let others = sorted.rows() as f64 - events;
    if events <= 0.0 || others <= 0.0 {
        return thinned(&[], &[]);
    }
    let (mut x, mut y) = (vec![0.0], vec![0.0]);
    for (tp, above) in cuts(sorted) {
        x.push((above - tp) / others);
        y.push(tp / events);
    }
    thinned(&x, &y)
}

/// x = recall, y = precision, from the highest risk down. Empty without events.
pub(crate) fn precision_recall(sorted: &Sorted) -> Curve {
    let events: f64 = sorted.y.iter().sum();
    if events <= 0.0 {
        return thinned(&[], &[]);
    }
    let (x, y): (Vec<f64>, Vec<f64>) = cuts(sorted).map(|(tp, above)| (tp / events, tp / above)).unzip();
    thinned(&x, &y)
}

/// Events and rows at or above each distinct score, from the highest down.
fn cuts(sorted: &Sorted) -> impl Iterator<Item = (f64, f64)> {
    let mut tp = 0.0;
    let starts = std::iter::once(0).chain(sorted.ends.iter().copied());
    let runs: Vec<(u32, u32)> = starts.zip(sorted.ends.iter().copied()).collect();
    runs.into_iter().rev().map(move |(start, end)| {
        tp += sorted.y[start as usize..end as usize].iter().sum::<f64>();
        (tp, (sorted.rows() - start as usize) as f64)
    })
}

/// Points at equal steps of their number, the first and last among them.
fn thinned(x: &[f64], y: &[f64]) -> Curve {
    let n = x.len();
    let keep: Vec<usize> =
        if n <= KEPT { (0..n).collect() } else { (0..KEPT).map(|k| k * (n - 1) / (KEPT - 1)).collect() };
    let take = |from: &[f64]| keep.iter().map(|&k| from[k]).collect();
    Curve { x: take(x), y: take(y), low: Vec::new(), high: Vec::new() }
}
