//! Early stopping: some groups are not learned from and say when to stop.

use bedside_table::{Folds, TableError};

use super::Loss;
use super::boost::Training;
use super::settings::{EarlyStopping, TreeSettings};
use crate::ModelError;

/// What the rows that are not learned from say about when to stop.
pub(super) struct Inner {
    pub(super) stop: EarlyStopping,
    rows: Vec<u32>,
    best: f64,
    pub(super) best_trees: usize,
}

/// The rows to learn from, and those that say when to stop.
pub(super) fn inner_fold(
    settings: &TreeSettings,
    training: &Training<'_>,
) -> Result<(Vec<u32>, Option<Inner>), ModelError> {
    let rows = training.binned.rows as u32;
    let Some(stop) = settings.early_stopping else { return Ok(((0..rows).collect(), None)) };
    let stratum = |&value: &f64| u32::from(settings.loss == Loss::Logistic && value > 0.5);
    let strata: Vec<u32> = training.outcome.iter().map(stratum).collect();
    let shares = [1.0 - stop.share, stop.share];
    let folds = Folds::with_shares(&strata, training.groups, &shares, training.seed.derive("inner fold", 0))?;
    let side = |wanted: u32| (0..rows).filter(|&row| folds.of_row()[row as usize] == wanted).collect();
    let (learned, rows): (Vec<u32>, Vec<u32>) = (side(0), side(1));
    if learned.is_empty() || rows.is_empty() {
        let side = if rows.is_empty() { "inner held-out" } else { "inner training" };
        return Err(TableError::EmptySide { side }.into());
    }
    Ok((learned, Some(Inner { stop, rows, best: f64::INFINITY, best_trees: 0 })))
}

impl Inner {
    /// Whether the loss on the inner fold is the lowest so far.
    pub(super) fn judge(
        &mut self,
        loss: Loss,
        states: &[f64],
        outcome: &[f64],
        weights: &[f64],
        trees: usize,
    ) -> bool {
        let of = |&row: &u32| {
            let row = row as usize;
            weights[row] * loss.of(states[row], outcome[row])
        };
        let now: f64 = self.rows.iter().map(of).sum();
        let better = now < self.best;
        if better {
            (self.best, self.best_trees) = (now, trees);
        }
        better
    }
}
