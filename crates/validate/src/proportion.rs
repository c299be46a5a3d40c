//! Proportions among rows of which some belong to the same patient.

use crate::bootstrap::People;
use crate::wilson::{limits, wilson};
use crate::{Estimate, wilson::no_limits};

/// A proportion of rows (each with whether it counts), with Wilson's interval. Where patients repeat, the number of rows is
/// divided by the design effect: the variance of the ratio over patients by that of independent rows (Rao, Scott 1992,
/// doi 10.2307/2532311), at least 1. `None` without rows.
pub(crate) fn proportion(
    people: &People,
    rows: impl Iterator<Item = (usize, bool)>,
    confidence: f64,
) -> Option<Estimate> {
    let (mut hits, mut count) = (0usize, 0usize);
    let mut of_patient: Vec<(u32, bool)> = Vec::new();
    for (row, hit) in rows {
        count += 1;
        hits += usize::from(hit);
        if people.repeated() {
            of_patient.push((people.of(row), hit));
        }
    }
    if !people.repeated() || hits == 0 || hits == count {
        return wilson(hits, count, confidence);
    }
    let (n, p) = (count as f64, hits as f64 / count as f64);
    of_patient.sort_unstable();
    let patients = of_patient.chunk_by(|a, b| a.0 == b.0);
    let (mut clusters, mut squares) = (0.0, 0.0);
    for rows in patients {
        let away: f64 = rows.iter().map(|(_, hit)| f64::from(u8::from(*hit)) - p).sum();
        clusters += 1.0;
        squares += away * away;
    }
    if clusters < 2.0 {
        return Some(no_limits(p, "no interval: all rows belong to one patient"));
    }
    let effect = (clusters / (clusters - 1.0) * squares / (n * p * (1.0 - p))).max(1.0);
    let (low, high) = limits(p, n / effect, confidence);
    let how = format!("Wilson, design effect {effect:.2} of repeated patients");
    Some(Estimate { value: Some(p), low: Some(low), high: Some(high), how })
}
