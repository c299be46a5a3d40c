//! The judgement of predictions of a number.

use bedside_table::Seed;

use crate::bootstrap::{People, estimate, percentile, quantile};
use crate::calibration::{self, Flexible};
use crate::sorted::Sorted;
use crate::wilson::no_limits;
use crate::{Case, ContinuousJudgement, Curve, Estimate, JudgeError, JudgeSettings, normal_quantile};

pub(crate) fn judge(
    case: &Case<'_>,
    settings: &JudgeSettings,
    seed: Seed,
) -> Result<ContinuousJudgement, JudgeError> {
    settings.check()?;
    let (scores, y) = (case.scores(), case.outcomes());
    let rows = case.rows();
    let people = People::new(case.clusters(), rows);
    let sorted = Sorted::new(scores, y);
    let [mse, mae, r2, intercept, slope] = measures(&sorted, |_| 1.0);
    let flexible = Flexible::new(&sorted, &sorted.ends, |_| 1);
    let shown = if flexible.is_some() { calibration::grid(&sorted) } else { Vec::new() };
    let bins = calibration::bins(&sorted);
    let drawn = people.replicates::<5>(&sorted.row, settings.replicates, seed, |times| {
        let of = measures(&sorted, |i| f64::from(times[i]));
        let again = Flexible::new(&sorted, &bins, |i| times[i]);
        (of, shown.iter().map(|&p| again.as_ref().map_or(f64::NAN, |again| again.at(p))).collect())
    });
    let how = people.words(settings.replicates);
    let tail = settings.tail();
    let from = |k: usize, value: f64, f: fn(f64) -> f64| {
        estimate(value, drawn.iter().map(|d| f(d.0[k])).collect(), settings.replicates, tail, &how)
    };
    let known = |k: usize, value: f64, why: JudgeError| {
        if value.is_finite() { from(k, value, |v| v) } else { Estimate::none(why) }
    };
    let limits = |k| percentile(drawn.iter().map(|d| d.1[k]).collect(), settings.replicates, tail);
    let band: Option<Vec<(f64, f64)>> = (0..shown.len()).map(limits).collect();
    let (low, high) = band.unwrap_or_default().into_iter().unzip();
    let mut residuals: Vec<f64> = scores.iter().zip(y).map(|(p, y)| y - p).collect();
    residuals.sort_by(f64::total_cmp);
    Ok(ContinuousJudgement {
        rows,
        patients: people.count(),
        resampling: how.clone(),
        rmse: from(0, mse.sqrt(), f64::sqrt),
        mae: from(1, mae, |v| v),
        r_squared: known(2, r2, JudgeError::OneClass { rows }),
        calibration_intercept: known(3, intercept, JudgeError::SameScore { rows }),
        calibration_slope: known(4, slope, JudgeError::SameScore { rows }),
        calibration: Curve {
            y: flexible.iter().flat_map(|curve| shown.iter().map(|&p| curve.at(p))).collect(),
            x: shown,
            low,
            high,
        },
        calibration_groups: calibration::tenths(&sorted, |places| {
            let rows = places.map(|i| (people.of(sorted.row[i] as usize), sorted.y[i]));
            mean_outcome(rows, settings.confidence)
        }),
        residual_quartiles: [0.25, 0.5, 0.75].map(|q| quantile(&residuals, q)),
    })
}

/// Squared error, absolute error, R², and the line of outcome on prediction, of weighted rows. R² is NaN where outcomes do not
/// differ, the line where predictions do not.
pub(crate) fn measures(sorted: &Sorted, weight: impl Fn(usize) -> f64) -> [f64; 5] {
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
    let slope = if sxx > 0.0 { sxy / sxx } else { f64::NAN };
    let explained = if syy > 0.0 { 1.0 - squared / syy } else { f64::NAN };
    [squared / n, absolute / n, explained, my - slope * mx, slope]
}

/// The mean outcome of rows with a normal interval; patients, not rows, are taken as independent (the variance of a ratio
/// over clusters: Cochran 1977, section 9A.1). `None` without rows.
fn mean_outcome(rows: impl Iterator<Item = (u32, f64)>, confidence: f64) -> Option<Estimate> {
    let mut rows: Vec<(u32, f64)> = rows.collect();
    rows.sort_by_key(|&(patient, _)| patient);
    let n = rows.len() as f64;
    let mean = rows.iter().map(|(_, y)| y).sum::<f64>() / n;
    let (mut patients, mut squares) = (0.0, 0.0);
    for own in rows.chunk_by(|a, b| a.0 == b.0) {
        let away: f64 = own.iter().map(|(_, y)| y - mean).sum();
        patients += 1.0;
        squares += away * away;
    }
    if rows.is_empty() {
        return None;
    }
    if patients < 2.0 {
        return Some(no_limits(mean, "no interval: all rows belong to one patient"));
    }
    let error = (patients / (patients - 1.0) * squares).sqrt() / n;
    let half = normal_quantile(0.5 + confidence / 2.0) * error;
    Some(Estimate {
        value: Some(mean),
        low: Some(mean - half),
        high: Some(mean + half),
        how: "normal".to_owned(),
    })
}
