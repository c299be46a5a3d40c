//! Design columns on the scale that the penalty sees.
//!
//! A dense column is centred and scaled in a copy. A sparse one is scaled only: the unpenalised intercept takes up what
//! centring would have moved, so the solution is the same and the zeros stay zeros.

use bedside_table::{Complete, DesignColumn, DesignData, RowSet};
use rayon::prelude::*;

/// The numbers of one column, scaled.
#[derive(Debug)]
pub(super) enum Cells<'a> {
    Dense(Vec<f64>),
    Sparse(&'a [u32], Vec<f64>),
    /// Rows that hold this one number.
    Indicator(&'a [u32], f64),
    /// No spread: never takes part.
    Constant,
}

/// One column, scaled, and how to scale back.
#[derive(Debug)]
pub(super) struct Scaled<'a> {
    pub(super) cells: Cells<'a>,
    /// What was subtracted (dense columns only).
    pub(super) centre: f64,
    /// What it was divided by.
    pub(super) scale: f64,
    /// Its standard deviation on its own scale.
    pub(super) deviation: f64,
}

/// Scales every column; `weights` sum to 1.
pub(super) fn scale<'a, R: RowSet>(x: &'a Complete<R>, weights: &[f64], standardise: bool) -> Vec<Scaled<'a>> {
    x.columns().par_iter().map(|column| one(column, weights, standardise)).collect()
}

fn one<'a>(column: &'a DesignColumn, w: &[f64], standardise: bool) -> Scaled<'a> {
    // Two passes: the mean first, so that large means do not cancel.
    let (mean, variance) = match &column.data {
        DesignData::Dense(v) => {
            let mean: f64 = v.iter().zip(w).map(|(x, w)| w * x).sum();
            (mean, v.iter().zip(w).map(|(x, w)| w * (x - mean) * (x - mean)).sum::<f64>())
        }
        DesignData::Sparse { rows, values } => {
            let weight = |r: &u32| w[*r as usize];
            let mean: f64 = rows.iter().zip(values).map(|(r, x)| weight(r) * x).sum();
            let listed: f64 = rows.iter().map(weight).sum();
            let spread: f64 = rows.iter().zip(values).map(|(r, x)| weight(r) * (x - mean) * (x - mean)).sum();
            (mean, spread + (1.0 - listed).max(0.0) * mean * mean)
        }
        DesignData::Indicator(rows) => {
            let mean: f64 = rows.iter().map(|&r| w[r as usize]).sum();
            (mean, mean * (1.0 - mean))
        }
    };
    let deviation = variance.max(0.0).sqrt();
    // A column whose spread is rounding error is constant.
    if !(deviation > 1e-12 * (1.0 + mean.abs())) {
        return Scaled { cells: Cells::Constant, centre: 0.0, scale: 1.0, deviation: 0.0 };
    }
    let scale = if standardise { deviation } else { 1.0 };
    let (cells, centre) = match &column.data {
        DesignData::Dense(v) => (Cells::Dense(v.iter().map(|x| (x - mean) / scale).collect()), mean),
        DesignData::Sparse { rows, values } => {
            (Cells::Sparse(rows, values.iter().map(|x| x / scale).collect()), 0.0)
        }
        DesignData::Indicator(rows) => (Cells::Indicator(rows, 1.0 / scale), 0.0),
    };
    Scaled { cells, centre, scale, deviation }
}

impl Scaled<'_> {
    pub(super) fn is_constant(&self) -> bool {
        matches!(self.cells, Cells::Constant)
    }

    /// The sum of the column times `q`.
    pub(super) fn dot(&self, q: &[f64]) -> f64 {
        match &self.cells {
            Cells::Dense(v) => v.iter().zip(q).map(|(x, q)| x * q).sum(),
            Cells::Sparse(rows, v) => rows.iter().zip(v).map(|(&r, x)| x * q[r as usize]).sum(),
            Cells::Indicator(rows, one) => one * rows.iter().map(|&r| q[r as usize]).sum::<f64>(),
            Cells::Constant => 0.0,
        }
    }

    /// The sum of the squared column times `v`.
    pub(super) fn square(&self, v: &[f64]) -> f64 {
        match &self.cells {
            Cells::Dense(x) => x.iter().zip(v).map(|(x, v)| x * x * v).sum(),
            Cells::Sparse(rows, x) => rows.iter().zip(x).map(|(&r, x)| x * x * v[r as usize]).sum(),
            Cells::Indicator(rows, one) => one * one * rows.iter().map(|&r| v[r as usize]).sum::<f64>(),
            Cells::Constant => 0.0,
        }
    }

    /// `q -= step * v * column`.
    pub(super) fn subtract(&self, q: &mut [f64], v: &[f64], step: f64) {
        match &self.cells {
            Cells::Dense(x) => q.iter_mut().zip(v).zip(x).for_each(|((q, v), x)| *q -= step * v * x),
            Cells::Sparse(rows, x) => {
                rows.iter().zip(x).for_each(|(&r, x)| q[r as usize] -= step * v[r as usize] * x);
            }
            Cells::Indicator(rows, one) => {
                let step = step * one;
                rows.iter().for_each(|&r| q[r as usize] -= step * v[r as usize]);
            }
            Cells::Constant => {}
        }
    }

    /// `eta += step * column`.
    pub(super) fn add(&self, eta: &mut [f64], step: f64) {
        match &self.cells {
            Cells::Dense(x) => eta.iter_mut().zip(x).for_each(|(eta, x)| *eta += step * x),
            Cells::Sparse(rows, x) => rows.iter().zip(x).for_each(|(&r, x)| eta[r as usize] += step * x),
            Cells::Indicator(rows, one) => rows.iter().for_each(|&r| eta[r as usize] += step * one),
            Cells::Constant => {}
        }
    }
}
