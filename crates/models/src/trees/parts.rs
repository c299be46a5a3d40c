//! A fitted model as plain arrays: what is saved and what is loaded.

use bedside_table::Certificate;

use super::Loss;

/// What a predictor holds.
#[derive(Debug, Clone, PartialEq)]
pub enum PredictorKind {
    /// Numbers.
    Numeric,
    /// Levels: those that occurred in the training rows.
    Categorical(Vec<String>),
}

/// A column that the model was fitted on.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictor {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: PredictorKind,
}

/// Fitted trees as plain arrays: the content of [`super::FittedTrees`].
///
/// `first_node` has one entry a tree: its root's place in the node arrays. A tree's nodes lie together, parents before
/// their children. The node arrays (`predictor` … `cover`) have one entry a node:
///
/// - `predictor`: place in `predictors`, or [`TreeParts::LEAF`];
/// - `threshold`: numeric values at or below it go left; 0 for levels and leaves;
/// - `levels`: place of the first word in `level_words`, for splits on levels; else 0. The split owns ⌈levels / 64⌉ words,
///   and bit `l` of them says that level `l` goes left;
/// - `missing_left`: 1 where missing values and unknown levels go left;
/// - `left`, `right`: children, counted over all nodes; 0 for leaves;
/// - `value`: added to the linear predictor in leaves; 0 elsewhere;
/// - `gain`: twice the fall of the training loss by this split; 0 for leaves;
/// - `cover`: the training weight that passed.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeParts {
    /// What was minimised; decides how the linear predictor becomes a risk or an expected value.
    pub loss: Loss,
    /// The linear predictor before the first tree.
    pub base: f64,
    /// The columns, in the order of the training table.
    pub predictors: Vec<Predictor>,
    /// The root of each tree.
    pub first_node: Vec<u32>,
    /// The predictor of each split.
    pub predictor: Vec<u32>,
    /// The threshold of each numeric split.
    pub threshold: Vec<f64>,
    /// Where the level set of each categorical split begins.
    pub levels: Vec<u32>,
    /// Where missing values go.
    pub missing_left: Vec<u8>,
    /// Left children.
    pub left: Vec<u32>,
    /// Right children.
    pub right: Vec<u32>,
    /// Leaf values.
    pub value: Vec<f64>,
    /// Gains.
    pub gain: Vec<f64>,
    /// Training weights.
    pub cover: Vec<f64>,
    /// Level sets.
    pub level_words: Vec<u64>,
    /// The proof that the fit arrived.
    pub certificate: Certificate,
}

impl TreeParts {
    /// The predictor of a node that is a leaf.
    pub const LEAF: u32 = u32::MAX;
}
