//! When something happened, where a table may know only the day.
//!
//! What is known to the day is taken as known at its end: a diagnosis of the day must not speak for a risk that is told
//! in its morning. Visits, observation and life begin with their day. Many tables fill the time of day with midnight where
//! they do not know it; a column in which most times are midnight is taken to hold days.

use bedside_chart::Instant;

use super::tables::{Described, Moment};
use super::{Slots, SourceTable};
use crate::IntakeError;
use crate::import::rows::{Cell, Row};
use crate::import::{Gathered, Refused};
use crate::times::TO_ITS_END;

const DAY: i64 = 86_400_000_000;

/// Times of a column, in its table's first part.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Midnights {
    midnight: u64,
    clock: u64,
}

impl Midnights {
    /// Looks at the first part of a table: at the times at which things begin, and at those at which they end.
    pub(super) fn of(table: &SourceTable, described: &Described) -> Result<[Self; 2], IntakeError> {
        let mut slots = Slots::new(table);
        slots.may(described.start.datetime);
        slots.may(described.end.map_or("", |end| end.datetime));
        let mut seen = [Self::default(); 2];
        if slots.wanted.iter().all(Option::is_none) {
            return Ok(seen);
        }
        let Some(part) = table.first(&slots.wanted)? else { return Ok(seen) };
        table.rows(&part, &slots.wanted, |row| {
            let Ok(Row { cells, .. }) = row else { return };
            for (seen, cell) in seen.iter_mut().zip(cells) {
                if let Ok(Some(when)) = cell.when()
                    && !when.day_only
                {
                    seen.clock += 1;
                    seen.midnight += u64::from(when.instant.micros().rem_euclid(DAY) == 0);
                }
            }
        })?;
        Ok(seen)
    }

    /// Whether midnight stands for a day.
    pub(super) fn is_day(self) -> bool {
        self.clock > 0 && 2 * self.midnight > self.clock
    }
}

/// The columns of a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct MomentSlots {
    date: usize,
    datetime: usize,
    at_start: bool,
    midnight_is_day: bool,
}

impl MomentSlots {
    pub(super) fn new(slots: &mut Slots<'_>, moment: Moment, midnight_is_day: bool) -> Self {
        let (date, datetime) = (slots.may(moment.date), slots.may(moment.datetime));
        Self { date, datetime, at_start: moment.at_start, midnight_is_day }
    }

    /// The column to blame when there is no time at all.
    pub(super) fn slot(self) -> usize {
        self.date
    }

    pub(super) fn read(self, cells: &[Cell<'_>], into: &mut Gathered) -> Result<Option<Instant>, Refused> {
        let at = |slot: usize| cells[slot].when().map_err(|bad| Refused(Some(slot), bad));
        let when = match at(self.datetime)? {
            Some(when) => Some(when),
            None => at(self.date)?,
        };
        let Some(when) = when else { return Ok(None) };
        into.clocks.see(when.zoned);
        let micros = when.instant.micros();
        let day = when.day_only || self.midnight_is_day && micros.rem_euclid(DAY) == 0;
        let later = if day && !self.at_start { TO_ITS_END } else { 0 };
        Ok(Some(Instant::from_micros(micros.saturating_add(later))))
    }
}
