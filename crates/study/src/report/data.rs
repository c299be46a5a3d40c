//! Everything that the report says, as data. `report.json` is exactly this; the page is drawn from nothing else.

use bedside_validate::{Comparison, Estimate, Judgement, SubgroupRow};
use serde::{Deserialize, Serialize};

use crate::spec::SplitBy;

/// One run, as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportData {
    /// Format of this file; readers refuse a newer one.
    pub format: u32,
    /// Title, question, intended use and what the model must not be used for.
    pub study: StudyFacts,
    /// Who was excluded, in order, and who remained.
    pub flow: Vec<FlowStep>,
    /// How rows were divided.
    pub split: SplitFacts,
    /// How gaps were filled and predictors were coded before the fit, in words, one sentence each. TRIPOD+AI asks for it in
    /// three places (missing data, predictor handling, missing input at use).
    #[serde(default)]
    pub preparation: Vec<String>,
    /// Table 1: every predictor, by outcome, with missingness.
    pub table_one: Vec<TableOneRow>,
    /// Things a reader must know first: leakage suspicions, few events per parameter, near-duplicates, columns dropped.
    pub findings: Vec<Finding>,
    /// Each model: settings, tuning, certificate, judgement.
    pub models: Vec<ModelReport>,
    /// Pairs of models on the same held-out rows.
    pub comparisons: Vec<Comparison>,
    /// The objectives fixed in advance.
    pub gates: Vec<GateResult>,
    /// TRIPOD+AI items, answered or open.
    pub tripod: Vec<TripodItem>,
    /// Hashes, seed, versions: what is needed to repeat the run.
    pub manifest: ManifestFacts,
}

/// What the study is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudyFacts {
    /// Title.
    pub title: String,
    /// The question.
    pub question: String,
    /// Intended use.
    pub intended_use: String,
    /// What the model must not be used for.
    pub not_for: Vec<String>,
    /// The outcome in words, e.g. `readmitted = <30`.
    pub outcome: String,
    /// `binary` or `continuous`.
    pub outcome_kind: String,
    /// Where the data came from: name, rows, whether it is simulated.
    pub data: String,
    /// Whether the data are simulated.
    pub simulated: bool,
}

/// One step of the participant flow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowStep {
    /// What happened, e.g. `died or went to hospice: cannot be readmitted`; first step: `rows read`.
    pub label: String,
    /// Rows that left at this step (0 for the first).
    pub removed: usize,
    /// Rows that remain.
    pub rows: usize,
    /// Patients that remain, when there is a patient column.
    pub patients: Option<usize>,
    /// Events among the rows that remain, when binary.
    pub events: Option<usize>,
}

/// How rows were divided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SplitFacts {
    /// What was divided.
    pub by: SplitBy,
    /// In words: `by patient, stratified by outcome, 20 % held out, 5 folds`.
    pub how: String,
    /// Training rows, patients, events.
    pub train: SideFacts,
    /// Held-out rows, patients, events.
    pub held_out: SideFacts,
    /// Folds inside the training rows.
    pub folds: usize,
    /// Rows on one side that equal a row on the other (all predictors and outcome).
    pub exact_duplicates: usize,
    /// Rows on one side that differ from a row on the other in at most two predictors.
    pub near_duplicates: usize,
}

/// One side of the split.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SideFacts {
    /// Rows.
    pub rows: usize,
    /// Patients, when there is a patient column.
    pub patients: Option<usize>,
    /// Events (binary).
    pub events: Option<usize>,
    /// Mean outcome (event frequency when binary).
    pub mean: f64,
}

/// One line of Table 1: a numeric predictor, or one level of a categorical one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TableOneRow {
    /// The predictor.
    pub predictor: String,
    /// Its level (categorical) or empty.
    pub level: String,
    /// Unit, when the study file gives one.
    pub unit: Option<String>,
    /// One text for each of: all, with event, without event. `median [q1, q3]` or `n (%)`.
    /// For continuous outcomes: all, outcome above its median, at or below it.
    pub cells: [String; 3],
    /// How many levels were seen (categorical; given on its first line only). Rare ones may share the last line.
    pub levels: Option<usize>,
    /// Rows of this predictor not measured (given on its first line only).
    pub not_measured: Option<usize>,
    /// Rows unreadable.
    pub unreadable: Option<usize>,
    /// Rows out of the plausible range.
    pub out_of_range: Option<usize>,
}

/// Something a reader must know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// `warning` or `note`.
    pub level: String,
    /// What was found, with its numbers.
    pub text: String,
    /// What to do.
    pub hint: String,
}

/// One model of the study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelReport {
    /// Its name in the study file.
    pub name: String,
    /// Its kind in words: `elastic-net logistic regression`, `boosted trees`.
    pub kind: String,
    /// Whether this one is sealed as the bundle's champion.
    pub champion: bool,
    /// Settings as chosen: (name, value).
    pub settings: Vec<(String, String)>,
    /// Parameters that were estimated (non-zero coefficients, or leaves).
    pub parameters: usize,
    /// Candidate parameters before penalisation.
    pub candidate_parameters: usize,
    /// Certificate of the final fit.
    pub certificate: CertificateFacts,
    /// What was tried.
    pub tuning: TuningFacts,
    /// Each fold's out-of-fold performance: (measure, per-fold values); nothing where a fold does not have it.
    pub folds: Vec<(String, Vec<Option<f64>>)>,
    /// The judgement on held-out rows.
    pub held_out: Judgement,
    /// By subgroup, on held-out rows.
    pub subgroups: Vec<SubgroupRow>,
    /// Predictors by permutation importance on held-out rows, largest first.
    pub importance: Vec<Importance>,
    /// Coefficients (linear models), largest first; empty for trees.
    pub coefficients: Vec<CoefficientRow>,
}

/// The certificate of a fit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CertificateFacts {
    /// What was driven to zero.
    pub criterion: String,
    /// Iterations.
    pub iterations: u64,
    /// Final value.
    pub gap: f64,
    /// Limit.
    pub tolerance: f64,
    /// Seconds, when a clock was given. Not part of the bundle.
    pub seconds: Option<f64>,
}

/// What tuning tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TuningFacts {
    /// In words: `grid of 12 settings, 5 patient-grouped folds, lowest log loss, 60 fits`.
    pub how: String,
    /// The measure: `log loss`.
    pub measure: String,
    /// Every setting tried: label, mean, standard error, chosen.
    pub tried: Vec<TriedSetting>,
    /// What the horizontal axis of the tuning picture is: `log10 penalty` or `setting`.
    pub axis: String,
    /// With nested tuning, the settings that each fold's own tuning chose; else nothing.
    #[serde(default)]
    pub nested: Vec<Vec<(String, String)>>,
}

/// One setting that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriedSetting {
    /// In words.
    pub label: String,
    /// Position on the axis.
    pub x: f64,
    /// Mean of the measure over folds.
    pub mean: f64,
    /// Its standard error over folds.
    pub standard_error: f64,
    /// Non-zero coefficients or trees, when known.
    pub size: Option<f64>,
    /// Whether it was chosen.
    pub chosen: bool,
}

/// How much worse the model gets when a predictor is shuffled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// The predictor.
    pub predictor: String,
    /// Loss of AUROC (binary) or of R² (continuous), with interval over repeats.
    pub drop: Estimate,
}

/// A coefficient on the scale of the linear predictor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CoefficientRow {
    /// The design column.
    pub term: String,
    /// Per unit of the predictor (not standardised), with bootstrap interval.
    pub coefficient: Estimate,
    /// Per standard deviation, for ordering.
    pub standardised: f64,
    /// Share of bootstrap fits in which it was not zero.
    pub selected: Option<f64>,
}

/// One objective that was fixed in advance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateResult {
    /// The measure.
    pub measure: String,
    /// What was demanded, e.g. `>= 0.65`.
    pub demanded: String,
    /// What was found; absent where it is not estimable.
    pub found: Option<f64>,
    /// Why nothing was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Whether it holds.
    pub passed: bool,
}

/// One TRIPOD+AI item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TripodItem {
    /// Number, e.g. `12a`.
    pub item: String,
    /// Section, e.g. `Methods`.
    pub section: String,
    /// What the item asks, in our words.
    pub asks: String,
    /// What the run answers; `None` means open: for the authors to write.
    pub answer: Option<String>,
    /// What the answer leaves open: an item may ask for more than a run can know.
    #[serde(default)]
    pub still_open: Option<String>,
}

/// What is needed to repeat the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestFacts {
    /// Version of bedside.
    pub version: String,
    /// The study's seed.
    pub seed: u64,
    /// SHA-256 of the study file.
    pub study_sha256: String,
    /// SHA-256 of each data file: (name, hash).
    pub data_sha256: Vec<(String, String)>,
    /// The bundle's id (content hash); absent before sealing.
    pub bundle_id: Option<String>,
    /// The study file itself.
    pub study_toml: String,
}

impl ReportData {
    /// The format written by this version.
    pub const FORMAT: u32 = 1;
}

/// An estimate without interval. For tests and for facts that have none.
#[must_use]
pub fn point(value: f64, how: &str) -> Estimate {
    Estimate { value: Some(value), low: None, high: None, how: how.to_owned() }
}
