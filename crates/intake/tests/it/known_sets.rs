//! Public data, where there is a copy.

use std::path::PathBuf;

use bedside_intake::datasets::{Found, find};
use bedside_intake::{Frame, ReadOptions, Spelling, read, read_all};

/// The copy of a data set, or a word that there is none.
fn copy(name: &str) -> Option<Found> {
    let folders = match std::env::var_os("BEDSIDE_DATA") {
        Some(list) => std::env::split_paths(&list).collect(),
        None => vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")],
    };
    let found = find(name, &folders).ok();
    if found.is_none() {
        println!("skipped: no copy of {name}");
    }
    found
}

fn with_missing(found: &Found, tokens: &[&str]) -> ReadOptions {
    ReadOptions { missing: tokens.iter().map(|&t| t.to_owned()).collect(), ..found.options() }
}

fn missing(frame: &Frame, column: &str) -> usize {
    frame.column(column).unwrap().missing()
}

#[test]
fn every_table_has_its_rows_and_hash() {
    for set in bedside_intake::datasets::DATASETS {
        let Some(found) = copy(set.name) else { continue };
        found.verify().unwrap();
        for file in set.files {
            let Some(rows) = file.rows else { continue };
            let frame = read(found.path(file), &found.options()).unwrap();
            assert_eq!(
                (frame.rows(), frame.origins()[0].sha256.as_str()),
                (rows, file.sha256),
                "{}",
                file.name
            );
        }
    }
}

#[test]
fn diabetes130() {
    let Some(found) = copy("diabetes130") else { return };
    let mut options = with_missing(&found, &["", "?"]);
    options.identifiers = vec!["encounter_id".into(), "patient_nbr".into()];
    let frame = read(&found.tables()[0], &options).unwrap();
    assert_eq!((frame.rows(), frame.columns().len()), (101_766, 50));
    assert_eq!(frame.column("patient_nbr").unwrap().as_groups().unwrap().ids.len(), 71_518);
    assert_eq!(frame.column("encounter_id").unwrap().as_groups().unwrap().ids.len(), 101_766);
    let readmitted = frame.column("readmitted").unwrap().as_categorical(Spelling::AsWritten).unwrap();
    let early = (0..frame.rows()).filter(|&row| readmitted.get(row) == Some("<30")).count();
    assert_eq!(early, 11_357);
    assert_eq!((missing(&frame, "weight"), missing(&frame, "race")), (98_569, 2273));
    let glucose = frame.column("max_glu_serum").unwrap().as_categorical(Spelling::AsWritten).unwrap();
    assert!(glucose.levels().iter().any(|level| level == "None"), "`None` is a level: the test was not done");
    let stay = frame.column("time_in_hospital").unwrap().as_numeric(None).unwrap();
    assert!(stay.unread.is_empty());
    let mean = stay.cells.values().iter().sum::<f64>() / frame.rows() as f64;
    assert!((mean - 4.395_986_871_843_248).abs() < 1e-12, "{mean}");
}

#[test]
fn support2() {
    let Some(found) = copy("support2") else { return };
    let frame = read(&found.tables()[0], &found.options()).unwrap();
    assert_eq!((frame.rows(), frame.columns().len()), (9105, 48));
    let age = frame.column("age").unwrap().as_numeric(None).unwrap();
    assert_eq!(age.cells.get(0), Some(62.84998));
    let died = frame.column("hospdead").unwrap().as_numeric(None).unwrap();
    assert_eq!(died.cells.values().iter().sum::<f64>(), 2360.0);
    assert!(
        frame.column("crea").unwrap().looks_numeric() && !frame.column("dzgroup").unwrap().looks_numeric()
    );
}

#[test]
fn heart_disease_at_four_sites() {
    let Some(found) = copy("heart_disease") else { return };
    let mut options = with_missing(&found, &["", "NaN"]);
    options.missing_by_column.insert("chol".into(), vec!["0".into()]);
    options.file_column = Some("site".into());
    let frame = read_all(&found.tables(), &options).unwrap();
    assert_eq!((frame.rows(), frame.columns().len()), (920, 15));
    let site = frame.column("site").unwrap().as_groups().unwrap();
    assert_eq!(site.ids.len(), 4);
    let zero = (0..920)
        .filter(|&row| frame.column("chol").unwrap().as_numeric(None).unwrap().cells.get(row) == Some(0.0));
    assert_eq!((zero.count(), missing(&frame, "chol")), (0, 202));
    // Cleveland writes `4.0` where Hungary writes `4`.
    let pain = frame.column("cp").unwrap();
    assert_eq!(pain.as_categorical(Spelling::AsWritten).unwrap().levels().len(), 8);
    assert_eq!(pain.as_categorical(Spelling::Numbers).unwrap().levels().len(), 4);
}

#[test]
fn survival_in_arff() {
    let Some(found) = copy("survival") else { return };
    let gbsg2 = read(&found.tables()[0], &found.options()).unwrap();
    let grade = gbsg2.column("tgrade").unwrap().as_categorical(Spelling::AsWritten).unwrap();
    assert_eq!(grade.levels()[..], ["II", "III", "I"]);
    let events = gbsg2.column("cens").unwrap().as_numeric(None).unwrap();
    assert_eq!(events.cells.values().iter().sum::<f64>(), 299.0);
}

#[test]
fn parquet_of_other_writers() {
    let folders = std::env::var_os("BEDSIDE_DATA").map_or_else(
        || vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")],
        |list| std::env::split_paths(&list).collect(),
    );
    let file = |path: &str| folders.iter().map(|folder| folder.join(path)).find(|path| path.is_file());
    let (Some(events), Some(stays)) = (
        file("mimic4_demo_meds/mimic_iv_demo_meds_events.parquet"),
        file("yaib_demo/mortality24/eicu_demo/outc.parquet"),
    ) else {
        println!("skipped: no copy of mimic4_demo_meds or yaib_demo");
        return;
    };
    let frame = read(events, &ReadOptions::default()).unwrap();
    assert_eq!(frame.rows(), 916_166);
    assert_eq!(frame.column("subject_id").unwrap().as_groups().unwrap().ids.len(), 100);
    let times = frame.column("time").unwrap().as_times(None).unwrap();
    assert!(times.unread.is_empty());
    // One event a subject has no time; births begin in 2030 (dates of this set are shifted), day 91 310 is 2220-01-01.
    let days: Vec<f64> = (0..frame.rows()).filter_map(|row| times.cells.days(row)).collect();
    assert_eq!(days.len(), 916_166 - 100);
    assert!(days.iter().all(|day| (21_915.0..91_310.0).contains(day)));
    assert_eq!(
        frame.column("code").unwrap().as_categorical(Spelling::AsWritten).unwrap().levels().len(),
        7035
    );
    let stays = read(stays, &ReadOptions::default()).unwrap();
    assert_eq!(stays.rows(), 1367);
}
