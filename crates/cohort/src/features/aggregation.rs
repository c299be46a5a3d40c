//! What is made of the events in a window.

use std::fmt;
use std::str::FromStr;

use bedside_table::nearest;

use super::comorbidity::{Comorbidity, Weights};
use super::cycle::Cycle;

/// What is made of the events of a code in a window. Those under `code/` look at all its events, those under `value/` only
/// at those that have a value; those under `static/` at its events without a time, and have no window. Those under `score/`,
/// `age/` and `cycle/` come with requests of their own and cannot be named with codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Aggregation {
    /// Whether the subject has the code without a time: 1.
    StaticPresent,
    /// The first value of the code without a time, in the order of the data.
    StaticFirst,
    /// How many events.
    CodeCount,
    /// How many distinct instants: an event written twice counts once.
    CodeTimes,
    /// Whether there is any: 1.
    CodePresent,
    /// Events per day of the window.
    CodePerDay,
    /// Days from the first event to the index time. Of a birth it is the age.
    CodeDaysSinceFirst,
    /// Days from the last event to the index time.
    CodeDaysSinceLast,
    /// How many values.
    ValueCount,
    /// Their sum.
    ValueSum,
    /// The sum of their squares.
    ValueSumSqd,
    /// The smallest.
    ValueMin,
    /// The largest.
    ValueMax,
    /// The earliest; of several at one instant, the smallest.
    ValueFirst,
    /// The latest; of several at one instant, the largest.
    ValueLast,
    /// The mean.
    ValueMean,
    /// The standard deviation (with n − 1); none of a single value.
    ValueSd,
    /// The slope of the least-squares line through the values over time, per day; none when all are at one instant.
    ValueSlope,
    /// The largest minus the smallest.
    ValueRange,
    /// The mean in the later half of the window minus the mean in the earlier half; none when a half has no value.
    ValueDelta,
    /// Points of the Charlson index, with the weights of 1987.
    ScoreCharlson1987,
    /// Points of the Charlson index, with the weights of Quan et al., 2011.
    ScoreQuan2011,
    /// Points of the Elixhauser index after van Walraven et al., 2009.
    ScoreVanWalraven2009,
    /// Years of 365.2425 days from birth to the index time; not known without a birth.
    AgeYears,
    /// Sine of the index time's hour of the day.
    HourOfDaySin,
    /// Its cosine.
    HourOfDayCos,
    /// Sine of the index time's day of the week, counted from Monday.
    DayOfWeekSin,
    /// Its cosine.
    DayOfWeekCos,
    /// Sine of the index time's day of the year.
    DayOfYearSin,
    /// Its cosine.
    DayOfYearCos,
}

/// What an aggregation looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Looks {
    Untimed,
    Events,
    Values,
    /// The conditions that events tell of.
    Conditions,
    /// Nothing but the index time.
    IndexTime,
}

impl Aggregation {
    /// All that can be named with codes.
    pub const ALL: [Self; 20] = [
        Self::StaticPresent,
        Self::StaticFirst,
        Self::CodeCount,
        Self::CodeTimes,
        Self::CodePresent,
        Self::CodePerDay,
        Self::CodeDaysSinceFirst,
        Self::CodeDaysSinceLast,
        Self::ValueCount,
        Self::ValueSum,
        Self::ValueSumSqd,
        Self::ValueMin,
        Self::ValueMax,
        Self::ValueFirst,
        Self::ValueLast,
        Self::ValueMean,
        Self::ValueSd,
        Self::ValueSlope,
        Self::ValueRange,
        Self::ValueDelta,
    ];

    /// Its name in a recipe.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::StaticPresent => "static/present",
            Self::StaticFirst => "static/first",
            Self::CodeCount => "code/count",
            Self::CodeTimes => "code/times",
            Self::CodePresent => "code/present",
            Self::CodePerDay => "code/per_day",
            Self::CodeDaysSinceFirst => "code/days_since_first",
            Self::CodeDaysSinceLast => "code/days_since_last",
            Self::ValueCount => "value/count",
            Self::ValueSum => "value/sum",
            Self::ValueSumSqd => "value/sum_sqd",
            Self::ValueMin => "value/min",
            Self::ValueMax => "value/max",
            Self::ValueFirst => "value/first",
            Self::ValueLast => "value/last",
            Self::ValueMean => "value/mean",
            Self::ValueSd => "value/sd",
            Self::ValueSlope => "value/slope",
            Self::ValueRange => "value/range",
            Self::ValueDelta => "value/delta",
            Self::ScoreCharlson1987 => "score/charlson_1987",
            Self::ScoreQuan2011 => "score/quan_2011",
            Self::ScoreVanWalraven2009 => "score/van_walraven_2009",
            Self::AgeYears => "age/years",
            Self::HourOfDaySin => "cycle/hour_of_day_sin",
            Self::HourOfDayCos => "cycle/hour_of_day_cos",
            Self::DayOfWeekSin => "cycle/day_of_week_sin",
            Self::DayOfWeekCos => "cycle/day_of_week_cos",
            Self::DayOfYearSin => "cycle/day_of_year_sin",
            Self::DayOfYearCos => "cycle/day_of_year_cos",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::StaticPresent => "present",
            Self::StaticFirst => "static value",
            Self::CodeCount => "count",
            Self::CodeTimes => "distinct times",
            Self::CodePresent => "any",
            Self::CodePerDay => "events per day",
            Self::CodeDaysSinceFirst => "days since the first",
            Self::CodeDaysSinceLast => "days since the last",
            Self::ValueCount => "values",
            Self::ValueSum => "sum",
            Self::ValueSumSqd => "sum of squares",
            Self::ValueMin => "lowest value",
            Self::ValueMax => "highest value",
            Self::ValueFirst => "first value",
            Self::ValueLast => "last value",
            Self::ValueMean => "mean",
            Self::ValueSd => "standard deviation",
            Self::ValueSlope => "slope per day",
            Self::ValueRange => "highest minus lowest value",
            Self::ValueDelta => "mean of the later half minus the earlier half",
            Self::ScoreCharlson1987 => "points of 1987",
            Self::ScoreQuan2011 => "points of Quan 2011",
            Self::ScoreVanWalraven2009 => "points of van Walraven 2009",
            Self::AgeYears => "years",
            Self::HourOfDaySin => "sine of the hour of the day",
            Self::HourOfDayCos => "cosine of the hour of the day",
            Self::DayOfWeekSin => "sine of the day of the week",
            Self::DayOfWeekCos => "cosine of the day of the week",
            Self::DayOfYearSin => "sine of the day of the year",
            Self::DayOfYearCos => "cosine of the day of the year",
        }
    }

    /// Whether a cell that has no entry is 0, as a count is; otherwise it is not known.
    #[must_use]
    pub const fn absent_is_zero(self) -> bool {
        matches!(
            self,
            Self::StaticPresent
                | Self::CodeCount
                | Self::CodeTimes
                | Self::CodePresent
                | Self::CodePerDay
                | Self::ValueCount
                | Self::ValueSum
                | Self::ValueSumSqd
                | Self::ScoreCharlson1987
                | Self::ScoreQuan2011
                | Self::ScoreVanWalraven2009
        )
    }

    /// Whether it means something only in a window that has a beginning.
    #[must_use]
    pub const fn needs_a_beginning(self) -> bool {
        matches!(self, Self::CodePerDay | Self::ValueDelta)
    }

    pub(super) const fn looks_at(self) -> Looks {
        match self {
            Self::StaticPresent | Self::StaticFirst => Looks::Untimed,
            Self::CodeCount
            | Self::CodeTimes
            | Self::CodePresent
            | Self::CodePerDay
            | Self::CodeDaysSinceFirst
            | Self::CodeDaysSinceLast
            | Self::AgeYears => Looks::Events,
            Self::ValueCount
            | Self::ValueSum
            | Self::ValueSumSqd
            | Self::ValueMin
            | Self::ValueMax
            | Self::ValueFirst
            | Self::ValueLast
            | Self::ValueMean
            | Self::ValueSd
            | Self::ValueSlope
            | Self::ValueRange
            | Self::ValueDelta => Looks::Values,
            Self::ScoreCharlson1987 | Self::ScoreQuan2011 | Self::ScoreVanWalraven2009 => Looks::Conditions,
            Self::HourOfDaySin
            | Self::HourOfDayCos
            | Self::DayOfWeekSin
            | Self::DayOfWeekCos
            | Self::DayOfYearSin
            | Self::DayOfYearCos => Looks::IndexTime,
        }
    }

    /// Whether it has no window.
    #[must_use]
    pub const fn is_static(self) -> bool {
        matches!(self.looks_at(), Looks::Untimed | Looks::IndexTime) || matches!(self, Self::AgeYears)
    }

    /// The cycle that it tells the place in, and whether by the sine.
    pub(super) const fn cycle(self) -> Option<(Cycle, bool)> {
        Some(match self {
            Self::HourOfDaySin => (Cycle::HourOfDay, true),
            Self::HourOfDayCos => (Cycle::HourOfDay, false),
            Self::DayOfWeekSin => (Cycle::DayOfWeek, true),
            Self::DayOfWeekCos => (Cycle::DayOfWeek, false),
            Self::DayOfYearSin => (Cycle::DayOfYear, true),
            Self::DayOfYearCos => (Cycle::DayOfYear, false),
            _ => return None,
        })
    }

    /// The index whose points it counts, and which.
    pub(super) const fn points(self) -> Option<(Comorbidity, Weights)> {
        Some(match self {
            Self::ScoreCharlson1987 => (Comorbidity::Charlson, Weights::Charlson),
            Self::ScoreQuan2011 => (Comorbidity::Charlson, Weights::Quan),
            Self::ScoreVanWalraven2009 => (Comorbidity::Elixhauser, Weights::VanWalraven),
            _ => return None,
        })
    }
}

impl fmt::Display for Aggregation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Aggregation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|known| known.name() == text).ok_or_else(|| {
            match nearest(text, Self::ALL.map(Self::name)) {
                Some(name) => format!("no aggregation `{text}`; did you mean `{name}`?"),
                None => {
                    format!("no aggregation `{text}`; there are {}", Self::ALL.map(Self::name).join(", "))
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_are_distinct() {
        for one in Aggregation::ALL {
            assert_eq!(one.name().parse(), Ok(one));
        }
        let slip = "value/mxa".parse::<Aggregation>();
        assert!(slip.is_err_and(|told| told.contains("did you mean")));
    }
}
