//! The same patients, as events, through OMOP and through FHIR, have the same features and labels.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use bedside_chart::Codes;
use bedside_intake::import::{Split, numbered};
use bedside_intake::meds::EventFiles;
use bedside_intake::{Format, Frame, OutColumn, OutData, ReadOptions, read, table_bytes};
use bedside_study::tabulate::count_codes;
use serde_json::Value;

use crate::program::{Place, text};

const SUBJECTS: i64 = 250;

const TASK: &str = r#"
predicates:
  admission: {code: Visit/IP}
  discharge: {code: Visit/IP//END}
  death: {code: MEDS_DEATH}
  leaves: {expr: "or(discharge, death)"}
trigger: admission
windows:
  input: {start: null, end: trigger + 24h, start_inclusive: true, end_inclusive: true, index_timestamp: end}
  target: {start: input.end, end: start -> leaves, start_inclusive: false, end_inclusive: true, label: death}
"#;

const RECIPE: &str = r#"
[rare]
least-subjects = 3

[[feature]]
windows = ["24h", "30d", "full"]
aggregations = ["code/count", "code/days_since_first", "code/days_since_last", "value/first", "value/last", "value/min", "value/max",
  "value/sum", "value/slope"]

[[feature]]
codes = "^(Gender|Race|Ethnicity)/"
aggregations = "static/present"
"#;

/// What only one road has a place for, as the docs of `bedside_simulate::Hospital` say.
const ONLY_OMOP: &[&str] = &["OBSERVATION_PERIOD//END", "OBSERVATION_PERIOD//START"];
const ONLY_FHIR: &[&str] = &["DISCHARGED_TO//exp", "SNOMED/185349003", "SNOMED/32485007", "SNOMED/50849002"];

/// A road: the names of its folders, and how it numbers a subject.
struct Road {
    name: &'static str,
    events: &'static str,
    number: fn(i64) -> i64,
    only: &'static [&'static str],
}

const ROADS: [Road; 3] = [
    Road { name: "meds", events: "meds", number: |subject| subject, only: &[] },
    Road { name: "omop", events: "from-omop", number: |subject| subject, only: ONLY_OMOP },
    Road {
        name: "fhir",
        events: "from-fhir",
        number: |subject| numbered(&subject.to_string()).expose(),
        only: ONLY_FHIR,
    },
];

fn frame(path: &Path) -> Frame {
    read(path, &ReadOptions::default()).unwrap()
}

/// The cells of a column as a file of text has them.
fn column(frame: &Frame, name: &str) -> Vec<String> {
    let data = OutData::Raw(frame.column(name).unwrap());
    let bytes = table_bytes(Format::Csv, b',', &[OutColumn { name, data }]).unwrap();
    String::from_utf8(bytes).unwrap().lines().skip(1).map(str::to_owned).collect()
}

fn walk(place: &Place, road: &Road) {
    let subjects = SUBJECTS.to_string();
    let succeed = |arguments: &[&str]| {
        let done = place.call(arguments);
        assert_eq!(done.status.code(), Some(0), "{arguments:?}: {}", text(&done));
        serde_json::from_slice::<Value>(&done.stdout).unwrap()
    };
    let simulate =
        ["simulate", "hospital", "--subjects", &subjects, "--seed", "7", "--json", "--as", road.name];
    succeed(&[&simulate[..], &["--out", road.name]].concat());
    if road.events != road.name {
        // OMOP's standard concepts of diagnoses are those of SNOMED; beside them FHIR has ICD, which would be preferred.
        let codings: &[&str] = if road.name == "fhir" { &["--codings", "SNOMED"] } else { &[] };
        let import = ["import", road.name, road.name, road.events, "--json"];
        let done = succeed(&[&import[..], codings].concat());
        assert_eq!(done["rejects"].as_array().map(Vec::len), Some(0), "{done}");
        // The same procedure twice on a day of which no more is known is twice the same event. Of FHIR, units come as they are written.
        let fine = |note: &Value| {
            note.as_str().is_some_and(|note| {
                note.contains("there more than once")
                    || note.ends_with(" ICD10CM beside SNOMED")
                    || note.ends_with(": `ng/mL` as `ug/L` (600)")
            })
        };
        assert!(done["notes"].as_array().is_some_and(|notes| notes.iter().all(fine)), "{done}");
    }
    let mut splits = String::from("subject_id,split\n");
    for subject in 1..=SUBJECTS {
        let split = if Split::of(subject, 0) == Split::Train { "train" } else { "held_out" };
        splits += &format!("{},{split}\n", (road.number)(subject));
    }
    let (splits_file, labels, made) = (
        format!("{}-splits.csv", road.name),
        format!("{}-labels.csv", road.name),
        format!("{}-made", road.name),
    );
    place.write(&splits_file, &splits);
    succeed(&["cohort", "task.yaml", road.events, "--out", &labels, "--json"]);
    succeed(&[
        "features",
        "recipe.toml",
        road.events,
        &labels,
        "--out",
        &made,
        "--matrix",
        "parquet",
        "--splits",
        &splits_file,
        "--json",
    ]);
}

/// How often every code is used.
fn codes(place: &Place, road: &Road) -> BTreeMap<String, String> {
    let files = EventFiles::open(place.path(road.events)).unwrap();
    let recipe = "[[feature]]\nwindows = \"full\"\naggregations = \"code/count\"\n";
    let recipe = bedside_study::spec::RecipeFile::parse(recipe, "recipe.toml").unwrap();
    let (uses, _) = count_codes(&files, &Codes::default(), &recipe.recipe().unwrap(), None, 1).unwrap();
    uses.codes.into_iter().map(|(code, uses)| (code.to_string(), format!("{uses:?}"))).collect()
}

/// Subject as simulated, and time, by row.
fn rows(frame: &Frame, road: &Road) -> Vec<(i64, String)> {
    let simulated: BTreeMap<String, i64> =
        (1..=SUBJECTS).map(|subject| ((road.number)(subject).to_string(), subject)).collect();
    let subjects = column(frame, "subject_id");
    subjects.iter().map(|subject| simulated[subject]).zip(column(frame, "prediction_time")).collect()
}

/// Label by subject and time.
fn labels(path: &Path, road: &Road) -> BTreeMap<(i64, String), String> {
    let frame = frame(path);
    rows(&frame, road).into_iter().zip(column(&frame, "boolean_value")).collect()
}

/// Subject, time, code, window, aggregation.
type Cell = (i64, String, String);

/// Every entry of the matrix; the columns whose codes only this road has stand apart.
fn cells(place: &Place, road: &Road) -> (BTreeMap<Cell, String>, BTreeSet<String>) {
    let made = place.path(&format!("{}-made", road.name));
    let rows = rows(&frame(&made.join("rows.parquet")), road);
    let dictionary = frame(&made.join("columns.csv"));
    let codes = column(&dictionary, "code");
    let (windows, aggregations) = (column(&dictionary, "window"), column(&dictionary, "aggregation"));
    let names: Vec<String> =
        (0..codes.len()).map(|at| format!("{} {} {}", codes[at], windows[at], aggregations[at])).collect();
    let matrix = frame(&made.join("matrix.parquet"));
    let places = |name: &str| -> Vec<usize> {
        column(&matrix, name).iter().map(|place| place.parse().unwrap()).collect()
    };
    let (columns, of_rows, values) = (places("column"), places("row"), column(&matrix, "value"));
    let shared = |at: &usize| !road.only.contains(&codes[columns[*at]].as_str());
    let entries = (0..values.len()).filter(shared).map(|at| {
        let (subject, time) = rows[of_rows[at]].clone();
        ((subject, time, names[columns[at]].clone()), values[at].clone())
    });
    let kept = (0..codes.len()).filter(|at| !road.only.contains(&codes[*at].as_str()));
    (entries.collect(), kept.map(|at| names[at].clone()).collect())
}

#[test]
fn three_roads_give_the_same_features_and_labels() {
    let place = Place::empty();
    place.write("task.yaml", TASK);
    place.write("recipe.toml", RECIPE);
    ROADS.iter().for_each(|road| walk(&place, road));
    let [meds, others @ ..] = &ROADS;
    let (expected_codes, (expected, columns)) = (codes(&place, meds), cells(&place, meds));
    let expected_labels = labels(&place.path("meds-labels.csv"), meds);
    assert!(expected.len() > 50_000 && columns.len() > 1_000, "{} {}", expected.len(), columns.len());
    let deaths = expected_labels.values().filter(|died| *died == "true").count();
    assert!(expected_labels.len() > 150 && deaths > 5, "{} {deaths}", expected_labels.len());
    for road in others {
        let mut found = codes(&place, road);
        let only: Vec<String> =
            found.keys().filter(|code| !expected_codes.contains_key(*code)).cloned().collect();
        assert_eq!(only, road.only, "{}: codes that the events do not have", road.name);
        found.retain(|code, _| !only.contains(code));
        assert_eq!(found, expected_codes, "{}: events of codes", road.name);

        assert_eq!(labels(&place.path(&format!("{}-labels.csv", road.name)), road), expected_labels);
        let (found, found_columns) = cells(&place, road);
        assert!(found_columns == columns, "{}: other columns", road.name);
        let first = expected.iter().find(|(cell, value)| found.get(*cell) != Some(*value));
        if let Some(((_, _, name), value)) = first {
            panic!("{}: `{name}` should be {value}", road.name);
        }
        assert_eq!(found.len(), expected.len(), "{}: more cells than there should be", road.name);
    }
}

/// The truth lies beside the records of each form under the numbers that they have once imported, and says what the task finds.
#[test]
fn the_truth_is_that_of_the_labels() {
    let place = Place::empty();
    place.write("task.yaml", &TASK.replace("trigger + 24h", "trigger"));
    place.write("recipe.toml", RECIPE);
    for road in &ROADS {
        walk(&place, road);
        let truth = place.path(&format!("{}/truth.csv", road.name));
        let found = labels(&place.path(&format!("{}-labels.csv", road.name)), road);
        assert_eq!(labels(&truth, road), found, "{}", road.name);
        let risk = column(&frame(&truth), "true_risk");
        assert!(risk.iter().all(|risk| (0.0..=1.0).contains(&risk.parse::<f64>().unwrap())));
    }
}

#[test]
fn threads_change_nothing_and_what_is_wrong_is_told() {
    let place = Place::empty();
    let simulate = |form: &str, threads: &str, out: &str| {
        let done = place.call(&[
            "simulate",
            "hospital",
            "--events",
            "60e3",
            "--as",
            form,
            "--threads",
            threads,
            "--out",
            out,
        ]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    };
    for (form, files) in [
        ("meds", vec!["data/0.parquet", "metadata/codes.parquet", "truth.csv"]),
        ("omop", vec!["measurement.csv", "visit_occurrence.csv", "concept.csv", "truth.csv"]),
        ("fhir", vec!["Observation.ndjson", "Encounter.ndjson", "Patient.ndjson", "truth.csv"]),
    ] {
        let (one, three) = (format!("{form}-1"), format!("{form}-3"));
        simulate(form, "1", &one);
        simulate(form, "3", &three);
        assert_eq!(place.list(&one), place.list(&three));
        for file in files {
            let bytes = place.bytes(&format!("{one}/{file}"));
            assert!(!bytes.is_empty() && bytes == place.bytes(&format!("{three}/{file}")), "{form} {file}");
        }
    }
    for (more, told) in [
        (&["--subjects", "5"][..], "--out"),
        (&["--out", "omop-1", "--as", "omop"], "`omop-1` is there already"),
        (&["--out", "meds-1"], "`meds-1` is there already"),
        (&["--out", "new", "--events", "1.5"], "expected a count such as 80e6"),
        (&["--out", "new", "--rows", "5"], "--rows and --with-truth are for tables"),
    ] {
        let refused = place.call(&[&["simulate", "hospital"], more].concat());
        assert_eq!(refused.status.code(), Some(2), "{more:?}: {}", text(&refused));
        assert!(text(&refused).contains(told), "{more:?}: {}", text(&refused));
        assert!(!place.path("new").exists());
    }
    let table = place.call(&["simulate", "table", "--subjects", "5"]);
    assert_eq!(table.status.code(), Some(2), "{}", text(&table));
}
