//! Performance by subgroup.

use super::super::data::ReportData;
use super::super::figure::{champion, side_by_side, subgroups as forest};
use super::super::markup::{Grid, Name, Text};
use super::super::number::{ABSENT, Digits, INTERVAL, count};

/// Forest plots and the whole table of the champion; the tables of the others folded.
pub(super) fn subgroups(data: &ReportData) -> String {
    let Some((leading, model)) = champion(data) else {
        return String::new();
    };
    if data.models.iter().all(|model| model.subgroups.is_empty()) {
        return "<p>The study file names no subgroups. Whether the model serves some patients worse than others was not looked at.</p>".to_owned();
    }
    let mut out = side_by_side(forest(leading, model));
    let numbers = data.study.outcome_kind == "continuous";
    for (i, model) in data.models.iter().enumerate().filter(|(_, m)| !m.subgroups.is_empty()) {
        let title = format!("All measures by subgroup, {}", model.name);
        let table = table(model, numbers, &title).html();
        out.push_str(&format!(
            "<details{}><summary>{}</summary>{table}</details>",
            if i == leading { " open" } else { "" },
            Text(&title)
        ));
    }
    out
}

fn table(model: &super::super::data::ModelReport, numbers: bool, title: &str) -> Grid {
    let (two, three, four, free) =
        (Digits::Fixed(2), Digits::Fixed(3), Digits::Fixed(4), Digits::Significant(3));
    let rows = model
        .subgroups
        .iter()
        .map(|row| {
            let cell = |estimate: &Option<bedside_validate::Estimate>, digits: Digits| {
                estimate.as_ref().map_or_else(
                    || ABSENT.to_owned(),
                    |e| {
                        format!(
                            "{}<span class=\"ci\">{}</span>",
                            digits.estimate(e),
                            digits.interval(e).unwrap_or_default()
                        )
                    },
                )
            };
            let mut cells = vec![format!("{}: {}", Name(&row.by), Name(&row.level)), count(row.rows)];
            if numbers {
                cells.extend([
                    cell(&row.discrimination, three),
                    cell(&row.error, free),
                    cell(&row.calibration_intercept, free),
                    cell(&row.calibration_slope, two),
                ]);
            } else {
                cells.extend([
                    count(row.events),
                    cell(&row.discrimination, three),
                    cell(&row.calibration_intercept, two),
                    cell(&row.calibration_slope, two),
                    cell(&row.observed_expected, two),
                    cell(&row.error, four),
                    cell(&row.net_benefit, four),
                ]);
            }
            cells.push(row.note.as_deref().map(|note| Text(note).to_string()).unwrap_or_default());
            cells
        })
        .collect();
    if numbers {
        Grid::new(
            title,
            &["Subgroup", "Rows", "R²", "RMSE", "Mean error", "Calibration slope", "Remark"],
            &[6],
            rows,
        )
    } else {
        let heads = [
            "Subgroup",
            "Rows",
            "Events",
            "AUROC",
            "Calibration intercept",
            "Calibration slope",
            "Observed / expected",
            "Brier score",
            "Net benefit",
            "Remark",
        ];
        Grid::new(format!("{title} (under each estimate its {INTERVAL})"), &heads, &[9], rows)
    }
}
