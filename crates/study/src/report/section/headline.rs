//! The head: what it is, how good, whether it meets its objectives, and what it must not be used for.

use bedside_validate::{Estimate, Judgement};

use super::super::data::{GateResult, ModelReport, ReportData};
use super::super::figure::champion;
use super::super::markup::{Name, Text, put};
use super::super::number::{Digits, INTERVAL, count, count_of, demand, found, measure_name, threshold};

/// The head of the page.
pub(super) fn headline(data: &ReportData) -> String {
    let study = &data.study;
    let mut out = String::from("<header class=\"headline\">");
    put!(
        out,
        "<p class=\"kicker\">Clinical prediction model · validation report</p><h1>{}</h1>",
        Text(&study.title)
    );
    if !study.question.is_empty() {
        put!(out, "<p class=\"question\">{}</p>", Text(&study.question));
    }
    if study.simulated {
        out.push_str(
            "<p class=\"banner\" role=\"note\"><strong>These data are simulated.</strong> No patient is behind any number on \
             this page. The figures show how the method works; they say nothing about real patients, and a model fitted to \
             them must not be used for care.</p>",
        );
    }
    out.push_str("<dl class=\"facts\">");
    for (term, fact) in
        [("Outcome", &study.outcome), ("Data", &study.data), ("Intended use", &study.intended_use)]
    {
        if !fact.is_empty() {
            put!(out, "<div><dt>{term}</dt><dd>{}</dd></div>", Text(fact));
        }
    }
    out.push_str("</dl>");
    if let Some((_, model)) = champion(data) {
        out.push_str(&tiles(model));
    }
    out.push_str(&gates(&data.gates));
    if !study.not_for.is_empty() {
        out.push_str("<div class=\"not-for\"><h2>It must not be used</h2><ul>");
        for not in &study.not_for {
            put!(out, "<li>{}</li>", Text(not));
        }
        out.push_str("</ul></div>");
    }
    out.push_str("</header>");
    out
}

/// The numbers that matter most, with what they mean.
fn tiles(model: &ModelReport) -> String {
    let mut out = String::new();
    let (two, three, free) = (Digits::Fixed(2), Digits::Fixed(3), Digits::Significant(3));
    let tiles: Vec<(String, String, Digits, &Estimate)> = match &model.held_out {
        Judgement::Binary(j) => {
            put!(
                out,
                "<p class=\"lead\">The champion is {}. On {} held-out rows ({} with the event) that it had never seen:</p>",
                named(model),
                count(j.rows),
                count_of(j.events, j.rows)
            );
            let mut tiles = vec![
                ("AUROC".into(), j.auroc.value.map_or_else(String::new, pairs), three, &j.auroc),
                ("Calibration slope".into(), slope(&j.calibration_slope).into(), two, &j.calibration_slope),
                ("Observed / expected".into(), ratio(&j.observed_expected).into(), two, &j.observed_expected),
                (
                    "Scaled Brier score".into(),
                    "100 % is perfect, 0 % is no better than always saying the event frequency".into(),
                    Digits::Percent(1),
                    &j.scaled_brier,
                ),
            ];
            if let Some(row) = j.thresholds.first() {
                let at = threshold(row.threshold);
                tiles.push((
                    format!("Net benefit at {at}"),
                    benefit(row, j),
                    Digits::Fixed(4),
                    &row.net_benefit,
                ));
            }
            tiles
        }
        Judgement::Continuous(j) => {
            put!(
                out,
                "<p class=\"lead\">The champion is {}. On {} held-out rows that it had never seen:</p>",
                named(model),
                count(j.rows)
            );
            vec![
                (
                    "R²".into(),
                    "share of the squared distance from the mean that is explained".into(),
                    three,
                    &j.r_squared,
                ),
                ("RMSE".into(), "in the unit of the outcome; large errors weigh more".into(), free, &j.rmse),
                (
                    "MAE".into(),
                    "mean distance from the truth, in the unit of the outcome".into(),
                    free,
                    &j.mae,
                ),
                ("Calibration slope".into(), slope(&j.calibration_slope).into(), two, &j.calibration_slope),
            ]
        }
    };
    out.push_str("<dl class=\"tiles\">");
    for (name, meaning, digits, estimate) in tiles {
        let interval = digits.interval(estimate).map_or_else(
            || Text(&estimate.how).to_string(),
            |i| format!("{INTERVAL} <span class=\"whole\">{i}</span>"),
        );
        put!(
            out,
            "<div><dt>{name}</dt><dd><strong>{}</strong><span class=\"ci\">{interval}</span><span class=\"means\">{meaning}</span></dd></div>",
            digits.estimate(estimate)
        );
    }
    out.push_str("</dl>");
    out
}

fn gates(gates: &[GateResult]) -> String {
    let mut out = String::from("<div class=\"gates\"><h2>Objectives fixed in advance</h2>");
    if gates.is_empty() {
        out.push_str("<p>None. Nothing was demanded of the model before it was fitted.</p></div>");
        return out;
    }
    let failed = gates.iter().filter(|gate| !gate.passed).count();
    let verdict = match (failed, gates.len()) {
        (0, 1) => "It was met.".to_owned(),
        (0, n) => format!("All {n} were met."),
        (failed, n) => format!("{failed} of {n} not met: do not use the model as it is."),
    };
    put!(out, "<p>{verdict}</p><ul>");
    for gate in gates {
        let (class, word) = if gate.passed { ("pass", "✓ met") } else { ("fail", "✗ not met") };
        put!(
            out,
            "<li><span class=\"pill {class}\">{word}</span> <span>{} <b>{}</b>, demanded {}</span></li>",
            Text(&measure_name(&gate.measure)),
            Text(&found(gate)),
            Text(&demand(&gate.demanded))
        );
    }
    out.push_str("</ul></div>");
    out
}

fn pairs(auroc: f64) -> String {
    let of_pairs = Digits::Percent(0).write(auroc);
    format!("in {of_pairs} of pairs, the row with the event has the higher risk; 0.5 is chance")
}

/// Says on which side of 1 the interval lies.
fn slope(estimate: &Estimate) -> &'static str {
    match (estimate.low, estimate.high) {
        (_, Some(high)) if high < 1.0 => "1 is ideal; here predictions are too extreme",
        (Some(low), _) if low > 1.0 => "1 is ideal; here predictions are too timid",
        (Some(_), Some(_)) => "1 is ideal, and within the interval",
        _ => "1 is ideal",
    }
}

fn ratio(estimate: &Estimate) -> &'static str {
    match (estimate.low, estimate.high) {
        (_, Some(high)) if high < 1.0 => "1 is ideal; here risks are too high on average",
        (Some(low), _) if low > 1.0 => "1 is ideal; here risks are too low on average",
        (Some(_), Some(_)) => "1 is ideal, and within the interval",
        _ => "1 is ideal",
    }
}

fn benefit(row: &bedside_validate::ThresholdRow, judgement: &bedside_validate::BinaryJudgement) -> String {
    // Treating all at threshold t: frequency - (1 - frequency) t / (1 - t) (Vickers and Elkin 2006,
    // doi:10.1177/0272989X06295361).
    let frequency = super::super::number::share(judgement.events, judgement.rows);
    let all = frequency - (1.0 - frequency) * row.threshold / (1.0 - row.threshold);
    format!("treating all: {}; treating none: 0", Digits::Fixed(4).write(all))
}

/// Name and kind, or the name alone where it is the kind.
fn named(model: &ModelReport) -> String {
    if model.name == model.kind {
        return Name(&model.name).to_string();
    }
    format!("{}, {}", Name(&model.name), Text(&article(&model.kind)))
}

/// `an elastic-net logistic regression`.
fn article(kind: &str) -> String {
    let an = kind.chars().next().is_some_and(|c| "aeiouAEIOU".contains(c));
    if kind.ends_with('s') && !kind.ends_with("ss") {
        kind.to_owned()
    } else {
        format!("{} {kind}", if an { "an" } else { "a" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_interval() {
        let estimate = |low, high| Estimate { value: Some(1.0), low, high, how: String::new() };
        assert!(slope(&estimate(Some(0.7), Some(0.9))).contains("too extreme"));
        assert!(slope(&estimate(Some(1.1), Some(1.4))).contains("too timid"));
        assert!(slope(&estimate(Some(0.9), Some(1.1))).contains("within"));
        assert_eq!(slope(&estimate(None, None)), "1 is ideal");
        assert!(ratio(&estimate(Some(1.1), Some(1.2))).contains("too low"));
        assert_eq!(article("elastic-net logistic regression"), "an elastic-net logistic regression");
        assert_eq!(article("boosted trees"), "boosted trees");
    }
}
