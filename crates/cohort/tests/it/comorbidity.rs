//! Comorbidity indices against comorbidipy.

use std::collections::BTreeMap;

use crate::records::at;
use bedside_chart::{Codes, Events, SubjectNumber};
use bedside_cohort::features::{Asked, CodeChoice, Comorbidity, Gatherer, Plan, Rare, Recipe, Tally};
use serde_json::Value;

/// What a patient with these codes at one time has: the names of the conditions, and the points by the name of the column.
fn found(codes: &[String]) -> (Vec<String>, BTreeMap<String, f64>) {
    let asked =
        |index| Asked::comorbidity(index, CodeChoice::default(), vec!["full".parse().unwrap()]).unwrap();
    let asked = Comorbidity::ALL.into_iter().flat_map(asked).collect();
    let recipe = Recipe::new(asked, Rare::default()).unwrap();
    let table = Codes::default();
    let mut events = Events::new(SubjectNumber::new(1));
    for code in codes {
        events.push(Some(at(0)), table.id(code).unwrap(), None);
    }
    let mut tally = Tally::of(&recipe);
    tally.add(&events.timeline(), &table, bedside_chart::Instant::MAX);
    let Ok(plan) = Plan::new(&recipe, &tally.named(&table)) else { return Default::default() };
    let (mut conditions, mut points) = (Vec::new(), BTreeMap::new());
    Gatherer::new(&plan).gather(&events.timeline(), &table, &[at(1)], &(0..plan.codes()), |run| {
        let key = plan.column(run.column).unwrap().key();
        match key.strip_suffix("/full/code/present") {
            Some(condition) => conditions.push(condition.to_owned()),
            None => drop(points.insert(key, run.value)),
        }
    });
    conditions.sort();
    (conditions, points)
}

fn expected(row: &Value, at: [&Value; 2]) -> Vec<String> {
    let mut names = Vec::new();
    for (index, there) in Comorbidity::ALL.into_iter().zip(at) {
        let all: Vec<&str> = index.conditions().collect();
        let there = there.as_array().unwrap_or_else(|| panic!("{row}"));
        let name = |place: &Value| format!("{}: {}", index.words(), all[place.as_u64().unwrap() as usize]);
        names.extend(there.iter().map(name));
    }
    names.sort();
    names
}

fn written(icd: &Value, code: &Value) -> String {
    format!("ICD{icd}CM/{}", code.as_str().unwrap())
}

#[test]
fn conditions_and_points_are_those_of_another_implementation() {
    let oracle: Value =
        serde_json::from_str(include_str!("../../../../oracles/cohort/comorbidity.json")).unwrap();
    let codes = oracle["codes"].as_array().unwrap();
    for row in codes {
        let (conditions, _) = found(&[written(&row[0], &row[1])]);
        assert_eq!(conditions, expected(row, [&row[2], &row[3]]), "{row}");
    }
    let patients = oracle["patients"].as_array().unwrap();
    for row in patients {
        let codes: Vec<String> =
            row["codes"].as_array().unwrap().iter().map(|code| written(&row["icd"], code)).collect();
        let (conditions, points) = found(&codes);
        assert_eq!(conditions, expected(row, [&row["charlson"], &row["elixhauser"]]), "{row}");
        let columns = [
            "Charlson comorbidity index/full/score/charlson_1987",
            "Charlson comorbidity index/full/score/quan_2011",
            "Elixhauser comorbidity index/full/score/van_walraven_2009",
        ];
        for (column, expected) in columns.into_iter().zip(row["points"].as_array().unwrap()) {
            assert_eq!(
                points.get(column).copied().unwrap_or(0.0),
                expected.as_f64().unwrap(),
                "{column}: {row}"
            );
        }
    }
    assert!(codes.len() > 1000 && patients.len() == 400, "{} codes", codes.len());
}

#[test]
fn points_go_when_their_diagnoses_leave_the_window() {
    let windows = vec!["6h".parse().unwrap()];
    let asked = Asked::comorbidity(Comorbidity::Charlson, CodeChoice::default(), windows).unwrap();
    let recipe = Recipe::new(asked, Rare::default()).unwrap();
    let table = Codes::default();
    let mut events = Events::new(SubjectNumber::new(1));
    // Diabetes; diabetes with complications, twice; and a code that tells of nothing.
    for (hour, code) in [(0, "E11.9"), (3, "E11.2"), (4, "Z00.0"), (5, "E11.3"), (20, "B20")] {
        events.push(Some(at(hour)), table.id(&format!("ICD10CM/{code}")).unwrap(), None);
    }
    let mut tally = Tally::of(&recipe);
    tally.add(&events.timeline(), &table, bedside_chart::Instant::MAX);
    let plan = Plan::new(&recipe, &tally.named(&table)).unwrap();
    let times: Vec<_> = (0..30).map(at).collect();
    let mut points = [[0.0; 30]; 2];
    Gatherer::new(&plan).gather(&events.timeline(), &table, &times, &(0..plan.codes()), |run| {
        let key = plan.column(run.column).unwrap().key();
        let which = match key.rsplit('/').next() {
            Some("charlson_1987") => 0,
            Some("quan_2011") => 1,
            _ => return,
        };
        points[which][run.from as usize..(run.from + run.rows) as usize].fill(run.value);
    });
    let hours: [i32; 30] = std::array::from_fn(|hour| hour as i32);
    let of = |held: bool, points: f64| if held { points } else { 0.0 };
    let (mild, grave) = (|hour| (0..6).contains(&hour), |hour| (3..11).contains(&hour));
    let virus = |hour| (20..26).contains(&hour);
    let first = |hour| of(mild(hour) && !grave(hour), 1.0) + of(grave(hour), 2.0) + of(virus(hour), 6.0);
    let second = |hour| of(grave(hour), 1.0) + of(virus(hour), 4.0);
    let expected = [hours.map(first), hours.map(second)];
    assert_eq!(points, expected);
}

/// The places of the conditions that codes tell of, by code, from one plan and a patient a code.
fn told_by_each(codes: &[String]) -> Vec<[Vec<usize>; 2]> {
    let asked =
        |index| Asked::comorbidity(index, CodeChoice::default(), vec!["full".parse().unwrap()]).unwrap();
    let recipe =
        Recipe::new(Comorbidity::ALL.into_iter().flat_map(asked).collect(), Rare::default()).unwrap();
    let table = Codes::default();
    let of = |code: &String| {
        let mut events = Events::new(SubjectNumber::new(1));
        events.push(Some(at(0)), table.id(code).unwrap(), None);
        events
    };
    let mut tally = Tally::of(&recipe);
    let mut patients: Vec<Events> = codes.iter().map(of).collect();
    for events in &mut patients {
        tally.add(&events.timeline(), &table, bedside_chart::Instant::MAX);
    }
    let plan = Plan::new(&recipe, &tally.named(&table)).unwrap();
    let mut gatherer = Gatherer::new(&plan);
    let names = Comorbidity::ALL.map(|index| {
        index
            .conditions()
            .map(|name| format!("{}: {name}/full/code/present", index.words()))
            .collect::<Vec<_>>()
    });
    let keys: Vec<String> = (0..plan.columns()).map(|column| plan.column(column).unwrap().key()).collect();
    let places: Vec<Option<(usize, usize)>> = keys
        .iter()
        .map(|key| (0..2).find_map(|index| Some((index, names[index].iter().position(|name| name == key)?))))
        .collect();
    patients
        .iter_mut()
        .map(|events| {
            let mut found = [Vec::new(), Vec::new()];
            gatherer.gather(&events.timeline(), &table, &[at(1)], &(0..plan.codes()), |run| {
                if let Some((index, place)) = places[run.column as usize] {
                    found[index].push(place);
                }
            });
            found.iter_mut().for_each(|places| places.sort_unstable());
            found
        })
        .collect()
}

#[test]
fn every_code_of_the_lists_and_between_them_tells_of_what_another_implementation_says() {
    let oracle: Value =
        serde_json::from_str(include_str!("../../../../oracles/cohort/comorbidity_codes.json")).unwrap();
    let all: Vec<char> = ('0'..='9').chain('A'..='Z').collect();
    let digits = &all[..10];
    let letters = &all[10..];
    let longer = |codes: &[String], marks: &[char]| -> Vec<String> {
        codes.iter().flat_map(|code| marks.iter().map(move |mark| format!("{code}{mark}"))).collect()
    };
    let ten: Vec<String> = letters.iter().map(char::to_string).collect();
    let ten = longer(&longer(&ten, digits), &all);
    let nine: Vec<String> = (1..1000)
        .map(|number| format!("{number:03}"))
        .chain((0..100).map(|number| format!("V{number:02}")))
        .chain((0..1000).map(|number| format!("E{number:03}")))
        .collect();
    let mut asked = 0;
    for (icd, mut level, marks, more) in [(9, nine, digits, 2), (10, ten, &all[..], 1)] {
        let written = &oracle["codes"][icd.to_string()];
        let mut before: BTreeMap<String, [Vec<usize>; 2]> = BTreeMap::new();
        for step in 0..=more {
            let codes: Vec<String> = level.iter().map(|code| format!("ICD{icd}CM/{code}")).collect();
            let found = told_by_each(&codes);
            let mut here = BTreeMap::new();
            for (code, found) in level.iter().zip(found) {
                let shorter = &code[..code.len() - 1];
                let expected = match written.get(code) {
                    Some(places) => serde_json::from_value(places.clone()).unwrap(),
                    None => before.get(shorter).cloned().unwrap_or_default(),
                };
                assert_eq!(found, expected, "ICD-{icd} {code}");
                here.insert(code.clone(), expected);
            }
            asked += level.len();
            before = here;
            level = if step < more { longer(&level, marks) } else { Vec::new() };
        }
    }
    assert_eq!(oracle["asked"].as_u64(), Some(asked as u64));
}
