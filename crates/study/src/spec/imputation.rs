//! `[impute]`: how gaps are filled and columns encoded for models that need complete numbers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How gaps are filled and columns encoded, for the linear models. Everything is fitted on training rows only. Boosted
/// trees read gaps as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Imputation {
    /// What fills the gaps of a numeric column.
    pub numeric: NumericFill,
    /// What becomes of the gaps of a categorical column.
    pub categorical: CategoricalFill,
    /// Whether each column with gaps gets a second column that says where they were.
    pub indicators: bool,
    /// Levels seen in fewer training rows than this are pooled into the level *rare*; 0 pools none.
    #[schemars(range(max = 1_000_000))]
    pub rare: u32,
    /// Whether columns are scaled to standard deviation 1 before the penalty is applied. Coefficients are reported on
    /// the original scale either way.
    pub standardise: bool,
}

/// What fills the gaps of a numeric column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NumericFill {
    /// The median of the training rows.
    Median,
    /// The mean of the training rows.
    Mean,
}

/// What becomes of the gaps of a categorical column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CategoricalFill {
    /// They are a level of their own, whatever `indicators` says.
    OwnLevel,
    /// They become the most frequent level of the training rows.
    MostFrequent,
}

impl Default for Imputation {
    fn default() -> Self {
        Self {
            numeric: NumericFill::Median,
            categorical: CategoricalFill::OwnLevel,
            indicators: true,
            rare: 10,
            standardise: true,
        }
    }
}
