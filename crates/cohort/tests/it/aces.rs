//! Row for row what ACES gives (`oracles/cohort/labels.json`), and where bedside differs, why.

use std::collections::BTreeMap;

use bedside_chart::{Codes, Events, Instant, Precision, SubjectNumber};
use bedside_cohort::{Flow, Known, Labeller, Task};
use serde_json::Value;

/// A row of ACES: subject, trigger, index time, label.
type Theirs = (i64, Option<i64>, Option<i64>, Option<bool>);

/// A row of ours.
type Cells = (i64, i64, Option<i64>, Option<bool>);

fn oracle() -> Value {
    serde_json::from_str(include_str!("../../../../oracles/cohort/labels.json")).unwrap()
}

fn rows(oracle: &Value, task: &str) -> Vec<Cells> {
    let task = Task::parse(task).unwrap_or_else(|error| panic!("{error}"));
    let column = |name: &str| oracle["events"][name].as_array().unwrap();
    let codes = Codes::default();
    let mut subjects: BTreeMap<i64, Events> = BTreeMap::new();
    for place in 0..column("code").len() {
        let number = column("subject_id")[place].as_i64().unwrap();
        let events = subjects.entry(number).or_insert_with(|| Events::new(SubjectNumber::new(number)));
        let time = column("time")[place].as_i64().map(Instant::from_micros);
        let code = codes.id(column("code")[place].as_str().unwrap()).unwrap();
        // The oracle holds values in single precision.
        events.push(time, code, column("numeric_value")[place].as_f64());
    }
    let mut labeller = Labeller::new(&task, Precision::Single);
    let (mut rows, mut flow) = (Vec::new(), Flow::new(&task));
    for events in subjects.values_mut() {
        labeller.label(&events.timeline(), &codes, &mut rows, &mut flow);
    }
    assert_eq!(flow.steps().last().unwrap().left.rows, Some(rows.len() as u64));
    let cells = rows.iter().map(|row| {
        (row.subject.expose(), row.trigger.micros(), row.index_time.map(Instant::micros), occurs(row.outcome))
    });
    cells.collect()
}

fn occurs(outcome: Known) -> Option<bool> {
    match outcome {
        Known::Occurs(occurs) => Some(occurs),
        _ => None,
    }
}

fn expected(task: &Value) -> Vec<Theirs> {
    let rows = task["rows"].as_array().unwrap().iter();
    rows.map(|row| (row[0].as_i64().unwrap(), row[1].as_i64(), row[2].as_i64(), row[3].as_bool())).collect()
}

#[test]
fn rows_are_those_of_the_reference() {
    let oracle = oracle();
    let mut compared = 0;
    for task in oracle["tasks"].as_array().unwrap().iter().filter(|task| task["same"] == true) {
        let name = task["name"].as_str().unwrap();
        let mut found = rows(&oracle, task["task"].as_str().unwrap());
        found.sort_unstable();
        let found: Vec<_> = found
            .into_iter()
            .map(|(subject, trigger, at, label)| (subject, Some(trigger), at, label))
            .collect();
        let expected = expected(task);
        let first = found.iter().zip(&expected).find(|(ours, theirs)| ours != theirs);
        assert_eq!(first, None, "{name}: {} rows, {} expected", found.len(), expected.len());
        assert_eq!(found.len(), expected.len(), "{name}");
        compared += found.len();
    }
    assert!(compared > 1500, "only {compared} rows were compared");
}

fn different(oracle: &Value, name: &str) -> (Vec<Cells>, Vec<Theirs>) {
    let task = oracle["tasks"].as_array().unwrap().iter().find(|task| task["name"] == name).unwrap();
    (rows(oracle, task["task"].as_str().unwrap()), expected(task))
}

/// ACES issue 193: a predicate on a value alone is never satisfied there, because values and codes are no longer known
/// event by event when `and` is evaluated.
#[test]
fn a_value_alone_is_asked_of_the_same_event() {
    let oracle = oracle();
    let (ours, theirs) = different(&oracle, "value_alone");
    assert!(theirs.iter().all(|row| row.3 == Some(false)), "the reference has mended issue 193");
    // The same question with the code written into the predicate, which both can answer.
    let task = oracle["tasks"].as_array().unwrap().iter().find(|task| task["name"] == "value_alone").unwrap();
    let written_out = task["task"]
        .as_str()
        .unwrap()
        .replace("code: null", "code: {any: [LAB//A, LAB//B]}")
        .replace("expr: \"and(lab, high)\"", "expr: \"or(high, high)\"");
    let expected = rows(&oracle, &written_out);
    assert_eq!(ours, expected);
    assert!(ours.iter().any(|row| row.3 == Some(true)) && ours.iter().any(|row| row.3 == Some(false)));
}

/// Where a window's start is a distance before its end, ACES exchanges the two in `index_timestamp`.
#[test]
fn the_end_of_a_window_is_its_end() {
    let oracle = oracle();
    let (ours, theirs) = different(&oracle, "end_by_distance");
    const DAY: i64 = 86_400_000_000;
    assert!(
        theirs.iter().all(|row| row.2 == row.1.map(|trigger| trigger - DAY)),
        "the reference has mended this"
    );
    assert_eq!(ours.len(), theirs.len());
    assert!(ours.iter().all(|row| row.2 == Some(row.1)));
}

/// A row whose window ends at an event that never comes cannot be labelled. ACES leaves such rows out too, unless nothing
/// else hangs on the trigger: then it returns one empty row for each of their subjects.
#[test]
fn what_never_ends_is_left_out() {
    let oracle = oracle();
    let (ours, theirs) = different(&oracle, "never_comes");
    assert!(theirs.iter().any(|row| row.1.is_none()), "the reference has mended this");
    let mut ours: Vec<_> = ours.into_iter().map(|row| (row.0, Some(row.1), row.2, row.3)).collect();
    ours.sort_unstable();
    let whole: Vec<_> = theirs.into_iter().filter(|row| row.1.is_some()).collect();
    assert_eq!(ours, whole);
}
