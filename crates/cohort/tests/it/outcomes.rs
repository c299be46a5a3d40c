//! What the task language has beyond ACES: classes, values, times, repeated triggers, rows kept.

use bedside_cohort::{Known, Row, Task};
use proptest::prelude::*;

use crate::records::{Event, at, labelled, rows};

const HEAD: &str = "
predicates: {a: {code: A}, b: {code: B}, c: {code: C}, lab: {code: LAB}, stop: {code: STOP}, any: {expr: 'or(b, c)'}}
trigger: a
windows:
  target: {start: trigger, end: start + 48h, start_inclusive: false, end_inclusive: true, index_timestamp: start}
";

fn task(more: &str) -> Task {
    Task::parse(&format!("{HEAD}{more}\n")).unwrap_or_else(|error| panic!("{error}"))
}

fn outcomes(more: &str, record: &[Event<'_>]) -> Vec<Known> {
    rows(&task(more), record).into_iter().map(|row| row.outcome).collect()
}

#[test]
fn the_class_is_what_comes_first() {
    let asks = "outcome: {kind: class, window: target, of: [b, c]}";
    let a = (Some(0), "A", None);
    let class = |record: &[Event<'_>]| outcomes(asks, record)[0];
    assert_eq!(class(&[a, (Some(5), "C", None), (Some(9), "B", None)]), Known::Class(Some(1)));
    assert_eq!(
        class(&[a, (Some(5), "C", None), (Some(5), "B", None)]),
        Known::Class(Some(0)),
        "at one instant"
    );
    assert_eq!(
        class(&[a, (Some(0), "B", None), (Some(48), "C", None)]),
        Known::Class(Some(1)),
        "the start is left out"
    );
    assert_eq!(class(&[a, (Some(49), "C", None)]), Known::Class(None));
    let task = task(asks);
    assert_eq!([Some(0), Some(1), None].map(|class| task.class_name(class)), ["b", "c", "none"]);
}

#[test]
fn a_value_is_taken_from_the_window() {
    let record = [
        (Some(0), "LAB", Some(100.0)),
        (Some(0), "A", None),
        (Some(3), "LAB", Some(4.0)),
        (Some(4), "LAB", None),
        (Some(5), "B", Some(-9.0)),
        (Some(6), "LAB", Some(8.0)),
        (Some(7), "LAB", Some(6.0)),
        (Some(49), "LAB", Some(1.0)),
        (Some(90), "A", None),
    ];
    for (take, expected) in [("first", 4.0), ("last", 6.0), ("min", 4.0), ("max", 8.0), ("mean", 6.0)] {
        let asks = format!("outcome: {{kind: number, window: target, of: lab, take: {take}}}");
        assert_eq!(
            outcomes(&asks, &record),
            [Known::Number(expected)],
            "{take}; the second trigger has no value"
        );
    }
    let (_, flow) =
        labelled(&task("outcome: {kind: number, window: target, of: lab, take: max}"), &[(1, &record)]);
    let steps = flow.steps();
    let last = steps.last().unwrap();
    assert_eq!(
        (&*last.what, last.left.rows, steps[1].left.rows),
        ("outcome: a value of `lab`", Some(1), Some(2))
    );
}

#[test]
fn of_values_at_one_instant_the_order_of_the_record_chooses_none() {
    let lab = |value| (Some(3), "LAB", Some(value));
    for values in [[2.0, 4.0, 3.0], [4.0, 3.0, 2.0], [3.0, 2.0, 4.0]] {
        let record: Vec<_> = [(Some(0), "A", None)].into_iter().chain(values.map(lab)).collect();
        let take = |take: &str| {
            outcomes(&format!("outcome: {{kind: number, window: target, of: lab, take: {take}}}"), &record)
        };
        assert_eq!((take("first"), take("last")), (vec![Known::Number(2.0)], vec![Known::Number(4.0)]));
    }
}

#[test]
fn a_time_ends_with_what_comes_first() {
    let asks = "outcome: {kind: time-to-event, event: b, competing: [c]}";
    let a = (Some(0), "A", None);
    let time = |record: &[Event<'_>]| outcomes(asks, record);
    let known = |days, event| vec![Known::Time { days, event }];
    assert_eq!(time(&[a, (Some(36), "B", None), (Some(60), "C", None)]), known(1.5, 1));
    assert_eq!(time(&[a, (Some(36), "C", None), (Some(60), "B", None)]), known(1.5, 2));
    assert_eq!(time(&[a, (Some(36), "C", None), (Some(36), "B", None)]), known(1.5, 1), "at one instant");
    assert_eq!(time(&[a, (Some(72), "LAB", None)]), known(3.0, 0), "censored at the record's end");
    assert_eq!(
        time(&[a, (Some(0), "B", None), (Some(24), "LAB", None)]),
        known(1.0, 0),
        "not after the index time"
    );
    assert_eq!(time(&[a]), [], "never observed");
    let until = "outcome: {kind: time-to-event, event: b, until: target}";
    assert_eq!(outcomes(until, &[a, (Some(60), "B", None)]), known(2.0, 0), "censored at the window's end");
    assert_eq!(outcomes(until, &[a, (Some(48), "B", None)]), known(2.0, 1));
    assert_eq!(
        outcomes(until, &[a, (Some(24), "LAB", None)]),
        known(1.0, 0),
        "the record ends before the window"
    );
}

#[test]
fn a_trigger_comes_again_until_it_must_not() {
    let hours = |more: &str, record: &[Event<'_>]| -> Vec<i64> {
        rows(&task(more), record).iter().map(|row| (row.trigger - at(0)).micros() / 3_600_000_000).collect()
    };
    let record = [(Some(0), "A", None), (Some(7), "STOP", None), (Some(10), "LAB", None)];
    assert_eq!(hours("repeat: {every: 2h, until: stop}", &record), [0, 2, 4, 6]);
    assert_eq!(
        hours("repeat: {every: 2h, after: 1h, until: stop}", &record),
        [1, 3, 5],
        "7 is when it stops"
    );
    assert_eq!(hours("repeat: {every: 4h}", &record), [0, 4, 8], "until the record ends");
    assert_eq!(hours("repeat: {every: 4h, within: 4h}", &record), [0, 4]);
    assert_eq!(hours("repeat: {every: 1h, after: 2 days}", &record), [] as [i64; 0]);
    let (_, flow) = labelled(&task("repeat: {every: 2h, until: stop}"), &[(1, &record), (2, &record[..1])]);
    let steps: Vec<_> =
        flow.steps().into_iter().map(|step| (step.what, step.left.subjects, step.left.rows)).collect();
    assert_eq!(steps[1], ("with the trigger `a`".to_owned(), 2, Some(5)));
    assert_eq!(steps[2], ("repeated every 2 h".to_owned(), 1, Some(4)));
}

#[test]
fn repeats_that_meet_are_one_row() {
    // Triggers at 0 and 4, the last event at 10.
    let record = [(Some(0), "A", None), (Some(4), "A", None), (Some(10), "C", None)];
    let hours = |asked: &str| -> Vec<i64> {
        rows(&task(asked), &record).iter().map(|row| row.trigger.micros() / 3_600_000_000).collect()
    };
    assert_eq!(hours("repeat: {every: 2h}"), [0, 2, 4, 6, 8]);
    // These do not meet.
    let mut between = hours("repeat: {every: 3h}");
    between.sort_unstable();
    assert_eq!(between, [0, 3, 4, 6, 7, 9]);
    let (_, flow) = labelled(&task("repeat: {every: 2h}"), &[(1, &record)]);
    assert_eq!(flow.steps().last().unwrap().left.rows, Some(5));
}

#[test]
fn a_record_at_the_ends_of_time_does_not_repeat_for_ever() {
    let far = i64::MAX / 3_600_000_000;
    let record = [(Some(-far), "A", None), (Some(far), "LAB", None)];
    let (rows, flow) = labelled(&task("repeat: {every: 1 min}"), &[(1, &record)]);
    assert!(rows.is_empty());
    assert_eq!(flow.steps()[1].left.rows, Some(1), "it is counted where it leaves");
    assert!(
        flow.doubts()[0].starts_with("1 triggers would be repeated more than 1000000 times"),
        "{:?}",
        flow.doubts()
    );
    let (_, sound) = labelled(&task("repeat: {every: 1 min}"), &[(1, &record[..1])]);
    assert!(sound.doubts().is_empty());
}

#[test]
fn so_many_rows_are_kept() {
    let record = [(Some(0), "A", None), (Some(5), "A", None), (Some(9), "A", None)];
    let hours = |more: &str| -> Vec<i64> {
        rows(&task(more), &record).iter().map(|row| (row.trigger - at(0)).micros() / 3_600_000_000).collect()
    };
    assert_eq!(hours("rows: {most: 2}"), [0, 5]);
    assert_eq!(hours("rows: {most: 2, keep: last}"), [5, 9]);
    assert_eq!(hours("rows: {most: 7}"), [0, 5, 9]);
    let (_, flow) = labelled(&task("rows: {most: 1}"), &[(1, &record)]);
    let last = flow.steps().pop().unwrap();
    assert_eq!(
        (&*last.what, last.left.subjects, last.left.rows),
        ("the first 1 of each subject", 1, Some(1))
    );
    // So many triggers that some leave before the last is met; those of the second come between those of the first.
    let many: Vec<_> =
        [0, 1].into_iter().map(|hour| (Some(hour), "A", None)).chain([(Some(4000), "C", None)]).collect();
    for (keep, first) in [("first", 0), ("last", 3995)] {
        let (kept, flow) = labelled(
            &task(&format!("repeat: {{every: 2h}}\nrows: {{most: 5, keep: {keep}}}")),
            &[(1, &many)],
        );
        let hours: Vec<i64> = kept.iter().map(|row| row.trigger.micros() / 3_600_000_000).collect();
        assert_eq!(hours, (first..first + 5).collect::<Vec<_>>(), "{keep}");
        let left: Vec<_> = flow.steps().iter().skip(2).map(|step| step.left.rows).collect();
        assert_eq!(left, [Some(4000), Some(5)]);
    }
}

#[test]
fn mistakes_are_told() {
    for (more, told) in [
        (
            "outcome: {kind: survival}",
            "line 6, `outcome.kind`: expected `class`, `number` or `time-to-event`",
        ),
        ("outcome: {kind: class, of: [b]}", "line 6: `outcome` lacks `window`"),
        ("outcome: {kind: class, window: goal, of: [b]}", "line 6, `outcome.window`: no window `goal`"),
        ("outcome: {kind: number, window: target, of: any, take: max}", "`any`, which is made of others"),
        (
            "outcome: {kind: number, window: target, of: lab, take: sum}",
            "expected `first`, `last`, `min`, `max` or `mean`",
        ),
        ("outcome: {kind: time-to-event, event: d}", "line 6, `outcome.event`: no predicate `d`"),
        (
            "outcome: {kind: time-to-event, event: b, untill: target}",
            "has no key `untill`; did you mean `until`?",
        ),
        ("repeat: {every: 1s}", "line 6, `repeat.every`: expected a distance such as `1h`, at least 1 min"),
        ("repeat: {until: stop}", "`repeat` lacks `every`"),
        ("rows: {most: 0}", "line 6, `rows.most`: expected a whole number above 0"),
        ("rows: {most: 1, keep: best}", "expected `first` or `last`"),
        ("match: {on: [b]}", "line 6: `match` lacks `controls`"),
        ("match: {controls: 0}", "line 6, `match.controls`: expected a whole number from 1 to 1000"),
        ("match: {controls: 1, on: [b]}", "a task with `label` and `index_timestamp`"),
        ("match: {controls: 1, on: [d]}", "line 6, `match.on`: no predicate `d`"),
        ("match: {controls: 1, near: {b: 1d, c: 1d}}", "one predicate and a distance"),
        ("match: {controls: 1, within: 3 months}", "a distance such as `90 days`"),
        ("match: {controls: 1, seed: x}", "line 6, `match.seed`: expected a whole number"),
    ] {
        let error = Task::parse(&format!("{HEAD}{more}\n")).unwrap_err().to_string();
        assert!(error.contains(told), "told: {error}\nexpected: {told}");
    }
    let labelled = HEAD.replace("index_timestamp: start", "label: b");
    let both = Task::parse(&format!("{labelled}outcome: {{kind: time-to-event, event: b}}\n")).unwrap_err();
    assert!(both.to_string().contains("both have `label`"), "{both}");
    let no_index = HEAD.replace(", index_timestamp: start", "");
    let none = Task::parse(&format!("{no_index}outcome: {{kind: time-to-event, event: b}}\n")).unwrap_err();
    assert!(none.to_string().contains("lacks `index_timestamp`"), "{none}");
}

proptest! {
    /// What happens up to the index time never changes an outcome, and what happens after a time has ended never does.
    #[test]
    fn a_time_knows_only_what_came_until_its_end(
        before in proptest::collection::vec((0_i64..20, 0_usize..4), 0..12),
        after in proptest::collection::vec((21_i64..60, 0_usize..4), 1..12),
        noise in proptest::collection::vec((0_i64..20, 0_usize..4), 0..12),
    ) {
        const CODES: [&str; 4] = ["B", "C", "LAB", "STOP"];
        let task = task("outcome: {kind: time-to-event, event: b, competing: [c]}");
        let record = |past: &[(i64, usize)], future: &[(i64, usize)]| -> Vec<Row> {
            let mut events: Vec<Event<'_>> = vec![(Some(20), "A", None)];
            events.extend(past.iter().chain(future).map(|&(hour, code)| (Some(hour), CODES[code], None)));
            rows(&task, &events)
        };
        let found = record(&before, &after);
        prop_assert_eq!(&found, &record(&noise, &after));
        if let Known::Time { days, event } = found[0].outcome {
            let end = 20 + (days * 24.0).round() as i64;
            let known: Vec<_> = after.iter().copied().filter(|(hour, _)| *hour <= end).collect();
            prop_assert_eq!(&found, &record(&before, &known));
            let first = after.iter().filter(|(_, code)| *code < 2).map(|(hour, _)| *hour).min();
            prop_assert_eq!(event > 0, first.is_some());
            prop_assert_eq!(end, first.unwrap_or(after.iter().map(|(hour, _)| *hour).max().unwrap()));
        } else {
            prop_assert!(false, "no time");
        }
    }
}
