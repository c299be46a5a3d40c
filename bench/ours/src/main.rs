//! What `bench/run` measures of the models.
//!
//! ```text
//! bedside-bench trees-fit  INPUTS SETTINGS FOLDS
//! bedside-bench trees-grid INPUTS SETTINGS
//! bedside-bench lasso-path INPUTS OUTPUT TOLERANCE FOLDS
//! bedside-bench live       MODEL RECORDS
//! ```
//! Reads the arrays that `bench/peers/prepare.py` wrote and prints one JSON line. `seconds_inside` counts from typed tables
//! in memory to fitted models, as it does for the peers; `live` counts from a record to its risk.

mod auroc;
mod inputs;
mod lasso;
mod live;
mod trees;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

/// What went wrong, in words.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "usage: bedside-bench trees-fit INPUTS SETTINGS FOLDS | trees-grid INPUTS SETTINGS | \
                     lasso-path INPUTS OUTPUT TOLERANCE FOLDS | live MODEL RECORDS";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answer = match arguments.as_slice() {
        ["trees-fit", inputs, settings, folds] => trees::fit(inputs, settings, folds),
        ["trees-grid", inputs, settings] => trees::grid(inputs, settings),
        ["lasso-path", inputs, output, tolerance, folds] => lasso::path(inputs, output, tolerance, folds),
        ["live", model, records] => live::live(model, records),
        _ => Err(USAGE.into()),
    };
    let written = match &answer {
        Ok(figures) => writeln!(std::io::stdout(), "{figures}"),
        Err(problem) => writeln!(std::io::stderr(), "{problem}"),
    };
    if answer.is_ok() && written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
