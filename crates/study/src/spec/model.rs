//! `[[model]]`: what is fitted.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OneOrMany;

/// A model of the study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Model {
    /// Logistic or linear regression with a mixture of L1 and L2 penalties.
    ElasticNet(ElasticNet),
    /// Logistic or linear regression with an L1 penalty: few predictors remain.
    Lasso(Penalised),
    /// Logistic or linear regression with an L2 penalty: all predictors remain, shrunk.
    Ridge(Penalised),
    /// Gradient-boosted trees on histograms.
    BoostedTrees(BoostedTrees),
}

/// Settings of a penalised regression (lasso, ridge).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Penalised {
    /// The model's name in the report.
    #[schemars(length(min = 1), example = &"linear")]
    pub name: String,
    /// Whether this model is sealed in the bundle. By default the one with the best cross-validated `tune.measure`.
    #[serde(default)]
    pub champion: bool,
    /// How the penalty is chosen by cross-validation.
    #[serde(default)]
    pub choose: PenaltyChoice,
    /// A fixed penalty (lambda, on glmnet's scale) instead of a chosen one.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0.0, "x-tunable" = true))]
    pub penalty: Option<f64>,
    /// How many penalties the path has.
    #[serde(default = "default_penalties")]
    #[schemars(range(min = 2, max = 1000))]
    pub penalties: u32,
    /// Predictors that are not penalised.
    #[serde(default)]
    pub unpenalised: Vec<String>,
}

/// Settings of an elastic net.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ElasticNet {
    /// The model's name in the report.
    #[schemars(length(min = 1), example = &"linear")]
    pub name: String,
    /// Whether this model is sealed in the bundle. By default the one with the best cross-validated `tune.measure`.
    #[serde(default)]
    pub champion: bool,
    /// The share of the L1 penalty, 0 (ridge) to 1 (lasso); of a list, cross-validation chooses.
    #[serde(default = "default_l1_ratio")]
    #[schemars(extend("x-tunable" = true))]
    pub l1_ratio: OneOrMany<Share>,
    /// How the penalty is chosen by cross-validation.
    #[serde(default)]
    pub choose: PenaltyChoice,
    /// A fixed penalty (lambda, on glmnet's scale) instead of a chosen one.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0.0, "x-tunable" = true))]
    pub penalty: Option<f64>,
    /// How many penalties the path has.
    #[serde(default = "default_penalties")]
    #[schemars(range(min = 2, max = 1000))]
    pub penalties: u32,
    /// Predictors that are not penalised.
    #[serde(default)]
    pub unpenalised: Vec<String>,
}

/// A number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Share(#[schemars(range(min = 0.0, max = 1.0))] pub f64);

/// How a penalty is chosen by cross-validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PenaltyChoice {
    /// The penalty with the lowest cross-validated loss.
    #[default]
    Minimum,
    /// The largest penalty whose loss is within one standard error of the lowest: a simpler model, with risks drawn
    /// further towards the mean.
    OneStandardError,
}

/// Settings of boosted trees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BoostedTrees {
    /// The model's name in the report.
    #[schemars(length(min = 1), example = &"trees")]
    pub name: String,
    /// Whether this model is sealed in the bundle. By default the one with the best cross-validated `tune.measure`.
    #[serde(default)]
    pub champion: bool,
    /// How many trees are grown at most.
    #[serde(default = "default_trees")]
    #[schemars(range(min = 1, max = 100_000), extend("x-tunable" = true))]
    pub trees: u32,
    /// How many leaves a tree has at most.
    #[serde(default = "default_leaves")]
    #[schemars(range(min = 2, max = 4096), extend("x-tunable" = true))]
    pub leaves: u32,
    /// How far each tree moves the prediction.
    #[serde(default = "default_learning_rate")]
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0.0, "x-tunable" = true))]
    pub learning_rate: f64,
    /// How many bins a numeric column is cut into at most.
    #[serde(default = "default_bins")]
    #[schemars(range(min = 2, max = 255), extend("x-tunable" = true))]
    pub bins: u32,
    /// How many training rows a leaf holds at least.
    #[serde(default = "default_min_rows")]
    #[schemars(range(min = 1, max = 1_000_000_000), extend("x-tunable" = true))]
    pub min_rows: u32,
    /// L1 penalty on leaf values.
    #[serde(default)]
    #[schemars(range(min = 0.0), extend("x-tunable" = true))]
    pub l1: f64,
    /// L2 penalty on leaf values.
    #[serde(default = "default_l2")]
    #[schemars(range(min = 0.0), extend("x-tunable" = true))]
    pub l2: f64,
    /// The share of rows that each tree sees.
    #[serde(default = "whole")]
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0.0, "x-tunable" = true))]
    pub row_share: f64,
    /// The share of columns that each tree sees.
    #[serde(default = "whole")]
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0.0, "x-tunable" = true))]
    pub column_share: f64,
    /// Numeric columns whose effect may only go one way.
    #[serde(default)]
    pub monotone: BTreeMap<String, Direction>,
    /// Stop when this many further trees bring nothing on an inner fold of whole patients; 0 grows all trees.
    #[serde(default = "default_early_stopping")]
    #[schemars(range(max = 100_000), extend("x-tunable" = true))]
    pub early_stopping: u32,
    /// How much a row with the event weighs against one without. Other than 1, risks are no longer calibrated.
    #[serde(default = "whole")]
    #[schemars(extend("exclusiveMinimum" = 0.0, "x-tunable" = true))]
    pub positive_weight: f64,
}

/// Which way an effect may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The risk never falls as the column rises.
    Increasing,
    /// The risk never rises as the column rises.
    Decreasing,
}

/// Settings that all penalised regressions share.
#[derive(Debug, Clone, PartialEq)]
pub struct LinearSettings<'a> {
    /// The shares of the L1 penalty to choose from; never empty.
    pub l1_ratios: Vec<f64>,
    /// How the penalty is chosen.
    pub choose: PenaltyChoice,
    /// A fixed penalty.
    pub penalty: Option<f64>,
    /// How many penalties the path has.
    pub penalties: u32,
    /// Predictors that are not penalised.
    pub unpenalised: &'a [String],
}

impl Model {
    /// The model's name in the report.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::ElasticNet(model) => &model.name,
            Self::Lasso(model) | Self::Ridge(model) => &model.name,
            Self::BoostedTrees(model) => &model.name,
        }
    }

    /// Whether the file names this model as the one to seal.
    #[must_use]
    pub fn is_champion(&self) -> bool {
        match self {
            Self::ElasticNet(model) => model.champion,
            Self::Lasso(model) | Self::Ridge(model) => model.champion,
            Self::BoostedTrees(model) => model.champion,
        }
    }

    /// Settings of a penalised regression; `None` for trees.
    #[must_use]
    pub fn linear(&self) -> Option<LinearSettings<'_>> {
        let penalised = |model: &'_ Penalised, l1_ratio: f64| LinearSettings {
            l1_ratios: vec![l1_ratio],
            choose: model.choose,
            penalty: model.penalty,
            penalties: model.penalties,
            unpenalised: &[],
        };
        match self {
            Self::ElasticNet(model) => Some(LinearSettings {
                l1_ratios: model.l1_ratio.as_slice().iter().map(|share| share.0).collect(),
                choose: model.choose,
                penalty: model.penalty,
                penalties: model.penalties,
                unpenalised: &model.unpenalised,
            }),
            Self::Lasso(model) => {
                Some(LinearSettings { unpenalised: &model.unpenalised, ..penalised(model, 1.0) })
            }
            Self::Ridge(model) => {
                Some(LinearSettings { unpenalised: &model.unpenalised, ..penalised(model, 0.0) })
            }
            Self::BoostedTrees(_) => None,
        }
    }

    /// Settings of boosted trees; `None` for regressions.
    #[must_use]
    pub fn trees(&self) -> Option<&BoostedTrees> {
        match self {
            Self::BoostedTrees(model) => Some(model),
            Self::ElasticNet(_) | Self::Lasso(_) | Self::Ridge(_) => None,
        }
    }
}

fn default_l1_ratio() -> OneOrMany<Share> {
    vec![Share(0.5)].into()
}

fn default_penalties() -> u32 {
    100
}

fn default_trees() -> u32 {
    500
}

fn default_leaves() -> u32 {
    31
}

fn default_learning_rate() -> f64 {
    0.05
}

fn default_bins() -> u32 {
    255
}

fn default_min_rows() -> u32 {
    20
}

fn default_l2() -> f64 {
    1.0
}

fn whole() -> f64 {
    1.0
}

fn default_early_stopping() -> u32 {
    50
}
