//! Sums of products of columns under weights: one column with others, or all with all.

use rayon::prelude::*;

use super::column::{Entries, dot_sparse};
use super::design::Design;

/// Rows that one piece of work covers when all products are taken.
const PIECE: usize = 32_768;
/// Above so many members pieces are not worked on side by side, because each needs a matrix of its own.
const SIDE_BY_SIDE: usize = 600;

/// The lower triangle of all products of the members (ascending), row-major with `stride`, into `to`, which holds zeros.
///
/// Sparse columns are multiplied row by row: a row with k of them costs k²/2 additions, and there are few in each row of a
/// one-hot table.
pub(super) fn all_products(
    design: &Design<'_>,
    curvature: &[f64],
    members: &[u32],
    place: &[u32],
    stride: usize,
    to: &mut [f64],
) {
    let rows = design.rows;
    if members.len() <= SIDE_BY_SIDE && rows > PIECE {
        let pieces: Vec<Vec<f64>> = (0..rows.div_ceil(PIECE))
            .into_par_iter()
            .map(|piece| {
                let mut sums = vec![0.0; members.len() * stride];
                let within = piece * PIECE..rows.min((piece + 1) * PIECE);
                add_rows(design, curvature, members.len(), place, stride, within, &mut sums);
                sums
            })
            .collect();
        for piece in pieces {
            to.iter_mut().zip(piece).for_each(|(to, sum)| *to += sum);
        }
    } else {
        add_rows(design, curvature, members.len(), place, stride, 0..rows, to);
    }
    // What a sparse column holds where it is an indicator.
    let value = |member: u32| match design.columns[member as usize].entries {
        Entries::Indicator { value, .. } => value,
        _ => 1.0,
    };
    let values: Vec<f64> = members.iter().map(|&member| value(member)).collect();
    to.par_chunks_mut(stride).zip(&values).for_each(|(row, own)| {
        row.iter_mut().zip(&values).for_each(|(sum, other)| *sum *= own * other);
    });
    let dense: Vec<usize> = (0..members.len())
        .filter(|&at| matches!(design.columns[members[at] as usize].entries, Entries::Dense(_)))
        .collect();
    let products: Vec<Vec<f64>> = dense
        .par_iter()
        .map(|&at| {
            let mut weighted = curvature.to_vec();
            design.columns[members[at] as usize].each(|row, value| weighted[row] *= value);
            members.iter().map(|&other| design.columns[other as usize].dot(&weighted)).collect()
        })
        .collect();
    for (&at, sums) in dense.iter().zip(&products) {
        for (other, &sum) in sums.iter().enumerate() {
            to[at.max(other) * stride + at.min(other)] = sum;
        }
    }
}

/// Adds the products of sparse members over some rows; numbers that indicators hold are left out.
fn add_rows(
    design: &Design<'_>,
    curvature: &[f64],
    count: usize,
    place: &[u32],
    stride: usize,
    rows: std::ops::Range<usize>,
    to: &mut [f64],
) {
    let with_values = !design.sparse.is_empty();
    let mut own = Vec::new();
    let mut numbers = Vec::new();
    for row in rows {
        own.clear();
        own.extend(
            design
                .indicators
                .columns(row)
                .iter()
                .map(|&column| place[column as usize] as usize)
                .filter(|&at| at < count),
        );
        let weight = curvature[row];
        for (nth, &at) in own.iter().enumerate() {
            let sums = &mut to[at * stride..(at + 1) * stride];
            for &other in &own[..=nth] {
                sums[other] += weight;
            }
        }
        if !with_values {
            continue;
        }
        numbers.clear();
        numbers.extend(
            design
                .sparse
                .columns(row)
                .iter()
                .zip(design.sparse.values(row))
                .map(|(&column, &value)| (place[column as usize] as usize, value))
                .filter(|&(at, _)| at < count),
        );
        for (nth, &(at, value)) in numbers.iter().enumerate() {
            let weight = weight * value;
            for &other in &own {
                to[at.max(other) * stride + at.min(other)] += weight;
            }
            for &(other, number) in &numbers[..=nth] {
                to[at * stride + other] += weight * number;
            }
        }
    }
}

/// The raw products of member `at` with members `0..=at`, into `sums` (one longer than the members).
pub(super) fn products_of(
    design: &Design<'_>,
    curvature: &[f64],
    members: &[u32],
    place: &[u32],
    at: usize,
    sums: &mut [f64],
    weighted: &mut Vec<f64>,
) {
    let column = &design.columns[members[at] as usize];
    if matches!(column.entries, Entries::Dense(_)) {
        weighted.clear();
        weighted.extend_from_slice(curvature);
        column.each(|row, value| weighted[row] *= value);
        for (sum, &other) in sums.iter_mut().zip(&members[..=at]) {
            *sum = design.columns[other as usize].dot(weighted);
        }
        return;
    }
    // Row by row: only rows where both columns have a number cost anything. Columns that are no members fall into the
    // last entry.
    let last = members.len();
    sums.fill(0.0);
    weighted.clear();
    let with_values = !design.sparse.is_empty();
    column.each(|row, value| {
        let weight = curvature[row] * value;
        weighted.push(weight);
        for &other in design.indicators.columns(row) {
            sums[(place[other as usize] as usize).min(last)] += weight;
        }
        if with_values {
            for (&other, number) in design.sparse.columns(row).iter().zip(design.sparse.values(row)) {
                sums[(place[other as usize] as usize).min(last)] += weight * number;
            }
        }
    });
    let rows = column.rows();
    for (sum, &other) in sums.iter_mut().zip(&members[..=at]) {
        match &design.columns[other as usize].entries {
            Entries::Indicator { value, .. } => *sum *= value,
            Entries::Dense(values) => *sum = dot_sparse(rows, weighted, values),
            Entries::Sparse { .. } | Entries::Constant => {}
        }
    }
}
