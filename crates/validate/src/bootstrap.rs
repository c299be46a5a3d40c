//! Resampling of patients.
//!
//! A replicate draws as many patients as there are, with replacement (Efron 1979, doi 10.1214/aos/1176344552; whole clusters:
//! Field, Welsh 2007, doi 10.1111/j.1467-9868.2007.00593.x). It is kept as a count a row, so no row is copied and rows
//! stay sorted. Replicate `k` depends on the seed and `k` alone: any number of threads gives the same bits.

use bedside_table::Seed;
use rayon::prelude::*;

use crate::Estimate;
use crate::wilson::no_limits;

/// Whose row each row is, as dense numbers.
#[derive(Debug)]
pub(crate) struct People {
    of_row: Vec<u32>,
    count: u32,
    repeated: bool,
}

impl People {
    pub(crate) fn new(clusters: Option<&[u32]>, rows: usize) -> Self {
        let Some(clusters) = clusters else {
            return Self { of_row: (0..rows as u32).collect(), count: rows as u32, repeated: false };
        };
        let mut number = std::collections::HashMap::new();
        let of_row = clusters
            .iter()
            .map(|&c| {
                let next = number.len() as u32;
                *number.entry(c).or_insert(next)
            })
            .collect();
        let count = number.len() as u32;
        Self { of_row, count, repeated: (count as usize) < rows }
    }

    pub(crate) fn count(&self) -> usize {
        self.count as usize
    }

    /// The patient of a row.
    pub(crate) fn of(&self, row: usize) -> u32 {
        self.of_row[row]
    }

    /// Whether some patient has several rows.
    pub(crate) fn repeated(&self) -> bool {
        self.repeated
    }

    /// How intervals are made, in words.
    pub(crate) fn words(&self, replicates: usize) -> String {
        let who = if self.repeated { "patients" } else { "rows" };
        format!("bootstrap of {who}, {replicates} replicates, percentile")
    }

    /// How often each row of `order` is drawn in a replicate.
    fn draw(&self, order: &[u32], seed: Seed) -> Vec<u32> {
        let mut times = vec![0u32; self.count as usize];
        let mut stream = seed.stream();
        (0..self.count).for_each(|_| times[stream.below(self.count) as usize] += 1);
        order.iter().map(|&row| times[self.of_row[row as usize] as usize]).collect()
    }

    /// A list of numbers for each replicate, NaN where a replicate does not have one (one class drawn). No replicates of a
    /// single patient: they would all be the sample.
    pub(crate) fn replicates<const N: usize>(
        &self,
        order: &[u32],
        replicates: usize,
        seed: Seed,
        measure: impl Fn(&[u32]) -> ([f64; N], Vec<f64>) + Sync,
    ) -> Vec<([f64; N], Vec<f64>)> {
        if self.count < 2 {
            return Vec::new();
        }
        (0..replicates as u64)
            .into_par_iter()
            .map(|k| measure(&self.draw(order, seed.derive("bootstrap", k))))
            .collect()
    }
}

/// The percentile interval of some replicates: quantiles by linear interpolation. `None` when fewer than half of the
/// replicates could be computed, as at the ends of a curve.
pub(crate) fn percentile(mut values: Vec<f64>, replicates: usize, tail: f64) -> Option<(f64, f64)> {
    values.retain(|v| v.is_finite());
    if values.len() * 2 < replicates || values.is_empty() {
        return None;
    }
    values.sort_by(f64::total_cmp);
    Some((quantile(&values, tail), quantile(&values, 1.0 - tail)))
}

/// A quantile of ascending numbers by linear interpolation (type 7 of Hyndman, Fan 1996, doi 10.2307/2684934).
pub(crate) fn quantile(ascending: &[f64], share: f64) -> f64 {
    let position = share * (ascending.len() - 1) as f64;
    let (low, part) = (position.floor() as usize, position.fract());
    let high = (low + 1).min(ascending.len() - 1);
    ascending[low] + part * (ascending[high] - ascending[low])
}

/// An estimate with its percentile interval, or with the reason why there is none: more replicates could not be computed than
/// would lie outside of it. Where a class is of one or two patients, the replicates without them are those that would show how
/// much hangs on them.
pub(crate) fn estimate(value: f64, values: Vec<f64>, replicates: usize, tail: f64, how: &str) -> Estimate {
    let known = values.iter().filter(|v| v.is_finite()).count();
    let enough = known as f64 >= (1.0 - 2.0 * tail) * replicates as f64;
    match percentile(values, replicates, tail).filter(|_| enough) {
        Some((low, high)) => {
            Estimate { value: Some(value), low: Some(low), high: Some(high), how: how.to_owned() }
        }
        None => no_limits(
            value,
            "no interval: too many bootstrap replicates could not be computed, as when a class, or all rows, are of one or two \
             patients",
        ),
    }
}

/// As [`estimate`], for a distance between two curves. Noise adds to a distance, and a replicate has the noise of the sample
/// once more: replicates lie too high, often all above the estimate, and so would their percentiles. They are therefore moved
/// down until their median is the estimate, and no limit falls below 0.
pub(crate) fn distance(value: f64, values: Vec<f64>, replicates: usize, tail: f64, how: &str) -> Estimate {
    let mut known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    known.sort_by(f64::total_cmp);
    let excess = if known.is_empty() { 0.0 } else { quantile(&known, 0.5) - value };
    let mut estimate = estimate(value, values, replicates, tail, how);
    estimate.low = estimate.low.map(|low| (low - excess).max(0.0));
    estimate.high = estimate.high.map(|high| high - excess);
    if estimate.low.is_some() {
        estimate.how.push_str(", centred on the estimate");
    }
    estimate
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_interval_when_more_is_unknown_than_lies_outside_of_it() {
        let of =
            |count: usize| estimate(0.5, (0..count).map(|k| k as f64).collect(), 1000, 0.025, "bootstrap");
        assert!(of(950).low.is_some() && of(950).high.is_some());
        assert_eq!((of(949).low, of(949).high), (None, None));
        assert!(of(949).how.starts_with("no interval"));
        assert_eq!(estimate(0.5, vec![f64::NAN; 1000], 1000, 0.025, "").low, None);
    }

    #[test]
    fn the_interval_of_a_distance_holds_the_distance() {
        let replicates: Vec<f64> = (0..100).map(|k| 0.05 + 0.001 * f64::from(k)).collect();
        let found = distance(0.04, replicates.clone(), 100, 0.025, "bootstrap");
        let (low, high) = (found.low.unwrap(), found.high.unwrap());
        assert_eq!(low, 0.0);
        assert!(0.04 < high && high < 0.09, "{high}");
        // Where replicates lie around the estimate, nothing changes.
        let (plain, moved) = (
            estimate(0.0995, replicates.clone(), 100, 0.025, ""),
            distance(0.0995, replicates, 100, 0.025, ""),
        );
        assert!((plain.low.unwrap() - moved.low.unwrap()).abs() < 1e-12);
        assert!((plain.high.unwrap() - moved.high.unwrap()).abs() < 1e-12);
    }
}
