//! What a run leaves behind, each file whole or not at all.

use std::fmt::Write as _;
use std::path::Path;

use bedside_intake::write_together;
use bedside_study::report::page;
use bedside_study::run::Run;

use crate::failure::Failure;

/// Makes the folder, so that a run does not find out at its end that it cannot be written to.
pub(crate) fn prepare(out: &Path) -> Result<(), Failure> {
    let what = || format!("cannot write into `{}`", out.display());
    std::fs::create_dir_all(out).map_err(|source| Failure::Machine { what: what(), source })?;
    let probe = out.join(".bedside-probe");
    std::fs::write(&probe, b"probe")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|source| Failure::Machine { what: what(), source })
}

/// Writes report, numbers, bundle, row lists and what could not be read of raw records: all of them, or none.
pub(crate) fn write(run: &Run, rejects: &[(String, Vec<u8>)], out: &Path) -> Result<(), Failure> {
    let json = serde_json::to_vec_pretty(&run.report).map_err(|e| Failure::Input(e.to_string()))?;
    let mut rows = String::from("row,side,fold\n");
    for (row, side, fold) in &run.rows {
        let fold = fold.map_or_else(String::new, |f| (f + 1).to_string());
        let _ = writeln!(rows, "{},{side},{fold}", row + 1);
    }
    let (held_out, out_of_fold) = (scores(&run.held_out_scores), scores(&run.out_of_fold_scores));
    let html = page(&run.report);
    let mut files: Vec<(&str, &[u8])> = vec![
        ("report.json", &json),
        ("report.html", html.as_bytes()),
        ("rows.csv", rows.as_bytes()),
        ("held-out-scores.csv", held_out.as_bytes()),
        ("out-of-fold-scores.csv", out_of_fold.as_bytes()),
        ("model.bedside", &run.bundle),
    ];
    files.extend(rejects.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())));
    Ok(write_together(out, &files)?)
}

/// Scores by row and model, as the text of a CSV file.
fn scores(of_models: &[(String, Vec<u32>, Vec<f64>)]) -> String {
    let mut text = String::from("row,model,score\n");
    for (model, rows, values) in of_models {
        let model = if model.contains([',', '"', '\n']) {
            format!("\"{}\"", model.replace('"', "\"\""))
        } else {
            model.clone()
        };
        for (row, score) in rows.iter().zip(values) {
            let _ = writeln!(text, "{},{model},{score}", row + 1);
        }
    }
    text
}
