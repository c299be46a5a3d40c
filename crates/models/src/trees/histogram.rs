//! Sums of gradients by bin.

use super::blocks::{Block, RowMajor, WIDTH};
use super::cell::Cell;

/// Which rows of a fit.
#[derive(Debug, Clone, Copy)]
pub(super) enum RowsOf<'a> {
    /// Every row.
    All,
    /// These, in any order.
    Listed(&'a [u32]),
}

/// Room for the sums of one block; kept from one histogram to the next.
#[derive(Debug)]
pub(super) struct Scratch {
    sums: Box<[[Cell; 256]; WIDTH]>,
    member: Box<[Cell; 256]>,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { sums: Box::new([[Cell::ZERO; 256]; WIDTH]), member: Box::new([Cell::ZERO; 256]) }
    }
}

/// Writes the histograms of a block's features, one after another, to `out`. The gradients are those of the rows, in the
/// order of the rows.
///
/// The sums are whole numbers, so neither the order of rows nor the way over composites changes a bit.
pub(super) fn build(
    block: &Block,
    rows: RowsOf<'_>,
    gradients: &[Cell],
    scratch: &mut Scratch,
    mut out: &mut [Cell],
) {
    let saved = gradients.len() * (block.features.len() - block.joined.width);
    if block.single.is_empty() || saved >= block.apart() {
        for (sums, composite) in scratch.sums.iter_mut().zip(&block.composites) {
            sums[..composite.cells].fill(Cell::ZERO);
        }
        sum_up(&block.joined, rows, gradients, &mut scratch.sums);
        for (cells, composite) in scratch.sums.iter().zip(&block.composites) {
            for member in &composite.members {
                let histogram = take_front(&mut out, member.bins);
                if composite.members.len() == 1 {
                    histogram.copy_from_slice(&cells[..member.bins]);
                } else {
                    // A whole array indexed by a byte needs no bounds checks.
                    scratch.member[..member.bins].fill(Cell::ZERO);
                    for (&bin, &cell) in member.bin.iter().zip(cells) {
                        scratch.member[usize::from(bin)].add(cell);
                    }
                    histogram.copy_from_slice(&scratch.member[..member.bins]);
                }
            }
        }
    } else {
        let members: Vec<usize> = block.composites.iter().flat_map(|c| &c.members).map(|m| m.bins).collect();
        for (single, bins) in block.single.iter().zip(members.chunks(WIDTH)) {
            for (sums, &bins) in scratch.sums.iter_mut().zip(bins) {
                sums[..bins].fill(Cell::ZERO);
            }
            sum_up(single, rows, gradients, &mut scratch.sums);
            for (cells, &bins) in scratch.sums.iter().zip(bins) {
                take_front(&mut out, bins).copy_from_slice(&cells[..bins]);
            }
        }
    }
}

fn take_front<'a>(out: &mut &'a mut [Cell], count: usize) -> &'a mut [Cell] {
    let (front, rest) = std::mem::take(out).split_at_mut(count);
    *out = rest;
    front
}

/// Adds the gradients of the rows to sums by the codes of up to eight columns.
fn sum_up(columns: &RowMajor, rows: RowsOf<'_>, gradients: &[Cell], sums: &mut [[Cell; 256]; WIDTH]) {
    match columns.width {
        1 => sum_up_by::<1>(columns, rows, gradients, sums),
        2 => sum_up_by::<2>(columns, rows, gradients, sums),
        3 => sum_up_by::<3>(columns, rows, gradients, sums),
        4 => sum_up_by::<4>(columns, rows, gradients, sums),
        5 => sum_up_by::<5>(columns, rows, gradients, sums),
        6 => sum_up_by::<6>(columns, rows, gradients, sums),
        7 => sum_up_by::<7>(columns, rows, gradients, sums),
        _ => sum_up_by::<8>(columns, rows, gradients, sums),
    }
}

/// Rows that are fetched before they are added.
const AHEAD: usize = 32;

fn sum_up_by<const W: usize>(
    columns: &RowMajor,
    rows: RowsOf<'_>,
    gradients: &[Cell],
    sums: &mut [[Cell; 256]; WIDTH],
) {
    let Some(sums) = sums.first_chunk_mut::<W>() else { return };
    let (codes, _) = columns.codes.as_chunks::<W>();
    let mut add = |codes: &[u8; W], gradient: Cell| {
        for (column, &code) in sums.iter_mut().zip(codes) {
            column[usize::from(code)].add(gradient);
        }
    };
    match rows {
        RowsOf::All => codes.iter().zip(gradients).for_each(|(codes, &gradient)| add(codes, gradient)),
        RowsOf::Listed(rows) => {
            // Listed rows lie far apart. Fetching a batch first lets the waits for memory overlap.
            let mut fetched = [[0u8; W]; AHEAD];
            for (some, gradients) in rows.chunks(AHEAD).zip(gradients.chunks(AHEAD)) {
                for (place, &row) in fetched.iter_mut().zip(some) {
                    *place = codes[row as usize];
                }
                fetched.iter().zip(gradients).for_each(|(codes, &gradient)| add(codes, gradient));
            }
        }
    }
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
            (0..rows).map(|_| scale.cell(stream.normal().clamp(-4.0, 4.0), 0.5)).collect();
        let few: Vec<u32> = (0..40).map(|i| i * 7).collect();
        let all: Vec<u32> = (0..rows as u32).collect();
        for (which, list) in [(RowsOf::All, &all), (RowsOf::Listed(&all), &all), (RowsOf::Listed(&few), &few)]
        {
            for block in &blocks {
                let cells = order[block.features.clone()].iter().map(|&place| bins[place]).sum();
                let mut out = vec![Cell::ZERO; cells];
                let of_rows: Vec<Cell> = list.iter().map(|&row| gradients[row as usize]).collect();
                build(block, which, &of_rows, &mut Scratch::default(), &mut out);
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
