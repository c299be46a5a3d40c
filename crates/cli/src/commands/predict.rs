//! `predict`: scores for new rows, by the sealed model.

use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use bedside_intake::meds::{EventFiles, LabelTable, LiveRecord};
use bedside_intake::{
    Format, Frame, OutColumn, OutData, ReadOptions, read, read_bytes, table_bytes, write_table,
};
use bedside_study::bundle::{Bundle, Scored};
use bedside_study::fitted::Reasons;
use serde_json::{Map, Value, json};

use super::cohort::available;
use crate::args::{Global, Predict};
use crate::failure::Failure;
use crate::terminal::{say, tell};

pub(crate) fn predict(args: &Predict, global: &Global) -> Result<ExitCode, Failure> {
    let bundle = open(&args.model)?;
    if let Some(at) = &args.at {
        return from_events(args, &bundle, at, global);
    }
    let from_pipe = args.table.as_os_str() == "-";
    let given = if from_pipe { Some(standard_input()?) } else { None };
    if let Some(text) = given.as_ref().filter(|_| bundle.reads_events())
        && serde_json::from_str(text).is_ok_and(|json| LiveRecord::is_meant(&json))
    {
        return from_records(args, &bundle, text);
    }
    if bundle.reads_events() {
        tell(
            "note: this model is made of events; give them with --at LABELS, or as JSON records of events on standard input, unless \
             the table holds its features",
        );
    }
    let frame = if let Some(text) = &given {
        records(text, &bundle)?
    } else {
        read(&args.table, &bundle.read_options())?
    };
    let scored = bundle.score(&frame, args.name.as_deref())?;
    warn(&scored);
    if global.verbose > 0 {
        let extra: Vec<&str> =
            frame.columns().iter().map(|c| c.name()).filter(|c| !bundle.reads(c)).collect();
        if !extra.is_empty() {
            tell(&format!("note: not used: {}", extra.join(", ")));
        }
    }
    let reasons = if args.explain { Some(bundle.explain(&frame, args.name.as_deref())?) } else { None };
    match &args.out {
        Some(out) => {
            let sheet = Sheet::new(&bundle, kept(&frame, &args.keep)?, &scored, reasons.as_ref());
            write_table(out, &sheet.columns())?;
            tell(&format!("{} rows scored: {}", frame.rows(), out.display()));
        }
        None if from_pipe || global.json => say(&answers(&bundle, &scored, reasons.as_ref())),
        None => {
            let sheet = Sheet::new(&bundle, kept(&frame, &args.keep)?, &scored, reasons.as_ref());
            let csv = table_bytes(Format::Csv, b',', &sheet.columns())?;
            say(String::from_utf8_lossy(&csv).trim_end());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Scores patients by the records of events that they come with.
fn from_records(args: &Predict, bundle: &Bundle, text: &str) -> Result<ExitCode, Failure> {
    if args.out.is_some() || !args.keep.is_empty() {
        return Err(Failure::Input(
            "records are answered on standard output, in their order; take `--out` and `--keep` away"
                .to_owned(),
        ));
    }
    let records = LiveRecord::parse(text)?;
    for doubt in bundle.doubts(&records)? {
        tell(&format!("warning: {doubt}"));
    }
    let table = bundle.live()?.predictors(&records)?;
    let scored = bundle.score_table(&table, args.name.as_deref())?;
    warn(&scored);
    let reasons = if args.explain { Some(bundle.explain_table(&table, args.name.as_deref())?) } else { None };
    say(&answers(bundle, &scored, reasons.as_ref()));
    Ok(ExitCode::SUCCESS)
}

/// Scores subjects at index times, by their events up to then.
fn from_events(args: &Predict, bundle: &Bundle, at: &Path, global: &Global) -> Result<ExitCode, Failure> {
    let labels = LabelTable::read(at)?;
    let files = EventFiles::open(&args.table)?;
    if let Some(doubt) = labels.doubt_of_clock(&files) {
        tell(&format!("warning: {doubt}"));
    }
    let (table, findings) = bundle.from_events(files, labels.rows(), available())?;
    for finding in findings {
        tell(&format!("{}: {} {}", finding.level, finding.text, finding.hint));
    }
    let scored = bundle.score_table(&table, args.name.as_deref())?;
    warn(&scored);
    let reasons = if args.explain { Some(bundle.explain_table(&table, args.name.as_deref())?) } else { None };
    if args.out.is_none() && global.json {
        say(&answers(bundle, &scored, reasons.as_ref()));
        return Ok(ExitCode::SUCCESS);
    }
    let kept = labels.columns().into_iter().filter(|column| {
        ["subject_id", "prediction_time"].contains(&column.name) || args.keep.iter().any(|k| k == column.name)
    });
    let sheet = Sheet::new(bundle, kept.collect(), &scored, reasons.as_ref());
    match &args.out {
        Some(out) => {
            write_table(out, &sheet.columns())?;
            tell(&format!("{} rows scored: {}", labels.rows().len(), out.display()));
        }
        None => {
            let csv = table_bytes(Format::Csv, b',', &sheet.columns())?;
            say(String::from_utf8_lossy(&csv).trim_end());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads and checks a bundle.
pub(crate) fn open(path: &Path) -> Result<Bundle, Failure> {
    let bytes = std::fs::read(path)
        .map_err(|e| Failure::Input(format!("cannot read the model `{}`: {e}", path.display())))?;
    Ok(Bundle::open(bytes)?)
}

fn standard_input() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).map_err(|e| {
        Failure::Input(format!("standard input: expected JSON text, found something else ({e})"))
    })?;
    Ok(text)
}

/// One JSON record, or a list of them, as a frame. `null` means not measured; a number may carry its unit:
/// `{"bili": {"value": 20, "unit": "umol/L"}}`. Every predictor must be there: what is absent by mistake must not pass
/// for not measured.
fn records(text: &str, bundle: &Bundle) -> Result<Frame, Failure> {
    let parsed: Value = serde_json::from_str(text).map_err(|e| {
        Failure::Input(format!(
            "standard input line {} column {}: not JSON; give one record, such as {{\"age\": 63}}",
            e.line(),
            e.column()
        ))
    })?;
    let list = match parsed {
        Value::Array(list) => list,
        one => vec![one],
    };
    let mut names: Vec<String> = Vec::new();
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    for (number, record) in list.into_iter().enumerate() {
        let Value::Object(fields) = record else {
            return Err(Failure::Input(format!(
                "record {}: expected a JSON object with one field a predictor",
                number + 1
            )));
        };
        let mut row = Map::new();
        for (name, value) in fields {
            let (name, value) = with_unit(number, name, value)?;
            if !names.contains(&name) {
                names.push(name.clone());
            }
            row.insert(name, value);
        }
        rows.push(row);
    }
    let absent = bundle.absent(names.iter().map(String::as_str));
    if !absent.is_empty() {
        return Err(Failure::Input(format!(
            "the record lacks {} of the model's predictors: {}. Write null for what was not measured",
            absent.len(),
            absent.join(", ")
        )));
    }
    let mut csv = names.iter().map(|n| quoted(n)).collect::<Vec<_>>().join(",");
    csv.push('\n');
    for (number, row) in rows.iter().enumerate() {
        let mut cells = Vec::with_capacity(names.len());
        for name in &names {
            cells.push(match row.get(name) {
                None if rows.len() > 1 => {
                    return Err(Failure::Input(format!(
                        "record {}: `{name}` is absent; write null for not measured",
                        number + 1
                    )));
                }
                None | Some(Value::Null) => quoted(""),
                Some(Value::String(text)) => quoted(text),
                Some(Value::Number(n)) => n.to_string(),
                Some(Value::Bool(b)) => b.to_string(),
                Some(_) => {
                    return Err(Failure::Input(format!(
                        "record {}: `{name}` must be a number, a text, true, false or null",
                        number + 1
                    )));
                }
            });
        }
        let _ = writeln!(csv, "{}", cells.join(","));
    }
    let options = ReadOptions { delimiter: Some(b','), ..bundle.read_options() };
    Ok(read_bytes("record.csv", csv.as_bytes(), &options)?)
}

fn with_unit(number: usize, name: String, value: Value) -> Result<(String, Value), Failure> {
    let Value::Object(mut parts) = value else { return Ok((name, value)) };
    match (parts.remove("value"), parts.remove("unit"), parts.is_empty()) {
        (Some(value), Some(Value::String(unit)), true) => Ok((format!("{name} [{unit}]"), value)),
        _ => Err(Failure::Input(format!(
            "record {}: `{name}` must be a value or {{\"value\": …, \"unit\": \"…\"}}",
            number + 1
        ))),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn warn(scored: &Scored) {
    for warning in &scored.warnings {
        tell(&format!("warning: {warning}"));
    }
}

/// The columns of the table that go out beside the score.
fn kept<'a>(frame: &'a Frame, keep: &[String]) -> Result<Vec<OutColumn<'a>>, Failure> {
    let column = |name: &String| -> Result<OutColumn<'a>, Failure> {
        let raw = frame.column(name)?;
        Ok(OutColumn { name: raw.name(), data: OutData::Raw(raw) })
    };
    keep.iter().map(column).collect()
}

/// Everything that goes out beside each other; the columns borrow from it.
struct Sheet<'a> {
    kept: Vec<OutColumn<'a>>,
    score: &'static str,
    scores: &'a [f64],
    /// Name and numbers of each reason.
    reasons: Vec<(String, Vec<f64>)>,
}

impl<'a> Sheet<'a> {
    fn new(bundle: &Bundle, kept: Vec<OutColumn<'a>>, scored: &'a Scored, reasons: Option<&Reasons>) -> Self {
        let rows = scored.scores.values().len();
        let mut columns = Vec::new();
        if let Some(reasons) = reasons {
            columns.push(("base".to_owned(), vec![reasons.base; rows]));
            for (place, predictor) in reasons.predictors.iter().enumerate() {
                columns.push((
                    format!("because of {predictor}"),
                    reasons.rows.iter().map(|row| row[place]).collect(),
                ));
            }
        }
        Self { kept, score: bundle.score_name(), scores: scored.scores.values(), reasons: columns }
    }

    fn columns(&self) -> Vec<OutColumn<'_>> {
        let score = OutColumn { name: self.score, data: OutData::Numbers(self.scores) };
        let reasons =
            self.reasons.iter().map(|(name, values)| OutColumn { name, data: OutData::Numbers(values) });
        self.kept.iter().copied().chain([score]).chain(reasons).collect()
    }
}

/// One JSON line a row.
fn answers(bundle: &Bundle, scored: &Scored, reasons: Option<&Reasons>) -> String {
    let lines = scored.scores.values().iter().enumerate().map(|(row, score)| {
        let mut answer = json!({ bundle.score_name(): score, "model": bundle.id() });
        if let Some(reasons) = reasons {
            let mut ordered: Vec<(&String, f64)> = reasons
                .predictors
                .iter()
                .zip(reasons.rows[row].iter().copied())
                .filter(|(_, v)| v.abs() > 0.0)
                .collect();
            ordered.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            let list: Vec<Value> =
                ordered.iter().map(|(p, v)| json!({ "predictor": p, "contribution": v })).collect();
            answer["reasons"] =
                json!({ "scale": bundle.scale(), "base": reasons.base, "contributions": list });
        }
        answer.to_string()
    });
    lines.collect::<Vec<_>>().join("\n")
}
