//! What holds for every record.

use bedside_cohort::{Known, Row, Task};
use proptest::prelude::*;

use crate::records::{Event, at, rows};

const CODES: [&str; 4] = ["A", "B", "END", "LAB"];

const TASK: &str = "
predicates: {a: {code: A}, b: {code: B}, end: {code: END}, lab: {code: LAB, value_min: 0.5}}
trigger: a
windows:
  past: {start: null, end: trigger, start_inclusive: true, end_inclusive: true, has: {b: '(1, None)'}, index_timestamp: end}
  gap: {start: trigger, end: start + 6h, start_inclusive: false, end_inclusive: true, has: {lab: '(None, 2)'}}
  target: {start: gap.end, end: start -> end, start_inclusive: false, end_inclusive: true, label: b}
";

fn record() -> impl Strategy<Value = Vec<(i64, usize, f64)>> {
    proptest::collection::vec((0_i64..60, 0_usize..4, 0.0_f64..1.0), 0..40)
}

fn events(record: &[(i64, usize, f64)]) -> Vec<Event<'static>> {
    record.iter().map(|&(hour, code, value)| (Some(hour), CODES[code], Some(value))).collect()
}

/// The definition, event by event.
fn by_definition(record: &[(i64, usize, f64)]) -> Vec<(i64, bool)> {
    let count = |code: usize, from: i64, to: i64| {
        record.iter().filter(|(hour, what, _)| *what == code && from < *hour && *hour <= to).count()
    };
    let mut triggers: Vec<i64> = record.iter().filter(|event| event.1 == 0).map(|event| event.0).collect();
    triggers.sort_unstable();
    triggers.dedup();
    let mut found = Vec::new();
    for trigger in triggers {
        let labs = record
            .iter()
            .filter(|(hour, code, value)| {
                *code == 3 && trigger < *hour && *hour <= trigger + 6 && *value > 0.5
            })
            .count();
        let end =
            record.iter().filter(|event| event.1 == 2 && event.0 >= trigger + 6).map(|event| event.0).min();
        if count(1, -1, trigger) >= 1
            && labs <= 2
            && let Some(end) = end
        {
            found.push((trigger, count(1, trigger + 6, end) > 0));
        }
    }
    found
}

proptest! {
    #[test]
    fn rows_follow_the_definition(record in record()) {
        let task = Task::parse(TASK).unwrap();
        let found = rows(&task, &events(&record));
        let plain: Vec<(i64, bool)> = found
            .iter()
            .map(|row| (row.trigger.micros() / 3_600_000_000, row.outcome == Known::Occurs(true)))
            .collect();
        prop_assert_eq!(plain, by_definition(&record));
        prop_assert!(found.iter().all(|row| row.index_time == Some(row.trigger)));
    }

    #[test]
    fn the_order_of_events_in_the_data_does_not_matter(record in record(), turn in 0_usize..40) {
        let task = Task::parse(TASK).unwrap();
        let mut turned = record.clone();
        turned.rotate_left(turn.min(record.len()));
        turned.reverse();
        prop_assert_eq!(rows(&task, &events(&record)), rows(&task, &events(&turned)));
    }

    #[test]
    fn a_record_moved_in_time_gives_the_same_rows_moved(record in record(), by in -1000_i64..1000) {
        let task = Task::parse(TASK).unwrap();
        let moved: Vec<_> = record.iter().map(|&(hour, code, value)| (hour + by, code, value)).collect();
        let here = rows(&task, &events(&record));
        let there = rows(&task, &events(&moved));
        let shift = at(by) - at(0);
        let expected: Vec<Row> = here
            .into_iter()
            .map(|row| Row { trigger: row.trigger + shift, index_time: row.index_time.map(|t| t + shift), ..row })
            .collect();
        prop_assert_eq!(there, expected);
    }
}
