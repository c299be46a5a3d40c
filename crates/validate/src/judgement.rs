//! What the judge says, as data: every number of the report comes from here.

use serde::{Deserialize, Serialize};

/// A number with its confidence interval. `low` and `high` are absent where no interval exists, `value` too where these rows
/// have no such number, and then `how` says why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The estimate; absent where it is not estimable.
    pub value: Option<f64>,
    /// Lower limit of the interval.
    pub low: Option<f64>,
    /// Upper limit of the interval.
    pub high: Option<f64>,
    /// How the interval was made: `DeLong`, `patient bootstrap, 1000 replicates, percentile`, `Wilson`.
    pub how: String,
}

impl Estimate {
    /// No estimate, and why these rows have none.
    #[must_use]
    pub fn none(why: impl std::fmt::Display) -> Self {
        Self { value: None, low: None, high: None, how: why.to_string() }
    }
}

/// A curve over a common grid, with a pointwise band where one exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// Horizontal positions, ascending.
    pub x: Vec<f64>,
    /// The curve.
    pub y: Vec<f64>,
    /// Lower limits, or empty.
    pub low: Vec<f64>,
    /// Upper limits, or empty.
    pub high: Vec<f64>,
}

/// What the judge says of one model's risks on rows that it never saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BinaryJudgement {
    /// Rows judged.
    pub rows: usize,
    /// Rows with the event.
    pub events: usize,
    /// Patients (clusters) judged; equals `rows` when each row is its own.
    pub patients: usize,
    /// How the intervals were resampled, in words.
    pub resampling: String,
    /// Area under the ROC curve.
    pub auroc: Estimate,
    /// Area under the precision-recall curve (average precision, no interpolation).
    pub auprc: Estimate,
    /// Mean squared error of the risks.
    pub brier: Estimate,
    /// 1 - Brier / Brier of the event frequency.
    pub scaled_brier: Estimate,
    /// Calibration in the large: intercept with the slope fixed at 1; 0 is ideal.
    pub calibration_intercept: Estimate,
    /// Calibration slope; 1 is ideal.
    pub calibration_slope: Estimate,
    /// Observed over expected events; 1 is ideal.
    pub observed_expected: Estimate,
    /// Mean absolute distance between risk and smoothed event frequency (integrated calibration index).
    pub ici: Estimate,
    /// Its median.
    pub e50: Estimate,
    /// Its 90th percentile.
    pub e90: Estimate,
    /// Its maximum.
    pub emax: Estimate,
    /// ROC curve: x = 1 - specificity, y = sensitivity (thinned, exact at the ends).
    pub roc: Curve,
    /// Precision-recall curve: x = recall, y = precision (thinned).
    pub precision_recall: Curve,
    /// Flexible calibration curve: x = risk, y = smoothed event frequency, with band.
    pub calibration: Curve,
    /// Calibration by tenths of risk.
    pub calibration_groups: Vec<CalibrationGroup>,
    /// Net benefit of the model over threshold probabilities, with band.
    pub net_benefit: Curve,
    /// Net benefit of treating all, on the same grid.
    pub net_benefit_all: Vec<f64>,
    /// Distribution of risks by outcome, shared bins.
    pub risks: RiskDistribution,
    /// What happens at the thresholds that the study named.
    pub thresholds: Vec<ThresholdRow>,
}

/// Rows of similar risk: expected against observed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalibrationGroup {
    /// Rows in the group.
    pub rows: usize,
    /// Mean risk.
    pub expected: f64,
    /// Event frequency with Wilson limits.
    pub observed: Estimate,
}

/// Histogram of risks, by outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskDistribution {
    /// Bin edges, one more than bins.
    pub edges: Vec<f64>,
    /// Rows with the event in each bin.
    pub events: Vec<usize>,
    /// Rows without the event in each bin.
    pub non_events: Vec<usize>,
    /// Quartiles (25, 50, 75 %) of the risk among events; absent without events.
    pub event_quartiles: Option<[f64; 3]>,
    /// Quartiles of the risk among non-events; absent without them.
    pub non_event_quartiles: Option<[f64; 3]>,
}

/// What acting at one threshold means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThresholdRow {
    /// Act when the risk is at least this.
    pub threshold: f64,
    /// True positives.
    pub true_positives: usize,
    /// False positives.
    pub false_positives: usize,
    /// True negatives.
    pub true_negatives: usize,
    /// False negatives.
    pub false_negatives: usize,
    /// Share of events found.
    pub sensitivity: Estimate,
    /// Share of non-events left alone.
    pub specificity: Estimate,
    /// Positive predictive value; absent when there are no alerts.
    pub ppv: Option<Estimate>,
    /// Negative predictive value; absent when nobody is below the threshold.
    pub npv: Option<Estimate>,
    /// Alerts per 100 rows.
    pub alerts_per_100: f64,
    /// Net benefit at this threshold.
    pub net_benefit: Estimate,
}

/// What the judge says of one model's predictions of a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContinuousJudgement {
    /// Rows judged.
    pub rows: usize,
    /// Patients judged.
    pub patients: usize,
    /// How the intervals were resampled, in words.
    pub resampling: String,
    /// Root mean squared error, in the outcome's unit.
    pub rmse: Estimate,
    /// Mean absolute error, in the outcome's unit.
    pub mae: Estimate,
    /// 1 - squared error / squared distance from the held-out mean.
    pub r_squared: Estimate,
    /// Intercept of the regression of outcome on prediction; 0 is ideal.
    pub calibration_intercept: Estimate,
    /// Its slope; 1 is ideal.
    pub calibration_slope: Estimate,
    /// Smoothed outcome over prediction, with band.
    pub calibration: Curve,
    /// Tenths of the prediction: mean prediction against mean outcome.
    pub calibration_groups: Vec<CalibrationGroup>,
    /// Quartiles (25, 50, 75 %) of outcome minus prediction. Single pairs are not kept: they may identify.
    pub residual_quartiles: [f64; 3],
}

/// Either judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Judgement {
    /// Of risks.
    Binary(Box<BinaryJudgement>),
    /// Of numbers.
    Continuous(Box<ContinuousJudgement>),
}

/// A subgroup's performance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubgroupRow {
    /// The column that defines it.
    pub by: String,
    /// Its level, or range for numbers.
    pub level: String,
    /// Rows in it.
    pub rows: usize,
    /// Events in it (binary).
    pub events: usize,
    /// AUROC or R²; absent when it cannot be computed (one class, too few).
    pub discrimination: Option<Estimate>,
    /// Calibration in the large or mean error; absent when it cannot be computed.
    pub calibration_intercept: Option<Estimate>,
    /// Calibration slope.
    pub calibration_slope: Option<Estimate>,
    /// Observed over expected (binary).
    pub observed_expected: Option<Estimate>,
    /// Brier score or RMSE.
    pub error: Option<Estimate>,
    /// Net benefit at the study's first threshold (binary).
    pub net_benefit: Option<Estimate>,
    /// Why something is absent.
    pub note: Option<String>,
}

/// Two models on the same held-out rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// First model.
    pub first: String,
    /// Second model.
    pub second: String,
    /// Difference in AUROC (first - second) with interval, or in RMSE for numbers.
    pub difference: Estimate,
    /// Two-sided p value of the paired DeLong test (rows independent), when binary.
    pub p_delong: Option<f64>,
    /// Difference in Brier score (or MAE) with bootstrap interval.
    pub error_difference: Estimate,
    /// Differences in net benefit at the study's thresholds: (threshold, difference).
    pub net_benefit: Vec<(f64, Estimate)>,
}
