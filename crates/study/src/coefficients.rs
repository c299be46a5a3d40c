//! Coefficients of a regression with bootstrap intervals.
//!
//! Whole patients are drawn with replacement; the regression is fitted again at the chosen penalty, with the encoder kept,
//! so the intervals say how much the coefficients depend on who was in the training rows, not on how the penalty was
//! chosen. Penalised coefficients are drawn towards zero; their intervals are no confidence intervals of causal effects.

use std::collections::HashMap;

use bedside_models::glm::FittedGlm;
use bedside_table::{DesignData, Seed, Term};
use bedside_validate::Estimate;
use rayon::prelude::*;

use crate::StudyError;
use crate::fitted::{Fitted, named};
use crate::progress::Progress;
use crate::reference::quantile;
use crate::report::data::CoefficientRow;
use crate::tune::linear::Ground;

/// Bootstrap fits behind each interval.
pub const REPLICATES: usize = 100;

/// Coefficients that are not zero, largest effect per standard deviation first. Empty for trees.
///
/// # Errors
/// [`StudyError::Model`] when a bootstrap fit does not converge.
pub fn rows(
    ground: Ground<'_>,
    name: &str,
    fitted: &Fitted,
    seed: Seed,
    progress: &dyn Progress,
) -> Result<Vec<CoefficientRow>, StudyError> {
    let Fitted::Linear(model) = fitted else { return Ok(Vec::new()) };
    let design = model.encoder().apply(ground.table)?;
    let drawn = (0..REPLICATES as u64)
        .into_par_iter()
        .map(|replicate| {
            if progress.stopped() {
                return Err(StudyError::Stopped);
            }
            let weights = weights(ground, seed.derive("coefficients", replicate));
            let again = model.glm().refit(&design, ground.outcome, &weights).map_err(named(name))?;
            progress.step();
            Ok(by_term(&again))
        })
        .collect::<Vec<Result<HashMap<(String, Term), f64>, StudyError>>>()
        .into_iter()
        .collect::<Result<Vec<_>, _>>()?;
    let n = design.rows() as f64;
    let deviation: HashMap<(&str, &Term), f64> = design
        .columns()
        .iter()
        .map(|column| {
            let values = |f: &dyn Fn(f64) -> f64| -> f64 {
                match &column.data {
                    DesignData::Dense(v) | DesignData::Sparse { values: v, .. } => {
                        v.iter().map(|&x| f(x)).sum()
                    }
                    DesignData::Indicator(rows) => rows.len() as f64 * f(1.0),
                }
            };
            let mean = values(&|x| x) / n;
            let variance = (values(&|x| x * x) / n - mean * mean).max(0.0);
            ((column.predictor.as_str(), &column.term), variance.sqrt())
        })
        .collect();
    let labels: HashMap<(&str, &Term), String> =
        design.columns().iter().map(|c| ((c.predictor.as_str(), &c.term), c.label())).collect();
    let mut rows: Vec<CoefficientRow> = by_term(model.glm())
        .into_iter()
        .filter(|(_, value)| value.abs() > 0.0)
        .map(|(key, value)| {
            let place = (key.0.as_str(), &key.1);
            let mut again: Vec<f64> = drawn.iter().map(|fit| fit.get(&key).copied().unwrap_or(0.0)).collect();
            again.sort_by(f64::total_cmp);
            let selected = again.iter().filter(|v| v.abs() > 0.0).count() as f64 / again.len() as f64;
            CoefficientRow {
                term: labels.get(&place).cloned().unwrap_or_default(),
                coefficient: Estimate {
                    value: Some(value),
                    low: Some(quantile(&again, 0.025)),
                    high: Some(quantile(&again, 0.975)),
                    how: format!(
                        "patient bootstrap at the chosen penalty, {REPLICATES} replicates, percentile"
                    ),
                },
                standardised: value * deviation.get(&place).copied().unwrap_or(0.0),
                selected: Some(selected),
            }
        })
        .collect();
    rows.sort_by(|a, b| {
        b.standardised.abs().total_cmp(&a.standardised.abs()).then_with(|| a.term.cmp(&b.term))
    });
    Ok(rows)
}

fn by_term(glm: &FittedGlm) -> HashMap<(String, Term), f64> {
    glm.coefficients().iter().map(|c| ((c.predictor.clone(), c.term.clone()), c.value)).collect()
}

/// How often each row is drawn when whole patients are drawn with replacement.
fn weights(ground: Ground<'_>, seed: Seed) -> Vec<f64> {
    let singles: Vec<u32>;
    let patients = match ground.patients {
        Some(patients) => patients,
        None => {
            singles = (0..ground.table.rows() as u32).collect();
            &singles
        }
    };
    let mut number = HashMap::new();
    let of_row: Vec<u32> = patients
        .iter()
        .map(|&p| {
            let next = number.len() as u32;
            *number.entry(p).or_insert(next)
        })
        .collect();
    let people = number.len() as u32;
    let mut times = vec![0u32; people as usize];
    let mut stream = seed.stream();
    (0..people).for_each(|_| times[stream.below(people) as usize] += 1);
    of_row.iter().map(|&p| f64::from(times[p as usize])).collect()
}
