//! Bad files and the words with which they are refused.
//!
//! `refused.txt` is a list of cases: a name after `===`, a study file, `---`, and what is said. `@study` and the like
//! stand for sections that are right.

use super::super::*;

const CASES: &str = include_str!("refused.txt");

const SECTIONS: [(&str, &str); 4] = [
    ("@study", "[study]\ntitle = \"T\"\n"),
    ("@data", "[data]\npath = \"table.csv\"\n"),
    ("@outcome", "[outcome]\ncolumn = \"readmitted\"\nevent = \"<30\"\n"),
    ("@model", "[[model]]\nname = \"linear\"\nkind = \"elastic-net\"\n"),
];

fn expand(file: &str) -> String {
    let mut text = String::new();
    for line in file.lines() {
        if line.starts_with('@') {
            for word in line.split(' ') {
                text += SECTIONS.iter().find(|(name, _)| *name == word).unwrap().1;
            }
        } else {
            text += line;
            text += "\n";
        }
    }
    text
}

#[test]
fn every_refusal_says_where_what_and_what_to_do() {
    let mut wrong = String::new();
    let cases: Vec<&str> = CASES.split("=== ").skip(1).collect();
    for case in &cases {
        let (name, rest) = case.split_once('\n').unwrap();
        let (file, expected) = rest.split_once("---\n").unwrap_or((rest, ""));
        let said = match StudyFile::parse(&expand(file), "study.toml") {
            Ok(_) => "nothing: it parses\n".to_owned(),
            Err(errors) => errors.to_string(),
        };
        if said.trim_end() != expected.trim_end() {
            wrong += &format!("=== {name}\n{file}---\n{said}\n");
        }
    }
    assert!(cases.len() >= 25);
    assert!(wrong.is_empty(), "these refusals read otherwise now:\n{wrong}");
}

#[test]
fn sections_that_stand_for_right_ones_are_right() {
    StudyFile::parse(&expand("@study @data @outcome @model"), "study.toml").unwrap();
}

#[test]
fn an_error_of_the_run_points_at_its_line() {
    let text = "[study]\ntitle = \"T\"\n[[model]]\nname = \"linear\"\nunpenalised = [\"age\", \"sexe\"]\n";
    let path = [Step::Key("model"), Step::Item(0), Step::Key("unpenalised"), Step::Item(1)];
    let errors = SpecErrors::at(text, "study.toml", &path, "no such column", Some("did you mean `sex`?"));
    let error = &errors.errors()[0];
    assert_eq!((error.line, error.column, error.path.as_str()), (5, 23, "model[0].unpenalised[1]"));
    assert!(
        errors.to_string().contains("unpenalised = [\"age\", \"sexe\"]\n  |                       ^^^^^^\n")
    );
}
