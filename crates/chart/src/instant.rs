//! Points in time and the distances between them.

use std::fmt;
use std::ops::{Add, Neg, Sub};

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
/// Microseconds in a day.
const DAY: i64 = 86_400 * SECOND;

/// A point in time: microseconds since 1970-01-01 00:00, on the clock that the record was kept by. A record has one
/// clock; which one it is does not matter here, because only differences are ever used.
///
/// Adding a [`Span`] stops at the ends of the 64-bit range (some 290,000 years away) instead of wrapping.
///
/// ```
/// use bedside_chart::{Instant, Span};
/// let admission = Instant::from_micros(0);
/// assert_eq!((admission + Span::hours(24)).to_string(), "1970-01-02 00:00:00");
/// assert_eq!(admission + Span::hours(24) - admission, Span::days(1));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Instant(i64);

impl Instant {
    /// The last point in time there is.
    pub const MAX: Self = Self(i64::MAX);

    /// From microseconds since 1970-01-01 00:00.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01 00:00.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Year, month and day in the proleptic Gregorian calendar.
    #[must_use]
    pub fn date(self) -> (i64, i64, i64) {
        civil(self.0.div_euclid(DAY))
    }

    /// The last second of its day: where all stands that is known only to the day.
    ///
    /// ```
    /// use bedside_chart::{Instant, Span};
    /// let noon = Instant::from_micros(0) + Span::hours(12);
    /// assert_eq!(noon.end_of_day().to_string(), "1970-01-01 23:59:59");
    /// ```
    #[must_use]
    pub const fn end_of_day(self) -> Self {
        Self(self.0.div_euclid(DAY).saturating_mul(DAY).saturating_add(DAY - SECOND))
    }

    /// Whether another is on the same day.
    #[must_use]
    pub const fn same_day(self, other: Self) -> bool {
        self.0.div_euclid(DAY) == other.0.div_euclid(DAY)
    }

    /// The next point in time: with it, an interval that includes its end is written as one that does not.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl Add<Span> for Instant {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub for Instant {
    type Output = Span;

    fn sub(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Instant {
    /// `2180-03-23 11:51:00`, in the proleptic Gregorian calendar; fractions of a second only where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = self.0.rem_euclid(DAY);
        let (year, month, date) = self.date();
        let (seconds, micros) = (within / SECOND, within % SECOND);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{date:02} {hour:02}:{minute:02}:{second:02}")?;
        if micros == 0 { Ok(()) } else { write!(f, ".{micros:06}") }
    }
}

/// The calendar date of a day counted from 1970-01-01. Years are taken to begin in March, so that the leap day comes last
/// (Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `civil_from_days`,
/// <https://howardhinnant.github.io/date_algorithms.html>).
fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let of_era = shifted.rem_euclid(146_097);
    let in_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * in_era + in_era / 4 - in_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = (from_march + 2) % 12 + 1;
    let year = in_era + shifted.div_euclid(146_097) * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * from_march + 2) / 5 + 1)
}

/// A distance in time, in microseconds; negative when it points back.
///
/// ```
/// use bedside_chart::Span;
/// assert_eq!(Span::days(1).to_string(), "1 d");
/// assert_eq!((-Span::hours(36)).to_string(), "-1 d 12 h");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span(i64);

/// The age of 120 years: an age above it is an error in the record.
pub const OLDEST: Span = Span::days(120 * 365 + 30);

impl Span {
    /// No distance.
    pub const ZERO: Self = Self(0);

    /// From microseconds.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(hours: i64) -> Self {
        Self(hours.saturating_mul(3600 * SECOND))
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(days: i64) -> Self {
        Self(days.saturating_mul(DAY))
    }

    /// In days of 24 hours.
    #[must_use]
    pub fn days_f64(self) -> f64 {
        self.0 as f64 / DAY as f64
    }

    /// In microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl Add for Span {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Neg for Span {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl fmt::Display for Span {
    /// The largest units that fit, from days down: `2 d 6 h`, `-30 min`, `0 s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0 s");
        }
        let mut rest = self.0.unsigned_abs();
        let mut between = if self.0 < 0 { "-" } else { "" };
        for (micros, unit) in
            [(DAY, "d"), (3600 * SECOND, "h"), (60 * SECOND, "min"), (SECOND, "s"), (1, "µs")]
        {
            let (whole, left) = (rest / micros.unsigned_abs(), rest % micros.unsigned_abs());
            if whole > 0 {
                write!(f, "{between}{whole} {unit}")?;
                between = " ";
            }
            rest = left;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_calendar() {
        for (days, shown) in [
            (0, "1970-01-01 00:00:00"),
            (-1, "1969-12-31 00:00:00"),
            (11_016, "2000-02-29 00:00:00"),
            (47_541, "2100-03-01 00:00:00"),
            (-719_468, "0000-03-01 00:00:00"),
        ] {
            assert_eq!((Instant::from_micros(0) + Span::days(days)).to_string(), shown);
        }
        assert_eq!(Instant::from_micros(-1).to_string(), "1969-12-31 23:59:59.999999");
    }

    #[test]
    fn the_ends_of_time_do_not_wrap() {
        assert_eq!(Instant::MAX + Span::days(1), Instant::MAX);
        assert_eq!(Instant::MAX.next(), Instant::MAX);
        assert_eq!(-Span::from_micros(i64::MIN), Span::from_micros(i64::MAX));
        assert!(!Instant::from_micros(i64::MIN).to_string().is_empty());
        assert!(!Instant::MAX.to_string().is_empty());
    }

    #[test]
    fn a_span_is_written_in_the_largest_units_that_fit() {
        assert_eq!((Span::days(2) + Span::hours(6)).to_string(), "2 d 6 h");
        assert_eq!(Span::ZERO.to_string(), "0 s");
        assert_eq!(Span::from_micros(-1).to_string(), "-1 µs");
    }
}
