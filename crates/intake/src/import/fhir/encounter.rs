//! Encounters: what kind of stay or visit, from when to when, and where to afterwards.

use serde::Deserialize;

use super::bundle::Around;
use super::code::{Coding, Concept};
use super::desk::{Desk, Pen};
use super::event::ERROR;
use super::fields::{Blame, Fields, Text, said};
use super::kinds::At;
use super::moment::Moment;
use crate::import::Gathered;
use crate::import::rows::Bad;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Hospitalization<'a> {
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
    let class: Option<Coding<'_>> = fields.get("class")?;
    let class = class.unwrap_or_default();
    let code = said(&class.code).ok_or(fields.blame("class", Bad::NoCode))?;
    let types: Vec<Concept<'_>> = fields.get("type")?.unwrap_or_default();
    let stay: Option<Hospitalization<'_>> = fields.get("hospitalization")?;

    let mut pen = Pen { desk, into, subject };
    let class = [("ENCOUNTER", Some("encounter")), (code, said(&class.display)), ("END", Some("end"))];
    pen.add(began, &class[..2]).map_err(Blame::whole)?;
    for symbol in types.iter().filter_map(Concept::symbol) {
        pen.add(began, &[symbol.part()]).map_err(Blame::whole)?;
    }
    if ended.is_some() {
        let disposition = stay.and_then(|stay| stay.disposition);
        if let Some(to) = disposition.iter().flat_map(Concept::codes).next() {
            pen.add(ended, &[("DISCHARGED_TO", Some("discharged to")), to]).map_err(Blame::whole)?;
        }
        pen.add(ended, &class).map_err(Blame::whole)?;
    }
    Ok(())
}
