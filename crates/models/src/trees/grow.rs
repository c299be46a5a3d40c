//! One tree, leaf by leaf: the leaf whose best split gains most is divided next (Shi 2007, "Best-first decision tree
//! learning", University of Waikato).

use std::ops::Range;

use super::Monotone;
use super::bins::Codes;
use super::blockwise::{Pair, Room};
use super::cell::Cell;
use super::histogram::RowsOf;
use super::objective::{Bounds, Penalty};
use super::partition::partition;
use super::split::{Search, Split};

/// A tree over bins.
#[derive(Debug, Default)]
pub(super) struct GrownTree {
    /// The root first, children after their parents.
    pub(super) nodes: Vec<GrownNode>,
}

#[derive(Debug)]
pub(super) struct GrownNode {
    pub(super) split: Option<Split>,
    /// Left and right child.
    pub(super) children: [usize; 2],
    /// Already shrunk by the learning rate; 0 unless a leaf.
    pub(super) value: f64,
    /// How much training weight passed.
    pub(super) cover: f64,
}

/// A leaf that may yet be divided.
struct Leaf {
    node: usize,
    rows: Range<usize>,
    total: Cell,
    depth: usize,
    bounds: Bounds,
    histogram: Vec<Cell>,
    best: Option<Split>,
}

/// What one tree is grown from.
pub(super) struct Growth<'a> {
    pub(super) search: Search<'a>,
    pub(super) gradients: &'a [Cell],
    /// Features that this tree may use.
    pub(super) active: &'a [bool],
    /// Training weight of each row, where they differ.
    pub(super) weights: Option<&'a [f64]>,
    pub(super) parallel: bool,
}

/// Buffers that trees of one fit share.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    /// The rows of the tree, leaf by leaf.
    pub(super) order: Vec<u32>,
    spare: Vec<u32>,
    /// The gradients of a leaf's rows, next to each other: every block reads them, and the rows lie far apart.
    gathered: Vec<Cell>,
    histograms: Vec<Vec<Cell>>,
    /// One a block, so that blocks can be worked on side by side.
    rooms: Vec<Room>,
}

impl Growth<'_> {
    /// Grows a tree on the rows in `work.order`, which ends up sorted by leaf, and tells the rows of each leaf.
    pub(super) fn grow(&self, work: &mut Workspace) -> (GrownTree, Vec<(usize, Range<usize>)>) {
        let settings = self.search.settings;
        let rows = work.order.len();
        work.spare.resize(rows, 0);
        work.rooms.resize_with(self.search.binned.blocks.len(), Room::default);
        let mut histogram = work.take_histogram(self.search.binned.cells);
        let (total, best) = if rows == self.gradients.len() {
            self.root(RowsOf::All, self.gradients, &mut histogram, &mut work.rooms)
        } else {
            gather(&mut work.gathered, self.gradients, &work.order);
            self.root(RowsOf::Listed(&work.order), &work.gathered, &mut histogram, &mut work.rooms)
        };
        let node = GrownNode { split: None, children: [0; 2], value: 0.0, cover: 0.0 };
        let mut tree = GrownTree { nodes: vec![node] };
        let mut leaves =
            vec![Leaf { node: 0, rows: 0..rows, total, depth: 0, bounds: Bounds::NONE, histogram, best }];
        while leaves.len() < settings.leaves {
            let Some((next, split)) = most_gain(&leaves) else { break };
            let leaf = leaves.swap_remove(next);
            let last = leaves.len() + 2 >= settings.leaves;
            leaves.extend(self.divide(leaf, split, &mut tree, work, last));
        }
        let penalty = Penalty { l1: settings.l1, l2: settings.l2 };
        for leaf in &mut leaves {
            let sums = self.search.scale.sums(leaf.total);
            let node = &mut tree.nodes[leaf.node];
            node.value = settings.learning_rate * penalty.step(sums, leaf.bounds);
            node.cover = match self.weights {
                None => sums.rows as f64,
                Some(weights) => work.order[leaf.rows.clone()].iter().map(|&row| weights[row as usize]).sum(),
            };
            work.histograms.push(std::mem::take(&mut leaf.histogram));
        }
        for node in (0..tree.nodes.len()).rev() {
            if tree.nodes[node].split.is_some() {
                let [left, right] = tree.nodes[node].children;
                tree.nodes[node].cover = tree.nodes[left].cover + tree.nodes[right].cover;
            }
        }
        (tree, leaves.into_iter().map(|leaf| (leaf.node, leaf.rows)).collect())
    }

    /// Divides a leaf by its best split. When no leaf will be divided after this one, the children's splits are not
    /// searched.
    fn divide(
        &self,
        leaf: Leaf,
        split: Split,
        tree: &mut GrownTree,
        work: &mut Workspace,
        last: bool,
    ) -> [Leaf; 2] {
        let Leaf { node, rows, total, depth, bounds, histogram, .. } = leaf;
        let codes = &self.search.binned.codes[split.feature];
        let lefts = partition(&mut work.order[rows.clone()], &mut work.spare, codes, &split.left);
        let middle = rows.start + lefts;
        let right_sums = total.minus(split.sums);
        let (left_bounds, right_bounds) = self.child_bounds(&split, right_sums, bounds);
        let first = tree.nodes.len();
        tree.nodes[node].split = Some(split);
        tree.nodes[node].children = [first, first + 1];
        for _ in 0..2 {
            tree.nodes.push(GrownNode { split: None, children: [0; 2], value: 0.0, cover: 0.0 });
        }
        let child = |node, rows, total, bounds| Leaf {
            node,
            rows,
            total,
            depth: depth + 1,
            bounds,
            histogram: Vec::new(),
            best: None,
        };
        let mut left = child(first, rows.start..middle, split.sums, left_bounds);
        let mut right = child(first + 1, middle..rows.end, right_sums, right_bounds);
        let settings = self.search.settings;
        let deep = settings.max_depth.is_some_and(|most| depth + 1 >= most);
        let divisible = |leaf: &Leaf| leaf.rows.len() >= 2 * settings.min_rows;
        if last || deep || !(divisible(&left) || divisible(&right)) {
            work.histograms.push(histogram);
            return [left, right];
        }
        let (small, large) = if left.rows.len() <= right.rows.len() {
            (&mut left, &mut right)
        } else {
            (&mut right, &mut left)
        };
        small.histogram = work.take_histogram(self.search.binned.cells);
        large.histogram = histogram;
        let (small_total, large_total) = ((small.total, small.bounds), (large.total, large.bounds));
        let rows = &work.order[small.rows.clone()];
        gather(&mut work.gathered, self.gradients, rows);
        let pair = Pair {
            rows,
            gradients: &work.gathered,
            small: divisible(small).then_some(small_total),
            large: large_total,
        };
        (small.best, large.best) =
            self.children(&pair, &mut small.histogram, &mut large.histogram, &mut work.rooms);
        [left, right]
    }

    /// A split on a constrained predictor keeps everything below it on its side of the middle.
    fn child_bounds(&self, split: &Split, right: Cell, bounds: Bounds) -> (Bounds, Bounds) {
        let Some(direction) = self.search.directions.get(split.feature).copied().flatten() else {
            return (bounds, bounds);
        };
        let settings = self.search.settings;
        let penalty = Penalty { l1: settings.l1, l2: settings.l2 };
        let value = |cell| penalty.step(self.search.scale.sums(cell), bounds);
        let middle = 0.5 * (value(split.sums) + value(right));
        let (below, above) = (Bounds { high: middle, ..bounds }, Bounds { low: middle, ..bounds });
        match direction {
            Monotone::Increasing => (below, above),
            Monotone::Decreasing => (above, below),
        }
    }
}

fn gather(gathered: &mut Vec<Cell>, gradients: &[Cell], rows: &[u32]) {
    gathered.clear();
    gathered.extend(rows.iter().map(|&row| gradients[row as usize]));
}

/// The leaf whose split gains most, and that split; among equals the oldest leaf.
fn most_gain(leaves: &[Leaf]) -> Option<(usize, Split)> {
    let found = leaves.iter().enumerate().filter_map(|(place, leaf)| Some((place, leaf.best?)));
    found.max_by(|(a, this), (b, that)| {
        this.gain.total_cmp(&that.gain).then_with(|| leaves[*b].node.cmp(&leaves[*a].node))
    })
}

impl Workspace {
    fn take_histogram(&mut self, cells: usize) -> Vec<Cell> {
        let mut histogram = self.histograms.pop().unwrap_or_default();
        histogram.resize(cells, Cell::ZERO);
        histogram
    }
}

/// Sorts rows that a tree was not grown on by leaf, and tells the rows of each leaf.
pub(super) fn route(
    tree: &GrownTree,
    codes: &Codes,
    rows: &mut [u32],
    spare: &mut Vec<u32>,
) -> Vec<(usize, Range<usize>)> {
    spare.resize(rows.len().max(spare.len()), 0);
    let mut ranges = vec![0..0; tree.nodes.len()];
    ranges[0] = 0..rows.len();
    let mut leaves = Vec::new();
    for (place, node) in tree.nodes.iter().enumerate() {
        let range = ranges[place].clone();
        if let Some(split) = &node.split {
            let lefts = partition(&mut rows[range.clone()], spare, &codes[split.feature], &split.left);
            let middle = range.start + lefts;
            ranges[node.children[0]] = range.start..middle;
            ranges[node.children[1]] = middle..range.end;
        } else {
            leaves.push((place, range));
        }
    }
    leaves
}
