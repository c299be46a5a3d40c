//! The area under the precision-recall curve.

use crate::sorted::Sorted;

/// Average precision: the mean of precision over events, thresholds at each distinct score, without interpolation
/// (which is too kind: Davis, Goadrich 2006, doi 10.1145/1143844.1143874). `None` when no event has weight.
pub(crate) fn average_precision(sorted: &Sorted, weight: impl Fn(usize) -> f64) -> Option<f64> {
    let (mut above, mut events, mut sum) = (0.0, 0.0, 0.0);
    let mut end = sorted.rows();
    for run in (0..sorted.ends.len()).rev() {
        let start = if run == 0 { 0 } else { sorted.ends[run - 1] as usize };
        let mut found = 0.0;
        for i in start..end {
            let w = weight(i);
            above += w;
            found += w * sorted.y[i];
        }
        if found > 0.0 {
            events += found;
            sum += found * events / above;
        }
        end = start;
    }
    (events > 0.0).then(|| sum / events)
}

/// The area under the curve that runs between thresholds as true and false positives grow in proportion (Davis, Goadrich
/// 2006; closed form of its pieces: Keilwagen, Grosse, Grau 2014, doi 10.1371/journal.pone.0092209). `None` without events.
pub(crate) fn interpolated(sorted: &Sorted) -> Option<f64> {
    let (mut tp, mut fp, mut area) = (0.0, 0.0, 0.0);
    let mut end = sorted.rows();
    for run in (0..sorted.ends.len()).rev() {
        let start = if run == 0 { 0 } else { sorted.ends[run - 1] as usize };
        let found: f64 = sorted.y[start..end].iter().sum();
        let others = (end - start) as f64 - found;
        if found > 0.0 {
            // Precision at t true positives: t / (grow t + rest).
            let grow = 1.0 + others / found;
            let rest = fp - (grow - 1.0) * tp;
            area += found / grow;
            if rest.abs() > 0.0 {
                area -= rest / (grow * grow) * ((grow * (tp + found) + rest) / (grow * tp + rest)).ln();
            }
        }
        (tp, fp, end) = (tp + found, fp + others, start);
    }
    (tp > 0.0).then(|| area / tp)
}
