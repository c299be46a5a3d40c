//! What must hold between the sections of a study file.

mod judging;
mod modelling;
mod table;

use toml::de::DeTable;

use super::StudyFile;
use super::error::SpecError;
use super::place::{Step, locate, path_text};

/// Every contradiction between parts of a file that are right by themselves.
pub(super) fn check(text: &str, root: &DeTable<'_>, file: &StudyFile) -> Vec<SpecError> {
    let mut across = Across { text, root, file, errors: Vec::new() };
    across.data();
    across.events();
    across.columns();
    across.rows_and_outcome();
    across.split();
    across.models();
    across.tuning();
    across.report();
    across.gates();
    across.errors
}

struct Across<'a, 'i> {
    text: &'a str,
    root: &'a DeTable<'i>,
    file: &'a StudyFile,
    errors: Vec<SpecError>,
}

impl Across<'_, '_> {
    fn error(&mut self, path: &[Step<'_>], problem: impl Into<String>, hint: &str) {
        let (span, _) = locate(self.root, path);
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.errors.push(SpecError::new(self.text, span, path_text(path), problem, hint));
    }

    fn is_given(&self, path: &[Step<'_>]) -> bool {
        locate(self.root, path).1.is_some()
    }
}

/// Entries that stand earlier in the list, too: position and entry.
fn repeated<T: PartialEq>(list: &[T]) -> Vec<(usize, &T)> {
    list.iter().enumerate().filter(|(i, entry)| list[..*i].contains(entry)).collect()
}
