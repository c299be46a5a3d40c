//! Medications, which others name by their code or refer to.

use std::collections::HashMap;

use super::bundle::Around;
use super::code::{Concept, Symbol};
use super::fields::{Blame, Fields, Text, said};
use super::files::Files;
use super::reference::{Reference, Target, target, unversioned};
use super::resource::Resource;
use crate::IntakeError;
use crate::import::in_turn::in_turn;
use crate::import::rows::{Bad, Lines, text};

/// Medications by logical id or address.
pub(super) type Medications = HashMap<String, Symbol>;

const CONCEPT: &str = "medicationCodeableConcept";
const REFERENCE: &str = "medicationReference";

/// The code of a Medication.
pub(super) fn symbol(medication: &Fields<'_>) -> Option<Symbol> {
    let code: Option<Concept<'_>> = medication.get("code").ok().flatten();
    code?.symbol()
}

/// The medication that a resource is about: a code, or a reference to a Medication within it, in its bundle or in a
/// file of its own.
pub(super) fn of(fields: &Fields<'_>, around: &Around<'_>, known: &Medications) -> Result<Symbol, Blame> {
    let concept: Option<Concept<'_>> = fields.get(CONCEPT)?;
    let reference: Option<Reference<'_>> = fields.get(REFERENCE)?;
    let reference = reference.unwrap_or_default().reference;
    let Some(reference) = said(&reference).filter(|_| concept.is_none()) else {
        return concept.and_then(|concept| concept.symbol()).ok_or(fields.blame(CONCEPT, Bad::NoCode));
    };
    let found = match target(reference) {
        Some(Target::Contained(id)) => contained(fields, id)?,
        Some(Target::Named("Medication", id) | Target::Uuid(id)) => {
            let near = around.medication(unversioned(reference)).or_else(|| around.medication(id));
            near.or_else(|| known.get(id)).cloned()
        }
        Some(Target::Named(..)) | None => None,
    };
    found.ok_or(fields.blame(REFERENCE, Bad::NoMedication))
}

fn contained(fields: &Fields<'_>, id: &str) -> Result<Option<Symbol>, Blame> {
    let within: Vec<Fields<'_>> = fields.get("contained")?.unwrap_or_default();
    let is_it = |fields: &&Fields<'_>| {
        let own: Option<Text<'_>> = fields.get("id").ok().flatten();
        said(&own).map(|own| own.trim_start_matches('#')) == Some(id)
    };
    Ok(within.iter().find(is_it).and_then(symbol))
}

/// The medications of a bulk export, which has them in files of their own.
pub(super) fn of_files(files: &Files, threads: usize) -> Result<Medications, IntakeError> {
    let mut known = Medications::new();
    for file in files.medications() {
        in_turn(
            Lines::new(&file.name, text(&file.path, &file.name)?, None),
            threads,
            || (),
            |(), piece| {
                let mut found = Medications::new();
                gather(&piece.bytes, &mut found);
                Ok(found)
            },
            |found| {
                known.extend(found);
                Ok(())
            },
        )?;
    }
    Ok(known)
}

/// Takes the medications among lines. What is broken is told when the lines are read for their events.
pub(super) fn gather(lines: &[u8], into: &mut Medications) {
    for line in lines.split(|byte| *byte == b'\n') {
        let resource = std::str::from_utf8(line).ok().and_then(|line| Resource::parse(line).ok());
        if let Some(resource) = resource.filter(|resource| resource.kind.as_str() == "Medication") {
            let id: Option<Text<'_>> = resource.fields.get("id").ok().flatten();
            if let (Some(id), Some(symbol)) = (said(&id), symbol(&resource.fields)) {
                into.insert(id.to_owned(), symbol);
            }
        }
    }
}
