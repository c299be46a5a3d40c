//! The models against each other, on the same held-out rows.

use super::super::data::ReportData;
use super::super::figure::{calibration, calibration_of_numbers, champion, risks, side_by_side};
use super::super::markup::{Grid, Name, Text, put};
use super::super::number::{ABSENT, Digits, INTERVAL, p_value, threshold};
use super::measures;

/// Every measure of every model, differences with intervals, and the pictures of those that are not the champion.
pub(super) fn comparison(data: &ReportData) -> String {
    let Some((leading, _)) = champion(data) else {
        return String::new();
    };
    let mut out = String::new();
    if data.models.len() > 1 {
        let mut heads = vec!["Measure".to_owned()];
        heads.extend(
            data.models
                .iter()
                .enumerate()
                .map(|(i, m)| if i == leading { format!("{} (champion)", m.name) } else { m.name.clone() }),
        );
        let columns: Vec<_> = data.models.iter().map(|model| measures(&model.held_out)).collect();
        let rows = columns[leading]
            .iter()
            .map(|row| {
                let mut cells = vec![row.name.to_owned()];
                for column in &columns {
                    cells.push(column.iter().find(|other| other.name == row.name).map_or_else(
                        || ABSENT.to_owned(),
                        |m| {
                            format!(
                                "{}<span class=\"ci\">{}</span>",
                                m.digits.estimate(m.estimate),
                                m.digits.interval(m.estimate).unwrap_or_default()
                            )
                        },
                    ));
                }
                cells
            })
            .collect();
        let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
        put!(out, "<p>Same held-out rows for all. Under each estimate its {INTERVAL}.</p>");
        out.push_str(&Grid::new("Every measure of every model", &heads, &[], rows).html());
    }
    out.push_str(&differences(data));
    let others = data.models.iter().enumerate().filter(|(i, _)| *i != leading);
    let mut figures = Vec::new();
    for (i, model) in others {
        for mut figure in
            [calibration(i, model), calibration_of_numbers(i, model), risks(i, model)].into_iter().flatten()
        {
            figure.name(&model.name);
            figures.push(Some(figure));
        }
    }
    out.push_str(&side_by_side(figures));
    out
}

fn differences(data: &ReportData) -> String {
    if data.comparisons.is_empty() {
        return String::new();
    }
    let numbers = data.study.outcome_kind == "continuous";
    let (first, second) = if numbers { ("RMSE", "MAE") } else { ("AUROC", "Brier score") };
    let digits = if numbers { Digits::Significant(3) } else { Digits::Fixed(4) };
    let tested = data.comparisons.iter().any(|comparison| comparison.p_delong.is_some());
    let mut rows = Vec::new();
    for comparison in &data.comparisons {
        let pair =
            format!("<span class=\"pair\">{} − {}</span>", Name(&comparison.first), Name(&comparison.second));
        let mut row = |what: String, estimate: &bedside_validate::Estimate, p: Option<f64>| {
            let mut cells = vec![
                pair.clone(),
                what,
                digits.estimate(estimate),
                digits.interval(estimate).unwrap_or_else(|| ABSENT.to_owned()),
            ];
            if tested {
                cells.push(p.map_or_else(|| ABSENT.to_owned(), |p| Text(&p_value(p)).to_string()));
            }
            rows.push(cells);
        };
        row(first.to_owned(), &comparison.difference, comparison.p_delong);
        row(second.to_owned(), &comparison.error_difference, None);
        for (at, estimate) in &comparison.net_benefit {
            row(format!("Net benefit at {}", threshold(*at)), estimate, None);
        }
    }
    let mut heads = vec!["Models", "Measure", "Difference", INTERVAL];
    let mut caution = "";
    if tested {
        heads.push("p (DeLong)");
        caution = " The DeLong test takes rows as independent; where patients repeat, trust the interval.";
    }
    format!(
        "<h3>Differences</h3><p>First minus second.{caution}</p>{}",
        Grid::new("Differences between models", &heads, &[1], rows).html()
    )
}
