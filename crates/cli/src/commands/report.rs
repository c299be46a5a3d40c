//! `report`: the page of a finished run, drawn again from its numbers.

use std::process::ExitCode;

use bedside_intake::write_whole;
use bedside_study::report::{data::ReportData, page};

use crate::args::Report;
use crate::failure::Failure;
use crate::terminal::say;

pub(crate) fn report(args: &Report) -> Result<ExitCode, Failure> {
    let file = if args.run.is_dir() { args.run.join("report.json") } else { args.run.clone() };
    let bytes = std::fs::read(&file).map_err(|e| {
        Failure::Input(format!("cannot read `{}`: {e}; give the folder of a finished run", file.display()))
    })?;
    let data: ReportData = serde_json::from_slice(&bytes)
        .map_err(|e| Failure::Input(format!("`{}` is not a report: {e}", file.display())))?;
    if data.format > ReportData::FORMAT {
        return Err(Failure::Input(format!(
            "`{}` has format {}, this version reads up to {}; use a newer bedside",
            file.display(),
            data.format,
            ReportData::FORMAT
        )));
    }
    let out = args.out.clone().unwrap_or_else(|| file.with_file_name("report.html"));
    write_whole(&out, page(&data).as_bytes())?;
    say(&format!("{}", out.display()));
    Ok(ExitCode::SUCCESS)
}
