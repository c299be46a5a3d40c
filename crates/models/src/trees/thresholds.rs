//! The best threshold of a numeric predictor.

use super::cell::Cell;
use super::split::{BinSet, Split, Trial};

/// A threshold and a side for missing values.
#[derive(Debug, Clone, Copy)]
struct Choice {
    /// The last bin on the left.
    bin: usize,
    missing_left: bool,
}

/// The best of all thresholds, with missing values on either side. `cells` are those of the values.
pub(super) fn search_thresholds(
    trial: &Trial,
    cells: &[Cell],
    missing: Cell,
    feature: usize,
    running: &mut Running,
) -> Option<Split> {
    let choice = if trial.constrained {
        one_by_one(trial, cells, missing)
    } else {
        running.all_at_once(trial, cells, missing)
    }?;
    // The gain is taken from whole sums, so that the same division is worth the same on every predictor.
    let sums = left_sums(cells, missing, choice);
    let gain = trial.gain(sums)?;
    // Without a missing value here, missing values will go with the larger side.
    let missing_left = if missing.is_empty() { trial.left_is_larger(sums) } else { choice.missing_left };
    let mut left = BinSet::up_to(choice.bin);
    if missing_left {
        left.insert(cells.len() as u8);
    }
    Some(Split { gain, feature, bin: choice.bin, left, missing_left, sums })
}

fn left_sums(cells: &[Cell], missing: Cell, choice: Choice) -> Cell {
    let mut sums = if choice.missing_left { missing } else { Cell::ZERO };
    cells[..=choice.bin].iter().for_each(|&cell| sums.add(cell));
    sums
}

/// Each threshold on its own: for predictors with a direction.
fn one_by_one(trial: &Trial, cells: &[Cell], missing: Cell) -> Option<Choice> {
    let mut left = Cell::ZERO;
    let mut best: Option<(f64, Choice)> = None;
    for (bin, &cell) in cells.iter().enumerate() {
        left.add(cell);
        for (missing_left, sums) in [(false, left), (true, left.plus(missing))] {
            if let Some(gain) = trial.gain(sums)
                && best.is_none_or(|(most, _)| gain > most)
            {
                best = Some((gain, Choice { bin, missing_left }));
            }
            if missing.is_empty() {
                break;
            }
        }
    }
    best.map(|(_, choice)| choice)
}

/// Running sums over the bins that hold rows. The last one that holds rows stands for "measured" against "missing".
#[derive(Debug)]
pub(super) struct Running {
    bin: [u8; 256],
    rows: [u64; 256],
    gradient: [f64; 256],
    hessian: [f64; 256],
    worth: [f64; 256],
}

impl Default for Running {
    fn default() -> Self {
        Self { bin: [0; 256], rows: [0; 256], gradient: [0.0; 256], hessian: [0.0; 256], worth: [0.0; 256] }
    }
}

impl Running {
    /// All thresholds in loops without branches.
    fn all_at_once(&mut self, trial: &Trial, cells: &[Cell], missing: Cell) -> Option<Choice> {
        let (mut left, mut count) = (Cell::ZERO, 0u8);
        for (bin, &cell) in cells.iter().enumerate() {
            left.add(cell);
            let (sums, at) = (trial.scale.sums(left), usize::from(count));
            self.bin[at] = bin as u8;
            self.rows[at] = sums.rows;
            self.gradient[at] = sums.gradient;
            self.hessian[at] = sums.hessian;
            // What is written for an empty bin is written over by the next one.
            count += u8::from(!cell.is_empty());
        }
        let count = usize::from(count);
        let mut best = self.best(count, trial, Cell::ZERO).map(|found| (found, false));
        if !missing.is_empty()
            && let Some(found) = self.best(count, trial, missing)
            && best.is_none_or(|((most, _), _)| found.0 > most)
        {
            best = Some((found, true));
        }
        best.map(|((_, at), missing_left)| Choice { bin: usize::from(self.bin[at]), missing_left })
    }

    /// What both sides are worth, and after which of the running sums to divide, when `also` goes left too.
    fn best(&mut self, count: usize, trial: &Trial, also: Cell) -> Option<(f64, usize)> {
        let (also, total) = (trial.scale.sums(also), trial.scale.sums(trial.total));
        let (l1, l2) = (trial.penalty.l1, trial.penalty.l2);
        let (rows, hessian) = (&self.rows[..count], &self.hessian[..count]);
        // A side without curvature has no best value.
        let least = if l2 > 0.0 { trial.min_hessian } else { trial.min_hessian.max(f64::MIN_POSITIVE) };
        // Rows and hessians only grow, so the thresholds that leave enough on both sides lie together.
        let enough_left =
            |i: usize| rows[i] + also.rows >= trial.min_rows && hessian[i] + also.hessian >= least;
        let too_few_right = |i: usize| {
            total.rows - (rows[i] + also.rows) < trial.min_rows
                || total.hessian - (hessian[i] + also.hessian) < least
        };
        let first = first_that(0..count, enough_left);
        let end = first_that(first..count, too_few_right);
        if first == end {
            return None;
        }
        let gradient = &self.gradient[first..end];
        let hessian = &self.hessian[first..end];
        let worth = &mut self.worth[first..end];
        if l1 == 0.0 {
            for ((worth, &g), &h) in worth.iter_mut().zip(gradient).zip(hessian) {
                let (left, mass) = (g + also.gradient, h + also.hessian);
                let (right, rest) = (total.gradient - left, total.hessian - mass);
                *worth = worth_of_both(left, mass + l2, right, rest + l2);
            }
        } else {
            let beyond = |gradient: f64| gradient - gradient.clamp(-l1, l1);
            for ((worth, &g), &h) in worth.iter_mut().zip(gradient).zip(hessian) {
                let (left, mass) = (g + also.gradient, h + also.hessian);
                let (right, rest) = (total.gradient - left, total.hessian - mass);
                *worth = worth_of_both(beyond(left), mass + l2, beyond(right), rest + l2);
            }
        }
        let mut best = (worth[0], 0);
        for (at, &worth) in worth.iter().enumerate() {
            if worth > best.0 {
                best = (worth, at);
            }
        }
        Some((best.0, first + best.1))
    }
}

/// The sum of two squares, each divided by its curvature, with one division.
#[inline]
fn worth_of_both(left: f64, left_curvature: f64, right: f64, right_curvature: f64) -> f64 {
    (left * left * right_curvature + right * right * left_curvature) / (left_curvature * right_curvature)
}

/// The first number that fulfils a condition that stays fulfilled, or the end.
fn first_that(range: std::ops::Range<usize>, fulfilled: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (range.start, range.end);
    while low < high {
        let middle = low + (high - low) / 2;
        if fulfilled(middle) { high = middle } else { low = middle + 1 }
    }
    low
}
