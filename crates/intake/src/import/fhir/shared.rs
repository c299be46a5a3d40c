//! What FHIR has a code of its own for and OMOP a concept: it goes by the name that it has from OMOP, so that the same patients
//! have the same events from both. What has no equal there keeps FHIR's code.
//!
//! Visits as in HL7's guide *FHIR to OMOP* (<https://hl7.org/fhir/uv/omop/>, concept map `EncounterClass`, those that are
//! equivalent); places as CMS numbers them (*Place of Service Code Set*), by their names.

use super::system;

/// What it is, FHIR's code, OMOP's name.
type Shared = (&'static str, &'static str, &'static str);

const SHARED: &[Shared] = &[
    ("GENDER", "male", "Gender/M"),
    ("GENDER", "female", "Gender/F"),
    ("RACE", "1002-5", "Race/1"),
    ("RACE", "2028-9", "Race/2"),
    ("RACE", "2054-5", "Race/3"),
    ("RACE", "2076-8", "Race/4"),
    ("RACE", "2106-3", "Race/5"),
    ("ETHNICITY", "2135-2", "Ethnicity/Hispanic"),
    ("ETHNICITY", "2186-5", "Ethnicity/Not Hispanic"),
    ("ENCOUNTER", "IMP", "Visit/IP"),
    ("ENCOUNTER", "AMB", "Visit/OP"),
    ("ENCOUNTER", "EMER", "Visit/ER"),
    (ADMITTED_FROM, "hosp-trans", "CMS Place of Service/21"),
    (ADMITTED_FROM, "outp", "CMS Place of Service/22"),
    (ADMITTED_FROM, "emd", "CMS Place of Service/23"),
    (ADMITTED_FROM, "nursing", "CMS Place of Service/32"),
    (ADMITTED_FROM, "psych", "CMS Place of Service/51"),
    (ADMITTED_FROM, "rehab", "CMS Place of Service/61"),
    (DISCHARGED_TO, "home", "CMS Place of Service/12"),
    (DISCHARGED_TO, "snf", "CMS Place of Service/31"),
    (DISCHARGED_TO, "hosp", "CMS Place of Service/34"),
    (DISCHARGED_TO, "psy", "CMS Place of Service/51"),
    (DISCHARGED_TO, "rehab", "CMS Place of Service/61"),
];

pub(super) const ADMITTED_FROM: &str = "ADMITTED_FROM";
pub(super) const DISCHARGED_TO: &str = "DISCHARGED_TO";

/// The last part of the address of the system in which the codes are FHIR's own; a local code of the same letters may mean
/// something else. Sex has no system, and race and ethnicity none but that of US Core.
fn system(what: &str) -> Option<&'static str> {
    match what {
        "ENCOUNTER" => Some("v3-ActCode"),
        ADMITTED_FROM => Some("admit-source"),
        DISCHARGED_TO => Some("discharge-disposition"),
        _ => None,
    }
}

/// OMOP's name for what is meant by a code of FHIR, of a system if it has one.
pub(super) fn name(what: &str, of: Option<&str>, code: &str) -> Option<&'static str> {
    if system(what).is_some_and(|system| of.is_none_or(|of| system::name_of(of).0 != system)) {
        return None;
    }
    SHARED.iter().find(|(kind, own, _)| *kind == what && *own == code).map(|(.., name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shared_by_what_is_the_same_only() {
        let disposition = Some("http://terminology.hl7.org/CodeSystem/discharge-disposition");
        assert_eq!(name("GENDER", None, "female"), Some("Gender/F"));
        assert_eq!(name(DISCHARGED_TO, disposition, "hosp"), Some("CMS Place of Service/34"));
        for (what, of, code) in [
            ("GENDER", None, "other"),
            ("RACE", None, "2135-2"),
            ("ENCOUNTER", Some("http://terminology.hl7.org/CodeSystem/v3-ActCode"), "VR"),
            ("ENCOUNTER", Some("http://ward.example/class"), "IMP"),
            (DISCHARGED_TO, disposition, "exp"),
            (DISCHARGED_TO, None, "hosp"),
        ] {
            assert_eq!(name(what, of, code), None, "{what} {code}");
        }
    }

    #[test]
    fn no_code_has_two_names() {
        for (place, (what, code, _)) in SHARED.iter().enumerate() {
            assert!(!SHARED[..place].iter().any(|(w, c, _)| (w, c) == (what, code)), "{what} {code}");
        }
    }
}
