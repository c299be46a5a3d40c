//! Settings, and their checks.

use bedside_table::{Complete, TableError, Train};

use super::family::Family;
use crate::ModelError;

/// What penalties apply to which coefficients, and when a solution is good enough; shared by single fits and paths.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Common {
    pub(super) family: Family,
    pub(super) l1_ratio: f64,
    pub(super) standardise: bool,
    pub(super) unpenalised: Vec<String>,
    pub(super) penalty_factors: Vec<(String, f64)>,
    pub(super) tolerance: f64,
    pub(super) max_passes: u32,
}

/// Settings of a fit at one penalty; [`GlmSettings::check`] makes a [`Glm`] of them.
#[derive(Debug, Clone, PartialEq)]
pub struct GlmSettings {
    /// Logistic or linear.
    pub family: Family,
    /// Share of L1 in the penalty, glmnet's `alpha`: 1 is the lasso, 0 is ridge.
    pub l1_ratio: f64,
    /// The penalty, at least 0, in glmnet's scaling: the loss is a mean over rows.
    pub lambda: f64,
    /// Whether coefficients are penalised on the scale of columns with standard deviation 1 (with 1/n, weighted). They are
    /// reported on the original scale either way.
    pub standardise: bool,
    /// Predictors, or design columns by their label, that carry no penalty.
    pub unpenalised: Vec<String>,
    /// Factors of the penalty for predictors or design columns by their label; later entries prevail, others have 1. As in
    /// glmnet they are brought to a mean of 1 over all columns, unpenalised ones counted with 0.
    pub penalty_factors: Vec<(String, f64)>,
    /// Relative duality gap: at most so far from the smallest objective, as a share of the loss without predictors.
    pub tolerance: f64,
    /// Passes over the rows, at most.
    pub max_passes: u32,
}

impl Default for GlmSettings {
    /// Logistic ridge with a penalty of 0.01, standardised, to a gap of 1e-9.
    fn default() -> Self {
        Self {
            family: Family::Binomial,
            l1_ratio: 0.0,
            lambda: 0.01,
            standardise: true,
            unpenalised: Vec::new(),
            penalty_factors: Vec::new(),
            tolerance: 1e-9,
            max_passes: 500,
        }
    }
}

/// Checked settings of a fit at one penalty.
#[derive(Debug, Clone, PartialEq)]
pub struct Glm {
    pub(super) common: Common,
    pub(super) lambda: f64,
}

impl GlmSettings {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`ModelError::Setting`] for the first one outside its range. NaN is outside every range.
    pub fn check(self) -> Result<Glm, ModelError> {
        let found = || self.lambda.to_string();
        require(self.lambda >= 0.0 && self.lambda.is_finite(), "lambda", "at least 0 and finite", found)?;
        let common = Common {
            family: self.family,
            l1_ratio: self.l1_ratio,
            standardise: self.standardise,
            unpenalised: self.unpenalised,
            penalty_factors: self.penalty_factors,
            tolerance: self.tolerance,
            max_passes: self.max_passes,
        };
        common.check()?;
        Ok(Glm { common, lambda: self.lambda })
    }
}

/// Settings of a whole path of penalties; [`PathSettings::check`] makes a [`Path`] of them.
#[derive(Debug, Clone, PartialEq)]
pub struct PathSettings {
    /// Logistic or linear.
    pub family: Family,
    /// Share of L1 in the penalty, glmnet's `alpha`: 1 is the lasso, 0 is ridge.
    pub l1_ratio: f64,
    /// How many penalties, from the smallest that leaves only unpenalised terms, down in equal logarithmic steps.
    pub count: usize,
    /// Smallest penalty over largest; `None` is 0.0001 with more rows than columns and 0.01 otherwise.
    pub ratio: Option<f64>,
    /// Penalties decided elsewhere, descending and above 0, instead of `count` and `ratio`.
    pub lambdas: Option<Vec<f64>>,
    /// As in [`GlmSettings`].
    pub standardise: bool,
    /// As in [`GlmSettings`].
    pub unpenalised: Vec<String>,
    /// As in [`GlmSettings`].
    pub penalty_factors: Vec<(String, f64)>,
    /// Relative duality gap at every penalty, as in [`GlmSettings`].
    pub tolerance: f64,
    /// Passes over the rows for each penalty, at most.
    pub max_passes: u32,
}

impl Default for PathSettings {
    /// Logistic lasso, 100 penalties, standardised, to a gap of 1e-7 at each.
    fn default() -> Self {
        Self {
            family: Family::Binomial,
            l1_ratio: 1.0,
            count: 100,
            ratio: None,
            lambdas: None,
            standardise: true,
            unpenalised: Vec::new(),
            penalty_factors: Vec::new(),
            tolerance: 1e-7,
            max_passes: 500,
        }
    }
}

/// Checked settings of a path.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    pub(super) common: Common,
    pub(super) lambdas: Sequence,
}

/// Where the penalties come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sequence {
    /// So many, down to this share of the largest.
    Own { count: usize, ratio: Option<f64> },
    /// Decided elsewhere.
    Given(Vec<f64>),
}

impl PathSettings {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`ModelError::Setting`] for the first one outside its range. NaN is outside every range.
    pub fn check(self) -> Result<Path, ModelError> {
        let lambdas = if let Some(given) = self.lambdas {
            let found = || format!("{given:?}");
            let positive = given.iter().all(|&lambda| lambda > 0.0 && lambda.is_finite());
            let descending = given.windows(2).all(|pair| pair[0] > pair[1]);
            let fine = !given.is_empty() && positive && descending;
            require(fine, "lambdas", "one or more, above 0, finite and descending", found)?;
            Sequence::Given(given)
        } else {
            let found = || self.count.to_string();
            require((1..=10_000).contains(&self.count), "count", "between 1 and 10000", found)?;
            if let Some(ratio) = self.ratio {
                require(ratio > 0.0 && ratio < 1.0, "ratio", "above 0 and below 1", || ratio.to_string())?;
            }
            Sequence::Own { count: self.count, ratio: self.ratio }
        };
        let common = Common {
            family: self.family,
            l1_ratio: self.l1_ratio,
            standardise: self.standardise,
            unpenalised: self.unpenalised,
            penalty_factors: self.penalty_factors,
            tolerance: self.tolerance,
            max_passes: self.max_passes,
        };
        common.check()?;
        Ok(Path { common, lambdas })
    }
}

fn require(
    fine: bool,
    setting: &'static str,
    must_be: &'static str,
    found: impl Fn() -> String,
) -> Result<(), ModelError> {
    if fine { Ok(()) } else { Err(ModelError::Setting { setting, must_be, found: found() }) }
}

impl Common {
    pub(super) fn check(&self) -> Result<(), ModelError> {
        let ratio = || self.l1_ratio.to_string();
        require((0.0..=1.0).contains(&self.l1_ratio), "l1_ratio", "between 0 and 1", ratio)?;
        let tolerance = || self.tolerance.to_string();
        require((1e-14..=0.1).contains(&self.tolerance), "tolerance", "between 1e-14 and 0.1", tolerance)?;
        require(self.max_passes > 0, "max_passes", "at least 1", || self.max_passes.to_string())?;
        for (name, factor) in &self.penalty_factors {
            let found = || format!("{factor} for `{name}`");
            require(
                (0.0..=1e9).contains(factor),
                "penalty_factors",
                "between 0 (unpenalised) and 1e9",
                found,
            )?;
        }
        Ok(())
    }

    /// One penalty factor for each design column.
    pub(super) fn factors(&self, x: &Complete<Train>) -> Result<Vec<f64>, ModelError> {
        let mut factors = vec![1.0; x.columns().len()];
        let unpenalised = self.unpenalised.iter().map(|name| (name, 0.0));
        let named = self.penalty_factors.iter().map(|(name, factor)| (name, *factor));
        for (name, factor) in named.chain(unpenalised) {
            let mut met = false;
            for (column, own) in x.columns().iter().zip(&mut factors) {
                if column.predictor == *name || column.label() == *name {
                    (*own, met) = (factor, true);
                }
            }
            if !met {
                return Err(TableError::NoColumn { column: name.clone() }.into());
            }
        }
        Ok(factors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_setting_may_be_nan_or_out_of_range() {
        let glm = GlmSettings::default;
        let factor = |factor| vec![("age".to_owned(), factor)];
        for bad in [
            GlmSettings { l1_ratio: f64::NAN, ..glm() },
            GlmSettings { l1_ratio: 1.1, ..glm() },
            GlmSettings { lambda: f64::NAN, ..glm() },
            GlmSettings { lambda: -1.0, ..glm() },
            GlmSettings { lambda: f64::INFINITY, ..glm() },
            GlmSettings { tolerance: f64::NAN, ..glm() },
            GlmSettings { tolerance: 0.0, ..glm() },
            GlmSettings { max_passes: 0, ..glm() },
            GlmSettings { penalty_factors: factor(f64::NAN), ..glm() },
            GlmSettings { penalty_factors: factor(-1.0), ..glm() },
        ] {
            assert!(matches!(bad.clone().check(), Err(ModelError::Setting { .. })), "{bad:?}");
        }
        assert!(glm().check().is_ok());
        let path = PathSettings::default;
        for bad in [
            PathSettings { count: 0, ..path() },
            PathSettings { ratio: Some(f64::NAN), ..path() },
            PathSettings { ratio: Some(1.0), ..path() },
            PathSettings { lambdas: Some(vec![]), ..path() },
            PathSettings { lambdas: Some(vec![0.1, f64::NAN]), ..path() },
            PathSettings { lambdas: Some(vec![0.1, 0.2]), ..path() },
            PathSettings { lambdas: Some(vec![0.1, 0.0]), ..path() },
        ] {
            assert!(matches!(bad.clone().check(), Err(ModelError::Setting { .. })), "{bad:?}");
        }
        assert!(path().check().is_ok());
    }
}
