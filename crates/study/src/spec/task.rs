//! `[task]`: who counts, from when and with which label.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who counts, from when and with which label, when the data are events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TaskFile {
    /// The task file, in the format of ACES, relative to the study file.
    #[schemars(length(min = 1), example = &"mortality.yaml")]
    pub file: String,
    /// A file of predicates and patient demographics, laid over those of the task.
    #[serde(default)]
    pub predicates: Option<String>,
}
