//! `simulate`: a table, or a hospital of events, with a known truth.

use std::process::ExitCode;

use bedside_intake::{Format, OutColumn, OutData, table_bytes, write_table};
use bedside_simulate::{Settings, Simulated, readmission};

use super::hospital::hospital;
use crate::args::{Global, Simulate, SimulationKind};
use crate::failure::Failure;
use crate::terminal::{say, tell};

/// Rows of a table.
const ROWS: usize = 10_000;

pub(crate) fn simulate(args: &Simulate, global: &Global) -> Result<ExitCode, Failure> {
    if args.kind == SimulationKind::Hospital {
        return hospital(args, global);
    }
    if args.subjects.is_some() || args.events.is_some() {
        return Err(Failure::Input(
            "--subjects and --events are for `simulate hospital`; use --rows".to_owned(),
        ));
    }
    let rows = args.rows.unwrap_or(ROWS);
    let hospital = make(args.kind, rows, args.seed)?;
    let texts = texts(&hospital);
    let mut columns = columns(&hospital, &texts);
    if args.with_truth {
        columns.push(OutColumn { name: "true_risk", data: OutData::Numbers(hospital.risk()) });
    }
    match &args.out {
        Some(out) => {
            write_table(out, &columns)?;
            tell(&format!("{rows} rows: {}", out.display()));
        }
        None => say(String::from_utf8_lossy(&table_bytes(Format::Csv, b',', &columns)?).trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

/// A simulated table, by its kind.
pub(crate) fn make(kind: SimulationKind, rows: usize, seed: u64) -> Result<Simulated, Failure> {
    Ok(match kind {
        SimulationKind::Readmission => readmission(rows, seed)?,
        SimulationKind::Hospital => {
            return Err(Failure::Input("a hospital of events is no table".to_owned()));
        }
        SimulationKind::Table => {
            let settings = Settings { rows, patients: rows.div_ceil(2), ..Settings::default() };
            settings.check()?.run(seed)?
        }
    })
}

/// Every cell as a file writes it.
pub(crate) fn texts(hospital: &Simulated) -> Vec<Vec<String>> {
    let cells = |column| (0..hospital.rows()).map(|row| hospital.cell(row, column).into_owned()).collect();
    (0..hospital.columns().len()).map(cells).collect()
}

/// The columns of a file.
pub(crate) fn columns<'a>(hospital: &'a Simulated, texts: &'a [Vec<String>]) -> Vec<OutColumn<'a>> {
    hospital
        .columns()
        .iter()
        .zip(texts)
        .map(|(column, cells)| OutColumn { name: &column.name, data: OutData::Text(cells) })
        .collect()
}
