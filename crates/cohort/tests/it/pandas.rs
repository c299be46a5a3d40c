//! Features against pandas.

use std::collections::HashMap;

use bedside_chart::{Codes, Events, Instant, SubjectNumber};
use bedside_cohort::features::{Aggregation, Asked, CodeChoice, Gatherer, Plan, Rare, Recipe, Tally};
use serde_json::Value;

#[test]
fn windows_hold_what_pandas_finds_in_them() {
    let oracle: Value =
        serde_json::from_str(include_str!("../../../../oracles/cohort/features.json")).unwrap();
    let codes = Codes::default();
    let mut subjects: Vec<Events> = Vec::new();
    for event in oracle["events"].as_array().unwrap() {
        let subject = SubjectNumber::new(event[0].as_i64().unwrap());
        if subjects.last().is_none_or(|events| events.subject() != subject) {
            subjects.push(Events::new(subject));
        }
        let time = Instant::from_micros(event[1].as_i64().unwrap());
        let code = codes.id(event[2].as_str().unwrap()).unwrap();
        subjects.last_mut().unwrap().push(Some(time), code, event[3].as_f64());
    }
    let expected = oracle["expected"].as_array().unwrap();
    let all =
        expected.iter().map(|window| window[4].as_object().unwrap()).max_by_key(|cells| cells.len()).unwrap();
    let aggregations: Vec<Aggregation> = all.keys().map(|name| name.parse().unwrap()).collect();
    assert_eq!(aggregations.len(), 11);
    let windows = ["6h", "1d", "7d", "full"].map(|window| window.parse().unwrap()).to_vec();
    let asked = Asked::new(CodeChoice::default(), windows, aggregations).unwrap();
    let mut tally = Tally::default();
    subjects.iter_mut().for_each(|events| tally.add(&events.timeline(), &codes, Instant::MAX));
    let plan = Plan::new(&Recipe::new(vec![asked], Rare::default()).unwrap(), &tally.named(&codes)).unwrap();
    let mut gatherer = Gatherer::new(&plan);
    let mut found: HashMap<(i64, i64, String), f64> = HashMap::new();
    for events in &mut subjects {
        let subject = events.subject().expose();
        let timeline = events.timeline();
        let times = gatherer.instants(&timeline, &codes);
        gatherer.gather(&timeline, &codes, &times, &(0..plan.codes()), |run| {
            for row in run.from..run.from + run.rows {
                let key = plan.column(run.column).unwrap().key();
                found.insert((subject, times[row as usize].micros(), key), run.value);
            }
        });
    }
    let mut compared = 0;
    for window in expected {
        let (subject, at) = (window[0].as_i64().unwrap(), window[1].as_i64().unwrap());
        let (code, name) = (window[2].as_str().unwrap(), window[3].as_str().unwrap());
        let cells = window[4].as_object().unwrap();
        for aggregation in all.keys() {
            let value = cells.get(aggregation).unwrap_or(&Value::Null);
            let place = (subject, at, format!("{code}/{name}/{aggregation}"));
            let ours = found.get(&place).copied();
            let same = match (ours, value.as_f64()) {
                (Some(ours), Some(theirs)) => (ours - theirs).abs() <= 1e-9 * (1.0 + theirs.abs()),
                (ours, theirs) => ours == theirs,
            };
            assert!(same, "{place:?}: {ours:?}, pandas finds {value}");
            compared += 1;
        }
    }
    assert!(compared > 5000, "{compared}");
}
