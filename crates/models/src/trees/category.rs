//! Splits of a predictor whose levels have no order.
//!
//! For a convex loss the best division of the levels in two is found among those that respect the order of their mean
//! gradients (Fisher 1958, doi 10.1080/01621459.1958.10501479), so sorting replaces trying all subsets.
//!
//! Such an order follows chance as well as effect: many levels always look better than two (selection bias: Loh, Shih 1997,
//! Split selection methods for classification trees, section 1). What chance alone is expected to gain is therefore taken
//! off. Without any effect the summed gradient of level k is near Normal(0, φ hₖ), with hₖ its summed hessian and φ the
//! dispersion of gradients; the best order then puts all positive sums on one side, each side holds half of the hessian H,
//! and as E|Normal(0, v)| = √(2v/π), the division gains about 2φ/π · (Σ √hₖ)² / H. The last factor is the number of levels
//! when all are equally frequent, and an effective number of levels else. One level cannot be divided and gains nothing.

use std::f64::consts::FRAC_2_PI;

use super::cell::Cell;
use super::split::{BinSet, Split, Trial};

/// The best division of levels. Missing values take part as a level of their own; levels without a row in this leaf go
/// where missing values go.
pub(super) fn search_levels(
    trial: &Trial,
    smoothing: f64,
    dispersion: f64,
    cells: &[Cell],
    missing: Cell,
    feature: usize,
) -> Option<Split> {
    let mut levels: Vec<(f64, u8, Cell)> = cells
        .iter()
        .chain([&missing])
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(bin, &cell)| {
            let sums = trial.sums(cell);
            (sums.gradient / (sums.hessian + smoothing).max(f64::MIN_POSITIVE), bin as u8, cell)
        })
        .collect();
    levels.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let roots: f64 = levels.iter().map(|&(.., cell)| trial.sums(cell).hessian.max(0.0).sqrt()).sum();
    let effective = roots * roots / trial.sums(trial.total).hessian.max(f64::MIN_POSITIVE);
    let by_chance = FRAC_2_PI * dispersion * (effective - 1.0).max(0.0);
    let mut left = Cell::ZERO;
    let mut best: Option<(f64, usize, Cell)> = None;
    for (place, &(_, _, cell)) in levels.iter().enumerate() {
        left.add(cell);
        if let Some(gain) = trial.gain(left)
            && best.is_none_or(|(most, ..)| gain > most)
        {
            best = Some((gain, place, left));
        }
    }
    let (gain, place, sums) = best.filter(|(gain, ..)| *gain > by_chance)?;
    let mut set = BinSet::default();
    levels[..=place].iter().for_each(|&(_, bin, _)| set.insert(bin));
    let gap = cells.len() as u8;
    let missing_left = if missing.is_empty() { trial.left_is_larger(sums) } else { set.contains(gap) };
    if missing_left {
        set.insert(gap);
        (0..gap).filter(|&bin| cells[usize::from(bin)].is_empty()).for_each(|bin| set.insert(bin));
    }
    Some(Split { gain: gain - by_chance, feature, bin: 0, left: set, missing_left, sums })
}
