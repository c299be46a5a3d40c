//! How much worse a model gets on held-out rows when one predictor is shuffled.
//!
//! Breiman 2001, section 10, doi 10.1023/A:1010933404324. A shuffled predictor keeps its distribution and loses its link to
//! the row. Correlated predictors stand in for each other, so a small loss does not mean that a predictor is unrelated.

use bedside_table::{HeldOut, Outcome, OutcomeKind, RowSet, Seed, Table};
use bedside_validate::{Estimate, quick};
use rayon::prelude::*;

use crate::StudyError;
use crate::fitted::{Fitted, link_inverse};
use crate::progress::Progress;
use crate::report::data::Importance;

/// Shuffles each predictor `repeats` times among the held-out rows. The interval runs from the smallest to the largest
/// loss over the repeats. Ordered by loss, largest first.
///
/// # Errors
/// As [`Fitted::predict`].
pub fn permutation(
    model: &Fitted,
    table: &Table<HeldOut>,
    outcome: &Outcome<HeldOut>,
    repeats: usize,
    seed: Seed,
    progress: &dyn Progress,
) -> Result<Vec<Importance>, StudyError> {
    if repeats == 0 {
        return Ok(Vec::new());
    }
    let y = outcome.values();
    let measure = |scores: &[f64]| match outcome.kind() {
        OutcomeKind::Binary => quick::auroc(scores, y),
        OutcomeKind::Continuous => quick::r_squared(scores, y),
    };
    let Some(whole) = measure(model.predict(table)?.values()) else { return Ok(Vec::new()) };
    // A regression is a sum over predictors: shuffling one moves only its own term.
    let terms = match model {
        Fitted::Linear(_) => Some(model.explain(table)?),
        Fitted::Trees(_) => None,
    };
    let used = model.used_predictors();
    let mut found = table
        .columns()
        .par_iter()
        .map(|column| {
            progress.step();
            if progress.stopped() {
                return Err(StudyError::Stopped);
            }
            if !used.contains(&column.name) {
                return Ok(Importance { predictor: column.name.clone(), drop: spread(&vec![0.0; repeats]) });
            }
            let place = terms.as_ref().and_then(|t| t.predictors.iter().position(|p| *p == column.name));
            let losses = (0..repeats)
                .map(|repeat| {
                    let shuffled = order(table.rows(), seed, &column.name, repeat);
                    let scores: Vec<f64> = match (&terms, place) {
                        (Some(terms), Some(at)) => terms
                            .rows
                            .iter()
                            .zip(&shuffled)
                            .map(|(row, &other)| {
                                let eta: f64 = terms.base + row.iter().sum::<f64>();
                                let moved = eta - row[at] + terms.rows[other as usize][at];
                                link_inverse(outcome.kind(), moved)
                            })
                            .collect(),
                        (Some(_), None) => return Ok(0.0),
                        (None, _) => {
                            let shuffled = shuffle(table, &column.name, &shuffled)?;
                            model.predict(&shuffled)?.values().to_vec()
                        }
                    };
                    Ok(measure(&scores).map_or(0.0, |m| whole - m))
                })
                .collect::<Result<Vec<f64>, StudyError>>()?;
            Ok(Importance { predictor: column.name.clone(), drop: spread(&losses) })
        })
        .collect::<Vec<Result<Importance, StudyError>>>()
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let loss = |of: &Importance| of.drop.value.unwrap_or(f64::NEG_INFINITY);
    found.sort_by(|a, b| loss(b).total_cmp(&loss(a)).then_with(|| a.predictor.cmp(&b.predictor)));
    Ok(found)
}

fn order(rows: usize, seed: Seed, predictor: &str, repeat: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..rows as u32).collect();
    seed.derive("permutation", repeat as u64).derive(predictor, 0).stream().shuffle(&mut order);
    order
}

fn shuffle<R: RowSet>(table: &Table<R>, predictor: &str, order: &[u32]) -> Result<Table<R>, StudyError> {
    let alone = table.select(|c| c.name == predictor).take(order);
    match alone.columns().first() {
        Some(column) => Ok(table.with_column(column.clone())?),
        None => Ok(table.clone()),
    }
}

fn spread(losses: &[f64]) -> Estimate {
    let mean = losses.iter().sum::<f64>() / losses.len() as f64;
    let (low, high) = losses.iter().fold((f64::MAX, f64::MIN), |(l, h), &v| (l.min(v), h.max(v)));
    let how = format!("mean and range of {} shuffles", losses.len());
    Estimate { value: Some(mean), low: Some(low), high: Some(high), how }
}
