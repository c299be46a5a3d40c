//! The path of all training rows and those of the folds, walked side by side.

use bedside_impute::Encode;
use bedside_models::ModelError;
use bedside_models::glm::{GlmPath, PathSettings, Walk};
use bedside_table::{Complete, Fold, HeldOut, Outcome, Sample, Train};
use rayon::prelude::*;

use super::linear::Ground;
use super::loss;
use crate::StudyError;
use crate::fitted::named;
use crate::progress::Progress;

/// Penalties that every path fits before their losses are compared.
pub(super) const STRIDE: usize = 5;

/// A fold's rows, encoded by what the fold's own training rows taught.
#[derive(Debug)]
pub(super) struct FoldDesign {
    train: Complete<Train>,
    known: Outcome<Train>,
    rest: Complete<HeldOut>,
    /// The outcome of the rows that the fold judges.
    truth: Vec<f64>,
}

/// Encodes each fold.
pub(super) fn designs(
    ground: Ground<'_>,
    folds: &[Fold],
    encode: &Encode,
) -> Result<Vec<FoldDesign>, StudyError> {
    let Ground { table, outcome, .. } = ground;
    folds
        .par_iter()
        .map(|fold| {
            let (train, rest) = (table.part(fold.parts.train()), table.part(fold.parts.held_out()));
            let encoder = encode.fit(&train)?;
            Ok(FoldDesign {
                train: encoder.apply(&train)?,
                known: outcome.part(fold.parts.train()),
                rest: encoder.apply(&rest)?,
                truth: fold.parts.held_out().pick(outcome.values()),
            })
        })
        .collect()
}

/// What walking the paths gave, for each penalty that all of them reached.
#[derive(Debug)]
pub(super) struct Walked {
    /// The path of all training rows.
    pub(super) path: GlmPath,
    /// The loss of each fold, penalty by penalty.
    pub(super) losses: Vec<Vec<f64>>,
    /// The scores of each fold's rows, fold by fold, penalty by penalty.
    pub(super) scores: Vec<Vec<Vec<f64>>>,
}

/// Walks all paths down the same penalties until they end, or until smaller penalties only follow the noise.
///
/// # Errors
/// [`StudyError::Model`] when a fit does not converge, [`StudyError::Stopped`].
pub(super) fn walk(
    name: &str,
    ground: Ground<'_>,
    whole: &Complete<Train>,
    designs: &[FoldDesign],
    settings: &PathSettings,
    progress: &dyn Progress,
) -> Result<Walked, StudyError> {
    let mut of_all = settings
        .clone()
        .check()
        .and_then(|path| path.walk(&Sample::new(whole, ground.outcome)))
        .map_err(named(name))?;
    let given = PathSettings { lambdas: Some(of_all.planned().to_vec()), ..settings.clone() };
    let given = given.check().map_err(named(name))?;
    let begun: Vec<Result<_, ModelError>> = designs
        .par_iter()
        .map(|design| Ok((given.walk(&Sample::new(&design.train, &design.known))?, Vec::new())))
        .collect();
    let mut in_folds: Vec<(Walk<'_>, Vec<Vec<f64>>)> =
        begun.into_iter().collect::<Result<_, _>>().map_err(named(name))?;
    let mut losses: Vec<Vec<f64>> = Vec::new();
    loop {
        if progress.stopped() {
            return Err(StudyError::Stopped);
        }
        let (mut on, folds_on) = rayon::join(
            || of_all.advance(STRIDE),
            || in_folds.par_iter_mut().zip(designs).map(advance).collect::<Vec<Result<bool, ModelError>>>(),
        );
        for fold_on in folds_on {
            on = on.and_then(|on| Ok(on & fold_on?));
        }
        let on = on.map_err(named(name))?;
        // A fold's path may end before the whole one's: what not every path reached cannot win.
        let of_folds = in_folds.iter().map(|(_, scores)| scores.len());
        let reached = of_folds.fold(of_all.path().lambdas().len(), usize::min);
        for penalty in losses.len()..reached {
            let of_fold = |((_, scores), design): (&(_, Vec<Vec<f64>>), &FoldDesign)| {
                loss(ground.measure, &scores[penalty], &design.truth)
            };
            losses.push(in_folds.iter().zip(designs).map(of_fold).collect());
        }
        progress.step();
        if !on || only_rises(&losses) {
            break;
        }
    }
    let scores = in_folds.into_iter().map(|(_, scores)| scores).collect();
    Ok(Walked { path: of_all.into_path(), losses, scores })
}

/// Fits the next penalties of a fold and scores the rows that it judges; gives whether there are others after them.
fn advance(
    ((walk, scores), design): (&mut (Walk<'_>, Vec<Vec<f64>>), &FoldDesign),
) -> Result<bool, ModelError> {
    let on = walk.advance(STRIDE)?;
    let new = walk.path().predict_from(scores.len(), &design.rest)?;
    scores.extend(new.iter().map(|scores| scores.values().to_vec()));
    Ok(on)
}

/// Whether in every fold the loss has risen from each of the last penalties to the next, above the fold's loss where the mean
/// is lowest.
fn only_rises(losses: &[Vec<f64>]) -> bool {
    let mean = |of_fold: &Vec<f64>| of_fold.iter().sum::<f64>();
    let Some(best) = losses.iter().min_by(|a, b| mean(a).total_cmp(&mean(b))) else { return false };
    let Some(last) = losses.len().checked_sub(STRIDE + 1).map(|from| &losses[from..]) else { return false };
    (0..best.len())
        .all(|fold| last[0][fold] > best[fold] && last.windows(2).all(|pair| pair[1][fold] > pair[0][fold]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folds(curves: [&[f64]; 2]) -> Vec<Vec<f64>> {
        curves[0].iter().zip(curves[1]).map(|(a, b)| vec![*a, *b]).collect()
    }

    #[test]
    fn only_a_rise_in_every_fold_ends_the_walk() {
        let up = [5.0, 4.0, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6];
        let flat = [5.0, 4.0, 3.0, 3.1, 3.2, 3.2, 3.4, 3.5, 3.6];
        let down = [5.0, 4.0, 3.0, 2.9, 2.8, 2.7, 2.6, 2.5, 2.4];
        assert!(only_rises(&folds([&up, &up])));
        assert!(!only_rises(&folds([&up, &flat])));
        assert!(!only_rises(&folds([&up, &down])));
        assert!(!only_rises(&folds([&up[..8], &up[..8]])), "five rises, the first from the lowest itself");
        assert!(!only_rises(&[]));
    }
}
