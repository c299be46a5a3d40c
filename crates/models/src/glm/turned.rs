//! Ridge regression with more columns than rows, turned into one with as many columns as rows.
//!
//! The rows see the coefficients only through the linear predictor, and what of the coefficients is orthogonal to all rows
//! costs and gives nothing. So with penalties D on the squares and L L' = X D⁻¹ X', the linear predictor is X β = L a, the
//! penalty β' D β is a'a, and β = D⁻¹ X' α, where L' α = a (Hastie, Tibshirani 2004, "Efficient quadratic regularization
//! for expression arrays", Biostatistics 5:329-340, section 2). Objective and duality gap are the same number in both forms.

use rayon::prelude::*;

use super::column::{Column, Entries};
use super::design::Design;
use super::factor::Factor;

/// What the solver's columns were made of.
#[derive(Debug)]
pub(super) struct Turned<'a> {
    /// The caller's columns, standardised.
    pub(super) design: Design<'a>,
    /// Those that are penalised, each with its penalty factor and its L2 penalty at λ = 1.
    pub(super) penalised: Vec<(u32, f64, f64)>,
    free: Vec<u32>,
    /// L, and those of its columns that are not 0.
    factor: Factor,
    kept: Vec<usize>,
}

/// L; none when numbers are too large for products.
pub(super) fn factor(design: &Design<'_>, penalised: &[(u32, f64, f64)]) -> Option<Factor> {
    let rows = design.rows;
    let mut products = vec![0.0; rows * rows];
    products.par_chunks_mut(rows.max(1)).enumerate().for_each(|(row, to)| {
        for &(column, _, l2) in penalised {
            add_row(&design.columns[column as usize], row, 1.0 / l2, &mut to[..=row]);
        }
    });
    products.iter().all(|product| product.is_finite()).then(|| Factor::new(rows, products))
}

impl<'a> Turned<'a> {
    /// Turns the penalised columns by their factor: gives the solver's columns, the free ones first.
    pub(super) fn new(
        design: Design<'a>,
        free: &[u32],
        penalised: Vec<(u32, f64, f64)>,
        factor: Factor,
    ) -> (Self, Vec<Column<'a>>) {
        let rows = design.rows;
        let kept: Vec<usize> = (0..rows).filter(|&at| factor.at(at, at) > 0.0).collect();
        let of_factor = |&at: &usize| Column {
            entries: Entries::Dense(
                (0..rows).map(|row| if row < at { 0.0 } else { factor.at(row, at) }).collect(),
            ),
            shift: 0.0,
            deviation: 1.0,
        };
        let columns = free
            .iter()
            .map(|&column| design.columns[column as usize].clone())
            .chain(kept.iter().map(of_factor))
            .collect();
        (Self { design, penalised, free: free.to_vec(), factor, kept }, columns)
    }

    /// Coefficients of the caller's columns from those of the solver's.
    pub(super) fn outside(&self, inside: &[f64]) -> Vec<f64> {
        let mut outside = vec![0.0; self.design.columns.len()];
        let (free, turned) = inside.split_at(self.free.len());
        self.free.iter().zip(free).for_each(|(&column, beta)| outside[column as usize] = *beta);
        for ((column, _, l2), slope) in self.penalised.iter().zip(self.across(turned)) {
            outside[*column as usize] = slope / l2;
        }
        outside
    }

    /// Coefficients of the solver's columns from those of the caller's; what is orthogonal to all rows is lost.
    pub(super) fn inside(&self, outside: &[f64]) -> Vec<f64> {
        let mut linear = vec![0.0; self.design.rows];
        for &(column, ..) in &self.penalised {
            self.design.columns[column as usize].add_to(outside[column as usize], &mut linear);
        }
        self.factor.forward(&mut linear);
        let free = self.free.iter().map(|&column| outside[column as usize]);
        free.chain(self.kept.iter().map(|&at| linear[at])).collect()
    }

    /// Gradients of the penalised columns, in their order, from those of the solver's.
    pub(super) fn gradient(&self, inside: &[f64]) -> Vec<f64> {
        self.across(&inside[self.free.len()..])
    }

    /// X' α, where L' α is given at the columns that are kept.
    fn across(&self, turned: &[f64]) -> Vec<f64> {
        let mut alpha = vec![0.0; self.design.rows];
        self.kept.iter().zip(turned).for_each(|(&at, value)| alpha[at] = *value);
        self.factor.backward(&mut alpha);
        self.penalised
            .par_iter()
            .with_min_len(64)
            .map(|&(column, ..)| self.design.columns[column as usize].dot(&alpha))
            .collect()
    }
}

/// Adds a column's products of one row with the rows up to it.
fn add_row(column: &Column<'_>, row: usize, factor: f64, to: &mut [f64]) {
    match &column.entries {
        Entries::Dense(values) => {
            let own = factor * values[row];
            to.iter_mut().zip(values).for_each(|(to, value)| *to += own * value);
        }
        Entries::Sparse { rows, values } => {
            if let Ok(at) = rows.binary_search(&(row as u32)) {
                let own = factor * values[at];
                rows[..=at].iter().zip(values).for_each(|(&other, value)| to[other as usize] += own * value);
            }
        }
        Entries::Indicator { rows, value } => {
            if let Ok(at) = rows.binary_search(&(row as u32)) {
                let product = factor * value * value;
                rows[..=at].iter().for_each(|&other| to[other as usize] += product);
            }
        }
        Entries::Constant => {}
    }
}
