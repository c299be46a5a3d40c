//! How far risks are from event frequencies: the flexible curve, and what it says in numbers.
//!
//! Austin, Steyerberg 2019, doi 10.1002/sim.8281 (ICI, E50, E90); Harrell 2015 (Emax), with lowess as the smoother.

use crate::bootstrap::quantile;
use crate::lowess::{SPAN, lowess};
use crate::sorted::Sorted;
use crate::{CalibrationGroup, wilson};

/// Bins behind the curve of a bootstrap replicate. The estimate itself is exact.
const BINS: usize = 400;

/// Points of the curve that is shown.
pub(crate) const POINTS: usize = 101;

/// Distances between risk and smoothed frequency.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Distances {
    pub(crate) mean: f64,
    pub(crate) median: f64,
    pub(crate) ninetieth: f64,
    pub(crate) largest: f64,
}

/// The smoothed event frequency of every sorted row; equal risks share one value.
pub(crate) fn smooth(sorted: &Sorted) -> Vec<f64> {
    let mut curve = lowess(&sorted.score, &sorted.y);
    let mut start = 0;
    for &end in &sorted.ends {
        let run = &mut curve[start..end as usize];
        let mean = run.iter().sum::<f64>() / run.len() as f64;
        run.fill(mean);
        start = end as usize;
    }
    curve
}

/// Distances over the rows.
pub(crate) fn distances(risk: &[f64], curve: &[f64]) -> Distances {
    let mut far: Vec<f64> = risk.iter().zip(curve).map(|(p, c)| (p - c).abs()).collect();
    let mean = far.iter().sum::<f64>() / far.len() as f64;
    far.sort_by(f64::total_cmp);
    Distances { mean, median: quantile(&far, 0.5), ninetieth: quantile(&far, 0.9), largest: far[far.len() - 1] }
}

/// Where the shown curve is drawn: between the 0.5 % and 99.5 % quantiles of the risks, beyond which there are too few rows.
pub(crate) fn grid(sorted: &Sorted) -> Vec<f64> {
    let (low, high) = (quantile(&sorted.score, 0.005), quantile(&sorted.score, 0.995));
    (0..POINTS).map(|k| low + (high - low) * k as f64 / (POINTS - 1) as f64).collect()
}

/// The curve between its points, by linear interpolation.
pub(crate) fn at(x: &[f64], y: &[f64], place: f64) -> f64 {
    let right = x.partition_point(|&v| v < place).min(x.len() - 1);
    if right == 0 || x[right] <= place {
        return y[right];
    }
    let left = right - 1;
    let width = x[right] - x[left];
    if width <= 0.0 { y[right] } else { y[left] + (y[right] - y[left]) * (place - x[left]) / width }
}

/// Rows pooled into bins of equal size by risk, for the curves of bootstrap replicates.
#[derive(Debug)]
pub(crate) struct Binned {
    /// Where each bin ends among the sorted rows.
    ends: Vec<usize>,
}

impl Binned {
    pub(crate) fn new(sorted: &Sorted) -> Self {
        let n = sorted.rows();
        let mut ends: Vec<usize> = Vec::new();
        for k in 1..=BINS {
            // A bin never divides rows of equal risk.
            let wanted = k * n / BINS;
            let run = sorted.ends.partition_point(|&end| (end as usize) < wanted);
            let end = sorted.ends[run.min(sorted.ends.len() - 1)] as usize;
            if ends.last() != Some(&end) && end > 0 {
                ends.push(end);
            }
        }
        Self { ends }
    }

    /// A replicate's curve on a grid, and its distances: local lines over the bins, weighted by the rows drawn.
    pub(crate) fn curve(&self, sorted: &Sorted, drawn: &[u32], grid: &[f64]) -> Option<(Vec<f64>, Distances)> {
        let (mut x, mut y, mut w) = (Vec::new(), Vec::new(), Vec::new());
        let mut start = 0;
        for &end in &self.ends {
            let (mut weight, mut risk, mut events) = (0.0, 0.0, 0.0);
            for i in start..end {
                let times = f64::from(drawn[i]);
                weight += times;
                risk += times * sorted.score[i];
                events += times * sorted.y[i];
            }
            if weight > 0.0 {
                x.push(risk / weight);
                y.push(events / weight);
                w.push(weight);
            }
            start = end;
        }
        if x.len() < 2 {
            return None;
        }
        let curve: Vec<f64> = grid.iter().map(|&place| local_line(&x, &y, &w, place)).collect();
        let total: f64 = w.iter().sum();
        let mut far: Vec<(f64, f64)> =
            x.iter().zip(&w).map(|(&p, &w)| ((p - at(grid, &curve, p)).abs(), w)).collect();
        let mean = far.iter().map(|(d, w)| d * w).sum::<f64>() / total;
        far.sort_by(|a, b| a.0.total_cmp(&b.0));
        let share = |share: f64| {
            let mut sum = 0.0;
            far.iter()
                .find(|(_, w)| {
                    sum += w;
                    sum >= share * total
                })
                .map_or(far[far.len() - 1].0, |(d, _)| *d)
        };
        let largest = far[far.len() - 1].0;
        Some((curve, Distances { mean, median: share(0.5), ninetieth: share(0.9), largest }))
    }
}

/// A local line over weighted points: the window holds the nearest [`SPAN`] of the weight.
fn local_line(x: &[f64], y: &[f64], w: &[f64], place: f64) -> f64 {
    let wanted = SPAN * w.iter().sum::<f64>();
    let mut right = x.partition_point(|&v| v < place);
    let mut left = right;
    let mut held = 0.0;
    while held < wanted && (left > 0 || right < x.len()) {
        let take_left = match (left > 0, right < x.len()) {
            (true, true) => place - x[left - 1] <= x[right] - place,
            (only_left, _) => only_left,
        };
        if take_left {
            left -= 1;
            held += w[left];
        } else {
            held += w[right];
            right += 1;
        }
    }
    let reach = (place - x[left]).max(x[right - 1] - place).max(f64::MIN_POSITIVE) * (1.0 + 1e-9);
    let (mut s, mut sx, mut sy) = (0.0, 0.0, 0.0);
    let tricube = |v: f64| {
        let d = ((v - place).abs() / reach).min(1.0);
        let rest = 1.0 - d * d * d;
        rest * rest * rest
    };
    for i in left..right {
        let k = w[i] * tricube(x[i]);
        s += k;
        sx += k * x[i];
        sy += k * y[i];
    }
    if s <= 0.0 {
        return y[left.min(y.len() - 1)];
    }
    let (mx, my) = (sx / s, sy / s);
    let (mut sxx, mut sxy) = (0.0, 0.0);
    for i in left..right {
        let k = w[i] * tricube(x[i]);
        sxx += k * (x[i] - mx) * (x[i] - mx);
        sxy += k * (x[i] - mx) * (y[i] - my);
    }
    let range = x[x.len() - 1] - x[0];
    if (sxx / s).sqrt() > 0.001 * range { my + (place - mx) * sxy / sxx } else { my }
}

/// Rows in tenths of risk: mean risk against event frequency. Equal risks stay together.
pub(crate) fn tenths(sorted: &Sorted, confidence: f64) -> Vec<CalibrationGroup> {
    const GROUPS: usize = 10;
    let n = sorted.rows();
    let mut groups = Vec::new();
    let mut start = 0;
    for k in 1..=GROUPS {
        let run = sorted.ends.partition_point(|&end| (end as usize) < k * n / GROUPS);
        let end = sorted.ends[run.min(sorted.ends.len() - 1)] as usize;
        if end > start {
            let rows = end - start;
            let events = sorted.y[start..end].iter().filter(|&&y| y > 0.5).count();
            let expected = sorted.score[start..end].iter().sum::<f64>() / rows as f64;
            if let Some(observed) = wilson(events, rows, confidence) {
                groups.push(CalibrationGroup { rows, expected, observed });
            }
            start = end;
        }
    }
    groups
}
