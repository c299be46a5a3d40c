//! Runs become columns.

use std::ops::Range;
use std::sync::mpsc::{SyncSender, sync_channel};

use bedside_cohort::features::Run;
use bedside_intake::sparse::{Columns, Run as Placed};
use rayon::prelude::*;

use super::collect::Collected;
use crate::StudyError;

/// Columns that are handed over at a time.
const AT_ONCE: usize = 4096;

/// Hands the columns of a range over, in order, those without entries too. The parts come in the order of the data.
pub(super) fn write(
    mut parts: Vec<Collected>,
    columns: Range<u32>,
    threads: usize,
    outs: &mut [&mut dyn Columns],
) -> Result<(), StudyError> {
    let mut sort = || parts.par_iter_mut().for_each(|part| part.runs = by_column(&part.runs, &columns));
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(sort),
        // Without a pool of its own the work is done on the one there is.
        Err(_) => sort(),
    }
    let mut next_row = 0;
    let first_rows: Vec<u64> = parts
        .iter()
        .map(|part| {
            let first = next_row;
            next_row += part.instants.len() as u64;
            first
        })
        .collect();
    // The next columns are put together while those before them are written.
    std::thread::scope(|scope| {
        let (ready, taken) = sync_channel(1);
        scope.spawn(move || gather(&parts, &first_rows, columns, &ready));
        for Portion { placed, ends } in taken {
            let mut begin = 0;
            let each = ends.iter().map(|&end| {
                let runs = &placed[begin..end];
                begin = end;
                runs
            });
            let each: Vec<&[Placed]> = each.collect();
            for out in outs.iter_mut() {
                out.add(&each).map_err(|source| StudyError::Output { source })?;
            }
        }
        Ok(())
    })
}

/// Some columns that follow each other: their runs, and where those of each end.
struct Portion {
    placed: Vec<Placed>,
    ends: Vec<usize>,
}

/// Puts columns together, portion by portion, until they are all ready or nobody takes them any more.
fn gather(parts: &[Collected], first_rows: &[u64], columns: Range<u32>, ready: &SyncSender<Portion>) {
    let mut places = vec![0; parts.len()];
    let mut column = columns.start;
    while column < columns.end {
        let mut portion = Portion { placed: Vec::new(), ends: Vec::new() };
        while column < columns.end && portion.ends.len() < AT_ONCE && portion.placed.len() < 64 * AT_ONCE {
            let begin = portion.placed.len();
            for ((part, place), &first_row) in parts.iter().zip(&mut places).zip(first_rows) {
                while let Some(run) = part.runs.get(*place).filter(|run| run.column == column) {
                    let row = first_row + u64::from(run.from);
                    portion.placed.push(Placed { row, rows: u64::from(run.rows), value: run.value });
                    *place += 1;
                }
            }
            // Given index times need not be in the order of the data.
            let found = &mut portion.placed[begin..];
            if !found.is_sorted_by(|one, next| one.row < next.row) {
                found.sort_unstable_by_key(|run| run.row);
            }
            portion.ends.push(portion.placed.len());
            column += 1;
        }
        if ready.send(portion).is_err() {
            return;
        }
    }
}

/// The runs in the order of their columns; those of one column keep theirs.
fn by_column(runs: &[Run], columns: &Range<u32>) -> Vec<Run> {
    let count = (columns.end - columns.start) as usize;
    if runs.len() < count / 8 {
        let mut sorted = runs.to_vec();
        sorted.sort_by_key(|run| run.column);
        return sorted;
    }
    let mut next = vec![0_usize; count + 1];
    for run in runs {
        next[(run.column - columns.start) as usize + 1] += 1;
    }
    for column in 0..count {
        next[column + 1] += next[column];
    }
    let mut sorted = vec![Run { column: 0, from: 0, rows: 0, value: 0.0 }; runs.len()];
    for run in runs {
        let place = &mut next[(run.column - columns.start) as usize];
        sorted[*place] = *run;
        *place += 1;
    }
    sorted
}
