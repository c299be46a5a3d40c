//! The judgement of risks.

use bedside_table::Seed;

use crate::average_precision::average_precision;
use crate::bootstrap::{People, estimate, percentile};
use crate::calibration::{self, Binned};
use crate::recalibration::{self, logits, recalibrate};
use crate::sorted::Sorted;
use crate::{
    BinaryJudgement, Case, Curve, Estimate, JudgeError, JudgeSettings, delong, intercept_given_slope_one, net_benefit,
    normal_quantile, quick, risks, thresholds,
};

/// Numbers that every replicate gives.
const MEASURES: usize = 11;

pub(crate) fn judge(case: &Case<'_>, settings: &JudgeSettings, seed: Seed) -> Result<BinaryJudgement, JudgeError> {
    settings.check()?;
    let (scores, y) = (case.scores(), case.outcomes());
    let people = People::new(case.clusters(), case.rows());
    let sorted = Sorted::new(scores, y);
    let events = y.iter().filter(|&&y| y > 0.5).count();
    let prevalence = events as f64 / case.rows() as f64;
    let line = recalibrate(&sorted.score, &sorted.y)?;
    let in_the_large = intercept_given_slope_one(&sorted.score, &sorted.y)?;
    let auroc = sorted.auroc(|_| 1.0).ok_or(JudgeError::OneClass { rows: case.rows() })?;
    let auprc = average_precision(&sorted, |_| 1.0).ok_or(JudgeError::OneClass { rows: case.rows() })?;
    let brier = quick::brier(scores, y);
    let curve = calibration::smooth(&sorted);
    let far = calibration::distances(&sorted.score, &curve);
    let shown = calibration::grid(&sorted);
    let grid = net_benefit::grid();
    let acting = net_benefit::curve(&sorted, |_| 1.0, &grid).unwrap_or_default();

    let eta = logits(&sorted.score);
    let binned = Binned::new(&sorted);
    let mut named = settings.thresholds.clone();
    named.sort_by(f64::total_cmp);
    let drawn = people.replicates::<MEASURES>(&sorted.row, settings.replicates, seed, |times| {
        let weight = |i: usize| f64::from(times[i]);
        let (mut total, mut found, mut error, mut expected) = (0.0, 0.0, 0.0, 0.0);
        for i in 0..sorted.rows() {
            let (w, p, y) = (weight(i), sorted.score[i], sorted.y[i]);
            total += w;
            found += w * y;
            error += w * (p - y) * (p - y);
            expected += w * p;
        }
        let base = found / total;
        let again = recalibration::fit(&eta, &sorted.y, weight, [line.intercept, line.slope]);
        let (smooth, far) = binned.curve(&sorted, times, &shown)?;
        let measures = [
            sorted.auroc(weight)?,
            average_precision(&sorted, weight)?,
            error / total,
            1.0 - error / total / (base * (1.0 - base)),
            recalibration::offset(&eta, &sorted.y, weight)?,
            again.map_or(f64::NAN, |line| line.slope),
            found / expected,
            far.mean,
            far.median,
            far.ninetieth,
            far.largest,
        ];
        let mut rest = net_benefit::curve(&sorted, weight, &grid)?;
        rest.extend(net_benefit::curve(&sorted, weight, &named)?);
        rest.extend(smooth);
        Some((measures, rest))
    });

    let how = people.words(settings.replicates);
    let tail = settings.tail();
    let from = |k: usize, value: f64| {
        estimate(value, drawn.iter().map(|d| d.0[k]).collect(), settings.replicates, tail, &how)
    };
    let band = |offset: usize, count: usize| -> (Vec<f64>, Vec<f64>) {
        (offset..offset + count)
            .filter_map(|k| percentile(drawn.iter().map(|d| d.1[k]).collect(), settings.replicates, tail))
            .unzip()
    };
    let (nb_low, nb_high) = band(0, grid.len());
    let (smooth_low, smooth_high) = band(grid.len() + named.len(), shown.len());
    let threshold_rows = settings
        .thresholds
        .iter()
        .map(|&threshold| {
            let place = grid.len() + named.iter().position(|t| t.total_cmp(&threshold).is_eq()).unwrap_or(0);
            let value = crate::net_benefit(scores, y, threshold);
            let values = drawn.iter().map(|d| d.1[place]).collect();
            let worth = estimate(value, values, settings.replicates, tail, &how);
            thresholds::row(scores, y, threshold, worth, settings.confidence)
        })
        .collect();
    Ok(BinaryJudgement {
        rows: case.rows(),
        events,
        patients: people.count(),
        resampling: how.clone(),
        auroc: if people.repeated() { from(0, auroc) } else { area(scores, y, settings.confidence)? },
        auprc: from(1, auprc),
        brier: from(2, brier),
        scaled_brier: from(3, 1.0 - brier / (prevalence * (1.0 - prevalence))),
        calibration_intercept: from(4, in_the_large),
        calibration_slope: from(5, line.slope),
        observed_expected: from(6, events as f64 / scores.iter().sum::<f64>()),
        ici: from(7, far.mean),
        e50: from(8, far.median),
        e90: from(9, far.ninetieth),
        emax: from(10, far.largest),
        roc: roc(&sorted),
        precision_recall: precision_recall(&sorted),
        calibration: Curve {
            y: shown.iter().map(|&p| calibration::at(&sorted.score, &curve, p).clamp(0.0, 1.0)).collect(),
            x: shown,
            low: smooth_low.into_iter().map(|v| v.clamp(0.0, 1.0)).collect(),
            high: smooth_high.into_iter().map(|v| v.clamp(0.0, 1.0)).collect(),
        },
        calibration_groups: calibration::tenths(&sorted, settings.confidence),
        net_benefit_all: grid.iter().map(|&t| net_benefit::treat_all(prevalence, t)).collect(),
        net_benefit: Curve { x: grid, y: acting, low: nb_low, high: nb_high },
        risks: risks::distribution(&sorted),
        thresholds: threshold_rows,
    })
}

/// The area with DeLong's interval, cut off at 0 and 1.
pub(crate) fn area(scores: &[f64], y: &[f64], confidence: f64) -> Result<Estimate, JudgeError> {
    let found = delong(scores, y)?;
    let half = normal_quantile(0.5 + confidence / 2.0) * found.variance.sqrt();
    Ok(Estimate {
        value: found.auroc,
        low: Some((found.auroc - half).max(0.0)),
        high: Some((found.auroc + half).min(1.0)),
        how: "DeLong".to_owned(),
    })
}

/// At most this many points of a curve are kept.
const KEPT: usize = 400;

fn thinned(x: Vec<f64>, y: Vec<f64>) -> Curve {
    let n = x.len();
    let keep: Vec<usize> =
        if n <= KEPT { (0..n).collect() } else { (0..KEPT).map(|k| k * (n - 1) / (KEPT - 1)).collect() };
    Curve {
        x: keep.iter().map(|&k| x[k]).collect(),
        y: keep.iter().map(|&k| y[k]).collect(),
        low: Vec::new(),
        high: Vec::new(),
    }
}

fn roc(sorted: &Sorted) -> Curve {
    let events: f64 = sorted.y.iter().sum();
    let others = sorted.rows() as f64 - events;
    let (mut x, mut y) = (vec![0.0], vec![0.0]);
    let (mut tp, mut fp) = (0.0, 0.0);
    let mut end = sorted.rows();
    for run in (0..sorted.ends.len()).rev() {
        let start = if run == 0 { 0 } else { sorted.ends[run - 1] as usize };
        for i in start..end {
            tp += sorted.y[i];
            fp += 1.0 - sorted.y[i];
        }
        x.push(fp / others);
        y.push(tp / events);
        end = start;
    }
    thinned(x, y)
}

fn precision_recall(sorted: &Sorted) -> Curve {
    let events: f64 = sorted.y.iter().sum();
    let (mut x, mut y) = (Vec::new(), Vec::new());
    let (mut tp, mut all) = (0.0, 0.0);
    let mut end = sorted.rows();
    for run in (0..sorted.ends.len()).rev() {
        let start = if run == 0 { 0 } else { sorted.ends[run - 1] as usize };
        for i in start..end {
            tp += sorted.y[i];
            all += 1.0;
        }
        x.push(tp / events);
        y.push(tp / all);
        end = start;
    }
    thinned(x, y)
}
