//! Boosted trees: every combination of settings in every fold, on bins that each fold derives from one shared sort.

use bedside_models::trees::{self, EarlyStopping, Loss, Monotone, TreeParts, TreeSettings};
use bedside_table::{Fit, OutcomeKind, Sample, Seed};

use super::linear::Ground;
use super::{Chosen, loss, over_folds, shown, words};
use crate::StudyError;
use crate::fitted::{Fitted, named};
use crate::progress::Progress;
use crate::report::data::TriedSetting;
use crate::spec::{BoostedTrees, Candidate, Direction};

/// Tries every candidate in every fold and fits the winner on all training rows.
///
/// # Errors
/// [`StudyError::Model`] when a fit fails, [`StudyError::Data`] when there is no candidate.
pub fn tune(
    name: &str,
    ground: Ground<'_>,
    candidates: &[Candidate],
    seed: Seed,
    progress: &dyn Progress,
) -> Result<Chosen, StudyError> {
    let Ground { table, outcome, patients, folds, measure } = ground;
    let sample = Sample::new(table, outcome).grouped(patients);
    let models: Vec<(&Candidate, &BoostedTrees)> =
        candidates.iter().filter_map(|c| c.model.trees().map(|trees| (c, trees))).collect();
    let settings = models
        .iter()
        .map(|(_, model)| settings(model, outcome.kind()).check())
        .collect::<Result<Vec<_>, _>>()
        .map_err(named(name))?;
    let scores = trees::cross_validate(&settings, &sample, folds, seed).map_err(named(name))?;
    progress.step();
    if progress.stopped() {
        return Err(StudyError::Stopped);
    }
    let parts = folds.iter(patients)?;
    let rows: Vec<usize> = parts.iter().map(|fold| fold.parts.held_out().len()).collect();
    let mut tried = Vec::new();
    let mut best: Option<(f64, usize)> = None;
    for (number, ((candidate, _), of_setting)) in models.iter().zip(&scores).enumerate() {
        let out_of_fold = of_setting.scores.values();
        let losses: Vec<f64> = parts
            .iter()
            .map(|fold| {
                let rows = fold.parts.held_out();
                loss(measure, &rows.pick(out_of_fold), &rows.pick(outcome.values()))
            })
            .collect();
        let (mean, standard_error) = over_folds(&losses, &rows);
        tried.push(TriedSetting {
            label: if candidate.label.is_empty() { "as given".to_owned() } else { candidate.label.clone() },
            x: number as f64,
            mean: shown(measure, mean),
            standard_error,
            size: Some(
                of_setting.certificates.iter().map(|c| c.iterations as f64).sum::<f64>() / parts.len() as f64,
            ),
            chosen: false,
        });
        if best.is_none_or(|(lowest, _)| mean < lowest) {
            best = Some((mean, number));
        }
    }
    let Some((_, winner)) = best else {
        return Err(StudyError::Data {
            place: format!("[tune.{name}]"),
            problem: "there is no combination to try; give each setting at least one value".to_owned(),
        });
    };
    tried[winner].chosen = true;
    let out_of_fold = scores[winner].scores.values().to_vec();
    let fitted = settings[winner].fit(&sample, seed).map_err(named(name))?;
    progress.step();
    let used = models[winner].1;
    let leaves = leaves(&fitted);
    Ok(Chosen {
        settings: vec![
            ("trees at most".to_owned(), used.trees.to_string()),
            ("trees grown".to_owned(), fitted.trees().to_string()),
            ("leaves".to_owned(), used.leaves.to_string()),
            ("learning rate".to_owned(), used.learning_rate.to_string()),
            ("rows in a leaf, at least".to_owned(), used.min_rows.to_string()),
            ("L1, L2 penalty on leaves".to_owned(), format!("{}, {}", used.l1, used.l2)),
            ("share of rows, columns".to_owned(), format!("{}, {}", used.row_share, used.column_share)),
        ],
        how: format!(
            "{} settings, {} folds, {}: {} fits",
            models.len(),
            parts.len(),
            words(measure),
            models.len() * parts.len() + 1
        ),
        tried,
        measure,
        axis: "setting".to_owned(),
        out_of_fold,
        nested: None,
        candidate_parameters: leaves,
        parameters: leaves,
        fitted: Fitted::Trees(Box::new(fitted)),
    })
}

/// The share of the training rows that watches for the moment to stop.
const INNER_SHARE: f64 = 0.15;

/// How many leaves there are in all trees.
pub(crate) fn leaves(trees: &trees::FittedTrees) -> usize {
    trees.parts().predictor.iter().filter(|&&p| p == TreeParts::LEAF).count()
}

fn settings(model: &BoostedTrees, kind: OutcomeKind) -> TreeSettings {
    TreeSettings {
        loss: match kind {
            OutcomeKind::Binary => Loss::Logistic,
            OutcomeKind::Continuous => Loss::Squared,
        },
        trees: model.trees as usize,
        leaves: model.leaves as usize,
        learning_rate: model.learning_rate,
        bins: model.bins as usize,
        min_rows: model.min_rows as usize,
        l1: model.l1,
        l2: model.l2,
        row_share: model.row_share,
        column_share: model.column_share,
        positive_weight: model.positive_weight,
        monotone: model
            .monotone
            .iter()
            .map(|(column, direction)| {
                let monotone = match direction {
                    Direction::Increasing => Monotone::Increasing,
                    Direction::Decreasing => Monotone::Decreasing,
                };
                (column.clone(), monotone)
            })
            .collect(),
        early_stopping: (model.early_stopping > 0)
            .then_some(EarlyStopping { patience: model.early_stopping as usize, share: INNER_SHARE }),
        ..TreeSettings::default()
    }
}
