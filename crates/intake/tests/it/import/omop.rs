//! The OMOP Common Data Model.

use std::io::Write;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray,
};
use bedside_intake::datasets::find;
use bedside_intake::import::{ImportOptions, Imported, Source, UnitRules};
use bedside_intake::{fuzzing, parse_time};
use flate2::Compression;
use flate2::write::GzEncoder;
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;

use super::{Place, Told, counts, plain};

const CONCEPT: &str = "\
concept_id\tconcept_name\tvocabulary_id\tconcept_code
3016723\tCreatinine [Mass/volume] in Serum\tLOINC\t2160-0
8840\tmilligram per deciliter\tUCUM\tmg/dL
8749\tmicromole per liter\tUCUM\tumol/L
192671\tGastrointestinal hemorrhage\tSNOMED\t74474003
4027663\tLesion of 5\" or more\tSNOMED\t1
35208414\tGastrointestinal hemorrhage, unspecified\tICD10CM\tK92.2
1118084\tcelecoxib\tRxNorm\t140587
4181412\tPresent\tSNOMED\t52101004
8536\tHome\tCMS Place of Service\t12
";

const ANCESTOR: &str = "\
ancestor_concept_id,descendant_concept_id,min_levels_of_separation,max_levels_of_separation
4027663,192671,1,1
192671,192671,0,0
9999999,192671,2,3
1,2,1,1
";

const PERSON: &str = "\
person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,ethnicity_concept_id,race_source_value
9007199254740993,8532,1950,,,,0,38003564,grey
2.0,8507,1960,5,17,1960-05-17 06:30:00,8527,0,
";

const VISIT: &str = "\
visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,visit_end_datetime,discharge_to_concept_id,visit_source_value
1,2,9201,2020-01-01,2020-01-01 10:00:00,2020-01-03,,8536,adm
2,2,0,2020-02-01,,,,0,walk-in
";

const CONDITION: &str = "\
condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_start_datetime,condition_end_date,condition_end_datetime,condition_source_value,condition_source_concept_id
1,2,192671,2020-01-02,2020-01-02 08:00:00,2020-01-09,,K92.2,35208414
2,2,0,2020-01-02,,2020-01-02,2020-01-02 10:00:00,K92.2,35208414
3,2,0,2020-01-02,,,,\"odd, one\",0
4,2,0,2020-01-02,,,,,0
5,77,192671,2020-01-02,,,,,0
";

const MEASUREMENT: &str = "\
measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,unit_source_value,value_source_value
1,2,3016723,2020-01-01,2020-01-01 11:00:00,4172703,1.2,0,8840,mg/dl,1.2
2,2,3016723,2020-01-01,2020-01-01 12:00:00,4171756,88,,0,umol / l,<88
3,2,3016723,2020-01-01,2020-01-01 13:00:00,0,,4181412,0,,
4,2,3016723,2020-01-01,2020-01-01 14:00:00,0,,0,0,,haemolysed
5,2,3016723,2020-01-01,2020-01-01 15:00:00,0,many,0,0,,
";

const DEATH: &str =
    "person_id,death_date,death_datetime,cause_concept_id\n2,2020-03-01,2020-03-01 00:00:00,192671\n";

pub(super) fn cdm() -> Place {
    Place::new()
        .with("in/CONCEPT.csv", CONCEPT)
        .with("in/concept_ancestor.csv", ANCESTOR)
        .with("in/person.csv", PERSON)
        .with("in/visit_occurrence.csv", VISIT)
        .with("in/condition_occurrence.csv", CONDITION)
        .with("in/measurement.csv", MEASUREMENT)
        .with("in/death.csv", DEATH)
        .with("in/NOTE.csv", "note_id,person_id\n1,2\n")
}

pub(super) fn options() -> ImportOptions {
    ImportOptions { rejected: 0.2, ..ImportOptions::default() }
}

fn run(place: &Place) -> Imported {
    place.import(&Source::Omop(place.path("in")), &options()).unwrap()
}

fn at(text: &str) -> Option<i64> {
    Some(parse_time(text, None).unwrap())
}

pub(super) fn expected() -> Vec<Told> {
    let full = |time, code: &str, value, text: Option<&str>, source: Option<&str>| {
        (2, time, code.to_owned(), value, text.map(str::to_owned), source.map(str::to_owned))
    };
    let lab =
        |hour, code, value, text| full(at(&format!("2020-01-01 {hour}:00:00")), code, value, text, None);
    vec![
        plain(2, None, "Gender/M", None),
        plain(2, None, "Race/5", None),
        plain(2, at("1960-05-17 06:30:00"), "MEDS_BIRTH", None),
        plain(2, at("2020-01-01 10:00:00"), "Visit/IP", None),
        lab(11, "LOINC/2160-0//mg/dL", Some(1.2), None),
        // An operator is kept as text; a unit without a concept comes from its text.
        lab(12, "LOINC/2160-0//umol/L", Some(88.0), Some("<")),
        lab(13, "LOINC/2160-0//SNOMED/52101004", None, None),
        lab(14, "LOINC/2160-0", None, Some("haemolysed")),
        full(at("2020-01-02 08:00:00"), "SNOMED/74474003", None, None, Some("ICD10CM/K92.2")),
        // Known to the day: known at its end, and if it ended within the day, then.
        plain(2, at("2020-01-02 23:59:59"), "ICD10CM/K92.2", None),
        plain(2, at("2020-01-02 23:59:59"), "unmapped/condition/odd, one", None),
        plain(2, at("2020-01-03 23:59:59"), "Visit/IP//END", None),
        plain(2, at("2020-01-03 23:59:59"), "DISCHARGED_TO//CMS Place of Service/12", None),
        plain(2, at("2020-01-09 23:59:59"), "SNOMED/74474003//END", None),
        // A visit begins with its day.
        // What a source calls a visit may be its number.
        plain(2, at("2020-02-01"), "unmapped/visit", None),
        // All times of the table are midnight: they are days.
        plain(2, at("2020-03-01 23:59:59"), "MEDS_DEATH", None),
        plain(2, at("2020-03-01 23:59:59"), "DEATH_CAUSE//SNOMED/74474003", None),
        plain(9_007_199_254_740_993, None, "Gender/F", None),
        plain(9_007_199_254_740_993, None, "unmapped/race/grey", None),
        plain(9_007_199_254_740_993, None, "Ethnicity/Not Hispanic", None),
        // Of whom the year of birth is known and no record of that year.
        plain(9_007_199_254_740_993, at("1950-06-15"), "MEDS_BIRTH", None),
    ]
}

#[test]
fn every_table_gives_its_events() {
    let place = cdm();
    let done = run(&place);
    assert_eq!(place.events(), expected());
    let rejects: Vec<String> = done.rejects.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejects,
        [
            "`condition_occurrence.csv` column `condition_concept_id`: without a code (1 row, the first on line 5)",
            "`condition_occurrence.csv` column `person_id`: of a patient that is not among the patients (1 row, the first on line 6)",
            "`measurement.csv` column `value_as_number`: not a number (1 row, the first on line 6)",
        ]
    );
    assert_eq!(
        done.notes,
        [
            "most times are midnight, so midnight is read as \"that day\", in `death.csv`",
            "1 events have their unit in its one spelling, that of UCUM: `umol / l` as `umol/L` (1)",
            "1 codes have values in several units, each of which is a code of its own; --units converts them: \
             `LOINC/2160-0` in mg/dL (1), umol/L (1)",
            "1 birth is known by the year alone: taken is the day of the first record in that year, or the 15th of June where there is none",
        ]
    );
}

#[test]
fn codes_are_those_of_the_source_where_it_is_asked_for() {
    let place = cdm();
    place
        .import(&Source::Omop(place.path("in")), &ImportOptions { source_codes: true, ..options() })
        .unwrap();
    let own = |mut event: Told| {
        event.2 = event.2.replace("SNOMED/74474003//END", "ICD10CM/K92.2//END");
        if event.5.take().is_some() {
            event.2 = "ICD10CM/K92.2".to_owned();
        }
        event
    };
    assert_eq!(place.events(), expected().into_iter().map(own).collect::<Vec<_>>());
}

#[test]
fn units_are_brought_together_where_it_is_asked_for() {
    let place = cdm();
    let with = |rules: &str| {
        let units = UnitRules::parse(rules).unwrap();
        place.import(&Source::Omop(place.path("in")), &ImportOptions { units, ..options() })
    };
    let to = "[[convert]]\ncode = \"LOINC/2160-0\"\nto = \"mg / dl\"\n";
    let refused = with(to).unwrap_err().to_string();
    assert!(
        refused.starts_with("`LOINC/2160-0` has values in `umol/L`, which cannot be brought to `mg/dL`"),
        "{refused}"
    );
    assert!(refused.contains("factors = { \"umol/L\" = … }"), "{refused}");

    let done = with(&format!("{to}factors = {{ \"µmol/L\" = 0.0113122 }}")).unwrap();
    assert!(!done.notes.iter().any(|note| note.contains("several units")), "{:?}", done.notes);
    let labs: Vec<Told> = place.events().into_iter().filter(|event| event.2.starts_with("LOINC")).collect();
    let read: Vec<(&str, Option<f32>)> = labs.iter().map(|event| (event.2.as_str(), event.3)).collect();
    let converted = (88.0_f64 * 0.0113122) as f32;
    assert_eq!(
        read,
        [
            ("LOINC/2160-0//mg/dL", Some(1.2)),
            ("LOINC/2160-0//mg/dL", Some(converted)),
            ("LOINC/2160-0//SNOMED/52101004", None),
            ("LOINC/2160-0", None),
        ]
    );
    // Within a dimension it needs no factor.
    let done =
        with("[[convert]]\ncode = \"LOINC/2160-0\"\nto = \"mmol/L\"\nfactors = { \"mg/dL\" = 0.0884 }")
            .unwrap();
    assert_eq!(done.codes, run(&place).codes - 1);
    assert!(place.events().len() == expected().len());
    for (wrong, expected) in [
        ("[[convert]]\ncode = \"A\"\nto = \"\"", "line 3"),
        ("[[convert]]\ncode = \"A\"\nto = \"g\"\nfactors = { mg = -1.0 }", "must be positive"),
        (
            "[[convert]]\ncode = \"A\"\nto = \"g\"\n[[convert]]\ncode = \"A\"\nto = \"kg\"",
            "stands there twice",
        ),
    ] {
        let error = UnitRules::parse(wrong).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn codes_come_with_words_and_with_what_lies_above_them() {
    let place = cdm();
    run(&place);
    let codes = place.texts("out/metadata/codes.parquet", "code");
    let words = place.texts("out/metadata/codes.parquet", "description");
    let described = |code: &str| {
        let row = codes.iter().position(|found| found.as_deref() == Some(code)).unwrap();
        words[row].clone().unwrap_or_default()
    };
    assert_eq!(described("LOINC/2160-0//mg/dL"), "Creatinine [Mass/volume] in Serum, mg/dL");
    assert_eq!(described("LOINC/2160-0//SNOMED/52101004"), "Creatinine [Mass/volume] in Serum, Present");
    assert_eq!(described("SNOMED/74474003//END"), "Gastrointestinal hemorrhage, end");
    assert_eq!(described("unmapped/race/grey"), "");
    let above = place.texts("out/metadata/ancestors.parquet", "ancestor");
    let names: Vec<&str> = above.iter().flatten().map(String::as_str).collect();
    // Of the event and of its end; a concept that the vocabulary lacks keeps its number.
    assert_eq!(names, ["SNOMED/1", "concept/9999999", "SNOMED/1", "concept/9999999"]);
    assert_eq!(place.numbers("out/metadata/ancestors.parquet", "levels"), [1, 2, 1, 2]);
    // A quote in a name of a table with tabs is a letter like any other.
    let descriptions = place.texts("out/metadata/ancestors.parquet", "description");
    assert_eq!(descriptions[0].as_deref(), Some("Lesion of 5\" or more"));
}

#[test]
fn names_in_capitals_compressed_files_and_folders_of_parts_are_the_same_tables() {
    let (header, rows) = MEASUREMENT.split_once('\n').unwrap();
    let (first, second) = rows.split_at(rows.match_indices('\n').nth(1).unwrap().0 + 1);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(CONDITION.as_bytes()).unwrap();
    let other = Place::new()
        .with("in/concept.csv", CONCEPT)
        .with("in/concept_ancestor.csv", ANCESTOR)
        .with("in/PERSON.CSV", PERSON.to_uppercase().replace("GREY", "grey"))
        .with("in/visit_occurrence.csv", VISIT)
        .with("in/condition_occurrence.csv.gz", gzip.finish().unwrap())
        .with("in/measurement/part-0.csv", format!("{header}\n{first}"))
        .with("in/measurement/part-1.csv", format!("{header}\n{second}"))
        .with("in/measurement/_SUCCESS", "")
        .with("in/death.csv", DEATH);
    run(&other);
    assert_eq!(other.events(), expected());
}

#[test]
fn every_relation_is_kept_beside_its_number() {
    let header = MEASUREMENT.lines().next().unwrap();
    let relations = [(4_171_754, "<="), (4_171_755, ">="), (4_171_756, "<"), (4_172_704, ">")];
    let rows = relations.iter().enumerate().map(|(row, (concept, _))| {
        format!("{row},2,3016723,2020-01-01,2020-01-01 1{row}:00:00,{concept},9.5,0,8840,,\n")
    });
    let place = cdm().with("in/measurement.csv", format!("{header}\n{}", rows.collect::<String>()));
    run(&place);
    let told = place.events().into_iter().filter(|event| event.2.starts_with("LOINC"));
    let told: Vec<_> = told.map(|event| (event.3, event.4)).collect();
    assert_eq!(told, relations.map(|(_, sign)| (Some(9.5), Some(sign.to_owned()))));
}

#[test]
fn parquet_is_as_good_as_text() {
    let column = |name: &str, array: ArrayRef| (name.to_owned(), array, true);
    let micros = |text: &str| parse_time(text, None).unwrap();
    let day = (micros("2020-01-01") / 86_400_000_000) as i32;
    let measurement = RecordBatch::try_from_iter_with_nullable([
        column("person_id", Arc::new(Int64Array::from(vec![2, 2, 2, 2]))),
        column("measurement_concept_id", Arc::new(Int64Array::from(vec![3_016_723; 4]))),
        column("measurement_date", Arc::new(Date32Array::from(vec![day; 4]))),
        column(
            "measurement_datetime",
            Arc::new(TimestampMicrosecondArray::from_iter_values(
                (11..15).map(|hour| micros(&format!("2020-01-01 {hour}:00:00"))),
            )),
        ),
        column("operator_concept_id", Arc::new(Int64Array::from(vec![4_172_703, 4_171_756, 0, 0]))),
        column("value_as_number", Arc::new(Float64Array::from(vec![Some(1.2), Some(88.0), None, None]))),
        column(
            "value_as_concept_id",
            Arc::new(Int64Array::from(vec![Some(0), None, Some(4_181_412), Some(0)])),
        ),
        column("unit_concept_id", Arc::new(Int64Array::from(vec![8840, 8749, 0, 0]))),
        column("value_source_value", Arc::new(StringArray::from(vec![None, None, None, Some("haemolysed")]))),
    ])
    .unwrap();
    let place = cdm();
    std::fs::remove_file(place.path("in/measurement.csv")).unwrap();
    let file = std::fs::File::create(place.path("in/measurement.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, measurement.schema(), None).unwrap();
    writer.write(&measurement).unwrap();
    writer.close().unwrap();
    run(&place);
    assert_eq!(place.events(), expected());
}

#[test]
fn a_folder_without_persons_is_told() {
    let place = Place::new().with("in/death.csv", DEATH);
    let refused =
        place.import(&Source::Omop(place.path("in")), &ImportOptions::default()).unwrap_err().to_string();
    assert!(refused.starts_with("no table `person`"), "{refused}");
    let place = Place::new().with("in/person.csv", "id,year_of_birth\n1,1950\n");
    let refused =
        place.import(&Source::Omop(place.path("in")), &ImportOptions::default()).unwrap_err().to_string();
    assert_eq!(refused, "`person.csv` has no column `person_id`; it has `id`, `year_of_birth`");
}

#[test]
fn the_counts_of_gibleed_come_out() {
    let folders = match std::env::var_os("BEDSIDE_DATA") {
        Some(list) => std::env::split_paths(&list).collect(),
        None => vec![std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")],
    };
    let Ok(found) = find("omop_gibleed", &folders) else {
        println!("skipped: no copy of omop_gibleed");
        return;
    };
    let place = Place::new();
    let source = Source::Omop(found.folder);
    let done = place.import(&source, &ImportOptions { threads: 2, ..ImportOptions::default() }).unwrap();
    assert_eq!(done.subjects, 2694);
    let events = place.events();
    let subjects = |code: &str| {
        let mut all: Vec<i64> = events.iter().filter(|event| event.2 == code).map(|event| event.0).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    // The persons that Eunomia's cohorts have.
    assert_eq!(["RxNorm/140587", "RxNorm/3355", "SNOMED/74474003"].map(subjects), [1844, 850, 479]);
    let counts = counts(&events);
    assert_eq!(
        (counts["MEDS_BIRTH"], counts["OBSERVATION_PERIOD//START"], counts["Gender/F"] + counts["Gender/M"]),
        (2694, 2694, 2694)
    );
    // Observation periods of persons that are not in the table of persons.
    assert_eq!(done.rejects.iter().map(|count| count.rows).collect::<Vec<_>>(), [2649]);
}

/// What a damaged table of text is likeliest to have too much of.
const SIGNS: &[u8] = b"\",0123456789-:. \n\t";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Damage to any of the tables is told, left out or read as what it says; it never stops the program.
    #[test]
    fn no_damage_to_the_tables_makes_it_panic(
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..24),
    ) {
        let mut bytes = [PERSON, VISIT, CONDITION, MEASUREMENT, DEATH, CONCEPT].join("\0").into_bytes();
        for (place, byte, how) in damage {
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => bytes.insert(at, SIGNS[usize::from(byte) % SIGNS.len()]),
            }
        }
        fuzzing::omop(&bytes);
    }
}

/// What the fuzzer reads is what these tests read.
#[test]
fn undamaged_tables_are_read_by_what_fuzzes_them() {
    assert_eq!(
        fuzzing::OMOP,
        ["person", "visit_occurrence", "condition_occurrence", "measurement", "death", "concept"]
    );
    fuzzing::omop(&[PERSON, VISIT, CONDITION, MEASUREMENT, DEATH, CONCEPT].join("\0").into_bytes());
}
