//! What can be read off the clock at an index time.

use super::Aggregation;

/// What the clock says at an index time, never the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reading {
    /// Age in years of 365.2425 days; not known without a birth at or before the index time.
    Age,
    /// The time of day, to the microsecond, as sine and cosine.
    HourOfDay,
    /// The day of the week from Monday, as sine and cosine.
    DayOfWeek,
    /// The day of the year, in whole days of that year, as sine and cosine.
    DayOfYear,
}

impl Reading {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Age, Self::HourOfDay, Self::DayOfWeek, Self::DayOfYear];

    /// Its name in a recipe.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::HourOfDay => "hour-of-day",
            Self::DayOfWeek => "day-of-week",
            Self::DayOfYear => "day-of-year",
        }
    }

    pub(super) const fn aggregations(self) -> &'static [Aggregation] {
        match self {
            Self::Age => &[Aggregation::AgeYears],
            Self::HourOfDay => &[Aggregation::HourOfDaySin, Aggregation::HourOfDayCos],
            Self::DayOfWeek => &[Aggregation::DayOfWeekSin, Aggregation::DayOfWeekCos],
            Self::DayOfYear => &[Aggregation::DayOfYearSin, Aggregation::DayOfYearCos],
        }
    }
}
