//! Where the solver stands: coefficients, and everything that follows from them.

use super::family::Sums;
use super::gap::{Gap, RowPart, Term, gap};
use super::problem::Problem;

/// Coefficients and their linear predictors.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) intercept: f64,
    pub(super) beta: Vec<f64>,
    pub(super) linear: Vec<f64>,
}

/// A step of all coefficients and what it does to the linear predictors.
#[derive(Debug)]
pub(super) struct Direction {
    pub(super) intercept: f64,
    pub(super) moves: Vec<(u32, f64)>,
    pub(super) linear: Vec<f64>,
}

impl Place {
    /// Makes a share of a step.
    pub(super) fn move_by(&mut self, share: f64, direction: &Direction) {
        self.intercept += share * direction.intercept;
        for &(column, step) in &direction.moves {
            self.beta[column as usize] += share * step;
        }
        self.linear.iter_mut().zip(&direction.linear).for_each(|(to, by)| *to += share * by);
    }

    /// The objective at λ.
    pub(super) fn objective(&self, problem: &Problem<'_>, lambda: f64) -> f64 {
        let of = |&column: &u32| {
            let (j, beta) = (column as usize, self.beta[column as usize]);
            lambda * (problem.l1[j] * beta.abs() + 0.5 * problem.l2[j] * beta * beta)
        };
        let penalty: f64 = problem.penalised.iter().map(of).sum();
        problem.family.loss(&problem.rows, &self.linear) + penalty
    }
}

/// A place with the residuals, curvatures and gradients there.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) place: Place,
    pub(super) curvature: Vec<f64>,
    /// Residuals, the best step of the free columns taken off.
    residual: Vec<f64>,
    /// That step, intercept first.
    pub(super) free_step: Vec<f64>,
    /// x'r of each column; up to date for those last asked for.
    pub(super) gradient: Vec<f64>,
    rows: RowPart,
}

/// Newton steps for the free columns alone, at most.
const FREE_STEPS: usize = 100;

impl Point {
    /// The model without predictors; nothing follows from it yet.
    pub(super) fn null(problem: &Problem<'_>) -> Self {
        let (n, p) = (problem.design.rows, problem.design.columns.len());
        Self {
            place: Place {
                intercept: problem.null_linear,
                beta: vec![0.0; p],
                linear: vec![problem.null_linear; n],
            },
            curvature: vec![0.0; n],
            residual: vec![0.0; n],
            free_step: vec![0.0; problem.free.size()],
            gradient: vec![0.0; p],
            rows: RowPart { share: 1.0, distance: 0.0, first: 0.0, second: 0.0, inside: false },
        }
    }

    /// Brings residuals and the gradients of the `listed` columns up to date. The free columns are moved until what they
    /// leave adds at most `slack` to the gap.
    pub(super) fn update(&mut self, problem: &Problem<'_>, listed: &[u32], slack: f64) {
        let mut arrived = false;
        for _ in 0..FREE_STEPS {
            let sums = problem.family.rows(
                &problem.rows,
                &self.place.linear,
                &mut self.residual,
                &mut self.curvature,
            );
            let moved = self.find_free_step(problem, sums);
            if self.rows.inside && self.rows.second <= slack {
                self.take_off(moved.as_deref());
                arrived = true;
                break;
            }
            self.move_free(problem, moved.as_deref());
        }
        // Without that the residuals are no dual point.
        self.rows.inside &= arrived;
        self.extend_gradient(problem, listed);
    }

    /// Gradients of further columns at the same residuals.
    pub(super) fn extend_gradient(&mut self, problem: &Problem<'_>, listed: &[u32]) {
        problem.design.gradient(listed, &self.residual, &mut self.gradient);
    }

    /// The Newton step of the free columns; gives its linear predictor (without the intercept's part).
    fn find_free_step(&mut self, problem: &Problem<'_>, sums: Sums) -> Option<Vec<f64>> {
        let (design, free) = (&problem.design, &problem.free);
        let slopes = free.dots(design, &self.residual, sums.residual);
        self.free_step.clone_from(&slopes);
        free.factor(design, &self.curvature, sums.curvature).solve(&mut self.free_step);
        let second: f64 = slopes.iter().zip(&self.free_step).map(|(slope, step)| slope * step).sum();
        let linear = free.linear(design, &self.free_step);
        let farthest = farthest(self.free_step[0], linear.as_deref());
        self.rows = RowPart {
            share: problem.family.share(),
            distance: sums.distance,
            first: second,
            second,
            inside: problem.family == super::Family::Gaussian || farthest <= 1.0,
        };
        linear
    }

    /// Takes the step off the residuals, to first order.
    fn take_off(&mut self, linear: Option<&[f64]>) {
        let constant = self.free_step[0];
        match linear {
            None => {
                self.residual.iter_mut().zip(&self.curvature).for_each(|(r, d)| *r -= d * constant);
            }
            Some(linear) => self
                .residual
                .iter_mut()
                .zip(&self.curvature)
                .zip(linear)
                .for_each(|((r, d), by)| *r -= d * (constant + by)),
        }
    }

    /// Makes the step, shortened so that no linear predictor moves by more than 1: then it always descends, because over
    /// such a distance the logistic curvature changes by a factor of e at most (Bach 2010, doi 10.1214/09-EJS521).
    fn move_free(&mut self, problem: &Problem<'_>, linear: Option<&[f64]>) {
        let farthest = farthest(self.free_step[0], linear);
        let share = if self.rows.inside || farthest <= 1.0 { 1.0 } else { 1.0 / farthest };
        let constant = share * self.free_step[0];
        self.place.intercept += constant;
        for (&column, step) in problem.free.columns.iter().zip(&self.free_step[1..]) {
            self.place.beta[column as usize] += share * step;
        }
        match linear {
            None => self.place.linear.iter_mut().for_each(|to| *to += constant),
            Some(linear) => {
                let steps = self.place.linear.iter_mut().zip(linear);
                steps.for_each(|(to, by)| *to += constant + share * by);
            }
        }
        self.free_step.fill(0.0);
    }

    /// The duality gap at λ over some columns, which must include all whose coefficient is not 0.
    pub(super) fn gap(&self, problem: &Problem<'_>, lambda: f64, listed: &[u32]) -> Gap {
        let term = |&column: &u32| {
            let j = column as usize;
            Term {
                beta: self.place.beta[j],
                gradient: self.gradient[j],
                l1: lambda * problem.l1[j],
                l2: lambda * problem.l2[j],
            }
        };
        gap(self.rows, &listed.iter().map(term))
    }
}

/// How far the linear predictor moves at most.
fn farthest(constant: f64, linear: Option<&[f64]>) -> f64 {
    match linear {
        None => constant.abs(),
        Some(linear) => linear.iter().fold(0.0, |top, by| top.max((constant + by).abs())),
    }
}
