//! How far risks are from event frequencies: the flexible curve, and what it says in numbers.
//!
//! Austin, Steyerberg 2019, doi 10.1002/sim.8281 (ICI, E50, E90); Harrell, Lee, Mark 1996,
//! doi 10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4 (Emax), with lowess as the smoother.

use crate::bootstrap::{People, quantile};
use crate::lowess::{Points, smooth};
use crate::proportion::proportion;
use crate::sorted::Sorted;
use crate::{CalibrationGroup, Estimate};

/// Up to this many distinct risks every replicate's curve is exact. Beyond, risks in the middle are pooled; the
/// estimate itself is exact always.
const EXACT: usize = 600;

/// Distinct risks at either end that are never pooled: there the curve bends, and there the largest distance lies.
const ENDS: usize = 60;

/// Bins of equally many rows between the ends.
const BINS: usize = 400;

/// Points of the curve that is shown.
const POINTS: usize = 101;

/// Distances between risk and smoothed frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Distances {
    pub(crate) mean: f64,
    pub(crate) median: f64,
    pub(crate) ninetieth: f64,
    pub(crate) largest: f64,
}

impl Distances {
    /// Of a curve that does not exist.
    pub(crate) const UNKNOWN: Self =
        Self { mean: f64::NAN, median: f64::NAN, ninetieth: f64::NAN, largest: f64::NAN };
}

/// A smoothed calibration curve.
#[derive(Debug)]
pub(crate) struct Flexible {
    points: Points,
    curve: Vec<f64>,
}

impl Flexible {
    /// The curve over bins of the sorted rows (`ends`: where each ends), a row counted as often as `times` says.
    /// `None` when fewer than two bins have rows.
    pub(crate) fn new(sorted: &Sorted, ends: &[u32], times: impl Fn(usize) -> u32) -> Option<Self> {
        let mut points = Points::default();
        let mut start = 0;
        for &end in ends {
            let (mut weight, mut risk, mut events) = (0.0, 0.0, 0.0);
            for i in start..end as usize {
                let w = f64::from(times(i));
                weight += w;
                risk += w * sorted.score[i];
                events += w * sorted.y[i];
            }
            if weight > 0.0 {
                let only = sorted.score[start] >= sorted.score[end as usize - 1];
                points.push(if only { sorted.score[start] } else { risk / weight }, events / weight, weight);
            }
            start = end as usize;
        }
        let curve = smooth(&points);
        (points.x.len() > 1).then_some(Self { points, curve })
    }

    /// The curve at one risk, by linear interpolation; beyond the ends it stays level.
    pub(crate) fn at(&self, risk: f64) -> f64 {
        let (x, y) = (&self.points.x, &self.curve);
        let right = x.partition_point(|&v| v < risk).min(x.len() - 1);
        if right == 0 || x[right] <= risk {
            return y[right];
        }
        let left = right - 1;
        y[left] + (y[right] - y[left]) * (risk - x[left]) / (x[right] - x[left])
    }

    /// Distances between risk and curve, over the rows.
    pub(crate) fn distances(&self) -> Distances {
        let mut far: Vec<(f64, f64)> = self
            .points
            .x
            .iter()
            .zip(&self.curve)
            .zip(&self.points.weight)
            .map(|((p, c), &w)| ((p - c).abs(), w))
            .collect();
        let total: f64 = self.points.weight.iter().sum();
        let mean = far.iter().map(|(d, w)| d * w).sum::<f64>() / total;
        far.sort_by(|a, b| a.0.total_cmp(&b.0));
        let largest = far[far.len() - 1].0;
        Distances { mean, median: share(&far, total, 0.5), ninetieth: share(&far, total, 0.9), largest }
    }
}

/// The quantile of ascending values that stand for whole numbers of rows: as [`quantile`] of the rows themselves.
fn share(ascending: &[(f64, f64)], total: f64, share: f64) -> f64 {
    let position = share * (total - 1.0);
    let (low, part) = (position.floor(), position.fract());
    let place = |number: f64| {
        let mut passed = 0.0;
        let found = ascending.iter().find(|(_, w)| {
            passed += w;
            passed > number
        });
        found.map_or(ascending[ascending.len() - 1].0, |(value, _)| *value)
    };
    let below = place(low);
    below + part * (place((low + 1.0).min(total - 1.0)) - below)
}

/// Where the bins of replicates end among the sorted rows; rows of equal risk are never parted.
pub(crate) fn bins(sorted: &Sorted) -> Vec<u32> {
    let runs = &sorted.ends;
    if runs.len() <= EXACT {
        return runs.clone();
    }
    let (first, last) = (runs[ENDS - 1], runs[runs.len() - 1 - ENDS]);
    let mut ends = runs[..ENDS].to_vec();
    for k in 1..=BINS as u64 {
        let wanted = u64::from(first) + k * u64::from(last - first) / BINS as u64;
        let end = runs[runs.partition_point(|&end| u64::from(end) < wanted)];
        if ends[ends.len() - 1] < end {
            ends.push(end);
        }
    }
    ends.extend(&runs[runs.len() - ENDS..]);
    ends
}

/// Where the shown curve is drawn: between the 0.5 % and 99.5 % quantiles of the risks, beyond which there are too few rows.
pub(crate) fn grid(sorted: &Sorted) -> Vec<f64> {
    let (low, high) = (quantile(&sorted.score, 0.005), quantile(&sorted.score, 0.995));
    (0..POINTS).map(|k| low + (high - low) * k as f64 / (POINTS - 1) as f64).collect()
}

/// Rows in tenths of the score, mean score against `observed` (which gets places among the sorted rows). Equal scores stay
/// together, so there may be fewer than ten.
pub(crate) fn tenths(
    sorted: &Sorted,
    observed: impl Fn(std::ops::Range<usize>) -> Option<Estimate>,
) -> Vec<CalibrationGroup> {
    const GROUPS: usize = 10;
    let n = sorted.rows();
    let mut groups = Vec::new();
    let mut start = 0;
    for k in 1..=GROUPS {
        let run = sorted.ends.partition_point(|&end| (end as usize) < k * n / GROUPS);
        let end = sorted.ends[run.min(sorted.ends.len() - 1)] as usize;
        if end > start {
            let rows = end - start;
            let expected = sorted.score[start..end].iter().sum::<f64>() / rows as f64;
            groups.extend(observed(start..end).map(|observed| CalibrationGroup { rows, expected, observed }));
            start = end;
        }
    }
    groups
}

/// Tenths of risk: event frequency with Wilson limits.
pub(crate) fn tenths_of_risk(sorted: &Sorted, people: &People, confidence: f64) -> Vec<CalibrationGroup> {
    tenths(sorted, |places| {
        proportion(people, places.map(|i| (sorted.row[i] as usize, sorted.y[i] > 0.5)), confidence)
    })
}
