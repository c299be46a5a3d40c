//! `[[comorbidity]]`: conditions told by diagnoses, and their points.

use bedside_cohort::CohortError;
use bedside_cohort::features::{Asked, CodeChoice, Comorbidity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::OneOrMany;
use super::feature::windows;

/// The conditions of an index of comorbidity, each 0 or 1, and its points.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ComorbidityRequest {
    /// Which index.
    #[schemars(example = &"charlson")]
    pub index: ComorbidityIndex,
    /// Stretches of time before the index time in which diagnoses count: `365d`, `full` (the whole record).
    #[schemars(example = &"full")]
    pub windows: OneOrMany<String>,
    /// Regular expressions; codes in which one of them is found. By default all diagnoses in ICD-9-CM and ICD-10.
    #[serde(default)]
    #[schemars(example = &"^DIAGNOSIS//")]
    pub codes: OneOrMany<String>,
    /// Regular expressions; codes in which one of them is found are left out.
    #[serde(default)]
    pub except: OneOrMany<String>,
}

/// An index of comorbidity; codes after Quan et al. 2005 (doi:10.1097/01.mlr.0000182534.19832.83).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ComorbidityIndex {
    /// 17 conditions, with the points of 1987 and of 2011.
    Charlson,
    /// 31 conditions, with the points of van Walraven et al. 2009.
    Elixhauser,
}

impl ComorbidityRequest {
    /// What it asks for.
    pub(crate) fn asked(&self) -> Result<Vec<Asked>, CohortError> {
        let choice = CodeChoice::new(self.codes.as_slice(), self.except.as_slice())?;
        let index = match self.index {
            ComorbidityIndex::Charlson => Comorbidity::Charlson,
            ComorbidityIndex::Elixhauser => Comorbidity::Elixhauser,
        };
        Asked::comorbidity(index, choice, windows(&self.windows)?)
    }
}
