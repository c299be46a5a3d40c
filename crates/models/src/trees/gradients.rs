//! The derivatives of every row, as whole numbers.

use rayon::prelude::*;

use super::Loss;
use super::cell::{Cell, Scale, Weights};

/// Rows between which gradients are divided among threads.
const CHUNK: usize = 8192;

impl Loss {
    /// Adds `value` to the linear predictor of the given rows.
    pub(super) fn advance_all(self, states: &mut [f64], rows: &[u32], value: f64) {
        let step = self.state(value);
        rows.iter().for_each(|&row| states[row as usize] = self.advance(states[row as usize], step));
    }
}

/// The derivatives of every row as whole numbers.
pub(super) fn fill(
    gradients: &mut [Cell],
    loss: Loss,
    scale: Scale,
    states: &[f64],
    outcome: &[f64],
    weights: &Weights,
    parallel: bool,
) {
    let some = |(place, gradients): (usize, &mut [Cell])| {
        let here = place * CHUNK..place * CHUNK + gradients.len();
        let known = gradients.iter_mut().zip(states[here.clone()].iter().zip(&outcome[here.clone()]));
        // The match stands outside of the loops, so that each loop holds one loss only.
        macro_rules! each {
            ($loss:path) => {
                if weights.all_one {
                    for (cell, (&state, &outcome)) in known {
                        let (first, second) = $loss.derivatives(state, outcome);
                        *cell = scale.cell(first, second);
                    }
                } else {
                    for ((cell, (&state, &outcome)), &weight) in known.zip(&weights.of_row[here]) {
                        let (first, second) = $loss.derivatives(state, outcome);
                        *cell = scale.weighted_cell(first, second, weight);
                    }
                }
            };
        }
        match loss {
            Loss::Logistic => each!(Loss::Logistic),
            Loss::Squared => each!(Loss::Squared),
            Loss::Poisson => each!(Loss::Poisson),
        }
    };
    if parallel && gradients.len() > 2 * CHUNK {
        gradients.par_chunks_mut(CHUNK).enumerate().for_each(some);
    } else {
        gradients.chunks_mut(CHUNK).enumerate().for_each(some);
    }
}
