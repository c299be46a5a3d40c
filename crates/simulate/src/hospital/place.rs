//! Kinds of people, visits and places, by the names that OMOP and FHIR have for them.

/// Where a patient comes from or goes to.
#[derive(Debug)]
pub(super) struct Place {
    /// CMS place of service, its concept and its name in OMOP.
    pub(super) service: &'static str,
    pub(super) concept: i64,
    pub(super) name: &'static str,
    /// FHIR's code.
    pub(super) fhir: &'static str,
}

const fn place(service: &'static str, concept: i64, name: &'static str, fhir: &'static str) -> Place {
    Place { service, concept, name, fhir }
}

/// In the order of how often they are met.
pub(super) const FROM: &[Place] = &[
    place("23", 8870, "Emergency Room - Hospital", "emd"),
    place("22", 8756, "Outpatient Hospital", "outp"),
    place("21", 8717, "Inpatient Hospital", "hosp-trans"),
    place("32", 8676, "Nursing Facility", "nursing"),
];

/// In the order of how ill the patients are.
pub(super) const TO: &[Place] = &[
    place("12", 8536, "Home", "home"),
    place("61", 8920, "Comprehensive Inpatient Rehabilitation Facility", "rehab"),
    place("31", 8863, "Skilled Nursing Facility", "snf"),
    place("34", 8546, "Hospice", "hosp"),
];

/// A group of people: OMOP's concept, vocabulary, code and name, and FHIR's code and name.
pub(super) type Group = (i64, &'static str, &'static str, &'static str, &'static str, &'static str);

pub(super) const SEX: [Group; 2] =
    [(8532, "Gender", "F", "FEMALE", "female", "female"), (8507, "Gender", "M", "MALE", "male", "male")];

pub(super) const RACE: [Group; 5] = [
    (8527, "Race", "5", "White", "2106-3", "White"),
    (8516, "Race", "3", "Black or African American", "2054-5", "Black or African American"),
    (8515, "Race", "2", "Asian", "2028-9", "Asian"),
    (8657, "Race", "1", "American Indian or Alaska Native", "1002-5", "American Indian or Alaska Native"),
    (
        8557,
        "Race",
        "4",
        "Native Hawaiian or Other Pacific Islander",
        "2076-8",
        "Native Hawaiian or Other Pacific Islander",
    ),
];

pub(super) const ETHNICITY: [Group; 2] = [
    (38_003_564, "Ethnicity", "Not Hispanic", "Not Hispanic or Latino", "2186-5", "Not Hispanic or Latino"),
    (38_003_563, "Ethnicity", "Hispanic", "Hispanic or Latino", "2135-2", "Hispanic or Latino"),
];

/// A kind of visit: OMOP's concept, code and name, FHIR's class and its name, and the SNOMED code and name of its type.
pub(super) struct VisitName {
    pub(super) concept: i64,
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) class: (&'static str, &'static str),
    pub(super) kind: (&'static str, &'static str),
}

/// By [`super::patient::VisitKind`].
pub(super) const VISITS: [VisitName; 3] = [
    VisitName {
        concept: 9201,
        code: "IP",
        name: "Inpatient Visit",
        class: ("IMP", "inpatient encounter"),
        kind: ("32485007", "Hospital admission"),
    },
    VisitName {
        concept: 9202,
        code: "OP",
        name: "Outpatient Visit",
        class: ("AMB", "ambulatory"),
        kind: ("185349003", "Encounter for check up"),
    },
    VisitName {
        concept: 9203,
        code: "ER",
        name: "Emergency Room Visit",
        class: ("EMER", "emergency"),
        kind: ("50849002", "Emergency room admission"),
    },
];
