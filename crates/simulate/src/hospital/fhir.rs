//! A patient as resources of FHIR R4 (<https://hl7.org/fhir/R4/>), a line each, in the form of a bulk export of US Core.

use std::io::Write as _;

use super::moment::{Moment, push_decimal};
use super::patient::{Measured, Patient, Visit};
use super::place::{ETHNICITY, FROM, RACE, SEX, TO, VISITS};
use super::terms::{DIASTOLIC, SYSTOLIC};
use super::vocabulary::{Term, Vocabulary};

/// A file for each type.
pub(super) const FILES: [&str; 6] = [
    "Patient.ndjson",
    "Encounter.ndjson",
    "Condition.ndjson",
    "MedicationAdministration.ndjson",
    "Procedure.ndjson",
    "Observation.ndjson",
];

const HL7: &str = "http://terminology.hl7.org/CodeSystem";
const CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition";

/// Adds a patient's resources to the files.
pub(super) fn write(vocabulary: &Vocabulary, patient: &Patient, out: &mut [Vec<u8>]) {
    let [patients, encounters, conditions, drugs, procedures, observations] = out else { return };
    let number = patient.number;
    write_patient(patient, patients);
    let mut next = [0_u64; 4];
    let mut begin = |out: &mut Vec<u8>, kind: usize, named: &str, status: &str| {
        next[kind] += 1;
        put(out, format_args!(r#"{{"resourceType":"{named}","id":"{number}-{}"{status}"#, next[kind]));
    };
    for (place, visit) in (1..).zip(&patient.visits) {
        write_encounter(patient, visit, place, encounters);
        let about = format!(
            r#""subject":{{"reference":"Patient/{number}"}},"encounter":{{"reference":"Encounter/{number}-{place}"}}"#
        );
        for one in &visit.conditions {
            begin(conditions, 0, "Condition", "");
            put(
                conditions,
                format_args!(
                    r#","clinicalStatus":{{"coding":[{{"system":"{HL7}/condition-clinical","code":"active"}}]}},"verificationStatus":{{"coding":[{{"system":"{HL7}/condition-ver-status","code":"confirmed"}}]}},"category":[{{"coding":[{{"system":"{HL7}/condition-category","code":"encounter-diagnosis"}}]}}],"#
                ),
            );
            push_concept(vocabulary, &vocabulary.conditions.0[one.term], "code", conditions);
            put(conditions, format_args!(r#",{about},"recordedDate":""#));
            push_moment(conditions, one.at);
            put(conditions, format_args!("\"}}\n"));
        }
        for one in &visit.drugs {
            begin(drugs, 1, "MedicationAdministration", r#","status":"completed","#);
            push_concept(vocabulary, &vocabulary.drugs.0[one.term], "medicationCodeableConcept", drugs);
            let about = about.replace("\"encounter\"", "\"context\"");
            put(drugs, format_args!(r#",{about},"effectivePeriod":{{"start":""#));
            push_moment(drugs, one.at);
            put(drugs, format_args!(r#"","end":""#));
            push_moment(drugs, one.until);
            put(drugs, format_args!("\"}}}}\n"));
        }
        for one in &visit.procedures {
            begin(procedures, 2, "Procedure", r#","status":"completed","#);
            push_concept(vocabulary, &vocabulary.procedures.0[one.term], "code", procedures);
            put(procedures, format_args!(r#",{about},"performedDateTime":""#));
            push_moment(procedures, one.at);
            put(procedures, format_args!("\"}}\n"));
        }
        let mut rest = visit.measured.as_slice();
        while let [first, after @ ..] = rest {
            begin(observations, 3, "Observation", r#","status":"final","#);
            let code = |one: &Measured| vocabulary.measures[one.measure].code.as_str();
            let vital = vocabulary.measures[first.measure].is_vital();
            let category = if vital { "vital-signs" } else { "laboratory" };
            put(
                observations,
                format_args!(
                    r#""category":[{{"coding":[{{"system":"{HL7}/observation-category","code":"{category}"}}]}}],"#
                ),
            );
            let pressures =
                code(first) == SYSTOLIC && after.first().is_some_and(|next| code(next) == DIASTOLIC);
            if pressures {
                put(
                    observations,
                    format_args!(
                        r#""code":{{"coding":[{{"system":"http://loinc.org","code":"85354-9","display":"Blood pressure panel"}}]}}"#
                    ),
                );
            } else {
                push_measured(vocabulary, first, observations);
            }
            put(observations, format_args!(r#",{about},"effectiveDateTime":""#));
            push_moment(observations, first.at);
            observations.push(b'"');
            rest = after;
            if let (true, [second, after @ ..]) = (pressures, after) {
                put(observations, format_args!(r#","component":[{{"#));
                push_measured(vocabulary, first, observations);
                put(observations, format_args!("}},{{"));
                push_measured(vocabulary, second, observations);
                put(observations, format_args!("}}]"));
                rest = after;
            }
            put(observations, format_args!("}}\n"));
        }
    }
}

fn write_patient(patient: &Patient, out: &mut Vec<u8>) {
    let number = patient.number;
    put(out, format_args!(r#"{{"resourceType":"Patient","id":"{number}","extension":["#));
    for (name, group) in [("race", &RACE[patient.race]), ("ethnicity", &ETHNICITY[patient.ethnicity])] {
        let (code, words) = (group.4, group.5);
        put(
            out,
            format_args!(
                r#"{{"url":"{CORE}/us-core-{name}","extension":[{{"url":"ombCategory","valueCoding":{{"system":"urn:oid:2.16.840.1.113883.6.238","code":"{code}","display":"{words}"}}}},{{"url":"text","valueString":"{words}"}}]}}"#
            ),
        );
        out.extend_from_slice(if name == "race" { b"," } else { b"]," });
    }
    put(
        out,
        format_args!(
            r#""name":[{{"use":"official","family":"Simulated","given":["{number}"]}}],"gender":"{}","birthDate":""#,
            SEX[patient.sex].4
        ),
    );
    patient.birth.push_date(out);
    if let Some(death) = patient.death {
        put(out, format_args!(r#"","deceasedDateTime":""#));
        push_moment(out, death);
    }
    put(out, format_args!("\"}}\n"));
}

fn write_encounter(patient: &Patient, visit: &Visit, place: usize, out: &mut Vec<u8>) {
    let (number, kind) = (patient.number, &VISITS[visit.kind as usize]);
    put(
        out,
        format_args!(
            r#"{{"resourceType":"Encounter","id":"{number}-{place}","status":"finished","class":{{"system":"{HL7}/v3-ActCode","code":"{}","display":"{}"}},"type":[{{"coding":[{{"system":"http://snomed.info/sct","code":"{}","display":"{}"}}]}}],"subject":{{"reference":"Patient/{number}"}},"period":{{"start":""#,
            kind.class.0, kind.class.1, kind.kind.0, kind.kind.1
        ),
    );
    push_moment(out, visit.start);
    put(out, format_args!(r#"","end":""#));
    push_moment(out, visit.end);
    put(out, format_args!("\"}}"));
    let from = visit.from.map(|from| ("admitSource", "admit-source", FROM[from].fhir));
    let to = if visit.died { Some("exp") } else { visit.to.map(|to| TO[to].fhir) };
    let to = to.map(|to| ("dischargeDisposition", "discharge-disposition", to));
    let mut before = r#","hospitalization":{"#;
    for (field, system, code) in from.into_iter().chain(to) {
        put(
            out,
            format_args!(r#"{before}"{field}":{{"coding":[{{"system":"{HL7}/{system}","code":"{code}"}}]}}"#),
        );
        before = ",";
    }
    put(out, format_args!("{}\n", if before == "," { "}}" } else { "}" }));
}

/// A code of a vocabulary and, where there is one, of the bill.
fn push_concept(vocabulary: &Vocabulary, term: &Term, field: &str, out: &mut Vec<u8>) {
    let places = term.standard.into_iter().chain(term.source);
    put(out, format_args!(r#""{field}":{{"coding":["#));
    let mut name = "";
    for concept in places.map(|place| vocabulary.concepts.at(place)) {
        if !name.is_empty() {
            out.push(b',');
        }
        name = &concept.name;
        let system = match concept.vocabulary {
            "SNOMED" => "http://snomed.info/sct",
            "RxNorm" => "http://www.nlm.nih.gov/research/umls/rxnorm",
            _ => "http://hl7.org/fhir/sid/icd-10-cm",
        };
        put(out, format_args!(r#"{{"system":"{system}","code":"{}","display":"{name}"}}"#, concept.code));
    }
    put(out, format_args!(r#"],"text":"{name}"}}"#));
}

/// What was measured and its value.
fn push_measured(vocabulary: &Vocabulary, one: &Measured, out: &mut Vec<u8>) {
    let measure = &vocabulary.measures[one.measure];
    let (code, name, unit) = (&measure.code, &measure.name, measure.unit);
    put(
        out,
        format_args!(
            r#""code":{{"coding":[{{"system":"http://loinc.org","code":"{code}","display":"{name}"}}]}},"valueQuantity":{{"value":"#
        ),
    );
    push_decimal(out, one.value, measure.digits);
    put(out, format_args!(r#","unit":"{unit}","system":"http://unitsofmeasure.org","code":"{unit}"}}"#));
}

/// A day, or an instant in UTC.
fn push_moment(out: &mut Vec<u8>, moment: Moment) {
    moment.push_date(out);
    if !moment.day_only {
        out.push(b'T');
        moment.push_clock(out);
        out.extend_from_slice(b"+00:00");
    }
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Memory takes whatever is written to it.
    let _ = out.write_fmt(text);
}
