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
