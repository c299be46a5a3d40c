//! What is known of the values between any two places of a list, after one pass over it.

use std::collections::VecDeque;

use bedside_chart::Instant;

use super::twofold::Twofold;
use super::{Aggregation, plan::Group};

/// The values of one code of one subject in the order of time, with running totals. What comes out for a stretch depends
/// on the record up to its end alone: not on which rows or windows are asked for, and not on what comes later.
#[derive(Debug, Default)]
pub(super) struct Values {
    times: Vec<Instant>,
    pub(super) values: Vec<f64>,
    /// From which place on all values until here are the same.
    same_from: Vec<usize>,
    sums: Running,
    squares: Running,
    /// Over days *d* since the first value: Σd, Σd², Σdx.
    days: Running,
    days_squared: Running,
    days_times_values: Running,
}

/// A running total after each place.
#[derive(Debug, Default)]
struct Running {
    totals: Vec<Twofold>,
    /// The largest that the total ever was until here: its error is a share of this.
    peaks: Vec<f64>,
}

/// What a running total may be wrong by, as a share of its peak; 106 bits, less what thousands of terms cost.
const SHARE: f64 = f64::EPSILON * f64::EPSILON * 64.0;

impl Running {
    fn clear(&mut self) {
        self.totals.clear();
        self.peaks.clear();
    }

    fn fill(&mut self, terms: impl Iterator<Item = Twofold>) {
        let (mut total, mut peak) = (Twofold::default(), 0.0_f64);
        self.totals.push(total);
        self.peaks.push(peak);
        for term in terms {
            total = total + term;
            peak = peak.max(total.rounded().abs());
            self.totals.push(total);
            self.peaks.push(peak);
        }
    }

    /// The total between two places, and what it may be wrong by.
    fn between(&self, from: usize, to: usize) -> (Twofold, f64) {
        (self.totals[to] - self.totals[from], self.peaks[to] * SHARE)
    }
}

/// Which running totals are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    sums: bool,
    squares: bool,
    days: bool,
}

impl Totals {
    /// What some columns need.
    pub(super) fn of(groups: &[Group]) -> Self {
        let mut totals = Self::default();
        for cell in groups.iter().flat_map(|group| &group.cells) {
            match cell.aggregation {
                Aggregation::ValueSum | Aggregation::ValueMean | Aggregation::ValueDelta => {
                    totals.sums = true
                }
                Aggregation::ValueSumSqd => totals.squares = true,
                Aggregation::ValueSd => (totals.sums, totals.squares) = (true, true),
                Aggregation::ValueSlope => {
                    (totals.sums, totals.squares, totals.days) = (true, true, true);
                }
                _ => {}
            }
        }
        totals
    }
}

impl Values {
    pub(super) fn clear(&mut self) {
        self.times.clear();
        self.values.clear();
        self.same_from.clear();
        for running in [
            &mut self.sums,
            &mut self.squares,
            &mut self.days,
            &mut self.days_squared,
            &mut self.days_times_values,
        ] {
            running.clear();
        }
    }

    /// Adds the next value. Its time is not before that of the last. Those of one instant are put in the order of their size, so
    /// that nothing hangs on the order in which a record happens to give them.
    pub(super) fn push(&mut self, time: Instant, value: f64) {
        self.times.push(time);
        self.values.push(value);
        let mut place = self.values.len() - 1;
        while place > 0 && self.times[place - 1] == time && self.values[place - 1].total_cmp(&value).is_gt() {
            self.values.swap(place - 1, place);
            place -= 1;
        }
        self.same_from.truncate(place);
        for place in place..self.values.len() {
            let same = place > 0 && self.values[place - 1] == self.values[place];
            self.same_from.push(if same { self.same_from[place - 1] } else { place });
        }
    }

    /// Makes the running totals that are needed.
    pub(super) fn total(&mut self, totals: Totals) {
        let values = || self.values.iter().copied();
        if totals.sums {
            self.sums.fill(values().map(Twofold::from));
        }
        if totals.squares {
            self.squares.fill(values().map(|x| Twofold::product(x, x)));
        }
        if totals.days {
            let days = || self.times.iter().map(|&time| (time - self.times[0]).days_f64());
            self.days.fill(days().map(Twofold::from));
            self.days_squared.fill(days().map(|d| Twofold::product(d, d)));
            self.days_times_values.fill(days().zip(values()).map(|(d, x)| Twofold::product(d, x)));
        }
    }

    /// Whether all values between two places are the same number.
    fn same(&self, from: usize, to: usize) -> bool {
        self.same_from[to - 1] <= from
    }

    pub(super) fn sum(&self, from: usize, to: usize) -> f64 {
        let (sum, error) = self.sums.between(from, to);
        if error <= f64::EPSILON * sum.rounded().abs() {
            return sum.rounded();
        }
        self.values[from..to].iter().fold(Twofold::default(), |sum, &x| sum + x.into()).rounded()
    }

    pub(super) fn sum_of_squares(&self, from: usize, to: usize) -> f64 {
        let (sum, error) = self.squares.between(from, to);
        if error <= f64::EPSILON * sum.rounded() {
            return sum.rounded();
        }
        self.values[from..to]
            .iter()
            .fold(Twofold::default(), |sum, &x| sum + Twofold::product(x, x))
            .rounded()
    }

    pub(super) fn mean(&self, from: usize, to: usize) -> f64 {
        if self.same(from, to) { self.values[from] } else { self.sum(from, to) / (to - from) as f64 }
    }

    /// n Σx² − (Σx)², and what it may be wrong by.
    fn spread(&self, from: usize, to: usize) -> (f64, f64) {
        let n = (to - from) as f64;
        let (sum, sum_error) = self.sums.between(from, to);
        let (squares, squares_error) = self.squares.between(from, to);
        let spread = (Twofold::from(n) * squares - sum * sum).rounded();
        (spread, n * squares_error + 2.0 * sum.rounded().abs() * sum_error)
    }

    /// The standard deviation with n − 1. The cancellation happens in 106 bits; where they do not suffice, because wild
    /// values came before, in two passes over the stretch.
    pub(super) fn sd(&self, from: usize, to: usize) -> Option<f64> {
        let n = (to - from) as f64;
        if to - from < 2 {
            return None;
        }
        if self.same(from, to) {
            return Some(0.0);
        }
        let (spread, error) = self.spread(from, to);
        if error <= f64::EPSILON * spread {
            return Some((spread / (n * (n - 1.0))).sqrt());
        }
        let mean = self.mean(from, to);
        let squares: f64 = self.values[from..to].iter().map(|x| (x - mean) * (x - mean)).sum();
        Some((squares / (n - 1.0)).sqrt())
    }

    /// The least-squares slope per day, (n Σdx − Σd Σx) / (n Σd² − (Σd)²), with the same care.
    pub(super) fn slope(&self, from: usize, to: usize) -> Option<f64> {
        if self.times[from] == self.times[to - 1] {
            return None;
        }
        if self.same(from, to) {
            return Some(0.0);
        }
        let n = (to - from) as f64;
        let (d, d_error) = self.days.between(from, to);
        let (dd, dd_error) = self.days_squared.between(from, to);
        let (dx, dx_error) = self.days_times_values.between(from, to);
        let (x, x_error) = self.sums.between(from, to);
        let along = (Twofold::from(n) * dx - d * x).rounded();
        let across = (Twofold::from(n) * dd - d * d).rounded();
        let along_error = n * dx_error + d.rounded().abs() * x_error + x.rounded().abs() * d_error;
        let across_error = n * dd_error + 2.0 * d.rounded().abs() * d_error;
        // The slope of values without any trend is 0: what counts is the error against their spread.
        let (spread, spread_error) = self.spread(from, to);
        let sound = spread_error <= 0.5 * spread
            && across_error <= f64::EPSILON * across
            && along_error <= f64::EPSILON * (across * spread).sqrt();
        if sound {
            return Some(along / across);
        }
        let days = |place: usize| (self.times[place] - self.times[from]).days_f64();
        let (middle_d, middle_x) = ((from..to).map(days).sum::<f64>() / n, self.mean(from, to));
        let (mut along, mut across) = (0.0, 0.0);
        for place in from..to {
            let d = days(place) - middle_d;
            along += d * (self.values[place] - middle_x);
            across += d * d;
        }
        Some(along / across)
    }
}

/// The smallest (or largest) value of a stretch whose ends only move forward: places whose values could still be it
/// (Lemire, *Streaming maximum-minimum filter*, Nordic J. Computing 13:328, 2006, arXiv:cs/0610046).
#[derive(Debug, Default)]
pub(super) struct Extreme {
    places: VecDeque<usize>,
}

impl Extreme {
    pub(super) fn clear(&mut self) {
        self.places.clear();
    }

    /// Another place is taken in; `beats` tells whether its value makes an earlier one useless.
    pub(super) fn enter(&mut self, place: usize, beats: impl Fn(usize) -> bool) {
        while self.places.back().is_some_and(|&last| beats(last)) {
            self.places.pop_back();
        }
        self.places.push_back(place);
    }

    /// Everything before a place has left.
    pub(super) fn leave(&mut self, before: usize) {
        while self.places.front().is_some_and(|&first| first < before) {
            self.places.pop_front();
        }
    }

    pub(super) fn place(&self) -> Option<usize> {
        self.places.front().copied()
    }
}
