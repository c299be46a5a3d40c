//! What a simulated table looks like.

use crate::{SimulateError, Simulator};

/// What decides whether a cell is missing (Rubin 1976, doi 10.1093/biomet/63.3.581).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// Nothing: missing completely at random.
    Mcar,
    /// The first number `x1`, which is never missing: missing at random.
    Mar,
    /// The value that is missing: not at random.
    Mnar,
}

/// Gaps in every predictor but `x1` and the leaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gaps {
    /// What decides.
    pub mechanism: Mechanism,
    /// The share of a predictor's cells that is missing, in [0, 1).
    pub share: f64,
}

/// Predictors that nobody could know when the risk is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Leaks {
    /// `discharge_code`: the outcome under another name, wrong in 1 row of 100.
    pub near_copy: bool,
    /// `total_charges`: a number that the event raises by 2.5 standard deviations afterwards.
    pub afterwards: bool,
}

/// A simulated table of any shape.
///
/// | setting | default | meaning |
/// |---|---|---|
/// | `rows` | 1,000 | rows |
/// | `patients` | 700 | people they belong to, at random; a fifth of each number's variance is theirs |
/// | `numeric` | 8 | numbers `x1`, `x2`, …, standard normal over the rows |
/// | `categorical` | 4 | categories `c1`, `c2`, … |
/// | `levels` | 5 | levels of each category, `a` the most frequent |
/// | `sites` | 1 | hospitals, `site` |
/// | `site_effect` | 0 | standard deviation of the log odds between hospitals |
/// | `interactions` | 0 | products of two numbers in the log odds |
/// | `signal` | 1 | standard deviation of the log odds within a hospital; 1 gives an AUROC near 0.75 |
/// | `prevalence` | 0.2 | mean risk |
/// | `gaps` | none | which cells are missing |
/// | `leaks` | none | predictors that leak the outcome |
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Rows, at least 1.
    pub rows: usize,
    /// People, at least 1.
    pub patients: usize,
    /// Numbers, at least 1.
    pub numeric: usize,
    /// Categories.
    pub categorical: usize,
    /// Levels of each category, 2 to 1,000.
    pub levels: usize,
    /// Hospitals, at least 1.
    pub sites: usize,
    /// Standard deviation of the log odds between hospitals, 0 to 10.
    pub site_effect: f64,
    /// Products of two numbers in the log odds; more than 0 need at least 2 numbers.
    pub interactions: usize,
    /// Standard deviation of the log odds within a hospital, 0 to 10.
    pub signal: f64,
    /// Mean risk, above 0 and below 1.
    pub prevalence: f64,
    /// Which cells are missing.
    pub gaps: Option<Gaps>,
    /// Which leaks are planted.
    pub leaks: Leaks,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            rows: 1_000,
            patients: 700,
            numeric: 8,
            categorical: 4,
            levels: 5,
            sites: 1,
            site_effect: 0.0,
            interactions: 0,
            signal: 1.0,
            prevalence: 0.2,
            gaps: None,
            leaks: Leaks::default(),
        }
    }
}

impl Settings {
    /// The settings, if each lies in its range.
    ///
    /// # Errors
    /// [`SimulateError::Setting`] for the first that does not.
    pub fn check(self) -> Result<Simulator, SimulateError> {
        let share = self.gaps.map_or(0.0, |gaps| gaps.share);
        // Written as "inside", so that NaN is refused.
        let ranges = [
            ("rows", (1..=100_000_000).contains(&self.rows), "1 to 100,000,000", self.rows.to_string()),
            (
                "patients",
                (1..=100_000_000).contains(&self.patients),
                "1 to 100,000,000",
                self.patients.to_string(),
            ),
            ("numeric", (1..=100_000).contains(&self.numeric), "1 to 100,000", self.numeric.to_string()),
            ("categorical", self.categorical <= 100_000, "at most 100,000", self.categorical.to_string()),
            ("levels", (2..=1_000).contains(&self.levels), "2 to 1,000", self.levels.to_string()),
            ("sites", (1..=100_000).contains(&self.sites), "1 to 100,000", self.sites.to_string()),
            (
                "site_effect",
                (0.0..=10.0).contains(&self.site_effect),
                "0 to 10",
                self.site_effect.to_string(),
            ),
            (
                "interactions",
                self.interactions == 0 || self.numeric >= 2 && self.interactions <= 100_000,
                "0, or at most 100,000 with at least 2 numbers",
                self.interactions.to_string(),
            ),
            ("signal", (0.0..=10.0).contains(&self.signal), "0 to 10", self.signal.to_string()),
            (
                "prevalence",
                (1e-6..=1.0 - 1e-6).contains(&self.prevalence),
                "0.000001 to 0.999999",
                self.prevalence.to_string(),
            ),
            ("gaps.share", (0.0..1.0).contains(&share), "at least 0 and below 1", share.to_string()),
        ];
        match ranges.into_iter().find(|(_, inside, _, _)| !inside) {
            Some((setting, _, must_be, found)) => Err(SimulateError::Setting { setting, must_be, found }),
            None => Ok(Simulator::new(self)),
        }
    }
}
