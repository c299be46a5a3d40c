//! FHIR R4 (<https://hl7.org/fhir/R4/>): bundles, single resources and bulk exports.
//!
//! A file `.json` holds a bundle or a resource and is read whole by one thread; a file `.ndjson` holds a resource in every
//! line and is read by all. A resource that is broken is left out, and the others stay. Among several, a file `.json` is called by its
//! place in the order of names: `bundle 3 of 8`.
//!
//! A subject's number is made of the logical id of its Patient. A code is the coding of a vocabulary that OMOP has
//! too, by the same name (`LOINC/8867-4`, `SNOMED/38341003`), so that the same patients have the same codes from both; of several, the
//! one whose vocabulary is preferred (ICD before SNOMED), whatever their order, and the next is its `source_code`;
//! without one it is the coding that is first in the order of letters, its vocabulary the last part of the system's address. A unit comes after
//! it (`LOINC/8867-4///min`), or a value that is a code; what ends after it began has a second event with `//END`. Sex, race,
//! ethnicity, kinds of encounters and the places where stays begin and end go by OMOP's names where it has the same
//! (`Gender/F`, `Visit/IP`, `DISCHARGED_TO//CMS Place of Service/12`), and else by FHIR's (`GENDER//other`,
//! `ENCOUNTER//VR`, `DISCHARGED_TO//exp`).
//!
//! Some things are not the same from both: an order (`RxNorm/161//ORDERED`) is not an exposure, the type of an encounter has no
//! place in OMOP, and OMOP alone has observation periods and causes of death.
//!
//! Of a resource that is there in several versions, as in exports that follow each other, the latest is read.
//!
//! Times have a zone and become UTC. A date that knows no time of day is that of the clock on the wall, and is taken as it
//! is: as the end of the day (of the month, of the year), but for births and encounters, which begin with it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::rows::Lines;
use super::{Door, Gathered, Said};
use crate::IntakeError;
use crate::meds::Known;
use files::Files;
use reader::Reader;
use tally::Tally;
use versions::Versions;

mod bundle;
mod code;
mod desk;
mod encounter;
mod event;
mod fields;
mod files;
mod kinds;
mod medication;
mod moment;
mod patient;
mod reader;
mod reference;
mod resource;
mod shared;
mod system;
mod tally;
mod value;
mod versions;

/// The types that are not read and are named; the others are counted together.
const NAMED: usize = 12;

pub(super) fn read(path: &Path, door: &mut Door<'_>) -> Result<Said, IntakeError> {
    if let Some(unknown) = door.options.codings.iter().find(|name| !system::names().contains(&name.as_str()))
    {
        let known = system::names().join(", ");
        let reason = format!("`{unknown}` is no system of codes that is known; known are {known}");
        return Err(IntakeError::Mapping { place: "codings".to_owned(), reason });
    }
    let files = Files::of(path)?;
    let medications = medication::of_files(&files, door.options.threads)?;
    let mut versions = Versions::default();
    let (mut tally, described) = loop {
        let reader = Reader::new(door.codes, &medications, &door.options.codings, versions);
        all(&files, &reader, door)?;
        let (tally, described, known) = reader.into_known();
        match known.next() {
            None => break (tally, described),
            Some(next) => versions = next,
        }
        door.restart()?;
    };
    tally.strangers.extend(files.strangers.iter().map(ToString::to_string));
    let described = described.into_iter().filter(|(_, words)| !words.is_empty()).map(|(code, words)| {
        let described = Known { description: Some(words), ..Known::default() };
        (code, described)
    });
    Ok(Said { notes: notes(&tally), described: described.collect(), ..Said::default() })
}

/// Reads all files once.
fn all(files: &Files, reader: &Reader<'_>, door: &mut Door<'_>) -> Result<(), IntakeError> {
    let whole = files.whole.iter().enumerate();
    door.files(
        whole.map(|(number, file)| (Arc::clone(&file.name), (number, file))),
        || reader.desk(),
        |desk, name, (number, file), gathered| {
            let bytes = files::whole(&file.path, name, files::LARGEST)?;
            reader.document(desk, number, name, &bytes, gathered);
            Ok(())
        },
    )?;
    for (number, file) in files.lines.iter().enumerate() {
        let lines = Lines::new(&file.name, super::rows::text(&file.path, &file.name)?, None);
        door.parts(
            &file.name,
            lines,
            || reader.desk(),
            |desk, piece, gathered| {
                reader.lines(desk, files.whole.len() + number, &piece, gathered);
                Ok(())
            },
        )?;
    }
    Ok(())
}

/// Any bytes, as lines and as a whole.
pub(crate) fn ask(bytes: &[u8]) {
    let codes = bedside_chart::Codes::default();
    let mut medications = HashMap::new();
    medication::gather(bytes, &mut medications);
    let reader = Reader::new(&codes, &medications, &[], Versions::default());
    let mut desk = reader.desk();
    let mut gathered = Gathered::default();
    reader.lines(&mut desk, 0, &super::rows::Piece { bytes: bytes.to_vec(), line: 1 }, &mut gathered);
    reader.document(&mut desk, 1, "fuzz.json", bytes, &mut gathered);
    assert!(gathered.rejects.len() as u64 <= gathered.rows, "more was left out than was there");
    for entry in gathered.entries.list() {
        assert!((entry.code as usize) < codes.len() && entry.subject >= 0, "an event of nothing or nobody");
        let _ = gathered.entries.text(entry);
    }
    let (tally, ..) = reader.into_known();
    let _ = notes(&tally);
}

fn notes(tally: &Tally) -> Vec<String> {
    let mut notes = Vec::new();
    if !tally.unread.is_empty() {
        notes.push(format!("not read: {}", counted(&tally.unread)));
    }
    if !tally.void.is_empty() {
        let void = counted(&tally.void);
        notes.push(format!(
            "left out, because they say that they are wrong, did not happen or have no value: {void}"
        ));
    }
    if tally.late > 0 {
        notes.push(format!(
            "{} conditions and allergies were recorded more than a day after they began; they count from their beginning, when nobody may \
             have known of them",
            tally.late
        ));
    }
    if tally.older > 0 {
        notes.push(format!(
            "left out, because a later version or the same once more is there: {} resources",
            tally.older
        ));
    }
    if !tally.values.is_empty() {
        notes.push(format!(
            "values that cannot be kept, so that only the code was: {}",
            counted(&tally.values)
        ));
    }
    if !tally.beside.is_empty() {
        notes.push(format!(
            "events with codings of several systems have the code of the first in the order {}, as far as `--codings` says no other; the next is \
             in `source_code`, which features and tasks do not read: {}",
            system::names().join(", "),
            counted(&tally.beside)
        ));
    }
    if tally.undated > 0 {
        let (count, are) = (tally.undated, if tally.undated == 1 { "subject is" } else { "subjects are" });
        notes.push(format!("{count} {are} dead since an unknown time, which no event tells"));
    }
    if !tally.strangers.is_empty() {
        let names: Vec<&str> = tally.strangers.iter().map(String::as_str).take(NAMED).collect();
        let more = tally.strangers.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        notes.push(format!("not FHIR, so not read: `{}`{more}", names.join("`, `")));
    }
    notes
}

/// `12 Claim, 3 DocumentReference`, the most frequent first.
fn counted<K: AsRef<str> + Ord>(counts: &BTreeMap<K, u64>) -> String {
    let mut all: Vec<(&str, u64)> = counts.iter().map(|(what, count)| (what.as_ref(), *count)).collect();
    all.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let rest = all.split_off(all.len().min(NAMED));
    let mut words: Vec<String> = all.iter().map(|(what, count)| format!("{count} {what}")).collect();
    if !rest.is_empty() {
        let count: u64 = rest.iter().map(|(_, count)| count).sum();
        words.push(format!("{count} of {} other types", rest.len()));
    }
    words.join(", ")
}
