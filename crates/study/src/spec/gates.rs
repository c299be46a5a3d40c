//! `[gates]`: objectives fixed before the first fit.

use std::collections::BTreeMap;
use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::{Demand, OutcomeKind};

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
