//! `cohort`: who counts, from when, with which label.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

use bedside_chart::{Codes, Label, LabelValue};
use bedside_cohort::{Flow, Task};
use bedside_intake::meds::{EventFiles, labels_csv, write_labels};
use bedside_intake::sha256_hex;
use bedside_study::label::{Labelled, label};
use serde_json::json;

use super::grouped::grouped;
use crate::args::{Cohort, Global};
use crate::failure::Failure;
use crate::terminal::{say, tell};

pub(crate) fn cohort(args: &Cohort, global: &Global) -> Result<ExitCode, Failure> {
    let task = task(&args.task, args.predicates.as_deref())?;
    let files = EventFiles::open(&args.data)?;
    let codes = Codes::default();
    let threads = args.machine.threads.map_or_else(available, usize::from);
    let Labelled { labels, flow, amount, lifetimes } = label(&files, &codes, &task, threads)?;
    let mut warnings = warnings(&task, &codes, &flow, &labels);
    warnings.extend(lifetimes.told());
    for warning in &warnings {
        tell(&format!("warning: {warning}"));
    }
    if let Some(out) = &args.out {
        write_labels(out, &labels)?;
    }
    let outcomes = outcomes(&labels);
    let sha256 = sha256_hex(&labels_csv(&labels)?);
    if global.json {
        let steps: Vec<_> = flow
            .steps()
            .into_iter()
            .map(|step| json!({ "step": step.what, "subjects": step.left.subjects, "rows": step.left.rows }))
            .collect();
        say(&json!({
            "rows": labels.len(),
            "sha256": sha256,
            "outcomes": outcomes.iter().map(|(name, count)| json!({ "outcome": name, "rows": count })).collect::<Vec<_>>(),
            "events_read": amount.events,
            "subjects_read": amount.subjects,
            "steps": steps,
            "warnings": warnings,
            "out": args.out.as_ref().map(|out| out.display().to_string()),
        })
        .to_string());
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("{} events of {} subjects", grouped(amount.events), grouped(amount.subjects)));
    say(&table(&flow));
    for (name, count) in &outcomes {
        let share = 100.0 * *count as f64 / labels.len() as f64;
        say(&format!("  {name}: {} rows ({share:.1} %)", grouped(*count)));
    }
    say(&format!("  SHA-256 of the rows as CSV: {sha256}"));
    if let Some(out) = &args.out {
        tell(&format!("{} rows: {}", grouped(labels.len() as u64), out.display()));
    }
    Ok(ExitCode::SUCCESS)
}

/// All cores.
pub(crate) fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Reads a task file, and the predicates that are laid over it.
pub(crate) fn task(path: &Path, predicates: Option<&Path>) -> Result<Task, Failure> {
    let read = |path: &Path| {
        std::fs::read_to_string(path)
            .map_err(|e| Failure::Input(format!("cannot read `{}`: {e}", path.display())))
    };
    let text = read(path)?;
    let (task, file) = match predicates {
        None => (Task::parse(&text), path.display().to_string()),
        Some(over) => {
            (Task::parse_with(&text, &read(over)?), format!("{}` with `{}", path.display(), over.display()))
        }
    };
    task.map_err(|source| Failure::Task { file, source })
}

/// What a careful reader would ask about.
fn warnings(task: &Task, codes: &Codes, flow: &Flow, labels: &[Label]) -> Vec<String> {
    let mut warnings: Vec<String> = task.unmet(&codes.names()).iter().map(ToString::to_string).collect();
    warnings.extend(flow.doubts());
    if !task.has_index_time() {
        warnings.push("no window has `index_timestamp`, so the rows have no prediction time".to_owned());
    }
    if !task.has_outcome() {
        warnings
            .push("no window has `label` and there is no `outcome`, so the rows have no outcome".to_owned());
    }
    if task.is_matched() {
        warnings.push(
            "rows without the outcome were sampled (`match`): risks learned from them are not those of patients as they come"
                .to_owned(),
        );
    }
    if labels.is_empty() {
        warnings.push("no row is left; the counts show at which step".to_owned());
    } else if let [(name, _)] = &outcomes(labels)[..] {
        warnings.push(format!("all {} rows are `{name}`: there is nothing to predict", labels.len()));
    }
    warnings
}

/// How many rows have each outcome, where outcomes can be counted.
fn outcomes(labels: &[Label]) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for label in labels {
        let name = match &label.value {
            LabelValue::None | LabelValue::Number(_) => continue,
            LabelValue::Boolean(true) => "with the outcome".to_owned(),
            LabelValue::Boolean(false) => "without".to_owned(),
            LabelValue::Category(name) => name.to_string(),
            LabelValue::Time { event: 0, .. } => "censored".to_owned(),
            LabelValue::Time { event: 1, .. } => "with the event".to_owned(),
            LabelValue::Time { event, .. } => format!("with competing event {}", event - 1),
        };
        *counts.entry(name).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// The counts of every step, those that lose nobody too.
fn table(flow: &Flow) -> String {
    let steps = flow.steps();
    let width = steps.iter().map(|step| step.what.chars().count()).max().unwrap_or(0);
    let mut lines = vec![format!("  {:width$}  {:>12}  {:>12}", "", "subjects", "rows")];
    for step in &steps {
        let rows = step.left.rows.map_or_else(String::new, grouped);
        let line = format!("  {:width$}  {:>12}  {rows:>12}", step.what, grouped(step.left.subjects));
        lines.push(line.trim_end().to_owned());
    }
    lines.join("\n")
}
