//! Proximal Newton steps on a working set, along decreasing λ.
//!
//! Each step minimises the penalised quadratic model of the loss over the working set by coordinate descent on its Gram
//! matrix (Lee, Sun, Saunders 2014, doi 10.1137/130921428), which costs no pass over the rows. The matrix is taken at an
//! earlier point while steps from there still converge fast: along a path of λ the curvatures change slowly, so most
//! steps cost one pass over the rows. The working set comes from the strong rule (Tibshirani et al. 2012,
//! doi 10.1111/j.1467-9868.2011.01004.x); what it leaves out is checked against all columns before a point is accepted,
//! and the point is accepted by its duality gap over all columns.

use std::sync::Arc;

use bedside_table::Certificate;

use super::descent::{Goal, Local, descend};
use super::gap::Gap;
use super::gram::Gram;
use super::point::{Direction, Place, Point};
use super::problem::Problem;
use crate::ModelError;

/// Solves one problem at one λ after another.
#[derive(Debug)]
pub(super) struct Newton<'a> {
    problem: Arc<Problem<'a>>,
    pub(super) point: Point,
    gram: Gram,
    /// Whether the Gram matrix has been seen to converge slowly.
    stale: bool,
    /// Whether the Gram matrix was taken here.
    fresh: bool,
    /// λ of the last solution.
    last: f64,
    tolerance: f64,
    max_passes: u32,
}

/// A step that leaves more than this share of the gap asks for fresh curvatures.
const SLOW: f64 = 0.3;
/// The share of what the slope promises that a step must fall by (Nocedal, Wright 2006, Numerical Optimization, section 3.1).
const ENOUGH: f64 = 1e-4;
/// What adding up a million rows may make of an objective, as a share of it.
const ROUNDING: f64 = 1e-10;
/// Sweeps of coordinate descent within one step, at most.
const SWEEPS: usize = 2_000;
/// What all steps of the free columns together may leave, as a share of the gap that is allowed.
const SLACK: f64 = 0.05;
/// λ falls by at most this factor at once.
const LONG: f64 = 2.5;
/// Relative duality gap between stations.
const ROUGH: f64 = 1e-3;

impl<'a> Newton<'a> {
    /// Starts at the largest λ, where only unpenalised columns are in the model.
    pub(super) fn new(problem: Problem<'a>, tolerance: f64, max_passes: u32) -> Result<Self, ModelError> {
        let shared = Arc::new(problem);
        let problem = &*shared;
        let mut point = Point::null(problem);
        let target = tolerance * problem.null_loss;
        point.update(problem, &problem.penalised, SLACK * target);
        let columns = problem.design.columns.len();
        let gram = Gram::new(columns, &problem.free, &problem.design, point.curvature.clone());
        let mut newton = Self {
            problem: Arc::clone(&shared),
            point,
            gram,
            stale: false,
            fresh: false,
            last: f64::INFINITY,
            tolerance,
            max_passes,
        };
        newton.last = newton.largest();
        // With a penalty beyond measure only what the free columns leave remains of the gap.
        let gap = newton.point.gap(problem, f64::MAX.sqrt(), &problem.penalised).value;
        if gap <= target {
            return Ok(newton);
        }
        Err(ModelError::NotConverged(newton.certificate(newton.last, gap, max_passes)))
    }

    /// What is solved.
    pub(super) fn problem(&self) -> &Problem<'a> {
        &self.problem
    }

    /// The smallest λ at which every penalised coefficient is 0.
    pub(super) fn largest(&self) -> f64 {
        self.problem.largest(&self.point.gradient)
    }

    /// Continues from given coefficients on the original scale, as if they solved the problem at λ; from none, where those do worse.
    pub(super) fn start_from(&mut self, lambda: f64, intercept: f64, slopes: &[f64]) {
        let problem = &*Arc::clone(&self.problem);
        let (intercept, beta) = problem.inner(intercept, slopes);
        let mut linear = vec![intercept; problem.design.rows];
        for (column, &beta) in problem.design.columns.iter().zip(&beta) {
            if beta != 0.0 {
                column.add_to(beta, &mut linear);
            }
        }
        let start = Place { intercept, beta, linear };
        // Coefficients of other rows may fit these worse than none would.
        if start.objective(problem, lambda) < self.point.place.objective(problem, lambda) {
            self.point.place = start;
        }
        self.point.update(problem, &problem.penalised, SLACK * self.tolerance * problem.null_loss);
        self.stale = true;
        self.last = lambda;
    }

    /// Intercept and coefficients on the original scale.
    pub(super) fn solution(&self) -> (f64, Vec<(u32, f64)>) {
        self.problem.original(self.point.place.intercept, &self.point.place.beta)
    }

    /// Share of the deviance of the model without predictors.
    pub(super) fn deviance_explained(&self) -> f64 {
        1.0 - self.problem.family.loss(&self.problem.rows, &self.point.place.linear) / self.problem.null_loss
    }

    fn certificate(&self, lambda: f64, gap: f64, passes: u32) -> Certificate {
        Certificate {
            criterion: format!("relative duality gap at penalty {:.6e}", lambda * self.problem.spread),
            iterations: u64::from(passes),
            gap: gap / self.problem.null_loss,
            tolerance: self.tolerance,
        }
    }

    /// Moves to the solution at a smaller λ; a long way is divided, and solved roughly where nobody will look.
    pub(super) fn solve(&mut self, lambda: f64) -> Result<Certificate, ModelError> {
        let tolerance = self.tolerance;
        while self.last > LONG * lambda {
            self.tolerance = tolerance.max(ROUGH);
            let between = self.solve_near(self.last / 2.0);
            self.tolerance = tolerance;
            between?;
        }
        self.solve_near(lambda)
    }

    fn solve_near(&mut self, lambda: f64) -> Result<Certificate, ModelError> {
        let problem = &*Arc::clone(&self.problem);
        let target = self.tolerance * problem.null_loss;
        self.admit(lambda, 2.0 * lambda - self.last);
        let mut full = true;
        let mut passes = 1;
        let mut gap = self.point.gap(problem, lambda, &problem.penalised);
        let mut smallest = gap.value;
        loop {
            if gap.value <= target {
                if full {
                    self.last = lambda;
                    return Ok(self.certificate(lambda, gap.value, passes));
                }
                self.point.extend_gradient(problem, &problem.penalised);
                full = true;
                gap = self.point.gap(problem, lambda, &problem.penalised);
                smallest = gap.value;
                self.admit(lambda, lambda);
                continue;
            }
            if passes >= self.max_passes {
                return Err(ModelError::NotConverged(self.certificate(lambda, gap.value, passes)));
            }
            if self.stale && problem.family == super::Family::Binomial {
                self.refresh(lambda);
            }
            let before = gap.value;
            let lasso = (0.2 * target / gap.l1_norm).max(0.02 * (gap.worst - 1.0)).min(1e-2);
            let goal = Goal {
                // With an L2 part gradients exceed the L1 penalty at the solution too.
                worst: if problem.l1_ratio < 1.0 { f64::NEG_INFINITY } else { lasso },
                excess: (1e-3 * target).max(1e-5 * before),
            };
            let slack = SLACK * target.max(0.01 * before);
            let Some(next) = self.step(lambda, goal, slack, smallest) else {
                if !self.fresh {
                    // Only the true curvatures can say that nothing descends.
                    self.refresh(lambda);
                    continue;
                }
                return Err(ModelError::NotConverged(self.certificate(lambda, gap.value, passes)));
            };
            gap = next;
            smallest = smallest.min(gap.value);
            full = false;
            passes += 1;
            self.fresh = false;
            self.stale = gap.value.is_nan() || gap.value > SLOW * before;
        }
    }

    /// Takes into the working set what has a coefficient or a gradient above its L1 penalty at `threshold`.
    fn admit(&mut self, lambda: f64, threshold: f64) {
        let problem = &*Arc::clone(&self.problem);
        let wanted: Vec<u32> = problem
            .penalised
            .iter()
            .copied()
            .filter(|&column| {
                let j = column as usize;
                !self.gram.has(column)
                    && (self.point.place.beta[j] != 0.0
                        || self.point.gradient[j].abs() >= threshold.min(lambda) * problem.l1[j])
            })
            .collect();
        self.gram.add(&problem.design, &problem.free, &wanted);
    }

    /// Takes the Gram matrix anew at the current curvatures, for the columns that matter now.
    fn refresh(&mut self, lambda: f64) {
        let problem = &*Arc::clone(&self.problem);
        let mut members: Vec<u32> = self
            .gram
            .members()
            .iter()
            .copied()
            .filter(|&column| {
                let j = column as usize;
                self.point.place.beta[j] != 0.0
                    || self.point.gradient[j].abs() >= 0.8 * lambda * problem.l1[j]
            })
            .collect();
        members.sort_unstable();
        let columns = problem.design.columns.len();
        self.gram = Gram::new(columns, &problem.free, &problem.design, self.point.curvature.clone());
        self.gram.add(&problem.design, &problem.free, &members);
        (self.stale, self.fresh) = (false, true);
    }

    /// One step; gives the gap over the working set, or nothing when no step in this direction descends.
    ///
    /// A step that takes most of the gap away is a good one, and that costs nothing to know. Any other must lower the
    /// objective by a share of what the slope at the start promises (Armijo), or not raise it while the gap falls: a gap
    /// that only falls a little proves nothing, because far from the solution it may fall while the objective rises.
    /// `smallest` is the smallest gap on the way, so that steps cannot go round in a circle.
    fn step(&mut self, lambda: f64, goal: Goal, slack: f64, smallest: f64) -> Option<Gap> {
        let problem = &*Arc::clone(&self.problem);
        let members = self.gram.members().to_vec();
        let Plan { direction, steps, expected, promised } = self.plan(lambda, goal, &members);
        let of = |values: &[f64]| members.iter().map(|&j| values[j as usize]).collect::<Vec<f64>>();
        let gradient = of(&self.point.gradient);
        let start = self.point.place.clone();
        let mut reference = None;
        let mut share = 1.0;
        while share > 1e-9 {
            self.point.place.move_by(share, &direction);
            self.point.update(problem, &members, slack);
            let gap = self.point.gap(problem, lambda, &members);
            let good = gap.value < SLOW * smallest || {
                let before = *reference.get_or_insert_with(|| start.objective(problem, lambda));
                let fallen = before - self.point.place.objective(problem, lambda);
                fallen > ENOUGH * share * promised || gap.value < smallest && fallen >= -ROUNDING * before
            };
            if good {
                if share == 1.0 && problem.family == super::Family::Binomial {
                    let now = of(&self.point.gradient);
                    let seen: Vec<f64> = gradient.iter().zip(now).map(|(before, now)| before - now).collect();
                    self.gram.learn(&steps, &expected, &seen);
                }
                return Some(gap);
            }
            self.point.place.clone_from(&start);
            share *= 0.5;
        }
        self.point.update(problem, &members, slack);
        None
    }

    /// From here to the minimum of the quadratic model over the working set.
    fn plan(&self, lambda: f64, goal: Goal, members: &[u32]) -> Plan {
        let problem = &*self.problem;
        let of = |values: &[f64]| members.iter().map(|&j| values[j as usize]).collect::<Vec<f64>>();
        let start = of(&self.point.place.beta);
        let mut local = Local {
            beta: start.clone(),
            slope: of(&self.point.gradient),
            l1: members.iter().map(|&j| lambda * problem.l1[j as usize]).collect(),
            l2: members.iter().map(|&j| lambda * problem.l2[j as usize]).collect(),
        };
        descend(&self.gram, &mut local, goal, SWEEPS);
        let steps: Vec<f64> = local.beta.iter().zip(&start).map(|(new, old)| new - old).collect();
        let mut free = self.gram.free_steps(&steps);
        free.iter_mut().zip(&self.point.free_step).for_each(|(step, own)| *step += own);
        let expected = self.point_gradient_minus(members, &local.slope);
        let penalty = |at: usize, beta: f64| local.l1[at] * beta.abs() + 0.5 * local.l2[at] * beta * beta;
        let fall = |at: usize| {
            let gained = self.point.gradient[members[at] as usize] * steps[at];
            gained - (penalty(at, local.beta[at]) - penalty(at, start[at]))
        };
        let promised = (0..members.len()).map(fall).sum::<f64>().max(0.0);
        let of_members = members.iter().copied().zip(steps.iter().copied());
        let of_free = problem.free.columns.iter().copied().zip(free[1..].iter().copied());
        let moves: Vec<(u32, f64)> = of_members.chain(of_free).filter(|(_, step)| *step != 0.0).collect();
        let mut linear = vec![free[0]; problem.design.rows];
        for &(column, step) in &moves {
            problem.design.columns[column as usize].add_to(step, &mut linear);
        }
        Plan { direction: Direction { intercept: free[0], moves, linear }, steps, expected, promised }
    }

    fn point_gradient_minus(&self, members: &[u32], slope: &[f64]) -> Vec<f64> {
        members.iter().zip(slope).map(|(&j, slope)| self.point.gradient[j as usize] - slope).collect()
    }
}

/// A step and what it was made of.
struct Plan {
    direction: Direction,
    /// Steps of the members.
    steps: Vec<f64>,
    /// By how much the quadratic model says that the gradients fall.
    expected: Vec<f64>,
    /// By how much the objective would fall if the loss were a plane.
    promised: f64,
}
