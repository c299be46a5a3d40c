//! Tuning and certificates: what was tried, what was chosen, and the proof that the fit arrived.

use super::super::data::{ModelReport, ReportData};
use super::super::figure::{side_by_side, tuning};
use super::super::markup::{Grid, Name, Text, put};
use super::super::number::{ABSENT, Digits, count, seconds};

/// Per model: how it was tuned, its settings, its certificate; then the pictures of tuning.
pub(super) fn fitting(data: &ReportData) -> String {
    if data.models.is_empty() {
        return String::new();
    }
    let mut out = String::new();
    let figures = data.models.iter().enumerate().map(|(i, model)| {
        tuning(i, model).map(|mut figure| {
            figure.name(&model.name);
            figure
        })
    });
    out.push_str(&side_by_side(figures));
    out.push_str("<h3>Certificates</h3><p>A fit that does not arrive is an error, never a result. Each line says what was driven below which limit.</p>");
    let heads = ["Model", "Criterion", "Reached", "Limit", "Iterations", "Parameters", "Candidates", "Time"];
    out.push_str(
        &Grid::new(
            "Certificates of the final fits",
            &heads,
            &[1],
            data.models.iter().map(certificate).collect(),
        )
        .html(),
    );
    for model in &data.models {
        put!(out, "<h3>{}</h3><p>", Name(&model.name));
        if model.kind != model.name {
            put!(out, "{}.", Text(&model.kind));
        }
        if !model.tuning.how.is_empty() {
            put!(out, " Tuning: {}.", Text(&model.tuning.how));
        }
        out.push_str("</p>");
        if !model.settings.is_empty() {
            out.push_str("<dl class=\"settings\">");
            for (name, value) in &model.settings {
                put!(out, "<div><dt>{}</dt><dd>{}</dd></div>", Text(name), Text(value));
            }
            out.push_str("</dl>");
        }
        out.push_str(&nested(model));
    }
    out
}

/// Where folds were tuned anew: which settings came out differently.
fn nested(model: &ModelReport) -> String {
    let folds = &model.tuning.nested;
    if folds.is_empty() {
        return String::new();
    }
    let differing: Vec<usize> = (0..model.settings.len())
        .filter(|&at| folds.iter().any(|settings| settings.get(at) != model.settings.get(at)))
        .collect();
    if differing.is_empty() {
        return "<p>Tuned anew for each fold, on the other folds alone: all chose these settings.</p>"
            .to_owned();
    }
    let heads: Vec<&str> = std::iter::once("Tuned without")
        .chain(differing.iter().map(|&at| model.settings[at].0.as_str()))
        .collect();
    let value = |settings: &[(String, String)], at: usize| {
        settings.get(at).map_or_else(|| ABSENT.to_owned(), |(_, value)| Text(value).to_string())
    };
    let row = |(fold, settings): (usize, &Vec<(String, String)>)| {
        std::iter::once(format!("fold {}", fold + 1))
            .chain(differing.iter().map(|&at| value(settings, at)))
            .collect()
    };
    let rows = folds.iter().enumerate().map(row).collect();
    let caption = format!("Settings of {} where folds differ", model.name);
    format!(
        "<p>Tuned anew for each fold, on the other folds alone. Where the choices lie far apart, the data cannot tell these settings from each other.</p>{}",
        Grid::new(caption, &heads, &[], rows).html()
    )
}

fn certificate(model: &ModelReport) -> Vec<String> {
    let facts = &model.certificate;
    vec![
        Name(&model.name).to_string(),
        Text(&facts.criterion).to_string(),
        Digits::Significant(2).write(facts.gap),
        Digits::Significant(2).write(facts.tolerance),
        count(usize::try_from(facts.iterations).unwrap_or(usize::MAX)),
        count(model.parameters),
        count(model.candidate_parameters),
        facts.seconds.map_or_else(|| ABSENT.to_owned(), seconds),
    ]
}
