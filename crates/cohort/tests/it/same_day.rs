//! What is known only to the day on which something ends by the clock.

use bedside_chart::{Codes, Events, Instant, Precision, Span, SubjectNumber};
use bedside_cohort::{Flow, Known, Labeller, Row, Task};

const SECOND: i64 = 1_000_000;

/// A day, counted from 0, and an hour of it; no hour: known to the day.
type When = (i64, Option<i64>);

const STAY: &str = "
predicates:
  admission: {code: Visit/IP}
  discharge: {code: Visit/IP//END}
  death: {code: MEDS_DEATH}
  surgery: {code: SURGERY}
  lab: {code: LAB}
  leaves: {expr: 'or(discharge, death)'}
trigger: admission
";

const TARGET: &str = "windows:
  target: {start: trigger, end: start -> leaves, start_inclusive: false, end_inclusive: true, index_timestamp: start, label: death}
";

fn instant((day, hour): When) -> Instant {
    let start = Instant::from_micros(0) + Span::days(day);
    match hour {
        Some(hour) => start + Span::hours(hour),
        None => start + Span::from_micros(86_399 * SECOND),
    }
}

fn labelled(more: &str, record: &[(When, &str)]) -> (Vec<Row>, Vec<String>) {
    let task = Task::parse(&format!("{STAY}{more}")).unwrap_or_else(|error| panic!("{error}"));
    let (codes, mut events) = (Codes::default(), Events::new(SubjectNumber::new(1)));
    for (when, code) in record {
        events.push(Some(instant(*when)), codes.id(code).unwrap(), Some(1.0));
    }
    let (mut rows, mut flow) = (Vec::new(), Flow::new(&task));
    Labeller::new(&task, Precision::Double).label(&events.timeline(), &codes, &mut rows, &mut flow);
    (rows, flow.doubts())
}

fn outcomes(more: &str, record: &[(When, &str)]) -> Vec<Known> {
    labelled(more, record).0.into_iter().map(|row| row.outcome).collect()
}

const ADMITTED: (When, &str) = ((0, Some(10)), "Visit/IP");
const LEFT: (When, &str) = ((4, Some(14)), "Visit/IP//END");
const DIED: (When, &str) = ((4, None), "MEDS_DEATH");

#[test]
fn a_death_of_the_day_of_discharge_belongs_to_the_stay() {
    let record = [ADMITTED, LEFT, DIED];
    let (rows, told) = labelled(TARGET, &record);
    assert_eq!(rows[0].outcome, Known::Occurs(true));
    assert_eq!(
        told,
        [
            "1 time `death` is known only to the day on which `leaves` comes by the clock; it counts as of that instant, and so \
          inside what ends there (`same_day: after` in the task file lets it come later)"
        ]
    );
    for other in [(3, None), (4, Some(13)), (4, Some(14))] {
        assert_eq!(outcomes(TARGET, &[ADMITTED, LEFT, (other, "MEDS_DEATH")]), [Known::Occurs(true)]);
    }
    for other in [(5, None), (4, Some(15))] {
        let (rows, told) = labelled(TARGET, &[ADMITTED, LEFT, (other, "MEDS_DEATH")]);
        assert_eq!((rows[0].outcome, told.len()), (Known::Occurs(false), 0), "{other:?}");
    }
}

#[test]
fn what_is_known_to_the_day_counts_as_what_the_clock_says_of_that_instant() {
    let tasks = [
        "windows: {target: {start: trigger, end: start -> discharge, start_inclusive: false, end_inclusive: true, label: death}}\n",
        "windows: {target: {start: trigger, end: start -> discharge, start_inclusive: false, end_inclusive: false, label: death}}\n",
        "windows:
  stay: {start: trigger, end: start -> leaves, start_inclusive: false, end_inclusive: true}
  after: {start: stay.end, end: start + 30 days, start_inclusive: false, end_inclusive: true, label: death}\n",
        "windows:
  stay: {start: trigger, end: start -> discharge, start_inclusive: false, end_inclusive: true, has: {death: '(None, 0)'}}
  after: {start: stay.end, end: start + 30 days, start_inclusive: false, end_inclusive: true, label: admission}\n",
        "windows: {target: {start: trigger, end: start + 30 days, start_inclusive: false, end_inclusive: true}}
outcome: {kind: class, window: target, of: [death, discharge]}\n",
        "windows: {target: {start: trigger, end: start + 30 days, start_inclusive: false, end_inclusive: true, index_timestamp: start}}
outcome: {kind: time-to-event, event: death, competing: [discharge]}\n",
        "windows: {target: {start: trigger, end: start -> leaves, start_inclusive: false, end_inclusive: true}}
outcome: {kind: number, window: target, of: lab, take: max}\n",
        "repeat: {every: 6h, until: leaves}
windows: {target: {start: trigger, end: start -> leaves, start_inclusive: false, end_inclusive: true, label: death}}\n",
    ];
    for task in tasks {
        let with = |when: When| outcomes(task, &[ADMITTED, LEFT, (when, "MEDS_DEATH"), (when, "LAB")]);
        assert_eq!(with((4, None)), with((4, Some(14))), "{task}");
        // What stands at an end that is left out is outside, by the clock too.
        if !task.contains("end_inclusive: false") {
            assert_ne!(with((4, None)), with((5, None)), "{task}");
        }
    }
}

#[test]
fn a_task_may_say_that_it_comes_after() {
    let (rows, told) = labelled(&format!("same_day: after\n{TARGET}"), &[ADMITTED, LEFT, DIED]);
    assert_eq!(rows[0].outcome, Known::Occurs(false));
    assert_eq!(
        told,
        [
            "1 time `death` is known only to the day on which `leaves` comes by the clock; it counts after it, as the task says \
          (`same_day: after`)"
        ]
    );
    let inside = outcomes(&format!("same_day: inside\n{TARGET}"), &[ADMITTED, LEFT, DIED]);
    assert_eq!(inside, [Known::Occurs(true)]);
    let wrong = Task::parse(&format!("{STAY}same_day: within\n{TARGET}")).unwrap_err().to_string();
    assert!(wrong.contains("`inside` or `after`") && wrong.contains("line 10"), "{wrong}");
}

#[test]
fn a_death_belongs_to_the_last_stay_of_its_day() {
    let again = [ADMITTED, LEFT, ((4, Some(20)), "Visit/IP"), DIED];
    assert_eq!(outcomes(TARGET, &again), [Known::Occurs(false), Known::Occurs(true)]);
    let transferred =
        |died: When| outcomes(TARGET, &[ADMITTED, LEFT, (LEFT.0, "Visit/IP"), (died, "MEDS_DEATH")]);
    assert_eq!(transferred((4, None)), transferred((4, Some(18))), "it is after the transfer");
    let both = [ADMITTED, LEFT, ((4, Some(16)), "Visit/IP"), ((4, Some(18)), "Visit/IP//END"), DIED];
    assert_eq!(outcomes(TARGET, &both), [Known::Occurs(false), Known::Occurs(true)]);
    // What ends windows counts, and the last of it on the day.
    let task = "windows:
  before: {start: trigger, end: start -> surgery, start_inclusive: false, end_inclusive: true, has: {death: '(None, 0)'}}
  target: {start: before.end, end: start -> leaves, start_inclusive: false, end_inclusive: true, label: death}\n";
    let record = [ADMITTED, ((4, Some(9)), "SURGERY"), LEFT, DIED];
    assert_eq!(outcomes(task, &record), [Known::Occurs(true)]);
}

#[test]
fn the_trigger_stays_where_it_is() {
    // Admissions known to the day, on the day of an earlier discharge.
    let record = [((0, None), "Visit/IP"), LEFT, ((4, None), "Visit/IP"), ((9, Some(8)), "Visit/IP//END")];
    let (rows, told) = labelled(TARGET, &record);
    assert_eq!(rows.iter().map(|row| row.trigger).collect::<Vec<_>>(), [(0, None), (4, None)].map(instant));
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn a_window_of_a_fixed_time_ends_when_it_ends_and_it_is_told() {
    let task = "windows: {target: {start: trigger, end: start + 4 days, start_inclusive: false, end_inclusive: true, label: death}}\n";
    let (rows, told) = labelled(task, &[ADMITTED, DIED]);
    assert_eq!(rows[0].outcome, Known::Occurs(false));
    assert_eq!(told.len(), 1);
    assert!(
        told[0].starts_with("in 1 row without the outcome, `death` is known only to the day"),
        "{told:?}"
    );
    for other in [(4, Some(11)), (5, None), (3, None)] {
        let (_, told) = labelled(task, &[ADMITTED, (other, "MEDS_DEATH")]);
        assert!(told.is_empty(), "{told:?}");
    }
}

#[test]
fn without_a_row_nothing_is_told() {
    assert!(labelled(TARGET, &[LEFT, DIED]).1.is_empty());
}
