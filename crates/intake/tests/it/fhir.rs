//! FHIR resources on their way into a data set of events.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow::util::display::array_value_to_string;
use bedside_intake::import::{ImportOptions, Imported, Source, import};
use bedside_intake::{IntakeError, fuzzing};
use flate2::write::GzEncoder;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// An export: one type in a file, as the standard has it, and a bundle of another patient.
const PATIENTS: &str = r#"{"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1950-06", "deceasedDateTime": "2021-03-04",
 "extension": [{"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", "extension": [
   {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": "2054-5", "display": "Black"}}, {"url": "text", "valueString": "x"}]},
  {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity", "extension": [{"url": "ombCategory", "valueCoding": {"code": "2135-2"}}]},
  {"url": "http://elsewhere.example/x", "valueDecimal": 3.5}],
 "maritalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "code": "M", "display": "Married"}]}}
{"resourceType": "Patient", "id": "p2", "gender": "male", "deceasedBoolean": true}"#;

const CONDITIONS: &str = r#"{"resourceType": "Condition", "subject": {"reference": "Patient/p1"}, "code": {"coding": [{"system": "http://ward.example/own", "code": "7"}, {"system": "http://snomed.info/sct", "code": "38341003", "display": "Hypertension"}]}, "onsetDateTime": "2020-01-05", "abatementDateTime": "2020-02"}
{"resourceType": "Condition", "subject": {"reference": "https://ehr.example/fhir/Patient/p1/_history/2"}, "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}]}, "recordedDate": "2020-01-06T23:30:00-05:00"}
{"resourceType": "Condition", "verificationStatus": {"coding": [{"code": "refuted"}]}, "subject": {"reference": "Patient/p1"}}
{"resourceType": "Condition", "verificationStatus": {"coding": [{"code": "differential"}]}, "subject": {"reference": "Patient/p1"}, "code": {"coding": [{"code": "x"}]}, "onsetDateTime": "2020"}
{"resourceType": "Condition", "subject": {"reference": "Patient/p1"}, "code": {"text": "a secret"}, "onsetDateTime": "2020"}
{"resourceType": "Condition", "subject": {"reference": "Patient?identifier=1"}, "code": {"coding": [{"code": "x"}]}, "onsetDateTime": "2020"}
{"resourceType": "Condition", "subject": {"reference": "Patient/p1"}, "code": {"coding": [{"code": "x"}]}, "onsetDateTime": "secretly"}
{"resourceType": "Condition", "subject": {"reference": "Patient/p1"}, "code": {"coding": [{"code": "x"}]}}
{"resourceType": "Condition", "subject": "Patient/p1"}
{"resourceType": "Cond
{"some": "thing"}"#;

const OTHERS: &str = r##"{"resourceType": "MedicationRequest", "intent": "proposal", "subject": {"reference": "Patient/p1"}, "authoredOn": "2020-03-01T08:00:00Z", "medicationReference": {"reference": "Medication/m1"}}
{"resourceType": "MedicationRequest", "status": "active", "subject": {"reference": "Patient/p1"}, "authoredOn": "2020-03-01T08:00:00Z", "medicationReference": {"reference": "Medication/m1"}}
{"resourceType": "MedicationRequest", "doNotPerform": true, "subject": {"reference": "Patient/p1"}, "authoredOn": "2020-03-01T08:00:00Z", "medicationReference": {"reference": "Medication/m1"}}
{"resourceType": "MedicationRequest", "subject": {"reference": "Patient/p1"}, "authoredOn": "2020-03-01T08:00:00Z", "medicationReference": {"reference": "Medication/unknown"}}
{"resourceType": "MedicationAdministration", "subject": {"reference": "Patient/p1"}, "effectivePeriod": {"start": "2020-03-01T09:00:00Z", "end": "2020-03-01T10:00:00Z"}, "medicationCodeableConcept": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1191"}]}}
{"resourceType": "MedicationAdministration", "subject": {"reference": "Patient/p1"}, "effectivePeriod": {"start": "2020-03-01T11:00:00Z", "end": "2020-03-01T11:00:00Z"}, "medicationCodeableConcept": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "7052"}]}}
{"resourceType": "MedicationStatement", "status": "entered-in-error"}
{"resourceType": "MedicationStatement", "contained": [{"resourceType": "Medication", "id": "c", "code": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "161"}]}}], "subject": {"reference": "Patient/p1"}, "effectiveDateTime": "2020-03-02T00:00:00Z", "medicationReference": {"reference": "#c"}}
{"resourceType": "Procedure", "subject": {"reference": "Patient/p1"}, "performedPeriod": {"start": "2020-04-01T09:00:00Z", "end": "2020-04-01T09:30:00Z"}, "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "99213"}]}}
{"resourceType": "Procedure", "status": "not-done", "subject": {"reference": "Patient/p1"}, "performedDateTime": "2020-04-01T09:00:00Z", "code": {"coding": [{"code": "1"}]}}
{"resourceType": "Immunization", "patient": {"reference": "Patient/p1"}, "occurrenceDateTime": "2020-05-01T09:00:00Z", "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "08"}]}}
{"resourceType": "DiagnosticReport", "subject": {"reference": "Patient/p1"}, "effectiveDateTime": "2020-06-01T09:00:00Z", "code": {"coding": [{"system": "http://loinc.org", "code": "34117-2"}]}}
{"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/p1"}, "recordedDate": "2020-07-01T09:00:00Z", "code": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1191", "display": "Aspirin"}]}}
{"resourceType": "Claim"}"##;

const BUNDLE: &str = r#"{"resourceType": "Bundle", "type": "transaction", "entry": [
 {"fullUrl": "urn:uuid:aaaa", "resource": {"resourceType": "Patient", "id": "p3", "birthDate": "1960-01-02"}},
 {"fullUrl": "urn:uuid:bbbb", "resource": {"resourceType": "Encounter", "status": "finished", "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"}, "type": [{"coding": [{"system": "http://snomed.info/sct", "code": "32485007", "display": "Admission"}]}], "subject": {"reference": "urn:uuid:aaaa"}, "period": {"start": "2020-01-01", "end": "2020-01-03T12:00:00Z"}, "hospitalization": {"admitSource": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/admit-source", "code": "emd"}]}, "dischargeDisposition": {"coding": [{"system": "http://x.example/d", "code": "home"}]}}}},
 {"resource": {"resourceType": "Encounter", "status": "planned"}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}, "subject": {"reference": "Patient/p3"}, "effectiveDateTime": "2020-01-01T10:00:00Z", "component": [
   {"code": {"coding": [{"system": "http://loinc.org", "code": "8462-4", "display": "Diastolic"}]}, "valueQuantity": {"value": 80, "unit": "mmHg", "code": "mm[Hg]"}},
   {"code": {"coding": [{"system": "http://loinc.org", "code": "8480-6", "display": "Systolic"}]}, "valueQuantity": {"value": 120.5, "unit": "mmHg", "code": "mm[Hg]"}},
   {"code": {"coding": [{"system": "http://loinc.org", "code": "8478-0"}]}, "dataAbsentReason": {"text": "no"}}]}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Rate"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "effectivePeriod": {"start": "2020-01-01T11:00:00Z"}, "valueQuantity": {"value": 60, "comparator": "<", "code": "/min"}}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"system": "http://loinc.org", "code": "72166-2", "display": "Smoking"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "issued": "2020-01-01T12:00:00Z", "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "8517006", "display": "Former"}]}}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"code": "note"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "effectiveInstant": "2020-01-01T13:00:00Z", "valueString": "well"}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"code": "flag"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "effectiveDateTime": "2020-01-01T14:00:00Z", "valueBoolean": true}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"code": "count"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "effectiveDateTime": "2020-01-01T15:00:00Z", "valueInteger": 3}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"code": "ratio"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "effectiveDateTime": "2020-01-01T16:00:00Z", "valueRatio": {}}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"code": "none"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "effectiveDateTime": "2020-01-01T16:00:00Z", "dataAbsentReason": {}}},
 {"resource": {"resourceType": "Observation", "status": "cancelled"}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"code": "large"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "effectiveDateTime": "2020-01-01T16:00:00Z", "valueQuantity": {"value": 1e39}}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"code": "text"}]}, "subject": {"reference": "urn:uuid:bbbb"}, "effectiveDateTime": "2020-01-01T16:00:00Z"}},
 {"resource": {"resourceType": "Observation", "code": {"coding": [{"code": "half"}]}, "subject": {"reference": "urn:uuid:aaaa"}, "effectiveDateTime": "2020-01-01T16:00:00Z", "valueInteger": 1, "component": [{"valueQuantity": {"value": "6"}}]}},
 {"fullUrl": "urn:uuid:cccc", "resource": {"resourceType": "Medication", "code": {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "5640"}]}}},
 {"resource": {"resourceType": "MedicationRequest", "subject": {"reference": "urn:uuid:aaaa"}, "authoredOn": "2020-01-02T00:00:00Z", "medicationReference": {"reference": "urn:uuid:cccc"}}},
 {"request": {"method": "GET", "url": "Patient"}}
]}"#;

fn number(id: &str) -> i64 {
    let digest = Sha256::digest(id.as_bytes());
    (u64::from_be_bytes(digest[..8].try_into().unwrap()) >> 1) as i64
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("bundles")).unwrap();
    // A resource of several lines above is one here.
    write("Patient.000.ndjson", &PATIENTS.replace("\n ", " "));
    write("Condition.000.ndjson", CONDITIONS);
    write(
        "Medication.ndjson",
        r#"{"resourceType": "Medication", "id": "m1", "code": {"coding": [{"system": "http://hl7.org/fhir/sid/ndc", "code": "0002-1"}]}}"#,
    );
    write("bundles/one.json", BUNDLE);
    write("manifest.json", r#"{"output": []}"#);
    write("broken.json", r#"{"resourceType": "Bundle", "entry": ["#);
    write("log.ndjson", "{\"exportId\": 1}\n");
    write("README.md", "nothing");
    let packed = File::create(folder.path().join("Others.ndjson.gz")).unwrap();
    let mut packed = GzEncoder::new(packed, flate2::Compression::fast());
    packed.write_all(OTHERS.as_bytes()).unwrap();
    packed.finish().unwrap();
    folder
}

fn taken_in(from: &Path, into: &Path, threads: usize) -> Result<Imported, IntakeError> {
    let options = ImportOptions { threads, rejected: 0.9, ..ImportOptions::default() };
    import(&Source::Fhir(from.to_owned()), into, &options, &mut |_| {})
}

/// The rows of a table, each as one text.
fn rows(path: &Path) -> Vec<String> {
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap().build().unwrap();
    let mut rows = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| array_value_to_string(column, row).unwrap());
            rows.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    rows
}

fn shards(data: &Path) -> Vec<PathBuf> {
    let mut shards = Vec::new();
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { shards.extend(self::shards(&path)) } else { shards.push(path) }
    }
    shards.sort();
    shards
}

#[test]
fn every_kind_of_resource_becomes_its_events() {
    let (from, into) = (folder(), TempDir::new().unwrap());
    let done = taken_in(from.path(), &into.path().join("events"), 2).unwrap();
    let all: Vec<String> =
        shards(&into.path().join("events/data")).iter().flat_map(|path| rows(path)).collect();
    let of = |id: &str| {
        let begin = format!("{}|", number(id));
        all.iter().filter_map(|row| row.strip_prefix(&begin)).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        of("p1"),
        [
            "|Gender/F||",
            "|Race/3||",
            "|Ethnicity/Hispanic||",
            "|MARITAL_STATUS//M||",
            "1950-06-01T00:00:00|MEDS_BIRTH||",
            "2020-01-05T23:59:59|SNOMED/38341003||",
            "2020-01-07T04:30:00|ICD10CM/I10||",
            "2020-02-29T23:59:59|SNOMED/38341003//END||",
            "2020-03-01T08:00:00|NDC/0002-1//ORDERED||",
            "2020-03-01T09:00:00|RxNorm/1191||",
            "2020-03-01T10:00:00|RxNorm/1191//END||",
            // What ends as it begins has no end of its own.
            "2020-03-01T11:00:00|RxNorm/7052||",
            "2020-03-02T00:00:00|RxNorm/161||",
            "2020-04-01T09:00:00|CPT4/99213||",
            "2020-04-01T09:30:00|CPT4/99213//END||",
            "2020-05-01T09:00:00|CVX/08||",
            "2020-06-01T09:00:00|LOINC/34117-2//REPORT||",
            "2020-07-01T09:00:00|ALLERGY//RxNorm/1191||",
            "2021-03-04T23:59:59|MEDS_DEATH||",
        ]
    );
    // Of a death without a time nothing is told: it would be known before it.
    assert_eq!(of("p2"), ["|Gender/M||"]);
    assert_eq!(
        of("p3"),
        [
            "1960-01-02T00:00:00|MEDS_BIRTH||",
            "2020-01-01T00:00:00|Visit/IP||",
            "2020-01-01T00:00:00|SNOMED/32485007||",
            "2020-01-01T00:00:00|ADMITTED_FROM//CMS Place of Service/23||",
            "2020-01-01T10:00:00|LOINC/8462-4//mm[Hg]|80.0|",
            "2020-01-01T10:00:00|LOINC/8480-6//mm[Hg]|120.5|",
            "2020-01-01T11:00:00|LOINC/8867-4///min|60.0|<",
            "2020-01-01T12:00:00|LOINC/72166-2//SNOMED/8517006||",
            "2020-01-01T13:00:00|unmapped/note||well",
            "2020-01-01T14:00:00|unmapped/flag//true||",
            "2020-01-01T15:00:00|unmapped/count|3.0|",
            "2020-01-01T16:00:00|unmapped/ratio||",
            "2020-01-02T00:00:00|RxNorm/5640//ORDERED||",
            // A code of another system may mean something else.
            "2020-01-03T12:00:00|DISCHARGED_TO//home||",
            "2020-01-03T12:00:00|Visit/IP//END||",
        ]
    );
    assert_eq!((done.subjects, done.events), (3, 35));
    assert_eq!(
        done.notes,
        [
            "not read: 1 Claim",
            "left out, because they say that they are wrong, did not happen or have no value: 2 Condition, \
             2 MedicationRequest, 2 Observation, 1 Encounter, 1 MedicationStatement, 1 Procedure",
            "values that cannot be kept, so that only the code was: 1 valueRatio",
            "1 subject is dead since an unknown time, which no event tells",
            "not FHIR, so not read: `bundle 3 of 3`, `log.ndjson`",
        ]
    );
    let codes = rows(&into.path().join("events/metadata/codes.parquet"));
    let described = |code: &str| {
        let row = codes.iter().find(|row| row.split('|').next() == Some(code)).unwrap();
        row.split('|').nth(1).unwrap().to_owned()
    };
    assert_eq!(described("SNOMED/38341003//END"), "Hypertension, end");
    assert_eq!(described("LOINC/8867-4///min"), "Rate, /min");
    assert_eq!(described("LOINC/72166-2//SNOMED/8517006"), "Smoking, Former");
    assert_eq!(described("ALLERGY//RxNorm/1191"), "allergy, Aspirin");
    assert_eq!(described("RxNorm/161"), "");
}

#[test]
fn what_is_broken_is_told_by_place_and_reason_and_harms_nothing_else() {
    let (from, into) = (folder(), TempDir::new().unwrap());
    taken_in(from.path(), &into.path().join("events"), 3).unwrap();
    assert_eq!(
        rows(&into.path().join("events/rejects.parquet")),
        [
            "bundle 1 of 3|1||not JSON, or broken off",
            "bundle 2 of 3|13|Observation.valueQuantity|a number too large for single precision, in which MEDS keeps values",
            "bundle 2 of 3|14|Observation.subject|of no patient",
            "bundle 2 of 3|15|Observation.component.valueQuantity|not as FHIR R4 has it",
            "Condition.000.ndjson|5|Condition.code|without a code",
            "Condition.000.ndjson|6|Condition.subject|of no patient",
            "Condition.000.ndjson|7|Condition.onsetDateTime|not a date or a time",
            "Condition.000.ndjson|8|Condition.onsetDateTime|without a time",
            "Condition.000.ndjson|9|Condition.subject|not as FHIR R4 has it",
            "Condition.000.ndjson|10||not JSON, or broken off",
            "Condition.000.ndjson|11||JSON, but no FHIR resource",
            "Others.ndjson.gz|4|MedicationRequest.medicationReference|a medication by reference that is neither in the \
             bundle nor in a file of Medication resources",
        ]
    );
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let (from, into) = (folder(), TempDir::new().unwrap());
    // Workers that meet a code under several names agree on one.
    for file in 0..12 {
        let copy = BUNDLE
            .replace("p3", &format!("p{file}-3"))
            .replace("\"Rate\"", &format!("\"Rate {}\"", 11 - file));
        std::fs::write(from.path().join(format!("bundles/more{file}.json")), copy).unwrap();
    }
    let read = |threads: usize| {
        let events = into.path().join(format!("events{threads}"));
        let done = taken_in(from.path(), &events, threads).unwrap();
        let names = ["metadata/codes.parquet", "metadata/subject_splits.parquet", "rejects.parquet"];
        let mut files = shards(&events.join("data"));
        files.extend(names.map(|name| events.join(name)));
        (done, files.iter().map(|path| std::fs::read(path).unwrap()).collect::<Vec<_>>())
    };
    let (one, two, three) = (read(1), read(2), read(3));
    assert_eq!((one.0.subjects, one.1.len() > 3), (15, true));
    assert!(one == two && two == three, "threads make a difference");
    let codes = rows(&into.path().join("events3/metadata/codes.parquet"));
    // Not the first that was met, nor the last.
    assert!(codes.iter().any(|row| row.starts_with("LOINC/8867-4///min|Rate 0, /min|")), "{codes:?}");
}

/// Two exports, one after the other: what was corrected stands there once, and what was taken back not at all.
#[test]
fn of_two_exports_the_later_state_counts() {
    let (from, into) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let observation = |id: &str, version: u8, status: &str, value: u8| {
        format!(
            r#"{{"resourceType": "Observation", "id": "{id}", "meta": {{"versionId": "{version}", "lastUpdated": "202{version}-01-01T00:00:00Z"}}, "status": "{status}", "subject": {{"reference": "Patient/p"}}, "code": {{"coding": [{{"system": "http://loinc.org", "code": "8867-4"}}]}}, "effectiveDateTime": "2020-01-01T1{value}:00:00Z", "valueQuantity": {{"value": {value}, "code": "/min"}}}}"#
        )
    };
    let patient = |sex: &str, version: u8| {
        format!(
            r#"{{"resourceType": "Patient", "id": "p", "meta": {{"versionId": "{version}"}}, "gender": "{sex}"}}"#
        )
    };
    let write = |name: &str, lines: &[String]| {
        let path = from.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, lines.join("\n")).unwrap();
    };
    // By the order of names the newer ones come first.
    write(
        "a/Observation.ndjson",
        &[
            observation("one", 2, "corrected", 1),
            observation("two", 2, "entered-in-error", 2),
            observation("three", 1, "final", 3),
        ],
    );
    write("a/Patient.ndjson", &[patient("female", 2)]);
    write(
        "b/Observation.ndjson",
        &[
            observation("one", 1, "final", 7),
            observation("two", 1, "final", 8),
            observation("three", 1, "final", 3),
        ],
    );
    write("b/Patient.ndjson", &[patient("male", 1)]);
    let read = |threads: usize| {
        let events = into.path().join(format!("events{threads}"));
        let done = taken_in(from.path(), &events, threads).unwrap();
        assert_eq!((done.events, done.subjects), (3, 1));
        let older = "left out, because a later version or the same once more is there: 4 resources";
        assert!(done.notes.iter().any(|note| note == older), "{:?}", done.notes);
        assert_eq!(done.read.iter().map(|(_, rows)| rows).sum::<u64>(), 8, "every reading is counted");
        rows(&shards(&events.join("data"))[0])
    };
    let found = read(1);
    let events: Vec<String> =
        found.iter().map(|row| row.split('|').skip(1).take(3).collect::<Vec<_>>().join("|")).collect();
    assert_eq!(
        events,
        [
            "|Gender/F|",
            "2020-01-01T11:00:00|LOINC/8867-4///min|1.0",
            "2020-01-01T13:00:00|LOINC/8867-4///min|3.0"
        ]
    );
    assert_eq!(read(3), found);
}

#[test]
fn what_was_recorded_long_after_it_began_is_told() {
    let (from, into) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let condition = |onset: &str, recorded: &str| {
        format!(
            r#"{{"resourceType": "Condition", "subject": {{"reference": "Patient/p"}}, "code": {{"coding": [{{"code": "7"}}]}}, "onsetDateTime": "{onset}", "recordedDate": "{recorded}"}}"#
        )
    };
    let lines = [
        condition("2019-01-01", "2020-01-01"),
        // Of the same day, and of the next.
        condition("2020-01-01", "2020-01-01T12:00:00Z"),
        condition("2020-01-01", "2020-01-02"),
    ];
    std::fs::write(from.path().join("Condition.ndjson"), lines.join("\n")).unwrap();
    let done = taken_in(from.path(), &into.path().join("events"), 1).unwrap();
    let told = "1 conditions and allergies were recorded more than a day after they began";
    assert_eq!(done.notes.iter().filter(|note| note.starts_with(told)).count(), 1, "{:?}", done.notes);
}

#[test]
fn a_clock_without_a_zone_beside_one_with_a_zone_is_refused() {
    let (from, into) = (folder(), TempDir::new().unwrap());
    let text = OTHERS.lines().last().unwrap().replace("Claim", "Procedure");
    let text = text.replace('}', r#", "subject": {"reference": "Patient/p1"}, "performedDateTime": "2020-01-01T10:00:00", "code": {"coding": [{"code": "1"}]}}"#);
    std::fs::write(from.path().join("Procedure.ndjson"), text).unwrap();
    let refused = taken_in(from.path(), &into.path().join("events"), 1).unwrap_err();
    assert!(matches!(refused, IntakeError::MixedClocks { .. }), "{refused}");
}

/// The folder of real data, or a word that there is none.
fn real(name: &str) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::var_os("BEDSIDE_DATA").map_or_else(
        || vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")],
        |list| std::env::split_paths(&list).collect(),
    );
    let found =
        folders.iter().map(|folder| folder.join("fhir_synthea").join(name)).find(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: no copy of fhir_synthea");
    }
    found
}

#[test]
fn bundles_of_synthea() {
    let (Some(from), into) = (real("bundles"), TempDir::new().unwrap()) else { return };
    let done = taken_in(&from, &into.path().join("events"), 2).unwrap();
    assert_eq!((done.subjects, done.rejects.len()), (8, 0));
    let rows: u64 = done.read.iter().map(|(_, rows)| rows).sum();
    assert_eq!((done.read.len(), rows), (8, 4154));
}

#[test]
fn bulk_export_of_synthea() {
    let (Some(from), into) = (real("bulk_10_patients"), TempDir::new().unwrap()) else { return };
    let done = taken_in(&from, &into.path().join("events"), 2).unwrap();
    // Ten are alive, three have died.
    assert_eq!((done.subjects, done.rejects.len()), (13, 0));
    assert!(done.notes.iter().any(|note| note == "not FHIR, so not read: `log.ndjson`"), "{:?}", done.notes);
    let shard =
        shards(&into.path().join("events/data")).iter().flat_map(|path| rows(path)).collect::<Vec<_>>();
    assert_eq!(shard.iter().filter(|row| row.contains("|MEDS_BIRTH|")).count(), 13);
    assert_eq!(shard.iter().filter(|row| row.contains("|MEDS_DEATH|")).count(), 3);
}

/// The same export twice says no more than once.
#[test]
fn an_export_beside_its_own_copy() {
    let (Some(from), into) = (real("bulk_10_patients"), TempDir::new().unwrap()) else { return };
    let twice = TempDir::new().unwrap();
    for copy in ["one", "two"] {
        std::fs::create_dir(twice.path().join(copy)).unwrap();
        for file in std::fs::read_dir(&from).unwrap().map(|file| file.unwrap().path()) {
            std::fs::copy(&file, twice.path().join(copy).join(file.file_name().unwrap())).unwrap();
        }
    }
    let events = |from: &Path, name: &str| {
        taken_in(from, &into.path().join(name), 2).unwrap();
        let mut all: Vec<_> =
            shards(&into.path().join(name).join("data")).iter().flat_map(|path| rows(path)).collect();
        all.sort();
        all
    };
    let (once, twice) = (events(&from, "once"), events(twice.path(), "twice"));
    assert_eq!(once.len(), twice.len());
    assert!(once == twice, "a copy changes the events");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_damage_makes_it_panic(
        which in 0_usize..4,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 0..12),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut bytes = [PATIENTS, CONDITIONS, OTHERS, BUNDLE][which].replace("\n ", " ").into_bytes();
        for (place, byte, how) in damage {
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => bytes.insert(at, b"\"{}[]:,0e-"[usize::from(byte) % 10]),
            }
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        fuzzing::fhir(&bytes);
    }

    #[test]
    fn no_value_makes_it_panic(value in r#"[-0-9eE.]{1,12}|"[-0-9:TZ+é]{0,24}"|\[\{\}\]|\{"coding":\[\{"code":"[a-z/]{0,4}"\}\]\}|null|true"#, field in 0_usize..12) {
        let field = ["onsetDateTime", "code", "subject", "valueQuantity", "valueString", "component", "issued", "type",
            "id", "status", "extension", "contained"][field];
        for kind in ["Patient", "Observation", "Condition", "Encounter", "MedicationRequest", "Bundle"] {
            let text = format!(
                r#"{{"resourceType": "{kind}", "{field}": {value}, "id": "1", "subject": {{"reference": "Patient/1"}}, "code": {{"coding": [{{"code": "1"}}]}}, "effectiveDateTime": "2020"}}"#
            );
            fuzzing::fhir(text.as_bytes());
        }
    }
}

#[test]
fn of_several_codings_the_preferred_one_is_the_code_whatever_their_order() {
    let snomed = r#"{"system": "http://snomed.info/sct", "code": "84114007"}"#;
    let icd = r#"{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I50.9"}"#;
    let written = |codings: &[&str]| {
        format!(
            r#"{{"resourceType": "Condition", "subject": {{"reference": "Patient/p1"}}, "code": {{"coding": [{}]}}, "onsetDateTime": "2020-01-05"}}"#,
            codings.join(", ")
        )
    };
    let read = |codings: &[&str], first: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let patient = r#"{"resourceType": "Patient", "id": "p1"}"#;
        std::fs::write(folder.path().join("a.ndjson"), format!("{patient}\n{}\n", written(codings))).unwrap();
        let options = ImportOptions {
            codings: first.iter().map(|system| (*system).to_owned()).collect(),
            ..ImportOptions::default()
        };
        let out = folder.path().join("out");
        let done = import(&Source::Fhir(folder.path().join("a.ndjson")), &out, &options, &mut |_| {})?;
        let file = File::open(out.join("data/0.parquet")).unwrap();
        let batches: Vec<_> = ParquetRecordBatchReaderBuilder::try_new(file)
            .unwrap()
            .build()
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let column = |name: &str| {
            batches
                .iter()
                .filter_map(|batch| batch.column_by_name(name))
                .map(|column| array_value_to_string(column, 0).unwrap())
                .collect::<Vec<_>>()
        };
        Ok::<_, IntakeError>((column("code"), column("source_code"), done.notes, done.events))
    };
    let (code, source, notes, events) = read(&[snomed, icd], &[]).unwrap();
    assert_eq!(
        (code, source, events),
        (vec!["ICD10CM/I50.9".to_owned()], vec!["SNOMED/84114007".to_owned()], 1)
    );
    assert!(notes.len() == 1 && notes[0].ends_with("do not read: 1 SNOMED beside ICD10CM"), "{notes:?}");
    assert_eq!(read(&[icd, snomed], &[]).unwrap(), read(&[snomed, icd], &[]).unwrap());
    let (code, source, notes, _) = read(&[icd, snomed], &["SNOMED"]).unwrap();
    assert_eq!((code, source), (vec!["SNOMED/84114007".to_owned()], vec!["ICD10CM/I50.9".to_owned()]));
    assert!(notes[0].ends_with("1 ICD10CM beside SNOMED"), "{notes:?}");
    assert!(read(&[icd], &["SNOWMED"]).unwrap_err().to_string().contains("`SNOWMED` is no system"));
    let (code, source, notes, _) = read(&[icd], &[]).unwrap();
    assert_eq!((code.len(), source, notes), (1, Vec::new(), Vec::new()), "one coding costs nothing");
}
