//! `features`: what is known of each subject at each index time, as a sparse matrix.

use std::collections::HashSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use bedside_chart::{Codes, Instant, SubjectNumber};
use bedside_cohort::features::{Column, Plan};
use bedside_intake::meds::{EventFiles, LabelTable, subjects_of_split};
use bedside_intake::sparse::{Columns, NpzWriter, TripletWriter};
use bedside_intake::{Format, IntakeError, OutColumn, OutData, Staged, table_bytes};
use bedside_study::StudyError;
use bedside_study::spec::RecipeFile;
use bedside_study::tabulate::{IndexTimes, Means, Shape, count_codes, tabulate};
use bedside_study::vocabulary::recipe_with_words;
use serde_json::json;

use super::cohort::available;
use super::grouped::grouped;
use crate::args::{Features, Global, MatrixFormat};
use crate::failure::Failure;
use crate::terminal::{say, tell};

/// The share of the memory that waiting entries may take; the rest is for reading and writing.
const SHARE: f64 = 0.75;

pub(crate) fn features(args: &Features, global: &Global) -> Result<ExitCode, Failure> {
    let text = std::fs::read_to_string(&args.recipe)
        .map_err(|e| Failure::Input(format!("cannot read `{}`: {e}", args.recipe.display())))?;
    let recipe = RecipeFile::parse(&text, &args.recipe.display().to_string()).map_err(StudyError::from)?;
    let files = EventFiles::open(&args.data)?;
    let labels = args.labels.as_ref().map(LabelTable::read).transpose()?;
    let training = training(args)?;
    let threads = args.machine.threads.map_or_else(available, usize::from);
    let codes = Codes::default();
    let (asked, words) = recipe_with_words(&recipe, std::iter::once(&files))?;
    // All their events count, so that the columns are the same whatever labels are given: those of a held-out set, say.
    let all = training.as_ref().map(|(_, of)| of.iter().map(|&subject| (subject, Instant::MAX)).collect());
    let (uses, counted) = count_codes(&files, &codes, &asked, all.as_ref(), threads)?;
    let plan = Plan::new(&asked, &uses).map_err(StudyError::from)?.in_words(&words);
    let index = match &labels {
        Some(labels) => IndexTimes::given(labels.rows()),
        None => IndexTimes::EveryInstant,
    };
    let means = Means { threads, bytes: (args.memory as f64 * SHARE) as u64 };

    let mut staged = Staged::new(&args.out)?;
    let (mut npz, mut triplets) = (None, None);
    let shape = tabulate(&files, &codes, &plan, &index, means, |shape| {
        let mut outs: Vec<&mut dyn Columns> = Vec::new();
        if args.matrix != MatrixFormat::Parquet {
            staged.file("matrix.npz")?;
            let begun = NpzWriter::begin(|| staged.again("matrix.npz"), shape.rows, &shape.entries);
            outs.push(npz.insert(begun.map_err(|source| staged.refused(source))?));
        }
        if args.matrix != MatrixFormat::Npz {
            let begun = TripletWriter::begin(staged.file("matrix.parquet")?);
            outs.push(triplets.insert(begun.map_err(|source| staged.refused(source))?));
        }
        Ok(outs)
    });
    let shape = shape.map_err(|error| match error {
        StudyError::Output { source } => Failure::Intake(staged.refused(source)),
        other => Failure::Study(other),
    })?;
    npz.map(NpzWriter::finish).transpose().map_err(|source| staged.refused(source))?;
    triplets.map(TripletWriter::finish).transpose().map_err(|source| staged.refused(source))?;
    add(&mut staged, "columns.csv", &dictionary(&plan, &shape)?)?;
    add(&mut staged, "rows.parquet", &rows(labels.as_ref(), &shape)?)?;
    add(&mut staged, "recipe.toml", text.as_bytes())?;
    staged.commit()?;

    let entries: u64 = shape.entries.iter().sum();
    let source = training.as_ref().map(|(path, _)| path.display().to_string());
    let filtered = recipe.rare != Default::default();
    let mut warnings = warnings(&shape, source.is_none() && filtered);
    warnings.extend(asked.without_codes(&uses));
    warnings.extend(labels.as_ref().and_then(|labels| labels.doubt_of_clock(&files)));
    for warning in &warnings {
        tell(&format!("warning: {warning}"));
    }
    if global.json {
        say(&json!({
            "rows": shape.rows,
            "columns": plan.columns(),
            "entries": entries,
            "codes": { "counted": uses.codes.len(), "kept": plan.codes(), "over_subjects": counted, "split": source },
            "events_read": shape.amount.events,
            "subjects_read": shape.amount.subjects,
            "warnings": warnings,
            "out": args.out.display().to_string(),
        })
        .to_string());
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("{} events of {} subjects", grouped(shape.amount.events), grouped(shape.amount.subjects)));
    let over = match &source {
        Some(path) => format!("{} training subjects ({path})", grouped(counted)),
        None => format!("{} subjects", grouped(counted)),
    };
    say(&format!(
        "{} codes over {over}; {} kept",
        grouped(uses.codes.len() as u64),
        grouped(plan.codes() as u64)
    ));
    let cells = shape.rows as f64 * f64::from(plan.columns());
    say(&format!(
        "{} rows × {} features, {} entries ({:.1} % of the cells)",
        grouped(shape.rows),
        grouped(u64::from(plan.columns())),
        grouped(entries),
        if cells > 0.0 { 100.0 * entries as f64 / cells } else { 0.0 },
    ));
    tell(&format!("written to {}", args.out.display()));
    Ok(ExitCode::SUCCESS)
}

/// The training subjects, and the file that names them: the one given, else the data set's own.
fn training(args: &Features) -> Result<Option<(PathBuf, HashSet<SubjectNumber>)>, Failure> {
    let own = args.data.join("metadata").join("subject_splits.parquet");
    let path = match &args.splits {
        Some(path) => path.clone(),
        None if own.is_file() => own,
        None => return Ok(None),
    };
    let subjects = subjects_of_split(&path, &args.train)?;
    Ok(Some((path, subjects)))
}

fn add(staged: &mut Staged, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = staged.file(name)?;
    Ok(file.write_all(bytes).map_err(|source| staged.refused(source))?)
}

/// What each column is.
fn dictionary(plan: &Plan, shape: &Shape) -> Result<Vec<u8>, IntakeError> {
    let columns: Vec<Column> = (0..plan.columns()).filter_map(|column| plan.column(column)).collect();
    let text = |of: &dyn Fn(&Column) -> String| columns.iter().map(of).collect::<Vec<String>>();
    let numbers: Vec<Option<i64>> = (0..columns.len() as i64).map(Some).collect();
    let entries: Vec<Option<i64>> =
        shape.entries.iter().map(|&entries| i64::try_from(entries).ok()).collect();
    let window = |column: &Column| column.window.as_ref().map_or_else(String::new, ToString::to_string);
    let absent =
        |column: &Column| if column.aggregation.absent_is_zero() { "zero" } else { "unknown" }.to_owned();
    table_bytes(
        Format::Csv,
        b',',
        &[
            OutColumn { name: "column", data: OutData::Integers(&numbers) },
            OutColumn { name: "feature", data: OutData::Text(&text(&Column::describe)) },
            OutColumn { name: "code", data: OutData::Text(&text(&|column| column.code.to_string())) },
            OutColumn { name: "window", data: OutData::Text(&text(&window)) },
            OutColumn {
                name: "aggregation",
                data: OutData::Text(&text(&|column| column.aggregation.to_string())),
            },
            OutColumn { name: "absent", data: OutData::Text(&text(&absent)) },
            OutColumn { name: "entries", data: OutData::Integers(&entries) },
        ],
    )
}

/// Whose each row is and when, with whatever else the labels say.
fn rows(labels: Option<&LabelTable>, shape: &Shape) -> Result<Vec<u8>, IntakeError> {
    if let Some(labels) = labels {
        return table_bytes(Format::Parquet, b',', &labels.columns());
    }
    let subjects: Vec<Option<i64>> =
        shape.instants.iter().map(|(subject, _)| Some(subject.expose())).collect();
    let times: Vec<Option<i64>> =
        shape.instants.iter().map(|(_, time)| Some(Instant::micros(*time))).collect();
    table_bytes(
        Format::Parquet,
        b',',
        &[
            OutColumn { name: "subject_id", data: OutData::Integers(&subjects) },
            OutColumn { name: "prediction_time", data: OutData::Instants(&times) },
        ],
    )
}

/// What a careful reader would ask about.
fn warnings(shape: &Shape, all_counted: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    if all_counted {
        warnings.push(
            "no split is given, so rare codes were judged on all subjects, those to be held out among them; name the \
             training subjects with --splits"
                .to_owned(),
        );
    }
    if shape.without_events > 0 {
        let rows = grouped(shape.without_events);
        warnings.push(format!("{rows} rows are of subjects who are not in the data; they have no features"));
    }
    warnings.extend(shape.lifetimes.told());
    if shape.before_the_record > 0 {
        let rows = grouped(shape.before_the_record);
        warnings.push(format!("{rows} rows are at index times before the first event of their subject"));
    }
    warnings
}
