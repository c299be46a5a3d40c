//! The minimum of the quadratic model where no coefficient changes sign.
//!
//! Once it is settled which coefficients are 0 and which sign the others have, the L1 penalty is linear and the model
//! smooth. Conjugate gradients then arrive in far fewer passes over the Gram matrix than one coordinate at a time
//! when columns are nearly dependent (Nocedal, Wright 2006, Numerical Optimization, algorithm 5.3; Jacobi
//! preconditioner).

use super::column::dot;
use super::descent::Local;
use super::gram::Gram;

/// Products with the Gram matrix in one descent, at most.
const PRODUCTS: usize = 40;
/// The share of the first residual at which the descent ends.
const ENOUGH: f64 = 1e-3;
/// Halvings of a step that leaves the face, at most.
const HALVINGS: u32 = 4;

/// Moves the coefficients at `places`, none of them 0, towards their joint minimum; one that would change its sign stops at 0.
/// Gives whether the model fell; nothing changes when it did not.
pub(super) fn descend(gram: &Gram, local: &mut Local, places: &[u32]) -> bool {
    let pick = |values: &[f64]| places.iter().map(|&at| values[at as usize]).collect::<Vec<f64>>();
    let (start, l1, l2) = (pick(&local.beta), pick(&local.l1), pick(&local.l2));
    let bend: Vec<f64> =
        places.iter().zip(&l2).map(|(&at, l2)| gram.row(at as usize)[at as usize] + l2).collect();
    // Minus the derivative of the model on the face.
    let pull: Vec<f64> = (pick(&local.slope).iter().zip(&start).zip(&l1).zip(&l2))
        .map(|(((slope, beta), l1), l2)| slope - l1.copysign(*beta) - l2 * beta)
        .collect();
    let way = conjugate(gram, places, &pull, &bend, &l2);

    let mut share = 1.0;
    for _ in 0..HALVINGS {
        let within = |(beta, way): (&f64, &f64)| {
            let new = beta + share * way;
            if new * beta > 0.0 { new - beta } else { -beta }
        };
        let steps: Vec<f64> = start.iter().zip(&way).map(within).collect();
        let mut fall = vec![0.0; gram.members().len()];
        add_products(gram, places, &steps, &mut fall);
        let bent: f64 =
            (pick(&fall).iter().zip(&steps).zip(&l2)).map(|((fall, s), l2)| s * (fall + l2 * s)).sum();
        if 0.5 * bent < dot(&pull, &steps) {
            places.iter().zip(&steps).for_each(|(&at, step)| local.beta[at as usize] += step);
            local.slope.iter_mut().zip(&fall).for_each(|(slope, fall)| *slope -= fall);
            return true;
        }
        share *= 0.5;
    }
    false
}

/// Solves (products + l2) way = pull, roughly.
fn conjugate(gram: &Gram, places: &[u32], pull: &[f64], bend: &[f64], l2: &[f64]) -> Vec<f64> {
    let mut way = vec![0.0; pull.len()];
    let mut residual = pull.to_vec();
    let scaled = |residual: &[f64]| residual.iter().zip(bend).map(|(r, b)| r / b).collect::<Vec<f64>>();
    let mut along = scaled(&residual);
    let mut size = dot(&residual, &along);
    let enough = size * ENOUGH * ENOUGH;
    let mut all = vec![0.0; gram.members().len()];
    for _ in 0..PRODUCTS {
        if size.is_nan() || size <= enough {
            break;
        }
        all.fill(0.0);
        add_products(gram, places, &along, &mut all);
        let product: Vec<f64> =
            (places.iter().zip(&along).zip(l2)).map(|((&at, a), l2)| all[at as usize] + l2 * a).collect();
        let bends = dot(&along, &product);
        // Columns that depend on one another leave directions that do not bend.
        if bends.is_nan() || bends <= f64::MIN_POSITIVE {
            break;
        }
        let length = size / bends;
        way.iter_mut().zip(&along).for_each(|(way, a)| *way += length * a);
        residual.iter_mut().zip(&product).for_each(|(r, p)| *r -= length * p);
        let next = scaled(&residual);
        let now = dot(&residual, &next);
        let keep = now / size;
        along.iter_mut().zip(&next).for_each(|(along, next)| *along = next + keep * *along);
        size = now;
    }
    way
}

fn add_products(gram: &Gram, places: &[u32], steps: &[f64], to: &mut [f64]) {
    for (&at, &step) in places.iter().zip(steps) {
        if step != 0.0 {
            to.iter_mut().zip(gram.row(at as usize)).for_each(|(to, product)| *to += step * product);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::glm::gram::Gram;

    /// Two columns that are nearly one: coordinates alone would need thousands of sweeps.
    #[test]
    fn nearly_dependent_columns_are_solved_at_once() {
        let gram = Gram::of(&[[1.0, 0.9999], [0.9999, 1.0]]);
        let (truth, l1) = ([3.0, 1.0], 1e-3);
        let slope = [truth[0] + 0.9999 * truth[1], 0.9999 * truth[0] + truth[1]].map(|s| s + l1);
        // From a point on the face.
        let beta = [2.0, 2.0];
        let slope = [slope[0] - beta[0] - 0.9999 * beta[1], slope[1] - 0.9999 * beta[0] - beta[1]];
        let mut local = Local { beta: beta.into(), slope: slope.into(), l1: vec![l1; 2], l2: vec![0.0; 2] };
        assert!(descend(&gram, &mut local, &[0, 1]));
        for (found, truth) in local.beta.iter().zip(truth) {
            assert!((found - truth).abs() < 1e-6, "{:?}", local.beta);
        }
        assert!(local.slope.iter().all(|slope| (slope - l1).abs() < 1e-9), "{:?}", local.slope);
    }

    #[test]
    fn a_sign_is_not_crossed() {
        let gram = Gram::of(&[[1.0, 0.0], [0.0, 1.0]]);
        // The minimum of the first is at −1, and it comes from the positive side.
        let mut local =
            Local { beta: vec![0.5, 0.5], slope: vec![-1.5, 0.5], l1: vec![0.0; 2], l2: vec![0.0; 2] };
        assert!(descend(&gram, &mut local, &[0, 1]));
        assert_eq!(local.beta[0], 0.0);
        assert!((local.beta[1] - 1.0).abs() < 1e-12);
        assert!((local.slope[0] + 1.0).abs() < 1e-12);
    }

    #[test]
    fn at_the_minimum_nothing_moves() {
        let gram = Gram::of(&[[1.0, 0.5], [0.5, 1.0]]);
        let mut local =
            Local { beta: vec![1.0, -1.0], slope: vec![0.1, -0.1], l1: vec![0.1; 2], l2: vec![0.0; 2] };
        assert!(!descend(&gram, &mut local, &[0, 1]));
        assert_eq!(local.beta, [1.0, -1.0]);
    }
}
