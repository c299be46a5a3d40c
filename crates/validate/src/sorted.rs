//! Held-out rows in the order of their scores: what every measure walks over, once, with a weight a row.

/// Rows in ascending order of score.
#[derive(Debug)]
pub(crate) struct Sorted {
    /// Scores, ascending.
    pub(crate) score: Vec<f64>,
    /// Outcomes in the same order.
    pub(crate) y: Vec<f64>,
    /// For each place, the row it came from.
    pub(crate) row: Vec<u32>,
    /// Where runs of equal scores end (exclusive), ascending; the last is the number of rows.
    pub(crate) ends: Vec<u32>,
}

impl Sorted {
    pub(crate) fn new(scores: &[f64], y: &[f64]) -> Self {
        let mut row: Vec<u32> = (0..scores.len() as u32).collect();
        row.sort_by(|&a, &b| scores[a as usize].total_cmp(&scores[b as usize]).then(a.cmp(&b)));
        let score: Vec<f64> = row.iter().map(|&r| scores[r as usize] + 0.0).collect();
        let y = row.iter().map(|&r| y[r as usize]).collect();
        let mut ends: Vec<u32> =
            (1..score.len()).filter(|&i| score[i] > score[i - 1]).map(|i| i as u32).collect();
        ends.push(score.len() as u32);
        Self { score, y, row, ends }
    }

    pub(crate) fn rows(&self) -> usize {
        self.score.len()
    }

    /// Weighted area under the ROC curve: the chance that an event outranks a non-event, ties counting half
    /// (Hanley, McNeil 1982, doi 10.1148/radiology.143.1.7063747). `None` when a class has no weight.
    pub(crate) fn auroc(&self, weight: impl Fn(usize) -> f64) -> Option<f64> {
        let (mut below, mut pairs, mut events) = (0.0, 0.0, 0.0);
        let mut start = 0usize;
        for &end in &self.ends {
            let (mut e, mut o) = (0.0, 0.0);
            for i in start..end as usize {
                let w = weight(i);
                e += w * self.y[i];
                o += w * (1.0 - self.y[i]);
            }
            pairs += e * (below + 0.5 * o);
            below += o;
            events += e;
            start = end as usize;
        }
        (events > 0.0 && below > 0.0).then(|| (pairs / (events * below)).clamp(0.0, 1.0))
    }
}
