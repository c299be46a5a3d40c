//! Where a numeric predictor is cut into bins.

/// Thresholds between bins, ascending: bin `b` holds the values in `(threshold[b - 1], threshold[b]]`.
///
/// With no more distinct values than bins, each value has its own. Otherwise bins are quantiles: a value that fills a
/// bin's share alone ends its bin (less than half a share may stand beside it), the others are packed into the bins that
/// remain until each holds its share.
/// Thresholds lie halfway between neighbouring values. Values that occur in no row do not exist.
pub(super) fn edges(values: &[f64], counts: &[u32], bins: usize) -> Vec<f64> {
    let present: Vec<(f64, u64)> = values
        .iter()
        .zip(counts)
        .filter(|&(_, &count)| count > 0)
        .map(|(&value, &count)| (value, u64::from(count)))
        .collect();
    let between = |i: usize| midpoint(present[i].0, present[i + 1].0);
    if present.len() <= bins {
        return (1..present.len()).map(|i| between(i - 1)).collect();
    }
    let rows: u64 = present.iter().map(|&(_, count)| count).sum();
    let share = rows as f64 / bins as f64;
    let heavy = |count: u64| count as f64 >= share;
    let (heavy_values, heavy_rows) =
        present.iter().filter(|p| heavy(p.1)).fold((0usize, 0u64), |(v, r), p| (v + 1, r + p.1));
    let (mut bins_left, mut rows_left) = (bins - heavy_values, rows - heavy_rows);
    let mut share = rows_left as f64 / bins_left.max(1) as f64;
    let (mut cuts, mut held) = (Vec::with_capacity(bins), 0u64);
    for i in 0..present.len() - 1 {
        let (count, next) = (present[i].1, present[i + 1].1);
        held += count;
        if !heavy(count) {
            rows_left -= count;
        }
        let full = heavy(count) || held as f64 >= share || (heavy(next) && held as f64 >= 0.5 * share);
        if full && cuts.len() + 1 < bins {
            cuts.push(between(i));
            if !heavy(count) {
                bins_left = bins_left.saturating_sub(1);
                share = rows_left as f64 / bins_left.max(1) as f64;
            }
            held = 0;
        }
    }
    cuts
}

/// Halfway between `low` and `high`, never `high` itself, so that `low` is at or below it and `high` above.
fn midpoint(low: f64, high: f64) -> f64 {
    let middle = 0.5 * low + 0.5 * high;
    if middle >= low && middle < high { middle } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_a_bin_each() {
        assert_eq!(edges(&[1.0, 2.0, 5.0, 9.0], &[3, 0, 1, 4], 255), [3.0, 7.0]);
        assert_eq!(edges(&[1.0], &[3], 255), [0.0; 0]);
        assert_eq!(edges(&[], &[], 255), [0.0; 0]);
    }

    #[test]
    fn many_values_are_quantiles() {
        let values: Vec<f64> = (0..1000).map(f64::from).collect();
        let mut counts = vec![10; 1000];
        let cuts = edges(&values, &counts, 100);
        assert_eq!(cuts.len(), 99);
        assert!(cuts.windows(2).all(|w| (w[1] - w[0] - 10.0).abs() < 1e-9));
        counts[500] = 100_000;
        let cuts = edges(&values, &counts, 100);
        let after = cuts.iter().position(|&cut| cut == 500.5).expect("a heavy value ends its bin");
        assert!(cuts[after - 1] > 494.0, "with at most half a share beside it");
        assert!(cuts.len() <= 99 && cuts.len() > 90);
    }

    #[test]
    fn neighbouring_floats_are_kept_apart() {
        for low in [1.0, -1e-310, f64::MAX / 2.0, -f64::MAX] {
            let high = low.next_up();
            let cut = midpoint(low, high);
            assert!(low <= cut && cut < high);
        }
        assert!(midpoint(-f64::MAX, f64::MAX) == 0.0);
    }
}
