//! Single rules of the task language, each on the smallest record that shows it.

use bedside_cohort::{Known, Task};

use crate::records::{Event, at, rows};

fn occurs(task: &str, record: &[Event<'_>]) -> Vec<bool> {
    let task = Task::parse(task).unwrap_or_else(|error| panic!("{error}"));
    rows(&task, record).iter().map(|row| row.outcome == Known::Occurs(true)).collect()
}

#[test]
fn a_value_belongs_to_the_event_that_has_it() {
    let task = "
predicates: {a: {code: A}, creatinine: {code: CREA}, above: {value_min: 1.3}, high: {expr: 'and(creatinine, above)'}}
trigger: a
windows:
  target: {start: trigger, end: start + 9h, start_inclusive: true, end_inclusive: true, label: high}
";
    let a = (Some(0), "A", None);
    assert_eq!(occurs(task, &[a, (Some(1), "CREA", Some(1.4))]), [true]);
    let beside = [a, (Some(1), "CREA", Some(0.8)), (Some(1), "POTASSIUM", Some(4.0))];
    assert_eq!(occurs(task, &beside), [false], "the high value is another's");
}

#[test]
fn the_first_instant_of_a_record_counts_once_where_it_is() {
    let task = |ends: &str| {
        format!(
            "predicates: {{a: {{code: A}}}}\ntrigger: a\nwindows:\n  \
             w: {{{ends}, start_inclusive: true, end_inclusive: true, has: {{_RECORD_START: '(1, 1)', _RECORD_END: '(None, 0)'}}}}\n"
        )
    };
    let record = [(Some(0), "X", None), (Some(0), "Y", None), (Some(5), "A", None), (Some(9), "X", None)];
    let found = |ends: &str| rows(&Task::parse(&task(ends)).unwrap(), &record).len();
    assert_eq!(found("start: end - 5h, end: trigger"), 1);
    assert_eq!(found("start: end - 4h, end: trigger"), 0, "begins after the record");
    assert_eq!(found("start: trigger, end: start + 3h"), 0, "holds neither end of the record");
    assert_eq!(found("start: end - 9h, end: trigger + 4h"), 0, "holds both");
}

#[test]
fn what_a_window_hangs_on_lies_strictly_beyond() {
    let task = "
predicates: {a: {code: A}, b: {code: B}}
trigger: a
windows:
  target: {start: trigger -> b, end: start + 1h, start_inclusive: true, end_inclusive: true, index_timestamp: start}
";
    let record = [(Some(0), "A", None), (Some(0), "B", None), (Some(7), "B", None)];
    let found = rows(&Task::parse(task).unwrap(), &record);
    assert_eq!(found[0].index_time, Some(at(7)), "the one at the trigger is not the next one");
}

#[test]
fn an_end_that_is_left_out_holds_no_class() {
    let task = |inclusive: bool| {
        format!(
            "predicates: {{a: {{code: A}}, b: {{code: B}}}}\ntrigger: a\nwindows:\n  \
             w: {{start: trigger, end: start + 5h, start_inclusive: false, end_inclusive: {inclusive}}}\n\
             outcome: {{kind: class, window: w, of: [b]}}\n"
        )
    };
    let record = [(Some(0), "A", None), (Some(5), "B", None)];
    let found = |inclusive| rows(&Task::parse(&task(inclusive)).unwrap(), &record)[0].outcome;
    assert_eq!((found(true), found(false)), (Known::Class(Some(0)), Known::Class(None)));
}
