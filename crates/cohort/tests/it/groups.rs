//! Codes that are counted together: against records in which they are one code, written down before.

use std::collections::{BTreeMap, BTreeSet};

use bedside_chart::{Codes, Events, SubjectNumber};
use bedside_cohort::CohortError;
use bedside_cohort::features::{
    Aggregation, Ancestry, Asked, AtcLevel, CodeChoice, Comorbidity, Plan, Rare, Reading, Recipe, RollUp,
    Tally, Window,
};
use proptest::prelude::*;

use crate::features::{Entries, gathered, hours};
use crate::records::at;

const CODES: [&str; 9] = [
    "ICD10CM/I50.9",
    "ICD10CM/I21.4",
    "ICD9CM/404.03",
    "ICD10CM/C78.0",
    "ICD10CM/C50",
    "ATC/C09AA05",
    "ATC/C07AB02",
    "LEAF",
    "MEDS_BIRTH",
];

/// Hour (below 0 for an event without a time), code, value.
type Event = (i64, usize, Option<f64>);

const ROLL_UPS: [RollUp; 5] = [
    RollUp::IcdChapter,
    RollUp::IcdCategory,
    RollUp::Atc(AtcLevel::One),
    RollUp::Atc(AtcLevel::Two),
    RollUp::Ancestors { levels: None },
];

fn ancestry() -> Ancestry {
    let mut ancestry = Ancestry::default();
    for (code, above, levels) in
        [("LEAF", "BRANCH", 1), ("LEAF", "ROOT", 2), ("ATC/C09AA05", "ROOT", 5), ("ICD10CM/C50", "LEAF", 1)]
    {
        ancestry.add(code, above, levels);
    }
    ancestry
}

/// The groups of the codes, written down.
fn groups(roll_up: RollUp, code: usize) -> &'static [&'static str] {
    const HEART: &str = "ICD-10 chapter IX: diseases of the circulatory system";
    match (roll_up, code) {
        (RollUp::IcdChapter, 0 | 1) => &[HEART],
        (RollUp::IcdChapter, 2) => &["ICD-9 chapter 7: diseases of the circulatory system"],
        (RollUp::IcdChapter, 3 | 4) => &["ICD-10 chapter II: neoplasms"],
        (RollUp::IcdCategory, 0) => &["ICD-10 I50"],
        (RollUp::IcdCategory, 1) => &["ICD-10 I21"],
        (RollUp::IcdCategory, 2) => &["ICD-9 404"],
        (RollUp::IcdCategory, 3) => &["ICD-10 C78"],
        (RollUp::IcdCategory, 4) => &["ICD-10 C50"],
        (RollUp::Atc(AtcLevel::One), 5 | 6) => &["ATC C"],
        (RollUp::Atc(AtcLevel::Two), 5) => &["ATC C09"],
        (RollUp::Atc(AtcLevel::Two), 6) => &["ATC C07"],
        (RollUp::Ancestors { .. }, 4) => &["LEAF and below"],
        (RollUp::Ancestors { .. }, 5) => &["ROOT and below"],
        (RollUp::Ancestors { .. }, 7) => &["BRANCH and below", "LEAF and below", "ROOT and below"],
        _ => &[],
    }
}

fn windows() -> Vec<Window> {
    ["6h", "full", "12h..6h"].map(|window| window.parse().unwrap()).to_vec()
}

fn rolled_up(roll_up: Option<RollUp>) -> Asked {
    let aggregations = Aggregation::ALL.into_iter().filter(|one| !one.needs_a_beginning()).collect();
    let asked = Asked::new(CodeChoice::default(), windows(), aggregations).unwrap();
    roll_up.map_or(asked.clone(), |roll_up| asked.rolled_up(roll_up))
}

fn everything() -> Recipe {
    let mut asked: Vec<Asked> = ROLL_UPS.into_iter().map(|one| rolled_up(Some(one))).collect();
    asked.push(rolled_up(None));
    for index in Comorbidity::ALL {
        asked.extend(Asked::comorbidity(index, CodeChoice::default(), windows()).unwrap());
    }
    asked.extend(Asked::clock(&Reading::ALL, "MEDS_BIRTH").unwrap());
    Recipe::new(asked, Rare::default()).unwrap().with_ancestry(&ancestry())
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
    tally.add(&record.timeline(), codes, bedside_chart::Instant::MAX);
    Plan::new(recipe, &tally.named(codes)).ok()
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let value = prop_oneof![1 => Just(None), 2 => (-20_i32..20).prop_map(|x| Some(f64::from(x) / 4.0))];
    proptest::collection::vec((-3_i64..48, 0_usize..CODES.len(), value), 0..60)
}

fn index_hours() -> impl Strategy<Value = Vec<i64>> {
    proptest::collection::vec(0_i64..60, 1..12).prop_map(|mut hours| {
        hours.sort_unstable();
        hours
    })
}

proptest! {
    #[test]
    fn a_group_has_the_features_of_one_code(events in events(), index in index_hours(), which in 0_usize..5) {
        let (codes, roll_up) = (Codes::default(), ROLL_UPS[which]);
        let mut given = record(&codes, &events);
        let recipe = Recipe::new(vec![rolled_up(Some(roll_up))], Rare::default()).unwrap().with_ancestry(&ancestry());
        let mut renamed = Events::new(SubjectNumber::new(1));
        for &(hour, code, value) in &events {
            for group in groups(roll_up, code) {
                renamed.push((hour >= 0).then(|| at(hour)), codes.id(group).unwrap(), value);
            }
        }
        let plain = Recipe::new(vec![rolled_up(None)], Rare::default()).unwrap();
        let found = plan(&recipe, &codes, &mut given).map(|plan| gathered(&plan, &codes, &mut given, &hours(&index)));
        let expected =
            plan(&plain, &codes, &mut renamed).map(|plan| gathered(&plan, &codes, &mut renamed, &hours(&index)));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_comes_later_changes_no_bit_of_a_group(events in events(), later in events(), index in 0_i64..48) {
        let codes = Codes::default();
        CODES.iter().for_each(|code| drop(codes.id(code)));
        let known: Vec<Event> = events.iter().copied().filter(|event| event.0 <= index).collect();
        let mut all = known.clone();
        all.extend(later.iter().filter(|event| event.0 >= 0).map(|event| (index + 1 + event.0, event.1, event.2)));
        let (mut now, mut afterwards) = (record(&codes, &known), record(&codes, &all));
        let Some(plan) = plan(&everything(), &codes, &mut afterwards) else { return Ok(()) };
        prop_assert_eq!(
            gathered(&plan, &codes, &mut now, &hours(&[index])),
            gathered(&plan, &codes, &mut afterwards, &hours(&[index]))
        );
    }

    #[test]
    fn one_row_of_groups_is_the_same_bits_as_among_many(events in events(), index in index_hours()) {
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
    fn groups_can_be_made_in_portions(events in events(), index in index_hours(), cut in 0_usize..60) {
        let codes = Codes::default();
        let mut record = record(&codes, &events);
        let Some(plan) = plan(&everything(), &codes, &mut record) else { return Ok(()) };
        let mut gatherer = bedside_cohort::features::Gatherer::new(&plan);
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

    #[test]
    fn tallies_of_groups_merge(events in events(), cut in 0_usize..60) {
        let (codes, recipe) = (Codes::default(), everything());
        let (first, second) = events.split_at(cut.min(events.len()));
        let mut together = Tally::of(&recipe);
        let mut apart = [Tally::of(&recipe), Tally::of(&recipe)];
        for (part, tally) in [second, first].iter().zip(&mut apart) {
            let mut record = record(&codes, part);
            together.add(&record.timeline(), &codes, bedside_chart::Instant::MAX);
            tally.add(&record.timeline(), &codes, bedside_chart::Instant::MAX);
        }
        let [mut one, two] = apart;
        one.merge(&two);
        prop_assert_eq!(one.named(&codes), together.named(&codes));
    }
}

/// Columns that a recipe makes of one subject with these events at one time.
fn columns(asked: Vec<Asked>, rare: Rare, with: &[&str]) -> Result<Vec<String>, CohortError> {
    let recipe = Recipe::new(asked, rare)?.with_ancestry(&ancestry());
    let codes = Codes::default();
    let mut tally = Tally::of(&recipe);
    let mut record = Events::new(SubjectNumber::new(1));
    for code in with {
        record.push(Some(at(0)), codes.id(code).unwrap(), None);
    }
    tally.add(&record.timeline(), &codes, bedside_chart::Instant::MAX);
    let plan = Plan::new(&recipe, &tally.named(&codes))?;
    Ok((0..plan.columns()).map(|column| plan.column(column).unwrap().describe()).collect())
}

fn counted(only: &[&str], roll_up: RollUp) -> Asked {
    let only: Vec<String> = only.iter().map(ToString::to_string).collect();
    let choice = CodeChoice::new(&only, &[]).unwrap();
    Asked::new(choice, vec!["full".parse().unwrap()], vec![Aggregation::CodeCount])
        .unwrap()
        .rolled_up(roll_up)
}

#[test]
fn rarity_is_that_of_the_group() {
    let often = Rare { least_events: 2, ..Rare::default() };
    let found = columns(
        vec![counted(&[], RollUp::IcdChapter)],
        often,
        &["ICD10CM/I10", "ICD10CM/I21", "ICD10CM/C50"],
    );
    assert_eq!(found.unwrap(), ["ICD-10 chapter IX: diseases of the circulatory system, count, full"]);
    let one_subject = Rare { least_subjects: 2, ..Rare::default() };
    let found = columns(vec![counted(&[], RollUp::IcdChapter)], one_subject, &["ICD10CM/I10", "ICD10CM/I21"]);
    assert!(matches!(found, Err(CohortError::NoFeature { .. })), "one subject with two codes is one subject");
}

#[test]
fn a_code_that_nobody_had_falls_in_its_chapter_and_an_unknown_one_has_no_ancestors() {
    let recipe = Recipe::new(
        vec![
            counted(&[], RollUp::IcdChapter),
            counted(&[], RollUp::Atc(AtcLevel::Two)),
            counted(&[], RollUp::Ancestors { levels: None }),
        ],
        Rare::default(),
    );
    let recipe = recipe.unwrap().with_ancestry(&ancestry());
    let codes = Codes::default();
    let mut training = record(&codes, &[(0, 0, None), (0, 5, None), (0, 7, None)]);
    let plan = plan(&recipe, &codes, &mut training).unwrap();
    let mut new = Events::new(SubjectNumber::new(2));
    for code in ["DIAGNOSIS//ICD//10//I10", "ICD10/J45", "ATC/C09CA01", "TWIG"] {
        new.push(Some(at(0)), codes.id(code).unwrap(), None);
    }
    let found = gathered(&plan, &codes, &mut new, &hours(&[1]));
    let names: Vec<&str> = found.keys().map(|(_, name)| name.as_str()).collect();
    assert_eq!(
        names,
        ["ATC C09/full/code/count", "ICD-10 chapter IX: diseases of the circulatory system/full/code/count"]
    );
}

#[test]
fn codes_are_chosen_before_they_are_grouped() {
    let some = counted(&["^ICD10CM/I1"], RollUp::IcdCategory);
    let found =
        columns(vec![some], Rare::default(), &["ICD10CM/I10", "ICD10CM/I21", "ICD10CM/I15.0"]).unwrap();
    assert_eq!(found, ["ICD-10 I10, count, full", "ICD-10 I15, count, full"]);
}

#[test]
fn levels_limit_how_far_up_a_code_counts() {
    let near = counted(&["^LEAF$"], RollUp::Ancestors { levels: Some(1) });
    let found = columns(vec![near], Rare::default(), &["LEAF"]).unwrap();
    assert_eq!(found, ["BRANCH and below, count, full", "LEAF and below, count, full"]);
}

#[test]
fn requests_that_would_share_a_name_are_refused() {
    let chapter = |only: &[&str]| counted(only, RollUp::IcdChapter);
    let levels = |levels| counted(&[], RollUp::Ancestors { levels });
    let age = |birth| Asked::clock(&[Reading::Age], birth).unwrap().remove(0);
    for (one, other, groups) in [
        (chapter(&[]), chapter(&["^ICD10"]), "icd-chapter"),
        (levels(Some(1)), levels(None), "ancestors"),
        (age("BIRTH"), age("MEDS_BIRTH"), "birth"),
    ] {
        let refused = Recipe::new(vec![one.clone(), other], Rare::default()).unwrap_err();
        assert_eq!(refused, CohortError::Groups { groups });
        assert!(Recipe::new(vec![one.clone(), one], Rare::default()).is_ok());
    }
}

#[test]
fn words_of_a_group_are_those_of_the_code_it_is_named_after() {
    let recipe = Recipe::new(vec![counted(&[], RollUp::Atc(AtcLevel::Two))], Rare::default()).unwrap();
    let codes = Codes::default();
    let mut record = record(&codes, &[(0, 5, None)]);
    let plan = plan(&recipe, &codes, &mut record).unwrap();
    let words = [("ATC/C09".to_owned(), "agents acting on the renin-angiotensin system".to_owned())];
    let told = plan.in_words(&words.into()).column(0).unwrap().describe();
    assert_eq!(told, "agents acting on the renin-angiotensin system (ATC C09), count, full");
}

mod clock {
    use super::*;

    fn read(events: &[Event], index: &[i64]) -> BTreeMap<(usize, String), f64> {
        let codes = Codes::default();
        let recipe =
            Recipe::new(Asked::clock(&Reading::ALL, "MEDS_BIRTH").unwrap(), Rare::default()).unwrap();
        let mut training = record(&codes, &[(0, 8, None)]);
        let plan = plan(&recipe, &codes, &mut training).unwrap();
        let mut record = record(&codes, events);
        gathered(&plan, &codes, &mut record, &hours(index))
    }

    #[test]
    fn an_age_is_the_years_since_birth_and_not_known_without_one() {
        let year = 8766; // hours, 365.25 days
        let found = read(&[(0, 8, None), (7, 8, None)], &[0, 40 * year]);
        assert_eq!(found[&(0, "age/age/years".to_owned())], 0.0);
        assert_eq!(found[&(1, "age/age/years".to_owned())], 40.0 * 365.25 / 365.2425);
        for (events, index) in [(vec![], 10), (vec![(20, 8, None)], 10), (vec![(-1, 8, None)], 10)] {
            let found = read(&events, &[index]);
            assert!(!found.keys().any(|(_, name)| name.contains("age")), "{events:?}");
        }
    }

    #[test]
    fn the_hour_is_known_of_everybody_and_no_year_is() {
        let names: BTreeSet<String> = read(&[], &[30]).into_keys().map(|(_, name)| name).collect();
        assert_eq!(names.len(), 6);
        assert!(names.contains("index time/cycle/hour_of_day_sin"));
        let found = read(&[], &[6]);
        assert_eq!(found[&(0, "index time/cycle/hour_of_day_sin".to_owned())], 1.0);
        let hours_of_400_years = 24 * 146_097;
        assert_eq!(read(&[], &[6]), read(&[], &[6 + hours_of_400_years]));
        let fifty_two_weeks = 24 * 364;
        let week = |hour| read(&[], &[hour])[&(0, "index time/cycle/day_of_week_cos".to_owned())];
        assert_eq!(week(6), week(6 + fifty_two_weeks));
    }

    #[test]
    fn a_birth_is_never_too_rare_and_its_absence_is_told() {
        let rare = Rare { least_subjects: 9, least_events: 9, most_codes: Some(1) };
        let age = || Asked::clock(&[Reading::Age], "MEDS_BIRTH").unwrap();
        assert_eq!(columns(age(), rare, &["MEDS_BIRTH"]).unwrap(), ["age, years"]);
        let refused = columns(age(), rare, &["MEDS_BIRTHS"]).unwrap_err().to_string();
        assert!(refused.contains("did you mean `MEDS_BIRTHS`?"), "{refused}");
        assert!(matches!(Asked::clock(&[], "MEDS_BIRTH"), Err(CohortError::NoFeature { .. })));
    }

    #[test]
    fn a_birth_without_a_time_is_no_birth() {
        let codes = Codes::default();
        let recipe =
            Recipe::new(Asked::clock(&Reading::ALL, "MEDS_BIRTH").unwrap(), Rare::default()).unwrap();
        assert!(plan(&recipe, &codes, &mut record(&codes, &[(5, 8, None)])).is_some());
        assert!(plan(&recipe, &codes, &mut record(&codes, &[(-1, 8, None), (5, 0, None)])).is_none());
    }
}
