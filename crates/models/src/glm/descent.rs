//! Coordinate descent on Newton's quadratic, over a working set.
//!
//! Friedman, Hastie, Tibshirani 2010, doi 10.18637/jss.v033.i01, section 3, with the working sets of Tibshirani et al. 2012
//! (sequential strong rule, doi 10.1111/j.1467-9868.2011.01004.x). A rule may be wrong: after every descent all columns are
//! checked, and those that should move join the set.

use rayon::prelude::*;

use super::certificate::{Penalty, Point, gap};
use super::columns::Scaled;
use super::Family;

/// Everything that does not change along a path.
#[derive(Debug)]
pub(super) struct Problem<'a> {
    pub(super) family: Family,
    pub(super) columns: &'a [Scaled<'a>],
    pub(super) w: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) factors: &'a [f64],
    /// Loss of the constant model: what the gap is measured by.
    pub(super) null_loss: f64,
    /// Gap over null loss that is small enough.
    pub(super) tolerance: f64,
    pub(super) max_passes: u64,
}

/// Where a path stands: carried from one penalty to the next.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) intercept: f64,
    pub(super) b: Vec<f64>,
    pub(super) eta: Vec<f64>,
    /// Gradient of every column at this point.
    pub(super) gradient: Vec<f64>,
}

/// How a descent ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ended {
    /// Gap over null loss.
    pub(super) gap: f64,
    pub(super) passes: u64,
    /// Loss without penalty.
    pub(super) loss: f64,
}

impl Problem<'_> {
    /// The gradient of every column.
    pub(super) fn gradient(&self, eta: &[f64]) -> Vec<f64> {
        let q: Vec<f64> = self.residuals(eta);
        self.columns.par_iter().with_min_len(16).map(|c| c.dot(&q)).collect()
    }

    fn residuals(&self, eta: &[f64]) -> Vec<f64> {
        self.w
            .iter()
            .zip(self.y)
            .zip(eta)
            .map(|((w, y), &eta)| w * (y - self.family.mean(eta)))
            .collect()
    }

    fn objective(&self, eta: &[f64], b: &[f64], penalty: Penalty<'_>) -> f64 {
        let loss: f64 =
            self.w.iter().zip(self.y).zip(eta).map(|((w, &y), &eta)| w * self.family.loss(eta, y)).sum();
        loss + penalty.of(b)
    }

    /// Goes down to the optimum of one penalty from where `state` stands. `previous` is the penalty of that place, for the
    /// strong rule.
    pub(super) fn solve(&self, state: &mut State, penalty: Penalty<'_>, previous_l1: f64) -> Ended {
        let strong = 2.0 * penalty.l1 - previous_l1;
        let mut set: Vec<usize> = (0..self.columns.len())
            .filter(|&j| !self.columns[j].is_constant())
            .filter(|&j| {
                let f = self.factors[j];
                penalty.l1 <= 0.0 || f <= 0.0 || state.b[j].abs() > 0.0 || state.gradient[j].abs() >= f * strong
            })
            .collect();
        let mut member = vec![false; self.columns.len()];
        set.iter().for_each(|&j| member[j] = true);
        let mut passes = 0;
        // The descent stops when a pass changes the quadratic by less than this.
        let mut fine = 0.1 * self.tolerance * self.null_loss;
        loop {
            self.descend(state, &set, penalty, fine, &mut passes);
            state.gradient = self.gradient(&state.eta);
            let late: Vec<usize> = (0..self.columns.len())
                .filter(|&j| !member[j] && !self.columns[j].is_constant())
                .filter(|&j| state.gradient[j].abs() > self.factors[j] * penalty.l1)
                .collect();
            let point = Point {
                family: self.family,
                w: self.w,
                y: self.y,
                eta: &state.eta,
                intercept: state.intercept,
                b: &state.b,
                gradient: &state.gradient,
            };
            let (primal, distance) = gap(&point, penalty);
            let ended = Ended { gap: distance / self.null_loss, passes, loss: primal - penalty.of(&state.b) };
            if ended.gap <= self.tolerance || passes >= self.max_passes {
                return ended;
            }
            if late.is_empty() {
                fine *= 0.05;
            }
            late.iter().for_each(|&j| member[j] = true);
            set.extend(late);
            set.sort_unstable();
        }
    }

    /// Newton steps on the columns of a set until a step brings nothing.
    fn descend(&self, state: &mut State, set: &[usize], penalty: Penalty<'_>, fine: f64, passes: &mut u64) {
        let n = self.y.len();
        let mut current = self.objective(&state.eta, &state.b, penalty);
        loop {
            let mut q = self.residuals(&state.eta);
            let v: Vec<f64> = match self.family {
                Family::Gaussian => self.w.to_vec(),
                Family::Binomial => self
                    .w
                    .iter()
                    .zip(&state.eta)
                    .map(|(w, &eta)| {
                        let p = self.family.mean(eta);
                        // A saturated row keeps a trace of curvature, or its step would be endless.
                        w * (p * (1.0 - p)).max(1e-9)
                    })
                    .collect(),
            };
            let total: f64 = v.iter().sum();
            let squares: Vec<f64> = set.iter().map(|&j| self.columns[j].square(&v)).collect();
            let (before_b, before_intercept) = (state.b.clone(), state.intercept);
            let mut largest = 0.0f64;
            let mut whole = true;
            loop {
                *passes += 1;
                let mut moved = 0.0f64;
                for (&j, &square) in set.iter().zip(&squares) {
                    let old = state.b[j];
                    if !whole && old.abs() <= 0.0 {
                        continue;
                    }
                    let column = &self.columns[j];
                    let f = self.factors[j];
                    let pull = column.dot(&q) + square * old;
                    let new = soft(pull, penalty.l1 * f) / (square + penalty.l2 * f);
                    let step = new - old;
                    if step.abs() > 0.0 {
                        state.b[j] = new;
                        column.subtract(&mut q, &v, step);
                        moved = moved.max(square * step * step);
                    }
                }
                let step = q.iter().sum::<f64>() / total;
                state.intercept += step;
                q.iter_mut().zip(&v).for_each(|(q, v)| *q -= step * v);
                moved = moved.max(total * step * step);
                largest = largest.max(moved);
                if *passes >= self.max_passes {
                    break;
                }
                if moved <= fine {
                    // Quiet on the active columns: one pass over the whole set decides.
                    if whole {
                        break;
                    }
                    whole = true;
                } else {
                    whole = false;
                }
            }
            // The linear predictor of the new point, by what changed.
            let mut eta = state.eta.clone();
            let shift = state.intercept - before_intercept;
            eta.iter_mut().for_each(|eta| *eta += shift);
            for &j in set {
                let step = state.b[j] - before_b[j];
                if step.abs() > 0.0 {
                    self.columns[j].add(&mut eta, step);
                }
            }
            let mut next = self.objective(&eta, &state.b, penalty);
            // Newton may overshoot far from the optimum: half the way, until the objective falls.
            let mut share = 1.0;
            while next > current + 1e-13 * current.abs() && share > 1e-6 {
                share *= 0.5;
                for i in 0..n {
                    eta[i] = 0.5 * (eta[i] + state.eta[i]);
                }
                for &j in set {
                    state.b[j] = 0.5 * (state.b[j] + before_b[j]);
                }
                state.intercept = 0.5 * (state.intercept + before_intercept);
                next = self.objective(&eta, &state.b, penalty);
            }
            state.eta = eta;
            let done = current - next <= 0.1 * fine;
            current = next;
            if (done && largest <= fine) || self.family == Family::Gaussian || *passes >= self.max_passes {
                return;
            }
        }
    }
}

/// Towards zero by `limit`.
fn soft(value: f64, limit: f64) -> f64 {
    if value > limit {
        value - limit
    } else if value < -limit {
        value + limit
    } else {
        0.0
    }
}
