//! Out-of-fold performance, fold by fold: how much it depends on who was trained on.

use super::super::data::ReportData;
use super::super::markup::{Grid, Name, Text};
use super::super::number::{NOT_ESTIMABLE, digits_of};
use super::super::picture::{Anchor, Picture, Scale, WIDTH, fit, span};
use super::{Figure, series};

/// One strip per measure, one row of points per model.
pub(in super::super) fn folds(data: &ReportData) -> Option<Figure> {
    let mut measures: Vec<&str> = Vec::new();
    for (measure, values) in data.models.iter().flat_map(|model| &model.folds) {
        if !measures.contains(&measure.as_str()) && values.iter().flatten().any(|v| v.is_finite()) {
            measures.push(measure);
        }
    }
    if measures.is_empty() {
        return None;
    }
    let mut strips = Vec::new();
    let mut said = Vec::new();
    for &measure in &measures {
        let mut rows = Vec::new();
        for (i, model) in data.models.iter().enumerate() {
            if let Some((_, values)) = model.folds.iter().find(|(name, _)| name == measure) {
                let finite: Vec<f64> = values.iter().flatten().copied().filter(|v| v.is_finite()).collect();
                if finite.is_empty() {
                    continue;
                }
                said.push(format!(
                    "{measure}, {}: mean {}",
                    model.name,
                    digits_of(measure).write(mean(&finite))
                ));
                rows.push((i, &model.name, finite));
            }
        }
        strips.push((measure, rows));
    }
    #[expect(clippy::cast_precision_loss, reason = "a few strips")]
    let height: f64 = strips.iter().map(|(_, rows)| 58.0 + 38.0 * rows.len() as f64).sum();
    let mut picture = Picture::new(
        "folds",
        height,
        "Performance fold by fold",
        &format!("Out-of-fold values. {}.", said.join("; ")),
    );
    let mut y = 0.0;
    for (measure, rows) in &strips {
        y = strip(&mut picture, y, measure, rows);
    }
    let table = data
        .models
        .iter()
        .flat_map(|model| model.folds.iter().map(move |fold| (model, fold)))
        .map(|(model, (measure, values))| {
            let written: Vec<String> = values
                .iter()
                .map(|v| v.map_or_else(|| NOT_ESTIMABLE.to_owned(), |v| digits_of(measure).write(v)))
                .collect();
            let finite: Vec<f64> = values.iter().flatten().copied().filter(|v| v.is_finite()).collect();
            vec![
                Name(&model.name).to_string(),
                Text(measure).to_string(),
                digits_of(measure).write(mean(&finite)),
                written.join(" · "),
            ]
        })
        .collect();
    Some(Figure::new(
        picture,
        "Fold by fold",
        format!(
            "Each point is one fold inside the training rows, {}; the stroke is their mean. Wide scatter means that performance depends on who was trained on.",
            if data.models.iter().all(|model| model.tuning.nested.is_empty()) {
                "judged by models that did not see it. The settings were chosen on these same folds, so these values flatter a little, unlike those on held-out rows (<code>tune.nested</code> would tune anew for each fold)"
            } else {
                "judged by models that were tuned and fitted on the other folds alone"
            }
        ),
        &Grid::new(
            "Performance fold by fold",
            &["Model", "Measure", "Mean", "Folds, in order"],
            &[1, 3],
            table,
        ),
    ))
}

fn strip(picture: &mut Picture, top: f64, measure: &str, rows: &[(usize, &String, Vec<f64>)]) -> f64 {
    let digits = digits_of(measure);
    picture.text("group", (4.0, top + 16.0), Anchor::Start, &fit(measure, 14.5, WIDTH - 8.0));
    let (low, high) =
        span(rows.iter().flat_map(|(_, _, values)| values.iter().copied())).unwrap_or((0.0, 1.0));
    let room = 0.15 * (high - low).max(1e-6);
    let scale = Scale::linear((low - room, high + room), (14.0, WIDTH - 14.0));
    let mut y = top + 24.0;
    #[expect(clippy::cast_precision_loss, reason = "a few rows")]
    let bottom = y + 38.0 * rows.len() as f64;
    for (at, label) in scale.ticks(5) {
        picture.line("grid", (scale.at(at), y), (scale.at(at), bottom));
        picture.text("tick", (scale.at(at), bottom + 15.0), Anchor::Middle, &label);
    }
    picture.line("base", (14.0, bottom), (WIDTH - 14.0, bottom));
    for (i, name, values) in rows {
        let class = series(*i);
        picture.text("label halo", (4.0, y + 13.0), Anchor::Start, &fit(name, 12.0, 250.0));
        let average = mean(values);
        let said = format!("mean {}", digits.write(average));
        picture.text("value halo", (WIDTH - 4.0, y + 13.0), Anchor::End, &said);
        let middle = y + 26.0;
        let x = scale.at(average);
        picture.line(&format!("mean {class}"), (x, middle - 8.0), (x, middle + 8.0));
        for (fold, &value) in values.iter().enumerate() {
            let says = format!("fold {}: {}", fold + 1, digits.write(value));
            picture.point(&format!("dot open {class}"), (scale.at(value), middle), 4.0, &says);
        }
        y += 38.0;
    }
    bottom + 34.0
}

#[expect(clippy::cast_precision_loss, reason = "a few folds")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
