//! The area under the ROC curve, so that the bench needs no judge.

/// The share of pairs of an event and a non-event in which the event has the higher risk; ties count half.
pub(crate) fn auroc(events: &[f64], risks: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..risks.len()).collect();
    order.sort_by(|&a, &b| risks[a].total_cmp(&risks[b]));
    let (mut below, mut won) = (0.0, 0.0);
    for tied in order.chunk_by(|&a, &b| risks[a].to_bits() == risks[b].to_bits()) {
        let with = tied.iter().filter(|&&i| events[i] > 0.5).count() as f64;
        let without = tied.len() as f64 - with;
        won += with * (below + without / 2.0);
        below += without;
    }
    let with = events.iter().filter(|&&e| e > 0.5).count() as f64;
    won / (with * below)
}

#[cfg(test)]
mod tests {
    use super::auroc;

    #[test]
    fn pairs_are_counted_and_ties_count_half() {
        let events = [1.0, 0.0, 1.0, 0.0];
        assert!((auroc(&events, &[0.9, 0.1, 0.8, 0.2]) - 1.0).abs() < 1e-15);
        assert!((auroc(&events, &[0.5, 0.5, 0.5, 0.5]) - 0.5).abs() < 1e-15);
        assert!((auroc(&events, &[0.9, 0.5, 0.5, 0.1]) - 0.875).abs() < 1e-15);
    }
}
