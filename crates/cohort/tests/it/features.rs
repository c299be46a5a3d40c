//! Features against their definition, written down a second time and slowly.

use std::collections::BTreeMap;

use bedside_chart::{Codes, Events, Instant, SubjectNumber};
use bedside_cohort::features::{Aggregation, Asked, CodeChoice, Gatherer, Plan, Rare, Recipe, Tally, Window};
use proptest::prelude::*;

use crate::records::at;

const CODES: [&str; 3] = ["A", "B", "LAB"];
const WINDOWS: [&str; 5] = ["6h", "1d", "full", "12h..6h", "full..3h"];

/// Hour, code, value.
type Event = (i64, usize, Option<f64>);
/// The entries of a matrix: by row and by the name of the column.
pub(crate) type Entries = BTreeMap<(usize, String), f64>;

fn all_of(windows: &[&str]) -> Vec<Asked> {
    let parsed =
        |windows: &[&str]| windows.iter().map(|window| window.parse().unwrap()).collect::<Vec<Window>>();
    let bounded: Vec<&str> = windows.iter().copied().filter(|window| !window.starts_with("full")).collect();
    let (needing, free): (Vec<Aggregation>, Vec<Aggregation>) =
        Aggregation::ALL.into_iter().partition(|one| one.needs_a_beginning());
    vec![
        Asked::new(CodeChoice::default(), parsed(windows), free).unwrap(),
        Asked::new(CodeChoice::default(), parsed(&bounded), needing).unwrap(),
    ]
}

fn everything() -> Recipe {
    Recipe::new(all_of(&WINDOWS), Rare::default()).unwrap()
}

fn record(codes: &Codes, events: &[Event]) -> Events {
    let mut record = Events::new(SubjectNumber::new(1));
    for &(hour, code, value) in events {
        record.push((hour >= 0).then(|| at(hour)), codes.id(CODES[code]).unwrap(), value);
    }
    record
}

fn plan(recipe: &Recipe, codes: &Codes, record: &mut Events) -> Option<Plan> {
    let mut tally = Tally::of(recipe);
    tally.add(&record.timeline(), codes, Instant::MAX);
    Plan::new(recipe, &tally.named(codes)).ok()
}

/// What the gatherer finds; rows are index times.
pub(crate) fn gathered(plan: &Plan, codes: &Codes, record: &mut Events, index_times: &[Instant]) -> Entries {
    let mut found = Entries::new();
    let mut next: BTreeMap<u32, u32> = BTreeMap::new();
    Gatherer::new(plan).gather(&record.timeline(), codes, index_times, &(0..plan.codes()), |run| {
        let next = next.entry(run.column).or_default();
        assert!(run.rows > 0 && *next <= run.from, "runs go back or overlap");
        *next = run.from + run.rows;
        for row in run.from..run.from + run.rows {
            let name = plan.column(run.column).unwrap().key();
            assert!(found.insert((row as usize, name), run.value).is_none(), "an entry twice");
        }
    });
    found
}

/// The definition of every aggregation, over the events of one code in one window.
fn by_definition(
    one: Aggregation,
    held: &[(i64, Option<f64>)],
    index: i64,
    window: Option<(i64, i64)>,
) -> Option<f64> {
    let values: Vec<(i64, f64)> = held.iter().filter_map(|&(hour, value)| Some((hour, value?))).collect();
    let numbers = || values.iter().map(|(_, value)| *value);
    let n = values.len() as f64;
    let mean = |of: &[(i64, f64)]| of.iter().map(|(_, value)| value).sum::<f64>() / of.len() as f64;
    if held.is_empty() || (one.name().starts_with("value/") && values.is_empty()) {
        return None;
    }
    let mut times: Vec<i64> = held.iter().map(|(hour, _)| *hour).collect();
    times.dedup();
    match one {
        Aggregation::CodeCount => Some(held.len() as f64),
        Aggregation::CodeTimes => Some(times.len() as f64),
        Aggregation::CodePresent => Some(1.0),
        Aggregation::CodePerDay => window.map(|(from, to)| held.len() as f64 / ((from - to) as f64 / 24.0)),
        Aggregation::CodeDaysSinceFirst => Some((index - held[0].0) as f64 / 24.0),
        Aggregation::CodeDaysSinceLast => Some((index - held[held.len() - 1].0) as f64 / 24.0),
        Aggregation::ValueCount => Some(n),
        Aggregation::ValueSum => Some(numbers().sum()),
        Aggregation::ValueSumSqd => Some(numbers().map(|x| x * x).sum()),
        Aggregation::ValueMin => numbers().reduce(f64::min),
        Aggregation::ValueMax => numbers().reduce(f64::max),
        Aggregation::ValueFirst => numbers().next(),
        Aggregation::ValueLast => numbers().next_back(),
        Aggregation::ValueMean => Some(mean(&values)),
        Aggregation::ValueSd => {
            let middle = mean(&values);
            let squares: f64 = numbers().map(|x| (x - middle).powi(2)).sum();
            (values.len() > 1).then(|| (squares / (n - 1.0)).sqrt())
        }
        Aggregation::ValueSlope => {
            let days: Vec<f64> = values.iter().map(|(hour, _)| *hour as f64 / 24.0).collect();
            let (middle_d, middle_x) = (days.iter().sum::<f64>() / n, mean(&values));
            let spread: f64 = days.iter().map(|d| (d - middle_d).powi(2)).sum();
            let along: f64 = days.iter().zip(numbers()).map(|(d, x)| (d - middle_d) * (x - middle_x)).sum();
            (values[0].0 != values[values.len() - 1].0).then(|| along / spread)
        }
        Aggregation::ValueRange => {
            numbers().reduce(f64::max).zip(numbers().reduce(f64::min)).map(|(high, low)| high - low)
        }
        Aggregation::ValueDelta => {
            let (from, to) = window?;
            // In minutes, because half of an odd number of hours is none.
            let is_early = |(hour, _): &&(i64, f64)| (index - hour) * 2 >= from + to;
            let early: Vec<(i64, f64)> = values.iter().filter(is_early).copied().collect();
            let late: Vec<(i64, f64)> = values.iter().filter(|one| !is_early(one)).copied().collect();
            (!early.is_empty() && !late.is_empty()).then(|| mean(&late) - mean(&early))
        }
        other => panic!("{other} is new"),
    }
}

fn defined(events: &[Event], index_hours: &[i64]) -> Entries {
    let mut entries = Entries::new();
    let mut ordered = events.to_vec();
    // Of one instant the smallest value first, and what has none before it.
    ordered.sort_by(|a, b| (a.0, a.2).partial_cmp(&(b.0, b.2)).unwrap());
    for (row, &index) in index_hours.iter().enumerate() {
        for (code, name) in CODES.iter().enumerate() {
            let of_code = |event: &&Event| event.1 == code;
            let still: Vec<&Event> = events.iter().filter(of_code).filter(|event| event.0 < 0).collect();
            if !still.is_empty() {
                entries.insert((row, format!("{name}/static/present")), 1.0);
            }
            if let Some(value) = still.iter().find_map(|event| event.2) {
                entries.insert((row, format!("{name}/static/first")), value);
            }
            for (text, window) in [
                ("6h", Some((6, 0))),
                ("1d", Some((24, 0))),
                ("full", None),
                ("12h..6h", Some((12, 6))),
                ("full..3h", None),
            ] {
                let end = match text {
                    "full..3h" => 3,
                    _ => window.map_or(0, |(_, to)| to),
                };
                let inside = |event: &&Event| {
                    let back = index - event.0;
                    event.0 >= 0 && back >= end && window.is_none_or(|(from, _)| back < from)
                };
                let held: Vec<(i64, Option<f64>)> =
                    ordered.iter().filter(of_code).filter(inside).map(|event| (event.0, event.2)).collect();
                for one in Aggregation::ALL.into_iter().filter(|one| !one.is_static()) {
                    if one.needs_a_beginning() && window.is_none() {
                        continue;
                    }
                    if let Some(value) = by_definition(one, &held, index, window) {
                        entries.insert((row, format!("{name}/{text}/{one}")), value);
                    }
                }
            }
        }
    }
    entries
}

pub(crate) fn hours(times: &[i64]) -> Vec<Instant> {
    times.iter().map(|&hour| at(hour)).collect()
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let value = prop_oneof![
        1 => Just(None),
        3 => (-20_i32..20).prop_map(|x| Some(f64::from(x) / 4.0)),
    ];
    proptest::collection::vec((-3_i64..48, 0_usize..3, value), 0..60)
}

fn index_hours() -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::vec(0_i64..60, 1..12).prop_map(|mut hours| {
        hours.sort_unstable();
        hours
    })
}

proptest! {
    #[test]
    fn entries_follow_the_definition(events in events(), index in index_hours()) {
        let codes = Codes::default();
        let mut record = record(&codes, &events);
        let Some(plan) = plan(&everything(), &codes, &mut record) else { return Ok(()) };
        let (found, expected) = (gathered(&plan, &codes, &mut record, &hours(&index)), defined(&events, &index));
        let names = |entries: &Entries| entries.keys().cloned().collect::<Vec<_>>();
        prop_assert_eq!(names(&found), names(&expected));
        for (place, value) in &found {
            let exact = ["count", "times", "present", "min", "max", "first", "last", "range"]
                .iter()
                .any(|name| place.1.ends_with(&format!("/{name}")));
            let (value, expected) = (*value, expected[place]);
            if exact {
                prop_assert_eq!(value, expected, "{:?}", place);
            } else {
                let close = (value - expected).abs() <= 1e-9 * (1.0 + expected.abs());
                prop_assert!(close, "{:?}: {} is not {}", place, value, expected);
            }
        }
    }

    #[test]
    fn what_comes_later_changes_no_bit(events in events(), later in events(), index in 0_i64..48) {
        let codes = Codes::default();
        CODES.iter().for_each(|code| drop(codes.id(code)));
        let known: Vec<Event> = events.iter().copied().filter(|event| event.0 <= index).collect();
        let mut all = known.clone();
        all.extend(later.iter().filter(|event| event.0 >= 0).map(|event| (index + 1 + event.0, event.1, event.2)));
        let (mut now, mut afterwards) = (record(&codes, &known), record(&codes, &all));
        // The columns are those of the whole record, as in a study they are those of the training subjects.
        let Some(plan) = plan(&everything(), &codes, &mut afterwards) else { return Ok(()) };
        prop_assert_eq!(
            gathered(&plan, &codes, &mut now, &hours(&[index])),
            gathered(&plan, &codes, &mut afterwards, &hours(&[index]))
        );
    }

    /// Only `static/first` asks which came first in the data, and is left out.
    #[test]
    fn the_order_of_a_record_changes_no_bit(
        (events, turned) in events().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        index in index_hours(),
    ) {
        let codes = Codes::default();
        let (mut one, mut other) = (record(&codes, &events), record(&codes, &turned));
        let Some(plan) = plan(&everything(), &codes, &mut one) else { return Ok(()) };
        let mut found = [&mut one, &mut other].map(|record| gathered(&plan, &codes, record, &hours(&index)));
        found.iter_mut().for_each(|found| found.retain(|(_, name), _| !name.ends_with("static/first")));
        let [one, other] = found.map(|found| found.into_iter().map(|(at, x)| (at, x.to_bits())).collect::<Vec<_>>());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn one_row_is_the_same_bits_as_among_many(events in events(), index in index_hours()) {
        let codes = Codes::default();
        let mut record = record(&codes, &events);
        let Some(plan) = plan(&everything(), &codes, &mut record) else { return Ok(()) };
        let many = gathered(&plan, &codes, &mut record, &hours(&index));
        for (row, &hour) in index.iter().enumerate() {
            let alone = gathered(&plan, &codes, &mut record, &hours(&[hour]));
            let of_row = many.iter().filter(|(place, _)| place.0 == row);
            let expected: Entries = of_row.map(|(place, value)| ((0, place.1.clone()), *value)).collect();
            prop_assert_eq!(alone, expected);
        }
    }

    #[test]
    fn codes_can_be_made_in_portions(events in events(), index in index_hours(), cut in 0_usize..4) {
        let codes = Codes::default();
        let mut record = record(&codes, &events);
        let Some(plan) = plan(&everything(), &codes, &mut record) else { return Ok(()) };
        let mut gatherer = Gatherer::new(&plan);
        let mut runs = |only: std::ops::Range<usize>| {
            let mut runs = Vec::new();
            gatherer.gather(&record.timeline(), &codes, &hours(&index), &only, |run| runs.push(run));
            runs
        };
        let cut = cut.min(plan.codes());
        let mut portions = runs(0..cut);
        portions.extend(runs(cut..plan.codes()));
        prop_assert_eq!(portions, runs(0..plan.codes()));
    }
}

#[test]
fn a_wild_value_before_the_window_leaves_no_trace_in_it() {
    let codes = Codes::default();
    let events: Vec<Event> = [(0, 1e15), (1, -3.7e14), (30, 0.1), (31, 0.2), (32, 0.4)]
        .map(|(hour, value)| (hour, 2, Some(value)))
        .to_vec();
    let mut wild = record(&codes, &events);
    let mut tame = record(&codes, &events[2..]);
    let plan = plan(&everything(), &codes, &mut wild).unwrap();
    let of_window = |entries: Entries| -> Vec<(String, f64)> {
        entries
            .into_iter()
            .map(|((_, name), value)| (name, value))
            .filter(|(name, _)| name.contains("/6h/"))
            .collect()
    };
    let (wild, tame) = (
        of_window(gathered(&plan, &codes, &mut wild, &hours(&[33]))),
        of_window(gathered(&plan, &codes, &mut tame, &hours(&[33]))),
    );
    assert_eq!(wild.len(), tame.len());
    for ((name, wild), (_, tame)) in wild.iter().zip(&tame) {
        assert!((wild - tame).abs() <= 8.0 * f64::EPSILON * tame.abs(), "{name}: {wild} is not {tame}");
    }
}

#[test]
fn static_features_stay_beside_a_code_that_has_none() {
    let codes = Codes::default();
    let of = |only: &str, aggregation| {
        let choice = CodeChoice::new(&[only.to_owned()], &[]).unwrap();
        Asked::new(choice, vec!["full".parse().unwrap()], vec![aggregation]).unwrap()
    };
    let asked = vec![of("^A$", Aggregation::CodeCount), of("^B$", Aggregation::StaticPresent)];
    let mut both = record(&codes, &[(-1, 0, None), (0, 0, None), (-1, 1, None)]);
    let plan = plan(&Recipe::new(asked, Rare::default()).unwrap(), &codes, &mut both).unwrap();
    let found = gathered(&plan, &codes, &mut both, &hours(&[1]));
    let expected = [("A/full/code/count", 1.0), ("B/static/present", 1.0)];
    assert_eq!(found, expected.map(|(name, value)| ((0, name.to_owned()), value)).into());
}

#[test]
fn equal_values_have_no_spread_at_all() {
    let codes = Codes::default();
    let events: Vec<Event> = (0..7).map(|hour| (hour, 2, Some(0.1))).collect();
    let mut same = record(&codes, &events);
    let plan = plan(&everything(), &codes, &mut same).unwrap();
    let found = gathered(&plan, &codes, &mut same, &hours(&[7]));
    for (aggregation, expected) in
        [("sd", 0.0), ("slope", 0.0), ("range", 0.0), ("mean", 0.1), ("delta", 0.0)]
    {
        assert_eq!(found[&(0, format!("LAB/6h/value/{aggregation}"))], expected, "{aggregation}");
    }
}

#[test]
fn what_overflows_gives_no_entry() {
    let codes = Codes::default();
    let mut huge = record(&codes, &[(0, 2, Some(1e200)), (1, 2, Some(1e200))]);
    let plan = plan(&everything(), &codes, &mut huge).unwrap();
    let found = gathered(&plan, &codes, &mut huge, &hours(&[2]));
    assert!(found.values().all(|value| value.is_finite()));
    assert!(!found.contains_key(&(0, "LAB/full/value/sum_sqd".to_owned())));
    assert_eq!(found[&(0, "LAB/full/value/sum".to_owned())], 2e200);
}

mod columns {
    use super::*;
    use bedside_cohort::CohortError;
    use bedside_cohort::features::{CodeUse, Uses};

    fn uses(counts: &[(&str, u64, u64, u64, u64, u64)]) -> Uses {
        let used =
            |&(name, subjects, events, values, untimed, untimed_values): &(&str, u64, u64, u64, u64, u64)| {
                (name.into(), CodeUse { subjects, events, values, untimed, untimed_values })
            };
        counts.iter().map(used).collect::<BTreeMap<_, _>>().into()
    }

    fn keys(plan: &Plan) -> Vec<String> {
        (0..plan.columns()).map(|column| plan.column(column).unwrap().key()).collect()
    }

    fn asked(only: &str, windows: &[&str], aggregations: &[Aggregation]) -> Asked {
        let choice = CodeChoice::new(&[only.to_owned()], &[]).unwrap();
        Asked::new(choice, windows.iter().map(|w| w.parse().unwrap()).collect(), aggregations.to_vec())
            .unwrap()
    }

    #[test]
    fn rare_codes_values_and_statics_are_judged_apart() {
        let recipe = |rare| {
            let all = [Aggregation::CodeCount, Aggregation::ValueLast, Aggregation::StaticPresent];
            Recipe::new(vec![asked("", &["1d"], &all)], rare).unwrap()
        };
        let uses = uses(&[("A", 9, 20, 3, 0, 0), ("B", 2, 20, 20, 0, 0), ("C", 9, 2, 0, 12, 0)]);
        let found = |rare| Plan::new(&recipe(rare), &uses).map(|plan| keys(&plan));
        assert_eq!(
            found(Rare::default()).unwrap(),
            [
                "A/1d/code/count",
                "A/1d/value/last",
                "B/1d/code/count",
                "B/1d/value/last",
                "C/static/present",
                "C/1d/code/count"
            ]
        );
        let often = Rare { least_events: 10, ..Rare::default() };
        assert_eq!(
            found(often).unwrap(),
            ["A/1d/code/count", "B/1d/code/count", "B/1d/value/last", "C/static/present"]
        );
        let shared = Rare { least_subjects: 3, ..often };
        assert_eq!(found(shared).unwrap(), ["A/1d/code/count", "C/static/present"]);
        let most = Rare { most_codes: Some(1), ..Rare::default() };
        assert_eq!(found(most).unwrap(), ["A/1d/code/count", "A/1d/value/last"], "the first of equals");
        let none = Rare { least_subjects: 10, ..Rare::default() };
        assert!(matches!(found(none), Err(CohortError::NoFeature { .. })));
    }

    #[test]
    fn the_end_of_an_observation_is_a_predictor_only_where_it_is_asked_for() {
        let uses = uses(&[("OBSERVATION_PERIOD//END", 9, 9, 0, 0, 0), ("A", 9, 9, 0, 0, 0)]);
        let made = |only: &[&str]| {
            let only: Vec<String> = only.iter().map(|pattern| (*pattern).to_owned()).collect();
            let codes = CodeChoice::new(&only, &[]).unwrap();
            let asked =
                Asked::new(codes, vec!["full".parse().unwrap()], vec![Aggregation::CodeCount]).unwrap();
            keys(&Plan::new(&Recipe::new(vec![asked], Rare::default()).unwrap(), &uses).unwrap())
        };
        assert_eq!(made(&[]), ["A/full/code/count"]);
        assert_eq!(made(&["^OBS"]), ["OBSERVATION_PERIOD//END/full/code/count"]);
    }

    #[test]
    fn what_is_asked_twice_is_made_once() {
        let recipe = Recipe::new(
            vec![
                asked("^LAB", &["1d", "7d"], &[Aggregation::ValueLast]),
                asked("K$", &["24h"], &[Aggregation::ValueLast, Aggregation::ValueMin]),
            ],
            Rare::default(),
        )
        .unwrap();
        let uses = uses(&[("DRUG", 1, 5, 5, 0, 0), ("LAB//K", 1, 5, 5, 0, 0), ("LAB//NA", 1, 5, 5, 0, 0)]);
        let plan = Plan::new(&recipe, &uses).unwrap();
        assert_eq!(
            keys(&plan),
            [
                "LAB//K/1d/value/min",
                "LAB//K/1d/value/last",
                "LAB//K/7d/value/last",
                "LAB//NA/1d/value/last",
                "LAB//NA/7d/value/last"
            ]
        );
        assert_eq!((plan.codes(), plan.columns_of(1..2)), (2, 3..5));
        assert_eq!(plan.column(5), None);
        assert_eq!(plan.column(1).unwrap().describe(), "LAB//K, last value, 1d");
    }

    #[test]
    fn requests_that_mean_nothing_are_refused() {
        let all = CodeChoice::default;
        let window = |text: &str| vec![text.parse::<Window>().unwrap()];
        let refused = [
            Asked::new(all(), Vec::new(), Vec::new()).err(),
            Asked::new(all(), Vec::new(), vec![Aggregation::CodeCount]).err(),
            Asked::new(all(), window("full"), vec![Aggregation::ValueDelta]).err(),
            Asked::new(all(), window("full..1d"), vec![Aggregation::CodePerDay]).err(),
            Recipe::new(Vec::new(), Rare::default()).err(),
            CodeChoice::new(&["(".to_owned()], &[]).err(),
        ];
        assert!(refused.iter().all(Option::is_some), "{refused:?}");
        assert!(Asked::new(all(), Vec::new(), vec![Aggregation::StaticFirst]).is_ok());
    }
}

#[test]
fn a_plan_from_before_codes_had_one_spelling_still_finds_them() {
    let asked = Asked::new(
        CodeChoice::default(),
        vec!["full".parse().unwrap()],
        vec!["code/count".parse().unwrap(), "value/last".parse().unwrap()],
    )
    .unwrap();
    let recipe = Recipe::new(vec![asked], Rare::default()).unwrap();
    let record = |codes: &Codes, names: &[&str]| {
        let mut events = Events::new(SubjectNumber::new(1));
        for (hour, name) in (0..).zip(names) {
            events.push(Some(crate::records::at(hour)), codes.id(name).unwrap(), Some(hour as f64 + 1.0));
        }
        events
    };
    let learned = |names: &[&str]| {
        let codes = Codes::default();
        let mut tally = Tally::of(&recipe);
        tally.add(&record(&codes, names).timeline(), &codes, Instant::MAX);
        Plan::new(&recipe, &tally.named(&codes)).unwrap()
    };
    let found = |plan: &Plan, names: &[&str]| {
        let codes = Codes::default();
        let mut values = vec![0.0; plan.columns() as usize];
        Gatherer::new(plan).gather(
            &record(&codes, names).timeline(),
            &codes,
            &[crate::records::at(9)],
            &(0..plan.codes()),
            |run| values[run.column as usize] = run.value,
        );
        values
    };
    let spellings = ["LAB//1//IU/L", "LAB//1//U/L", "LAB//1//[iU]/L"];
    for name in spellings {
        let plan = learned(&[name]);
        assert_eq!(plan.keeps_spellings(), name != "LAB//1//U/L");
        assert_eq!(found(&plan, &spellings), [3.0, 3.0], "{name}");
        assert!(spellings.iter().all(|code| plan.reads(code)) && !plan.reads("LAB//1//g/L"));
    }
    // What told spellings apart goes on to do so.
    let plan = learned(&spellings[..2]);
    assert_eq!(found(&plan, &spellings[..2]), [1.0, 1.0, 1.0, 2.0]);
}
