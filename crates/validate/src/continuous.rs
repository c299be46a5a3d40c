//! The judgement of predictions of a number.

use bedside_table::Seed;

use crate::bootstrap::{People, estimate, percentile, quantile};
use crate::calibration::{self, Binned};
use crate::sorted::Sorted;
use crate::{CalibrationGroup, Case, ContinuousJudgement, Curve, Estimate, JudgeError, JudgeSettings, quick};

pub(crate) fn judge(case: &Case<'_>, settings: &JudgeSettings, seed: Seed) -> Result<ContinuousJudgement, JudgeError> {
    settings.check()?;
    let (scores, y) = (case.scores(), case.outcomes());
    let rows = case.rows();
    let people = People::new(case.clusters(), rows);
    let sorted = Sorted::new(scores, y);
    let [mse, mae, r2, intercept, slope] = measures(&sorted, |_| 1.0).ok_or(JudgeError::SameScore { rows })?;
    let shown = calibration::grid(&sorted);
    let curve = calibration::smooth(&sorted);
    let binned = Binned::new(&sorted);
    let drawn = people.replicates::<5>(&sorted.row, settings.replicates, seed, |times| {
        let of = measures(&sorted, |i| f64::from(times[i]))?;
        Some((of, binned.curve(&sorted, times, &shown)?.0))
    });
    let how = people.words(settings.replicates);
    let tail = settings.tail();
    let from = |k: usize, value: f64, f: fn(f64) -> f64| {
        estimate(value, drawn.iter().map(|d| f(d.0[k])).collect(), settings.replicates, tail, &how)
    };
    let (low, high) = (0..shown.len())
        .filter_map(|k| percentile(drawn.iter().map(|d| d.1[k]).collect(), settings.replicates, tail))
        .unzip();
    let mut residuals: Vec<f64> = scores.iter().zip(y).map(|(p, y)| y - p).collect();
    residuals.sort_by(f64::total_cmp);
    Ok(ContinuousJudgement {
        rows,
        patients: people.count(),
        resampling: how.clone(),
        rmse: from(0, mse.sqrt(), f64::sqrt),
        mae: from(1, mae, |v| v),
        r_squared: from(2, r2, |v| v),
        calibration_intercept: from(3, intercept, |v| v),
        calibration_slope: from(4, slope, |v| v),
        calibration: Curve {
            y: shown.iter().map(|&p| calibration::at(&sorted.score, &curve, p)).collect(),
            x: shown,
            low,
            high,
        },
        calibration_groups: tenths(&sorted),
        residual_quartiles: [0.25, 0.5, 0.75].map(|q| quantile(&residuals, q)),
    })
}

/// Squared error, absolute error, R², and the line of outcome on prediction, of weighted rows.
pub(crate) fn measures(sorted: &Sorted, weight: impl Fn(usize) -> f64) -> Option<[f64; 5]> {
    let (mut n, mut sx, mut sy) = (0.0, 0.0, 0.0);
    for i in 0..sorted.rows() {
        let w = weight(i);
        n += w;
        sx += w * sorted.score[i];
        sy += w * sorted.y[i];
    }
    let (mx, my) = (sx / n, sy / n);
    let (mut sxx, mut sxy, mut syy, mut squared, mut absolute) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for i in 0..sorted.rows() {
        let (w, x, y) = (weight(i), sorted.score[i], sorted.y[i]);
        sxx += w * (x - mx) * (x - mx);
        sxy += w * (x - mx) * (y - my);
        syy += w * (y - my) * (y - my);
        squared += w * (y - x) * (y - x);
        absolute += w * (y - x).abs();
    }
    (sxx > 0.0 && syy > 0.0).then(|| {
        let slope = sxy / sxx;
        [squared / n, absolute / n, 1.0 - squared / syy, my - slope * mx, slope]
    })
}

/// Tenths of the prediction, with a normal interval for the mean outcome.
fn tenths(sorted: &Sorted) -> Vec<CalibrationGroup> {
    const GROUPS: usize = 10;
    let n = sorted.rows();
    (0..GROUPS)
        .map(|k| k * n / GROUPS..(k + 1) * n / GROUPS)
        .filter(|range| range.len() > 1)
        .map(|range| {
            let y = &sorted.y[range.clone()];
            let rows = y.len() as f64;
            let mean = y.iter().sum::<f64>() / rows;
            let spread = y.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (rows - 1.0);
            let half = 1.959_963_984_540_054 * (spread / rows).sqrt();
            CalibrationGroup {
                rows: y.len(),
                expected: sorted.score[range].iter().sum::<f64>() / rows,
                observed: Estimate {
                    value: mean,
                    low: Some(mean - half),
                    high: Some(mean + half),
                    how: "normal".to_owned(),
                },
            }
        })
        .collect()
}

/// Root mean squared error, for subgroups.
pub(crate) fn error(scores: &[f64], y: &[f64]) -> f64 {
    quick::rmse(scores, y)
}
