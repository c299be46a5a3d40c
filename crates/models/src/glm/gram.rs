//! Curvature-weighted products of columns: the second derivatives that a Newton step needs.

use rayon::prelude::*;

use super::column::{Entries, dot_sparse};
use super::design::Design;
use super::free::{Crossing, Free};

/// Products `X' D X` of some columns (the members) at fixed curvatures `D`, after the unpenalised columns and the
/// intercept were eliminated (the Schur complement), so that they follow every step of the members.
#[derive(Debug)]
pub(super) struct Gram {
    members: Vec<u32>,
    /// Each column's place among the members.
    place: Vec<u32>,
    /// Room for so many members.
    stride: usize,
    products: Vec<f64>,
    /// How the members cross the unpenalised columns.
    crossing: Crossing,
    /// Where all this was taken.
    curvature: Vec<f64>,
}

/// The place of a column that is no member.
const NONE: u32 = u32::MAX;

impl Gram {
    /// No members yet, at these curvatures.
    pub(super) fn new(columns: usize, free: &Free, design: &Design<'_>, curvature: Vec<f64>) -> Self {
        Self {
            members: Vec::new(),
            place: vec![NONE; columns],
            stride: 0,
            products: Vec::new(),
            crossing: free.crossing(design, &curvature),
            curvature,
        }
    }

    /// The columns whose products are known.
    pub(super) fn members(&self) -> &[u32] {
        &self.members
    }

    pub(super) fn has(&self, column: u32) -> bool {
        self.place[column as usize] != NONE
    }

    /// A member's products with all members.
    pub(super) fn row(&self, place: usize) -> &[f64] {
        &self.products[place * self.stride..place * self.stride + self.members.len()]
    }

    /// How the unpenalised columns follow these steps of the members.
    pub(super) fn free_steps(&self, steps: &[f64]) -> Vec<f64> {
        self.crossing.follow(steps)
    }

    /// Takes in more columns; those that are members already are passed over.
    pub(super) fn add(&mut self, design: &Design<'_>, free: &Free, columns: &[u32]) {
        let old = self.members.len();
        for &column in columns {
            if self.place[column as usize] == NONE {
                self.place[column as usize] = self.members.len() as u32;
                self.members.push(column);
            }
        }
        let count = self.members.len();
        if count == old {
            return;
        }
        self.make_room(old, count);
        self.crossing.add(design, free, &self.members[old..], &self.curvature);
        let (members, place, crossing) = (&self.members, &self.place, &self.crossing);
        let curvature = &self.curvature;
        let scratch = || (vec![0.0; count + 1], Vec::new());
        self.products[old * self.stride..count * self.stride]
            .par_chunks_mut(self.stride)
            .enumerate()
            .for_each_init(scratch, |(sums, weighted), (new, row)| {
                let at = old + new;
                products_of(design, curvature, members, place, at, sums, weighted);
                for (other, (to, sum)) in row.iter_mut().zip(&sums[..=at]).enumerate() {
                    *to = sum - crossing.shared(at, other);
                }
            });
        for at in old..count {
            for other in 0..at {
                self.products[other * self.stride + at] = self.products[at * self.stride + other];
            }
        }
    }

    fn make_room(&mut self, old: usize, count: usize) {
        if count <= self.stride {
            return;
        }
        let stride = (count + count / 2).next_multiple_of(8);
        let mut wider = vec![0.0; stride * stride];
        for at in 0..old {
            wider[at * stride..at * stride + old]
                .copy_from_slice(&self.products[at * self.stride..at * self.stride + old]);
        }
        (self.products, self.stride) = (wider, stride);
    }
}

/// The raw products of member `at` with members `0..=at`, into `sums` (one longer than the members).
fn products_of(
    design: &Design<'_>,
    curvature: &[f64],
    members: &[u32],
    place: &[u32],
    at: usize,
    sums: &mut [f64],
    weighted: &mut Vec<f64>,
) {
    let column = &design.columns[members[at] as usize];
    if matches!(column.entries, Entries::Dense(_)) {
        weighted.clear();
        weighted.extend_from_slice(curvature);
        column.each(|row, value| weighted[row] *= value);
        for (sum, &other) in sums.iter_mut().zip(&members[..=at]) {
            *sum = design.columns[other as usize].dot(weighted);
        }
        return;
    }
    // Row by row: only rows where both columns have a number cost anything. Columns that are no members fall into the
    // last entry.
    let last = members.len();
    sums.fill(0.0);
    weighted.clear();
    let with_values = !design.sparse.is_empty();
    column.each(|row, value| {
        let weight = curvature[row] * value;
        weighted.push(weight);
        for &other in design.indicators.columns(row) {
            sums[(place[other as usize] as usize).min(last)] += weight;
        }
        if with_values {
            for (&other, number) in design.sparse.columns(row).iter().zip(design.sparse.values(row)) {
                sums[(place[other as usize] as usize).min(last)] += weight * number;
            }
        }
    });
    let rows = column.rows();
    for (sum, &other) in sums.iter_mut().zip(&members[..=at]) {
        match &design.columns[other as usize].entries {
            Entries::Indicator { value, .. } => *sum *= value,
            Entries::Dense(values) => *sum = dot_sparse(rows, weighted, values),
            Entries::Sparse { .. } | Entries::Constant => {}
        }
    }
}
