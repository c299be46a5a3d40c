//! The names of code systems, as OMOP has them.

/// What an address begins with does not count, nor a slash at its end.
const KNOWN: &[(&str, &str)] = &[
    ("loinc.org", "LOINC"),
    ("urn:oid:2.16.840.1.113883.6.1", "LOINC"),
    ("snomed.info/sct", "SNOMED"),
    ("urn:oid:2.16.840.1.113883.6.96", "SNOMED"),
    ("www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
    ("urn:oid:2.16.840.1.113883.6.88", "RxNorm"),
    ("hl7.org/fhir/sid/icd-10-cm", "ICD10CM"),
    ("urn:oid:2.16.840.1.113883.6.90", "ICD10CM"),
    ("hl7.org/fhir/sid/icd-10", "ICD10"),
    ("hl7.org/fhir/sid/icd-9-cm", "ICD9CM"),
    ("urn:oid:2.16.840.1.113883.6.103", "ICD9CM"),
    ("www.cms.gov/medicare/coding/icd10", "ICD10PCS"),
    ("hl7.org/fhir/sid/icd-10-pcs", "ICD10PCS"),
    ("fhir.de/codesystem/bfarm/icd-10-gm", "ICD10GM"),
    ("fhir.de/codesystem/bfarm/ops", "OPS"),
    ("hl7.org/fhir/sid/cvx", "CVX"),
    ("hl7.org/fhir/sid/ndc", "NDC"),
    ("www.ama-assn.org/go/cpt", "CPT4"),
    ("www.whocc.no/atc", "ATC"),
];

/// Of an event that has codes of several systems, the one whose system comes first here is its code: diagnoses in ICD, of which indices
/// of comorbidity are made, before SNOMED.
const PREFERRED: &[&str] = &[
    "ICD10CM", "ICD10GM", "ICD10", "ICD9CM", "LOINC", "RxNorm", "ATC", "CVX", "SNOMED", "CPT4", "ICD10PCS",
    "OPS", "NDC",
];

/// The place of a known system among those.
pub(super) fn rank(name: &str) -> usize {
    PREFERRED.iter().position(|preferred| *preferred == name).unwrap_or(PREFERRED.len())
}

/// The names of the systems that are known, the preferred ones first.
pub(in crate::import) fn names() -> &'static [&'static str] {
    PREFERRED
}

/// The name of a system, and whether it is one of OMOP's vocabularies.
pub(super) fn name_of(system: &str) -> (&str, bool) {
    let system = system.trim().trim_end_matches('/');
    let address =
        ["https://", "http://"].iter().find_map(|begin| system.strip_prefix(begin)).unwrap_or(system);
    if let Some((_, name)) = KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(address)) {
        return (name, true);
    }
    let last = address.rsplit(['/', ':', '#']).next().unwrap_or_default();
    (if last.is_empty() { "unmapped" } else { last }, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_system_has_its_place() {
        assert!(KNOWN.iter().all(|(_, name)| rank(name) < PREFERRED.len()));
        assert!(PREFERRED.iter().all(|preferred| KNOWN.iter().any(|(_, name)| name == preferred)));
    }

    #[test]
    fn names_are_those_of_omop_or_the_last_part() {
        for (system, name, known) in [
            ("http://loinc.org", "LOINC", true),
            ("https://loinc.org/", "LOINC", true),
            ("http://hl7.org/fhir/sid/icd-10-cm", "ICD10CM", true),
            ("http://hl7.org/fhir/sid/icd-10", "ICD10", true),
            ("http://www.cms.gov/Medicare/Coding/ICD10", "ICD10PCS", true),
            ("urn:oid:2.16.840.1.113883.6.96", "SNOMED", true),
            ("urn:oid:2.16.840.1.113883.6.238", "2.16.840.1.113883.6.238", false),
            ("http://terminology.hl7.org/CodeSystem/v3-ActCode", "v3-ActCode", false),
            ("", "unmapped", false),
            ("http://", "unmapped", false),
        ] {
            assert_eq!(name_of(system), (name, known), "{system}");
        }
    }
}
