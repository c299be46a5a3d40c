//! Permutation importance.

use super::super::data::{Importance, ModelReport};
use super::super::markup::{Grid, Name};
use super::super::number::{Digits, INTERVAL};
use super::super::picture::{IntervalRow, Scale, interval_rows, span};
use super::{Figure, ROWS, binary, shown_of};

/// How much worse the model gets when a predictor is shuffled.
pub(in super::super) fn importance(place: usize, model: &ModelReport) -> Option<Figure> {
    let all = &model.importance;
    if all.is_empty() {
        return None;
    }
    let measure = if binary(model).is_some() { "AUROC" } else { "R²" };
    let digits = Digits::Fixed(4);
    let shown = &all[..all.len().min(ROWS)];
    let rows: Vec<IntervalRow> = shown
        .iter()
        .map(|Importance { predictor, drop }| IntervalRow {
            label: predictor.clone(),
            remark: String::new(),
            estimate: Some(drop.clone()),
            group: None,
            marked: false,
            written: true,
        })
        .collect();
    let ends = shown
        .iter()
        .flat_map(|row| [row.drop.value, row.drop.low, row.drop.high, Some(0.0)].into_iter().flatten());
    let domain = span(ends).unwrap_or((0.0, 1.0));
    let first: Vec<String> = shown
        .iter()
        .take(3)
        .map(|row| format!("{} {}", row.predictor, digits.with_interval(&row.drop)))
        .collect();
    let picture = interval_rows(
        (
            &format!("importance-{place}"),
            "Permutation importance",
            &format!("Loss of {measure} when a predictor is shuffled, largest first: {}.", first.join("; ")),
        ),
        &rows,
        |range| Scale::linear(domain, range),
        Some((0.0, "")),
        (&format!("Loss of {measure}"), digits, true),
    );
    let table = all
        .iter()
        .map(|row| {
            vec![
                Name(&row.predictor).to_string(),
                digits.estimate(&row.drop),
                digits.interval(&row.drop).unwrap_or_else(|| "–".to_owned()),
            ]
        })
        .collect();
    Some(Figure::new(
        picture,
        "Predictors by importance",
        format!(
            "How much {measure} the model loses on held-out rows when one predictor is shuffled. Predictors that say the \
             same share their importance; none of this is a cause.{}",
            shown_of(shown.len(), all.len(), "predictors")
        ),
        &Grid::new(
            format!("Permutation importance, {}", model.name),
            &["Predictor", &format!("Loss of {measure}"), INTERVAL],
            &[],
            table,
        ),
    ))
}
