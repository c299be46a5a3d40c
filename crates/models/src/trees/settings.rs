//! Settings as people write them, and the settings that can be fitted.

use crate::ModelError;

/// What is minimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Loss {
    /// The log loss of a binary outcome. The linear predictor is the log odds.
    #[default]
    Logistic,
    /// Half the squared error of a continuous outcome. The linear predictor is the expected value.
    Squared,
    /// The Poisson deviance of a continuous outcome without negative values (counts, costs, days). The linear predictor
    /// is the log of the expected value.
    Poisson,
}

/// Which way the effect of a numeric predictor may go, all others held fixed. Missing values are free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Monotone {
    /// The prediction never falls as the predictor rises.
    Increasing,
    /// The prediction never rises as the predictor rises.
    Decreasing,
}

/// When to stop before all trees are grown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EarlyStopping {
    /// How many further trees may pass without a lower loss on the inner fold. At least 1.
    pub patience: usize,
    /// The share of the training rows (whole groups) in the inner fold; they are not learned from. In (0, 1).
    pub share: f64,
}

/// How trees are grown.
///
/// | setting | default | meaning | range |
/// |---|---|---|---|
/// | `loss` | logistic | what is minimised | |
/// | `trees` | 200 | trees grown at most | at least 1 |
/// | `leaves` | 31 | leaves of a tree at most | at least 2 |
/// | `max_depth` | none | splits between root and leaf at most | at least 1 |
/// | `learning_rate` | 0.1 | the share of each leaf's optimal step that is taken | (0, 1] |
/// | `bins` | 255 | intervals of a numeric, levels of a categorical predictor at most; missing has one more | 2 to 255 |
/// | `min_rows` | 20 | training rows in a leaf at least | at least 1 |
/// | `min_hessian` | 0.001 | sum of second derivatives in a leaf at least | finite, at least 0 |
/// | `l1` | 0 | penalty on the absolute value of leaves | finite, at least 0 |
/// | `l2` | 0 | penalty on the square of leaves | finite, at least 0 |
/// | `row_share` | 1 | the share of rows that each tree sees, drawn without replacement | (0, 1] |
/// | `column_share` | 1 | the share of predictors that each tree sees | (0, 1] |
/// | `monotone` | none | predictors whose effect goes one way | numeric predictors, each once |
/// | `positive_weight` | 1 | factor on the weight of rows with the event (logistic); other than 1, risks are no longer calibrated | finite, above 0 |
/// | `early_stopping` | none | when to stop before all trees are grown | |
/// | `category_smoothing` | 10 | added to a level's second derivatives before levels are ordered: draws rare levels to the middle | finite, at least 0 |
/// | `category_l2` | 10 | added to `l2` when splits of a categorical predictor are compared | finite, at least 0 |
/// | `category_chance` | true | whether what chance alone gains by ordering levels is taken off a categorical split's gain | |
#[derive(Debug, Clone, PartialEq)]
pub struct TreeSettings {
    /// What is minimised.
    pub loss: Loss,
    /// Trees grown at most.
    pub trees: usize,
    /// Leaves of a tree at most.
    pub leaves: usize,
    /// Splits between root and leaf at most.
    pub max_depth: Option<usize>,
    /// The share of each leaf's optimal step that is taken.
    pub learning_rate: f64,
    /// Intervals of a numeric predictor, levels of a categorical one at most.
    pub bins: usize,
    /// Training rows in a leaf at least.
    pub min_rows: usize,
    /// Sum of second derivatives in a leaf at least.
    pub min_hessian: f64,
    /// Penalty on the absolute value of leaves.
    pub l1: f64,
    /// Penalty on the square of leaves.
    pub l2: f64,
    /// The share of rows that each tree sees.
    pub row_share: f64,
    /// The share of predictors that each tree sees.
    pub column_share: f64,
    /// Predictors whose effect goes one way.
    pub monotone: Vec<(String, Monotone)>,
    /// Factor on the weight of rows with the event.
    pub positive_weight: f64,
    /// When to stop before all trees are grown.
    pub early_stopping: Option<EarlyStopping>,
    /// Added to a level's second derivatives before levels are ordered.
    pub category_smoothing: f64,
    /// Added to `l2` when splits of a categorical predictor are compared.
    pub category_l2: f64,
    /// Whether what chance alone gains by ordering levels is taken off a categorical split's gain.
    pub category_chance: bool,
}

impl Default for TreeSettings {
    fn default() -> Self {
        Self {
            loss: Loss::Logistic,
            trees: 200,
            leaves: 31,
            max_depth: None,
            learning_rate: 0.1,
            bins: 255,
            min_rows: 20,
            min_hessian: 1e-3,
            l1: 0.0,
            l2: 0.0,
            row_share: 1.0,
            column_share: 1.0,
            monotone: Vec::new(),
            positive_weight: 1.0,
            early_stopping: None,
            category_smoothing: 10.0,
            category_l2: 10.0,
            category_chance: true,
        }
    }
}

/// Checked settings: what can be fitted. Made by [`TreeSettings::check`].
#[derive(Debug, Clone, PartialEq)]
pub struct Trees(pub(super) TreeSettings);

impl Trees {
    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &TreeSettings {
        &self.0
    }
}

impl TreeSettings {
    /// The settings, if each lies in its range.
    ///
    /// # Errors
    /// [`ModelError::Setting`] for the first one that does not.
    ///
    /// ```
    /// use bedside_models::trees::TreeSettings;
    /// assert!(TreeSettings { learning_rate: f64::NAN, ..TreeSettings::default() }.check().is_err());
    /// assert!(TreeSettings { learning_rate: 0.05, ..TreeSettings::default() }.check().is_ok());
    /// ```
    pub fn check(self) -> Result<Trees, ModelError> {
        let count = |setting, value: usize, least: usize, must_be| {
            if value >= least { Ok(()) } else { bad(setting, must_be, value.to_string()) }
        };
        count("trees", self.trees, 1, "at least 1")?;
        count("leaves", self.leaves, 2, "at least 2")?;
        count("max_depth", self.max_depth.unwrap_or(1), 1, "at least 1")?;
        count("min_rows", self.min_rows, 1, "at least 1")?;
        if !(2..=255).contains(&self.bins) {
            return bad("bins", "2 to 255", self.bins.to_string());
        }
        // Each range is written as "inside", so that NaN fails.
        let share = |value: f64| 0.0 < value && value <= 1.0;
        let penalty = |value: f64| 0.0 <= value && value.is_finite();
        let reals = [
            ("learning_rate", self.learning_rate, share(self.learning_rate), "in (0, 1]"),
            ("row_share", self.row_share, share(self.row_share), "in (0, 1]"),
            ("column_share", self.column_share, share(self.column_share), "in (0, 1]"),
            ("min_hessian", self.min_hessian, penalty(self.min_hessian), "finite and at least 0"),
            ("l1", self.l1, penalty(self.l1), "finite and at least 0"),
            ("l2", self.l2, penalty(self.l2), "finite and at least 0"),
            (
                "positive_weight",
                self.positive_weight,
                0.0 < self.positive_weight && self.positive_weight.is_finite(),
                "finite and above 0",
            ),
            (
                "category_smoothing",
                self.category_smoothing,
                penalty(self.category_smoothing),
                "finite and at least 0",
            ),
            ("category_l2", self.category_l2, penalty(self.category_l2), "finite and at least 0"),
        ];
        for (setting, value, inside, must_be) in reals {
            if !inside {
                return bad(setting, must_be, value.to_string());
            }
        }
        if let Some(stop) = self.early_stopping {
            count("early_stopping.patience", stop.patience, 1, "at least 1")?;
            if !(0.0 < stop.share && stop.share < 1.0) {
                return bad("early_stopping.share", "in (0, 1)", stop.share.to_string());
            }
        }
        for (place, (name, _)) in self.monotone.iter().enumerate() {
            if self.monotone[..place].iter().any(|(other, _)| other == name) {
                return bad("monotone", "a list that names each predictor once", name.clone());
            }
        }
        Ok(Trees(self))
    }
}

fn bad<T>(setting: &'static str, must_be: &'static str, found: String) -> Result<T, ModelError> {
    Err(ModelError::Setting { setting, must_be, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(settings: TreeSettings) -> &'static str {
        match settings.check() {
            Err(ModelError::Setting { setting, .. }) => setting,
            other => panic!("accepted: {other:?}"),
        }
    }

    #[test]
    fn each_setting_outside_its_range_is_named() {
        let usual = TreeSettings::default;
        for nonsense in [f64::NAN, 0.0, 1.5, -1.0, f64::INFINITY] {
            assert_eq!(refused(TreeSettings { learning_rate: nonsense, ..usual() }), "learning_rate");
            assert_eq!(refused(TreeSettings { row_share: nonsense, ..usual() }), "row_share");
            assert_eq!(refused(TreeSettings { column_share: nonsense, ..usual() }), "column_share");
        }
        for nonsense in [f64::NAN, -1e-9, f64::INFINITY] {
            assert_eq!(refused(TreeSettings { l1: nonsense, ..usual() }), "l1");
            assert_eq!(refused(TreeSettings { l2: nonsense, ..usual() }), "l2");
            assert_eq!(refused(TreeSettings { min_hessian: nonsense, ..usual() }), "min_hessian");
            assert_eq!(refused(TreeSettings { positive_weight: nonsense, ..usual() }), "positive_weight");
            assert_eq!(refused(TreeSettings { category_l2: nonsense, ..usual() }), "category_l2");
            assert_eq!(
                refused(TreeSettings { category_smoothing: nonsense, ..usual() }),
                "category_smoothing"
            );
        }
        assert_eq!(refused(TreeSettings { trees: 0, ..usual() }), "trees");
        assert_eq!(refused(TreeSettings { leaves: 1, ..usual() }), "leaves");
        assert_eq!(refused(TreeSettings { bins: 256, ..usual() }), "bins");
        assert_eq!(refused(TreeSettings { bins: 1, ..usual() }), "bins");
        assert_eq!(refused(TreeSettings { min_rows: 0, ..usual() }), "min_rows");
        assert_eq!(refused(TreeSettings { max_depth: Some(0), ..usual() }), "max_depth");
        let twice = vec![("age".to_owned(), Monotone::Increasing), ("age".to_owned(), Monotone::Decreasing)];
        assert_eq!(refused(TreeSettings { monotone: twice, ..usual() }), "monotone");
        let stop = |patience, share| Some(EarlyStopping { patience, share });
        assert_eq!(
            refused(TreeSettings { early_stopping: stop(0, 0.2), ..usual() }),
            "early_stopping.patience"
        );
        assert_eq!(
            refused(TreeSettings { early_stopping: stop(5, f64::NAN), ..usual() }),
            "early_stopping.share"
        );
        assert!(usual().check().is_ok());
    }
}
