//! A study that begins at events, from outside.

use std::collections::HashMap;

use bedside_intake::meds::LiveRecord;
use bedside_intake::{OutColumn, OutData, write_table};
use bedside_study::bundle::{Bundle, Live};
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

    // One patient at a time, by the record that comes with them: the same bits.
    let (subject, mut live) = (23, Vec::new());
    for (_, hour, code, value) in hospital(700).into_iter().filter(|event| event.0 == subject).rev() {
        live.push(
            serde_json::json!({ "time": hour.map(|hour| hour * HOUR), "code": code, "numeric_value": value }),
        );
    }
    let record = serde_json::json!({ "subject_id": subject, "prediction_time": "1970-01-02T00:00:00", "events": live });
    let piped = |record: &str| {
        place.write("record.json", record);
        let file = std::fs::File::open(place.path("record.json")).unwrap();
        place.command().args(["predict", "run/model.bedside", "-"]).stdin(file).output().unwrap()
    };
    let done = piped(&record.to_string());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let answer: Value = serde_json::from_slice(&done.stdout).unwrap();
    let alone = answer["risk"].as_f64().unwrap();
    assert_eq!(alone.to_bits(), scored[&subject.to_string()].parse::<f64>().unwrap().to_bits());
    assert_eq!(answer["warnings"], serde_json::json!([]));
    assert!(!String::from_utf8_lossy(&done.stderr).contains("warning"), "{}", text(&done));
    let other = piped(&record.to_string().replace("LAB//lactate//mmol/L", "LAB//lactate//mg/dL"));
    assert_eq!(other.status.code(), Some(0), "{}", text(&other));
    let told = "record 1: `LAB//lactate//mg/dL` is not read: the model knows it as `LAB//lactate//mmol/L`, and converts nothing";
    assert_eq!(text(&other).matches(told).count(), 1, "{}", text(&other));
    let strange = piped(
        r#"{"prediction_time": "1970-01-02T00:00:00", "events": [{"time": "1970-01-01T00:00:00", "code": "X"}]}"#,
    );
    assert!(text(&strange).contains("record 1: the model reads none of its 1 codes"), "{}", text(&strange));
    let file = std::fs::File::open(place.path("record.json")).unwrap();
    let lost = place
        .command()
        .args(["predict", "run/model.bedside", "-", "--out", "risks.parquet"])
        .stdin(file)
        .output()
        .unwrap();
    assert_eq!(lost.status.code(), Some(2), "{}", text(&lost));
    // Nobody is scored without a word of whom nothing is known.
    place.write(
        "nobody.csv",
        "subject_id,prediction_time\n999999,1970-01-02T00:00:00\n3,1969-12-31T00:00:00\n",
    );
    let nobody = place.call(&[
        "predict",
        "run/model.bedside",
        "events.parquet",
        "--at",
        "nobody.csv",
        "--out",
        "nobody.out.csv",
    ]);
    assert_eq!(nobody.status.code(), Some(0), "{}", text(&nobody));
    for told in [
        "1 rows (50.0 %) are of subjects without any event",
        "1 rows (50.0 %) have an index time before the first event",
    ] {
        assert!(text(&nobody).contains(told), "{}", text(&nobody));
    }
    let both = piped(&format!("[{record},{record}]"));
    assert_eq!(String::from_utf8(both.stdout).unwrap().lines().count(), 2);
    let wrong = piped(&record.to_string().replace("1970-01-02T00:00:00", "Jane Doe"));
    assert_eq!(wrong.status.code(), Some(2), "{}", text(&wrong));
    assert!(
        text(&wrong).contains("not a record of events") && !text(&wrong).contains("Jane"),
        "{}",
        text(&wrong)
    );

    // Codes that nobody asked for are forgotten again, and what comes after them has the risk that it had.
    let bundle = Bundle::open(std::fs::read(place.path("run/model.bedside")).unwrap()).unwrap();
    let mut service = bundle.live().unwrap();
    let text = record.to_string();
    let mut risk = |text: &str| {
        let table = service.predictors(&LiveRecord::parse(text).unwrap()).unwrap();
        (bundle.score_table(&table, None).unwrap().scores[0].unwrap().to_bits(), service.codes())
    };
    let (bits, few) = risk(&text);
    assert_eq!(bits, alone.to_bits());
    for round in 0..3 {
        let odd =
            (0..Live::REMEMBERED / 2).map(|code| format!(r#"{{"time":0,"code":"ODD//{round}//{code}"}}"#));
        let odd =
            format!(r#"{{"prediction_time":"1970-01-02","events":[{}]}}"#, odd.collect::<Vec<_>>().join(","));
        assert!(risk(&odd).1 <= Live::REMEMBERED);
        assert_eq!(risk(&text).0, bits);
    }
    assert!(few < 100, "{few}");

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

/// A table of the study's own names codes, and the sealed model keeps the names.
#[test]
fn codes_are_called_as_the_study_says() {
    let place = place();
    place
        .write("names.csv", "code,description\nLAB//lactate,\"lactic acid, blood\"\nSEX,sex\nSEX//F,woman\n");
    place.write("study.toml", &STUDY.replace("[task]", "code-names = \"names.csv\"\n[task]"));
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let page = place.read("run/report.html");
    for name in [
        "lactic acid, blood (LAB//lactate//mmol/L), last value, 12h",
        "woman (SEX//F), present",
        "sex (SEX//M), present",
    ] {
        assert!(page.contains(name), "{name}");
    }
    assert!(page.contains("LAB//sodium//mmol/L, last value, 12h"), "what has no name is called by its code");
    let shown = place.call(&["inspect", "run/model.bedside"]);
    assert!(text(&shown).contains("lactic acid, blood (LAB//lactate//mmol/L)"), "{}", text(&shown));
    place.write("study.toml", &STUDY.replace("[task]", "code-names = \"nowhere.csv\"\n[task]"));
    let lost = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(lost.status.code(), Some(2), "{}", text(&lost));
    assert!(text(&lost).contains("nowhere.csv"), "{}", text(&lost));
}

#[test]
fn a_study_of_matched_rows_says_whose_risks_it_tells() {
    let place = place();
    place.write("task.yaml", &format!("{TASK}match: {{controls: 2}}\n"));
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: Value = serde_json::from_str(&place.read("run/report.json")).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|f| f["level"] == "warning" && f["text"].as_str().unwrap().contains("sampled to match"))
    );
    let words = "matched: at most 2 rows without the outcome for each with it";
    assert!(report["flow"].as_array().unwrap().iter().any(|step| step["label"] == words), "{report}");
    let rows = place.read("run/rows.csv").lines().count() - 1;
    let events: u64 =
        ["train", "held_out"].iter().map(|side| report["split"][side]["events"].as_u64().unwrap()).sum();
    assert_eq!(rows as u64, 3 * events, "there are enough rows for each to have two");
}

#[test]
fn the_outcome_of_a_study_is_that_of_its_task() {
    let place = place();
    let outcome = "[outcome]\ncolumn = \"boolean_value\"\nlabel = \"death in hospital\"\n";
    assert!(STUDY.contains(outcome));
    place.write("study.toml", &STUDY.replace(outcome, ""));
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: Value = serde_json::from_str(&place.read("run/report.json")).unwrap();
    assert_eq!(report["study"]["outcome"], "death");
}

/// The study, its task changed and its outcome left to it.
fn with_task(from: &str, to: &str) -> Place {
    let place = place();
    assert!(TASK.contains(from));
    place.write("task.yaml", &TASK.replace(from, to));
    place.write(
        "study.toml",
        &STUDY
            .replace("[outcome]\ncolumn = \"boolean_value\"\nlabel = \"death in hospital\"\n", "")
            .replace("[report]\nthresholds = [0.2]\n", "[report]\n"),
    );
    place
}

#[test]
fn a_number_that_a_task_asks_for_is_learned() {
    let place =
        with_task(", label: death}", "}\noutcome: {kind: number, window: rest, of: lactate, take: first}");
    let task = place
        .read("task.yaml")
        .replace("predicates:\n", "predicates:\n  lactate: {code: 'LAB//lactate//mmol/L'}\n");
    place.write("task.yaml", &task);
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: Value = serde_json::from_str(&place.read("run/report.json")).unwrap();
    assert_eq!(report["study"]["outcome_kind"], "continuous");
}

#[test]
fn a_time_until_an_event_is_no_number_to_learn() {
    let place = with_task(", label: death}", "}\noutcome: {kind: time-to-event, event: death, until: rest}");
    for column in ["", "[outcome]\ncolumn = \"float_value\"\n"] {
        place.write("study.toml", &format!("{}{column}", place.read("study.toml")));
        let done = place.call(&["run", "study.toml", "--out", "run"]);
        assert_eq!(done.status.code(), Some(2), "{}", text(&done));
        assert!(text(&done).contains("a time that was cut off"), "{}", text(&done));
    }
}

#[test]
fn a_task_for_other_codes_is_told_in_check_and_report() {
    let place = with_task("death: {code: DEATH}", "death: {code: {any: [DEATH, DAETH]}}");
    let done = place.call(&["check", "study.toml"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    assert!(text(&done).contains("`DAETH`, which no event has"), "{}", text(&done));
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: Value = serde_json::from_str(&place.read("run/report.json")).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let told = |finding: &Value| {
        finding["text"].as_str().unwrap().contains("`DAETH`, which no event has; the data have")
    };
    assert!(findings.iter().any(|finding| finding["level"] == "warning" && told(finding)), "{findings:?}");
}

#[test]
fn groups_that_no_code_belongs_to_are_told() {
    let place = place();
    let more = "[[comorbidity]]\nindex = \"charlson\"\nwindows = \"full\"\n[[feature]]\nroll-up = \"atc3\"\nwindows = \"full\"\naggregations = \"code/present\"\n";
    place.write("study.toml", &format!("{STUDY}{more}"));
    let done = place.call(&["check", "study.toml"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    for told in [
        "no code belongs to a group of `charlson`",
        "no code belongs to a group of `atc3`, which needs codes of ATC",
    ] {
        assert_eq!(text(&done).matches(told).count(), 1, "{}", text(&done));
    }
    // One code is enough.
    let mut events = hospital(700);
    events.push((699, Some(80), "ATC/N02BE01".to_owned(), None));
    events.extend((0..700).map(|subject| (subject, Some(-5), "ICD10CM/I50.9".to_owned(), None)));
    events.sort_by_key(|event| (event.0, event.1));
    write(&place, "events.parquet", &events);
    let done = place.call(&["check", "study.toml"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    assert!(!text(&done).contains("group of `charlson`"), "{}", text(&done));
}

#[test]
fn an_index_time_before_birth_is_told() {
    let place = place();
    let mut events = hospital(200);
    // All are born an hour before their admission, and something stands before that.
    events.extend((0..200).flat_map(|subject| {
        [(subject, Some(-1), "MEDS_BIRTH".to_owned(), None), (subject, Some(-9), "STRAY".to_owned(), None)]
    }));
    events.sort_by_key(|event| (event.0, event.1));
    write(&place, "events.parquet", &events);
    let label = |subject: i64| {
        let time = if subject < 3 { "1969-12-31T20:00:00" } else { "1970-01-02T00:00:00" };
        format!("{subject},{time},{}\n", subject % 3 == 0)
    };
    let labels: String = (0..200).map(label).collect();
    place.write("labels.csv", &format!("subject_id,prediction_time,boolean_value\n{labels}"));
    place.write("study.toml", &STUDY.replace("file = \"task.yaml\"", "labels = \"labels.csv\""));
    let done = place.call(&["check", "study.toml"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let told = "3 rows (1.5 %) have an index time before the birth of their subject";
    assert!(text(&done).contains(told), "{}", text(&done));
}

#[test]
fn a_table_that_would_not_fit_is_refused_before_it_is_made() {
    let place = place();
    // Enough for the labels, and not for the features.
    let done = place.call(&["run", "study.toml", "--out", "run", "--memory", "67300KB"]);
    assert_eq!(done.status.code(), Some(2), "{}", text(&done));
    let told = text(&done);
    assert!(told.contains("predictors need about 0.1 GB") && told.contains("`most-codes`"), "{told}");
    assert!(!told.contains("× 3 predictors"), "{told}");
    assert_eq!(place.call(&["run", "study.toml", "--out", "run"]).status.code(), Some(0));
}

#[test]
fn labels_that_exist_are_as_good_as_a_task() {
    let place = place();
    let done = place.call(&["cohort", "task.yaml", "events.parquet", "--out", "labels.parquet"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    place.write("given.toml", &STUDY.replace("file = \"task.yaml\"", "labels = \"labels.parquet\""));
    for study in ["study", "given"] {
        let done = place.call(&["run", &format!("{study}.toml"), "--out", study]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    }
    for file in ["rows.csv", "held-out-scores.csv", "out-of-fold-scores.csv"] {
        assert_eq!(place.read(&format!("study/{file}")), place.read(&format!("given/{file}")), "{file}");
    }
    let training = place.read("study/rows.csv").matches(",train,").count();
    let scores = place.read("study/out-of-fold-scores.csv");
    assert_eq!(scores.lines().filter(|line| line.contains(",ridge,")).count(), training);
}

#[test]
fn subjects_of_another_hospital_are_other_people_whatever_their_numbers() {
    let place = place();
    write(&place, "other.parquet", &hospital(300));
    let study = STUDY
        .replace(
            "events = \"events.parquet\"",
            "events = { here = \"events.parquet\", there = \"other.parquet\" }\nfile-column = \"hospital\"",
        )
        .replace(
            "[outcome]",
            "[columns]\nsite = \"hospital\"\n[split]\nby = \"site\"\nheld-out-sites = [\"there\"]\n[outcome]",
        );
    place.write("study.toml", &study);
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let count = |events: &str, labels: &str| {
        let done = place.call(&["cohort", "task.yaml", events, "--out", labels]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        place.read(labels).lines().count() - 1
    };
    // Nobody leaves the training rows because somebody there has the same number.
    let rows = place.read("run/rows.csv");
    assert_eq!(rows.matches(",train,").count(), count("events.parquet", "here.csv"));
    assert_eq!(rows.matches(",held-out,").count(), count("other.parquet", "there.csv"));

    // The scores of the held-out hospital are those of its own records.
    let done = place.call(&[
        "predict",
        "run/model.bedside",
        "other.parquet",
        "--at",
        "there.csv",
        "--out",
        "risks.csv",
    ]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let champion = report_champion(&place);
    let marked = format!(",{champion},");
    let held_out = place.read("run/held-out-scores.csv");
    let scores: Vec<&str> = held_out.lines().filter_map(|line| Some(line.split_once(&marked)?.1)).collect();
    let risks = place.read("risks.csv");
    let names: Vec<&str> = risks.lines().next().unwrap().split(',').collect();
    let at = names.iter().position(|name| *name == "risk").unwrap();
    let risks: Vec<&str> = risks.lines().skip(1).map(|line| line.split(',').nth(at).unwrap()).collect();
    assert_eq!(scores, risks);
}

#[test]
fn labels_of_a_mapping_make_a_study_without_a_task() {
    let place = Place::empty();
    let (mut hours, mut outcomes) = (String::from("stay,hour,lactate\n"), String::from("stay,died\n"));
    for (subject, hour, code, value) in hospital(400) {
        match (hour, code.as_str(), value) {
            (Some(hour @ 0..=24), "LAB//lactate//mmol/L", Some(value)) => {
                hours.push_str(&format!("{subject},{hour},{value}\n"))
            }
            (_, "DEATH", _) => outcomes.push_str(&format!("{subject},1\n")),
            (_, "DISCHARGE", _) => outcomes.push_str(&format!("{subject},0\n")),
            _ => {}
        }
    }
    std::fs::create_dir(place.path("icu")).unwrap();
    place.write("icu/hours.csv", &hours);
    place.write("icu/outcomes.csv", &outcomes);
    let mapping = "[[table]]\nfile = \"hours\"\nsubject = \"stay\"\ntime = \"hour\"\ntime-unit = \"h\"\n\
                   columns = { lactate = { code = \"LAB//lactate\", unit = \"mmol/L\" } }\n\
                   [label]\nfile = \"outcomes\"\nsubject = \"stay\"\nat = 24\ntime-unit = \"h\"\noutcome = \"died\"\n";
    place.write("icu.toml", mapping);
    let study = STUDY
        .replace(
            "events = \"events.parquet\"",
            "events = \"icu\"\nimport = { kind = \"long\", mapping = \"icu.toml\" }",
        )
        .replace("[task]\nfile = \"task.yaml\"\n", "");
    place.write("study.toml", &study);
    let done = place.call(&["run", "study.toml", "--out", "run", "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report: Value = serde_json::from_slice(&done.stdout).unwrap();
    let auroc = report["models"][0]["held_out"]["auroc"]["value"].as_f64().unwrap();
    assert!(auroc > 0.6 && auroc < 0.97, "{auroc}");
    assert_eq!(place.read("run/rows.csv").lines().count() - 1, 400);

    place.write("icu/outcomes.csv", &outcomes.replacen(",0\n", ",0\n,0\n", 1));
    let done = place.call(&["run", "study.toml", "--out", "none"]);
    assert_eq!(done.status.code(), Some(2), "{}", text(&done));
    assert!(text(&done).contains("column `stay`: empty, but must hold something"), "{}", text(&done));
}

#[test]
fn what_does_not_go_together_is_told() {
    let place = place();
    for (from, to, told) in [
        ("[task]\nfile = \"task.yaml\"\n", "", "there are no labels: give a `[task]`"),
        ("file = \"task.yaml\"", "file = \"task.yaml\"\nlabels = \"labels.csv\"", "and not both"),
        (
            "file = \"task.yaml\"",
            "labels = \"labels.csv\"\npredicates = \"more.yaml\"",
            "`predicates` are laid over",
        ),
        ("file = \"task.yaml\"", "labels = \"no.csv\"", "cannot read the labels `no.csv`"),
        ("events = \"events.parquet\"", "events = { a = \"events.parquet\" }", "`file-column` go together"),
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

#[test]
fn what_an_import_says_of_odd_times_reaches_the_study() {
    let place = place();
    let events = hospital(200);
    let far = 80_000 * 365 * 24;
    let open = (0..200).map(|subject| (subject, Some(far), "OPEN".to_owned(), None));
    let mut all: Vec<Event> = events.into_iter().chain(open).collect();
    all.sort_by_key(|event| (event.0, event.1));
    write(&place, "events.parquet", &all);
    for (asked, told) in [
        ("", "200 events are at times in 2250 or later, which stands for an end that is open"),
        (", odd-times = \"keep\"", "200 events are at times in 2250 or later, and kept"),
        (", odd-times = \"drop\"", "they are left out"),
    ] {
        let import = format!("events = \"events.parquet\"\nimport = {{ kind = \"meds\"{asked} }}");
        place.write("study.toml", &STUDY.replace("events = \"events.parquet\"", &import));
        let done = place.call(&["check", "study.toml"]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        // On the terminal, and among what the report says.
        assert_eq!(text(&done).matches(told).count(), 2, "{}", text(&done));
    }
    place.write(
        "study.toml",
        &STUDY.replace(
            "events = \"events.parquet\"",
            "events = \"events.parquet\"\nimport = { kind = \"meds\", odd-times = \"leave\" }",
        ),
    );
    let refused = place.call(&["check", "study.toml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused).contains("odd-times"), "{}", text(&refused));
}
