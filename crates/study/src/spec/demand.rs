//! What an objective demands of a measure.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// What is demanded of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Demand {
    /// `">= 0.65"`.
    AtLeast(f64),
    /// `"<= 0.1"`.
    AtMost(f64),
    /// `"0.9..1.1"`, both ends included.
    Between(f64, f64),
}

/// A demand that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected `>= NUMBER`, `<= NUMBER` or `LOW..HIGH` with LOW below HIGH, found `{found}`")]
pub struct DemandError {
    found: String,
}

impl Demand {
    /// Whether a value meets the demand. NaN never does.
    ///
    /// ```
    /// use bedside_study::spec::Demand;
    /// let slope: Demand = "0.9..1.1".parse().unwrap();
    /// assert!(slope.holds(1.1) && !slope.holds(1.11) && !slope.holds(f64::NAN));
    /// ```
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        match *self {
            Self::AtLeast(low) => value >= low,
            Self::AtMost(high) => value <= high,
            Self::Between(low, high) => low <= value && value <= high,
        }
    }
}

impl FromStr for Demand {
    type Err = DemandError;

    fn from_str(text: &str) -> Result<Self, DemandError> {
        let number = |part: &str| part.trim().parse().ok().filter(|x: &f64| x.is_finite());
        let trimmed = text.trim();
        let demand = if let Some(low) = trimmed.strip_prefix(">=") {
            number(low).map(Self::AtLeast)
        } else if let Some(high) = trimmed.strip_prefix("<=") {
            number(high).map(Self::AtMost)
        } else {
            trimmed
                .split_once("..")
                .and_then(|(low, high)| Some((number(low)?, number(high)?)))
                .filter(|(low, high)| low < high)
                .map(|(low, high)| Self::Between(low, high))
        };
        demand.ok_or_else(|| DemandError { found: text.to_owned() })
    }
}

impl TryFrom<String> for Demand {
    type Error = DemandError;

    fn try_from(text: String) -> Result<Self, DemandError> {
        text.parse()
    }
}

impl From<Demand> for String {
    fn from(demand: Demand) -> Self {
        demand.to_string()
    }
}

impl fmt::Display for Demand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(low) => write!(f, ">= {low}"),
            Self::AtMost(high) => write!(f, "<= {high}"),
            Self::Between(low, high) => write!(f, "{low}..{high}"),
        }
    }
}

impl JsonSchema for Demand {
    fn schema_name() -> Cow<'static, str> {
        "Demand".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "What is demanded: `>= 0.65`, `<= 0.1` or `0.9..1.1` (both ends included).",
            "type": "string",
            "format": "demand",
            "pattern": r"^\s*([<>]=\s*[-+]?[0-9.eE+-]+|[-+]?[0-9.eE+-]+\s*\.\.\s*[-+]?[0-9.eE+-]+)\s*$",
            "examples": [">= 0.65", "0.9..1.1"],
        })
    }
}
