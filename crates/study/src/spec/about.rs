//! `[study]`: what is asked, and for whom.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the study asks, and what its model is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct About {
    /// Title of the study, as it heads the report.
    #[schemars(length(min = 1), example = &"Readmission within 30 days")]
    pub title: String,
    /// The question in one sentence: in whom, when, which outcome, by when.
    #[serde(default)]
    pub question: String,
    /// What the model is meant to be used for, by whom, at which moment of care.
    #[serde(default)]
    pub intended_use: String,
    /// What the model must not be used for; printed in the report and on the model card.
    #[serde(default)]
    pub not_for: Vec<String>,
    /// The seed that all randomness of the study derives from. Same seed, same data, same model.
    #[serde(default = "default_seed")]
    pub seed: u64,
}

fn default_seed() -> u64 {
    1
}
