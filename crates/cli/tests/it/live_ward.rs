//! A ward of live patients has, to the bit, the predictors and risks that the study gave the same records.

use std::collections::BTreeMap;

use bedside_chart::{Instant, SubjectNumber};
use bedside_intake::meds::{EventFiles, LiveRecord};
use bedside_intake::{OutColumn, OutData, write_table};
use bedside_study::bundle::Bundle;
use bedside_table::{Data, New, Numeric, Table};
use serde_json::{Value, json};

use crate::program::{Place, text};

const STUDY: &str = r#"
[study]
title = "A ward"
question = "Who has a high lactate in the next two days?"
intended-use = "To test."
seed = 5

[data]
events = "events"

[task]
file = "task.yaml"

[[feature]]
codes = "^LAB"
windows = ["12h", "2d", "full", "36h..12h"]
aggregations = ["value/count", "value/sum", "value/sum_sqd", "value/min", "value/max", "value/first", "value/last", "value/mean", "value/sd",
  "value/slope", "value/range", "code/times", "code/present", "code/days_since_first", "code/days_since_last"]

[[feature]]
codes = "^LAB"
windows = "2d"
aggregations = ["value/delta", "code/per_day"]

[[feature]]
codes = "^SEX"
aggregations = "static/present"

[[feature]]
roll-up = "ancestors"
windows = ["2d", "full"]
aggregations = ["code/count", "value/last", "value/first"]

[[feature]]
roll-up = "icd-chapter"
windows = "full"
aggregations = ["code/present", "code/count"]

[[feature]]
roll-up = "atc3"
windows = "full"
aggregations = "code/days_since_last"

[[comorbidity]]
index = "charlson"
windows = "full"

[[comorbidity]]
index = "elixhauser"
windows = "full"

[[clock]]
reads = ["age", "hour-of-day", "day-of-week", "day-of-year"]

[[model]]
name = "ridge"
kind = "ridge"

[report]
thresholds = [0.3]
replicates = 100
"#;

const TASK: &str = "
predicates: {admission: {code: ADMISSION}, high: {code: LAB//lactate//mmol/L, value_min: 6}}
trigger: admission
windows:
  known: {start: null, end: trigger + 24h, start_inclusive: true, end_inclusive: true, index_timestamp: end}
  next: {start: known.end, end: start + 48h, start_inclusive: false, end_inclusive: true, label: high}
";

/// Microseconds in half an hour: often several events are at one instant.
const STEP: i64 = 1_800_000_000;
const LABS: [&str; 3] = ["LAB//lactate//mmol/L", "LAB//sodium//mmol/L", "LAB//odd"];
const DIAGNOSES: [&str; 5] = ["ICD10CM/I50.9", "ICD10CM/C50.1", "ICD9CM/428.0", "ATC/C09AA05", "ATC/M01AH01"];

/// Time, code, value.
type Event = (Option<i64>, &'static str, Option<f64>);

/// The numbers of Knuth's linear congruential generator (*The Art of Computer Programming*, volume 2, section 3.3.4).
struct Draw(u64);

impl Draw {
    fn below(&mut self, most: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % most) as i64
    }
}

fn records() -> BTreeMap<i64, Vec<Event>> {
    let mut draw = Draw(11);
    let mut record = |subject: i64| {
        let admitted = 100 * 48 * STEP + draw.below(400) * 48 * STEP + draw.below(48) * STEP;
        let sick = draw.below(10);
        let mut events: Vec<Event> = vec![
            (None, if draw.below(2) == 0 { "SEX//F" } else { "SEX//M" }, None),
            (Some(-draw.below(30_000) * 48 * STEP), "MEDS_BIRTH", None),
            (Some(admitted), "ADMISSION", None),
        ];
        for _ in 0..draw.below(4) {
            events.push((Some(admitted - draw.below(9_000) * STEP), DIAGNOSES[draw.below(5) as usize], None));
        }
        for _ in 0..20 + draw.below(40) {
            let value = 0.1 * (sick * draw.below(12)) as f64 + 0.3;
            events.push((Some(admitted + draw.below(144) * STEP), LABS[draw.below(3) as usize], Some(value)));
        }
        (subject, events)
    };
    (1..=260).map(&mut record).collect()
}

fn write(place: &Place, records: &BTreeMap<i64, Vec<Event>>) {
    let all =
        || records.iter().flat_map(|(subject, events)| events.iter().map(move |event| (subject, event)));
    let subjects: Vec<Option<i64>> = all().map(|(subject, _)| Some(*subject)).collect();
    let times: Vec<Option<i64>> = all().map(|(_, event)| event.0).collect();
    let codes: Vec<String> = all().map(|(_, event)| event.1.to_owned()).collect();
    let values = Numeric::from_options(all().map(|(_, event)| event.2)).unwrap();
    let columns = [
        OutColumn { name: "subject_id", data: OutData::Integers(&subjects) },
        OutColumn { name: "time", data: OutData::Instants(&times) },
        OutColumn { name: "code", data: OutData::Text(&codes) },
        OutColumn { name: "numeric_value", data: OutData::Numeric(&values) },
    ];
    std::fs::create_dir_all(place.path("events/data")).unwrap();
    std::fs::create_dir_all(place.path("events/metadata")).unwrap();
    write_table(place.path("events/data/0.parquet"), &columns).unwrap();
    let above: Vec<String> = LABS.iter().map(|_| "CHEMISTRY".to_owned()).collect();
    let codes = LABS.map(str::to_owned);
    let columns = [
        OutColumn { name: "code", data: OutData::Text(&codes) },
        OutColumn { name: "parent_codes", data: OutData::Text(&above) },
    ];
    write_table(place.path("events/metadata/codes.parquet"), &columns).unwrap();
}

/// Names and cells: the bits of what is known.
fn cells(table: &Table<New>) -> BTreeMap<String, Vec<Option<u64>>> {
    let bits = |data: &Data| match data {
        Data::Numeric(cells) => {
            let known = cells.values().iter().zip(cells.states());
            known.map(|(value, state)| state.is_measured().then_some(value.to_bits())).collect()
        }
        Data::Categorical(_) => panic!("a feature is a number"),
    };
    table.columns().iter().map(|column| (column.name.clone(), bits(&column.data))).collect()
}

#[test]
fn a_ward_of_live_patients_has_the_bits_of_the_study() {
    let (place, records) = (Place::empty(), records());
    write(&place, &records);
    place.write("task.yaml", TASK);
    place.write("study.toml", STUDY);
    let done = place.call(&["run", "study.toml", "--out", "run"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let labels = place.call(&["cohort", "task.yaml", "events", "--out", "labels.csv"]);
    assert_eq!(labels.status.code(), Some(0), "{}", text(&labels));
    let rows: Vec<(i64, String)> = place
        .read("labels.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[0].parse().unwrap(), cells[1].to_owned())
        })
        .collect();
    assert_eq!(rows.len(), 260);

    // Each record in another order than in the data, and those of nobody among them.
    let mut draw = Draw(3);
    let ward: Vec<Value> = rows
        .iter()
        .map(|(subject, time)| {
            let mut events = if subject % 50 == 0 { Vec::new() } else { records[subject].clone() };
            for last in (1..events.len()).rev() {
                events.swap(last, draw.below(last as u64 + 1) as usize);
            }
            let events: Vec<Value> = events
                .iter()
                .map(|(time, code, value)| json!({ "time": time, "code": code, "numeric_value": value }))
                .collect();
            json!({ "subject_id": subject, "prediction_time": time, "events": events })
        })
        .collect();
    let ward = Value::from(ward).to_string();
    let known: BTreeMap<i64, Vec<Event>> = records
        .iter()
        .filter(|(subject, _)| *subject % 50 != 0)
        .map(|(s, events)| (*s, events.clone()))
        .collect();
    write(&place, &known);

    let bundle = Bundle::open(std::fs::read(place.path("run/model.bedside")).unwrap()).unwrap();
    let live = LiveRecord::parse(&ward).unwrap();
    let at: Vec<(SubjectNumber, Instant)> =
        live.iter().map(|record| (record.subject(), record.index_time())).collect();
    let (batch, _) = bundle.from_events(EventFiles::open(place.path("events")).unwrap(), &at, 2).unwrap();
    let (batch, alone) = (cells(&batch), cells(&bundle.live().unwrap().predictors(&live).unwrap()));
    assert!(batch.len() > 200, "{}", batch.len());
    for (name, cells) in &alone {
        assert_eq!(batch.get(name), Some(cells), "{name}");
    }
    let told = |what: &str| {
        let columns = alone.iter().filter(|(name, _)| name.contains(what));
        columns.flat_map(|(_, cells)| cells).filter(|cell| cell.is_some_and(|bits| bits != 0)).count()
    };
    for what in [
        "CHEMISTRY",
        "chapter IX",
        "Charlson",
        "Elixhauser",
        "ATC M01A",
        "age, years",
        "last value",
        "later half",
    ] {
        assert!(told(what) > 20, "{what}: {}", told(what));
    }

    place.write("ward.json", &ward);
    let file = std::fs::File::open(place.path("ward.json")).unwrap();
    let piped = place.command().args(["predict", "run/model.bedside", "-"]).stdin(file).output().unwrap();
    assert_eq!(piped.status.code(), Some(0), "{}", text(&piped));
    let risk =
        |answer: &str| serde_json::from_str::<Value>(answer).unwrap()["risk"].as_f64().unwrap().to_bits();
    let live: Vec<u64> = String::from_utf8(piped.stdout).unwrap().lines().map(risk).collect();
    let scored =
        place.call(&["predict", "run/model.bedside", "events", "--at", "labels.csv", "--out", "risks.csv"]);
    assert_eq!(scored.status.code(), Some(0), "{}", text(&scored));
    let file = place.read("risks.csv");
    let place_of = file.lines().next().unwrap().split(',').position(|name| name == "risk").unwrap();
    let of_line = |line: &str| line.split(',').nth(place_of).unwrap().parse::<f64>().unwrap().to_bits();
    assert_eq!(live, file.lines().skip(1).map(of_line).collect::<Vec<_>>());

    // What is odd about a record stands in its answer, and of a table of events in that of its row.
    let answered = |json: &Value| -> Value {
        place.write("one.json", &json.to_string());
        let file = std::fs::File::open(place.path("one.json")).unwrap();
        let piped = place.command().args(["predict", "run/model.bedside", "-"]).stdin(file).output().unwrap();
        assert_eq!(piped.status.code(), Some(0), "{}", text(&piped));
        serde_json::from_slice(&piped.stdout).unwrap()
    };
    let record = |events: Value| json!({ "prediction_time": rows[0].1, "events": events });
    let told = |answer: &Value, what: &str| {
        let warnings = answer["warnings"].as_array().unwrap();
        warnings.iter().any(|warning| warning.as_str().unwrap().contains(what))
    };
    assert!(told(&answered(&record(json!([]))), "it has no events"));
    let odd = json!([{ "time": "1970-05-01", "code": "ODD" }]);
    assert!(told(&answered(&record(odd)), "the model reads none of its 1 codes"));
    let own = &records[&rows[0].0];
    let admitted = own.iter().find(|event| event.1 == "ADMISSION").unwrap().0;
    let with = |value: f64| {
        let events = own.iter().copied().chain([(admitted, LABS[0], Some(value))]);
        let json = |(time, code, value): Event| json!({ "time": time, "code": code, "numeric_value": value });
        record(events.map(json).collect())
    };
    assert!(told(&answered(&with(99_999.0)), "is far outside of the training rows"));
    assert!(!told(&answered(&with(1.5)), "is far outside of the training rows"));
    let scored = place.call(&["predict", "run/model.bedside", "events", "--at", "labels.csv", "--json"]);
    let answers = String::from_utf8(scored.stdout).unwrap();
    let first: Value = serde_json::from_str(answers.lines().next().unwrap()).unwrap();
    assert!(first["warnings"].is_array());
}
