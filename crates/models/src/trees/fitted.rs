//! Trees that were fitted, and what can be asked of them.

use bedside_table::{Certificate, Gaps, Predict, RowSet, Scores, Table, TableError};

use super::bins::{Binned, Kind};
use super::boost::Boosted;
use super::parts::{Predictor, PredictorKind, TreeParts};
use super::rank::{MISSING, Ranked, RankedColumn, Values};
use super::reader::Reader;
use super::settings::Loss;
use super::split::Split;
use crate::ModelError;

/// Boosted trees that were fitted. They keep no training rows.
///
/// Columns are matched by name and kind, levels by name. Columns that the model was not fitted on are ignored. Missing
/// values, and levels that did not occur in training, go the way that each split learned for missing values.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedTrees {
    pub(super) parts: TreeParts,
    pub(super) nodes: Vec<Node>,
}

/// A node as prediction reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Node {
    /// The threshold of a numeric split, the value of a leaf.
    pub(super) number: f64,
    pub(super) predictor: u32,
    /// The left and the right child.
    pub(super) children: [u32; 2],
    /// Where the level set begins, or [`Node::NUMERIC`].
    pub(super) levels: u32,
    pub(super) missing_left: bool,
}

impl Node {
    pub(super) const NUMERIC: u32 = u32::MAX;

    /// Whether a row with this value (a number, the place of a level, or NaN for neither) goes left.
    #[inline]
    pub(super) fn goes_left(&self, value: f64, words: &[u64]) -> bool {
        if self.levels == Self::NUMERIC {
            // No comparison with NaN holds. Without a branch, as no branch could be predicted.
            (value <= self.number) | (value.is_nan() & self.missing_left)
        } else if value.is_nan() {
            self.missing_left
        } else {
            let level = value as usize;
            words[self.levels as usize + level / 64] >> (level % 64) & 1 == 1
        }
    }
}

impl FittedTrees {
    /// A model from plain arrays.
    ///
    /// # Errors
    /// [`ModelError::Parts`] when they do not describe trees: every index, length and number is checked.
    pub fn from_parts(parts: TreeParts) -> Result<Self, ModelError> {
        parts.check()?;
        Ok(Self::trusted(parts))
    }

    fn trusted(parts: TreeParts) -> Self {
        let node = |at: usize| {
            let predictor = parts.predictor[at];
            let kind = parts.predictors.get(predictor as usize).map(|p| &p.kind);
            let levels = match kind {
                Some(PredictorKind::Categorical(_)) => parts.levels[at],
                Some(PredictorKind::Numeric) | None => Node::NUMERIC,
            };
            let leaf = predictor == TreeParts::LEAF;
            Node {
                number: if leaf { parts.value[at] } else { parts.threshold[at] },
                predictor,
                children: [parts.left[at], parts.right[at]],
                levels,
                missing_left: parts.missing_left[at] == 1,
            }
        };
        let nodes = (0..parts.predictor.len()).map(node).collect();
        Self { parts, nodes }
    }

    /// The model as plain arrays.
    #[must_use]
    pub fn parts(&self) -> &TreeParts {
        &self.parts
    }

    /// How many trees there are.
    #[must_use]
    pub fn trees(&self) -> usize {
        self.parts.first_node.len()
    }

    /// The linear predictor of every row: log odds (logistic), expected value (squared) or its log (Poisson).
    ///
    /// # Errors
    /// [`TableError::NoColumn`] and [`TableError::Kind`] when a column that the model was fitted on is absent or of
    /// another kind.
    pub fn raw<R: RowSet>(&self, x: &Table<R>) -> Result<Vec<f64>, TableError> {
        let width = self.parts.predictors.len();
        Ok(Reader::new(&self.parts.predictors, x)?.map(|values, rows| {
            // Tree by tree, so that a tree's nodes stay in the nearest cache.
            let mut sums = vec![self.parts.base; rows];
            for &root in &self.parts.first_node {
                for (row, sum) in sums.iter_mut().enumerate() {
                    *sum += self.leaf(root as usize, &values[row * width..(row + 1) * width]);
                }
            }
            sums
        }))
    }

    /// The value of the leaf that a row reaches.
    #[inline]
    fn leaf(&self, root: usize, row: &[f64]) -> f64 {
        let mut node = &self.nodes[root];
        while node.predictor != TreeParts::LEAF {
            let right = !node.goes_left(row[node.predictor as usize], &self.parts.level_words);
            node = &self.nodes[node.children[usize::from(right)] as usize];
        }
        node.number
    }

    /// From what boosting grew on the given rows of a table.
    pub(super) fn new(ranked: &Ranked, rows: &[u32], binned: &Binned, loss: Loss, boosted: Boosted) -> Self {
        let present: Vec<Vec<usize>> =
            ranked.columns.iter().map(|column| levels_present(column, rows)).collect();
        let predictor = |(column, present): (&RankedColumn, &Vec<usize>)| Predictor {
            name: column.name.clone(),
            kind: match &column.values {
                Values::Numeric(_) => PredictorKind::Numeric,
                Values::Categorical(levels) => {
                    PredictorKind::Categorical(present.iter().map(|&level| levels[level].clone()).collect())
                }
            },
        };
        let mut parts = TreeParts {
            loss,
            base: boosted.base,
            predictors: ranked.columns.iter().zip(&present).map(predictor).collect(),
            first_node: Vec::new(),
            predictor: Vec::new(),
            threshold: Vec::new(),
            levels: Vec::new(),
            missing_left: Vec::new(),
            left: Vec::new(),
            right: Vec::new(),
            value: Vec::new(),
            gain: Vec::new(),
            cover: Vec::new(),
            level_words: Vec::new(),
            certificate: boosted.certificate,
        };
        for tree in &boosted.trees {
            let start = parts.predictor.len();
            parts.first_node.push(start as u32);
            for node in &tree.nodes {
                let child = |side: usize| if node.split.is_some() { start + node.children[side] } else { 0 };
                parts.left.push(child(0) as u32);
                parts.right.push(child(1) as u32);
                parts.value.push(if node.split.is_some() { 0.0 } else { node.value });
                parts.cover.push(node.cover);
                parts.push_split(node.split.as_ref(), binned, &present);
            }
        }
        Self::trusted(parts)
    }
}

impl TreeParts {
    fn push_split(&mut self, split: Option<&Split>, binned: &Binned, present: &[Vec<usize>]) {
        let (mut predictor, mut threshold, mut levels) = (Self::LEAF, 0.0, 0);
        if let Some(split) = split {
            let feature = &binned.features[split.feature];
            predictor = feature.column as u32;
            match &feature.kind {
                // Past the last threshold lies no measured value: "measured" against "missing".
                Kind::Numeric(cuts) => threshold = cuts.get(split.bin).copied().unwrap_or(f64::MAX),
                Kind::Categorical => {
                    levels = self.level_words.len() as u32;
                    let bins = binned.level_bins(split.feature);
                    for some in present[feature.column].chunks(64) {
                        let word = some.iter().enumerate().fold(0u64, |word, (bit, &level)| {
                            word | u64::from(split.left.contains(bins[level])) << bit
                        });
                        self.level_words.push(word);
                    }
                }
            }
        }
        self.predictor.push(predictor);
        self.threshold.push(threshold);
        self.levels.push(levels);
        self.missing_left.push(u8::from(split.is_some_and(|s| s.missing_left)));
        self.gain.push(split.map_or(0.0, |s| s.gain));
    }
}

/// The levels that occur in the given rows, in the order of the column's levels.
fn levels_present(column: &RankedColumn, rows: &[u32]) -> Vec<usize> {
    let Values::Categorical(levels) = &column.values else { return Vec::new() };
    let mut seen = vec![false; levels.len()];
    for &row in rows {
        let rank = column.ranks[row as usize];
        if rank != MISSING {
            seen[rank as usize] = true;
        }
    }
    (0..levels.len()).filter(|&level| seen[level]).collect()
}

impl Predict for FittedTrees {
    type Reads = Gaps;

    fn predict<R: RowSet>(&self, x: &Table<R>) -> Result<Scores<R>, TableError> {
        let risks = self.raw(x)?.into_iter().map(|raw| self.parts.loss.response(raw)).collect();
        Scores::new(x.rows(), risks)
    }

    fn certificate(&self) -> &Certificate {
        &self.parts.certificate
    }
}
