//! What the index time itself says, without the year.

use std::f64::consts::TAU;

use bedside_chart::Instant;

/// A cycle of time. Where in it an index time stands is told by two numbers, sine and cosine, so that its end meets its
/// beginning. None of them tells the year, so a model cannot learn what only happened once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Cycle {
    HourOfDay,
    DayOfWeek,
    DayOfYear,
}

const DAY: i64 = 86_400_000_000;

impl Cycle {
    /// How much of the cycle has passed, from 0 to 1: of a day to the microsecond, of a week from Monday and of a year in
    /// whole days. The clock is that of the data.
    pub(super) fn passed(self, at: Instant) -> f64 {
        let (day, within) = (at.micros().div_euclid(DAY), at.micros().rem_euclid(DAY));
        match self {
            Self::HourOfDay => within as f64 / DAY as f64,
            // The first day of 1970 was a Thursday.
            Self::DayOfWeek => (day + 3).rem_euclid(7) as f64 / 7.0,
            Self::DayOfYear => {
                let (day, length) = day_of_year(at);
                day as f64 / length as f64
            }
        }
    }

    pub(super) fn sine(self, at: Instant) -> f64 {
        (TAU * self.passed(at)).sin()
    }

    pub(super) fn cosine(self, at: Instant) -> f64 {
        (TAU * self.passed(at)).cos()
    }
}

/// The day of the year, counted from 0, and how many the year has.
fn day_of_year(at: Instant) -> (i64, i64) {
    let (year, month, day) = at.date();
    let leap = i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let before = BEFORE[(month - 1) as usize] + if month > 2 { leap } else { 0 };
    (before + day - 1, 365 + leap)
}

#[cfg(test)]
mod tests {
    use bedside_chart::Span;

    use super::*;

    fn at(days: i64, hours: i64) -> Instant {
        Instant::from_micros(0) + Span::days(days) + Span::hours(hours)
    }

    #[test]
    fn cycles_close_where_they_should() {
        assert_eq!(Cycle::HourOfDay.passed(at(12, 18)), 0.75);
        assert_eq!(Cycle::HourOfDay.passed(at(-1, 6)), 0.25, "before 1970");
        // 1970-01-05 was a Monday.
        assert_eq!(Cycle::DayOfWeek.passed(at(4, 23)), 0.0);
        assert_eq!(Cycle::DayOfWeek.passed(at(3, 0)), 6.0 / 7.0);
        assert_eq!(Cycle::DayOfWeek.passed(at(-3, 0)), 0.0);
        assert_eq!(Cycle::DayOfYear.passed(at(0, 0)), 0.0);
        assert_eq!(Cycle::DayOfYear.passed(at(364, 0)), 364.0 / 365.0);
        assert_eq!(Cycle::DayOfYear.passed(at(365, 0)), 0.0);
        // 1972 had 366 days; its first of March was the 61st.
        assert_eq!(day_of_year(at(730 + 60, 0)), (60, 366));
        assert_eq!(day_of_year(at(730 + 365, 0)), (365, 366));
        assert_eq!((Cycle::HourOfDay.sine(at(0, 6)), Cycle::HourOfDay.cosine(at(0, 0))), (1.0, 1.0));
    }
}
