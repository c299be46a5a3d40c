//! Boosted trees: one fit, and a grid over grouped folds.

use std::time::Instant;

use bedside_models::trees::{self, TreeSettings};
use bedside_table::{Fit, Predict, Sample, Seed};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Outcome;
use crate::auroc::auroc;
use crate::inputs::{Inputs, listed};

const SEED: u64 = 1;

/// `bench/trees.json`.
#[derive(Deserialize)]
struct Settings {
    fit: Usual,
    grid: Grid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Usual {
    trees: usize,
    leaves: usize,
    bins: usize,
    learning_rate: f64,
    min_rows: usize,
    min_hessian: f64,
    l1: f64,
    l2: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Grid {
    leaves: Vec<usize>,
    learning_rate: Vec<f64>,
    min_rows: Vec<usize>,
}

impl Settings {
    fn read(path: &str) -> Outcome<Self> {
        let bytes = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
        Ok(serde_json::from_slice(&bytes)?)
    }

    fn usual(&self) -> TreeSettings {
        let &Usual { trees, leaves, bins, learning_rate, min_rows, min_hessian, l1, l2 } = &self.fit;
        TreeSettings {
            trees,
            leaves,
            bins,
            learning_rate,
            min_rows,
            min_hessian,
            l1,
            l2,
            ..TreeSettings::default()
        }
    }

    /// Every combination of the grid.
    fn combinations(&self) -> Vec<TreeSettings> {
        let mut all = Vec::new();
        for &leaves in &self.grid.leaves {
            for &learning_rate in &self.grid.learning_rate {
                for &min_rows in &self.grid.min_rows {
                    all.push(TreeSettings { leaves, learning_rate, min_rows, ..self.usual() });
                }
            }
        }
        all
    }
}

/// One fit for each of the folds on the rows outside it, binning included; the time is the mean of them.
pub(crate) fn fit(inputs: &str, settings: &str, folds: &str) -> Outcome<Value> {
    let (inputs, settings, folds) = (Inputs::read(inputs)?, Settings::read(settings)?, listed(folds)?);
    let model = settings.usual().check()?;
    let table = inputs.numeric()?;
    let (mut seconds, mut areas) = (0.0, Vec::new());
    for &fold in &folds {
        let parts = inputs.parts(fold)?;
        let (known, truth) = (table.part(parts.train()), inputs.outcome.part(parts.train()));
        let (unseen, events) = (table.part(parts.held_out()), inputs.outcome.part(parts.held_out()));
        let start = Instant::now();
        let fitted = model.fit(&Sample::new(&known, &truth), Seed::new(SEED))?;
        seconds += start.elapsed().as_secs_f64();
        areas.push(auroc(events.values(), fitted.predict(&unseen)?.values()));
    }
    let count = folds.len() as f64;
    let mean = areas.iter().sum::<f64>() / count;
    Ok(json!({ "seconds_inside": seconds / count, "auroc": areas, "auroc_mean": mean }))
}

/// All settings of the grid in all folds, with their AUROC.
pub(crate) fn grid(inputs: &str, settings: &str) -> Outcome<Value> {
    let (inputs, settings) = (Inputs::read(inputs)?, Settings::read(settings)?);
    let all = inputs.all_rows()?;
    let (known, truth) =
        (inputs.numeric_and_one()?.part(all.train()), inputs.outcome_and_one()?.part(all.train()));
    let folds = inputs.folds()?;
    let start = Instant::now();
    let combinations =
        settings.combinations().into_iter().map(TreeSettings::check).collect::<Result<Vec<_>, _>>()?;
    let sample = Sample::new(&known, &truth).grouped(Some(&inputs.patients));
    let of_settings = trees::cross_validate(&combinations, &sample, &folds, Seed::new(SEED))?;
    let areas: Vec<f64> = of_settings
        .iter()
        .map(|setting| {
            let of_folds = (0..folds.count()).map(|fold| {
                let held = |values: &[f64]| -> Vec<f64> {
                    let here = values.iter().zip(folds.of_row()).filter(|&(_, &f)| f as usize == fold);
                    here.map(|(&value, _)| value).collect()
                };
                auroc(&held(truth.values()), &held(setting.scores.values()))
            });
            of_folds.sum::<f64>() / folds.count() as f64
        })
        .collect();
    let seconds = start.elapsed().as_secs_f64();
    let best = areas.iter().copied().fold(0.0, f64::max);
    Ok(json!({
        "seconds_inside": seconds, "fits": combinations.len() * folds.count(), "auroc": areas, "auroc_best": best,
    }))
}
