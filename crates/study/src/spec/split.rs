//! `[split]`: which rows are held out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OneOrMany, Value};

/// How rows are divided into training and held-out rows, and training rows into folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Split {
    /// What is divided. By default patients where `columns.patient` is given, else rows.
    pub by: Option<SplitBy>,
    /// The share of rows that is held out (by patient, row or time), stratified by outcome unless by time.
    #[schemars(extend("exclusiveMinimum" = 0.0, "exclusiveMaximum" = 0.9))]
    pub held_out: f64,
    /// Folds of cross-validation inside the training rows; patients are kept whole.
    #[schemars(range(min = 2, max = 50))]
    pub folds: u32,
    /// By site: the sites that are held out; the model is trained on all others and then left as it is.
    pub held_out_sites: OneOrMany<String>,
    /// By site: hold out each site in turn (internal-external validation).
    pub leave_one_site_out: bool,
    /// By time: rows at or after this moment are held out, instead of the last `held-out` share. ISO 8601 text or a
    /// number.
    pub cut: Option<Value>,
    /// Divide by row although patients repeat. Their rows then stand on both sides and performance is overstated; the
    /// report says so.
    pub allow_repeated_patients: bool,
    /// Rows that stay on one side beside those of a patient: `duplicates` are rows that are equal in every predictor.
    pub keep_together: Option<KeepTogether>,
}

/// Which rows stay on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum KeepTogether {
    /// Rows that are equal in every predictor.
    Duplicates,
}

/// What is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SplitBy {
    /// Whole patients.
    Patient,
    /// Single rows.
    Row,
    /// Training strictly before held-out.
    Time,
    /// Whole sites.
    Site,
}

impl Default for Split {
    fn default() -> Self {
        Self {
            by: None,
            held_out: 0.2,
            folds: 5,
            held_out_sites: OneOrMany::default(),
            leave_one_site_out: false,
            cut: None,
            allow_repeated_patients: false,
            keep_together: None,
        }
    }
}
