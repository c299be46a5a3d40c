//! What a column of the matrix is called.

use std::sync::Arc;

use bedside_chart::Unit;

use super::{Aggregation, CodeUse, Window};

/// What of a code or a group is often enough to have columns.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'p> {
    /// The code, or the name of the group.
    pub name: &'p Arc<str>,
    /// What it means, if that is known.
    pub words: Option<&'p Arc<str>>,
    /// What makes it a group (`atc3`, `charlson`, ...); none for a code.
    pub group: Option<&'static str>,
    /// 1 for what is often enough, else 0.
    pub used: CodeUse,
}

/// What a column of the matrix is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The code, or the name of the group.
    pub code: Arc<str>,
    /// What the code means, if that is known.
    pub words: Option<Arc<str>>,
    /// The window; none for events without a time.
    pub window: Option<Window>,
    /// What is made of the events.
    pub aggregation: Aggregation,
}

impl Column {
    /// For a reader: `LAB//50912//mg/dL, last value, 24h`; with words for the code
    /// `Creatinine, mg/dL (LAB//50912//mg/dL), last value, 24h`; a code that is a name and a unit needs none:
    /// `albumin (g/dL), last value, 24h`.
    #[must_use]
    pub fn describe(&self) -> String {
        let aggregation = self.aggregation.words();
        let code = match &self.words {
            Some(words) => format!("{words} ({})", self.code),
            None => {
                let name = self.aggregation.name();
                named(&self.code, name.starts_with("value/") || name == Aggregation::StaticFirst.name())
            }
        };
        match &self.window {
            Some(window) => format!("{code}, {aggregation}, {window}"),
            None => format!("{code}, {aggregation}"),
        }
    }

    /// For a program: `LAB//50912//mg/dL/24h/value/last`.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.window {
            Some(window) => format!("{}/{window}/{}", self.code, self.aggregation),
            None => format!("{}/{}", self.code, self.aggregation),
        }
    }
}

/// A code as a reader would write it: `albumin//g/dL` is albumin in g/dL, and `sex//Female` a sex. Codes of more parts, of a
/// vocabulary, or in capitals as MEDS has them (`LAB//K`) stay as they are, but for names in capitals with a unit (`MCHC//g/dL`).
/// What has values has a unit behind its name.
fn named(code: &str, has_values: bool) -> String {
    let Some((name, of)) = code.split_once("//") else { return code.to_owned() };
    if name.contains('/') || of.is_empty() || of.contains("//") {
        return code.to_owned();
    }
    let is_word = name.chars().any(char::is_lowercase);
    let has_unit = has_values && of.chars().count() > 1 && Unit::new(of).is_ok();
    // As it is written: two spellings of one unit are two codes.
    if is_word || has_unit { format!("{name} ({of})") } else { code.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_unit_are_read_as_such() {
        let read = [
            ("albumin//g/dL", "albumin (g/dL)"),
            ("pressure//mm[Hg]", "pressure (mm[Hg])"),
            ("MCHC//g/dL", "MCHC (g/dL)"),
            ("sex//Female", "sex (Female)"),
            ("LAB//50912//mg/dL", "LAB//50912//mg/dL"),
            ("LOINC/2160-0//mg/dL", "LOINC/2160-0//mg/dL"),
            ("LAB//K", "LAB//K"),
            ("//", "//"),
            ("age", "age"),
        ];
        read.into_iter().for_each(|(code, read)| assert_eq!(named(code, true), read));
        assert_eq!(named("grade//mm[Hg]", false), "grade (mm[Hg])", "a level is not a unit");
    }
}
