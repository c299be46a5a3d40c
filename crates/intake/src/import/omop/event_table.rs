//! Events of one of the event tables.

use std::collections::{HashMap, HashSet};

use bedside_chart::{CodeId, Codes, SubjectNumber};

use super::symbol::{BETWEEN, push_concept, push_unit};
use super::tables::{Code, Described};
use super::timing::{Midnights, MomentSlots};
use super::{Slots, SourceTable};
use crate::IntakeError;
use crate::import::entries::Event;
use crate::import::long::value;
use crate::import::rows::{Bad, Cell, Row};
use crate::import::units::AS_WRITTEN;
use crate::import::{Gathered, Refused, RowReader};
use crate::times::ended;

/// Reads a table of events.
pub(super) struct EventTable<'c> {
    codes: &'c Codes,
    known: &'c HashSet<i64>,
    what: &'static str,
    /// Whether source concepts go before standard ones.
    source_first: bool,
    person: usize,
    start: MomentSlots,
    end: Option<MomentSlots>,
    code: CodeSlots,
    value: Option<ValueSlots>,
    beside: Vec<(&'static str, usize, bool)>,
}

enum CodeSlots {
    Fixed(CodeId, CodeId),
    Concept { concept: usize, source: usize, source_value: usize },
}

struct ValueSlots {
    number: usize,
    concept: usize,
    text: usize,
    source_text: usize,
    unit: usize,
    unit_text: usize,
    operator: usize,
}

impl<'c> EventTable<'c> {
    pub(super) fn new(
        table: &SourceTable,
        described: &'static Described,
        [begins, ends]: [Midnights; 2],
        source_first: bool,
        codes: &'c Codes,
        known: &'c HashSet<i64>,
    ) -> Result<(Self, Vec<Option<usize>>), IntakeError> {
        let mut slots = Slots::new(table);
        let id = |name: &str| codes.id(name).map_err(|_| IntakeError::TooManyCodes);
        let person = slots.must("person_id")?;
        slots.must(described.start.date)?;
        let reader = Self {
            codes,
            known,
            what: described.what,
            source_first,
            person,
            start: MomentSlots::new(&mut slots, described.start, begins.is_day()),
            end: described.end.map(|end| MomentSlots::new(&mut slots, end, ends.is_day())),
            code: match described.code {
                Code::Fixed(name) if described.end.is_some() => {
                    CodeSlots::Fixed(id(&format!("{name}//START"))?, id(&format!("{name}//END"))?)
                }
                Code::Fixed(name) => CodeSlots::Fixed(id(name)?, id(name)?),
                Code::Concept { concept, source, source_value } => CodeSlots::Concept {
                    concept: slots.must(concept)?,
                    source: slots.may(source),
                    source_value: slots.may(source_value),
                },
            },
            value: described.value.as_ref().map(|value| ValueSlots {
                number: slots.may("value_as_number"),
                concept: slots.may("value_as_concept_id"),
                text: slots.may(value.text),
                source_text: slots.may(value.source_text),
                unit: slots.may("unit_concept_id"),
                unit_text: slots.may("unit_source_value"),
                operator: slots.may("operator_concept_id"),
            }),
            beside: described
                .beside
                .iter()
                .map(|(name, columns, late)| (*name, slots.any(columns), *late))
                .collect(),
        };
        Ok((reader, slots.wanted))
    }
}

/// What a code is made of, where nothing in it is a text.
type Key = (i64, i64, i64, bool);

/// Codes as a worker knows them.
#[derive(Debug, Default)]
pub(super) struct Desk {
    known: HashMap<Key, CodeId>,
    name: String,
}

impl Desk {
    fn by_key(&mut self, key: Key, codes: &Codes) -> Result<CodeId, Refused> {
        if let Some(&id) = self.known.get(&key) {
            return Ok(id);
        }
        let (concept, unit, value, end) = key;
        self.name.clear();
        push_concept(&mut self.name, concept);
        if unit != 0 {
            push_unit(&mut self.name, unit);
        }
        if value != 0 {
            self.name.push_str(BETWEEN);
            push_concept(&mut self.name, value);
        }
        if end {
            self.name.push_str("//END");
        }
        let id = self.by_name(codes)?;
        self.known.insert(key, id);
        Ok(id)
    }

    fn by_name(&self, codes: &Codes) -> Result<CodeId, Refused> {
        codes.id(&self.name).map_err(|_| Refused(None, Bad::NoCode))
    }
}

/// A concept's number, if there is one; 0 stands for none.
fn concept(cells: &[Cell<'_>], slot: usize) -> Result<i64, Refused> {
    cells[slot].whole().map(|number| number.unwrap_or(0)).map_err(|bad| Refused(Some(slot), bad))
}

/// The relation that an operator's concept stands for; equality goes without saying.
fn relation(operator: i64) -> Option<&'static str> {
    match operator {
        4_171_754 => Some("<="),
        4_171_755 => Some(">="),
        4_171_756 => Some("<"),
        4_172_704 => Some(">"),
        _ => None,
    }
}

impl RowReader for EventTable<'_> {
    type Desk = Desk;

    fn desk(&self) -> Desk {
        Desk::default()
    }

    fn row(&self, desk: &mut Desk, row: &Row<'_, '_>, into: &mut Gathered) -> Result<(), Refused> {
        let cells = row.cells;
        let at = |slot: usize| move |bad| Refused(Some(slot), bad);
        let person = cells[self.person].whole().map_err(at(self.person))?;
        let person = person.ok_or(Refused(Some(self.person), Bad::Empty))?;
        if !self.known.contains(&person) {
            return Err(Refused(Some(self.person), Bad::UnknownSubject));
        }
        let subject = SubjectNumber::new(person);
        let start = self.start.read(cells, into)?.ok_or(Refused(Some(self.start.slot()), Bad::Empty))?;
        let last = match self.end {
            Some(end) => end.read(cells, into)?.map(|end| ended(start, end)),
            None => None,
        };
        // What ends as it begins has no end of its own, but may have led somewhere.
        let end = last.filter(|end| *end != start);
        let mut text = None;
        let mut number = None;
        let (mut unit, mut value_concept, mut unit_text) = (0, 0, None);
        if let Some(slots) = &self.value {
            number = value(cells[slots.number]).map_err(at(slots.number))?;
            // Beside a number it only says what the number is taken for, and would part it from the others of its code.
            value_concept = if number.is_some() { 0 } else { concept(cells, slots.concept)? };
            let written = |slot: usize| cells[slot].text().map_err(at(slot));
            text = written(slots.text)?;
            if number.is_some() {
                unit = concept(cells, slots.unit)?;
                if unit == 0 {
                    unit_text = written(slots.unit_text)?.filter(|text| !text.trim().is_empty());
                }
                if let Some(relation) = relation(concept(cells, slots.operator)?) {
                    text = Some(relation.into());
                }
            } else if text.is_none() && value_concept == 0 {
                text = written(slots.source_text)?;
            }
        }
        let (began, ended, source) = match self.code {
            CodeSlots::Fixed(began, ended) => (began, Some(ended), None),
            CodeSlots::Concept { concept: slot, source, source_value } => {
                let (standard, from) = (concept(cells, slot)?, concept(cells, source)?);
                let own = from != 0 && (self.source_first || standard == 0);
                let base = if own { from } else { standard };
                let source = match !own && from != 0 && from != standard {
                    true => Some(desk.by_key((from, 0, 0, false), self.codes)?),
                    false => None,
                };
                if base != 0 && unit_text.is_none() {
                    let began = desk.by_key((base, unit, value_concept, false), self.codes)?;
                    let ended = end.map(|_| desk.by_key((base, 0, 0, true), self.codes)).transpose()?;
                    (began, ended, source)
                } else {
                    desk.name.clear();
                    if base != 0 {
                        push_concept(&mut desk.name, base);
                    } else {
                        let written = cells[source_value].text().map_err(at(source_value))?;
                        let written = written.ok_or(Refused(Some(slot), Bad::NoCode))?;
                        desk.name.extend(["unmapped/", self.what]);
                        // What stands there for a visit is often its number at the source.
                        if !self.what.starts_with("visit") {
                            desk.name.extend(["/", &written]);
                        }
                    }
                    let base = desk.name.len();
                    if unit != 0 {
                        push_unit(&mut desk.name, unit);
                    } else if let Some(unit) = &unit_text {
                        desk.name.push_str(BETWEEN);
                        desk.name.push(AS_WRITTEN);
                        desk.name.push_str(unit.trim());
                    }
                    if value_concept != 0 {
                        desk.name.push_str(BETWEEN);
                        push_concept(&mut desk.name, value_concept);
                    }
                    let began = desk.by_name(self.codes)?;
                    desk.name.truncate(base);
                    desk.name.push_str("//END");
                    (began, end.map(|_| desk.by_name(self.codes)).transpose()?, source)
                }
            }
        };
        into.texts |= text.is_some();
        into.sources |= source.is_some();
        let event =
            Event { subject, time: Some(start), code: began, value: number, text: text.as_deref(), source };
        into.entries.add(&event);
        let bare = Event { value: None, text: None, source: None, ..event };
        if let (Some(_), Some(code)) = (end, ended) {
            into.entries.add(&Event { time: end, code, ..bare });
        }
        into.backwards += u64::from(end.is_some_and(|end| end < start));
        for &(prefix, slot, late) in &self.beside {
            let beside = concept(cells, slot)?;
            let time = if late { last } else { Some(start) };
            if beside != 0 && time.is_some() {
                desk.name.clear();
                desk.name.extend([prefix, BETWEEN]);
                push_concept(&mut desk.name, beside);
                into.entries.add(&Event { time, code: desk.by_name(self.codes)?, ..bare });
            }
        }
        Ok(())
    }
}
