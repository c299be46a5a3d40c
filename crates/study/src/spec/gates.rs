//! `[gates]`: objectives fixed before the first fit.

use std::collections::BTreeMap;
use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::OutcomeKind;

/// Objectives that the champion must meet on held-out rows: `auroc = ">= 0.65"`, `calibration-slope = "0.9..1.1"`.
/// `run` exits with 1 when one fails.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gates(BTreeMap<Measure, Demand>);

/// One objective: a measure and what is demanded of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    /// The measure.
    pub measure: Measure,
    /// What is demanded.
    pub demanded: Demand,
}

impl Gate {
    /// Whether a value meets the objective. NaN never does.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        self.demanded.holds(value)
    }
}

impl Gates {
    /// The objectives, in the order of measures.
    pub fn iter(&self) -> impl Iterator<Item = Gate> {
        self.0.iter().map(|(&measure, &demanded)| Gate { measure, demanded })
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Gate> for Gates {
    fn from_iter<I: IntoIterator<Item = Gate>>(gates: I) -> Self {
        Self(gates.into_iter().map(|gate| (gate.measure, gate.demanded)).collect())
    }
}

/// A measure that can be demanded, on held-out rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Area under the ROC curve (binary).
    Auroc,
    /// Area under the precision-recall curve (binary).
    Auprc,
    /// Mean squared error of the risks (binary).
    Brier,
    /// 1 - Brier / Brier of the event frequency (binary).
    ScaledBrier,
    /// Calibration in the large; 0 is ideal (binary).
    CalibrationIntercept,
    /// Calibration slope; 1 is ideal.
    CalibrationSlope,
    /// Observed over expected events; 1 is ideal (binary).
    ObservedExpected,
    /// Integrated calibration index (binary).
    Ici,
    /// Median distance between risk and smoothed event frequency (binary).
    E50,
    /// 90th percentile of that distance (binary).
    E90,
    /// Largest such distance (binary).
    Emax,
    /// Root mean squared error (continuous).
    Rmse,
    /// Mean absolute error (continuous).
    Mae,
    /// Share of variance explained (continuous).
    RSquared,
}

impl Measure {
    /// The only kind of outcome that has this measure; `None` when both have it.
    #[must_use]
    pub fn outcome_kind(self) -> Option<OutcomeKind> {
        match self {
            Self::Rmse | Self::Mae | Self::RSquared => Some(OutcomeKind::Continuous),
            Self::CalibrationSlope => None,
            Self::Auroc
            | Self::Auprc
            | Self::Brier
            | Self::ScaledBrier
            | Self::CalibrationIntercept
            | Self::ObservedExpected
            | Self::Ici
            | Self::E50
            | Self::E90
            | Self::Emax => Some(OutcomeKind::Binary),
        }
    }

    /// The lowest and the highest value that the measure can take.
    #[must_use]
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Self::Auroc | Self::Auprc | Self::Brier | Self::Ici | Self::E50 | Self::E90 | Self::Emax => {
                (0.0, 1.0)
            }
            Self::ScaledBrier | Self::RSquared => (f64::NEG_INFINITY, 1.0),
            Self::CalibrationIntercept | Self::CalibrationSlope => (f64::NEG_INFINITY, f64::INFINITY),
            Self::ObservedExpected | Self::Rmse | Self::Mae => (0.0, f64::INFINITY),
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

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

/// One key for each measure, with the measure's own description.
impl JsonSchema for Gates {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Gates".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let demand = generator.subschema_for::<Demand>().to_value();
        let measures = Measure::json_schema(generator);
        let mut properties = serde_json::Map::new();
        for measure in measures.get("oneOf").and_then(|list| list.as_array()).into_iter().flatten() {
            if let Some(name) = measure.get("const").and_then(|name| name.as_str()) {
                let mut schema = demand.clone();
                if let (Some(schema), Some(words)) = (schema.as_object_mut(), measure.get("description")) {
                    schema.insert("description".to_owned(), words.clone());
                }
                properties.insert(name.to_owned(), schema);
            }
        }
        json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}
