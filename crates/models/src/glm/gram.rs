//! Curvature-weighted products of columns: the second derivatives that a Newton step needs.

use rayon::prelude::*;

use super::column::dot;
use super::design::Design;
use super::free::{Crossing, Free};
use super::products::{all_products, products_of};

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
        let (curvature, stride) = (&self.curvature, self.stride);
        if old == 0 && members.is_sorted() {
            all_products(design, curvature, members, place, stride, &mut self.products);
            self.products[..count * stride].par_chunks_mut(stride).enumerate().for_each(|(at, row)| {
                row[..=at].iter_mut().enumerate().for_each(|(other, to)| *to -= crossing.shared(at, other));
            });
        } else {
            let scratch = || (vec![0.0; count + 1], Vec::new());
            self.products[old * stride..count * stride].par_chunks_mut(stride).enumerate().for_each_init(
                scratch,
                |(sums, weighted), (new, row)| {
                    let at = old + new;
                    products_of(design, curvature, members, place, at, sums, weighted);
                    for (other, (to, sum)) in row.iter_mut().zip(&sums[..=at]).enumerate() {
                        *to = sum - crossing.shared(at, other);
                    }
                },
            );
        }
        for at in old..count {
            for other in 0..at {
                self.products[other * self.stride + at] = self.products[at * self.stride + other];
            }
        }
    }

    /// Corrects the products along a step, from the change of the gradient that it was seen to make (Broyden, Fletcher,
    /// Goldfarb, Shanno; Nocedal, Wright 2006, Numerical Optimization, equation 6.19). `expected` is the change that the
    /// products foretold.
    pub(super) fn learn(&mut self, steps: &[f64], expected: &[f64], seen: &[f64]) {
        let (foretold, found) = (dot(steps, expected), dot(steps, seen));
        // Far from what was foretold it is no correction but rounding, or a step too long to learn from.
        if !(foretold > 0.0 && (0.2 * foretold..=5.0 * foretold).contains(&found)) {
            return;
        }
        let (count, stride) = (self.members.len(), self.stride);
        self.products.chunks_exact_mut(stride).take(count).zip(seen.iter().zip(expected)).for_each(
            |(row, (own_seen, own_expected))| {
                let (gain, loss) = (own_seen / found, own_expected / foretold);
                let others = seen.iter().zip(expected);
                row.iter_mut()
                    .zip(others)
                    .for_each(|(to, (seen, expected))| *to += gain * seen - loss * expected);
            },
        );
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

#[cfg(test)]
impl Gram {
    /// All columns members, with these products.
    pub(super) fn of<const N: usize>(products: &[[f64; N]; N]) -> Self {
        Self {
            members: (0..N as u32).collect(),
            place: (0..N as u32).collect(),
            stride: N,
            products: products.concat(),
            crossing: Crossing::default(),
            curvature: Vec::new(),
        }
    }
}
