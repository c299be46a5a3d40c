//! Boosted trees: every combination of settings in every fold, on bins that each fold derives from one shared sort.

use bedside_models::trees::{self, Loss, Monotone, TreeSettings};
use bedside_table::{Fit, OutcomeKind, Sample, Seed};

use super::linear::Ground;
use super::{Chosen, loss, over_folds, scatter, shown, words};
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
        let losses: Vec<f64> = parts
            .iter()
            .zip(of_setting)
            .map(|(fold, scores)| loss(measure, scores.values(), &fold.parts.held_out().pick(outcome.values())))
            .collect();
        let (mean, standard_error) = over_folds(&losses, &rows);
        tried.push(TriedSetting {
            label: if candidate.label.is_empty() { "as given".to_owned() } else { candidate.label.clone() },
            x: number as f64,
            mean: shown(measure, mean),
            standard_error,
            size: None,
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
    let mut out_of_fold = vec![0.0; table.rows()];
    for (fold, scores) in parts.iter().zip(&scores[winner]) {
        scatter(&mut out_of_fold, fold.parts.held_out().numbers(), scores.values())?;
    }
    let fitted = settings[winner].fit(&sample, seed).map_err(named(name))?;
    progress.step();
    let used = models[winner].1;
    Ok(Chosen {
        settings: vec![
            ("trees at most".to_owned(), used.trees.to_string()),
            ("trees grown".to_owned(), fitted.tree_count().to_string()),
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
        candidate_parameters: fitted.leaf_count(),
        parameters: fitted.leaf_count(),
        fitted: Fitted::Trees(Box::new(fitted)),
    })
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
        early_stopping: (model.early_stopping > 0).then_some(model.early_stopping as usize),
        ..TreeSettings::default()
    }
}
