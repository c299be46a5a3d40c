//! Bundles, and what their resources are to each other.

use std::collections::HashMap;

use bedside_chart::SubjectNumber;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::fields::{Blame, Fields, Text, said};
use super::medication::{self, Medications};
use super::reference::{Reference, Target, target, unversioned};
use super::resource::Resource;
use crate::import::long::hashed;
use crate::import::rows::Bad;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry<'a> {
    #[serde(borrow, rename = "fullUrl")]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
}

/// The resources of a bundle in order; none for an entry without one.
pub(super) fn resources<'a>(bundle: &Fields<'a>) -> Result<Vec<Result<Option<Resource<'a>>, Blame>>, Blame> {
    let kind: Option<Text<'_>> = bundle.get("type")?;
    if said(&kind) == Some("history") {
        return Err(bundle.blame("type", Bad::History));
    }
    let entries: Vec<&RawValue> = bundle.get("entry")?.unwrap_or_default();
    let read = |raw: &'a RawValue| {
        let entry: Entry<'a> =
            serde_json::from_str(raw.get()).map_err(|_| bundle.blame("entry", Bad::NotFhir))?;
        let Some(json) = entry.resource else { return Ok(None) };
        Ok(Some(Resource { url: entry.url, ..Resource::parse(json.get())? }))
    };
    Ok(entries.into_iter().map(read).collect())
}

/// What a resource may refer to in its bundle. Empty where it stands alone.
#[derive(Debug, Default)]
pub(super) struct Around<'r> {
    /// Type and logical id, by address.
    by_url: HashMap<&'r str, (&'r str, Option<Text<'r>>)>,
    /// By address and by logical id.
    medications: Medications,
}

impl<'r> Around<'r> {
    pub(super) fn of(resources: &'r [Result<Option<Resource<'_>>, Blame>]) -> Self {
        let mut around = Self::default();
        for resource in resources.iter().flatten().flatten() {
            let kind = resource.kind.as_str();
            let id: Option<Text<'_>> = resource.fields.get("id").ok().flatten();
            let url = said(&resource.url).map(unversioned);
            if kind == "Medication"
                && let Some(symbol) = medication::symbol(&resource.fields)
            {
                let names = [said(&id), url].into_iter().flatten();
                around.medications.extend(names.map(|name| (name.to_owned(), symbol.clone())));
            }
            if let Some(url) = url {
                around.by_url.insert(url, (kind, id));
            }
        }
        around
    }

    /// The subject that a field refers to.
    pub(super) fn subject(&self, fields: &Fields<'_>, field: &'static str) -> Result<SubjectNumber, Blame> {
        let nobody = fields.blame(field, Bad::NoSubject);
        let found: Option<Reference<'_>> = fields.get(field)?;
        let found = found.unwrap_or_default();
        let reference = said(&found.reference).ok_or(nobody)?;
        let named = match target(reference) {
            Some(Target::Named("Patient", id) | Target::Uuid(id)) => Some(id),
            _ => None,
        };
        match self.by_url.get(unversioned(reference)) {
            // A patient that has no id is known by the address.
            Some(("Patient", id)) => said(id).or(named),
            Some(_) => None,
            None => named,
        }
        .map(hashed)
        .ok_or(nobody)
    }

    /// A medication of this bundle.
    pub(super) fn medication(&self, name: &str) -> Option<&super::code::Symbol> {
        self.medications.get(name)
    }
}

/// The logical id of a patient, or the one that its address has.
pub(super) fn own_subject(patient: &Resource<'_>) -> Result<SubjectNumber, Blame> {
    let id: Option<Text<'_>> = patient.fields.get("id")?;
    let by_url = said(&patient.url).and_then(target).and_then(|target| match target {
        Target::Named("Patient", id) | Target::Uuid(id) => Some(id),
        Target::Named(..) | Target::Contained(_) => None,
    });
    said(&id).or(by_url).map(hashed).ok_or(patient.fields.blame("id", Bad::NoSubject))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(around: &Around<'_>, reference: &str) -> Option<SubjectNumber> {
        let json = format!(r#"{{"subject": {{"reference": "{reference}"}}}}"#);
        around.subject(&Fields::parse(&json).unwrap(), "subject").ok()
    }

    #[test]
    fn a_reference_leads_to_the_logical_id() {
        let bundle = r#"{"type": "transaction", "entry": [
            {"fullUrl": "urn:uuid:a", "resource": {"resourceType": "Patient", "id": "one"}},
            {"fullUrl": "urn:uuid:b", "resource": {"resourceType": "Patient"}},
            {"fullUrl": "urn:uuid:c", "resource": {"resourceType": "Device", "id": "x"}},
            {"fullUrl": "https://ehr.example/Patient/4/_history/2", "resource": {"resourceType": "Patient", "id": "four"}},
            {"request": {"method": "GET"}}, 7
        ]}"#;
        let resources = resources(&Fields::parse(bundle).unwrap()).unwrap();
        assert!(matches!(resources[4], Ok(None)) && resources[5].is_err());
        let around = Around::of(&resources);
        assert_eq!(subject(&around, "urn:uuid:a"), Some(hashed("one")));
        assert_eq!(subject(&around, "Patient/one"), Some(hashed("one")));
        assert_eq!(subject(&around, "urn:uuid:b"), Some(hashed("b")));
        assert_eq!(subject(&around, "urn:uuid:c"), None);
        assert_eq!(subject(&around, "urn:uuid:elsewhere"), Some(hashed("elsewhere")));
        assert_eq!(subject(&around, "https://ehr.example/Patient/4"), Some(hashed("four")));
        for nobody in ["Group/1", "#p", "Patient?identifier=1", ""] {
            assert_eq!(subject(&around, nobody), None, "{nobody}");
        }
        let own = |place: usize| own_subject(resources[place].as_ref().unwrap().as_ref().unwrap());
        assert_eq!((own(0), own(1)), (Ok(hashed("one")), Ok(hashed("b"))));
    }

    #[test]
    fn a_bundle_of_history_is_refused() {
        let bundle = Fields::parse(r#"{"type": "history", "entry": []}"#).unwrap();
        assert_eq!(resources(&bundle).err().map(|blame| blame.bad), Some(Bad::History));
    }
}
