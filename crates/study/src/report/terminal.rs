//! The result in a terminal: a short plain table.

use bedside_validate::Judgement;

use super::data::{ModelReport, ReportData};
use super::markup::shorten;
use super::number::{Digits, INTERVAL, count, count_of, demand, found, measure_name, threshold};
use super::section::measures;

/// Columns that fit at least in one table.
const WIDTH: usize = 100;

/// The result as plain text, at most 100 columns wide; ANSI colours only when asked (a terminal, not a file).
///
/// One column per model with its measures and intervals, then the objectives and how many findings there are. Nothing in
/// it moves the cursor: control characters in names are replaced.
#[must_use]
pub fn terminal(data: &ReportData, colour: bool) -> String {
    let paint = |code: &str, text: &str| {
        if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let mut out = String::new();
    let mut line = |text: &str| {
        // Spaces that do not break serve the page; a terminal copies better with plain ones.
        out.push_str(&text.trim_end().replace('\u{a0}', " "));
        out.push('\n');
    };
    line(&paint("1", &plain(&data.study.title, WIDTH)));
    line(&format!("outcome: {}", plain(&data.study.outcome, WIDTH - 9)));
    if data.study.simulated {
        line(&paint("33", "simulated data: nothing here was learnt from patients"));
    }
    for models in data.models.chunks(3) {
        line("");
        for row in table(models) {
            line(&row);
        }
    }
    if let Some(model) = data.models.first() {
        let (rows, events) = match &model.held_out {
            Judgement::Binary(j) => (j.rows, format!(", {} events", count_of(j.events, j.rows))),
            Judgement::Continuous(j) => (j.rows, String::new()),
        };
        line("");
        line(&format!("{} held-out rows{events}; in brackets: {INTERVAL}", count(rows)));
    }
    if !data.gates.is_empty() {
        line("");
        for gate in &data.gates {
            let word = if gate.passed { paint("32", "met    ") } else { paint("31", "NOT MET") };
            let found = plain(&found(gate), 60);
            line(&format!(
                "{word}  {} {}, found {found}",
                plain(&measure_name(&gate.measure), 40),
                plain(&demand(&gate.demanded), 30)
            ));
        }
    }
    let warnings = data.findings.iter().filter(|finding| finding.level == "warning").count();
    if !data.findings.is_empty() {
        let several = |n: usize, what: &str| format!("{} {what}{}", count(n), if n == 1 { "" } else { "s" });
        let notes = several(data.findings.len() - warnings, "note");
        let text = format!("{}, {notes}: read them in the report", several(warnings, "warning"));
        line("");
        line(&if warnings > 0 { paint("33", &text) } else { text });
    }
    out
}

/// Head and rows of some models side by side.
fn table(models: &[ModelReport]) -> Vec<String> {
    const FIRST: usize = 24;
    let width = ((WIDTH - FIRST) / models.len().max(1)).min(34);
    let mut head = format!("{:FIRST$}", "");
    for model in models {
        let mark = if model.champion { " *" } else { "" };
        head.push_str(&pad(&format!("{}{mark}", plain(&model.name, width - 4)), width));
    }
    let mut rows = vec![head];
    let names = [
        "AUROC",
        "Calibration slope",
        "Calibration intercept",
        "ICI",
        "Scaled Brier score",
        "RMSE",
        "MAE",
        "R²",
    ];
    for name in names {
        let cells: Vec<Option<String>> = models
            .iter()
            .map(|model| {
                let all = measures(&model.held_out);
                all.iter().find(|row| row.name == name).map(|row| row.digits.with_interval(row.estimate))
            })
            .collect();
        push(&mut rows, name, &cells, width);
    }
    let first: Vec<Option<(f64, String)>> = models
        .iter()
        .map(|model| match &model.held_out {
            Judgement::Binary(j) => j
                .thresholds
                .first()
                .map(|row| (row.threshold, Digits::Fixed(4).with_interval(&row.net_benefit))),
            Judgement::Continuous(_) => None,
        })
        .collect();
    if let Some((at, _)) = first.iter().flatten().next() {
        let name = format!("Net benefit at {}", threshold(*at));
        push(
            &mut rows,
            &name,
            &first.iter().map(|cell| cell.as_ref().map(|(_, text)| text.clone())).collect::<Vec<_>>(),
            width,
        );
    }
    rows
}

fn push(rows: &mut Vec<String>, name: &str, cells: &[Option<String>], width: usize) {
    if cells.iter().all(Option::is_none) {
        return;
    }
    let mut row = pad(name, 24);
    for cell in cells {
        // Percent signs and spaces are given up where three models stand side by side.
        let text = cell.as_deref().unwrap_or("-");
        let text = if text.chars().count() < width {
            text.to_owned()
        } else {
            text.replace("\u{a0}%", "%").replace(" to ", "–")
        };
        row.push_str(&pad(&text, width));
    }
    rows.push(row);
}

fn pad(text: &str, width: usize) -> String {
    let used = text.chars().count();
    format!("{text}{}", " ".repeat(width.saturating_sub(used)))
}

/// A text of people on one line, at most so wide, without control characters.
fn plain(text: &str, width: usize) -> String {
    let text: String = text
        .chars()
        .map(|c| {
            if c.is_whitespace() {
                ' '
            } else if c.is_control() {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect();
    shorten(&text, width)
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn it_is_narrow_and_plain() {
        for data in [fixture::readmission(), fixture::hostile(), fixture::stay(), fixture::empty()] {
            let text = terminal(&data, false);
            assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
            assert!(!text.contains('\u{1b}'), "{text}");
            assert!(!text.contains("NaN"), "{text}");
        }
    }

    #[test]
    fn it_has_the_numbers_and_the_gates() {
        let data = fixture::readmission();
        let text = terminal(&data, false);
        let auroc = super::super::figure::binary(&data.models[0]).expect("binary").auroc.clone();
        assert!(text.contains(&Digits::Fixed(3).with_interval(&auroc)), "{text}");
        assert!(
            text.contains("1 warning, 2 notes")
                && text.contains("NOT MET")
                && text.contains("Net benefit at 10 %"),
            "{text}"
        );
        assert!(terminal(&data, true).contains("\u{1b}[31m"));
    }
}
