//! Performance by subgroup: forest plots.

use bedside_validate::{Estimate, SubgroupRow};

use super::super::data::ModelReport;
use super::super::markup::{Grid, Name, Text};
use super::super::number::{ABSENT, Digits, INTERVAL, count};
use super::super::picture::{IntervalRow, Scale, interval_rows, span};
use super::{Figure, binary, continuous, shown_of};

/// Rows of a forest plot at most: longer ones are read in the table.
const MOST: usize = 40;

/// Discrimination and calibration by subgroup: two forest plots, when there are subgroups.
pub(in super::super) fn subgroups(place: usize, model: &ModelReport) -> Vec<Option<Figure>> {
    if model.subgroups.is_empty() {
        return Vec::new();
    }
    let (fixed2, fixed3) = (Digits::Fixed(2), Digits::Fixed(3));
    if let Some(judgement) = binary(model) {
        vec![
            Some(forest(
                place,
                model,
                &Measure {
                    name: "AUROC",
                    slug: "auroc",
                    reading: "The dashed line is the AUROC of all held-out rows. A subgroup may differ because its patients are more alike, not only because the model is worse.",
                    digits: fixed3,
                    overall: Some(&judgement.auroc),
                    of: |row| row.discrimination.as_ref(),
                    ratio: false,
                },
            )),
            Some(forest(
                place,
                model,
                &Measure {
                    name: "Observed / expected events",
                    slug: "observed-expected",
                    reading: "Right of the dashed line at 1, more events happened than predicted: risks are too low for that subgroup.",
                    digits: fixed2,
                    overall: None,
                    of: |row| row.observed_expected.as_ref(),
                    ratio: true,
                },
            )),
        ]
    } else if let Some(judgement) = continuous(model) {
        vec![
            Some(forest(
                place,
                model,
                &Measure {
                    name: "R²",
                    slug: "r-squared",
                    reading: "The dashed line is R² of all held-out rows.",
                    digits: fixed3,
                    overall: Some(&judgement.r_squared),
                    of: |row| row.discrimination.as_ref(),
                    ratio: false,
                },
            )),
            Some(forest(
                place,
                model,
                &Measure {
                    name: "Calibration slope",
                    slug: "slope",
                    reading: "The dashed line at 1 is ideal.",
                    digits: fixed2,
                    overall: None,
                    of: |row| row.calibration_slope.as_ref(),
                    ratio: true,
                },
            )),
        ]
    } else {
        Vec::new()
    }
}

struct Measure<'a> {
    name: &'a str,
    slug: &'a str,
    reading: &'a str,
    digits: Digits,
    overall: Option<&'a Estimate>,
    of: fn(&SubgroupRow) -> Option<&Estimate>,
    /// Ideal at 1 and shown on a logarithmic axis.
    ratio: bool,
}

fn forest(place: usize, model: &ModelReport, measure: &Measure<'_>) -> Figure {
    let shown = &model.subgroups[..model.subgroups.len().min(MOST)];
    let mut by = None;
    let mut rows = Vec::new();
    for row in shown {
        let group = (by != Some(&row.by)).then(|| row.by.clone());
        by = Some(&row.by);
        let estimate = (measure.of)(row).cloned();
        let remark = match (&estimate, &row.note) {
            (None, Some(note)) => note.clone(),
            _ if row.events > 0 => format!("{} / {}", count(row.events), count(row.rows)),
            _ => count(row.rows),
        };
        rows.push(IntervalRow {
            label: row.level.clone(),
            remark,
            estimate,
            group,
            marked: false,
            written: true,
        });
    }
    let reference = if measure.ratio { Some(1.0) } else { measure.overall.and_then(|e| e.value) };
    let domain = domain(&rows, reference, measure.ratio);
    let said: Vec<String> = shown
        .iter()
        .filter_map(|row| {
            Some(format!("{} {}: {}", row.by, row.level, measure.digits.with_interval((measure.of)(row)?)))
        })
        .take(12)
        .collect();
    let picture = interval_rows(
        (
            &format!("subgroups-{}-{place}", measure.slug),
            &format!("{} by subgroup", measure.name),
            &format!("{} with {INTERVAL}. {}.", measure.name, said.join("; ")),
        ),
        &rows,
        |range| if measure.ratio { Scale::logarithmic(domain, range) } else { Scale::linear(domain, range) },
        reference.map(|at| (at, "")),
        (measure.name, measure.digits, false),
    );
    let risks = binary(model).is_some();
    let counted = if risks { "Events / rows" } else { "Rows" };
    let table = model
        .subgroups
        .iter()
        .map(|row| {
            let (value, interval) = (measure.of)(row).map_or_else(
                || (ABSENT.to_owned(), ABSENT.to_owned()),
                |e| {
                    (
                        measure.digits.estimate(e),
                        measure.digits.interval(e).unwrap_or_else(|| ABSENT.to_owned()),
                    )
                },
            );
            let rows =
                if risks { format!("{} / {}", count(row.events), count(row.rows)) } else { count(row.rows) };
            vec![
                format!("{}: {}", Name(&row.by), Name(&row.level)),
                rows,
                value,
                interval,
                row.note.as_deref().map(|note| Text(note).to_string()).unwrap_or_default(),
            ]
        })
        .collect();
    Figure::new(
        picture,
        format!("{} by subgroup", measure.name),
        format!(
            "{} Beside each name: {}.{}",
            measure.reading,
            counted.to_lowercase(),
            shown_of(shown.len(), model.subgroups.len(), "subgroups")
        ),
        &Grid::new(
            format!("{} by subgroup, {}", measure.name, model.name),
            &["Subgroup", counted, measure.name, INTERVAL, "Remark"],
            &[4],
            table,
        ),
    )
}

/// From the smallest to the largest limit, but not further than the estimates need: one tiny subgroup must not flatten
/// the others.
fn domain(rows: &[IntervalRow], reference: Option<f64>, ratio: bool) -> (f64, f64) {
    let estimates = || rows.iter().filter_map(|row| row.estimate.as_ref());
    let values = span(estimates().filter_map(|e| e.value).chain(reference)).unwrap_or((0.0, 1.0));
    let limits =
        span(estimates().flat_map(|e| [e.low, e.high].into_iter().flatten()).chain([values.0, values.1]))
            .unwrap_or(values);
    if ratio {
        let room = (values.1 / values.0.max(1e-3)).max(1.3);
        (limits.0.max(values.0 / room).max(1e-3), limits.1.min(values.1 * room))
    } else {
        let room = (values.1 - values.0).max(0.05);
        (limits.0.max(values.0 - room), limits.1.min(values.1 + room))
    }
}
