//! Bins row by row, several predictors in one byte where they fit.
//!
//! A clinical table has many predictors with few levels (sex, 23 drugs with four states each). Predictors whose
//! *observed* combinations number at most 256 are joined into one composite column; its histogram has a cell for every
//! combination, and summing those cells gives each member's histogram exactly. One addition a row then serves several
//! predictors.

use std::ops::Range;

/// Composite columns in one block: their histograms together stay in the first-level cache.
pub(super) const WIDTH: usize = 8;

/// Up to [`WIDTH`] composite columns, row by row, and their members alone.
#[derive(Debug)]
pub(super) struct Block {
    /// The features whose histograms come from this block.
    pub(super) features: Range<usize>,
    /// Cells of the histograms of these features.
    pub(super) cells: usize,
    /// Composite columns, row by row.
    pub(super) joined: RowMajor,
    pub(super) composites: Vec<Composite>,
    /// The features one by one, up to [`WIDTH`] at a time: for leaves with so few rows that taking composites apart
    /// would cost more. Empty when nothing was joined.
    pub(super) single: Vec<RowMajor>,
}

/// Columns of bins, row by row.
#[derive(Debug)]
pub(super) struct RowMajor {
    pub(super) width: usize,
    pub(super) codes: Vec<u8>,
}

impl RowMajor {
    fn new(columns: &[&[u8]], rows: usize) -> Self {
        let width = columns.len();
        let mut codes = vec![0; rows * width];
        for (place, column) in columns.iter().enumerate() {
            for (code, &bin) in codes[place..].iter_mut().step_by(width).zip(*column) {
                *code = bin;
            }
        }
        Self { width, codes }
    }
}

/// A column of combinations.
#[derive(Debug)]
pub(super) struct Composite {
    pub(super) members: Vec<Member>,
    /// How many combinations.
    pub(super) cells: usize,
}

/// One predictor in a composite.
#[derive(Debug)]
pub(super) struct Member {
    /// Its bin in each combination.
    pub(super) bin: Vec<u8>,
    /// How many bins it has.
    pub(super) bins: usize,
}

impl Block {
    /// Additions needed to take the composites apart.
    pub(super) fn apart(&self) -> usize {
        self.composites.iter().map(|c| if c.members.len() > 1 { c.members.len() * c.cells } else { 0 }).sum()
    }
}

/// A composite that is still growing.
struct Growing {
    columns: Vec<usize>,
    codes: Vec<u8>,
    /// The bins of the members in each combination.
    combinations: Vec<Vec<u8>>,
}

/// Joins columns of bins (each with its number of bins) and lays them out in blocks. Also gives the order of the columns
/// in the blocks.
pub(super) fn arrange(columns: &[(&[u8], usize)], rows: usize) -> (Vec<usize>, Vec<Block>) {
    let mut by_size: Vec<usize> = (0..columns.len()).collect();
    by_size.sort_by_key(|&place| (std::cmp::Reverse(columns[place].1), place));
    let mut grown: Vec<Growing> = Vec::new();
    for place in by_size {
        let (codes, bins) = columns[place];
        // More than half of the cells in use leaves no room for a second predictor.
        let joined = bins <= 128
            && grown.iter_mut().filter(|g| g.combinations.len() <= 128).any(|g| g.join(place, codes));
        if !joined {
            grown.push(Growing::new(place, codes, bins));
        }
    }
    grown.sort_by_key(|g| g.columns.iter().copied().min());
    let (mut order, mut blocks) = (Vec::new(), Vec::new());
    let count = grown.len().div_ceil(WIDTH).max(1);
    let width = grown.len().div_ceil(count).max(1);
    for part in grown.chunks(width) {
        let start = order.len();
        order.extend(part.iter().flat_map(|g| g.columns.iter().copied()));
        let features = start..order.len();
        let joined = RowMajor::new(&part.iter().map(|g| &g.codes[..]).collect::<Vec<_>>(), rows);
        let members: Vec<&[u8]> = order[features.clone()].iter().map(|&place| columns[place].0).collect();
        let single = if members.len() > part.len() {
            members.chunks(WIDTH).map(|some| RowMajor::new(some, rows)).collect()
        } else {
            Vec::new()
        };
        let composites = part.iter().map(|g| g.finished(columns)).collect();
        blocks.push(Block { features, cells: 0, joined, composites, single });
    }
    (order, blocks)
}

impl Growing {
    fn new(place: usize, codes: &[u8], bins: usize) -> Self {
        let combinations = (0..bins).map(|bin| vec![bin as u8]).collect();
        Self { columns: vec![place], codes: codes.to_vec(), combinations }
    }

    /// Adds a column, unless more than 256 combinations would occur.
    fn join(&mut self, place: usize, codes: &[u8]) -> bool {
        const ABSENT: u16 = u16::MAX;
        let mut cell_of = vec![ABSENT; 1 << 16];
        let pair = |have: u8, add: u8| usize::from(have) << 8 | usize::from(add);
        let mut found: Vec<(u8, u8)> = Vec::new();
        for (&have, &add) in self.codes.iter().zip(codes) {
            let cell = &mut cell_of[pair(have, add)];
            if *cell == ABSENT {
                if found.len() == 256 {
                    return false;
                }
                *cell = found.len() as u16;
                found.push((have, add));
            }
        }
        for (have, &add) in self.codes.iter_mut().zip(codes) {
            *have = cell_of[pair(*have, add)] as u8;
        }
        let extended = |&(have, add): &(u8, u8)| {
            let mut bins = self.combinations[usize::from(have)].clone();
            bins.push(add);
            bins
        };
        self.combinations = found.iter().map(extended).collect();
        self.columns.push(place);
        true
    }

    fn finished(&self, columns: &[(&[u8], usize)]) -> Composite {
        let member = |(slot, &place): (usize, &usize)| Member {
            bin: self.combinations.iter().map(|bins| bins[slot]).collect(),
            bins: columns[place].1,
        };
        Composite {
            members: self.columns.iter().enumerate().map(member).collect(),
            cells: self.combinations.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_table::Seed;

    #[test]
    fn combinations_give_every_bin_back() {
        let mut stream = Seed::new(2).stream();
        let bins = [2usize, 4, 200, 3, 256, 2, 16, 17];
        let columns: Vec<Vec<u8>> =
            bins.iter().map(|&b| (0..3000).map(|_| stream.below(b as u32) as u8).collect()).collect();
        let given: Vec<(&[u8], usize)> = columns.iter().map(|c| &c[..]).zip(bins).collect();
        let (order, blocks) = arrange(&given, 3000);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..8).collect::<Vec<_>>());
        let wide: usize = blocks.iter().map(|b| b.joined.width).sum();
        assert!(wide < 8, "nothing was joined");
        for block in &blocks {
            let mut feature = block.features.start;
            for (slot, composite) in block.composites.iter().enumerate() {
                for member in &composite.members {
                    let column = &columns[order[feature]];
                    for (row, &bin) in column.iter().enumerate() {
                        let cell = block.joined.codes[row * block.joined.width + slot];
                        assert_eq!(member.bin[usize::from(cell)], bin);
                    }
                    feature += 1;
                }
            }
            assert_eq!(feature, block.features.end);
            let singles: usize = block.single.iter().map(|s| s.width).sum();
            assert!(singles == block.features.len() || block.single.is_empty());
        }
    }
}
