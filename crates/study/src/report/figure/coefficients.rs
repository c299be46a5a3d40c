//! Coefficients of linear models.

use super::super::data::ModelReport;
use super::super::markup::{Grid, Name};
use super::super::number::{ABSENT, Digits, INTERVAL};
use super::super::picture::{IntervalRow, Scale, interval_rows, span};
use super::{Figure, ROWS, binary, shown_of};

/// Coefficients with intervals, in the order of the data: largest per standard deviation first.
pub(in super::super) fn coefficients(place: usize, model: &ModelReport) -> Option<Figure> {
    let all = &model.coefficients;
    if all.is_empty() {
        return None;
    }
    let digits = Digits::Significant(3);
    let shown: Vec<_> = all.iter().take(ROWS).collect();
    let rows: Vec<IntervalRow> = shown
        .iter()
        .map(|row| IntervalRow {
            label: row.term.clone(),
            remark: row
                .selected
                .map_or_else(String::new, |s| format!("kept {}", Digits::Percent(0).write(s))),
            estimate: Some(row.coefficient.clone()),
            group: None,
            marked: false,
            written: true,
        })
        .collect();
    let ends = shown.iter().flat_map(|row| {
        [row.coefficient.value, row.coefficient.low, row.coefficient.high, Some(0.0)].into_iter().flatten()
    });
    let domain = span(ends).unwrap_or((-1.0, 1.0));
    let scale_of = if binary(model).is_some() { "log odds" } else { "outcome" };
    let first: Vec<String> = shown
        .iter()
        .take(3)
        .map(|row| format!("{} {}", row.term, digits.with_interval(&row.coefficient)))
        .collect();
    let picture = interval_rows(
        (
            &format!("coefficients-{place}"),
            "Coefficients",
            &format!("Change of the {scale_of} per unit of the predictor: {}.", first.join("; ")),
        ),
        &rows,
        |range| Scale::linear(domain, range),
        Some((0.0, "")),
        (&format!("Change of the {scale_of} per unit"), digits, false),
    );
    let table = all
        .iter()
        .map(|row| {
            vec![
                Name(&row.term).to_string(),
                digits.estimate(&row.coefficient),
                digits.interval(&row.coefficient).unwrap_or_else(|| ABSENT.to_owned()),
                digits.write(row.standardised),
                row.selected.map_or_else(|| ABSENT.to_owned(), |s| Digits::Percent(0).write(s)),
            ]
        })
        .collect();
    Some(Figure::new(
        picture,
        "Coefficients",
        format!(
            "Per unit of the predictor, ordered by their size per standard deviation; “kept” is the share of bootstrap fits \
             in which the coefficient was not zero. Intervals of penalised coefficients describe stability, not effects.{}",
            shown_of(shown.len(), all.len(), "terms")
        ),
        &Grid::new(
            format!("Coefficients, {}", model.name),
            &["Term", "Coefficient", INTERVAL, "Per standard deviation", "Kept"],
            &[],
            table,
        ),
    ))
}
