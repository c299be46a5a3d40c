//! A cell of a table, and what it may be asked for.

use std::borrow::Cow;

use bedside_chart::Instant;

use crate::times::sure_time;
use crate::{Decimal, parse_number};

/// What a file has in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::import) enum Cell<'a> {
    Missing,
    /// As written; of an unquoted field without the white space around it.
    Text(&'a [u8]),
    /// As written between quotes, in which a quote stands twice.
    Quoted(&'a [u8]),
    Whole(i64),
    Number(f64),
    /// Microseconds since 1970, and whether on a clock with a zone.
    Instant(i64, bool),
    /// Days since 1970.
    Day(i64),
    /// A distance in microseconds.
    Distance(i64),
    Flag(bool),
}

/// Why a row could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::import) enum Bad {
    Fields,
    AfterQuote,
    Empty,
    NotWhole,
    NotNumber,
    NotTime,
    NotText,
    TooLarge,
    NotJson,
    NoSubject,
    UnknownSubject,
    NoCode,
    NoTime,
    NotResource,
    NotFhir,
    NoMedication,
    History,
}

impl Bad {
    pub(in crate::import) fn words(self) -> &'static str {
        match self {
            Self::Fields => "another number of fields than there are columns",
            Self::AfterQuote => "text after a closing quote",
            Self::Empty => "empty, but must hold something",
            Self::NotWhole => "not a whole number",
            Self::NotNumber => "not a number",
            Self::NotTime => "not a date or a time",
            Self::NotText => "not text in UTF-8",
            Self::TooLarge => "a number too large for single precision, in which MEDS keeps values",
            Self::NotJson => "not JSON, or broken off",
            Self::NoSubject => "of no patient",
            Self::UnknownSubject => "of a patient that is not among the patients",
            Self::NoCode => "without a code",
            Self::NoTime => "without a time",
            Self::NotResource => "JSON, but no FHIR resource",
            Self::NotFhir => "not as FHIR R4 has it",
            Self::NoMedication => {
                "a medication by reference that is neither in the bundle nor in a file of Medication resources"
            }
            Self::History => "a bundle of history, which has a resource several times",
        }
    }
}

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct When {
    pub(in crate::import) instant: Instant,
    /// Only the day is known; the instant is its start.
    pub(in crate::import) day_only: bool,
    /// Whether it is on a clock with a zone; none for a day.
    pub(in crate::import) zoned: Option<bool>,
}

const DAY: i64 = 86_400_000_000;

impl<'a> Cell<'a> {
    /// Whether the text says that there is nothing, where a number or an instant is asked for.
    fn says_missing(text: &[u8]) -> bool {
        matches!(text, b"" | b"NULL" | b"null" | b"\\N" | b"NA" | b"NaN" | b"nan" | b"None")
    }

    /// A whole number; `6.0` is one.
    pub(in crate::import) fn whole(self) -> Result<Option<i64>, Bad> {
        match self {
            Self::Missing => Ok(None),
            Self::Whole(number) => Ok(Some(number)),
            Self::Number(number) => exact(number).map(Some).ok_or(Bad::NotWhole),
            Self::Text(text) | Self::Quoted(text) => {
                let text = text.trim_ascii();
                if let Some(number) = digits(text) {
                    return Ok(Some(number));
                }
                if Self::says_missing(text) {
                    return Ok(None);
                }
                let text = std::str::from_utf8(text).map_err(|_| Bad::NotWhole)?;
                // All digits of an identifier count, so a number beyond 2⁵³ must not go through floating point.
                let whole = text.split_once('.').filter(|(_, zeros)| zeros.bytes().all(|b| b == b'0'));
                whole.map_or(text, |(whole, _)| whole).parse().map(Some).map_err(|_| Bad::NotWhole)
            }
            _ => Err(Bad::NotWhole),
        }
    }

    pub(in crate::import) fn number(self) -> Result<Option<f64>, Bad> {
        match self {
            Self::Missing => Ok(None),
            Self::Whole(number) => Ok(Some(number as f64)),
            Self::Number(number) => Ok(Some(number).filter(|number| !number.is_nan())),
            Self::Flag(flag) => Ok(Some(f64::from(u8::from(flag)))),
            Self::Text(text) | Self::Quoted(text) => {
                let text = text.trim_ascii();
                if Self::says_missing(text) {
                    return Ok(None);
                }
                let text = std::str::from_utf8(text).map_err(|_| Bad::NotNumber)?;
                parse_number(text, Decimal::Point).map(Some).ok_or(Bad::NotNumber)
            }
            _ => Err(Bad::NotNumber),
        }
    }

    /// An instant, or a day.
    pub(in crate::import) fn when(self) -> Result<Option<When>, Bad> {
        let at = |micros, day_only, zoned| {
            Ok(Some(When { instant: Instant::from_micros(micros), day_only, zoned }))
        };
        match self {
            Self::Missing => Ok(None),
            Self::Instant(micros, zoned) => at(micros, false, Some(zoned)),
            Self::Day(day) => day.checked_mul(DAY).map_or(Err(Bad::NotTime), |micros| at(micros, true, None)),
            Self::Text(text) | Self::Quoted(text) => {
                let text = text.trim_ascii();
                if Self::says_missing(text) {
                    return Ok(None);
                }
                let text = std::str::from_utf8(text).map_err(|_| Bad::NotTime)?;
                let (micros, zoned) = sure_time(text).ok_or(Bad::NotTime)?;
                at(micros, zoned.is_none(), zoned)
            }
            _ => Err(Bad::NotTime),
        }
    }

    /// The text of a cell, or of a number as it would be written.
    pub(in crate::import) fn text(self) -> Result<Option<Cow<'a, str>>, Bad> {
        let text = |bytes: &'a [u8]| std::str::from_utf8(bytes).map_err(|_| Bad::NotText);
        Ok(match self {
            Self::Missing => None,
            Self::Whole(number) => Some(Cow::Owned(number.to_string())),
            Self::Number(number) => Some(Cow::Owned(number.to_string())),
            Self::Flag(flag) => Some(Cow::Borrowed(if flag { "true" } else { "false" })),
            Self::Quoted(written) => Some(Cow::Owned(text(written)?.replace("\"\"", "\""))),
            // As for numbers.
            Self::Text(b"NULL") => None,
            Self::Text(written) => Some(Cow::Borrowed(text(written)?)),
            Self::Instant(..) | Self::Day(_) | Self::Distance(_) => return Err(Bad::NotText),
        }
        .filter(|text| !text.trim().is_empty() && text != "\\N"))
    }
}

fn exact(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
}

/// Up to eighteen digits, and a minus.
fn digits(text: &[u8]) -> Option<i64> {
    let (minus, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if !(1..=18).contains(&text.len()) {
        return None;
    }
    let mut number = 0;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(if minus { -number } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_all_their_digits() {
        let whole = |text: &'static str| Cell::Text(text.as_bytes()).whole();
        assert_eq!(whole("9223372036854775807"), Ok(Some(i64::MAX)));
        assert_eq!(whole("9007199254740993.0"), Ok(Some(9_007_199_254_740_993)));
        assert_eq!(whole(" 6.0 "), Ok(Some(6)));
        assert_eq!(whole("-12"), Ok(Some(-12)));
        for missing in ["", " ", "NULL", "NA", "\\N"] {
            assert_eq!(whole(missing), Ok(None), "{missing}");
        }
        for wrong in ["6.5", "six", "1e3", "9223372036854775808", "--1", ".0"] {
            assert_eq!(whole(wrong), Err(Bad::NotWhole), "{wrong}");
        }
        assert_eq!(Cell::Number(1e300).whole(), Err(Bad::NotWhole));
    }

    #[test]
    fn days_and_clocks_are_told_apart() {
        let when = |text: &'static str| Cell::Text(text.as_bytes()).when();
        let day = when("2015-03-04").unwrap().unwrap();
        assert!(day.day_only && day.zoned.is_none());
        let midnight = when("2015-03-04 00:00:00").unwrap().unwrap();
        assert!(!midnight.day_only && midnight.zoned == Some(false) && midnight.instant == day.instant);
        assert_eq!(when("2015-03-04T10:00:00Z").unwrap().unwrap().zoned, Some(true));
        for wrong in
            ["2015-02-30", "2015-03-04 25:00:00", "2015-03-04 10-00-00", "soon", "2015-03-04x10:00:00"]
        {
            assert_eq!(when(wrong), Err(Bad::NotTime), "{wrong}");
        }
    }

    #[test]
    fn quotes_stand_once_in_a_text() {
        assert_eq!(Cell::Quoted(b"5\"\" long").text(), Ok(Some(Cow::Borrowed("5\" long"))));
        assert_eq!(Cell::Text(b"\xff").text(), Err(Bad::NotText));
        assert_eq!(Cell::Text(b"  ").text(), Ok(None));
    }
}
