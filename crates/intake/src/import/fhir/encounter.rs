//! Encounters: what kind of stay or visit, from when to when, where from, and where to afterwards.

use serde::Deserialize;

use super::bundle::Around;
use super::code::{Coding, Concept};
use super::desk::{Desk, Pen};
use super::event::ERROR;
use super::fields::{Blame, Fields, Text, said};
use super::kinds::At;
use super::moment::Moment;
use super::shared;
use crate::import::Gathered;
use crate::import::rows::Bad;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Hospitalization<'a> {
    #[serde(borrow, rename = "admitSource")]
    source: Option<Concept<'a>>,
    #[serde(borrow, rename = "dischargeDisposition")]
    disposition: Option<Concept<'a>>,
}

pub(super) fn read(
    fields: &Fields<'_>,
    around: &Around<'_>,
    desk: &mut Desk<'_>,
    into: &mut Gathered,
) -> Result<(), Blame> {
    let status: Option<Text<'_>> = fields.get("status")?;
    if matches!(said(&status), Some(ERROR | "cancelled" | "planned")) {
        desk.reader.count_void("Encounter");
        return Ok(());
    }
    let subject = around.subject(fields, "subject")?;
    let began = Moment::first(fields, &[At::Start("period")], &mut into.clocks)?;
    let began = Some(began.ok_or(fields.blame("period", Bad::NoTime))?.start);
    let ended = Moment::first(fields, &[At::End("period")], &mut into.clocks)?.map(|ended| ended.end);
    // What ends as it begins has no end of its own, but may have led somewhere.
    let (last, ended) = (ended, ended.filter(|_| ended != began));
    let class: Option<Coding<'_>> = fields.get("class")?;
    let class = class.unwrap_or_default();
    let code = said(&class.code).ok_or(fields.blame("class", Bad::NoCode))?;
    let types: Vec<Concept<'_>> = fields.get("type")?.unwrap_or_default();
    let stay: Option<Hospitalization<'_>> = fields.get("hospitalization")?;

    let mut pen = Pen { desk, into, subject };
    let mut parts = match shared::name("ENCOUNTER", said(&class.system), code) {
        Some(name) => vec![(name, said(&class.display))],
        None => vec![("ENCOUNTER", Some("encounter")), (code, said(&class.display))],
    };
    pen.add(began, &parts).map_err(Blame::whole)?;
    for symbol in types.iter().filter_map(Concept::symbol) {
        pen.add(began, &[symbol.part()]).map_err(Blame::whole)?;
    }
    let stay = stay.unwrap_or_default();
    let mut place = |time, what: &'static str, words, concept: &Option<Concept<'_>>| {
        let Some((coding, code)) = concept.iter().find_map(Concept::first) else { return Ok(()) };
        let code = shared::name(what, said(&coding.system), code).unwrap_or(code);
        pen.add(time, &[(what, Some(words)), (code, said(&coding.display))]).map_err(Blame::whole)
    };
    place(began, shared::ADMITTED_FROM, "admitted from", &stay.source)?;
    if last.is_some() {
        place(last, shared::DISCHARGED_TO, "discharged to", &stay.disposition)?;
    }
    pen.into.backwards += u64::from(ended.is_some_and(|ended| Some(ended) < began));
    if ended.is_some() {
        parts.push(("END", Some("end")));
        pen.add(ended, &parts).map_err(Blame::whole)?;
    }
    Ok(())
}
