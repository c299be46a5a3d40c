//! A patient as rows of the OMOP Common Data Model, version 5.4 (<https://ohdsi.github.io/CommonDataModel/cdm54.html>).

use std::io::Write as _;

use super::moment::{Moment, push_decimal};
use super::patient::{Patient, Visit};
use super::place::{ETHNICITY, FROM, RACE, SEX, TO, VISITS};
use super::vocabulary::{Term, Vocabulary};

/// The tables, and the columns of each; those of the vocabulary come last.
pub(super) const TABLES: [(&str, &str); 8] = [
    (
        "person.csv",
        "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,\
         ethnicity_concept_id,person_source_value,gender_source_value,race_source_value,ethnicity_source_value\n",
    ),
    (
        "observation_period.csv",
        "observation_period_id,person_id,observation_period_start_date,observation_period_end_date,\
         period_type_concept_id\n",
    ),
    (
        "visit_occurrence.csv",
        "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,\
         visit_end_datetime,visit_type_concept_id,provider_id,care_site_id,visit_source_value,\
         visit_source_concept_id,admitted_from_concept_id,admitted_from_source_value,discharged_to_concept_id,\
         discharged_to_source_value,preceding_visit_occurrence_id\n",
    ),
    (
        "condition_occurrence.csv",
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_start_datetime,\
         condition_end_date,condition_end_datetime,condition_type_concept_id,visit_occurrence_id,\
         condition_source_value,condition_source_concept_id\n",
    ),
    (
        "drug_exposure.csv",
        "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_start_datetime,\
         drug_exposure_end_date,drug_exposure_end_datetime,drug_type_concept_id,visit_occurrence_id,\
         drug_source_value,drug_source_concept_id\n",
    ),
    (
        "procedure_occurrence.csv",
        "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date,procedure_datetime,\
         procedure_end_date,procedure_end_datetime,procedure_type_concept_id,visit_occurrence_id,\
         procedure_source_value,procedure_source_concept_id\n",
    ),
    (
        "measurement.csv",
        "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,\
         measurement_type_concept_id,operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,\
         visit_occurrence_id,measurement_source_value,measurement_source_concept_id,unit_source_value,\
         value_source_value\n",
    ),
    ("death.csv", "person_id,death_date,death_datetime,death_type_concept_id,cause_concept_id\n"),
];

/// The record is that of the hospital; a drug was given.
const EHR: i64 = 32_817;
const GIVEN: i64 = 32_818;
/// Rows of one patient in one table.
const ROOM: u64 = 1_000_000;

/// Adds a patient's rows to the tables.
pub(super) fn write(vocabulary: &Vocabulary, patient: &Patient, out: &mut [Vec<u8>]) {
    let [person, period, visits, conditions, drugs, procedures, measured, deaths] = out else { return };
    let Patient { number, birth, sex, race, ethnicity, .. } = *patient;
    let (year, month, day) = birth.begins().date();
    let groups = [&SEX[sex], &RACE[race], &ETHNICITY[ethnicity]];
    put(
        person,
        format_args!(
            "{number},{},{year},{month},{day},,{},{},{number},{},{},{}\n",
            groups[0].0, groups[1].0, groups[2].0, groups[0].3, groups[1].3, groups[2].3
        ),
    );
    if let (Some(first), Some(last)) = (patient.visits.first(), patient.visits.last()) {
        put(period, format_args!("{number},{number},"));
        first.start.push_date(period);
        period.push(b',');
        patient.death.unwrap_or(last.end).push_date(period);
        put(period, format_args!(",{EHR}\n"));
    }
    let first = number * ROOM;
    let ids = |visit: u64| first + visit;
    let mut next = [first; 4];
    for (place, visit) in (0..).zip(&patient.visits) {
        let id = ids(place);
        write_visit(patient, visit, id, place.checked_sub(1).map(ids), visits);
        for one in &visit.conditions {
            begin(conditions, &mut next[0], number);
            let term = &vocabulary.conditions.0[one.term];
            put(conditions, format_args!("{},", standard(vocabulary, term)));
            push_moment(conditions, one.at);
            put(conditions, format_args!(",,,{EHR},{id},"));
            let source = term.source.map(|source| vocabulary.concepts.at(source));
            let (code, concept) = source.map_or(("", 0), |source| (source.code.as_str(), source.id));
            put(conditions, format_args!("{code},{concept}\n"));
        }
        for one in &visit.drugs {
            begin(drugs, &mut next[1], number);
            let term = &vocabulary.drugs.0[one.term];
            put(drugs, format_args!("{},", standard(vocabulary, term)));
            push_moment(drugs, one.at);
            drugs.push(b',');
            push_moment(drugs, one.until);
            put(drugs, format_args!(",{GIVEN},{id},{},0\n", code(vocabulary, term)));
        }
        for one in &visit.procedures {
            begin(procedures, &mut next[2], number);
            let term = &vocabulary.procedures.0[one.term];
            put(procedures, format_args!("{},", standard(vocabulary, term)));
            push_moment(procedures, one.at);
            put(procedures, format_args!(",,,{EHR},{id},{},0\n", code(vocabulary, term)));
        }
        for one in &visit.measured {
            begin(measured, &mut next[3], number);
            let (_, concept, unit) = vocabulary.measured[one.measure];
            let (concept, unit) = (vocabulary.concepts.at(concept), vocabulary.concepts.at(unit));
            put(measured, format_args!("{},", concept.id));
            push_moment(measured, one.at);
            put(measured, format_args!(",{EHR},,"));
            let digits = vocabulary.measures[one.measure].digits;
            push_decimal(measured, one.value, digits);
            put(measured, format_args!(",0,{},{id},{},0,{},", unit.id, concept.code, unit.code));
            push_decimal(measured, one.value, digits);
            measured.push(b'\n');
        }
    }
    if let Some(death) = patient.death {
        put(deaths, format_args!("{number},"));
        push_moment(deaths, death);
        put(deaths, format_args!(",{EHR},0\n"));
    }
}

fn write_visit(patient: &Patient, visit: &Visit, id: u64, before: Option<u64>, out: &mut Vec<u8>) {
    let kind = &VISITS[visit.kind as usize];
    put(out, format_args!("{id},{},{},", patient.number, kind.concept));
    push_moment(out, visit.start);
    out.push(b',');
    push_moment(out, visit.end);
    put(out, format_args!(",{EHR},,,{},0,", kind.code));
    for place in [visit.from.map(|from| &FROM[from]), visit.to.map(|to| &TO[to])] {
        match place {
            Some(place) => put(out, format_args!("{},{},", place.concept, place.name)),
            None => put(out, format_args!("0,,")),
        }
    }
    if let Some(before) = before {
        put(out, format_args!("{before}"));
    }
    out.push(b'\n');
}

/// The number of a row and of its patient.
fn begin(out: &mut Vec<u8>, next: &mut u64, number: u64) {
    put(out, format_args!("{next},{number},"));
    *next += 1;
}

fn standard(vocabulary: &Vocabulary, term: &Term) -> i64 {
    term.standard.map_or(0, |place| vocabulary.concepts.at(place).id)
}

fn code<'v>(vocabulary: &'v Vocabulary, term: &Term) -> &'v str {
    term.standard.map_or("", |place| &vocabulary.concepts.at(place).code)
}

/// A date and a time, the time empty where only the day is known.
fn push_moment(out: &mut Vec<u8>, moment: Moment) {
    moment.push_date(out);
    out.push(b',');
    if !moment.day_only {
        moment.push_date(out);
        out.push(b' ');
        moment.push_clock(out);
    }
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Memory takes whatever is written to it.
    let _ = out.write_fmt(text);
}
