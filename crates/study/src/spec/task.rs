//! `[task]`: who counts, from when and with which label.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who counts, from when and with which label, when the data are events: a task's `file`, or `labels` that exist already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TaskFile {
    /// The task file, in the format of ACES, relative to the study file.
    #[serde(default)]
    #[schemars(length(min = 1), example = &"mortality.yaml")]
    pub file: Option<String>,
    /// Instead of a task: a table of labels, CSV or Parquet, relative to the study file, with the columns `subject_id`,
    /// `prediction_time` and the outcome. Without `[task]` the labels that lie beside the events are taken
    /// (`labels.parquet`).
    #[serde(default)]
    #[schemars(length(min = 1), example = &"labels.parquet")]
    pub labels: Option<String>,
    /// A file of predicates and patient demographics, laid over those of the task.
    #[serde(default)]
    pub predicates: Option<String>,
}
