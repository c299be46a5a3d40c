//! One file a command.

mod check;
mod cohort;
mod data;
mod demo;
mod features;
mod grouped;
mod hospital;
mod import;
mod inspect;
mod load;
mod outputs;
mod predict;
mod report;
mod run;
mod simulate;
mod texts;

use std::process::ExitCode;

use crate::args::{Cli, Command};
use crate::failure::Failure;

/// Does what was asked.
pub(crate) fn dispatch(cli: &Cli) -> Result<ExitCode, Failure> {
    let global = &cli.global;
    match &cli.command {
        Command::Demo(args) => demo::demo(args, global),
        Command::Run(args) => run::run(args, global),
        Command::Check(args) => check::check(args, global),
        Command::Report(args) => report::report(args),
        Command::Predict(args) => predict::predict(args, global),
        Command::Cohort(args) => cohort::cohort(args, global),
        Command::Features(args) => features::features(args, global),
        Command::Import(args) => import::import(args, global),
        Command::Inspect(args) => inspect::inspect(args, global),
        Command::Data(args) => data::data(args, global),
        Command::Simulate(args) => simulate::simulate(args, global),
        Command::Schema(args) => texts::schema(args),
        Command::Completions(args) => texts::completions(args),
        Command::Man(args) => texts::man(args),
    }
}
