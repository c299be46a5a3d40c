//! `import`, from outside.

use std::time::Duration;

use serde_json::Value;

use crate::program::{Place, text};

const MAPPING: &str = r#"
[[table]]
file = "visits"
subject = "patient"
time = "came"
event = "VISIT"

[[table]]
file = "labs"
subject = "patient"
time = "drawn"
code = "test"
unit = "unit"
value = "result"
"#;

const TASK: &str = r#"
predicates:
  visit: {code: VISIT}
  high: {code: "CRP//mg/L", value_min: 100}
trigger: visit
windows:
  input: {start: null, end: trigger, start_inclusive: true, end_inclusive: true, index_timestamp: end}
  target: {start: trigger, end: start + 2d, start_inclusive: false, end_inclusive: true, label: high}
"#;

fn place() -> Place {
    let place = Place::empty();
    std::fs::create_dir(place.path("raw")).unwrap();
    place.write("mapping.toml", MAPPING);
    place.write("task.yaml", TASK);
    place.write("raw/visits.csv", "patient,came\n7,2020-01-01\n8,2020-01-01\n9,2020-01-05\n");
    place.write(
        "raw/labs.csv",
        "patient,drawn,test,unit,result\n9,2020-01-06,CRP,mg/l,120\n7,2020-01-02,CRP,mg/L,12\nPATIENTZQX,2020-01-02,CRP,mg/L,3\n",
    );
    place
}

#[test]
fn raw_tables_become_labels_in_two_commands() {
    let place = place();
    let refused = place.call(&["import", "long", "raw", "events", "--mapping", "mapping.toml"]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
    assert!(
        text(&refused).contains("1 of 6 rows cannot be read, more than the limit of 1 %"),
        "{}",
        text(&refused)
    );
    assert!(!place.path("events").exists());

    let done =
        place.call(&["import", "long", "raw", "events", "--mapping", "mapping.toml", "--rejected", "20%"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let said = text(&done);
    assert!(said.contains("5 events of 3 subjects, 2 codes"), "{said}");
    assert!(
        said.contains("`labs.csv` column `patient`: not a whole number (1 row, the first on line 4)"),
        "{said}"
    );
    assert!(!said.contains("ZQX"), "{said}");
    for file in ["data/0.parquet", "metadata/codes.parquet", "rejects.parquet"] {
        let bytes = place.bytes(&format!("events/{file}"));
        assert!(!String::from_utf8_lossy(&bytes).contains("ZQX"), "{file}");
    }
    let about: Value = serde_json::from_slice(&place.bytes("events/metadata/dataset.json")).unwrap();
    assert_eq!(
        (about["dataset_name"].as_str(), about["meds_version"].as_str()),
        (Some("events"), Some("0.4.1"))
    );

    let labels = place.call(&["cohort", "task.yaml", "events", "--out", "labels.csv"]);
    assert!(labels.status.success(), "{}", text(&labels));
    let labels: Vec<String> = place.read("labels.csv").lines().skip(1).map(str::to_owned).collect();
    assert_eq!(labels.len(), 3);
    assert!(
        labels.iter().all(|row| row.contains(if row.starts_with("9,") { "true" } else { "false" })),
        "{labels:?}"
    );

    let taken = place.call(&["import", "long", "raw", "events", "--mapping", "mapping.toml"]);
    assert_eq!(taken.status.code(), Some(2));
    assert!(text(&taken).contains("`events` is there already"), "{}", text(&taken));
    let again = [
        "import",
        "long",
        "raw",
        "events",
        "--mapping",
        "mapping.toml",
        "--rejected",
        "0.2",
        "--replace",
        "--json",
    ];
    let done = place.call(&again);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let answer: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((answer["events"].as_u64(), answer["rejects"][0]["first"].as_u64()), (Some(5), Some(4)));
    assert_eq!(place.list("."), ["events", "labels.csv", "mapping.toml", "raw", "task.yaml"]);
}

#[test]
fn studies_of_raw_records_say_what_they_are() {
    let place = place();
    let study = |import: &str| {
        format!(
            "[study]\ntitle = \"T\"\nquestion = \"Q?\"\nintended-use = \"U\"\nseed = 1\n[data]\nevents = \"raw\"\nimport = {import}\n\
             [task]\nfile = \"task.yaml\"\n[[feature]]\nwindows = \"full\"\naggregations = \"code/count\"\n\
             [outcome]\ncolumn = \"boolean_value\"\n[[model]]\nname = \"ridge\"\nkind = \"ridge\"\n"
        )
    };
    for (import, expected) in [
        ("{ kind = \"long\" }", "`long` tables need a `mapping`"),
        ("{ kind = \"omop\", mapping = \"mapping.toml\" }", "`mapping` is for `long` tables only"),
        ("{ kind = \"omopp\" }", "omop"),
        (
            "{ kind = \"long\", mapping = \"mapping.toml\" }",
            "1 of 6 rows cannot be read, more than the limit of 1 %",
        ),
        ("{ kind = \"long\", mapping = \"other.toml\" }", "cannot read `other.toml`"),
    ] {
        place.write("study.toml", &study(import));
        let said = place.call(&["check", "study.toml"]);
        assert_eq!(said.status.code(), Some(2), "{}", text(&said));
        assert!(text(&said).contains(expected), "{}", text(&said));
        assert!(!text(&said).contains("ZQX"), "{}", text(&said));
    }
}

#[test]
fn wrong_calls_say_what_is_missing() {
    let place = place();
    let without = place.call(&["import", "long", "raw", "events"]);
    assert_eq!(without.status.code(), Some(2));
    assert!(text(&without).contains("--mapping"), "{}", text(&without));
    let share = place.call(&["import", "meds", "raw", "events", "--rejected", "120%"]);
    assert!(text(&share).contains("expected a share, such as 1% or 0.01"), "{}", text(&share));
    let nothing = place.call(&["import", "omop", "raw", "events"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(text(&nothing).contains("no table `person` (CSV or Parquet) in `raw`"), "{}", text(&nothing));
    assert_eq!(place.list("."), ["mapping.toml", "raw", "task.yaml"]);
}

/// However early or late an import is killed, there is no data set or a whole one, and the next import is not in its way.
#[cfg(unix)]
#[test]
fn a_killed_import_leaves_nothing_that_could_be_taken_for_a_data_set() {
    let place = place();
    let mut rows = String::from("patient,drawn,test,unit,result\n");
    for row in 0..300_000_u64 {
        rows += &format!("{},2020-01-{:02},CRP,mg/L,{}\n", row * 7919 % 5003, 1 + row % 28, row % 300);
    }
    place.write("raw/labs.csv", &rows);
    let import =
        ["import", "long", "raw", "events", "--mapping", "mapping.toml", "--memory", "4MB", "--json"];
    let (mut killed, mut wait) = (0, 1);
    loop {
        let mut child = place.command().args(import).stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // It may have been whole just before the end came.
        if place.path("events").exists() {
            break;
        }
        killed += 1;
        wait = wait * 3 / 2 + 3;
    }
    assert!(killed > 3, "it was killed only {killed} times");
    assert_eq!(place.list("events"), ["data", "metadata", "rejects.parquet"]);
    let whole = place.bytes("events/data/0.parquet");
    let again = place.call(&[&import[..], &["--replace", "--threads", "1"]].concat());
    assert!(again.status.success(), "{}", text(&again));
    let answer: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(answer["events"].as_u64(), Some(300_003));
    assert!(
        place.bytes("events/data/0.parquet") == whole,
        "the data set differs from that of an import that was not killed"
    );
    let hidden: Vec<String> = place.list(".").into_iter().filter(|name| name.starts_with('.')).collect();
    assert!(hidden.is_empty(), "{hidden:?} was left behind");
}

/// What the vocabulary calls a code is what a matrix, a report and a sealed model call it.
#[test]
fn features_of_omop_have_the_words_of_the_vocabulary() {
    let place = Place::empty();
    std::fs::create_dir(place.path("omop")).unwrap();
    place.write(
        "omop/concept.csv",
        "concept_id,concept_name,vocabulary_id,concept_code\n1118084,celecoxib,RxNorm,140587\n192671,Gastrointestinal hemorrhage,SNOMED,74474003\n\
         21603993,Coxibs,ATC,M01AH\n",
    );
    place.write(
        "omop/concept_ancestor.csv",
        "ancestor_concept_id,descendant_concept_id,min_levels_of_separation,max_levels_of_separation\n21603993,1118084,2,2\n",
    );
    let (mut persons, mut drugs, mut conditions) = (
        String::from("person_id,gender_concept_id,year_of_birth\n"),
        String::from("person_id,drug_concept_id,drug_exposure_start_date\n"),
        String::from("person_id,condition_concept_id,condition_start_date\n"),
    );
    for person in 0..400_u32 {
        let (old, sick) = (person * 7919 % 60, person * 104_729 % 10);
        persons += &format!("{person},{},{}\n", 8507 + 25 * (person % 2), 1920 + old);
        drugs += &format!("{person},1118084,2010-03-{:02}\n", 1 + person % 28);
        if sick < 2 + u32::from(old < 30) * 4 {
            conditions += &format!("{person},192671,2010-06-{:02}\n", 1 + person % 28);
        }
    }
    place.write("omop/person.csv", &persons);
    place.write("omop/drug_exposure.csv", &drugs);
    place.write("omop/condition_occurrence.csv", &conditions);
    let task =
        TASK.replace("VISIT", "RxNorm/140587").replace("\"CRP//mg/L\", value_min: 100", "SNOMED/74474003");
    place.write("task.yaml", &task.replace("start + 2d", "start + 365d"));
    place.write(
        "study.toml",
        "[study]\ntitle = \"Bleeding\"\nquestion = \"Who bleeds?\"\nintended-use = \"To test.\"\nseed = 3\n\
         [data]\nevents = \"events\"\n[task]\nfile = \"task.yaml\"\n\
         [[feature]]\nwindows = \"full\"\naggregations = [\"code/days_since_first\", \"code/count\"]\n\
         [[feature]]\ncodes = \"^Gender/\"\naggregations = \"static/present\"\n\
         [[feature]]\nroll-up = \"ancestors\"\nwindows = \"full\"\naggregations = \"code/count\"\n\
         [[clock]]\nreads = [\"age\", \"day-of-year\"]\n\
         [outcome]\ncolumn = \"boolean_value\"\n[[model]]\nname = \"ridge\"\nkind = \"ridge\"\n[report]\nreplicates = 100\n",
    );
    let done = place.call(&["import", "omop", "omop", "events"]);
    assert!(done.status.success(), "{}", text(&done));
    let run = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(run.status.code(), Some(0), "{}", text(&run));
    // The same study from the raw tables gives the same model, to the byte.
    let raw = place
        .read("study.toml")
        .replace("events = \"events\"", "events = \"omop\"\nimport = { kind = \"omop\" }");
    place.write("raw.toml", &raw);
    let from_raw = place.call(&["run", "raw.toml", "--out", "raw"]);
    assert_eq!(from_raw.status.code(), Some(0), "{}", text(&from_raw));
    assert_eq!(place.read("run/held-out-scores.csv"), place.read("raw/held-out-scores.csv"));
    assert!(place.read("raw/report.html").contains("omop: 1,"), "the report does not say what it read");
    let page = place.read("run/report.html");
    assert!(page.contains("celecoxib (RxNorm/140587), count, full"), "the report has no words for codes");
    assert!(page.contains("FEMALE (Gender/F), present"));
    assert!(page.contains("Coxibs (ATC/M01AH and below), count, full"), "the report has no words for groups");

    // The sealed model has the words itself: the same codes without a vocabulary give the same columns and scores.
    let labels = place.call(&["cohort", "task.yaml", "events", "--out", "labels.csv"]);
    assert!(labels.status.success(), "{}", text(&labels));
    let known = ["predict", "run/model.bedside", "events", "--at", "labels.csv", "--out", "known.csv"];
    assert!(place.call(&known).status.success());
    for about in ["codes.parquet", "ancestors.parquet"] {
        std::fs::remove_file(place.path("events/metadata").join(about)).unwrap();
    }
    let predict = ["predict", "run/model.bedside", "events", "--at", "labels.csv", "--out", "risks.csv"];
    let scored = place.call(&predict);
    assert_eq!(scored.status.code(), Some(0), "{}", text(&scored));
    assert_eq!(place.read("risks.csv").lines().count(), 401);
    assert_eq!(place.read("risks.csv"), place.read("known.csv"));
    let again = place.call(&["run", "study.toml", "--out", "again"]);
    assert_ne!(again.status.code(), Some(0));
    assert!(
        text(&again).contains("`ancestors` needs to know which codes lie above which"),
        "{}",
        text(&again)
    );
    let shown = place.call(&["inspect", "run/model.bedside"]);
    assert!(text(&shown).contains("FEMALE (Gender/F), present"), "{}", text(&shown));
}
