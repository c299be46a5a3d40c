//! Histograms and best splits, block by block, on one thread or several.

use rayon::prelude::*;

use super::cell::Cell;
use super::grow::Growth;
use super::histogram::{RowsOf, Scratch, build};
use super::objective::Bounds;
use super::split::Split;
use super::thresholds::Running;

/// Fewer additions than this are not worth a second thread.
const WORTH_A_THREAD: usize = 60_000;

/// What the work on one block needs besides its histograms.
#[derive(Debug, Default)]
pub(super) struct Room {
    scratch: Scratch,
    running: Running,
}

/// Two children of a leaf that was divided.
pub(super) struct Pair<'a> {
    /// The rows of the smaller one.
    pub(super) rows: &'a [u32],
    /// The gradients of these rows.
    pub(super) gradients: &'a [Cell],
    /// The sums and bounds of the smaller one, when it may be divided.
    pub(super) small: Option<(Cell, Bounds)>,
    /// The sums and bounds of the larger one.
    pub(super) large: (Cell, Bounds),
}

impl Growth<'_> {
    /// The root's sums, histogram and best split, from its rows and their gradients.
    pub(super) fn root(
        &self,
        rows: RowsOf<'_>,
        gradients: &[Cell],
        histogram: &mut [Cell],
        rooms: &mut [Room],
    ) -> (Cell, Option<Split>) {
        let work = |(block, (cells, room)): (usize, (&mut [Cell], &mut Room))| {
            if !self.wanted(block) {
                return (None, None);
            }
            build(&self.search.binned.blocks[block], rows, gradients, &mut room.scratch, cells);
            // Every row is in one bin of the first feature.
            let bins = self.search.binned.features[self.search.binned.blocks[block].features.start].bins();
            let total = cells[..bins].iter().fold(Cell::ZERO, |sum, &cell| sum.plus(cell));
            (Some(total), self.best_of_block(block, cells, (total, Bounds::NONE), &mut room.running))
        };
        let parts = self.by_block(histogram).zip(rooms).enumerate();
        let found: (Vec<_>, Vec<_>) = if self.parallel && self.additions(gradients.len()) > WORTH_A_THREAD {
            parts.collect::<Vec<_>>().into_par_iter().map(work).unzip()
        } else {
            parts.map(work).unzip()
        };
        let total = found.0.into_iter().flatten().next().unwrap_or(Cell::ZERO);
        (total, self.better(found.1))
    }

    /// Histograms and best splits of two children: the smaller one is summed, the other one is what remains of the
    /// parent's. `large` holds the parent's histogram and ends with the larger child's.
    pub(super) fn children(
        &self,
        pair: &Pair<'_>,
        small: &mut [Cell],
        large: &mut [Cell],
        rooms: &mut [Room],
    ) -> (Option<Split>, Option<Split>) {
        type Histograms<'h> = (&'h mut [Cell], &'h mut [Cell]);
        let work = |(block, ((ours, theirs), room)): (usize, (Histograms<'_>, &mut Room))| {
            if !self.wanted(block) {
                return (None, None);
            }
            let rows = RowsOf::Listed(pair.rows);
            build(&self.search.binned.blocks[block], rows, pair.gradients, &mut room.scratch, ours);
            for (rest, part) in theirs.iter_mut().zip(ours.iter()) {
                *rest = rest.minus(*part);
            }
            let small = pair.small.and_then(|leaf| self.best_of_block(block, ours, leaf, &mut room.running));
            (small, self.best_of_block(block, theirs, pair.large, &mut room.running))
        };
        let parts = self.by_block(small).zip(self.by_block(large)).zip(rooms).enumerate();
        let found: (Vec<_>, Vec<_>) = if self.parallel && self.additions(pair.rows.len()) > WORTH_A_THREAD {
            parts.collect::<Vec<_>>().into_par_iter().map(work).unzip()
        } else {
            parts.map(work).unzip()
        };
        (self.better(found.0), self.better(found.1))
    }

    /// About how much work the histogram and the search of a leaf are, in additions.
    fn additions(&self, rows: usize) -> usize {
        let columns: usize = self.search.binned.blocks.iter().map(|b| b.joined.width).sum();
        rows * columns + 8 * self.search.binned.cells
    }

    /// A histogram in pieces, one a block.
    fn by_block<'h>(&self, histogram: &'h mut [Cell]) -> impl Iterator<Item = &'h mut [Cell]> {
        let mut rest = histogram;
        self.search.binned.blocks.iter().map(move |block| {
            let (front, back) = std::mem::take(&mut rest).split_at_mut(block.cells);
            rest = back;
            front
        })
    }

    fn wanted(&self, block: usize) -> bool {
        self.search.binned.blocks[block].features.clone().any(|feature| self.active[feature])
    }

    fn best_of_block(
        &self,
        block: usize,
        cells: &[Cell],
        leaf: (Cell, Bounds),
        running: &mut Running,
    ) -> Option<Split> {
        let features = self.search.binned.blocks[block].features.clone();
        let start = self.search.binned.features.get(features.start)?.offset;
        let found = features.filter(|&feature| self.active[feature]).map(|feature| {
            let about = &self.search.binned.features[feature];
            let at = about.offset - start;
            self.search.best(feature, &cells[at..at + about.bins()], leaf, running)
        });
        self.better(found)
    }

    /// The split that gains most; among equals the one on the first column of the table.
    fn better(&self, found: impl IntoIterator<Item = Option<Split>>) -> Option<Split> {
        let column = |split: &Split| self.search.binned.features[split.feature].column;
        found.into_iter().flatten().reduce(|a, b| {
            let order = b.gain.total_cmp(&a.gain).then_with(|| column(&a).cmp(&column(&b)));
            if order.is_gt() { b } else { a }
        })
    }
}
