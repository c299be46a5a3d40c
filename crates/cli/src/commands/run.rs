//! `run`: a whole study.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bedside_study::report;
use bedside_study::run::{Inputs, Run as Done, run as run_study};

use super::{load, outputs};
use crate::args::{Global, Machine, Run};
use crate::failure::Failure;
use crate::terminal::{Watch, coloured, say, tell};

pub(crate) fn run(args: &Run, global: &Global) -> Result<ExitCode, Failure> {
    let out = args.out.clone().unwrap_or_else(|| beside(&args.study));
    outputs::prepare(&out)?;
    let watch = Watch::start(global.verbose > 0, global.json);
    let inputs = load::study(&args.study, args.memory, &watch)?;
    let done = execute(&inputs, &out, &args.machine, global, &watch)?;
    Ok(status(&done))
}

/// 0 when all gates passed.
pub(crate) fn status(done: &Done) -> ExitCode {
    ExitCode::from(u8::from(done.report.gates.iter().any(|gate| !gate.passed)))
}

/// Runs a study, writes what it leaves and says how good the model is.
pub(crate) fn execute(
    inputs: &Inputs,
    out: &Path,
    machine: &Machine,
    global: &Global,
    watch: &Watch,
) -> Result<Done, Failure> {
    let threads = machine.threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| {
        Failure::Machine { what: "cannot start threads".to_owned(), source: std::io::Error::other(e) }
    })?;
    let done = pool.install(|| run_study(inputs, watch));
    watch.finish();
    let done = done?;
    let seconds = bedside_study::progress::Progress::seconds(watch);
    outputs::write(&done, &inputs.rejects, out)?;
    if global.json {
        say(&serde_json::to_string(&done.report).map_err(|e| Failure::Input(e.to_string()))?);
    } else {
        say(&report::terminal(&done.report, coloured(global.color)));
        say(&format!(
            "\n  {}\n  {}\n  {}\n\ndone in {seconds:.1} s",
            out.join("report.html").display(),
            out.join("report.json").display(),
            out.join("model.bedside").display(),
        ));
    }
    let failed: Vec<String> = done
        .report
        .gates
        .iter()
        .filter(|g| !g.passed)
        .map(|g| match (g.found, &g.why) {
            (Some(found), _) => format!("`{}` should be {} and is {found:.4}", g.measure, g.demanded),
            (None, why) => format!(
                "`{}` should be {} and is not estimable: {}",
                g.measure,
                g.demanded,
                why.as_deref().unwrap_or("the report says why")
            ),
        })
        .collect();
    if !failed.is_empty() {
        tell(&format!("gates failed: {}", failed.join("; ")));
    }
    Ok(done)
}

fn beside(study: &Path) -> PathBuf {
    study.with_extension("")
}
