//! `[report]`: what is shown beyond the usual.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the report shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ReportSettings {
    /// Columns by whose levels performance is shown apart. They need not be predictors.
    pub subgroups: Vec<String>,
    /// Where numeric subgroup columns are cut: `age = [40, 65]` makes three groups, each from its cut (included) to the
    /// next. Without cuts a numeric column is divided at its tertiles.
    pub cut_points: BTreeMap<String, Vec<f64>>,
    /// Risks at which one would act; sensitivity, net benefit and alerts are shown for each. By default the event
    /// frequency of the training rows.
    pub thresholds: Vec<Threshold>,
    /// Bootstrap replicates behind intervals (whole patients are drawn where patients repeat).
    #[schemars(range(min = 100, max = 100_000))]
    pub replicates: u32,
    /// How often each predictor is shuffled for its importance; 0 leaves importance out.
    #[schemars(range(max = 1000))]
    pub importance_repeats: u32,
}

/// A risk strictly between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Threshold(#[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 1.0))] pub f64);

impl Default for ReportSettings {
    fn default() -> Self {
        Self {
            subgroups: Vec::new(),
            cut_points: BTreeMap::new(),
            thresholds: Vec::new(),
            replicates: 1000,
            importance_repeats: 5,
        }
    }
}

impl ReportSettings {
    /// The thresholds as numbers, in the order written.
    #[must_use]
    pub fn thresholds(&self) -> Vec<f64> {
        self.thresholds.iter().map(|threshold| threshold.0).collect()
    }
}
