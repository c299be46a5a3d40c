//! What a model looks like from outside.

use std::fmt;

use super::fitted::FittedTrees;
use super::parts::TreeParts;

/// How much a model relies on one predictor, as far as its own training shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Importance {
    /// The predictor.
    pub predictor: String,
    /// Summed gains of its splits, as a share of all gains.
    pub gain: f64,
    /// How many splits it has.
    pub splits: usize,
}

/// The size of a model and what it relies on. Its `Display` is for people.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// How many trees.
    pub trees: usize,
    /// How many leaves on average.
    pub mean_leaves: f64,
    /// The longest way from a root to a leaf, in splits.
    pub depth: usize,
    /// The linear predictor before the first tree.
    pub base: f64,
    /// All predictors, those with the highest gain first. Gains are found on training rows and favour predictors with many
    /// values: they describe the model, not the disease.
    pub importance: Vec<Importance>,
}

impl FittedTrees {
    /// The model's size and what it relies on.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let parts = &self.parts;
        let mut importance: Vec<Importance> = parts
            .predictors
            .iter()
            .map(|p| Importance { predictor: p.name.clone(), gain: 0.0, splits: 0 })
            .collect();
        let mut depths = vec![0usize; parts.predictor.len()];
        for node in 0..parts.predictor.len() {
            if parts.predictor[node] == TreeParts::LEAF {
                continue;
            }
            let entry = &mut importance[parts.predictor[node] as usize];
            entry.gain += parts.gain[node];
            entry.splits += 1;
            for child in [parts.left[node], parts.right[node]] {
                depths[child as usize] = depths[node] + 1;
            }
        }
        let whole: f64 = importance.iter().map(|i| i.gain).sum();
        if whole > 0.0 {
            importance.iter_mut().for_each(|i| i.gain /= whole);
        }
        importance.sort_by(|a, b| b.gain.total_cmp(&a.gain).then_with(|| a.predictor.cmp(&b.predictor)));
        let trees = self.trees();
        let leaves = parts.predictor.iter().filter(|&&p| p == TreeParts::LEAF).count();
        Summary {
            trees,
            mean_leaves: leaves as f64 / trees.max(1) as f64,
            depth: depths.into_iter().max().unwrap_or(0),
            base: parts.base,
            importance,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} trees, {:.1} leaves on average, depth at most {}, base {:.6}",
            self.trees, self.mean_leaves, self.depth, self.base
        )?;
        let width = self.importance.iter().map(|i| i.predictor.chars().count()).max().unwrap_or(0);
        for Importance { predictor, gain, splits } in self.importance.iter().filter(|i| i.splits > 0) {
            writeln!(f, "{predictor:width$}  {:5.1} % of gain  {splits:6} splits", 100.0 * gain)?;
        }
        Ok(())
    }
}
