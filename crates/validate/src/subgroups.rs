//! Performance within levels of a column.

use bedside_table::{OutcomeKind, Seed};

use crate::bootstrap::{People, estimate};
use crate::continuous;
use crate::net_benefit;
use crate::recalibration::{intercept_given_slope_one, logits, recalibrate};
use crate::refit::Refit;
use crate::sorted::Sorted;
use crate::{Case, Estimate, JudgeError, JudgeSettings, SubgroupRow, delong, quick};

/// Below this many events or non-events (rows, for numbers) nothing is estimated: the intervals would say so at best.
const FEWEST: usize = 10;

/// Judges each level by itself. `level_of_row` points into `levels`; `u32::MAX` means missing, which becomes a level of its
/// own when it occurs.
///
/// # Errors
/// [`JudgeError::Setting`] when settings are out of range, [`JudgeError::Table`] when there is not a level number for each
/// row, [`JudgeError::NoSuchLevel`] when one points past the levels.
pub fn subgroups(
    case: &Case<'_>,
    by: &str,
    levels: &[String],
    level_of_row: &[u32],
    settings: &JudgeSettings,
    seed: Seed,
) -> Result<Vec<SubgroupRow>, JudgeError> {
    settings.check()?;
    if level_of_row.len() != case.rows() {
        let (expected, found) = (case.rows(), level_of_row.len());
        return Err(bedside_table::TableError::Length { what: "levels of rows", expected, found }.into());
    }
    let count = levels.len();
    let stray = |&code: &u32| code != u32::MAX && code as usize >= count;
    if let Some(row) = level_of_row.iter().position(stray) {
        return Err(JudgeError::NoSuchLevel {
            by: by.to_owned(),
            row,
            found: level_of_row[row],
            levels: count,
        });
    }
    let named = levels.iter().zip(0u32..).map(|(name, code)| (name.as_str(), code));
    let rows = named
        .chain([("missing", u32::MAX)])
        .map(|(level, code)| {
            let members: Vec<usize> = (0..case.rows()).filter(|&r| level_of_row[r] == code).collect();
            (level, members)
        })
        .filter(|(_, members)| !members.is_empty())
        .map(|(level, members)| {
            let scores: Vec<f64> = members.iter().map(|&r| case.scores()[r]).collect();
            let y: Vec<f64> = members.iter().map(|&r| case.outcomes()[r]).collect();
            let clusters: Option<Vec<u32>> = case.clusters().map(|c| members.iter().map(|&r| c[r]).collect());
            let people = People::new(clusters.as_deref(), members.len());
            let seed = seed.derive(by, 0).derive(level, 0);
            let row = empty(by, level, members.len());
            match case.kind() {
                OutcomeKind::Binary => risks(row, &scores, &y, &people, settings, seed),
                OutcomeKind::Continuous => numbers(row, &scores, &y, &people, settings, seed),
            }
        })
        .collect();
    Ok(rows)
}

fn empty(by: &str, level: &str, rows: usize) -> SubgroupRow {
    SubgroupRow {
        by: by.to_owned(),
        level: level.to_owned(),
        rows,
        events: 0,
        discrimination: None,
        calibration_intercept: None,
        calibration_slope: None,
        observed_expected: None,
        error: None,
        net_benefit: None,
        note: None,
    }
}

fn risks(
    mut row: SubgroupRow,
    scores: &[f64],
    y: &[f64],
    people: &People,
    settings: &JudgeSettings,
    seed: Seed,
) -> SubgroupRow {
    row.events = y.iter().filter(|&&y| y > 0.5).count();
    let scarce = row.events.min(row.rows - row.events);
    if scarce < FEWEST {
        row.note = Some(format!("{scarce} of the rarer class: too few to judge by"));
        return row;
    }
    let sorted = Sorted::new(scores, y);
    let eta = logits(&sorted.score);
    let line = recalibrate(&sorted.score, &sorted.y).ok();
    let in_the_large = intercept_given_slope_one(&sorted.score, &sorted.y).ok();
    let refit = Refit::new(&eta, &sorted.y, line.as_ref(), in_the_large);
    let threshold = settings.thresholds.first().copied();
    let drawn = people.replicates::<6>(&sorted.row, settings.replicates, seed, |times| {
        let weight = |i: usize| f64::from(times[i]);
        let (mut total, mut found, mut expected, mut error) = (0.0, 0.0, 0.0, 0.0);
        for i in 0..sorted.rows() {
            let (w, p, y) = (weight(i), sorted.score[i], sorted.y[i]);
            total += w;
            found += w * y;
            expected += w * p;
            error += w * (p - y) * (p - y);
        }
        let worth =
            threshold.and_then(|t| net_benefit::curve(&sorted, weight, &[t])).map_or(f64::NAN, |v| v[0]);
        let measures = [
            sorted.auroc(weight).unwrap_or(f64::NAN),
            refit.in_the_large(times).unwrap_or(f64::NAN),
            refit.slope(times).unwrap_or(f64::NAN),
            found / expected,
            error / total,
            worth,
        ];
        (measures, Vec::new())
    });
    let how = people.words(settings.replicates);
    let from = |k: usize, value: f64| -> Estimate {
        estimate(value, drawn.iter().map(|d| d.0[k]).collect(), settings.replicates, settings.tail(), &how)
    };
    row.discrimination = if people.repeated() {
        sorted.auroc(|_| 1.0).map(|value| from(0, value))
    } else {
        delong::interval(scores, y, settings.confidence).ok()
    };
    row.calibration_intercept = in_the_large.map(|value| from(1, value));
    row.calibration_slope = line.as_ref().map(|line| from(2, line.slope));
    let expected: f64 = scores.iter().sum();
    row.observed_expected = (expected > 0.0).then(|| from(3, row.events as f64 / expected));
    row.error = Some(from(4, quick::brier(scores, y)));
    row.net_benefit = threshold.map(|t| from(5, crate::net_benefit(scores, y, t)));
    if line.is_none() {
        row.note = Some(
            "a calibration slope does not exist here: scores are equal or separate the classes".to_owned(),
        );
    }
    row
}

fn numbers(
    mut row: SubgroupRow,
    scores: &[f64],
    y: &[f64],
    people: &People,
    settings: &JudgeSettings,
    seed: Seed,
) -> SubgroupRow {
    let sorted = Sorted::new(scores, y);
    if row.rows < FEWEST {
        row.note = Some(format!("{} rows: too few to judge by", row.rows));
        return row;
    }
    let [_, _, r2, intercept, slope] = continuous::measures(&sorted, |_| 1.0);
    let drawn = people.replicates::<4>(&sorted.row, settings.replicates, seed, |times| {
        let [mse, _, r2, intercept, slope] = continuous::measures(&sorted, |i| f64::from(times[i]));
        ([r2, intercept, slope, mse.sqrt()], Vec::new())
    });
    let how = people.words(settings.replicates);
    let from = |k: usize, value: f64| -> Option<Estimate> {
        let values = drawn.iter().map(|d| d.0[k]).collect();
        value.is_finite().then(|| estimate(value, values, settings.replicates, settings.tail(), &how))
    };
    row.discrimination = from(0, r2);
    row.calibration_intercept = from(1, intercept);
    row.calibration_slope = from(2, slope);
    row.error = from(3, quick::rmse(scores, y));
    if row.discrimination.is_none() || row.calibration_slope.is_none() {
        row.note = Some(
            "outcomes or predictions are all the same here: what needs them to differ does not exist"
                .to_owned(),
        );
    }
    row
}
