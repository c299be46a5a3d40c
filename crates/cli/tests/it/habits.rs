//! Habits of the house that can be counted.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

fn all() -> Vec<PathBuf> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for entry in fs::read_dir(crates).unwrap() {
        sources(&entry.unwrap().path().join("src"), &mut found);
    }
    found
}

#[test]
fn the_median_file_is_short() {
    let mut lengths: Vec<usize> =
        all().iter().map(|path| fs::read_to_string(path).unwrap().lines().count()).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(median < 200, "the median file has {median} lines");
}

#[test]
fn no_file_is_named_after_nothing() {
    for path in all() {
        let name = path.file_stem().unwrap().to_str().unwrap();
        for empty in ["utils", "util", "helpers", "helper", "common", "misc", "manager"] {
            assert_ne!(name, empty, "{} says nothing of what it holds", path.display());
        }
    }
}

#[test]
fn the_study_in_the_readme_can_be_read() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md")).unwrap();
    let study = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let place = crate::program::Place::empty();
    place.write("study.toml", study);
    let said = crate::program::text(&place.call(&["check", "study.toml"]));
    // Nothing but the table is wanting.
    assert!(said.contains("admissions.csv"), "{said}");
    let mut table = String::from("patient_id,admission_id,age,sex,race,meanbp,chol,creat,charges,hospdead\n");
    for i in 0..400u32 {
        let (sick, died) = (i * 7919 % 100, u32::from(i * 7919 % 100 + i * 104_729 % 60 > 110));
        table += &format!(
            "p{i},a{i},{},{},r{},{},{},{},{},{died}\n",
            20 + i % 60,
            if i % 2 == 0 { "f" } else { "m" },
            i % 3,
            60 + sick / 2,
            if i % 5 == 0 { 0 } else { 150 + i % 70 },
            f64::from(i % 30) / 10.0,
            i * 31,
        );
    }
    place.write("admissions.csv", &table);
    let said = place.call(&["check", "study.toml"]);
    assert_eq!(said.status.code(), Some(0), "{}", crate::program::text(&said));
}
