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
    /// The same thing in other systems that are known, the preferred one first.
    pub(super) others: Vec<(String, Option<String>)>,
}

impl Symbol {
    /// With the coding of the first of some systems that it has as its code.
    pub(super) fn preferring(mut self, systems: &[String]) -> Self {
        let of =
            |name: &str, system: &str| name.strip_prefix(system).is_some_and(|rest| rest.starts_with('/'));
        for system in systems {
            if of(&self.name, system) {
                break;
            }
            if let Some(place) = self.others.iter().position(|(name, _)| of(name, system)) {
                let (name, display) = self.others.remove(place);
                let before =
                    (std::mem::replace(&mut self.name, name), std::mem::replace(&mut self.display, display));
                self.others.insert(0, before);
                break;
            }
        }
        self
    }
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

    /// Its code: that of the known vocabulary which is preferred, whatever the order of the codings; of several of one vocabulary the
    /// first in the order of letters. Where none is known, that of them which is first in that order. What is only a text is none.
    pub(super) fn symbol(&self) -> Option<Symbol> {
        let mut first = None;
        let mut all: Vec<(usize, String, Option<String>)> = Vec::new();
        for coding in self.codings() {
            let Some(code) = said(&coding.code) else { continue };
            let (system, known) = system::name_of(coding.system.as_ref().map_or("", Text::as_str));
            let (name, display) = (format!("{system}/{code}"), said(&coding.display).map(str::to_owned));
            if known {
                all.push((system::rank(system), name, display));
            } else if first.as_ref().is_none_or(|first: &Symbol| name < first.name) {
                first = Some(Symbol { name, display, others: Vec::new() });
            }
        }
        all.sort();
        all.dedup_by(|one, other| one.1 == other.1);
        let mut all = all.into_iter().map(|(_, name, display)| (name, display));
        match all.next() {
            Some((name, display)) => Some(Symbol { name, display, others: all.collect() }),
            None => first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(json: &str) -> Option<String> {
        serde_json::from_str::<Concept<'_>>(json).unwrap().symbol().map(|symbol| symbol.name)
    }

    #[test]
    fn the_order_of_codings_does_not_matter() {
        let snomed = r#"{"system": "http://snomed.info/sct", "code": "84114007"}"#;
        let icd =
            r#"{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I50.9", "display": "Heart failure"}"#;
        let local = r#"{"system": "http://ward.example/dx", "code": "HF"}"#;
        let other = r#"{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I50.1"}"#;
        let read = |codings: [&str; 4]| {
            let json = format!(r#"{{"coding": [{}]}}"#, codings.join(","));
            serde_json::from_str::<Concept<'_>>(&json).unwrap().symbol().unwrap()
        };
        let one = read([snomed, icd, local, other]);
        let names: Vec<&str> = one.others.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((one.name.as_str(), names), ("ICD10CM/I50.1", vec!["ICD10CM/I50.9", "SNOMED/84114007"]));
        for order in [[icd, snomed, local, other], [other, local, icd, snomed], [local, other, snomed, icd]] {
            assert_eq!(read(order), one);
        }
        let snomed = one.clone().preferring(&["ATC".to_owned(), "SNOMED".to_owned(), "ICD10CM".to_owned()]);
        assert_eq!((snomed.name.as_str(), snomed.others[0].0.as_str()), ("SNOMED/84114007", "ICD10CM/I50.1"));
        assert_eq!(one.clone().preferring(&["ICD10CM".to_owned(), "SNOMED".to_owned()]), one);
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
