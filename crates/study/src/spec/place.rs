//! Where something stands in a study file.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{SpecError, SpecErrors};

/// One step from the top of a study file to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Into a table.
    Key(&'a str),
    /// Into a list, counted from 0.
    Item(usize),
    /// To the name itself: to the key of a table, not its value, or to a list's entry of that text. Comes last.
    Name(&'a str),
}

/// The value at the end of a path, with its place, or the place as far along the path as the file goes.
pub(super) fn locate<'d, 'i>(
    root: &'d DeTable<'i>,
    path: &[Step<'_>],
) -> (Range<usize>, Option<&'d Spanned<DeValue<'i>>>) {
    let mut span = 0..0;
    let mut here: Option<&Spanned<DeValue<'_>>> = None;
    for (depth, step) in path.iter().enumerate() {
        let table = match here.map(Spanned::get_ref) {
            None if depth == 0 => Some(root),
            Some(DeValue::Table(table)) => Some(table),
            _ => None,
        };
        let items = here.and_then(|value| value.get_ref().as_array());
        here = match step {
            Step::Key(key) => table.and_then(|table| table.get(*key)),
            Step::Item(i) => match items {
                Some(items) => items.get(*i),
                // One table may stand for a list of one.
                None => here.filter(|_| *i == 0),
            },
            Step::Name(name) => {
                if let Some((key, value)) = table.and_then(|table| table.get_key_value(*name)) {
                    return (key.span(), Some(value));
                }
                items.and_then(|items| items.iter().find(|item| item.get_ref().as_str() == Some(*name)))
            }
        };
        let Some(value) = here else { return (span, None) };
        span = value.span();
    }
    (span, here)
}

/// A path as text: `model[1].leaves`.
pub(super) fn path_text(path: &[Step<'_>]) -> String {
    path.iter().fold(String::new(), |text, step| match step {
        Step::Key(key) | Step::Name(key) => join_path(&text, key),
        Step::Item(i) => format!("{text}[{i}]"),
    })
}

/// A path, one key longer. Keys that hold a dot or a bracket stand in quotes.
pub(super) fn join_path(path: &str, key: &str) -> String {
    let key = if key.contains(['.', '[', '"']) { format!("{key:?}") } else { key.to_owned() };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

impl SpecErrors {
    /// An error about a place in a file that was parsed before: for what only the data can tell, such as a column that
    /// is not there.
    ///
    /// ```
    /// use bedside_study::spec::{SpecErrors, Step};
    /// let text = "[columns]\npatient = \"patient_nr\"\n";
    /// let path = [Step::Key("columns"), Step::Key("patient")];
    /// let error = SpecErrors::at(text, "study.toml", &path, "no such column", Some("did you mean `patient_nbr`?"));
    /// assert_eq!(error.errors()[0].line, 2);
    /// ```
    #[must_use]
    pub fn at(text: &str, name: &str, path: &[Step<'_>], problem: &str, hint: Option<&str>) -> Self {
        let (document, _) = DeTable::parse_recoverable(text);
        let (span, _) = locate(document.get_ref(), path);
        let error = SpecError::new(text, span, path_text(path), problem, hint.map(str::to_owned));
        Self::new(name, vec![error])
    }
}
