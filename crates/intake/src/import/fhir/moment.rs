//! Times as FHIR has them: an instant with a zone, a day, a month or a year.

use bedside_chart::Instant;
use serde::Deserialize;

use super::fields::{Blame, Fields, Text, said};
use super::kinds::At;
use crate::import::Clocks;
use crate::import::rows::{Bad, Cell};
use crate::times::day_number;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The first and the last second of what is known; one and the same for an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) start: Instant,
    pub(super) end: Instant,
}

/// From when to when.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Period<'a> {
    #[serde(borrow)]
    start: Option<Text<'a>>,
    #[serde(borrow)]
    end: Option<Text<'a>>,
}

impl Moment {
    /// The first of some fields that is there.
    pub(super) fn first(fields: &Fields<'_>, at: &[At], clocks: &mut Clocks) -> Result<Option<Self>, Blame> {
        for &at in at {
            let text = match at {
                At::Field(field) => fields.get::<Text<'_>>(field)?,
                At::Start(field) => fields.get::<Period<'_>>(field)?.and_then(|period| period.start),
                At::End(field) => fields.get::<Period<'_>>(field)?.and_then(|period| period.end),
            };
            if let Some(text) = said(&text) {
                return Self::read(text, clocks).map(Some).map_err(|bad| fields.blame(at.field(), bad));
            }
        }
        Ok(None)
    }

    fn read(text: &str, clocks: &mut Clocks) -> Result<Self, Bad> {
        let parts = [text.get(..4), text.get(5..7)].map(|digits| digits.and_then(number));
        let dashes = [4, 7].map(|place| text.as_bytes().get(place).is_none_or(|byte| *byte == b'-'));
        let (Some(year), [true, true]) = (parts[0], dashes) else { return Err(Bad::NotTime) };
        let from = |year, month| day_number(year, month, 1).map(|day| day * DAY).ok_or(Bad::NotTime);
        let until = |start: i64, next: i64| Self {
            start: Instant::from_micros(start),
            end: Instant::from_micros(next - SECOND),
        };
        match (text.len(), parts[1]) {
            (4, _) => Ok(until(from(year, 1)?, from(year + 1, 1)?)),
            (7, Some(12)) => Ok(until(from(year, 12)?, from(year + 1, 1)?)),
            (7, Some(month)) => Ok(until(from(year, month)?, from(year, month + 1)?)),
            (10.., Some(_)) => {
                let when = Cell::Text(text.as_bytes()).when()?.ok_or(Bad::NotTime)?;
                clocks.see(when.zoned);
                let start = when.instant.micros();
                Ok(until(start, start.saturating_add(if when.day_only { DAY } else { SECOND })))
            }
            _ => Err(Bad::NotTime),
        }
    }
}

fn number(digits: &str) -> Option<i64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        let moment = Moment::read(text, &mut Clocks::default()).ok()?;
        Some((moment.start.to_string(), moment.end.to_string()))
    }

    #[test]
    fn what_is_known_in_part_has_a_start_and_an_end() {
        for (text, start, end) in [
            ("2015", "2015-01-01 00:00:00", "2015-12-31 23:59:59"),
            ("2016-02", "2016-02-01 00:00:00", "2016-02-29 23:59:59"),
            ("2015-12", "2015-12-01 00:00:00", "2015-12-31 23:59:59"),
            ("2015-03-04", "2015-03-04 00:00:00", "2015-03-04 23:59:59"),
            ("2015-03-04T23:30:00-05:00", "2015-03-05 04:30:00", "2015-03-05 04:30:00"),
            ("2015-03-04T10:00:00.250Z", "2015-03-04 10:00:00.250000", "2015-03-04 10:00:00.250000"),
        ] {
            assert_eq!(read(text), Some((start.to_owned(), end.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "15",
            "2015-13",
            "2015-00",
            "2015-02-30",
            "04.03.2015",
            "2015/03/04",
            "20150304",
            "NULL",
            "é015-03-04",
            "+015",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn only_a_time_of_day_has_a_clock() {
        let seen = |text: &str| {
            let mut clocks = Clocks::default();
            let _ = Moment::read(text, &mut clocks);
            (clocks.with, clocks.without)
        };
        assert_eq!(seen("2015-03-04"), (false, false));
        assert_eq!(seen("2015-03-04T10:00:00"), (false, true));
        assert_eq!(seen("2015-03-04T10:00:00Z"), (true, false));
    }
}
