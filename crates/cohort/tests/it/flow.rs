//! Every step's count.

use bedside_cohort::Task;

use crate::records::labelled;

const TASK: &str = "
predicates: {a: {code: A}, b: {code: B}, end: {code: END}, low: {code: LAB, value_max: 1}}
patient_demographics: {female: {code: SEX//F}}
trigger: a
windows:
  gap: {start: trigger, end: start + 24h, start_inclusive: false, end_inclusive: true, has: {b: '(None, 0)', low: '(None, 1)'}}
  target: {start: gap.end, end: start -> end, start_inclusive: false, end_inclusive: true, label: b, index_timestamp: start}
";

#[test]
fn every_step_says_who_is_left() {
    let task = Task::parse(TASK).unwrap();
    let woman = (None, "SEX//F", None);
    let (rows, flow) = labelled(
        &task,
        &[
            // Two triggers: one leaves because of `b`, one stays.
            (
                1,
                &[
                    woman,
                    (Some(0), "A", None),
                    (Some(5), "B", None),
                    (Some(100), "A", None),
                    (Some(200), "END", None),
                ],
            ),
            (2, &[woman, (Some(0), "A", None)]),
            (3, &[woman, (Some(0), "A", None), (Some(1), "LAB", Some(0.5)), (Some(2), "LAB", Some(0.5))]),
            (4, &[(None, "SEX//M", None), (Some(0), "A", None), (Some(90), "END", None)]),
            (5, &[woman, (Some(0), "B", None)]),
            (6, &[woman]),
        ],
    );
    assert_eq!(rows.len(), 1);
    let steps: Vec<(String, u64, Option<u64>)> =
        flow.steps().into_iter().map(|step| (step.what, step.left.subjects, step.left.rows)).collect();
    let expected = [
        ("in the data", 6, None),
        ("`female` holds", 5, None),
        ("with the trigger `a`", 3, Some(4)),
        ("gap: no `b`", 3, Some(3)),
        ("gap: at most 1 `low`", 2, Some(2)),
        ("target: a next `end` comes", 1, Some(1)),
    ];
    let expected: Vec<_> = expected.map(|(what, subjects, rows)| (what.to_owned(), subjects, rows)).to_vec();
    assert_eq!(steps, expected);
}

#[test]
fn flows_add_up_in_any_order() {
    let task = Task::parse(TASK).unwrap();
    let woman = (None, "SEX//F", None);
    let one: &[_] = &[woman, (Some(0), "A", None), (Some(5), "B", None)];
    let two: &[_] = &[woman, (Some(0), "A", None), (Some(50), "END", None)];
    let (_, both) = labelled(&task, &[(1, one), (2, two)]);
    let (_, mut first) = labelled(&task, &[(1, one)]);
    let (_, mut second) = labelled(&task, &[(2, two)]);
    let alone = second.clone();
    second.merge(&first);
    first.merge(&alone);
    assert_eq!(first, both);
    assert_eq!(second, both);
}
