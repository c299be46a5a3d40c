//! `predict`: scores for new rows, by the sealed model.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use bedside_intake::meds::{EventFiles, LabelTable, LiveRecord};
use bedside_intake::{Format, Frame, OutColumn, OutData, read, table_bytes, write_table};
use bedside_study::bundle::{Bundle, Scored};
use bedside_study::fitted::Reasons;
use bedside_table::{New, Numeric, Table};
use serde_json::{Value, json};

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
    if let Some(text) = &given {
        if args.out.is_some() || !args.keep.is_empty() {
            return Err(Failure::Input(TO_STANDARD_OUTPUT.to_owned()));
        }
        let (table, scored) = bundle.score_arrived(bundle.records(text)?, args.name.as_deref())?;
        warn(&scored, "record");
        let reasons = reasons(args, &bundle, &table)?;
        say(&answers(&bundle, &scored, reasons.as_ref()));
        return Ok(ExitCode::SUCCESS);
    }
    let frame = read(&args.table, &bundle.read_options())?;
    let (table, scored) = bundle.score_arrived(bundle.arrive(&frame)?, args.name.as_deref())?;
    if scored.rejected_rows() == frame.rows() && frame.rows() > 0 {
        let why: Vec<String> = scored.rejected.iter().map(|remark| remark.with_rows("row")).collect();
        return Err(Failure::Input(format!("no row can be scored:\n  {}", why.join("\n  "))));
    }
    warn(&scored, "row");
    if global.verbose > 0 {
        let extra: Vec<&str> =
            frame.columns().iter().map(|c| c.name()).filter(|c| !bundle.reads(c)).collect();
        if !extra.is_empty() {
            tell(&format!("note: not used: {}", extra.join(", ")));
        }
    }
    let reasons = reasons(args, &bundle, &table)?;
    if args.out.is_none() && global.json {
        say(&answers(&bundle, &scored, reasons.as_ref()));
        return Ok(ExitCode::SUCCESS);
    }
    let sheet = Sheet::new(&bundle, kept(&frame, &args.keep)?, &scored, reasons.as_ref())?;
    write(args, &sheet, &scored)
}

const TO_STANDARD_OUTPUT: &str =
    "records are answered on standard output, in their order; take `--out` and `--keep` away";

/// Why the scores are what they are, if that is asked for.
fn reasons(args: &Predict, bundle: &Bundle, table: &Table<New>) -> Result<Option<Reasons>, Failure> {
    Ok(if args.explain { Some(bundle.explain_table(table, args.name.as_deref())?) } else { None })
}

/// Writes the scores to where they are asked for.
fn write(args: &Predict, sheet: &Sheet<'_>, scored: &Scored) -> Result<ExitCode, Failure> {
    if let Some(out) = &args.out {
        write_table(out, &sheet.columns())?;
        let lost = match scored.rejected_rows() {
            0 => String::new(),
            rows => format!(", {rows} without a score"),
        };
        tell(&format!(
            "{} rows scored{lost}: {}",
            scored.scores.len() - scored.rejected_rows(),
            out.display()
        ));
    } else {
        let csv = table_bytes(Format::Csv, b',', &sheet.columns())?;
        say(String::from_utf8_lossy(&csv).trim_end_matches('\n'));
    }
    Ok(ExitCode::SUCCESS)
}

/// Scores patients by the records of events that they come with.
fn from_records(args: &Predict, bundle: &Bundle, text: &str) -> Result<ExitCode, Failure> {
    if args.out.is_some() || !args.keep.is_empty() {
        return Err(Failure::Input(TO_STANDARD_OUTPUT.to_owned()));
    }
    let records = LiveRecord::parse(text)?;
    let doubts = bundle.doubts(&records)?;
    let table = bundle.live()?.predictors(&records)?;
    let mut scored = bundle.score_table(&table, args.name.as_deref())?;
    scored.remarks.splice(0..0, doubts);
    warn(&scored, "record");
    let reasons = reasons(args, bundle, &table)?;
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
    warn(&scored, "row");
    let reasons = reasons(args, bundle, &table)?;
    if args.out.is_none() && global.json {
        say(&answers(bundle, &scored, reasons.as_ref()));
        return Ok(ExitCode::SUCCESS);
    }
    let kept = labels.columns().into_iter().filter(|column| {
        ["subject_id", "prediction_time"].contains(&column.name) || args.keep.iter().any(|k| k == column.name)
    });
    write(args, &Sheet::new(bundle, kept.collect(), &scored, reasons.as_ref())?, &scored)
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

/// How many warnings are told one by one on the terminal. The JSON has all of them, each in the answer of its row.
const TOLD: usize = 30;

fn warn(scored: &Scored, called: &str) {
    let rejected = scored.rejected.iter().map(|remark| format!("not scored: {}", remark.with_rows(called)));
    let odd = scored.remarks.iter().map(|remark| remark.with_rows(called));
    let told: Vec<String> = rejected.chain(odd).collect();
    for text in told.iter().take(TOLD) {
        tell(&format!("warning: {text}"));
    }
    if told.len() > TOLD {
        tell(&format!("warning: {} more; `--json` has them all, row by row", told.len() - TOLD));
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
    /// Empty where a row is rejected.
    scores: Numeric,
    /// Name and numbers of each reason.
    reasons: Vec<(String, Numeric)>,
}

impl<'a> Sheet<'a> {
    fn new(
        bundle: &Bundle,
        kept: Vec<OutColumn<'a>>,
        scored: &Scored,
        reasons: Option<&Reasons>,
    ) -> Result<Self, Failure> {
        let of_scored = |number: &dyn Fn(usize) -> f64| {
            let cells = scored.scores.iter().enumerate().map(|(row, score)| score.map(|_| number(row)));
            Numeric::from_options(cells)
        };
        let mut columns = Vec::new();
        if let Some(reasons) = reasons {
            columns.push(("base".to_owned(), of_scored(&|_| reasons.base)?));
            for (place, predictor) in reasons.predictors.iter().enumerate() {
                columns
                    .push((format!("because of {predictor}"), of_scored(&|row| reasons.rows[row][place])?));
            }
        }
        let scores = Numeric::from_options(scored.scores.iter().copied())?;
        Ok(Self { kept, score: bundle.score_name(), scores, reasons: columns })
    }

    fn columns(&self) -> Vec<OutColumn<'_>> {
        let score = OutColumn { name: self.score, data: OutData::Numeric(&self.scores) };
        let reasons =
            self.reasons.iter().map(|(name, values)| OutColumn { name, data: OutData::Numeric(values) });
        self.kept.iter().copied().chain([score]).chain(reasons).collect()
    }
}

/// One JSON line a row, with what there is to know of the row; a row that is rejected has no score and says why.
fn answers(bundle: &Bundle, scored: &Scored, reasons: Option<&Reasons>) -> String {
    let lines = scored.scores.iter().enumerate().map(|(row, score)| {
        let warnings: Vec<&str> = scored.remarks_of(row as u32).collect();
        let mut answer = json!({ bundle.score_name(): score, "model": bundle.id(), "warnings": warnings });
        if score.is_none() {
            answer["rejected"] = scored.rejected_for(row as u32).collect::<Vec<_>>().into();
        }
        if let Some(reasons) = reasons.filter(|_| score.is_some()) {
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
