//! The model card: what a user of the model must know, from the facts of the run.

use bedside_validate::Judgement;

use super::data::{ModelReport, ReportData};
use super::figure::champion;
use super::number::{Digits, INTERVAL, count, count_of, demand, found, measure_name, threshold};
use super::section::measures;

/// One block of the card, plain text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// Bullets.
    List(Vec<String>),
}

/// The model card as Markdown: intended use, what it must not be used for, data, performance, subgroups, caveats.
///
/// Everything in it is also in the report. Names of people (titles, columns, levels) are escaped.
/// The order of headings follows Mitchell et al., *Model cards for model reporting* (2019), doi:10.1145/3287560.3287596.
#[must_use]
pub fn card(data: &ReportData) -> String {
    let mut out = format!("# Model card: {}\n", escape(&data.study.title));
    for block in blocks(data) {
        out.push('\n');
        match block {
            Block::Heading(text) => out.push_str(&format!("## {}\n", escape(&text))),
            Block::Paragraph(text) => out.push_str(&format!("{}\n", escape(&text))),
            Block::List(items) => {
                for item in items {
                    out.push_str(&format!("- {}\n", escape(&item)));
                }
            }
        }
    }
    out
}

/// The card's blocks, in order.
pub(super) fn blocks(data: &ReportData) -> Vec<Block> {
    let Some((_, model)) = champion(data) else {
        return Vec::new();
    };
    let study = &data.study;
    let mut out = Vec::new();
    let mut part = |heading: &str, paragraph: Option<String>, list: Vec<String>| {
        if paragraph.is_none() && list.is_empty() {
            return;
        }
        out.push(Block::Heading(heading.to_owned()));
        out.extend(paragraph.map(Block::Paragraph));
        if !list.is_empty() {
            out.push(Block::List(list));
        }
    };
    let bundle = data.manifest.bundle_id.as_deref().map_or_else(String::new, |id| format!(" Bundle {id}."));
    part(
        "Model",
        Some(format!(
            "{}, {} parameters, made with bedside {}.{bundle}",
            if model.name == model.kind {
                model.name.clone()
            } else {
                format!("{}: {}", model.name, model.kind)
            },
            count(model.parameters),
            data.manifest.version
        )),
        Vec::new(),
    );
    let predicts = format!("Predicts: {}. {}", study.outcome, study.question);
    part(
        "Intended use",
        Some(predicts),
        Some(&study.intended_use).filter(|t| !t.is_empty()).cloned().into_iter().collect(),
    );
    part("It must not be used", None, study.not_for.clone());
    let simulated =
        if study.simulated { " The data are simulated: nothing here was learnt from patients." } else { "" };
    let mut sides = vec![side("Training", &data.split.train), side("Held out", &data.split.held_out)];
    sides.push(format!("Division: {}", data.split.how));
    part("Data", Some(format!("{}.{simulated}", study.data.trim_end_matches('.'))), sides);
    part("Preparation", None, data.preparation.clone());
    part("Performance on held-out rows", Some(format!("Estimates with {INTERVAL}.")), performance(model));
    part("Objectives fixed in advance", None, gates(data));
    part("Subgroups", None, weakest(model));
    let warnings = data.findings.iter().filter(|f| f.level == "warning").map(|f| f.text.clone()).collect();
    part("Warnings", None, warnings);
    let open = data.tripod.iter().filter(|item| item.answer.is_none()).count();
    if open > 0 {
        let says = format!(
            "{open} items of the TRIPOD+AI checklist are open; see the report. Local performance may differ: check calibration before use."
        );
        part("Caveats", Some(says), Vec::new());
    }
    out
}

fn side(name: &str, side: &super::data::SideFacts) -> String {
    let patients = side.patients.map_or_else(String::new, |n| format!(", {} patients", count(n)));
    match side.events {
        Some(events) => {
            format!("{name}: {} rows{patients}, {} events", count(side.rows), count_of(events, side.rows))
        }
        None => format!(
            "{name}: {} rows{patients}, mean outcome {}",
            count(side.rows),
            Digits::Significant(4).write(side.mean)
        ),
    }
}

fn performance(model: &ModelReport) -> Vec<String> {
    let mut out: Vec<String> = measures(&model.held_out)
        .iter()
        .filter(|row| !matches!(row.name, "E50" | "E90" | "Emax"))
        .map(|row| format!("{}: {}", row.name, row.digits.with_interval(row.estimate)))
        .collect();
    if let Judgement::Binary(judgement) = &model.held_out {
        for row in &judgement.thresholds {
            out.push(format!(
                "At a threshold of {}: sensitivity {}, specificity {}, net benefit {}",
                threshold(row.threshold),
                Digits::Percent(1).with_interval(&row.sensitivity),
                Digits::Percent(1).with_interval(&row.specificity),
                Digits::Fixed(4).with_interval(&row.net_benefit)
            ));
        }
    }
    out
}

fn gates(data: &ReportData) -> Vec<String> {
    data.gates
        .iter()
        .map(|gate| {
            let word = if gate.passed { "met" } else { "not met" };
            format!(
                "{} {}: {word} (found {})",
                measure_name(&gate.measure),
                demand(&gate.demanded),
                found(gate)
            )
        })
        .collect()
}

/// Per grouping, the subgroup that the model tells apart worst.
fn weakest(model: &ModelReport) -> Vec<String> {
    let mut out = Vec::new();
    for group in model.subgroups.chunk_by(|a, b| a.by == b.by) {
        let measured = group.iter().filter_map(|row| Some((row, row.discrimination.as_ref()?)));
        let known = measured.filter_map(|(row, estimate)| Some((row, estimate, estimate.value?)));
        if let Some((row, estimate, _)) = known.min_by(|a, b| a.2.total_cmp(&b.2)) {
            let name = if matches!(model.held_out, Judgement::Binary(_)) { "AUROC" } else { "R²" };
            out.push(format!(
                "{}: lowest {name} in {} ({} rows): {}",
                row.by,
                row.level,
                count(row.rows),
                Digits::Fixed(3).with_interval(estimate)
            ));
        }
    }
    out
}

/// Escapes what Markdown would read as markup, and keeps a text on one line.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' => {
                out.push('\\');
                out.push(c);
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            _ if c.is_whitespace() => out.push(' '),
            _ if c.is_control() => out.push('\u{FFFD}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn the_card_says_how_good_and_what_not_for() {
        let card = card(&fixture::readmission());
        for says in [
            "# Model card",
            "## It must not be used",
            "## Performance on held-out rows",
            "AUROC: 0.6",
            "not met",
        ] {
            assert!(card.contains(says), "{says} in\n{card}");
        }
    }

    #[test]
    fn markdown_cannot_be_smuggled_in() {
        let mut data = fixture::readmission();
        data.study.title = "x\n# y <script> [a](b) *c*".into();
        let card = card(&data);
        assert!(card.starts_with("# Model card: x \\# y &lt;script&gt; \\[a\\](b) \\*c\\*\n"), "{card}");
    }
}
