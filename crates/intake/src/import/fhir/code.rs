//! Codings and concepts.

use serde::Deserialize;

use super::desk::Part;
use super::fields::{Text, said};
use super::system;

/// A code of a system.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Coding<'a> {
    #[serde(borrow)]
    pub(super) system: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) code: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) display: Option<Text<'a>>,
}

/// One thing in the codes of several systems (a `CodeableConcept`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Concept<'a> {
    #[serde(borrow)]
    pub(super) coding: Option<Vec<Coding<'a>>>,
    #[serde(borrow)]
    pub(super) text: Option<Text<'a>>,
}

/// A code as events have it, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) name: String,
    pub(super) display: Option<String>,
}

impl Concept<'_> {
    fn codings(&self) -> impl Iterator<Item = &Coding<'_>> {
        self.coding.iter().flatten()
    }

    /// Its codes, whatever their systems, and what they are called.
    pub(super) fn codes(&self) -> impl Iterator<Item = Part<'_>> {
        self.codings().filter_map(|coding| said(&coding.code).map(|code| (code, said(&coding.display))))
    }

    /// Its first coding that has a code, and the code.
    pub(super) fn first(&self) -> Option<(&Coding<'_>, &str)> {
        self.codings().find_map(|coding| said(&coding.code).map(|code| (coding, code)))
    }

    /// Its code: the first of a vocabulary that is known, else the first. What is only a text is none.
    pub(super) fn symbol(&self) -> Option<Symbol> {
        let mut first = None;
        for coding in self.codings() {
            let Some(code) = said(&coding.code) else { continue };
            let (system, known) = system::name_of(coding.system.as_ref().map_or("", Text::as_str));
            if known || first.is_none() {
                let display = said(&coding.display).map(str::to_owned);
                let symbol = Symbol { name: format!("{system}/{code}"), display };
                if known {
                    return Some(symbol);
                }
                first = Some(symbol);
            }
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(json: &str) -> Option<String> {
        serde_json::from_str::<Concept<'_>>(json).unwrap().symbol().map(|symbol| symbol.name)
    }

    #[test]
    fn the_first_known_vocabulary_gives_the_code() {
        let local = r#"{"system": "http://ward.example/lab", "code": "HR"}"#;
        let loinc = r#"{"system": "http://loinc.org", "code": " 8867-4 "}"#;
        let snomed = r#"{"system": "http://snomed.info/sct", "code": "364075005"}"#;
        let of = |codings: &[&str]| named(&format!(r#"{{"coding": [{}], "text": "x"}}"#, codings.join(",")));
        assert_eq!(of(&[local, loinc, snomed]).as_deref(), Some("LOINC/8867-4"));
        assert_eq!(of(&[local]).as_deref(), Some("lab/HR"));
        assert_eq!(of(&[r#"{"system": "http://loinc.org"}"#, local]).as_deref(), Some("lab/HR"));
        assert_eq!(of(&[r#"{"code": "HR"}"#]).as_deref(), Some("unmapped/HR"));
        assert_eq!(of(&[r#"{"code": ""}"#]), None);
        assert_eq!(named(r#"{"text": "pulse"}"#), None);
        assert_eq!(named(r#"{"coding": null}"#), None);
    }
}
