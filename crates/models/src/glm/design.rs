//! The standardised design, by columns for gradients and by rows for products of columns.

use bedside_table::{Complete, Train};
use rayon::prelude::*;

use super::column::{Column, Entries};

/// Standardised columns, and the sparse ones once more by rows.
#[derive(Debug)]
pub(super) struct Design<'a> {
    pub(super) rows: usize,
    pub(super) columns: Vec<Column<'a>>,
    /// Indicator columns that each row belongs to.
    pub(super) indicators: ByRow,
    /// Sparse columns that each row has a number in.
    pub(super) sparse: ByRow,
}

/// For each row, columns in ascending order (and their numbers, where they differ).
#[derive(Debug, Default)]
pub(super) struct ByRow {
    first: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f64>,
}

impl ByRow {
    fn of(
        rows: usize,
        columns: &[Column<'_>],
        pick: impl Fn(&Entries<'_>) -> bool,
        with_values: bool,
    ) -> Self {
        let mut first = vec![0usize; rows + 1];
        let picked = || (0u32..).zip(columns).filter(|(_, column)| pick(&column.entries));
        for (_, column) in picked() {
            column.each(|row, _| first[row + 1] += 1);
        }
        for row in 0..rows {
            first[row + 1] += first[row];
        }
        let total = first[rows];
        let mut next = first.clone();
        let mut by_row = vec![0u32; total];
        let mut values = vec![0.0; if with_values { total } else { 0 }];
        for (number, column) in picked() {
            column.each(|row, value| {
                let place = next[row];
                by_row[place] = number;
                if with_values {
                    values[place] = value;
                }
                next[row] += 1;
            });
        }
        Self { first, columns: by_row, values }
    }

    /// The columns of a row.
    pub(super) fn columns(&self, row: usize) -> &[u32] {
        &self.columns[self.first[row]..self.first[row + 1]]
    }

    /// The numbers of a row, in the order of [`ByRow::columns`].
    pub(super) fn values(&self, row: usize) -> &[f64] {
        &self.values[self.first[row]..self.first[row + 1]]
    }

    pub(super) fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

impl<'a> Design<'a> {
    /// Standardises every column under weights that sum to 1.
    pub(super) fn new(x: &'a Complete<Train>, weights: &[f64]) -> Self {
        let columns: Vec<Column<'a>> =
            x.columns().par_iter().map(|column| Column::new(&column.data, weights)).collect();
        Self::of(x.rows(), columns)
    }

    /// Of columns that are standardised already.
    pub(super) fn of(rows: usize, columns: Vec<Column<'a>>) -> Self {
        let indicators = ByRow::of(rows, &columns, |e| matches!(e, Entries::Indicator { .. }), false);
        let sparse = ByRow::of(rows, &columns, |e| matches!(e, Entries::Sparse { .. }), true);
        Self { rows, columns, indicators, sparse }
    }

    /// For each listed column, its sum of products with `residual`, into `gradient`. Each sum is one thread's work, so it
    /// has the same bits on any number of threads.
    pub(super) fn gradient(&self, listed: &[u32], residual: &[f64], gradient: &mut [f64]) {
        let sums: Vec<f64> = listed
            .par_iter()
            .with_min_len(64)
            .map(|&column| self.columns[column as usize].dot(residual))
            .collect();
        listed.iter().zip(sums).for_each(|(&column, sum)| gradient[column as usize] = sum);
    }
}
