//! Performance of the champion on held-out rows.

use bedside_validate::{Estimate, Judgement, ThresholdRow};

use super::super::data::ReportData;
use super::super::figure::{
    calibration, calibration_of_numbers, champion, folds, net_benefit, precision_recall, risks, roc,
    side_by_side,
};
use super::super::markup::{Grid, Name, Text, put};
use super::super::number::{ABSENT, Digits, INTERVAL, count, threshold};
use super::measures;

/// Pictures first (what STRATOS calls essential), then every measure, then what happens at the thresholds.
pub(super) fn performance(data: &ReportData) -> String {
    let Some((place, model)) = champion(data) else {
        return String::new();
    };
    let (rows, patients, resampling) = match &model.held_out {
        Judgement::Binary(j) => (j.rows, j.patients, &j.resampling),
        Judgement::Continuous(j) => (j.rows, j.patients, &j.resampling),
    };
    let mut out = format!(
        "<p>Judged: {} on {} held-out rows of {} patients. Intervals: {}.</p>",
        Name(&model.name),
        count(rows),
        count(patients),
        Text(resampling)
    );
    out.push_str(&side_by_side([
        calibration(place, model),
        calibration_of_numbers(place, model),
        roc(data),
        net_benefit(data),
        risks(place, model),
        precision_recall(data),
        folds(data),
    ]));
    let table = measures(&model.held_out)
        .into_iter()
        .map(|row| {
            vec![
                format!("{}<span class=\"means\">{}</span>", row.name, row.meaning),
                format!("<b>{}</b>", row.digits.estimate(row.estimate)),
                row.digits.interval(row.estimate).unwrap_or_else(|| ABSENT.to_owned()),
                row.ideal.to_owned(),
                Text(&row.estimate.how).to_string(),
            ]
        })
        .collect();
    out.push_str("<h3>All measures</h3>");
    let heads = ["Measure", "Estimate", INTERVAL, "Ideal", "How the interval was made"];
    out.push_str(
        &Grid::new(format!("Performance of {} on held-out rows", model.name), &heads, &[4], table).html(),
    );
    match &model.held_out {
        Judgement::Binary(j) if !j.thresholds.is_empty() => out.push_str(&thresholds(&j.thresholds)),
        Judgement::Binary(_) => {}
        Judgement::Continuous(j) => {
            let [low, middle, high] = j.residual_quartiles.map(|q| Digits::Significant(3).write(q));
            put!(out, "<p>Outcome minus prediction: median {middle}, quartiles {low} to {high}.</p>");
        }
    }
    out
}

fn thresholds(rows: &[ThresholdRow]) -> String {
    let share = |estimate: &Estimate| {
        let percent = Digits::Percent(1);
        let interval = percent.interval(estimate).unwrap_or_else(|| ABSENT.to_owned());
        format!("{}<span class=\"ci\">{interval}</span>", percent.estimate(estimate))
    };
    let absent = |estimate: Option<&Estimate>| estimate.map_or_else(|| ABSENT.to_owned(), share);
    let four = Digits::Fixed(4);
    let table = rows
        .iter()
        .map(|row| {
            vec![
                threshold(row.threshold),
                Digits::Fixed(1).write(row.alerts_per_100),
                share(&row.sensitivity),
                share(&row.specificity),
                absent(row.ppv.as_ref()),
                absent(row.npv.as_ref()),
                format!(
                    "{}<span class=\"ci\">{}</span>",
                    four.estimate(&row.net_benefit),
                    four.interval(&row.net_benefit).unwrap_or_else(|| ABSENT.to_owned())
                ),
            ]
        })
        .collect();
    let counts = rows
        .iter()
        .map(|row| {
            vec![
                threshold(row.threshold),
                count(row.true_positives),
                count(row.false_positives),
                count(row.false_negatives),
                count(row.true_negatives),
            ]
        })
        .collect();
    let counted = ["Act at", "True positives", "False positives", "False negatives", "True negatives"];
    let heads = ["Act at", "Alerts per 100", "Sensitivity", "Specificity", "PPV", "NPV", "Net benefit"];
    format!(
        "<h3>What acting at a threshold means</h3><p>Act when the risk is at least the threshold. Under each estimate its {INTERVAL}. PPV and NPV: share of alerts, and of non-alerts, that are right.</p>{}<details><summary>Counts behind these shares</summary>{}</details>",
        Grid::new("What acting at a threshold means", &heads, &[], table).html(),
        Grid::new("Counts at each threshold", &counted, &[], counts).html()
    )
}
