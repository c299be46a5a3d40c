//! Birth, gender, race and ethnicity.

use bedside_chart::{BIRTH, CodeId, Codes, Instant, SubjectNumber};

use super::symbol::push_concept;
use super::{Slots, SourceTable};
use crate::IntakeError;
use crate::import::chronology::BIRTH_OF_YEAR;
use crate::import::entries::Event;
use crate::import::rows::{Bad, Cell, Row};
use crate::import::{Gathered, Refused, RowReader};
use crate::times::day_number;

const DAY: i64 = 86_400_000_000;

/// Reads the table `person`. A day of birth that is not known is taken as the first of its month; a birth of which only the year is known
/// waits for the first record of that year.
pub(super) struct PersonTable<'c> {
    codes: &'c Codes,
    born: CodeId,
    born_in_year: CodeId,
    person: usize,
    birth: usize,
    year: usize,
    month: usize,
    day: usize,
    /// What it is, the concept, the source value.
    facts: Vec<(&'static str, usize, usize)>,
}

impl<'c> PersonTable<'c> {
    pub(super) fn new(
        table: &SourceTable,
        codes: &'c Codes,
    ) -> Result<(Self, Vec<Option<usize>>), IntakeError> {
        let mut slots = Slots::new(table);
        let reader = Self {
            codes,
            born: codes.id(BIRTH).map_err(|_| IntakeError::TooManyCodes)?,
            born_in_year: codes.id(BIRTH_OF_YEAR).map_err(|_| IntakeError::TooManyCodes)?,
            person: slots.must("person_id")?,
            birth: slots.may("birth_datetime"),
            year: slots.must("year_of_birth")?,
            month: slots.may("month_of_birth"),
            day: slots.may("day_of_birth"),
            facts: vec![
                ("gender", slots.may("gender_concept_id"), slots.may("gender_source_value")),
                ("race", slots.may("race_concept_id"), slots.may("race_source_value")),
                ("ethnicity", slots.may("ethnicity_concept_id"), slots.may("ethnicity_source_value")),
            ],
        };
        Ok((reader, slots.wanted))
    }

    /// When, and as what event.
    fn birth(&self, cells: &[Cell<'_>], into: &mut Gathered) -> Result<Option<(Instant, CodeId)>, Refused> {
        let at = |slot: usize| move |bad| Refused(Some(slot), bad);
        if let Some(when) = cells[self.birth].when().map_err(at(self.birth))? {
            into.clocks.see(when.zoned);
            return Ok(Some((when.instant, self.born)));
        }
        let whole = |slot: usize| cells[slot].whole().map_err(at(slot));
        let Some(year) = whole(self.year)? else { return Ok(None) };
        let known = |number: Option<i64>| number.filter(|number| *number > 0);
        let (month, day) = (known(whole(self.month)?), known(whole(self.day)?));
        let code = if month.is_some() { self.born } else { self.born_in_year };
        let (month, day) = (month.unwrap_or(1), day.filter(|_| month.is_some()).unwrap_or(1));
        let number = day_number(year, month, day).ok_or(Refused(Some(self.year), Bad::NotTime))?;
        let micros = number.checked_mul(DAY).ok_or(Refused(Some(self.year), Bad::NotTime))?;
        Ok(Some((Instant::from_micros(micros), code)))
    }
}

impl RowReader for PersonTable<'_> {
    type Desk = String;

    fn desk(&self) -> String {
        String::new()
    }

    fn row(&self, name: &mut String, row: &Row<'_, '_>, into: &mut Gathered) -> Result<(), Refused> {
        let cells = row.cells;
        let at = |slot: usize| move |bad| Refused(Some(slot), bad);
        let person = cells[self.person].whole().map_err(at(self.person))?;
        let subject = SubjectNumber::new(person.ok_or(Refused(Some(self.person), Bad::Empty))?);
        let none = Event { subject, time: None, code: self.born, value: None, text: None, source: None };
        for &(what, concept, source) in &self.facts {
            name.clear();
            match cells[concept].whole().map_err(at(concept))? {
                Some(concept) if concept != 0 => push_concept(name, concept),
                _ => match cells[source].text().map_err(at(source))? {
                    Some(text) => name.extend(["unmapped/", what, "/", &text]),
                    None => continue,
                },
            }
            let code = self.codes.id(name).map_err(|_| Refused(None, Bad::NoCode))?;
            into.entries.add(&Event { code, ..none });
        }
        if let Some((born, code)) = self.birth(cells, into)? {
            into.entries.add(&Event { time: Some(born), code, ..none });
        }
        Ok(())
    }
}
