//! The studies that come with the project, on the data that they are about. Without the data these tests say so.

use std::path::{Path, PathBuf};

use crate::program::{Place, text};

fn study(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../studies").join(name)
}

/// Whether a copy of the data is here.
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn found(dataset: &str) -> bool {
    let place = Place::empty();
    let there = place.call(&["data", "verify", dataset]).status.success();
    if !there {
        eprintln!("skipped: no copy of {dataset} was found (BEDSIDE_DATA, else ../shared/data)");
    }
    there
}

#[test]
fn support2_names_its_leaks() {
    if !found("support2") {
        return;
    }
    let place = Place::empty();
    let tried = place.call(&["run", study("support2-with-leaks.toml").to_str().unwrap(), "--out", "out"]);
    let said = text(&tried);
    assert_eq!(tried.status.code(), Some(2), "{said}");
    for leak in [
        "d.time", "sfdm2", "death", "surv2m", "surv6m", "slos", "charges", "totcst", "totmcst", "dnr",
        "dnrday", "avtisst",
    ] {
        assert!(said.contains(&format!("`{leak}`")), "{leak} is not named: {said}");
    }
    // Scores and findings of the third day are strong and honest.
    for honest in ["sps", "aps", "scoma", "age", "meanbp", "prg2m"] {
        assert!(!said.contains(&format!("`{honest}`")), "{honest} is named: {said}");
    }
    assert!(place.list("out").is_empty());
}

#[test]
fn diabetes130_names_how_patients_left() {
    if !found("diabetes130") {
        return;
    }
    let place = Place::empty();
    let whole = std::fs::read_to_string(study("diabetes130-readmission.toml")).unwrap();
    let (before, after) = whole.split_once("[[exclude]]").unwrap();
    let after = after.split_once("[outcome]").unwrap().1;
    // Those who died stay in: nobody of them is readmitted.
    place.write("study.toml", &format!("{before}[outcome]{after}"));
    let done = place.call(&["check", "study.toml"]);
    let said = text(&done);
    assert_eq!(done.status.code(), Some(0), "{said}");
    let told = "warning: `discharge_disposition_id` may know too much: with `11`";
    assert!(said.contains(told) && said.contains("the outcome never happens"), "{said}");
    assert_eq!(said.matches("may know too much").count(), 1, "{said}");
}

#[test]
fn heart_disease_is_judged_at_other_sites() {
    if !found("heart_disease") {
        return;
    }
    let place = Place::empty();
    let path = study("heart-disease-sites.toml");
    let done = place.call(&["run", path.to_str().unwrap(), "--out", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: serde_json::Value = serde_json::from_str(&place.read("out/report.json")).unwrap();
    // Cleveland has 303 patients; Hungary, Switzerland and Long Beach have 617 (doi 10.24432/C52P4X).
    let sides = place.read("out/rows.csv");
    assert_eq!(sides.lines().filter(|line| line.contains(",train,")).count(), 303);
    assert_eq!(sides.lines().filter(|line| line.contains(",held-out,")).count(), 617);
    assert!(report["models"].as_array().is_some_and(|models| models.len() == 2));
}

#[test]
fn admissions_of_synthea_come_out() {
    let folders: Vec<PathBuf> = match std::env::var_os("BEDSIDE_DATA") {
        Some(list) => std::env::split_paths(&list).collect(),
        None => vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")],
    };
    let exports = folders.iter().map(|folder| folder.join("fhir_synthea/bulk_10_patients"));
    let Some(export) = exports.into_iter().find(|folder| folder.is_dir()) else {
        println!("skipped: no copy of fhir_synthea was found");
        return;
    };
    let place = Place::empty();
    let done = place.call(&["import", "fhir", export.to_str().unwrap(), "events"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let task = study("synthea-admission.yaml");
    let done = place.call(&["cohort", task.to_str().unwrap(), "events", "--out", "labels.csv", "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let answer: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    // Counted once more by a few lines of pandas on the same events.
    let expected = serde_json::json!([
        { "outcome": "censored", "rows": 33 },
        { "outcome": "with competing event 1", "rows": 3 },
        { "outcome": "with the event", "rows": 3 },
    ]);
    assert_eq!(answer["outcomes"], expected);
    let days = |line: &str| line.split(',').nth(4).unwrap().parse::<f64>().unwrap();
    let sum: f64 = place.read("labels.csv").lines().skip(1).map(days).sum();
    assert!((sum - 4_463.475_462_962_963).abs() < 1e-9, "{sum}");
}

#[test]
fn the_study_of_raw_omop_in_the_readme_runs_as_it_stands() {
    if !found("omop_gibleed") {
        return;
    }
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let readme = std::fs::read_to_string(readme).unwrap();
    let section = readme.split("## A study from raw OMOP").nth(1).unwrap();
    let block =
        |kind: &str| section.split(&format!("```{kind}\n")).nth(1).unwrap().split("```").next().unwrap();
    let text_of = |data: &str| block("toml").replace("data.events = \"omop_gibleed\"", data);
    assert!(block("toml").lines().count() <= 10, "ten lines");
    let place = Place::empty();
    place.write("study.toml", &text_of("data.dataset = \"omop_gibleed\"\ndata.events = \".\""));
    place.write("bleed.yaml", block("yaml"));
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: serde_json::Value = serde_json::from_str(&place.read("run/report.json")).unwrap();
    assert_eq!(report["study"]["outcome"], "bleed");
    // Everybody who had one of the drugs, and of them those who bled within the year: 2,694 rows, 479 events.
    let sum = |what: &str| -> u64 {
        ["train", "held_out"].iter().map(|side| report["split"][side][what].as_u64().unwrap()).sum()
    };
    assert_eq!((sum("rows"), sum("events")), (2694, 479));
}

#[test]
fn all_studies_can_be_checked() {
    for (name, dataset) in [
        ("diabetes130-readmission.toml", "diabetes130"),
        ("support2-hospital-death.toml", "support2"),
        ("heart-disease-sites.toml", "heart_disease"),
        ("gi-bleed.toml", "omop_gibleed"),
        ("mimic4/leaving.toml", "mimic4_demo_meds"),
        ("mimic4/mortality.toml", "mimic4_demo_meds"),
        ("mimic4/readmission.toml", "mimic4_demo_meds"),
        ("icu/kidney-injury.toml", "yaib_demo"),
        ("icu/mortality.toml", "yaib_demo"),
        ("icu/sepsis.toml", "yaib_demo"),
    ] {
        if !found(dataset) {
            continue;
        }
        let place = Place::empty();
        let done = place.call(&["check", study(name).to_str().unwrap()]);
        assert_eq!(done.status.code(), Some(0), "{name}: {}", text(&done));
    }
    let done = Place::empty().call(&["check", study("simulated.toml").to_str().unwrap()]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
}
