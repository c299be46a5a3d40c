//! `check`: everything that can be verified before fitting.

use std::process::ExitCode;

use bedside_study::outcome::OutcomeFacts;
use bedside_study::progress::Unwatched;
use bedside_study::verify::{ColumnFacts, verify};
use serde_json::json;

use super::grouped::grouped;
use super::load;
use crate::args::{Check, Global};
use crate::failure::Failure;
use crate::terminal::say;

/// Features that are listed; a table's columns all are.
const LISTED: usize = 50;

pub(crate) fn check(args: &Check, global: &Global) -> Result<ExitCode, Failure> {
    let inputs = load::study(&args.study, None, &Unwatched)?;
    let verified = verify(&inputs)?;
    if global.json {
        let findings: Vec<_> = verified
            .findings
            .iter()
            .map(|f| json!({ "level": f.level, "text": f.text, "hint": f.hint }))
            .collect();
        say(&json!({
            "rows": verified.rows,
            "patients": verified.patients,
            "outcome": verified.outcome,
            "columns": verified.columns,
            "flow": verified.flow,
            "split": verified.split,
            "findings": findings,
        })
        .to_string());
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("{}: nothing stands in the way of a run", args.study.display()));
    for step in &verified.flow {
        let removed = if step.removed > 0 { format!("  -{}", step.removed) } else { String::new() };
        say(&format!("  {:>9} rows  {}{removed}", step.rows, step.label));
    }
    say(&format!("  split: {}", verified.split));
    let patients = verified.patients.map_or_else(
        || "; no patient column, so each row counts as a patient of its own".to_owned(),
        |patients| format!(" of {} patients", grouped(patients as u64)),
    );
    say(&format!("  taking part: {} rows{patients}", grouped(verified.rows as u64)));
    outcome(&verified.outcome);
    columns(&verified.columns, inputs.events.is_some());
    for finding in &verified.findings {
        say(&format!("{}: {}\n  {}", finding.level, finding.text, finding.hint));
    }
    Ok(ExitCode::SUCCESS)
}

/// The kind of outcome, its events, and what each value means.
fn outcome(facts: &OutcomeFacts) {
    let known = grouped(facts.rows as u64);
    let what = match (facts.events, facts.share, facts.range) {
        (Some(events), Some(share), _) => {
            format!("{} events in {known} rows ({:.1} %)", grouped(events as u64), 100.0 * share)
        }
        (_, _, Some([low, high])) => format!("{known} rows, from {low} to {high}"),
        _ => format!("{known} rows"),
    };
    say(&format!("  outcome: {} ({}), {what}; not known in {} rows", facts.words, facts.kind, facts.unknown));
    for value in &facts.values {
        let written =
            value.value.as_ref().map_or_else(|| "no value".to_owned(), |value| format!("`{value}`"));
        say(&format!("  {:>9} rows  {written}: {}", value.rows, value.means));
    }
}

/// Each column in a line.
fn columns(facts: &[ColumnFacts], features: bool) {
    say(&format!("  {} predictors", facts.len()));
    let most = if features { LISTED } else { usize::MAX };
    for column in facts.iter().take(most) {
        let unit = column.unit.as_ref().map_or_else(String::new, |unit| format!(" [{unit}]"));
        let what = match (column.levels, column.range) {
            (Some(levels), _) => format!("categorical, {levels} levels"),
            (None, Some([low, high])) => format!("numeric, from {low} to {high}"),
            (None, None) => "numeric, never measured".to_owned(),
        };
        let missing = match column.missing {
            0 => String::new(),
            rows => {
                format!(", missing in {} rows ({:.1} %)", grouped(rows as u64), 100.0 * column.missing_share)
            }
        };
        say(&format!("    {}{unit}: {what}{missing}", column.name));
    }
    if facts.len() > most {
        say(&format!("    and {} more; `--json` lists all", facts.len() - most));
    }
}
