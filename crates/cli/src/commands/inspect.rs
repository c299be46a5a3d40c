//! `inspect`: what a sealed model is.

use std::process::ExitCode;

use super::predict::open;
use crate::args::{Global, Inspect};
use crate::failure::Failure;
use crate::terminal::say;

pub(crate) fn inspect(args: &Inspect, global: &Global) -> Result<ExitCode, Failure> {
    let bundle = open(&args.model)?;
    if args.card {
        say(bundle.card());
    } else if args.study {
        say(bundle.study_text());
    } else if global.json {
        say(&format!("{:#}", bundle.describe_json()));
    } else {
        say(&bundle.describe());
    }
    Ok(ExitCode::SUCCESS)
}
