//! From text to a checked file.

use serde::de::DeserializeOwned;
use toml::de::DeTable;

use super::error::{SpecError, SpecErrors};
use super::schema::Kind;
use super::{Cell, Condition, RecipeFile, StudyFile, walk};

/// Reads a file of some kind; `across` finds what must hold between its parts.
pub(super) fn parse<T: DeserializeOwned>(
    kind: Kind,
    text: &str,
    name: &str,
    across: impl FnOnce(&str, &DeTable<'_>, &T) -> Vec<SpecError>,
) -> Result<T, SpecErrors> {
    let fail = |errors: Vec<SpecError>| Err(SpecErrors::new(name, errors));
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return fail(errors.iter().map(|error| syntax(text, error)).collect());
    }
    let mut errors = walk::check(kind, text, &document);
    let root = document.get_ref().clone();
    let file: Result<T, toml::de::Error> = T::deserialize(toml::de::Deserializer::from(document));
    match file {
        // A number out of its range does not keep the sections from being compared.
        Ok(file) => {
            errors.extend(across(text, &root, &file));
            if errors.is_empty() { Ok(file) } else { fail(errors) }
        }
        Err(error) if errors.is_empty() => fail(vec![syntax(text, &error)]),
        Err(_) => fail(errors),
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> SpecError {
    let span = error.span().unwrap_or(text.len()..text.len());
    let found = text.get(span.clone()).unwrap_or_default();
    let bare = found.starts_with(|c: char| c.is_ascii_alphabetic())
        && found.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    let (problem, hint) = match error.message() {
        "duplicate key" => (format!("`{found}` is given twice"), Some("write both as one".to_owned())),
        problem if bare => (problem.to_owned(), Some(format!("text stands in quotes: \"{found}\""))),
        problem => (problem.to_owned(), None),
    };
    SpecError::new(text, span, "", problem, hint)
}

/// Reads any bytes as a study file and uses what comes out; for a fuzzer. It must return, whatever the bytes.
pub fn exercise(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match StudyFile::parse(&text, "fuzz.toml") {
        Ok(file) => {
            for model in &file.model {
                let tried = file.candidates(model);
                assert!(!tried.is_empty(), "a model without a setting to try");
                assert!(tried.iter().all(|one| one.model.name() == model.name()), "tuning renames a model");
            }
            for exclusion in file.exclude.as_slice() {
                let condition = exclusion.condition();
                assert_eq!(condition.holds(Cell::Missing), condition == Condition::Missing(true));
            }
            for gate in file.gates.iter() {
                assert!(!gate.holds(f64::NAN), "a gate that NaN passes");
            }
            let _ = (file.split_by(), file.data.source(), file.champion());
            assert!(!file.may_be_predictor(&file.outcome.column), "the outcome among the predictors");
        }
        Err(errors) => {
            assert!(!errors.errors().is_empty(), "refused without a word");
            assert!(!errors.to_string().is_empty(), "refused without a word");
        }
    }
}

/// Reads any bytes as a recipe of features and uses what comes out; for a fuzzer. It must return, whatever the bytes.
pub fn exercise_recipe(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match RecipeFile::parse(&text, "fuzz.toml") {
        Ok(file) => assert!(file.recipe().is_ok(), "a recipe that was accepted cannot be used"),
        Err(errors) => assert!(!errors.to_string().is_empty(), "refused without a word"),
    }
}
