//! Why a row got its prediction: exact Shapley values along the paths of the trees.
//!
//! Lundberg, Erion, Lee 2018, "Consistent individualized feature attribution for tree ensembles", arXiv:1802.03888,
//! algorithm 2. A predictor that is held back takes both branches, in proportion to the training weight that did.

use bedside_table::{RowSet, Table, TableError};

use super::fitted::FittedTrees;
use super::parts::TreeParts;
use super::reader::Reader;

/// What each predictor added to the linear predictor of each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Contributions {
    /// The linear predictor of a row of which nothing is known: the mean over the training weight.
    pub base: f64,
    /// The predictors.
    pub predictors: Vec<String>,
    values: Vec<f64>,
}

impl Contributions {
    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.predictors.len().max(1)
    }

    /// What each predictor added in one row. With [`Contributions::base`] they sum to the linear predictor.
    ///
    /// # Panics
    /// If `row` is past the end.
    #[must_use]
    pub fn row(&self, row: usize) -> &[f64] {
        let width = self.predictors.len();
        &self.values[row * width..(row + 1) * width]
    }
}

impl FittedTrees {
    /// Shapley values on the scale of the linear predictor (see [`FittedTrees::raw`]).
    ///
    /// # Errors
    /// As [`FittedTrees::raw`].
    pub fn contributions<R: RowSet>(&self, x: &Table<R>) -> Result<Contributions, TableError> {
        let reader = Reader::new(&self.parts.predictors, x)?;
        let expected: Vec<f64> =
            self.parts.first_node.iter().map(|&root| self.mean_below(root as usize)).collect();
        let base = expected.iter().fold(self.parts.base, |sum, mean| sum + mean);
        let width = self.parts.predictors.len();
        let values = reader.map(|known, rows| {
            let mut values = vec![0.0; rows * width];
            for row in (0..rows).map(|row| row * width..(row + 1) * width) {
                let walk = Walk { trees: self, row: &known[row.clone()] };
                let first = Step { predictor: NONE, zero: 1.0, one: 1.0 };
                for &root in &self.parts.first_node {
                    walk.visit(root as usize, &Path::default(), first, &mut values[row.clone()]);
                }
            }
            values
        });
        let predictors = self.parts.predictors.iter().map(|p| p.name.clone()).collect();
        Ok(Contributions { base, predictors, values })
    }

    /// The mean leaf value below a node, by training weight.
    fn mean_below(&self, node: usize) -> f64 {
        let parts = &self.parts;
        if parts.predictor[node] == TreeParts::LEAF {
            return parts.value[node];
        }
        let of = |child: usize| parts.cover[child] / parts.cover[node] * self.mean_below(child);
        of(parts.left[node] as usize) + of(parts.right[node] as usize)
    }
}

/// No predictor: the root's own step.
const NONE: u32 = u32::MAX;

/// One predictor on the way to a node.
#[derive(Debug, Clone, Copy)]
struct Step {
    predictor: u32,
    /// The share of paths that come this way when the predictor is held back.
    zero: f64,
    /// 1 when the row comes this way by the predictor's value, 0 when not.
    one: f64,
}

/// The predictors on the way to a node, each once, and for each size the summed weight of the subsets of them that the
/// row passes with.
#[derive(Debug, Clone, Default)]
struct Path {
    steps: Vec<Step>,
    weights: Vec<f64>,
}

impl Path {
    /// Lets one more predictor take part.
    fn extend(&mut self, step: Step) {
        let before = self.steps.len();
        let size = (before + 1) as f64;
        self.steps.push(step);
        self.weights.push(if before == 0 { 1.0 } else { 0.0 });
        for i in (0..before).rev() {
            let weight = self.weights[i];
            self.weights[i + 1] += step.one * weight * (i + 1) as f64 / size;
            self.weights[i] = step.zero * weight * (before - i) as f64 / size;
        }
    }

    /// The weights without one of the predictors: undoes [`Path::extend`], whatever came after it.
    fn weights_without(&self, place: usize) -> impl Iterator<Item = f64> + '_ {
        let Step { zero, one, .. } = self.steps[place];
        let last = self.steps.len() - 1;
        let size = self.steps.len() as f64;
        let mut carried = self.weights[last];
        (0..last).rev().map(move |i| {
            if one == 0.0 {
                return self.weights[i] * size / (zero * (last - i) as f64);
            }
            let weight = carried * size / ((i + 1) as f64 * one);
            carried = self.weights[i] - weight * zero * (last - i) as f64 / size;
            weight
        })
    }

    /// Takes one of the predictors out.
    fn remove(&mut self, place: usize) -> Step {
        let mut weights: Vec<f64> = self.weights_without(place).collect();
        weights.reverse();
        self.weights = weights;
        self.steps.remove(place)
    }
}

struct Walk<'a> {
    trees: &'a FittedTrees,
    row: &'a [f64],
}

impl Walk<'_> {
    fn visit(&self, node: usize, before: &Path, step: Step, values: &mut [f64]) {
        let parts = &self.trees.parts;
        let mut path = before.clone();
        path.extend(step);
        let predictor = parts.predictor[node];
        if predictor == TreeParts::LEAF {
            for place in 1..path.steps.len() {
                let Step { predictor, zero, one } = path.steps[place];
                let weight: f64 = path.weights_without(place).sum();
                values[predictor as usize] += weight * (one - zero) * parts.value[node];
            }
            return;
        }
        let left = self.trees.nodes[node].goes_left(self.row[predictor as usize], &parts.level_words);
        let (left_child, right_child) = (parts.left[node] as usize, parts.right[node] as usize);
        let (hot, cold) = if left { (left_child, right_child) } else { (right_child, left_child) };
        // A predictor that was asked before stays one player.
        let known = path.steps.iter().position(|s| s.predictor == predictor);
        let (zero, one) = known.map_or((1.0, 1.0), |place| {
            let step = path.remove(place);
            (step.zero, step.one)
        });
        let share = |child: usize| zero * parts.cover[child] / parts.cover[node];
        self.visit(hot, &path, Step { predictor, zero: share(hot), one }, values);
        self.visit(cold, &path, Step { predictor, zero: share(cold), one: 0.0 }, values);
    }
}
