//! Values become bins: one byte a cell, learned from the rows of one fit.

use rayon::prelude::*;

use super::blocks::{Block, arrange};
use super::edges::edges;
use super::rank::{MISSING, Ranked, RankedColumn, Values};

/// One predictor that varies over the rows it was binned on.
#[derive(Debug)]
pub(super) struct Feature {
    /// Its place among the table's columns.
    pub(super) column: usize,
    /// Bins of values. A missing value has this number as its bin.
    pub(super) values: usize,
    /// Whether a row misses it.
    pub(super) gaps: bool,
    pub(super) kind: Kind,
    /// Where its cells begin in a histogram.
    pub(super) offset: usize,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// Thresholds between bins.
    Numeric(Vec<f64>),
    /// The bin of each level that occurs.
    Categorical,
}

impl Feature {
    /// How many bins, the one for missing values included.
    pub(super) fn bins(&self) -> usize {
        self.values + usize::from(self.gaps)
    }
}

/// The rows of one fit as bins. Shared by all settings that ask for the same number of bins.
#[derive(Debug)]
pub(super) struct Binned {
    pub(super) rows: usize,
    /// Predictors that vary, in the order of their blocks.
    pub(super) features: Vec<Feature>,
    /// How ranks of each column become bins, for rows that were not binned on.
    tables: Vec<BinOf>,
    /// The bin of every row, by feature.
    pub(super) codes: Codes,
    /// The same bins row by row, for histograms.
    pub(super) blocks: Vec<Block>,
    /// Cells of a histogram over all features.
    pub(super) cells: usize,
}

/// Bins of some rows, feature by feature.
pub(super) type Codes = Vec<Vec<u8>>;

/// The bin of each rank of a column.
#[derive(Debug)]
struct BinOf {
    bin: Vec<u8>,
    missing: u8,
}

impl BinOf {
    fn of(&self, rank: u32) -> u8 {
        if rank == MISSING { self.missing } else { self.bin[rank as usize] }
    }
}

impl Binned {
    /// Bins the given rows with at most `bins` bins a predictor, from these rows alone.
    pub(super) fn new(ranked: &Ranked, rows: &[u32], bins: usize) -> Self {
        let mut made: Vec<(Feature, BinOf, Vec<u8>)> = (0..ranked.columns.len())
            .into_par_iter()
            .filter_map(|place| {
                let column = &ranked.columns[place];
                let (values, gaps, kind, table) = learn(column, rows, bins);
                let feature = Feature { column: place, values, gaps, kind, offset: 0 };
                (feature.bins() > 1).then(|| {
                    let codes = rows.iter().map(|&row| table.of(column.ranks[row as usize])).collect();
                    (feature, table, codes)
                })
            })
            .collect();
        let columns: Vec<(&[u8], usize)> = made.iter().map(|(f, _, codes)| (&codes[..], f.bins())).collect();
        let (order, mut blocks) = arrange(&columns, rows.len());
        let mut slots: Vec<Option<(Feature, BinOf, Vec<u8>)>> = made.drain(..).map(Some).collect();
        let (mut features, mut tables, mut codes) = (Vec::new(), Vec::new(), Vec::new());
        let mut cells = 0;
        for (mut feature, table, column) in order.into_iter().filter_map(|place| slots[place].take()) {
            feature.offset = cells;
            cells += feature.bins();
            features.push(feature);
            tables.push(table);
            codes.push(column);
        }
        for block in &mut blocks {
            let ends = block.features.clone().map(|f| features[f].bins());
            block.cells = ends.sum();
        }
        Self { rows: rows.len(), features, tables, codes, blocks, cells }
    }

    /// Bins of other rows, by what was learned. Levels that did not occur are taken as missing.
    pub(super) fn codes_of(&self, ranked: &Ranked, rows: &[u32]) -> Codes {
        let code = |(feature, table): (&Feature, &BinOf)| {
            let ranks = &ranked.columns[feature.column].ranks;
            rows.iter().map(|&row| table.of(ranks[row as usize])).collect()
        };
        self.features.par_iter().zip(&self.tables).map(code).collect()
    }

    /// For a categorical feature: the bin of each level of its column; levels that did not occur have the bin of missing.
    pub(super) fn level_bins(&self, feature: usize) -> &[u8] {
        &self.tables[feature].bin
    }
}

/// Number of value bins, whether there are gaps, the thresholds, and the table from ranks to bins.
fn learn(column: &RankedColumn, rows: &[u32], bins: usize) -> (usize, bool, Kind, BinOf) {
    let mut counts = vec![0u32; column.values.len()];
    let mut missing = 0;
    for &row in rows {
        match column.ranks[row as usize] {
            MISSING => missing += 1,
            rank => counts[rank as usize] += 1,
        }
    }
    let measured = rows.len() > missing;
    let (values, kind, bin) = match &column.values {
        Values::Numeric(distinct) => {
            let cuts = edges(distinct, &counts, bins);
            let mut at = 0;
            let bin = distinct
                .iter()
                .map(|&value| {
                    while at < cuts.len() && value > cuts[at] {
                        at += 1;
                    }
                    at as u8
                })
                .collect();
            (if measured { cuts.len() + 1 } else { 0 }, Kind::Numeric(cuts), bin)
        }
        Values::Categorical(_) => {
            let (values, bin) = level_bins(&counts, bins);
            (values, Kind::Categorical, bin)
        }
    };
    (values, missing > 0, kind, BinOf { bin, missing: values as u8 })
}

/// A bin for each level that occurs, in the order of levels; when there are too many, the rarest share the last bin.
/// Levels that do not occur get the number after the last bin: the one for missing values.
fn level_bins(counts: &[u32], bins: usize) -> (usize, Vec<u8>) {
    let mut levels: Vec<usize> = (0..counts.len()).filter(|&level| counts[level] > 0).collect();
    let values = levels.len().min(bins);
    let mut bin = vec![values as u8; counts.len()];
    let mut pooled = Vec::new();
    if levels.len() > bins {
        levels.sort_by_key(|&level| (std::cmp::Reverse(counts[level]), level));
        pooled = levels.split_off(bins - 1);
        levels.sort_unstable();
    }
    for (place, &level) in levels.iter().enumerate() {
        bin[level] = place as u8;
    }
    for level in pooled {
        bin[level] = values as u8 - 1;
    }
    (values, bin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_levels_share_a_bin_and_absent_ones_are_missing() {
        let (values, bin) = level_bins(&[5, 0, 1, 9, 2], 3);
        assert_eq!((values, bin), (3, vec![0, 3, 2, 1, 2]));
        let (values, bin) = level_bins(&[5, 0, 1], 255);
        assert_eq!((values, bin), (2, vec![0, 2, 1]));
    }
}
