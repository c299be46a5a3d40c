//! What one resource says to mean another.

use serde::Deserialize;

use super::fields::Text;

/// A field that means another resource.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reference<'a> {
    #[serde(borrow)]
    pub(super) reference: Option<Text<'a>>,
}

/// What a reference means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'r> {
    /// `Patient/17`, or an address that ends so: type and logical id.
    Named(&'r str, &'r str),
    /// `urn:uuid:…`: the resource of a bundle, or one that has this as its logical id.
    Uuid(&'r str),
    /// `#it`: within the resource itself.
    Contained(&'r str),
}

/// A reference without the version that it means.
pub(super) fn unversioned(reference: &str) -> &str {
    reference.find("/_history/").map_or(reference, |end| &reference[..end])
}

/// What a reference means; none for one that would have to be searched for (`Patient?identifier=…`).
pub(super) fn target(reference: &str) -> Option<Target<'_>> {
    let reference = unversioned(reference);
    if let Some(within) = reference.strip_prefix('#') {
        return Some(Target::Contained(within)).filter(|_| !within.is_empty());
    }
    if reference.contains(['?', '#']) {
        return None;
    }
    if let Some(uuid) = reference.strip_prefix("urn:uuid:") {
        return Some(Target::Uuid(uuid)).filter(|_| !uuid.is_empty());
    }
    let mut parts = reference.rsplit('/');
    let (id, kind) = (parts.next()?, parts.next()?);
    let sound = !id.is_empty() && kind.starts_with(|first: char| first.is_ascii_uppercase());
    sound.then_some(Target::Named(kind, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_reference() {
        for (reference, expected) in [
            ("Patient/17", Some(Target::Named("Patient", "17"))),
            ("Patient/17/_history/3", Some(Target::Named("Patient", "17"))),
            ("https://ehr.example/fhir/R4/Patient/a.b-1", Some(Target::Named("Patient", "a.b-1"))),
            ("https://ehr.example/fhir/Patient/17/_history/2", Some(Target::Named("Patient", "17"))),
            ("urn:uuid:0c3b", Some(Target::Uuid("0c3b"))),
            ("#med", Some(Target::Contained("med"))),
            ("Patient?identifier=http://x|1", None),
            ("https://ehr.example/fhir/Patient?id=17", None),
            ("Patient/", None),
            ("17", None),
            ("/17", None),
            ("#", None),
            ("urn:uuid:", None),
            ("urn:oid:1.2.3", None),
            ("", None),
        ] {
            assert_eq!(target(reference), expected, "{reference}");
        }
    }
}
