//! A study that begins at events, from outside.

use std::collections::HashMap;

use bedside_intake::{OutColumn, OutData, write_table};
use bedside_table::Numeric;
use serde_json::Value;

use crate::program::{Place, text};

const TASK: &str = "
predicates:
  admission: {code: ADMISSION}
  discharge: {code: DISCHARGE}
  death: {code: DEATH}
  out: {expr: 'or(discharge, death)'}
trigger: admission
windows:
  first: {start: trigger, end: start + 24h, start_inclusive: true, end_inclusive: true, has: {out: '(None, 0)'}, index_timestamp: end}
  rest: {start: first.end, end: start -> out, start_inclusive: false, end_inclusive: true, label: death}
";

const STUDY: &str = r#"
[study]
title = "Death in hospital"
question = "Who dies after the first day?"
intended-use = "To test."
seed = 3

[data]
events = "events.parquet"

[task]
file = "task.yaml"

[rare]
least-subjects = 20

[[feature]]
codes = "^LAB"
windows = ["12h", "full"]
aggregations = ["value/last", "value/max", "value/slope"]

[[feature]]
windows = "full"
aggregations = ["code/count", "static/present"]

[outcome]
column = "boolean_value"
label = "death in hospital"

[[model]]
name = "ridge"
kind = "ridge"

[[model]]
name = "trees"
kind = "boosted-trees"
trees = 20
leaves = 4
learning-rate = 0.2

[report]
thresholds = [0.2]
replicates = 100
"#;

const HOUR: i64 = 3_600_000_000;

/// An event: subject, hour, code, value.
type Event = (i64, Option<i64>, String, Option<f64>);

/// A small hospital: the sicker a subject, the higher and steeper the lactate, and the likelier death. One subject has a
/// code that nobody else has.
fn hospital(subjects: i64) -> Vec<Event> {
    let mut state = 7_u64;
    let mut uniform = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut events = Vec::new();
    for subject in 0..subjects {
        let sick = uniform();
        let mut add =
            |hour: Option<i64>, code: &str, value| events.push((subject, hour, code.to_owned(), value));
        add(None, if uniform() < 0.5 { "SEX//F" } else { "SEX//M" }, None);
        add(Some(0), "ADMISSION", None);
        for hour in 0..(30.0 + 20.0 * uniform()) as i64 {
            if uniform() < 0.4 {
                add(
                    Some(hour),
                    "LAB//lactate//mmol/L",
                    Some(1.0 + 2.0 * sick + 0.05 * sick * hour as f64 + uniform()),
                );
            }
            if uniform() < 0.2 {
                add(Some(hour), "LAB//sodium//mmol/L", Some(140.0 + 4.0 * uniform()));
            }
        }
        if subject == 17 {
            add(Some(3), "LAB//unheard of", Some(1.0));
        }
        let dies = uniform() < 0.05 + 0.6 * sick * sick;
        add(Some(60), if dies { "DEATH" } else { "DISCHARGE" }, None);
        // What comes afterwards must not be seen.
        add(Some(70), "LAB//lactate//mmol/L", Some(if dies { 99.0 } else { 0.0 }));
    }
    events
}

fn write(place: &Place, name: &str, events: &[Event]) {
    let subjects: Vec<Option<i64>> = events.iter().map(|event| Some(event.0)).collect();
    let times: Vec<Option<i64>> = events.iter().map(|event| event.1.map(|hour| hour * HOUR)).collect();
    let codes: Vec<String> = events.iter().map(|event| event.2.clone()).collect();
    let values = Numeric::from_options(events.iter().map(|event| event.3)).unwrap();
    let columns = [
        OutColumn { name: "subject_id", data: OutData::Integers(&subjects) },
        OutColumn { name: "time", data: OutData::Instants(&times) },
        OutColumn { name: "code", data: OutData::Text(&codes) },
        OutColumn { name: "numeric_value", data: OutData::Numeric(&values) },
    ];
    write_table(place.path(name), &columns).unwrap();
}

fn place() -> Place {
    let place = Place::empty();
    write(&place, "events.parquet", &hospital(700));
    place.write("task.yaml", TASK);
    place.write("study.toml", STUDY);
    place
}

/// Scores by subject, from a file with `subject_id` and `risk`.
fn risks(place: &Place, file: &str) -> HashMap<String, String> {
    let text = place.read(file);
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| names.iter().position(|column| *column == name).unwrap();
    let (subject, risk) = (at("subject_id"), at("risk"));
    let cells = lines.map(|line| line.split(',').collect::<Vec<_>>());
    cells.map(|cells| (cells[subject].to_owned(), cells[risk].to_owned())).collect()
}

#[test]
fn records_become_a_model_that_scores_records() {
    let place = place();
    let done = place.call(&["run", "study.toml", "--out", "run", "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: Value = serde_json::from_slice(&done.stdout).unwrap();
    let auroc = report["models"][0]["held_out"]["auroc"]["value"].as_f64().unwrap();
    assert!(auroc > 0.65 && auroc < 0.95, "{auroc}");
    let report = report.to_string();
    assert!(
        report.contains("LAB//lactate//mmol/L, slope per day, full"),
        "features have names that people read"
    );
    assert!(!report.contains("unheard of"), "a code of one subject is no predictor");
    assert!(report.contains("rest: a next `out` comes"), "the flow begins at the events");

    // The sealed model scores the same records alike, bit for bit.
    let labels = place.call(&["cohort", "task.yaml", "events.parquet", "--out", "labels.csv"]);
    assert_eq!(labels.status.code(), Some(0), "{}", text(&labels));
    let score = |events: &str, out: &str| {
        let done = place.call(&["predict", "run/model.bedside", events, "--at", "labels.csv", "--out", out]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        risks(&place, out)
    };
    let scored = score("events.parquet", "risks.csv");
    assert_eq!(scored.len(), place.read("labels.csv").lines().count() - 1);
    let champion = report_champion(&place);
    let subjects: Vec<String> = place
        .read("labels.csv")
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().to_owned())
        .collect();
    let mut compared = 0;
    for line in place.read("run/held-out-scores.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells[1] == champion {
            let subject = &subjects[cells[0].parse::<usize>().unwrap() - 1];
            assert_eq!(
                scored[subject].parse::<f64>().unwrap().to_bits(),
                cells[2].parse::<f64>().unwrap().to_bits()
            );
            compared += 1;
        }
    }
    assert!(compared > 100, "{compared}");

    // What happens after the index time changes nothing.
    let until_then: Vec<Event> =
        hospital(700).into_iter().filter(|event| event.1.is_none_or(|hour| hour <= 24)).collect();
    write(&place, "known.parquet", &until_then);
    assert_eq!(score("known.parquet", "known.csv"), scored);
}

fn report_champion(place: &Place) -> String {
    let report: Value = serde_json::from_str(&place.read("run/report.json")).unwrap();
    let models = report["models"].as_array().unwrap();
    let champion = models.iter().find(|model| model["champion"].as_bool() == Some(true)).unwrap();
    champion["name"].as_str().unwrap().to_owned()
}

#[test]
fn what_does_not_go_together_is_told() {
    let place = place();
    for (from, to, told) in [
        ("[task]\nfile = \"task.yaml\"\n", "", "events need a [task]"),
        (
            "events = \"events.parquet\"",
            "path = \"t.csv\"",
            "[[feature]] is for events, and [data] names none",
        ),
        ("\"value/slope\"", "\"value/slop\"", "did you mean `value/slope`?"),
        ("\"12h\"", "\"12 fortnights\"", "expected a window such as"),
        ("[outcome]", "[columns]\nonly = [\"x\"]\n[outcome]", "the predictors of this study are features"),
        ("task.yaml", "tusk.yaml", "cannot read `tusk.yaml`"),
        ("events.parquet", "event.parquet", "no file `event.parquet`"),
        ("least-subjects = 20", "least-subjects = 2000", "used often enough"),
    ] {
        place.write("wrong.toml", &STUDY.replace(from, to));
        let done = place.call(&["run", "wrong.toml", "--out", "none"]);
        assert_eq!(done.status.code(), Some(2), "{told}: {}", text(&done));
        assert!(text(&done).contains(told), "{told}: {}", text(&done));
    }
    place.write("unlabelled.yaml", &TASK.replace(", index_timestamp: end", ""));
    place.write("wrong.toml", &STUDY.replace("task.yaml", "unlabelled.yaml"));
    let done = place.call(&["check", "wrong.toml"]);
    assert_eq!(done.status.code(), Some(2), "{}", text(&done));
    assert!(text(&done).contains("names no index time"), "{}", text(&done));
}
