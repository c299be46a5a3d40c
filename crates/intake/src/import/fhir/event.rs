//! Resources that say that something happened: a condition, a measurement, a procedure, a medication.

use bedside_chart::{Instant, Span};

use super::bundle::Around;
use super::code::{Concept, Symbol};
use super::desk::{Desk, Part, Pen};
use super::fields::{Blame, Fields, Text, said};
use super::kinds::{At, Coded, Kind};
use super::moment::Moment;
use super::{medication, value};
use crate::import::Gathered;
use crate::import::rows::Bad;
use crate::times;

pub(super) const ERROR: &str = "entered-in-error";

pub(super) fn read(
    fields: &Fields<'_>,
    kind: &'static Kind,
    around: &Around<'_>,
    desk: &mut Desk<'_>,
    into: &mut Gathered,
) -> Result<(), Blame> {
    if is_void(fields, kind)? {
        desk.reader.count_void(kind.name);
        return Ok(());
    }
    let subject = around.subject(fields, kind.subject)?;
    let began = Moment::first(fields, kind.began, &mut into.clocks)?;
    let ended = Moment::first(fields, kind.ended, &mut into.clocks)?;
    // What is known to the day must not speak for a risk that is told in its morning.
    let time = began.map(|began| began.end).ok_or_else(|| {
        let wanted = kind.began.first().map_or("", |at| at.field());
        fields.blame(wanted, Bad::NoTime)
    })?;
    if recorded_late(fields, time, into)? {
        desk.reader.count_late();
    }
    if kind.valued {
        return value::read(fields, time, &mut Pen { desk, into, subject });
    }
    let found = match kind.code {
        Coded::Field(field) => symbol(fields, field)?,
        Coded::Medication => medication::of(fields, around, desk.reader.medications)?,
    };
    let symbol = desk.reader.chosen(found);
    let name = |end: Option<&'static str>| {
        let fixed = |part: Option<&'static str>| part.map(|part| (part, spoken(part)));
        [fixed(kind.before), Some(symbol.part()), fixed(kind.after), fixed(end)]
    };
    let mut pen = Pen { desk, into, subject };
    let mut add = |time, parts: [Option<Part<'_>>; 4], others: &[(String, Option<String>)]| {
        let parts: Vec<Part<'_>> = parts.into_iter().flatten().collect();
        let other = others.first().map(|(name, _)| name.as_str());
        pen.add_coded(Some(time), &parts, None, None, other).map_err(Blame::whole)
    };
    add(time, name(None), &symbol.others)?;
    // What ends as it begins has no end of its own.
    let ended = ended.map(|ended| times::ended(time, ended.end));
    if let Some(ended) = ended.filter(|ended| *ended != time) {
        add(ended, name(Some("END")), &[])?;
        pen.into.backwards += u64::from(ended < time);
    }
    Ok(())
}

/// Whether something was written down more than a day after it began: nobody may have known of it in between.
fn recorded_late(fields: &Fields<'_>, began: Instant, into: &mut Gathered) -> Result<bool, Blame> {
    let recorded = Moment::first(fields, &[At::Field("recordedDate")], &mut into.clocks)?;
    Ok(recorded.is_some_and(|recorded| recorded.start > began + Span::days(1)))
}

/// The code in a field, which must be there.
pub(super) fn symbol(fields: &Fields<'_>, field: &'static str) -> Result<Symbol, Blame> {
    let concept: Option<Concept<'_>> = fields.get(field)?;
    concept.and_then(|concept| concept.symbol()).ok_or(fields.blame(field, Bad::NoCode))
}

/// What is said for a part of a code that is always the same.
pub(super) fn spoken(part: &str) -> Option<&'static str> {
    match part {
        "ALLERGY" => Some("allergy"),
        "ORDERED" => Some("ordered"),
        "REPORT" => Some("report"),
        "END" => Some("end"),
        _ => None,
    }
}

/// Whether a resource says of itself that it is wrong or did not happen.
fn is_void(fields: &Fields<'_>, kind: &Kind) -> Result<bool, Blame> {
    let status: Option<Text<'_>> = fields.get("status")?;
    let verified: Option<Concept<'_>> = fields.get("verificationStatus")?;
    let forbidden: Option<bool> = fields.get("doNotPerform")?;
    // What was only thought of: a proposal of a drug, one of several possible diagnoses.
    let intent: Option<Text<'_>> = fields.get("intent")?;
    let proposed = matches!(said(&intent), Some("proposal" | "plan" | "option"));
    let status = said(&status).is_some_and(|status| status == ERROR || kind.void.contains(&status));
    let refuted = verified.is_some_and(|verified| {
        verified.codes().any(|(code, _)| matches!(code, ERROR | "refuted" | "differential"))
    });
    Ok(status || proposed || refuted || forbidden == Some(true))
}
