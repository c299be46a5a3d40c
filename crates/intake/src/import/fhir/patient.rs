//! Birth, death and what holds of a patient at all times.

use bedside_chart::{BIRTH, Instant, Span};
use serde::Deserialize;

use super::bundle::own_subject;
use super::code::{Coding, Concept};
use super::desk::{Desk, Pen};
use super::fields::{Blame, Text, said};
use super::kinds::At;
use super::moment::Moment;
use super::resource::Resource;
use super::shared;
use crate::import::Gathered;
use crate::import::chronology::BIRTH_OF_YEAR;

/// What a profile adds to a resource: here the parts of race and ethnicity.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Extension<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    extension: Option<Vec<Inner<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inner<'a> {
    #[serde(borrow, rename = "valueCoding")]
    coding: Option<Coding<'a>>,
}

/// US Core's extensions, and what their codes are named.
const EXTENSIONS: &[(&str, &str)] = &[
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", "RACE"),
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity", "ETHNICITY"),
];

pub(super) fn read(patient: &Resource<'_>, desk: &mut Desk<'_>, into: &mut Gathered) -> Result<(), Blame> {
    let fields = &patient.fields;
    let subject = own_subject(patient)?;
    let born = Moment::first(fields, &[At::Field("birthDate")], &mut into.clocks)?;
    let died = Moment::first(fields, &[At::Field("deceasedDateTime")], &mut into.clocks)?;
    let gender: Option<Text<'_>> = fields.get("gender")?;
    let marital: Option<Concept<'_>> = fields.get("maritalStatus")?;
    let extensions: Vec<Extension<'_>> = fields.get("extension")?.unwrap_or_default();
    let dead: Option<bool> = fields.get("deceasedBoolean")?;

    let reader = desk.reader;
    let mut pen = Pen { desk, into, subject };
    let mut fact = |what: &str, code: &str, called: Option<&str>| {
        let own = [(what, None), (code, called)];
        match shared::name(what, None, code) {
            Some(name) => pen.add(None, &[(name, called)]),
            None => pen.add(None, &own),
        }
        .map_err(Blame::whole)
    };
    if let Some(gender) = said(&gender) {
        fact("GENDER", gender, Some(gender))?;
    }
    for extension in &extensions {
        let Some((_, what)) = EXTENSIONS.iter().find(|(url, _)| said(&extension.url) == Some(url)) else {
            continue;
        };
        let codings = extension.extension.iter().flatten().filter_map(|inner| inner.coding.as_ref());
        for coding in codings {
            if let Some(code) = said(&coding.code) {
                fact(what, code, said(&coding.display))?;
            }
        }
    }
    if let Some((code, called)) = marital.iter().flat_map(Concept::codes).next() {
        fact("MARITAL_STATUS", code, called)?;
    }
    if dead == Some(true) && died.is_none() {
        // An event without a time holds at all times: it would tell of the death before it.
        reader.tally().undated += 1;
    }
    let mut at = |time: Option<Instant>, name: &str| match time {
        Some(_) => pen.add(time, &[(name, None)]).map_err(Blame::whole),
        None => Ok(()),
    };
    // Of some only the year is known.
    let by_year = born.is_some_and(|born| born.end - born.start > Span::days(360));
    at(born.map(|born| born.start), if by_year { BIRTH_OF_YEAR } else { BIRTH })?;
    at(died.map(|died| died.end), "MEDS_DEATH")
}
