//! `demo`: the whole path, on real data if a copy is found.

use std::path::Path;
use std::process::ExitCode;

use bedside_intake::{Format, OutColumn, OutData, Spelling, datasets, table_bytes, write_whole};
use bedside_study::bundle::Bundle;
use bedside_study::run::{Inputs, Run as Done};

use super::{load, outputs, run};
use crate::args::{Demo, Global};
use crate::failure::Failure;
use crate::terminal::{Watch, say, tell};

/// The study on real data.
const REAL: &str = include_str!("../../../../studies/diabetes130-readmission.toml");
/// The same study on a simulated hospital.
const SIMULATED: &str = include_str!("../../../../studies/simulated.toml");

pub(crate) fn demo(args: &Demo, global: &Global) -> Result<ExitCode, Failure> {
    outputs::prepare(&args.out)?;
    let watch = Watch::start(global.verbose > 0, global.json);
    let (text, name) = choose(args, global)?;
    let inputs = load::parsed(text.to_owned(), name, Path::new(""), None, &watch)?;
    write_whole(args.out.join("study.toml"), text.as_bytes())?;
    let done = run::execute(&inputs, &args.out, &args.machine, global, &watch)?;
    if !global.json {
        three_patients(&inputs, &done, &args.out)?;
        next(&args.out);
    }
    Ok(run::status(&done))
}

fn choose(args: &Demo, global: &Global) -> Result<(&'static str, &'static str), Failure> {
    let quiet = global.json;
    let note = |text: &str| {
        if !quiet {
            say(text);
        }
    };
    if args.simulated {
        note(
            "data: a simulated hospital, as asked for (made-up people; the numbers mean nothing for real ones)",
        );
        return Ok((SIMULATED, "simulated.toml"));
    }
    let name = "diabetes130";
    match datasets::find(name, &datasets::search_folders()) {
        Ok(found) => {
            found.verify()?;
            note(&format!(
                "data: {} ({})\n      verified copy in {}",
                found.dataset.title,
                found.dataset.licence,
                found.folder.display()
            ));
            return Ok((REAL, "diabetes130-readmission.toml"));
        }
        Err(missing) => tell(&format!("{missing}\ntrying to download it …")),
    }
    match datasets::get(name, args.out.join("data")) {
        Ok(_) => {
            note("data: downloaded from the original address and verified");
            tell(&format!("set BEDSIDE_DATA={} to use this copy again", args.out.join("data").display()));
            Ok((REAL, "diabetes130-readmission.toml"))
        }
        Err(error) => {
            tell(&format!("{error}"));
            note(
                "data: a simulated hospital of the same shape (made-up people; the numbers mean nothing for real ones)",
            );
            Ok((SIMULATED, "simulated.toml"))
        }
    }
}

/// Scores three held-out rows as if they had just arrived, with reasons: one at low, one at middling, one at high risk.
fn three_patients(inputs: &Inputs, done: &Done, out: &Path) -> Result<(), Failure> {
    let bundle = Bundle::open(done.bundle.clone())?;
    let names: Vec<&str> =
        inputs.frame.columns().iter().map(|c| c.name()).filter(|c| bundle.reads(c)).collect();
    let champion = done.report.models.iter().find(|m| m.champion).map(|m| m.name.as_str());
    let Some((_, rows, scores)) =
        done.held_out_scores.iter().find(|(name, ..)| Some(name.as_str()) == champion)
    else {
        return Ok(());
    };
    let mut by_risk: Vec<usize> = (0..rows.len()).collect();
    by_risk.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let at = |share: f64| rows[by_risk[((rows.len() - 1) as f64 * share) as usize]] as usize;
    let rows = [at(0.1), at(0.5), at(0.99)];
    let whole = table_bytes(
        Format::Csv,
        b',',
        &names
            .iter()
            .map(|name| Ok(OutColumn { name, data: OutData::Raw(inputs.frame.column(name)?) }))
            .collect::<Result<Vec<_>, Failure>>()?,
    )?;
    let lines: Vec<&str> = std::str::from_utf8(&whole).unwrap_or_default().lines().collect();
    let mut csv = String::new();
    for line in std::iter::once(0).chain(rows.iter().map(|r| r + 1)) {
        if let Some(line) = lines.get(line) {
            csv.push_str(line);
            csv.push('\n');
        }
    }
    write_whole(out.join("new-patients.csv"), csv.as_bytes())?;
    let frame = bedside_intake::read(out.join("new-patients.csv"), &bundle.read_options())?;
    let scored = bundle.score(&frame, None)?;
    let reasons = bundle.explain(&frame, None)?;
    say("\nthree patients that the model had never seen (new-patients.csv), and what moves their risk most:");
    for (row, score) in scored.scores.iter().enumerate().filter_map(|(row, score)| Some((row, (*score)?))) {
        let mut because: Vec<(&String, f64)> =
            reasons.predictors.iter().zip(reasons.rows[row].iter().copied()).collect();
        because.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let mut shown = Vec::new();
        for (predictor, value) in because.iter().take(3) {
            let cells = frame.column(predictor)?.as_categorical(Spelling::AsWritten)?;
            let cell = if cells.states()[row].is_measured() {
                cells.levels()[cells.codes()[row] as usize].as_str()
            } else {
                "not measured"
            };
            let sign = if *value < 0.0 { '−' } else { '+' };
            shown.push(format!("{predictor} {cell}: {sign}{:.2}", value.abs()));
        }
        let score = match bundle.score_name() {
            "risk" => format!("risk {:5.1} %", 100.0 * score),
            other => format!("{other} {score:.4}"),
        };
        say(&format!("  {score}   {} ({})", shown.join(", "), bundle.scale()));
    }
    Ok(())
}

fn next(out: &Path) {
    let out = out.display();
    say(&format!(
        "\nnext:\n  bedside inspect {out}/model.bedside\n  bedside predict {out}/model.bedside {out}/new-patients.csv --explain\n  \
         bedside check {out}/study.toml      # then change it and `bedside run` it"
    ));
}
