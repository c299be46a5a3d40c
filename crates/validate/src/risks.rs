//! Distributions of risks by outcome.

use crate::RiskDistribution;
use crate::bootstrap::quantile;
use crate::sorted::Sorted;

/// Histograms of the risks of events and non-events, in bins of a half percent where risks are low and of up to 5 % where
/// they spread.
pub(crate) fn distribution(sorted: &Sorted) -> RiskDistribution {
    let top = sorted.score[sorted.rows() - 1].max(1e-6);
    let width =
        [0.0025, 0.005, 0.01, 0.02, 0.025, 0.05].into_iter().find(|w| top / w <= 40.0).unwrap_or(0.05);
    let bins = ((top / width).ceil() as usize).clamp(1, 20.max((1.0 / width) as usize));
    let edges: Vec<f64> = (0..=bins).map(|k| k as f64 * width).collect();
    let (mut events, mut non_events) = (vec![0; bins], vec![0; bins]);
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for (&p, &y) in sorted.score.iter().zip(&sorted.y) {
        let bin = ((p / width) as usize).min(bins - 1);
        if y > 0.5 {
            events[bin] += 1;
            with.push(p);
        } else {
            non_events[bin] += 1;
            without.push(p);
        }
    }
    let quartiles = |v: &[f64]| (!v.is_empty()).then(|| [0.25, 0.5, 0.75].map(|q| quantile(v, q)));
    RiskDistribution {
        event_quartiles: quartiles(&with),
        non_event_quartiles: quartiles(&without),
        edges,
        events,
        non_events,
    }
}
