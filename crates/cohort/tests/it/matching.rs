//! Rows without the outcome that are matched to those with it.

use std::collections::HashSet;

use bedside_chart::{Instant, SubjectNumber};
use bedside_cohort::{Known, Likeness, Row, Task, matched};
use proptest::prelude::*;

use crate::records::{Event, at, labelled, rows};

const HEAD: &str = "
predicates: {a: {code: A}, b: {code: B}, c: {code: C}, female: {code: SEX//F}, birth: {code: BIRTH}, both: {expr: 'or(c, female)'}}
trigger: a
windows:
  target: {start: trigger, end: start + 48h, start_inclusive: false, end_inclusive: true, index_timestamp: start, label: b}
";

fn task(asked: &str) -> Task {
    Task::parse(&format!("{HEAD}match: {{{asked}}}\n")).unwrap_or_else(|error| panic!("{error}"))
}

/// Subject, hour of the index time, outcome, answers, hour of what must be near.
type Made = (i64, i64, bool, u64, Option<i64>);

fn made(rows: &[Made]) -> Vec<Row> {
    rows.iter()
        .map(|&(subject, hour, outcome, answers, near)| Row {
            subject: SubjectNumber::new(subject),
            trigger: at(hour),
            index_time: Some(at(hour)),
            outcome: Known::Occurs(outcome),
            likeness: Likeness { answers, near: near.map(at) },
        })
        .collect()
}

fn apart(one: Instant, other: Instant) -> i64 {
    (one - other).micros().abs() / 3_600_000_000
}

/// Whether one may go with the other: within 10 hours, near within 3.
fn alike(case: &Row, other: &Row) -> bool {
    let near = match (case.likeness.near, other.likeness.near) {
        (None, None) => true,
        (Some(one), Some(other)) => apart(one, other) <= 3,
        _ => false,
    };
    case.subject != other.subject
        && case.likeness.answers == other.likeness.answers
        && apart(case.index_time.unwrap(), other.index_time.unwrap()) <= 10
        && near
}

proptest! {
    #[test]
    fn every_set_is_sound_and_nobody_was_left_out_who_would_have_fitted(
        made_rows in proptest::collection::vec(
            (0_i64..30, 0_i64..60, prop::bool::weighted(0.3), 0_u64..2, prop::option::of(0_i64..9)), 0..150),
        controls in 1_usize..4,
        seed in 0_u64..1000,
    ) {
        let task = task(&format!("controls: {controls}, on: [c], within: 10h, near: {{birth: 3h}}, seed: {seed}"));
        let rows = made(&made_rows);
        let sets = matched(&task, &rows).unwrap();
        prop_assert_eq!(&sets, &matched(&task, &rows).unwrap());
        let mut seen = HashSet::new();
        prop_assert!(sets.iter().flatten().all(|place| seen.insert(*place)), "a row stands in two sets");
        let mut served = HashSet::new();
        for set in &sets {
            let (case, others) = (&rows[set[0]], &set[1..]);
            served.insert(set[0]);
            prop_assert!(case.outcome == Known::Occurs(true) && (1..=controls).contains(&others.len()));
            prop_assert!(others.iter().all(|&other| rows[other].outcome == Known::Occurs(false)));
            prop_assert!(others.iter().all(|&other| alike(case, &rows[other])));
            let subjects: HashSet<_> = others.iter().map(|&other| rows[other].subject).collect();
            prop_assert_eq!(subjects.len(), others.len());
            if others.len() < controls {
                let left = (0..rows.len()).filter(|place| !seen.contains(place));
                let fits = |place: &usize| {
                    rows[*place].outcome == Known::Occurs(false) && alike(case, &rows[*place]) && !subjects.contains(&rows[*place].subject)
                };
                prop_assert_eq!(left.filter(fits).count(), 0);
            }
        }
        for case in (0..rows.len()).filter(|place| rows[*place].outcome == Known::Occurs(true) && !served.contains(place)) {
            let left = (0..rows.len()).filter(|place| !seen.contains(place));
            let fits = |place: &usize| rows[*place].outcome == Known::Occurs(false) && alike(&rows[case], &rows[*place]);
            prop_assert_eq!(left.filter(fits).count(), 0, "a row with the outcome was left without another");
        }
    }
}

/// Whether so many hits of so many trials are within 5 standard deviations of what chance gives.
fn by_chance(hits: usize, trials: usize, share: f64) -> bool {
    let (trials, hits) = (trials as f64, hits as f64);
    (hits - trials * share).abs() < 5.0 * (trials * share * (1.0 - share)).sqrt()
}

#[test]
fn each_that_fits_is_as_likely_as_the_other() {
    // Few, so that all are looked at; and many, so that places are tried.
    for count in [4_i64, 200] {
        let mut made_rows: Vec<Made> = vec![(0, 0, true, 0, None)];
        made_rows.extend((1..=count).map(|subject| (subject, 0, false, 0, None)));
        let rows = made(&made_rows);
        let mut hits = vec![0; made_rows.len()];
        let trials = 4000;
        for seed in 0..trials {
            let sets = matched(&task(&format!("controls: 1, seed: {seed}")), &rows).unwrap();
            hits[sets[0][1]] += 1;
        }
        assert_eq!(hits.iter().sum::<usize>(), trials);
        assert!(hits[1..].iter().all(|&hits| by_chance(hits, trials, 1.0 / count as f64)), "{hits:?}");
    }
}

#[test]
fn what_rows_are_matched_on_is_known_at_their_index_time() {
    let task = task("controls: 1, on: [female, c, both], near: {birth: 1d}");
    let likeness = |record: &[Event<'_>]| rows(&task, record)[0].likeness;
    let a = (Some(10), "A", None);
    assert_eq!(likeness(&[a]), Likeness { answers: 0b000, near: None });
    assert_eq!(likeness(&[a, (None, "SEX//F", None)]).answers, 0b101);
    assert_eq!(likeness(&[a, (Some(10), "C", None)]).answers, 0b110);
    assert_eq!(likeness(&[a, (Some(11), "C", None), (Some(11), "BIRTH", None)]), Likeness::default());
    let born = likeness(&[a, (Some(3), "BIRTH", None), (Some(4), "BIRTH", None)]);
    assert_eq!(born.near, Some(at(3)));
}

#[test]
fn the_flow_tells_of_it() {
    let task = task("controls: 2");
    let a = (Some(0), "A", None);
    let (with, without) = ([a, (Some(5), "B", None)], [a]);
    let records: Vec<(i64, &[Event<'_>])> =
        (0..9).map(|subject| (subject, if subject == 4 { &with[..] } else { &without[..] })).collect();
    let (rows, mut flow) = labelled(&task, &records);
    let sets = matched(&task, &rows).unwrap();
    assert_eq!((sets.len(), sets[0].len(), sets[0][0]), (1, 3, 4));
    flow.matched(3, 3);
    let mut twice = flow.clone();
    twice.merge(&flow);
    let told = |flow: &bedside_cohort::Flow| {
        let step = flow.steps().pop().unwrap();
        (step.what, step.left.subjects, step.left.rows)
    };
    let words = "matched: at most 2 rows without the outcome for each with it".to_owned();
    assert_eq!(told(&flow), (words.clone(), 3, Some(3)));
    assert_eq!(told(&twice), (words, 6, Some(6)));
}
