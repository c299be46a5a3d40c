//! `[tune]`: which settings are tried.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which settings are tried, inside the training folds. A model without `[tune.NAME]` keeps the settings it has (a
/// penalty is chosen along its path all the same).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
pub struct Tuning {
    /// How settings are drawn from the lists.
    pub method: TuningMethod,
    /// How many settings a model may try: a larger grid is refused, a random search tries this many.
    #[schemars(range(min = 1, max = 10_000))]
    pub budget: u32,
    /// The cross-validated measure that decides. By default log loss for a binary outcome and RMSE for a continuous one.
    pub measure: Option<TuningMeasure>,
    /// Judge each fold by a model that was tuned anew, on the other folds alone. The performance across folds is then that
    /// of the whole procedure, tuning included, and decides between models; it takes about as many times longer as there are folds.
    pub nested: bool,
    /// For each model by name, the values of settings to try: `[tune.trees]` with `leaves = [15, 31]`.
    #[serde(flatten)]
    pub models: BTreeMap<String, Grid>,
}

/// The values of each setting to try.
pub type Grid = BTreeMap<String, Vec<f64>>;

/// How settings are drawn from the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TuningMethod {
    /// Every combination.
    #[default]
    Grid,
    /// Random combinations, none twice.
    Random,
}

/// The measure that decides between settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TuningMeasure {
    /// Mean negative log-likelihood of a binary outcome; the lowest wins.
    LogLoss,
    /// Mean squared error of the risks; the lowest wins.
    Brier,
    /// Area under the ROC curve; the highest wins. Blind to calibration.
    Auroc,
    /// Root mean squared error of a continuous outcome; the lowest wins.
    Rmse,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { method: TuningMethod::Grid, budget: 60, measure: None, nested: false, models: BTreeMap::new() }
    }
}
