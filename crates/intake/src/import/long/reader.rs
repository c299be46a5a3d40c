//! Makes events of the rows of a table whose columns are described.

use std::collections::HashMap;

use bedside_chart::{BIRTH, CodeId, Codes, Instant, SubjectNumber};
use sha2::{Digest, Sha256};

use super::{Code, Columns, SourceTable, Time, Value};
use crate::IntakeError;
use crate::import::entries::Event;
use crate::import::rows::{Bad, Cell, Row, When as Told};
use crate::import::units::AS_WRITTEN;
use crate::import::{Gathered, Refused, RowReader};

/// The columns of one table, by the slots in which their cells come.
pub(in crate::import) struct Reader<'c> {
    codes: &'c Codes,
    all: Vec<Slots>,
}

struct Slots {
    subject: usize,
    hashed: bool,
    time: When,
    untimed: bool,
    code: Coded,
    /// Whether each is a birth.
    births: bool,
    value: Option<(usize, bool)>,
    text: Option<usize>,
}

enum When {
    Always,
    At(usize, i64, i64),
    Distance { slot: usize, unit: f64, origin: i64 },
}

enum Coded {
    Fixed(CodeId),
    /// Fixed, but a level comes after it.
    Before(String),
    Slot {
        slot: usize,
        prefix: String,
        unit: Option<usize>,
    },
}

impl<'c> Reader<'c> {
    /// The reader, and the places of the columns for its slots.
    pub(in crate::import) fn new(
        source: &SourceTable,
        columns: Vec<Columns>,
        codes: &'c Codes,
    ) -> Result<(Self, Vec<Option<usize>>), IntakeError> {
        let mut wanted: Vec<usize> = Vec::new();
        let mut slot = |column: &str| -> Result<usize, IntakeError> {
            let place = source.place(column)?;
            Ok(wanted.iter().position(|known| *known == place).unwrap_or_else(|| {
                wanted.push(place);
                wanted.len() - 1
            }))
        };
        let mut all = Vec::new();
        for described in columns {
            let level = matches!(described.value, Some(Value::Level(_)));
            all.push(Slots {
                subject: slot(&described.subject)?,
                hashed: described.hashed,
                time: match described.time {
                    None => When::Always,
                    Some(Time::Instant(column, origin, of_day)) => When::At(slot(&column)?, origin, of_day),
                    Some(Time::Distance { column, unit, origin }) => {
                        When::Distance { slot: slot(&column)?, unit, origin }
                    }
                },
                untimed: described.untimed,
                births: matches!(&described.code, Code::Fixed(name) if name == BIRTH) && !level,
                code: match described.code {
                    Code::Fixed(name) if level => Coded::Before(name),
                    Code::Fixed(name) => {
                        Coded::Fixed(codes.id(&name).map_err(|_| IntakeError::TooManyCodes)?)
                    }
                    Code::Column { column, prefix, unit } => {
                        let unit = unit.as_deref().map(&mut slot).transpose()?;
                        Coded::Slot { slot: slot(&column)?, prefix, unit }
                    }
                },
                value: match described.value {
                    None => None,
                    Some(Value::Number(column)) => Some((slot(&column)?, false)),
                    Some(Value::Level(column)) => Some((slot(&column)?, true)),
                },
                text: described.text.as_deref().map(&mut slot).transpose()?,
            });
        }
        Ok((Self { codes, all }, wanted.into_iter().map(Some).collect()))
    }
}

/// Codes by name as a worker knows them, so that the table of all is seldom asked.
#[derive(Debug, Default)]
pub(in crate::import) struct Desk {
    known: HashMap<String, CodeId>,
    name: String,
}

impl Desk {
    fn id(&mut self, codes: &Codes) -> Result<CodeId, Refused> {
        if let Some(&id) = self.known.get(&self.name) {
            return Ok(id);
        }
        let id = codes.id(&self.name).map_err(|_| Refused(None, Bad::NoCode))?;
        self.known.insert(self.name.clone(), id);
        Ok(id)
    }
}

impl RowReader for Reader<'_> {
    type Desk = Desk;

    fn desk(&self) -> Desk {
        Desk::default()
    }

    fn row(&self, desk: &mut Desk, row: &Row<'_, '_>, into: &mut Gathered) -> Result<(), Refused> {
        for slots in &self.all {
            slots.read(self.codes, desk, row.cells, into)?;
        }
        Ok(())
    }
}

/// A number that single precision can hold.
pub(in crate::import) fn value(cell: Cell<'_>) -> Result<Option<f64>, Bad> {
    let value = cell.number()?;
    if value.is_some_and(|value| value.abs() > f64::from(f32::MAX)) { Err(Bad::TooLarge) } else { Ok(value) }
}

/// The number of a subject known by a text: the first 63 bits of its SHA-256.
pub(in crate::import) fn hashed(text: &str) -> SubjectNumber {
    let digest = Sha256::digest(text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    SubjectNumber::new((u64::from_be_bytes(first) >> 1) as i64)
}

impl Slots {
    fn read(
        &self,
        codes: &Codes,
        desk: &mut Desk,
        cells: &[Cell<'_>],
        into: &mut Gathered,
    ) -> Result<(), Refused> {
        let at = |slot: usize| move |bad| Refused(Some(slot), bad);
        let number = match self.value {
            Some((slot, false)) => value(cells[slot]).map_err(at(slot))?,
            _ => None,
        };
        let code = match &self.code {
            // A cell that is empty makes no event.
            Coded::Fixed(_) if self.value.is_some() && number.is_none() => return Ok(()),
            Coded::Fixed(id) => *id,
            Coded::Before(name) => {
                let Some((slot, _)) = self.value else { return Ok(()) };
                let Some(level) = cells[slot].text().map_err(at(slot))? else { return Ok(()) };
                desk.name.clear();
                desk.name.extend([name.as_str(), "//", &level]);
                desk.id(codes)?
            }
            Coded::Slot { slot, prefix, unit } => {
                let code = cells[*slot].text().map_err(at(*slot))?.ok_or(Refused(Some(*slot), Bad::Empty))?;
                desk.name.clear();
                desk.name.extend([prefix.as_str(), &code]);
                if let Some(unit) = unit
                    && let Some(text) = cells[*unit].text().map_err(at(*unit))?
                    && !text.trim().is_empty()
                {
                    desk.name.push_str("//");
                    desk.name.push(AS_WRITTEN);
                    desk.name.push_str(text.trim());
                }
                desk.id(codes)?
            }
        };
        let subject = if self.hashed {
            cells[self.subject].text().map_err(at(self.subject))?.map(|text| hashed(&text))
        } else {
            cells[self.subject].whole().map_err(at(self.subject))?.map(SubjectNumber::new)
        };
        let subject = subject.ok_or(Refused(Some(self.subject), Bad::Empty))?;
        let text = match self.text {
            None => None,
            Some(slot) => cells[slot].text().map_err(at(slot))?,
        };
        into.texts |= text.is_some();
        let birth = self.births || matches!(self.code, Coded::Slot { .. }) && desk.name == BIRTH;
        let time = self.time(cells, birth, into)?;
        into.entries.add(&Event { subject, time, code, value: number, text: text.as_deref(), source: None });
        Ok(())
    }

    fn time(&self, cells: &[Cell<'_>], birth: bool, into: &mut Gathered) -> Result<Option<Instant>, Refused> {
        let (slot, found) = match self.time {
            When::Always => return Ok(None),
            When::At(slot, origin, of_day) => match cells[slot] {
                Cell::Distance(micros) => (slot, Some(origin.saturating_add(micros))),
                cell => {
                    let when = cell.when().map_err(|bad| Refused(Some(slot), bad))?;
                    into.clocks.see(when.and_then(|when| when.zoned));
                    let later = |when: &Told| if when.day_only && !birth { of_day } else { 0 };
                    (slot, when.map(|when| when.instant.micros().saturating_add(later(&when))))
                }
            },
            When::Distance { slot, unit, origin } => {
                let number = cells[slot].number().map_err(|bad| Refused(Some(slot), bad))?;
                let micros = number.map(|number| (number * unit).round());
                if micros.is_some_and(|micros| micros.abs() > 9e18) {
                    return Err(Refused(Some(slot), Bad::NotTime));
                }
                (slot, micros.map(|micros| origin.saturating_add(micros as i64)))
            }
        };
        match found {
            None if !self.untimed => Err(Refused(Some(slot), Bad::Empty)),
            found => Ok(found.map(Instant::from_micros)),
        }
    }
}
