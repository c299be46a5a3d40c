//! The program `bedside`.

mod args;
mod commands;
mod failure;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    match commands::dispatch(&cli) {
        Ok(code) => code,
        Err(failure) => {
            terminal::tell(&failure.show(cli.global.json));
            failure.code()
        }
    }
}

/// A second Ctrl-C: end now. Nothing is half written, because outputs are renamed into place when whole.
#[expect(clippy::exit, reason = "the user asked twice")]
pub(crate) fn leave_at_once() -> ! {
    std::process::exit(130)
}
