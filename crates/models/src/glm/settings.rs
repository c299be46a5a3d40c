//! Settings as people write them, and what makes sense of them.

use super::{Family, Path};
use crate::ModelError;

/// A fit at one penalty.
///
/// | setting | default | meaning | range |
/// |---|---|---|---|
/// | `family` | binomial | the distribution of the outcome | |
/// | `l1_ratio` | 1 | share of the L1 penalty (`alpha` of glmnet) | [0, 1] |
/// | `lambda` | 0.01 | the penalty | above 0 |
/// | `standardise` | yes | columns are scaled before the penalty applies | |
/// | `unpenalised` | none | predictors whose columns are not penalised | |
/// | `tolerance` | 1e-7 | duality gap over the loss of the constant model | (0, 1) |
/// | `max_passes` | 100,000 | passes over the columns before giving up | 1 and more |
#[derive(Debug, Clone, PartialEq)]
pub struct GlmSettings {
    /// The distribution of the outcome.
    pub family: Family,
    /// Share of the L1 penalty.
    pub l1_ratio: f64,
    /// The penalty.
    pub lambda: f64,
    /// Whether columns are scaled before the penalty applies.
    pub standardise: bool,
    /// Predictors whose columns are not penalised.
    pub unpenalised: Vec<String>,
    /// Duality gap over the loss of the constant model.
    pub tolerance: f64,
    /// Passes over the columns before giving up.
    pub max_passes: u64,
}

impl Default for GlmSettings {
    fn default() -> Self {
        Self {
            family: Family::Binomial,
            l1_ratio: 1.0,
            lambda: 0.01,
            standardise: true,
            unpenalised: Vec::new(),
            tolerance: 1e-7,
            max_passes: 100_000,
        }
    }
}

impl GlmSettings {
    /// The settings, if each lies in its range.
    ///
    /// # Errors
    /// [`ModelError::Setting`].
    pub fn check(self) -> Result<Glm, ModelError> {
        let path = PathSettings {
            family: self.family,
            l1_ratio: self.l1_ratio,
            lambdas: Some(vec![self.lambda]),
            standardise: self.standardise,
            unpenalised: self.unpenalised,
            tolerance: self.tolerance,
            max_passes: self.max_passes,
            ..PathSettings::default()
        };
        Ok(Glm(path.check()?))
    }
}

/// Checked settings of a fit at one penalty.
#[derive(Debug, Clone, PartialEq)]
pub struct Glm(pub(super) Path);

/// A fit along a sequence of penalties.
///
/// | setting | default | meaning | range |
/// |---|---|---|---|
/// | `count` | 100 | penalties, evenly spaced on the log scale | 1 and more |
/// | `ratio` | by shape | smallest over largest penalty; 1e-4 with more rows than columns, else 1e-2 | (0, 1) |
/// | `lambdas` | none | the penalties themselves, descending, instead of `count` and `ratio` | above 0 |
///
/// The other settings are those of [`GlmSettings`].
#[derive(Debug, Clone, PartialEq)]
pub struct PathSettings {
    /// The distribution of the outcome.
    pub family: Family,
    /// Share of the L1 penalty.
    pub l1_ratio: f64,
    /// How many penalties.
    pub count: usize,
    /// Smallest over largest penalty.
    pub ratio: Option<f64>,
    /// The penalties themselves.
    pub lambdas: Option<Vec<f64>>,
    /// Whether columns are scaled before the penalty applies.
    pub standardise: bool,
    /// Predictors whose columns are not penalised.
    pub unpenalised: Vec<String>,
    /// Duality gap over the loss of the constant model.
    pub tolerance: f64,
    /// Passes over the columns before giving up.
    pub max_passes: u64,
}

impl Default for PathSettings {
    fn default() -> Self {
        Self {
            family: Family::Binomial,
            l1_ratio: 1.0,
            count: 100,
            ratio: None,
            lambdas: None,
            standardise: true,
            unpenalised: Vec::new(),
            tolerance: 1e-7,
            max_passes: 100_000,
        }
    }
}

impl PathSettings {
    /// The settings, if each lies in its range. Checks are written as "not inside", so that NaN fails.
    ///
    /// # Errors
    /// [`ModelError::Setting`].
    pub fn check(self) -> Result<Path, ModelError> {
        let bad = |setting, must_be, found: String| Err(ModelError::Setting { setting, must_be, found });
        if !(0.0..=1.0).contains(&self.l1_ratio) {
            return bad("l1_ratio", "from 0 to 1", self.l1_ratio.to_string());
        }
        if !(self.tolerance > 0.0 && self.tolerance < 1.0) {
            return bad("tolerance", "above 0 and below 1", self.tolerance.to_string());
        }
        if self.max_passes == 0 {
            return bad("max_passes", "at least 1", "0".to_owned());
        }
        if self.count == 0 {
            return bad("count", "at least 1", "0".to_owned());
        }
        if let Some(ratio) = self.ratio.filter(|r| !(*r > 0.0 && *r < 1.0)) {
            return bad("ratio", "above 0 and below 1", ratio.to_string());
        }
        if let Some(lambdas) = &self.lambdas {
            if let Some(lambda) = lambdas.iter().find(|l| !(**l > 0.0 && l.is_finite())) {
                return bad("lambda", "above 0 and finite", lambda.to_string());
            }
            if lambdas.is_empty() || lambdas.windows(2).any(|w| w[0] <= w[1]) {
                return bad("lambdas", "descending, at least one", format!("{} values", lambdas.len()));
            }
        }
        Ok(Path { settings: self })
    }
}
