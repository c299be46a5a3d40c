//! The intercept and the unpenalised columns: always at their best values given the others.

use super::column::dot;
use super::design::Design;
use super::factor::Factor;

/// The intercept (first) and the columns that carry no penalty.
#[derive(Debug, Clone)]
pub(super) struct Free {
    pub(super) columns: Vec<u32>,
}

impl Free {
    /// The intercept counted in.
    pub(super) fn size(&self) -> usize {
        1 + self.columns.len()
    }

    /// Sums of products of each free column with `other`; `total` is the sum of `other`.
    pub(super) fn dots(&self, design: &Design<'_>, other: &[f64], total: f64) -> Vec<f64> {
        std::iter::once(total)
            .chain(self.columns.iter().map(|&column| design.columns[column as usize].dot(other)))
            .collect()
    }

    /// The linear predictor of steps of the free columns, without the intercept; `None` when there is only the intercept.
    pub(super) fn linear(&self, design: &Design<'_>, steps: &[f64]) -> Option<Vec<f64>> {
        if self.columns.is_empty() {
            return None;
        }
        let mut linear = vec![0.0; design.rows];
        for (&column, &step) in self.columns.iter().zip(&steps[1..]) {
            design.columns[column as usize].add_to(step, &mut linear);
        }
        Some(linear)
    }

    /// The factor of their curvature-weighted products.
    pub(super) fn factor(&self, design: &Design<'_>, curvature: &[f64], total: f64) -> Factor {
        let size = self.size();
        let mut products = vec![0.0; size * size];
        products[0] = total;
        for (i, &column) in self.columns.iter().enumerate() {
            let weighted = weighted(design, column, curvature);
            products[(i + 1) * size] = weighted.iter().sum();
            for (j, &other) in self.columns[..=i].iter().enumerate() {
                products[(i + 1) * size + j + 1] = design.columns[other as usize].dot(&weighted);
            }
        }
        Factor::new(size, products)
    }

    /// Ready to cross them with penalised columns at these curvatures.
    pub(super) fn crossing(&self, design: &Design<'_>, curvature: &[f64]) -> Crossing {
        let factor = self.factor(design, curvature, curvature.iter().sum());
        Crossing { size: self.size(), factor, crossed: Vec::new() }
    }
}

/// How penalised columns cross the free ones: for each, `L⁻¹ Z' D x`, where `L L' = Z' D Z`.
#[derive(Debug, Default)]
pub(super) struct Crossing {
    size: usize,
    factor: Factor,
    crossed: Vec<f64>,
}

impl Crossing {
    /// Takes in more columns.
    pub(super) fn add(&mut self, design: &Design<'_>, free: &Free, columns: &[u32], curvature: &[f64]) {
        for &column in columns {
            let own = &design.columns[column as usize];
            let from = self.crossed.len();
            if free.columns.is_empty() {
                self.crossed.push(own.dot(curvature));
            } else {
                let weighted = weighted(design, column, curvature);
                let total = weighted.iter().sum();
                self.crossed.extend(free.dots(design, &weighted, total));
            }
            self.factor.forward(&mut self.crossed[from..]);
        }
    }

    /// The part of two columns' product that the free columns take.
    pub(super) fn shared(&self, a: usize, b: usize) -> f64 {
        let of = |at: usize| &self.crossed[at * self.size..(at + 1) * self.size];
        if self.size == 1 { self.crossed[a] * self.crossed[b] } else { dot(of(a), of(b)) }
    }

    /// How the free columns follow steps of the columns taken in.
    pub(super) fn follow(&self, steps: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.size];
        for (crossed, &step) in self.crossed.chunks_exact(self.size).zip(steps) {
            if step != 0.0 {
                sum.iter_mut().zip(crossed).for_each(|(sum, crossed)| *sum -= step * crossed);
            }
        }
        self.factor.backward(&mut sum);
        sum
    }
}

/// The curvatures times a column.
fn weighted(design: &Design<'_>, column: u32, curvature: &[f64]) -> Vec<f64> {
    let mut weighted = vec![0.0; design.rows];
    design.columns[column as usize].each(|row, value| weighted[row] = curvature[row] * value);
    weighted
}
