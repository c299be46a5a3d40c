//! How the judge works.

use crate::JudgeError;

/// How the judge works.
///
/// | setting | default | meaning | range |
/// |---|---|---|---|
/// | `thresholds` | none | risks at which one would act | (0, 1) |
/// | `replicates` | 1000 | bootstrap replicates | 100 to 100,000 |
/// | `confidence` | 0.95 | coverage of intervals | (0, 1) |
/// | `net_benefit` | 0.01, 0.02 … 0.99 | risks at which the net benefit curve is drawn | (0, 1), ascending |
#[derive(Debug, Clone, PartialEq)]
pub struct JudgeSettings {
    /// Risks at which one would act.
    pub thresholds: Vec<f64>,
    /// Bootstrap replicates.
    pub replicates: usize,
    /// Coverage of intervals.
    pub confidence: f64,
    /// Risks at which the net benefit curve is drawn.
    pub net_benefit: Vec<f64>,
}

impl Default for JudgeSettings {
    fn default() -> Self {
        let net_benefit = (1..100).map(|k| f64::from(k) / 100.0).collect();
        Self { thresholds: Vec::new(), replicates: 1000, confidence: 0.95, net_benefit }
    }
}

impl JudgeSettings {
    /// Checks every range; written as "not inside", so that NaN fails.
    ///
    /// # Errors
    /// [`JudgeError::Setting`].
    pub(crate) fn check(&self) -> Result<(), JudgeError> {
        let bad = |setting, must_be, found: String| Err(JudgeError::Setting { setting, must_be, found });
        if let Some(t) = self.thresholds.iter().find(|t| !(**t > 0.0 && **t < 1.0)) {
            return bad("thresholds", "above 0 and below 1", t.to_string());
        }
        if let Some(t) = self.net_benefit.iter().find(|t| !(**t > 0.0 && **t < 1.0)) {
            return bad("net_benefit", "above 0 and below 1", t.to_string());
        }
        if let Some(pair) = self.net_benefit.windows(2).find(|pair| pair[0] >= pair[1]) {
            return bad("net_benefit", "in ascending order", format!("{} before {}", pair[0], pair[1]));
        }
        if !(100..=100_000).contains(&self.replicates) {
            return bad("replicates", "between 100 and 100,000", self.replicates.to_string());
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return bad("confidence", "above 0 and below 1", self.confidence.to_string());
        }
        Ok(())
    }

    /// The share beyond each limit.
    pub(crate) fn tail(&self) -> f64 {
        (1.0 - self.confidence) / 2.0
    }
}
