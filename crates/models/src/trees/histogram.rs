//! Sums of gradients by bin.

use super::blocks::{Block, RowMajor};
use super::cell::Cell;

/// Which rows of a fit.
#[derive(Debug, Clone, Copy)]
pub(super) enum RowsOf<'a> {
    /// Every row.
    All,
    /// These, in any order.
    Listed(&'a [u32]),
}

/// Writes the histograms of a block's features, one after another, to `out`.
///
/// The sums are whole numbers, so neither the order of rows nor the way over composites changes a bit.
pub(super) fn build(block: &Block, rows: RowsOf<'_>, gradients: &[Cell], out: &mut [Cell]) {
    let count = match rows {
        RowsOf::All => gradients.len(),
        RowsOf::Listed(rows) => rows.len(),
    };
    let saved = count * (block.features.len() - block.joined.width);
    if block.single.is_empty() || saved >= block.apart() {
        sum_up(&block.joined, rows, gradients, |sums| {
            let mut out = &mut *out;
            for (cells, composite) in sums.iter().zip(&block.composites) {
                for member in &composite.members {
                    let histogram = take_front(&mut out, member.bins);
                    if composite.members.len() == 1 {
                        histogram.copy_from_slice(&cells[..member.bins]);
                    } else {
                        // A whole array indexed by a byte needs no bounds checks.
                        let mut wide = [Cell::ZERO; 256];
                        for (&bin, &cell) in member.bin.iter().zip(cells) {
                            wide[usize::from(bin)].add(cell);
                        }
                        histogram.copy_from_slice(&wide[..member.bins]);
                    }
                }
            }
        });
    } else {
        let mut bins = block.composites.iter().flat_map(|c| &c.members).map(|m| m.bins);
        let mut out = out;
        for single in &block.single {
            sum_up(single, rows, gradients, |sums| {
                for (cells, bins) in sums.iter().zip(&mut bins) {
                    take_front(&mut out, bins).copy_from_slice(&cells[..bins]);
                }
            });
        }
    }
}

fn take_front<'a>(out: &mut &'a mut [Cell], count: usize) -> &'a mut [Cell] {
    let (front, rest) = std::mem::take(out).split_at_mut(count);
    *out = rest;
    front
}

/// Sums the gradients of the rows by the codes of up to eight columns, and hands the sums to `then`.
fn sum_up(columns: &RowMajor, rows: RowsOf<'_>, gradients: &[Cell], then: impl FnOnce(&[[Cell; 256]])) {
    match columns.width {
        1 => then(&sum_up_by::<1>(columns, rows, gradients)),
        2 => then(&sum_up_by::<2>(columns, rows, gradients)),
        3 => then(&sum_up_by::<3>(columns, rows, gradients)),
        4 => then(&sum_up_by::<4>(columns, rows, gradients)),
        5 => then(&sum_up_by::<5>(columns, rows, gradients)),
        6 => then(&sum_up_by::<6>(columns, rows, gradients)),
        7 => then(&sum_up_by::<7>(columns, rows, gradients)),
        _ => then(&sum_up_by::<8>(columns, rows, gradients)),
    }
}

fn sum_up_by<const W: usize>(columns: &RowMajor, rows: RowsOf<'_>, gradients: &[Cell]) -> [[Cell; 256]; W] {
    let mut sums = [[Cell::ZERO; 256]; W];
    let (codes, _) = columns.codes.as_chunks::<W>();
    let mut add = |codes: &[u8; W], gradient: Cell| {
        for (column, &code) in sums.iter_mut().zip(codes) {
            column[usize::from(code)].add(gradient);
        }
    };
    match rows {
        RowsOf::All => codes.iter().zip(gradients).for_each(|(codes, &gradient)| add(codes, gradient)),
        RowsOf::Listed(rows) => {
            for &row in rows {
                add(&codes[row as usize], gradients[row as usize]);
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::super::blocks::arrange;
    use super::super::cell::{Scale, Weights};
    use super::*;
    use bedside_table::Seed;

    #[test]
    fn every_way_gives_the_sums_by_definition() {
        let mut stream = Seed::new(9).stream();
        let (rows, bins) = (4000usize, [3usize, 4, 100, 2, 255, 5, 9, 2, 2, 2, 60]);
        let columns: Vec<Vec<u8>> =
            bins.iter().map(|&b| (0..rows).map(|_| stream.below(b as u32) as u8).collect()).collect();
        let given: Vec<(&[u8], usize)> = columns.iter().map(|c| &c[..]).zip(bins).collect();
        let (order, blocks) = arrange(&given, rows);
        let scale = Scale::new(&Weights::new(vec![1.0; rows]), 4.0, 1.0);
        let gradients: Vec<Cell> =
            (0..rows).map(|_| scale.cell(stream.normal().clamp(-4.0, 4.0), 0.5, 1.0)).collect();
        let few: Vec<u32> = (0..40).map(|i| i * 7).collect();
        let all: Vec<u32> = (0..rows as u32).collect();
        for (which, list) in [(RowsOf::All, &all), (RowsOf::Listed(&all), &all), (RowsOf::Listed(&few), &few)]
        {
            for block in &blocks {
                let cells = order[block.features.clone()].iter().map(|&place| bins[place]).sum();
                let mut out = vec![Cell::ZERO; cells];
                build(block, which, &gradients, &mut out);
                let mut out = &out[..];
                for &place in &order[block.features.clone()] {
                    let (histogram, rest) = out.split_at(bins[place]);
                    let mut known = vec![Cell::ZERO; bins[place]];
                    for &row in list {
                        known[usize::from(columns[place][row as usize])].add(gradients[row as usize]);
                    }
                    assert_eq!(histogram, known);
                    out = rest;
                }
            }
        }
        assert!(blocks.iter().any(|b| !b.single.is_empty()), "the single way was never taken");
    }
}
