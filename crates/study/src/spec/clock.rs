//! `[[clock]]`: age, and what the clock says at the index time.

use bedside_cohort::CohortError;
use bedside_cohort::features::{Asked, Reading};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OneOrMany;

/// What is read off the clock at the index time. Never the year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ClockRequest {
    /// What is read.
    #[schemars(example = &"age")]
    pub reads: OneOrMany<ClockReading>,
    /// The code of births, exactly as it is written. Whoever has none at or before the index time has no known age.
    #[serde(default = "birth")]
    #[schemars(length(min = 1))]
    pub birth: String,
}

fn birth() -> String {
    bedside_chart::BIRTH.to_owned()
}

/// What can be read off the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClockReading {
    /// Age in years.
    Age,
    /// The time of day, as sine and cosine.
    HourOfDay,
    /// The day of the week, as sine and cosine.
    DayOfWeek,
    /// The day of the year, as sine and cosine.
    DayOfYear,
}

impl ClockRequest {
    /// What it asks for.
    pub(crate) fn asked(&self) -> Result<Vec<Asked>, CohortError> {
        let reading = |reading: &ClockReading| match reading {
            ClockReading::Age => Reading::Age,
            ClockReading::HourOfDay => Reading::HourOfDay,
            ClockReading::DayOfWeek => Reading::DayOfWeek,
            ClockReading::DayOfYear => Reading::DayOfYear,
        };
        let readings: Vec<Reading> = self.reads.as_slice().iter().map(reading).collect();
        Asked::clock(&readings, &self.birth)
    }
}
