//! `check`: everything that can be verified before fitting.

use std::process::ExitCode;

use bedside_study::progress::Unwatched;
use bedside_study::verify::verify;
use serde_json::json;

use super::load;
use crate::args::{Check, Global};
use crate::failure::Failure;
use crate::terminal::say;

pub(crate) fn check(args: &Check, global: &Global) -> Result<ExitCode, Failure> {
    let inputs = load::study(&args.study, None, &Unwatched)?;
    let verified = verify(&inputs)?;
    if global.json {
        let findings: Vec<_> = verified
            .findings
            .iter()
            .map(|f| json!({ "level": f.level, "text": f.text, "hint": f.hint }))
            .collect();
        say(&json!({ "flow": verified.flow, "split": verified.split, "findings": findings }).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("{}: nothing stands in the way of a run", args.study.display()));
    for step in &verified.flow {
        let removed = if step.removed > 0 { format!("  -{}", step.removed) } else { String::new() };
        say(&format!("  {:>9} rows  {}{removed}", step.rows, step.label));
    }
    say(&format!("  split: {}", verified.split));
    for finding in &verified.findings {
        say(&format!("{}: {}\n  {}", finding.level, finding.text, finding.hint));
    }
    Ok(ExitCode::SUCCESS)
}
