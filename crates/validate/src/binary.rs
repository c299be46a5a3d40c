//! The judgement of risks.

use bedside_table::Seed;

use crate::average_precision::average_precision;
use crate::bootstrap::{People, distance, estimate, percentile};
use crate::calibration::{self, Distances, Flexible};
use crate::recalibration::{INWARDS, logits, recalibrate};
use crate::refit::Refit;
use crate::sorted::Sorted;
use crate::{
    BinaryJudgement, Case, Curve, Estimate, JudgeError, JudgeSettings, curves, delong,
    intercept_given_slope_one, net_benefit, quick, risks, thresholds,
};

/// Numbers that every replicate gives.
const MEASURES: usize = 11;

pub(crate) fn judge(
    case: &Case<'_>,
    settings: &JudgeSettings,
    seed: Seed,
) -> Result<BinaryJudgement, JudgeError> {
    settings.check()?;
    let (scores, y) = (case.scores(), case.outcomes());
    let rows = case.rows();
    let people = People::new(case.clusters(), rows);
    let sorted = Sorted::new(scores, y);
    let events = y.iter().filter(|&&y| y > 0.5).count();
    let prevalence = events as f64 / rows as f64;
    // What these rows do not have is said in its place; the other measures stand.
    let one_class = || JudgeError::OneClass { rows };
    let line = recalibrate(&sorted.score, &sorted.y);
    let in_the_large = intercept_given_slope_one(&sorted.score, &sorted.y);
    let auroc = sorted.auroc(|_| 1.0).ok_or_else(one_class);
    let auprc = average_precision(&sorted, |_| 1.0).ok_or_else(one_class);
    let brier = quick::brier(scores, y);
    let flexible = Flexible::new(&sorted, &sorted.ends, |_| 1);
    let far = flexible.as_ref().map(Flexible::distances).ok_or(JudgeError::SameScore { rows });
    let shown = if flexible.is_some() { calibration::grid(&sorted) } else { Vec::new() };
    let grid = &settings.net_benefit;
    let acting = net_benefit::curve(&sorted, |_| 1.0, grid).unwrap_or_default();

    let refit = Refit::new(
        &logits(&sorted.score),
        &sorted.y,
        line.as_ref().ok(),
        in_the_large.as_ref().ok().copied(),
    );
    let bins = calibration::bins(&sorted);
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
        let again = Flexible::new(&sorted, &bins, |i| times[i]);
        let far = again.as_ref().map_or(Distances::UNKNOWN, Flexible::distances);
        let measures = [
            sorted.auroc(weight).unwrap_or(f64::NAN),
            average_precision(&sorted, weight).unwrap_or(f64::NAN),
            error / total,
            1.0 - error / total / (base * (1.0 - base)),
            refit.in_the_large(times).unwrap_or(f64::NAN),
            refit.slope(times).unwrap_or(f64::NAN),
            found / expected,
            far.mean,
            far.median,
            far.ninetieth,
            far.largest,
        ];
        let worth =
            |at: &[f64]| net_benefit::curve(&sorted, weight, at).unwrap_or_else(|| vec![f64::NAN; at.len()]);
        let mut rest = worth(grid);
        rest.extend(worth(&named));
        rest.extend(shown.iter().map(|&p| again.as_ref().map_or(f64::NAN, |again| again.at(p))));
        (measures, rest)
    });

    let how = people.words(settings.replicates);
    let tail = settings.tail();
    let of_rows = |k: usize, value: f64| {
        estimate(value, drawn.iter().map(|d| d.0[k]).collect(), settings.replicates, tail, &how)
    };
    let from = |k: usize, value: Result<f64, JudgeError>| match value {
        Ok(value) => of_rows(k, value),
        Err(why) => Estimate::none(why),
    };
    let band = |offset: usize, count: usize| -> (Vec<f64>, Vec<f64>) {
        let limits = |k| percentile(drawn.iter().map(|d| d.1[k]).collect(), settings.replicates, tail);
        let band: Option<Vec<(f64, f64)>> = (offset..offset + count).map(limits).collect();
        band.unwrap_or_default().into_iter().unzip()
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
            thresholds::row(scores, y, &people, threshold, worth, settings.confidence)
        })
        .collect();
    let moved = moved_inwards(scores);
    let of_logits = |k: usize, value: Result<f64, JudgeError>| {
        let mut estimate = from(k, value);
        estimate.how.push_str(&moved);
        estimate
    };
    let of_curve = |k: usize, value: fn(&Distances) -> f64| {
        let far = match &far {
            Ok(far) => far,
            Err(why) => return Estimate::none(why),
        };
        let values = drawn.iter().map(|d| d.0[k]).collect();
        let mut estimate = distance(value(far), values, settings.replicates, tail, &how);
        if bins.len() < sorted.ends.len() {
            estimate.how.push_str(&format!("; replicates pool risks into {} bins", bins.len()));
        }
        estimate
    };
    let risk = |values: Vec<f64>| values.into_iter().map(|v| v.clamp(0.0, 1.0)).collect();
    let expected = scores.iter().sum::<f64>();
    Ok(BinaryJudgement {
        rows,
        events,
        patients: people.count(),
        resampling: how.clone(),
        auroc: if people.repeated() {
            from(0, auroc)
        } else {
            delong::interval(scores, y, settings.confidence).unwrap_or_else(Estimate::none)
        },
        auprc: from(1, auprc),
        brier: of_rows(2, brier),
        scaled_brier: from(
            3,
            if events > 0 && events < rows {
                Ok(1.0 - brier / (prevalence * (1.0 - prevalence)))
            } else {
                Err(one_class())
            },
        ),
        calibration_intercept: of_logits(4, in_the_large),
        calibration_slope: of_logits(5, line.map(|line| line.slope)),
        observed_expected: if expected > 0.0 {
            of_rows(6, events as f64 / expected)
        } else {
            Estimate::none("every risk is 0, so no event is expected")
        },
        ici: of_curve(7, |far| far.mean),
        e50: of_curve(8, |far| far.median),
        e90: of_curve(9, |far| far.ninetieth),
        emax: of_curve(10, |far| far.largest),
        roc: curves::roc(&sorted),
        precision_recall: curves::precision_recall(&sorted),
        calibration: Curve {
            y: risk(flexible.iter().flat_map(|curve| shown.iter().map(|&p| curve.at(p))).collect()),
            x: shown,
            low: risk(smooth_low),
            high: risk(smooth_high),
        },
        calibration_groups: calibration::tenths_of_risk(&sorted, &people, settings.confidence),
        net_benefit_all: grid.iter().map(|&t| net_benefit::treat_all(prevalence, t)).collect(),
        net_benefit: Curve { x: grid.clone(), y: acting, low: nb_low, high: nb_high },
        risks: risks::distribution(&sorted),
        thresholds: threshold_rows,
    })
}

/// What was done to risks that have no logit, in words; empty when there are none.
pub(crate) fn moved_inwards(risks: &[f64]) -> String {
    match risks.iter().filter(|p| !(INWARDS..=1.0 - INWARDS).contains(*p)).count() {
        0 => String::new(),
        count => format!("; {count} risks of 0 or 1 taken as {INWARDS:e} from there"),
    }
}
