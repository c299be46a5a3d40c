//! The study files of the house parse, bad ones are refused with the words in `refused.txt`, and nothing panics.

mod refused;
mod requests;
mod schema;
mod torn;

use super::*;

/// The studies that stand at the root of the repository, each by its name.
const STUDIES: [(&str, &str); 5] = [
    ("diabetes130-readmission", include_str!("../../../../../studies/diabetes130-readmission.toml")),
    ("heart-disease-sites", include_str!("../../../../../studies/heart-disease-sites.toml")),
    ("simulated", include_str!("../../../../../studies/simulated.toml")),
    ("support2-hospital-death", include_str!("../../../../../studies/support2-hospital-death.toml")),
    ("support2-with-leaks", include_str!("../../../../../studies/support2-with-leaks.toml")),
];

fn study(name: &str) -> StudyFile {
    let text = STUDIES.iter().find(|(known, _)| *known == name).unwrap().1;
    StudyFile::parse(text, name).unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn the_studies_of_the_house_parse() {
    for (name, _) in STUDIES {
        assert!(!study(name).model.is_empty(), "{name}");
        assert!(study(name).warnings().is_empty(), "{name}");
    }
}

#[test]
fn the_readmission_study_says_what_it_means() {
    let file = study("diabetes130-readmission");
    assert_eq!(file.split_by(), SplitBy::Patient);
    assert_eq!(file.data.source(), Source::Dataset { name: "diabetes130", files: Vec::new() });
    assert!(file.data.is_missing("race", "?") && !file.data.is_missing("A1Cresult", "None"));
    assert!(
        file.data.is_missing("gender", "Unknown/Invalid") && !file.data.is_missing("race", "Unknown/Invalid")
    );
    let exclusion = &file.exclude.as_slice()[0].condition();
    for (cell, leaves) in [(Cell::Text("11"), true), (Cell::Number(21.0), true), (Cell::Text("1"), false)] {
        assert_eq!(exclusion.holds(cell), leaves, "{cell:?}");
    }
    assert!(!exclusion.holds(Cell::Missing));
    let event = file.outcome.event_condition().unwrap();
    assert!(event.holds(Cell::Text("<30")) && !event.holds(Cell::Text(">30")));
    assert_eq!(file.outcome.kind(), Some(OutcomeKind::Binary));
    for column in ["patient_nbr", "encounter_id", "weight", "payer_code", "readmitted"] {
        assert!(!file.may_be_predictor(column), "{column}");
    }
    assert!(file.may_be_predictor("discharge_disposition_id"));
    let gates: Vec<Gate> = file.gates.iter().collect();
    assert_eq!(gates[0], Gate { measure: Measure::Auroc, demanded: Demand::AtLeast(0.65) });
    assert_eq!(gates[1], Gate { measure: Measure::CalibrationSlope, demanded: Demand::Between(0.9, 1.1) });
    assert!(gates[0].holds(0.65) && !gates[0].holds(0.649));
    assert!(file.champion().is_none());
}

#[test]
fn the_sites_study_names_its_files() {
    let file = study("heart-disease-sites");
    assert_eq!(file.split_by(), SplitBy::Site);
    let files = file.data.files();
    assert_eq!(files[3], InputFile { label: "va".into(), path: "processed.va.data".into() });
    assert!(file.data.is_missing("chol", "0") && file.data.is_missing("chol", "0.0"));
    assert!(!file.data.is_missing("fbs", "0"));
    assert_eq!(file.champion().unwrap().name(), "ridge");
    assert!(!file.may_be_predictor("site"));
}

#[test]
fn file_labels_come_from_file_names() {
    let data = Data {
        path: Some(Paths::Many(vec!["a/processed.va.data".into(), "b\\.hidden".into(), "plain".into()])),
        ..Data::default()
    };
    let labels: Vec<String> = data.files().into_iter().map(|file| file.label).collect();
    assert_eq!(labels, ["processed.va", ".hidden", "plain"]);
}

#[test]
fn a_grid_gives_every_combination_and_a_random_search_some_of_them() {
    let mut file = study("diabetes130-readmission");
    let trees = file.model[1].clone();
    let grid = file.candidates(&trees);
    let labels: Vec<&str> = grid.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(
        labels,
        ["l2 = 1, leaves = 15", "l2 = 1, leaves = 31", "l2 = 10, leaves = 15", "l2 = 10, leaves = 31"]
    );
    assert_eq!(grid[3].model.trees().map(|t| (t.leaves, t.l2, t.min_rows)), Some((31, 10.0, 50)));
    assert_eq!(file.candidates(&file.model[0]).len(), 1);

    file.tune.method = TuningMethod::Random;
    file.tune.budget = 3;
    let drawn = file.candidates(&trees);
    assert_eq!(drawn.len(), 3);
    assert!(drawn.iter().all(|one| grid.contains(one)));
    assert_eq!(drawn, file.candidates(&trees));
    let all: Vec<Vec<Candidate>> = (0..20)
        .map(|seed| {
            file.study.seed = seed;
            file.candidates(&trees)
        })
        .collect();
    assert!(all.iter().any(|other| *other != all[0]), "the seed decides nothing");
}

#[test]
fn what_a_file_dares_is_said() {
    let mut file = study("diabetes130-readmission");
    file.split.allow_repeated_patients = true;
    file.columns.allow = toml::from_str::<Columns>("allow = { score = 'measured before' }").unwrap().allow;
    let warnings = file.warnings();
    assert_eq!(warnings.len(), 2);
    assert!(warnings[0].contains("both sides") && warnings[1].contains("`score`"));
}

#[test]
fn a_study_survives_being_written_and_read() {
    for (name, _) in STUDIES {
        let file = study(name);
        let json = serde_json::to_string(&file).unwrap();
        assert_eq!(serde_json::from_str::<StudyFile>(&json).unwrap(), file, "{name}");
        let text = toml::to_string(&file).unwrap();
        assert_eq!(toml::from_str::<StudyFile>(&text).unwrap(), file, "{name}");
    }
}
