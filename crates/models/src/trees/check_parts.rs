//! Whether arrays from outside are a model.

use std::collections::HashSet;

use super::parts::{PredictorKind, TreeParts};
use crate::ModelError;

fn broken<T>(what: &'static str, problem: impl Into<String>) -> Result<T, ModelError> {
    Err(ModelError::Parts { what, problem: problem.into() })
}

impl TreeParts {
    /// Whether the arrays describe trees: equal lengths, every node reached once and only by its parent, predictors and
    /// levels that exist, finite numbers.
    ///
    /// # Errors
    /// [`ModelError::Parts`] for the first array that does not.
    pub(super) fn check(&self) -> Result<(), ModelError> {
        self.check_lengths()?;
        self.check_predictors()?;
        let ends = self.first_node.iter().skip(1).map(|&node| node as usize).chain([self.predictor.len()]);
        let starts = self.first_node.iter().map(|&node| node as usize);
        let mut expected = 0;
        for (start, end) in starts.zip(ends) {
            if start != expected || end <= start || end > self.predictor.len() {
                return broken("first_node", format!("a tree begins at node {start} and ends at {end}"));
            }
            self.check_tree(start, end)?;
            expected = end;
        }
        if expected != self.predictor.len() {
            return broken("first_node", "there are nodes outside of every tree");
        }
        Ok(())
    }

    fn check_lengths(&self) -> Result<(), ModelError> {
        let nodes = self.predictor.len();
        let lengths = [
            ("threshold", self.threshold.len()),
            ("levels", self.levels.len()),
            ("missing_left", self.missing_left.len()),
            ("left", self.left.len()),
            ("right", self.right.len()),
            ("value", self.value.len()),
            ("gain", self.gain.len()),
            ("cover", self.cover.len()),
        ];
        for (what, found) in lengths {
            if found != nodes {
                return broken(what, format!("expected {nodes} entries, one a node, found {found}"));
            }
        }
        for (what, numbers) in [("threshold", &self.threshold), ("value", &self.value)] {
            if let Some(node) = numbers.iter().position(|number| !number.is_finite()) {
                return broken(what, format!("node {node}: expected a finite number"));
            }
        }
        for (what, numbers) in [("gain", &self.gain), ("cover", &self.cover)] {
            if let Some(node) = numbers.iter().position(|&number| !(0.0..f64::INFINITY).contains(&number)) {
                return broken(what, format!("node {node}: expected a finite number, at least 0"));
            }
        }
        if !self.base.is_finite() {
            return broken("base", "expected a finite number");
        }
        if let Some(node) = self.missing_left.iter().position(|&flag| flag > 1) {
            return broken("missing_left", format!("node {node}: expected 0 or 1"));
        }
        Ok(())
    }

    fn check_predictors(&self) -> Result<(), ModelError> {
        let mut names = HashSet::new();
        for predictor in &self.predictors {
            if !names.insert(&predictor.name) {
                return broken("predictors", format!("`{}` appears twice", predictor.name));
            }
            if let PredictorKind::Categorical(levels) = &predictor.kind
                && levels.iter().collect::<HashSet<_>>().len() < levels.len()
            {
                return broken("predictors", format!("`{}` has a level twice", predictor.name));
            }
        }
        Ok(())
    }

    /// Nodes `start..end` are one tree, parents first.
    fn check_tree(&self, start: usize, end: usize) -> Result<(), ModelError> {
        let mut reached = vec![false; end - start];
        reached[0] = true;
        for node in start..end {
            if !reached[node - start] {
                return broken("left, right", format!("node {node} has no parent before it"));
            }
            let predictor = self.predictor[node];
            if predictor == Self::LEAF {
                continue;
            }
            let Some(about) = self.predictors.get(predictor as usize) else {
                return broken("predictor", format!("node {node}: there is no predictor {predictor}"));
            };
            if let PredictorKind::Categorical(levels) = &about.kind {
                let last = self.levels[node] as usize + levels.len().div_ceil(64);
                if last > self.level_words.len() {
                    return broken("levels", format!("node {node}: its set ends past the last word"));
                }
            }
            // A split without training weight on one side could not be explained.
            let (left, right) = (self.left[node] as usize, self.right[node] as usize);
            for child in [left, right] {
                if child <= node || child >= end || std::mem::replace(&mut reached[child - start], true) {
                    return broken("left, right", format!("node {node}: {child} cannot be its child"));
                }
                if self.cover[child] <= 0.0 {
                    return broken("cover", format!("node {child}: expected a number above 0"));
                }
            }
            let sum = self.cover[left] + self.cover[right];
            if (sum - self.cover[node]).abs() > 1e-9 * sum {
                return broken("cover", format!("node {node}: expected the sum over its children"));
            }
        }
        Ok(())
    }
}
