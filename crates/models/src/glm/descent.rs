//! Coordinate descent on the quadratic model of the loss.
//!
//! Friedman, Hastie, Tibshirani 2010, Journal of Statistical Software 33(1), section 2 ("covariance updates"),
//! doi 10.18637/jss.v033.i01.

use super::face;
use super::gram::Gram;

/// Sweeps after which the signs are taken as settled for a while.
const SETTLED: usize = 8;

/// Coefficients of the Gram matrix's members, and what decides their next values.
#[derive(Debug, Default)]
pub(super) struct Local {
    pub(super) beta: Vec<f64>,
    /// Minus the derivative of the quadratic model.
    pub(super) slope: Vec<f64>,
    pub(super) l1: Vec<f64>,
    pub(super) l2: Vec<f64>,
}

/// When a sweep over the coordinates has changed so little that the descent may stop: either is enough.
#[derive(Debug, Clone, Copy)]
pub(super) struct Goal {
    /// Largest change of a derivative, as a share of the coordinate's L1 penalty.
    pub(super) worst: f64,
    /// Squared changes of the derivatives over twice the L2 penalty, summed: their part of the duality gap.
    pub(super) excess: f64,
}

/// What a sweep changed, in the terms of [`Goal`].
#[derive(Debug, Clone, Copy)]
struct Change {
    worst: f64,
    excess: f64,
}

impl Change {
    fn within(self, goal: Goal) -> bool {
        self.worst <= goal.worst || self.excess <= goal.excess
    }
}

/// Sweeps until the goal is met or `sweeps` are used up; returns those left over.
pub(super) fn descend(gram: &Gram, local: &mut Local, goal: Goal, mut sweeps: usize) -> usize {
    let all: Vec<u32> = (0..gram.members().len() as u32).collect();
    let mut active = Vec::new();
    while sweeps > 0 {
        sweeps -= 1;
        if sweep(gram, local, &all).within(goal) {
            break;
        }
        active.clear();
        active.extend(all.iter().filter(|&&at| local.beta[at as usize] != 0.0));
        let mut since = 0;
        while sweeps > 0 {
            sweeps -= 1;
            if sweep(gram, local, &active).within(goal) {
                break;
            }
            since += 1;
            if since == SETTLED {
                since = 0;
                active.retain(|&at| local.beta[at as usize] != 0.0);
                face::descend(gram, local, &active);
            }
        }
    }
    sweeps
}

fn sweep(gram: &Gram, local: &mut Local, coordinates: &[u32]) -> Change {
    let mut change = Change { worst: 0.0, excess: 0.0 };
    for &at in coordinates {
        let at = at as usize;
        let row = gram.row(at);
        let bend = row[at];
        let (l1, l2) = (local.l1[at], local.l2[at]);
        let old = local.beta[at];
        let new = minimiser(local.slope[at] + bend * old, bend, l1, l2);
        let step = new - old;
        if step == 0.0 {
            continue;
        }
        local.beta[at] = new;
        local.slope.iter_mut().zip(row).for_each(|(slope, product)| *slope -= step * product);
        let moved = (bend * step).abs();
        change.worst = change.worst.max(moved / l1);
        change.excess += moved * moved / (2.0 * l2);
    }
    change
}

/// The minimiser of ½ bend b² − pull b + l1 |b| + ½ l2 b².
pub(super) fn minimiser(pull: f64, bend: f64, l1: f64, l2: f64) -> f64 {
    let over = pull.abs() - l1;
    let bend = bend + l2;
    // A column that does not bend the loss at all is no use.
    if over > 0.0 && bend > f64::MIN_POSITIVE { over.copysign(pull) / bend } else { 0.0 }
}
