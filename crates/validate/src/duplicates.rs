//! A row drawn twice counts as two rows: each measure of a replicate equals that of the sample written out.

use bedside_table::Seed;

use crate::average_precision::average_precision;
use crate::calibration::{Flexible, bins};
use crate::recalibration::{logits, recalibrate};
use crate::refit::Refit;
use crate::sorted::Sorted;
use crate::{intercept_given_slope_one, net_benefit};

struct Sample {
    sorted: Sorted,
    /// How often each sorted row is drawn.
    times: Vec<u32>,
    /// The replicate written out.
    scores: Vec<f64>,
    y: Vec<f64>,
}

fn sample(rows: usize, digits: i32, seed: u64) -> Sample {
    let mut stream = Seed::new(seed).stream();
    let scale = 10f64.powi(digits);
    let scores: Vec<f64> =
        (0..rows).map(|_| (stream.uniform() * 0.98 * scale).round() / scale + 0.01).collect();
    let y: Vec<f64> = scores.iter().map(|p| f64::from(u8::from(stream.uniform() < 0.6 * p + 0.1))).collect();
    let sorted = Sorted::new(&scores, &y);
    let mut times = vec![0; rows];
    (0..rows).for_each(|_| times[stream.below(rows as u32) as usize] += 1);
    let repeat = |values: &[f64]| -> Vec<f64> {
        values.iter().zip(&times).flat_map(|(&v, &n)| std::iter::repeat_n(v, n as usize)).collect()
    };
    let (scores, y) = (repeat(&sorted.score), repeat(&sorted.y));
    Sample { sorted, times, scores, y }
}

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected}");
}

#[test]
fn areas_and_net_benefit_of_a_replicate_are_those_of_its_rows() {
    for (digits, seed) in [(9, 1), (1, 2)] {
        let Sample { sorted, times, scores, y } = sample(500, digits, seed);
        let weight = |i: usize| f64::from(times[i]);
        let written = Sorted::new(&scores, &y);
        close(sorted.auroc(weight).unwrap(), written.auroc(|_| 1.0).unwrap(), 1e-12);
        close(
            average_precision(&sorted, weight).unwrap(),
            average_precision(&written, |_| 1.0).unwrap(),
            1e-12,
        );
        let thresholds = [0.05, 0.11, 0.5, 0.9];
        let curve = net_benefit::curve(&sorted, weight, &thresholds).unwrap();
        for (found, t) in curve.into_iter().zip(thresholds) {
            close(found, net_benefit(&scores, &y, t), 1e-12);
        }
    }
}

#[test]
fn recalibration_of_a_replicate_is_that_of_its_rows() {
    let Sample { sorted, times, scores, y } = sample(400, 9, 3);
    let line = recalibrate(&sorted.score, &sorted.y).unwrap();
    let at = intercept_given_slope_one(&sorted.score, &sorted.y).unwrap();
    let refit = Refit::new(&logits(&sorted.score), &sorted.y, Some(&line), Some(at));
    close(refit.slope(&times).unwrap(), recalibrate(&scores, &y).unwrap().slope, 1e-9);
    close(refit.in_the_large(&times).unwrap(), intercept_given_slope_one(&scores, &y).unwrap(), 1e-9);
}

/// With few distinct risks nothing is pooled and the replicate's curve is exact.
#[test]
fn the_curve_of_a_replicate_is_that_of_its_rows() {
    for (rows, digits, seed) in [(400, 9, 4), (3000, 2, 5)] {
        let Sample { sorted, times, scores, y } = sample(rows, digits, seed);
        let drawn = Flexible::new(&sorted, &bins(&sorted), |i| times[i]).unwrap();
        let written = Sorted::new(&scores, &y);
        let exact = Flexible::new(&written, &written.ends, |_| 1).unwrap();
        for k in 0..=50 {
            close(drawn.at(f64::from(k) / 50.0), exact.at(f64::from(k) / 50.0), 1e-10);
        }
        let (a, b) = (drawn.distances(), exact.distances());
        close(a.mean, b.mean, 1e-10);
        close(a.median, b.median, 1e-10);
        close(a.ninetieth, b.ninetieth, 1e-10);
        close(a.largest, b.largest, 1e-10);
    }
}

/// Beyond, risks are pooled; what that costs is far below the width of any interval.
#[test]
fn pooled_risks_change_the_curve_of_a_replicate_by_little() {
    let Sample { sorted, times, scores, y } = sample(20_000, 9, 6);
    let pooled = bins(&sorted);
    assert!(pooled.len() < 600 && sorted.ends.len() > 15_000);
    let drawn = Flexible::new(&sorted, &pooled, |i| times[i]).unwrap();
    let written = Sorted::new(&scores, &y);
    let exact = Flexible::new(&written, &written.ends, |_| 1).unwrap();
    for k in 0..=50 {
        close(drawn.at(f64::from(k) / 50.0), exact.at(f64::from(k) / 50.0), 2e-4);
    }
    let (a, b) = (drawn.distances(), exact.distances());
    close(a.mean, b.mean, 1e-4);
    // Quantiles move by up to the width of a bin, here 0.0025, times the slope of the distance.
    close(a.median, b.median, 1e-3);
    close(a.ninetieth, b.ninetieth, 1e-3);
    close(a.largest, b.largest, 5e-4);
}
