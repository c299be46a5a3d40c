//! How far a fit is from the optimum: the duality gap.
//!
//! The residuals, drawn inwards until every column's gradient is feasible, are a point of the dual problem; its value lies
//! below the optimum, the objective above (Ndiaye, Fercoq, Gramfort, Salmon 2017, jmlr.org/papers/v18/16-577). With an L2
//! part every residual is feasible and nothing is drawn inwards.

use super::Family;

/// The penalty of each column: `lambda * f_j` for L1 and L2.
#[derive(Debug, Clone, Copy)]
pub(super) struct Penalty<'a> {
    /// `lambda * a`.
    pub(super) l1: f64,
    /// `lambda * (1 - a)`, divided by the outcome's deviation when it is a number.
    pub(super) l2: f64,
    /// Factors.
    pub(super) factors: &'a [f64],
}

impl Penalty<'_> {
    pub(super) fn of(&self, b: &[f64]) -> f64 {
        b.iter().zip(self.factors).map(|(b, f)| f * (self.l1 * b.abs() + 0.5 * self.l2 * b * b)).sum()
    }
}

/// What the gap is computed from.
#[derive(Debug)]
pub(super) struct Point<'a> {
    pub(super) family: Family,
    /// Row weights, summing to 1.
    pub(super) w: &'a [f64],
    pub(super) y: &'a [f64],
    pub(super) eta: &'a [f64],
    pub(super) intercept: f64,
    pub(super) b: &'a [f64],
    /// Gradient of every column: the sum of `w (y - mean) x`.
    pub(super) gradient: &'a [f64],
}

/// The objective and the duality gap. What keeps the dual point from being feasible for the intercept and for unpenalised
/// columns (their gradients are not exactly 0) is added to the gap.
pub(super) fn gap(point: &Point<'_>, penalty: Penalty<'_>) -> (f64, f64) {
    let Point { family, w, y, eta, intercept, b, gradient } = point;
    let (mut loss, mut sum) = (0.0, 0.0);
    for ((&w, &y), &eta) in w.iter().zip(*y).zip(*eta) {
        if w > 0.0 {
            loss += w * family.loss(eta, y);
            sum += w * (y - family.mean(eta));
        }
    }
    let primal = loss + penalty.of(b);
    let mut inwards = 1.0f64;
    let mut slack = (sum * intercept).abs();
    for ((&g, &f), &b) in gradient.iter().zip(penalty.factors).zip(*b) {
        if f <= 0.0 {
            slack += (g * b).abs();
        } else if penalty.l2 <= 0.0 && g.abs() > penalty.l1 * f {
            inwards = inwards.min(penalty.l1 * f / g.abs());
        }
    }
    let mut dual = 0.0;
    for ((&w, &y), &eta) in w.iter().zip(*y).zip(*eta) {
        if w > 0.0 {
            dual += w * family.dual(inwards * (y - family.mean(eta)), y);
        }
    }
    if penalty.l2 > 0.0 {
        for (&g, &f) in gradient.iter().zip(penalty.factors).filter(|(_, f)| **f > 0.0) {
            let beyond = (g.abs() - penalty.l1 * f).max(0.0);
            dual -= beyond * beyond / (2.0 * penalty.l2 * f);
        }
    }
    (primal, (primal - dual).max(0.0) + slack)
}
