//! Rows that stand in a table several times.

use std::fmt::Write as _;

use crate::program::{Place, text};

const STUDY: &str = r#"
[study]
title = "Copies"
question = "Who falls ill?"
intended-use = "To test."
seed = 4

[data]
path = "table.csv"

[outcome]
column = "ill"
event = 1

[report]
replicates = 100

[[model]]
name = "ridge"
kind = "ridge"
"#;

/// Rows of four numbers; each stands there `times` times, apart.
fn table(rows: usize, times: usize, digits: u64) -> String {
    let mut state = 99u64;
    let mut below = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let made: Vec<String> = (0..rows)
        .map(|_| {
            let x: Vec<u64> = (0..4).map(|_| below(digits)).collect();
            let ill = u8::from(below(2 * digits) < x[0] + x[1] / 2);
            format!("{},{},{},{},{ill}", x[0], x[1], x[2], x[3])
        })
        .collect();
    let mut csv = "a,b,c,d,ill\n".to_owned();
    for _ in 0..times {
        made.iter().for_each(|line| {
            let _ = writeln!(csv, "{line}");
        });
    }
    csv
}

#[test]
fn where_a_third_of_held_out_rows_were_learned_from_the_study_is_refused_with_a_way_out() {
    let place = Place::empty();
    place.write("table.csv", &table(400, 3, 5000));
    place.write("study.toml", STUDY);
    for arguments in [vec!["check", "study.toml"], vec!["run", "study.toml", "--out", "out"]] {
        let refused = place.call(&arguments);
        assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
        for told in ["equal a training row in every predictor", "keep-together = \"duplicates\""] {
            assert!(text(&refused).contains(told), "{}", text(&refused));
        }
    }
    place.write("study.toml", &format!("{STUDY}\n[split]\nkeep-together = \"duplicates\"\n"));
    let done = place.call(&["run", "study.toml", "--out", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: serde_json::Value = serde_json::from_str(&place.read("out/report.json")).unwrap();
    assert_eq!(report["split"]["exact_duplicates"], 0);
    // The three copies of a row are on one side, and in one fold.
    let table = place.read("table.csv");
    let lines: Vec<&str> = table.lines().skip(1).collect();
    let mut side = std::collections::HashMap::new();
    for row in place.read("out/rows.csv").lines().skip(1) {
        let (number, rest) = row.split_once(',').unwrap();
        let line = lines[number.parse::<usize>().unwrap() - 1];
        assert_eq!(side.entry(line.to_owned()).or_insert_with(|| rest.to_owned()), rest, "{line}");
    }
    assert!(side.len() > 390);
}

#[test]
fn coarse_predictors_have_no_copies_to_speak_of() {
    let place = Place::empty();
    place.write("table.csv", &table(1500, 1, 4));
    place.write("study.toml", STUDY);
    let done = place.call(&["run", "study.toml", "--out", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: serde_json::Value = serde_json::from_str(&place.read("out/report.json")).unwrap();
    assert_eq!(
        (&report["split"]["exact_duplicates"], &report["split"]["near_duplicates"]),
        (&0.into(), &0.into())
    );
    assert!(!place.read("out/report.json").contains("equal a training row"));
}
