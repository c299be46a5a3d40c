//! Performance in each fold, of scores that the fold's model had not learned from.

use bedside_table::OutcomeKind;
use bedside_validate::quick;

use crate::tune::linear::Ground;

/// Of scores and outcomes of one fold; nothing where the fold cannot say.
type Measure = dyn Fn(&[f64], &[f64]) -> Option<f64>;

/// Each measure with one value a fold; nothing where a fold does not have it, as an AUROC without both classes.
pub(super) fn measures(ground: Ground<'_>, out_of_fold: &[f64]) -> Vec<(String, Vec<Option<f64>>)> {
    let folds: Vec<(Vec<f64>, Vec<f64>)> = (0..ground.folds.count() as u32)
        .map(|fold| {
            ground
                .folds
                .of_row()
                .iter()
                .zip(out_of_fold.iter().zip(ground.outcome.values()))
                .filter(|(of, _)| **of == fold)
                .map(|(_, (&score, &y))| (score, y))
                .unzip()
        })
        .collect();
    let each = |name: &str, measure: &Measure| {
        (name.to_owned(), folds.iter().map(|(scores, y)| measure(scores, y)).collect())
    };
    match ground.outcome.kind() {
        OutcomeKind::Binary => vec![
            each("AUROC", &|s, y| quick::auroc(s, y)),
            each("Brier score", &|s, y| Some(quick::brier(s, y))),
            each("Log loss", &|s, y| Some(quick::log_loss(s, y))),
        ],
        OutcomeKind::Continuous => {
            vec![each("R²", &|s, y| quick::r_squared(s, y)), each("RMSE", &|s, y| Some(quick::rmse(s, y)))]
        }
    }
}
