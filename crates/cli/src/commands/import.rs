//! `import`: raw records become a data set of events.

use std::path::Path;
use std::process::ExitCode;

use bedside_intake::import::{
    ImportOptions, Imported, Mapping, OddTimes, Progress, Source, UnitRules, import as bring_in, is_database,
};
use serde_json::json;

use super::cohort::available;
use super::grouped::grouped;
use crate::args::{self, Global, Import, ImportKind};
use crate::failure::Failure;
use crate::terminal::{Counter, say, tell};

/// Reasons shown; all of them are in the file.
const SHOWN: usize = 8;
/// Files shown; there may be one for every patient.
const FILES: usize = 24;

pub(crate) fn import(args: &Import, global: &Global) -> Result<ExitCode, Failure> {
    if is_database(&args.source) && !matches!(args.kind, ImportKind::Omop) {
        return Err(Failure::Input(
            "of databases only OMOP is read: `bedside import omop postgres://…`".to_owned(),
        ));
    }
    if args.source_codes && args.kind != ImportKind::Omop {
        return Err(Failure::Input(
            "`--source-codes` is for OMOP, whose events have a standard and a source concept".to_owned(),
        ));
    }
    if !args.codings.is_empty() && args.kind != ImportKind::Fhir {
        return Err(Failure::Input(
            "`--codings` is for FHIR, whose events may have several codings".to_owned(),
        ));
    }
    let source = match args.kind {
        ImportKind::Meds => Source::Meds(args.source.clone()),
        ImportKind::Omop => Source::Omop(args.source.clone()),
        ImportKind::Fhir => Source::Fhir(args.source.clone()),
        ImportKind::Long => Source::Long(args.source.clone(), mapping(args)?),
    };
    let named = args.destination.file_name().map(|name| name.to_string_lossy().into_owned());
    let options = ImportOptions {
        name: args.name.clone().or(named).unwrap_or_default(),
        memory: args.memory,
        threads: args.machine.threads.map_or_else(available, usize::from),
        rejected: args.rejected,
        seed: args.seed,
        replace: args.replace,
        source_codes: args.source_codes,
        codings: args.codings.clone(),
        odd_times: match args.odd_times {
            args::OddTimes::Open => OddTimes::Open,
            args::OddTimes::Keep => OddTimes::Keep,
            args::OddTimes::Drop => OddTimes::Drop,
        },
        units: match &args.units {
            Some(path) => UnitRules::parse(&text_of(path)?)?,
            None => UnitRules::default(),
        },
        ..ImportOptions::default()
    };
    let counter = Counter::start(global.json);
    let mut written = 0;
    let mut read = 0;
    let done = bring_in(&source, &args.destination, &options, &mut |progress| match progress {
        Progress::Read(file, rows) => {
            read += rows;
            counter.show(&format!("reading {file}: {} rows", grouped(read)));
        }
        Progress::Written(events) => {
            written += events;
            counter.show(&format!("writing: {} events", grouped(written)));
        }
    });
    counter.finish();
    let done = done?;
    if global.json {
        say(&machine(args, &done))
    } else {
        person(args, &done)
    }
    Ok(ExitCode::SUCCESS)
}

fn mapping(args: &Import) -> Result<Mapping, Failure> {
    let Some(path) = &args.mapping else {
        return Err(Failure::Input("`import long` needs --mapping FILE.toml".to_owned()));
    };
    Ok(Mapping::parse(&text_of(path)?)?)
}

/// The text of a file that says how something is read.
pub(super) fn text_of(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|e| Failure::Input(format!("cannot read `{}`: {e}", path.display())))
}

fn person(args: &Import, done: &Imported) {
    for note in &done.notes {
        tell(&format!("note: {note}"));
    }
    let (shown, rest) = done.read.split_at(done.read.len().min(FILES));
    let width = shown.iter().map(|(file, _)| file.chars().count()).max().unwrap_or(0);
    for (file, rows) in shown {
        say(&format!("  {file:width$}  {:>14} rows", grouped(*rows)));
    }
    if !rest.is_empty() {
        let rows = rest.iter().map(|(_, rows)| rows).sum();
        say(&format!("  and {} more files with {} rows", grouped(rest.len() as u64), grouped(rows)));
    }
    say(&format!(
        "{} events of {} subjects, {} codes",
        grouped(done.events),
        grouped(done.subjects),
        grouped(done.codes)
    ));
    if done.labels > 0 {
        let place = args.destination.join("labels.parquet");
        say(&format!("{} labels: {}", grouped(done.labels), place.display()));
    }
    let rejected: u64 = done.rejects.iter().map(|count| count.rows).sum();
    if rejected > 0 {
        let rows: u64 = done.read.iter().map(|(_, rows)| rows).sum();
        let share = 100.0 * rejected as f64 / rows as f64;
        say(&format!("{} rows ({share:.2} %) were left out:", grouped(rejected)));
        done.rejects.iter().take(SHOWN).for_each(|count| say(&format!("  {count}")));
        if done.rejects.len() > SHOWN {
            say(&format!("  and {} more reasons", done.rejects.len() - SHOWN));
        }
        say(&format!("  all of them: {}", args.destination.join("rejects.parquet").display()));
    }
    tell(&format!("written to {}", args.destination.display()));
}

fn machine(args: &Import, done: &Imported) -> String {
    let rejects: Vec<_> = done
        .rejects
        .iter()
        .map(|count| {
            json!({
                "file": count.file, "column": count.column, "reason": count.reason, "rows": count.rows, "first": count.first,
            })
        })
        .collect();
    json!({
        "rows_read": done.read.iter().map(|(file, rows)| json!({ "file": file, "rows": rows })).collect::<Vec<_>>(),
        "events": done.events,
        "subjects": done.subjects,
        "codes": done.codes,
        "labels": done.labels,
        "shards": done.shards,
        "rejects": rejects,
        "notes": done.notes,
        "out": args.destination.display().to_string(),
    })
    .to_string()
}
