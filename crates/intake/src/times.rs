//! Instants as people write them.

use bedside_chart::Instant;
use bedside_table::State;

use crate::{IntakeError, Place};

/// Which comes first in a date of three numbers that ends in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// `25/04/2015`
    DayFirst,
    /// `04/25/2015`
    MonthFirst,
}

/// Instants in microseconds since 1970-01-01T00:00:00, with gaps. A time without a zone is taken as written. Where the
/// state is not [`State::Measured`] the stored number is 0 and means nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    microseconds: Vec<i64>,
    states: Vec<State>,
    zoned: Option<bool>,
}

impl Times {
    pub(crate) fn new(mut microseconds: Vec<i64>, states: Vec<State>, zoned: Option<bool>) -> Self {
        for (value, _) in microseconds.iter_mut().zip(&states).filter(|(_, state)| !state.is_measured()) {
            *value = 0;
        }
        Self { microseconds, states, zoned }
    }

    /// Whether they are on a clock with a zone; none where all are days.
    #[must_use]
    pub fn zoned(&self) -> Option<bool> {
        self.zoned
    }

    /// The instant of a row, if there is one.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<i64> {
        self.states[row].is_measured().then(|| self.microseconds[row])
    }

    /// All instants; meaningless where [`Times::states`] is not `Measured`.
    #[must_use]
    pub fn microseconds(&self) -> &[i64] {
        &self.microseconds
    }

    /// The state of every cell.
    #[must_use]
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// Days since 1970-01-01, with fractions, if there is an instant.
    #[must_use]
    pub fn days(&self, row: usize) -> Option<f64> {
        self.get(row).map(|microseconds| microseconds as f64 / DAY as f64)
    }
}

const SECOND: i64 = 1_000_000;
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// From the start of a day to its last second, in microseconds. What is known to the day counts as known at its end: a
/// diagnosis of the day must not speak for a risk that is told in its morning. A birth begins with its day.
pub(crate) const TO_ITS_END: i64 = DAY - SECOND;

/// When something ended that began at an instant. What is known to have begun on a day counts from the end of it; if it ended within that
/// day it ended as it began, and not before. What has both on the clock is for the data to answer for.
pub(crate) fn ended(began: Instant, ended: Instant) -> Instant {
    let of_day = began.micros().rem_euclid(DAY) == TO_ITS_END;
    if of_day && ended < began && ended.date() == began.date() { began } else { ended }
}

/// A date or date and time as microseconds since 1970-01-01T00:00:00 (UTC if it has a zone, otherwise as written).
/// Read are ISO 8601 (`2015-03-04`, `2015-03-04T10:11:12.5Z`, `20150304`), the same with `/`, dates with a month's
/// English name (`4-Mar-2015`, `Mar 4, 2015`), and dates that end in the year (`04.03.2015` is the 4th of March; with
/// `/` or `-` only in the given order). `None` is anything else, so also years of two digits.
///
/// ```
/// use bedside_intake::{DateOrder, parse_time};
/// assert_eq!(parse_time("1970-01-02", None), Some(86_400_000_000));
/// assert_eq!(parse_time("01/02/1970", None), None);
/// assert_eq!(parse_time("01/02/1970", Some(DateOrder::MonthFirst)), Some(86_400_000_000));
/// ```
#[must_use]
pub fn parse_time(text: &str, order: Option<DateOrder>) -> Option<i64> {
    match written(text)? {
        Written { date: Date::Sure(day), within, .. } => Some(day * DAY + within),
        Written { date: Date::Open { day_first, month_first }, within, .. } => {
            let day = match order? {
                DateOrder::DayFirst => day_first,
                DateOrder::MonthFirst => month_first,
            };
            day.map(|day| day * DAY + within)
        }
    }
}

/// An instant that can be read in one way only, and whether it is on a clock with a zone; none within for a day.
pub(crate) fn sure_time(text: &str) -> Option<(i64, Option<bool>)> {
    match written(text)? {
        Written { date: Date::Sure(day), within, zoned } => Some((day * DAY + within, zoned)),
        Written { date: Date::Open { .. }, .. } => None,
    }
}

/// An instant as ISO 8601; midnight without a zone as its date alone, as a day is written.
pub(crate) fn write_time(microseconds: i64, zoned: bool) -> String {
    iso(microseconds, zoned, microseconds.rem_euclid(DAY) > 0 || zoned)
}

/// An instant as ISO 8601 without a zone, with its time of day even at midnight: a column of instants has one format.
pub(crate) fn write_instant(microseconds: i64) -> String {
    iso(microseconds, false, true)
}

fn iso(microseconds: i64, zoned: bool, with_time: bool) -> String {
    let within = microseconds.rem_euclid(DAY);
    let (year, month, date) = Instant::from_micros(microseconds).date();
    let mut text = format!("{year:04}-{month:02}-{date:02}");
    if with_time {
        let (seconds, fraction) = (within / SECOND, within % SECOND);
        text.push_str(&format!("T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
        if fraction > 0 {
            text.push_str(&format!(".{fraction:06}"));
        }
        if zoned {
            text.push('Z');
        }
    }
    text
}

/// Why the texts of a column cannot be read together; numbers are those of the texts.
pub(crate) enum Clash {
    Ambiguous,
    Orders { day_first: usize, month_first: usize },
    Zones { with: usize, without: usize },
}

impl Clash {
    pub(crate) fn error(self, column: &str, place: impl Fn(usize) -> Place) -> IntakeError {
        let column = column.to_owned();
        match self {
            Self::Ambiguous => IntakeError::AmbiguousDates { column },
            Self::Orders { day_first, month_first } => IntakeError::MixedDates {
                column,
                day_first: Box::new(place(day_first)),
                month_first: Box::new(place(month_first)),
            },
            Self::Zones { with, without } => IntakeError::MixedZones {
                column,
                with: Box::new(place(with)),
                without: Box::new(place(without)),
            },
        }
    }
}

/// The instants of a column's distinct texts, `None` where one cannot be read; and whether they are on a clock with a zone.
pub(crate) fn read_levels(
    levels: &[String],
    order: Option<DateOrder>,
) -> Result<(Vec<Option<i64>>, Option<bool>), Clash> {
    let all: Vec<Option<Written>> = levels.iter().map(|text| written(text)).collect();
    let find = |wanted: &dyn Fn(&Written) -> bool| all.iter().position(|w| w.as_ref().is_some_and(wanted));
    let with = find(&|w| w.zoned == Some(true));
    let without = find(&|w| w.zoned == Some(false));
    if let (Some(with), Some(without)) = (with, without) {
        return Err(Clash::Zones { with, without });
    }
    let open =
        |w: &Written| matches!(w.date, Date::Open { day_first: Some(a), month_first: Some(b) } if a != b);
    let only_day = find(&|w| matches!(w.date, Date::Open { day_first: Some(_), month_first: None }));
    let only_month = find(&|w| matches!(w.date, Date::Open { day_first: None, month_first: Some(_) }));
    let order = match (order, only_day, only_month) {
        (Some(order), _, _) => order,
        (None, Some(day_first), Some(month_first)) => return Err(Clash::Orders { day_first, month_first }),
        (None, None, Some(_)) => DateOrder::MonthFirst,
        (None, Some(_), None) => DateOrder::DayFirst,
        (None, None, None) if find(&open).is_some() => return Err(Clash::Ambiguous),
        (None, None, None) => DateOrder::DayFirst,
    };
    let zoned = with.map(|_| true).or(without.map(|_| false));
    Ok((levels.iter().map(|text| parse_time(text, Some(order))).collect(), zoned))
}

/// A date as day number, or the two that it may be.
enum Date {
    Sure(i64),
    Open { day_first: Option<i64>, month_first: Option<i64> },
}

struct Written {
    date: Date,
    /// Microseconds within the day, the zone's offset taken off.
    within: i64,
    /// Whether a zone is given; `None` for a date without a time.
    zoned: Option<bool>,
}

fn written(text: &str) -> Option<Written> {
    let text = text.trim();
    if let Some((day, clock)) = usual(text.as_bytes()) {
        let zoned = clock.map(|_| false);
        return Some(Written { date: Date::Sure(day), within: clock.unwrap_or(0), zoned });
    }
    in_any_form(text)
}

fn in_any_form(text: &str) -> Option<Written> {
    if !text.is_ascii() {
        return None;
    }
    let (date, clock) = divide(text);
    let date = read_date(date)?;
    let Some(clock) = clock else { return Some(Written { date, within: 0, zoned: None }) };
    let (within, zoned) = read_clock(clock)?;
    Some(Written { date, within, zoned: Some(zoned) })
}

/// `2015-03-04`, alone or with `10:11:12` after a space or a `T`: nearly all that is met. The day, and the time of
/// day if there is one.
fn usual(text: &[u8]) -> Option<(i64, Option<i64>)> {
    let two = |at: usize| {
        let (a, b) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        (a <= 9 && b <= 9).then(|| i64::from(a) * 10 + i64::from(b))
    };
    if !matches!(text.len(), 10 | 19) || text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let day = day_number(two(0)? * 100 + two(2)?, two(5)?, two(8)?)?;
    if text.len() == 10 {
        return Some((day, None));
    }
    let (hour, minute, second) = (two(11)?, two(14)?, two(17)?);
    let marks = matches!(text[10], b' ' | b'T') && text[13] == b':' && text[16] == b':';
    let seconds = hour * 3600 + minute * 60 + second;
    (marks && hour < 24 && minute < 60 && second < 60).then_some((day, Some(seconds * SECOND)))
}

/// The date and, after a `T` or a space before the first colon, the time of day.
fn divide(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else { return (text, None) };
    match text[..colon].rfind(['T', ' ']) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn read_date(text: &str) -> Option<Date> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return day_number(number(&text[..4])?, number(&text[4..6])?, number(&text[6..])?).map(Date::Sure);
    }
    let mark = text.bytes().find(|b| !b.is_ascii_alphanumeric())?;
    let parts: Vec<&str> = if text.contains(' ') {
        text.split([' ', ',']).filter(|part| !part.is_empty()).collect()
    } else {
        text.split(char::from(mark)).collect()
    };
    let &[a, b, c] = parts.as_slice() else { return None };
    let year = |text: &str| (text.len() == 4).then(|| number(text)).flatten();
    if let Some(month) = month_name(b) {
        let (year, day) = year(c).map(|y| (y, a)).or_else(|| year(a).map(|y| (y, c)))?;
        return day_number(year, month, number(day)?).map(Date::Sure);
    }
    if let Some(month) = month_name(a) {
        return day_number(year(c)?, month, number(b)?).map(Date::Sure);
    }
    match mark {
        b'-' | b'/' | b'.' if a.len() == 4 => day_number(year(a)?, number(b)?, number(c)?).map(Date::Sure),
        b'.' => day_number(year(c)?, number(b)?, number(a)?).map(Date::Sure),
        b'-' | b'/' => {
            let (year, a, b) = (year(c)?, number(a)?, number(b)?);
            let (day_first, month_first) = (day_number(year, b, a), day_number(year, a, b));
            (day_first.is_some() || month_first.is_some()).then_some(Date::Open { day_first, month_first })
        }
        _ => None,
    }
}

/// Microseconds within the day, and whether a zone was given.
fn read_clock(text: &str) -> Option<(i64, bool)> {
    let upper = text.trim().to_ascii_uppercase();
    let (clock, noon) = match upper.strip_suffix("AM") {
        Some(clock) => (clock.trim_end(), Some(0)),
        None => upper.strip_suffix("PM").map_or((upper.as_str(), None), |clock| (clock.trim_end(), Some(12))),
    };
    let (clock, offset) = match clock.strip_suffix('Z') {
        Some(clock) => (clock, Some(0)),
        None => match clock.rfind(['+', '-']) {
            Some(at) => (clock[..at].trim_end(), Some(read_offset(&clock[at..])?)),
            None => (clock, None),
        },
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let (second, fraction) = match parts.next() {
        None => (0, 0),
        Some(text) => {
            let (second, fraction) = text.split_once('.').unwrap_or((text, "0"));
            (number(second)?, read_fraction(fraction)?)
        }
    };
    let hour = match noon {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(noon) => hour % 12 + noon,
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 + second - offset.unwrap_or(0);
    Some((seconds * SECOND + fraction, offset.is_some()))
}

/// `+01:00`, `-0530`, `+02` in seconds.
fn read_offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text[1..].replace(':', "");
    let (hours, minutes) = match digits.len() {
        2 => (number(&digits)?, 0),
        4 => (number(&digits[..2])?, number(&digits[2..])?),
        _ => return None,
    };
    (hours <= 14 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Digits after the decimal point of a second, as microseconds; later digits are cut off.
fn read_fraction(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 12 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    number(&format!("{text:0<6}")[..6])
}

/// One to six digits.
fn number(text: &str) -> Option<i64> {
    let digits = (1..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn month_name(text: &str) -> Option<i64> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.to_ascii_lowercase();
    let place = NAMES.iter().position(|name| text.len() >= 3 && (*name == text || name[..3] == text))?;
    Some(place as i64 + 1)
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar, if there is such a day. Counts days of the year from March,
/// so that the leap day comes last (Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `days_from_civil`,
/// <https://howardhinnant.github.io/date_algorithms.html>).
pub(crate) fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let year = year - i64::from(month <= 2);
    let in_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(year.div_euclid(400) * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 2015-03-04 is day 16 498 (`date -d 2015-03-04 +%s` / 86 400).
    const DAY_16498: i64 = 16_498 * DAY;

    #[test]
    fn one_day_in_many_spellings() {
        for text in [
            "2015-03-04",
            "20150304",
            "2015/03/04",
            "2015-3-4",
            "04.03.2015",
            "4-Mar-2015",
            "04 March 2015",
            "Mar 4, 2015",
            "2015-Mar-04",
        ] {
            assert_eq!(parse_time(text, None), Some(DAY_16498), "{text}");
        }
    }

    #[test]
    fn times_of_day_and_zones() {
        let ten = DAY_16498 + 10 * 3600 * SECOND;
        for text in [
            "2015-03-04T10:00",
            "2015-03-04 10:00:00",
            "2015-03-04T10:00:00.000Z",
            "2015-03-04T11:30:00+01:30",
            "2015-03-04T05:00-0500",
            "Mar 4, 2015 10:00 AM",
        ] {
            assert_eq!(parse_time(text, None), Some(ten), "{text}");
        }
        assert_eq!(parse_time("2015-03-04 10:00:00.25", None), Some(ten + SECOND / 4));
        assert_eq!(parse_time("2015-03-04 12:00 am", None), Some(DAY_16498));
    }

    #[test]
    fn what_ends_within_its_day_does_not_end_before_it_began() {
        let at = Instant::from_micros;
        assert_eq!(ended(at(TO_ITS_END), at(10 * 3600 * SECOND)), at(TO_ITS_END));
        assert_eq!(ended(at(TO_ITS_END), at(DAY + 5)), at(DAY + 5));
        for (began, before) in [(DAY + 5, TO_ITS_END), (18 * 3600 * SECOND, 12 * 3600 * SECOND)] {
            assert_eq!(ended(at(began), at(before)), at(before), "that is for the data to answer for");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "2015-02-29",
            "2015-13-01",
            "04/03/15",
            "2015",
            "yesterday",
            "2015-03-04T24:00",
            "2015-03-04T10:61",
            "03/04/2015",
            "2015-03-04T",
            "10:00",
            "00/00/2015",
        ] {
            assert_eq!(parse_time(text, None), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_instant_reads_back(microseconds in -62_000_000_000_000_000_i64..250_000_000_000_000_000, zoned: bool) {
            prop_assert_eq!(parse_time(&write_time(microseconds, zoned), None), Some(microseconds));
        }

        #[test]
        fn the_quick_way_is_the_long_way(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}:[0-9]{2})?") {
            let quick = usual(text.as_bytes()).map(|(day, clock)| (day, clock.unwrap_or(0), clock.map(|_| false)));
            let long = in_any_form(&text).map(|found| match found.date {
                Date::Sure(day) => (day, found.within, found.zoned),
                Date::Open { .. } => (0, 0, None),
            });
            prop_assert_eq!(quick, long);
        }

        #[test]
        fn no_text_makes_it_panic(text in "[-0-9/:.T +ZAMPmar,é]{0,24}") {
            let _ = parse_time(&text, Some(DateOrder::DayFirst));
        }
    }
}
