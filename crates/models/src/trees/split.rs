//! The best split of a leaf on one predictor.

use super::Monotone;
use super::bins::{Binned, Kind};
use super::category::search_levels;
use super::cell::{Cell, Scale, Sums};
use super::objective::{Bounds, Penalty};
use super::settings::TreeSettings;
use super::thresholds::{Running, search_thresholds};

/// A set of bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct BinSet([u64; 4]);

impl BinSet {
    /// The bins from 0 to `last`.
    pub(super) fn up_to(last: usize) -> Self {
        let mut set = Self::default();
        (0..=last).for_each(|bin| set.insert(bin as u8));
        set
    }

    pub(super) fn insert(&mut self, bin: u8) {
        self.0[usize::from(bin >> 6)] |= 1 << (bin & 63);
    }

    #[inline]
    pub(super) fn contains(&self, bin: u8) -> bool {
        self.0[usize::from(bin >> 6)] >> (bin & 63) & 1 == 1
    }
}

/// A way to divide a leaf.
#[derive(Debug, Clone, Copy)]
pub(super) struct Split {
    pub(super) gain: f64,
    /// The feature's place among those of the fit.
    pub(super) feature: usize,
    /// The last bin on the left (numeric).
    pub(super) bin: usize,
    /// Bins that go left, the one for missing values included.
    pub(super) left: BinSet,
    pub(super) missing_left: bool,
    /// The sums of the left side.
    pub(super) sums: Cell,
}

/// What a search needs besides histograms.
#[derive(Debug)]
pub(super) struct Search<'a> {
    pub(super) settings: &'a TreeSettings,
    pub(super) binned: &'a Binned,
    pub(super) scale: Scale,
    /// Summed squares of the gradients over summed hessians; 0 takes nothing off for chance.
    pub(super) dispersion: f64,
    /// Which way each feature may go. Empty when all are free.
    pub(super) directions: &'a [Option<Monotone>],
}

/// A leaf to be divided: what a division must keep to, and what it gains.
pub(super) struct Trial {
    pub(super) penalty: Penalty,
    pub(super) scale: Scale,
    pub(super) total: Cell,
    pub(super) min_rows: u64,
    pub(super) min_hessian: f64,
    bounds: Bounds,
    direction: Option<Monotone>,
    /// Whether any predictor has a direction.
    pub(super) constrained: bool,
    parent: f64,
}

impl Trial {
    /// The gain of dividing the leaf so that `left` goes left, if both sides are large enough and the direction is kept.
    #[inline]
    pub(super) fn gain(&self, left: Cell) -> Option<f64> {
        let right = self.total.minus(left);
        if self.scale.rows(left) < self.min_rows || self.scale.rows(right) < self.min_rows {
            return None;
        }
        let (left, right) = (self.scale.sums(left), self.scale.sums(right));
        if left.hessian < self.min_hessian || right.hessian < self.min_hessian {
            return None;
        }
        let worth = if self.constrained {
            self.worth_within_bounds(left, right)?
        } else {
            self.penalty.worth(left) + self.penalty.worth(right)
        };
        // Differences of rounding are no gain.
        let gain = worth - self.parent;
        (gain > 1e-12 * worth.abs()).then_some(gain)
    }

    #[cold]
    fn worth_within_bounds(&self, left: Sums, right: Sums) -> Option<f64> {
        let (low, high) = (self.penalty.step(left, self.bounds), self.penalty.step(right, self.bounds));
        let kept = match self.direction {
            None => true,
            Some(Monotone::Increasing) => low <= high,
            Some(Monotone::Decreasing) => low >= high,
        };
        kept.then(|| self.penalty.worth_at(left, low) + self.penalty.worth_at(right, high))
    }

    /// Whether the left side has at least half of the hessian (and so of the weight).
    pub(super) fn left_is_larger(&self, left: Cell) -> bool {
        2.0 * self.sums(left).hessian >= self.sums(self.total).hessian
    }

    pub(super) fn sums(&self, cell: Cell) -> Sums {
        self.scale.sums(cell)
    }
}

impl Search<'_> {
    /// The best split of a leaf on one feature; among equals the first found.
    pub(super) fn best(
        &self,
        feature: usize,
        cells: &[Cell],
        (total, bounds): (Cell, Bounds),
        running: &mut Running,
    ) -> Option<Split> {
        let about = &self.binned.features[feature];
        let categorical = matches!(about.kind, Kind::Categorical);
        let more = if categorical { self.settings.category_l2 } else { 0.0 };
        let penalty = Penalty { l1: self.settings.l1, l2: self.settings.l2 + more };
        let constrained = !self.directions.is_empty();
        let sums = self.scale.sums(total);
        let parent = if constrained {
            penalty.worth_at(sums, penalty.step(sums, bounds))
        } else {
            penalty.worth(sums)
        };
        let trial = Trial {
            penalty,
            scale: self.scale,
            total,
            min_rows: self.settings.min_rows as u64,
            min_hessian: self.settings.min_hessian,
            bounds,
            direction: self.directions.get(feature).copied().flatten(),
            constrained,
            parent,
        };
        let values = about.values;
        let missing = if about.gaps { cells[values] } else { Cell::ZERO };
        if categorical {
            let smoothing = self.settings.category_smoothing;
            search_levels(&trial, smoothing, self.dispersion, &cells[..values], missing, feature)
        } else {
            search_thresholds(&trial, &cells[..values], missing, feature, running)
        }
    }
}
