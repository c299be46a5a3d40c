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
