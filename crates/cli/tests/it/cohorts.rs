//! `cohort`, from outside.

use bedside_intake::fuzzing::sound_events;
use bedside_intake::sha256_hex;
use serde_json::Value;

use crate::program::{Place, text};

const TASK: &str = "
predicates: {start: {code: 'CODE//1'}, stop: {code: 'CODE//5'}, high: {code: {regex: 'CODE'}, value_min: 20}}
trigger: start
windows:
  after: {start: trigger, end: start -> stop, start_inclusive: false, end_inclusive: true, label: high, index_timestamp: start}
";

fn place() -> Place {
    let place = Place::empty();
    place.write("task.yaml", TASK);
    std::fs::write(place.path("events.parquet"), sound_events()).unwrap();
    place
}

#[test]
fn labels_and_counts_agree() {
    let place = place();
    let done = place.call(&["cohort", "task.yaml", "events.parquet", "--out", "labels.csv", "--json"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let answer: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((answer["events_read"].as_u64(), answer["subjects_read"].as_u64()), (Some(160), Some(14)));
    let labels = place.read("labels.csv");
    let rows = labels.lines().count() as u64 - 1;
    assert!(rows > 5);
    assert_eq!(answer["rows"].as_u64(), Some(rows));
    let outcome = |name: &str| {
        let outcomes = answer["outcomes"].as_array().unwrap();
        outcomes
            .iter()
            .find(|outcome| outcome["outcome"] == name)
            .and_then(|outcome| outcome["rows"].as_u64())
    };
    assert_eq!(outcome("with the outcome"), Some(labels.matches(",true,").count() as u64));
    assert_eq!(outcome("without"), Some(labels.matches(",false,").count() as u64));
    let last = answer["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(last["rows"].as_u64(), Some(rows));
    assert_eq!(answer["sha256"], sha256_hex(labels.as_bytes()), "the hash is that of the rows");
}

#[test]
fn matched_rows_are_fewer_and_come_with_a_warning() {
    let place = place();
    place.write("matched.yaml", &format!("{TASK}match: {{controls: 1}}\n"));
    let answer = |task: &str, threads: &str| -> (Value, String) {
        let done = place.call(&["cohort", task, "events.parquet", "--json", "--threads", threads]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        (serde_json::from_slice(&done.stdout).unwrap(), text(&done))
    };
    let (all, _) = answer("task.yaml", "1");
    let (few, told) = answer("matched.yaml", "1");
    assert!(told.contains("rows without the outcome were sampled"), "{told}");
    let last = few["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(last["step"], "matched: at most 1 row without the outcome for each with it");
    assert_eq!(last["rows"], few["rows"]);
    assert_eq!(few["rows"].as_u64().unwrap() % 2, 0);
    assert!(few["rows"].as_u64() < all["rows"].as_u64(), "{few}");
    assert_eq!(few["outcomes"][0]["rows"], few["outcomes"][1]["rows"]);
    assert_eq!(few["sha256"], answer("matched.yaml", "5").0["sha256"]);
    assert_ne!(few["sha256"], all["sha256"]);
}

#[test]
fn threads_change_nothing() {
    let place = place();
    for threads in ["1", "2", "5"] {
        let out = format!("labels-{threads}.parquet");
        let done =
            place.call(&["cohort", "task.yaml", "events.parquet", "--out", &out, "--threads", threads]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    }
    let one = place.bytes("labels-1.parquet");
    assert!(one == place.bytes("labels-2.parquet") && one == place.bytes("labels-5.parquet"));
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_written() {
    let place = place();
    place.write("slip.yaml", &TASK.replace("trigger: start", "trigger: strat"));
    place.write("other.yaml", &TASK.replace("CODE//5", "CODE//55"));
    std::fs::write(place.path("cut.parquet"), &sound_events()[..900]).unwrap();
    for (arguments, status, told) in [
        (
            ["cohort", "slip.yaml", "events.parquet"],
            2,
            "`slip.yaml` line 3, `trigger`: no predicate `strat`; did you mean `start`?",
        ),
        (["cohort", "absent.yaml", "events.parquet"], 2, "cannot read `absent.yaml`"),
        (
            ["cohort", "task.yaml", "event.parquet"],
            2,
            "no file `event.parquet`; the folder has `events.parquet`",
        ),
        (["cohort", "task.yaml", "cut.parquet"], 2, "`cut.parquet` cannot be read as Parquet"),
        (
            ["cohort", "other.yaml", "events.parquet"],
            0,
            "predicate `stop` asks for `CODE//55`, which no event has; the data have `CODE//5`",
        ),
    ] {
        let done = place.call(&arguments);
        assert_eq!(done.status.code(), Some(status), "{arguments:?}: {}", text(&done));
        assert!(text(&done).contains(told), "{arguments:?}: {}", text(&done));
    }
    let refused = place.call(&["cohort", "slip.yaml", "events.parquet", "--out", "labels.csv"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(!place.list(".").contains(&"labels.csv".to_owned()));
}

const STAYS: &str = "
predicates:
  admission: {code: Visit/IP}
  discharge: {code: Visit/IP//END}
  death: {code: MEDS_DEATH}
  leaves: {expr: 'or(discharge, death)'}
trigger: admission
windows:
  input: {start: null, end: trigger, start_inclusive: true, end_inclusive: true, index_timestamp: end}
  target: {start: trigger, end: start -> leaves, start_inclusive: false, end_inclusive: true, label: death}
";

/// The table of deaths with other times of day.
fn deaths(table: &str, time: impl Fn(usize, &str, &str) -> String) -> String {
    let mut lines = table.lines();
    let header = lines.next().unwrap();
    let place = header.split(',').position(|name| name == "death_datetime").unwrap();
    let mut out = format!("{header}\n");
    for (number, line) in lines.enumerate() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        cells[place] = time(number, &cells[place - 1], &cells[place]);
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}

#[test]
fn deaths_known_to_the_day_are_deaths_of_their_stay() {
    let place = Place::empty();
    place.write("task.yaml", STAYS);
    let made = place.call(&[
        "simulate",
        "hospital",
        "--subjects",
        "400",
        "--seed",
        "7",
        "--as",
        "omop",
        "--out",
        "raw",
    ]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made));
    let table = place.read("raw/death.csv");
    let count = |name: &str| -> (Vec<u64>, String) {
        let imported = place.call(&["import", "omop", "raw", name]);
        assert_eq!(imported.status.code(), Some(0), "{}", text(&imported));
        let done = place.call(&["cohort", "task.yaml", name, "--json"]);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done));
        let answer: Value = serde_json::from_slice(&done.stdout).unwrap();
        let rows =
            answer["outcomes"].as_array().unwrap().iter().map(|outcome| outcome["rows"].as_u64().unwrap());
        (rows.collect(), answer["warnings"].to_string())
    };
    let (by_clock, told) = count("by-clock");
    assert!(by_clock.len() == 2 && by_clock[0] > 10, "{by_clock:?}");
    assert!(!told.contains("known only to the day"), "{told}");
    place.write("raw/death.csv", &deaths(&table, |_, _, _| String::new()));
    let (by_day, told) = count("by-day");
    assert_eq!(by_day, by_clock);
    let words = format!(
        "{} times `death` is known only to the day on which `leaves` comes by the clock",
        by_clock[0]
    );
    assert!(told.contains(&words), "{told}");
    place.write("raw/death.csv", &deaths(&table, |_, day, _| format!("{day} 00:00:00")));
    assert_eq!(count("midnights").0, by_clock);
    place.write(
        "raw/death.csv",
        &deaths(&table, |row, _, time| if row % 2 == 0 { time.to_owned() } else { String::new() }),
    );
    assert_eq!(count("mixed").0, by_clock);
}
