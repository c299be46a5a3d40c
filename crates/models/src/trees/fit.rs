//! From a sample to fitted trees.

use bedside_table::{Fit, Gaps, Sample, Seed, Table, TableError, Train};

use super::bins::Binned;
use super::boost::{Training, boost};
use super::fitted::FittedTrees;
use super::rank::Ranked;
use super::settings::Trees;
use crate::ModelError;

impl Fit for Trees {
    type Reads = Gaps;
    type Fitted = FittedTrees;
    type Error = ModelError;

    /// Grows the trees. Rows of weight 0 are as if they were not there.
    ///
    /// # Errors
    /// [`ModelError::OutcomeKind`] when the loss cannot take the outcome; [`ModelError::OneClass`] when it does not vary;
    /// [`ModelError::Setting`] when a weight is negative or not finite, or a monotone predictor is not a numeric column;
    /// [`ModelError::Table`] when weights or groups have another length, or when the inner fold cannot be made;
    /// [`ModelError::Overflow`] when a leaf is not finite.
    fn fit(&self, sample: &Sample<'_, Table<Train>>, seed: Seed) -> Result<FittedTrees, ModelError> {
        let known = Known::of(self, sample)?;
        let ranked = Ranked::of(sample.x);
        let rows = known.counted(0..sample.x.rows() as u32);
        let binned = Binned::new(&ranked, &rows, self.0.bins);
        let part = known.part(&rows);
        let parallel = rayon::current_num_threads() > 1;
        let (boosted, _) = boost(&self.0, &part.training(&ranked, &binned, seed, parallel), None)?;
        Ok(FittedTrees::new(&ranked, &rows, &binned, self.0.loss, boosted))
    }
}

/// What is known of each row besides its predictors, checked.
pub(super) struct Known<'a> {
    outcome: &'a [f64],
    weights: Option<&'a [f64]>,
    groups: Option<&'a [u32]>,
}

/// The same for some of the rows.
pub(super) struct Part {
    outcome: Vec<f64>,
    weights: Option<Vec<f64>>,
    groups: Option<Vec<u32>>,
}

impl<'a> Known<'a> {
    pub(super) fn of(trees: &Trees, sample: &Sample<'a, Table<Train>>) -> Result<Self, ModelError> {
        let (rows, outcome) = (sample.x.rows(), sample.outcome);
        let weights = sample.weights;
        let lengths = [
            ("outcome", Some(outcome.rows())),
            ("weights", weights.map(<[f64]>::len)),
            ("groups", sample.groups.map(<[u32]>::len)),
        ];
        for (what, found) in lengths {
            if let Some(found) = found.filter(|&found| found != rows) {
                return Err(TableError::Length { what, expected: rows, found }.into());
            }
        }
        // Written as "inside", so that NaN fails.
        if let Some(weight) = weights.iter().copied().flatten().find(|&&w| !(0.0..f64::INFINITY).contains(&w))
        {
            let must_be = "finite and at least 0 in every row";
            return Err(ModelError::Setting { setting: "weights", must_be, found: weight.to_string() });
        }
        Ok(Self { outcome: trees.0.loss.accepts(outcome)?, weights, groups: sample.groups })
    }

    /// The given rows without those of weight 0.
    pub(super) fn counted(&self, rows: impl Iterator<Item = u32>) -> Vec<u32> {
        rows.filter(|&row| self.weights.is_none_or(|weights| weights[row as usize] > 0.0)).collect()
    }

    pub(super) fn part(&self, rows: &[u32]) -> Part {
        fn pick<T: Copy>(from: &[T], rows: &[u32]) -> Vec<T> {
            rows.iter().map(|&row| from[row as usize]).collect()
        }
        Part {
            outcome: pick(self.outcome, rows),
            weights: self.weights.map(|weights| pick(weights, rows)),
            groups: self.groups.map(|groups| pick(groups, rows)),
        }
    }
}

impl Part {
    pub(super) fn training<'a>(
        &'a self,
        ranked: &'a Ranked,
        binned: &'a Binned,
        seed: Seed,
        parallel: bool,
    ) -> Training<'a> {
        let (weights, groups) = (self.weights.as_deref(), self.groups.as_deref());
        Training { ranked, binned, outcome: &self.outcome, weights, groups, seed, parallel }
    }
}
