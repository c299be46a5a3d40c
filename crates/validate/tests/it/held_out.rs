//! Held-out rows made by hand.

use bedside_table::{HeldOut, Outcome, Partition, Scores, Seed};
use bedside_validate::{
    BinaryJudgement, Case, ContinuousJudgement, JudgeError, JudgeSettings, Judgement, judge,
};

/// Scores and outcomes that were kept back.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) scores: Scores<HeldOut>,
    pub(crate) outcome: Outcome<HeldOut>,
    pub(crate) clusters: Option<Vec<u32>>,
}

impl Held {
    /// Binary outcomes. One class alone is possible: two training rows in front differ.
    pub(crate) fn risks(scores: &[f64], y: &[f64], clusters: Option<&[u32]>) -> Self {
        let whole = Outcome::binary([true, false].into_iter().chain(y.iter().map(|&y| y > 0.5))).unwrap();
        Self::new(&whole, scores, clusters)
    }

    /// Outcomes that are numbers.
    pub(crate) fn numbers(scores: &[f64], y: &[f64], clusters: Option<&[u32]>) -> Self {
        let whole = Outcome::continuous([0.0, 1.0].iter().chain(y).copied().collect()).unwrap();
        Self::new(&whole, scores, clusters)
    }

    fn new(whole: &Outcome<bedside_table::Whole>, scores: &[f64], clusters: Option<&[u32]>) -> Self {
        let out: Vec<bool> = (0..whole.rows()).map(|row| row >= 2).collect();
        let parts = Partition::new(&out, None).unwrap();
        let scores = Scores::new(scores.len(), scores.to_vec()).unwrap();
        Self { scores, outcome: whole.part(parts.held_out()), clusters: clusters.map(<[u32]>::to_vec) }
    }

    pub(crate) fn case(&self) -> Result<Case<'_>, JudgeError> {
        Case::new(&self.scores, &self.outcome, self.clusters.as_deref())
    }

    pub(crate) fn judge(&self, settings: &JudgeSettings) -> Result<Judgement, JudgeError> {
        judge(&self.case()?, settings, Seed::new(11))
    }

    pub(crate) fn judged_risks(&self, settings: &JudgeSettings) -> BinaryJudgement {
        match self.judge(settings).unwrap() {
            Judgement::Binary(judgement) => *judgement,
            Judgement::Continuous(_) => panic!("the outcome is binary"),
        }
    }

    pub(crate) fn judged_numbers(&self, settings: &JudgeSettings) -> ContinuousJudgement {
        match self.judge(settings).unwrap() {
            Judgement::Continuous(judgement) => *judgement,
            Judgement::Binary(_) => panic!("the outcome is a number"),
        }
    }
}

/// Few replicates: enough where intervals are not the question.
pub(crate) fn few(thresholds: &[f64]) -> JudgeSettings {
    JudgeSettings { thresholds: thresholds.to_vec(), replicates: 100, ..JudgeSettings::default() }
}

/// Risks whose logit is spread around -1 and outcomes that follow them, of `rows` rows.
pub(crate) fn calibrated(rows: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let mut stream = Seed::new(seed).stream();
    let risks: Vec<f64> = (0..rows).map(|_| 1.0 / (1.0 + (1.0 - stream.normal()).exp())).collect();
    let y = risks.iter().map(|&p| f64::from(u8::from(stream.uniform() < p))).collect();
    (risks, y)
}
