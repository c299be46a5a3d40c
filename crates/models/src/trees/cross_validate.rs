//! Out-of-fold predictions of many settings for little more than the price of growing their trees.

use bedside_table::{Certificate, Fold, Folds, Sample, Scores, Seed, Table, TableError, Train};
use rayon::prelude::*;

use super::bins::{Binned, Codes};
use super::boost::{Watched, boost};
use super::fit::{Known, Part};
use super::rank::Ranked;
use super::settings::{TreeSettings, Trees};
use crate::ModelError;

/// Predictions of one setting for rows that the predicting model did not see.
#[derive(Debug, Clone, PartialEq)]
pub struct FoldScores {
    /// The risk or expected value of every row, from the fold that held it out.
    pub scores: Scores<Train>,
    /// The certificate of each fold's fit.
    pub certificates: Vec<Certificate>,
}

/// The seed with which [`cross_validate`] fits a fold.
#[must_use]
pub fn fold_seed(seed: Seed, fold: usize) -> Seed {
    seed.derive("trees of fold", fold as u64)
}

/// Fits every setting on the training rows of every fold and predicts the rows held out.
///
/// Each column is sorted once. Bins are found anew for each fold, from the ranks of its training rows alone, and shared by
/// all settings; settings that differ in nothing but the number of trees share the trees as well. A fold's predictions
/// are bit for bit those of [`bedside_table::Fit::fit`] on that fold's training rows with [`fold_seed`]: nothing leaks.
///
/// # Errors
/// Those of [`bedside_table::Fit::fit`] of [`Trees`]; [`TableError::Length`] when the folds are those of another table;
/// [`TableError::GroupOnTwoSides`] when they divide a group.
pub fn cross_validate(
    settings: &[Trees],
    sample: &Sample<'_, Table<Train>>,
    folds: &Folds,
    seed: Seed,
) -> Result<Vec<FoldScores>, ModelError> {
    let rows = sample.x.rows();
    if folds.of_row().len() != rows {
        return Err(TableError::Length { what: "folds", expected: rows, found: folds.of_row().len() }.into());
    }
    let known = settings.iter().map(|trees| Known::of(trees, sample)).collect::<Result<Vec<_>, _>>()?;
    let Some(known) = known.into_iter().next() else { return Ok(Vec::new()) };
    let ranked = Ranked::of(sample.x);
    let runs = runs(settings);
    let threads = rayon::current_num_threads();
    let folds = folds.iter(sample.groups)?;
    // So many folds are held in memory side by side that each thread has work until the last fits.
    let at_once = threads.min(folds.len()).max(1);
    // Fits side by side waste no time on waiting for each other; few of them use the threads themselves.
    let parallel = runs.len() * at_once < threads;
    let mut values = vec![vec![0.0; rows]; settings.len()];
    let mut certificates = vec![Vec::new(); settings.len()];
    for folds in folds.chunks(at_once) {
        let cuts: Vec<Cut<'_>> =
            folds.par_iter().map(|fold| Cut::new(&ranked, &known, fold, settings)).collect();
        let fits: Vec<(&Run, &Cut<'_>, &Fold)> = runs
            .iter()
            .flat_map(|run| cuts.iter().zip(folds).map(move |(cut, fold)| (run, cut, fold)))
            .collect();
        // Handed out one by one, so that no thread waits long for the last.
        let mut done: Vec<_> = fits
            .iter()
            .enumerate()
            .par_bridge()
            .map(|(place, (run, cut, fold))| (place, cut.run(run, fold_seed(seed, fold.number), parallel)))
            .collect();
        done.sort_unstable_by_key(|(place, _)| *place);
        for ((run, _, fold), (_, done)) in fits.iter().zip(done) {
            let (certificate, scores) = done?;
            for (&(place, _), scores) in run.members.iter().zip(scores) {
                certificates[place].push(certificate.clone());
                for (&row, score) in fold.parts.held_out().numbers().iter().zip(scores) {
                    values[place][row as usize] = score;
                }
            }
        }
    }
    let finished =
        |(values, certificates)| Ok(FoldScores { scores: Scores::new(rows, values)?, certificates });
    values.into_iter().zip(certificates).map(finished).collect()
}

/// Settings that differ in the number of trees only: one fit serves them all.
struct Run {
    /// With the largest number of trees.
    settings: TreeSettings,
    /// Place among the settings, and number of trees; fewest first.
    members: Vec<(usize, usize)>,
}

/// The costliest first.
fn runs(settings: &[Trees]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (place, Trees(wanted)) in settings.iter().enumerate() {
        let alike = |run: &&mut Run| {
            // Where the inner fold decides, the limit is part of the decision.
            wanted.early_stopping.is_none()
                && TreeSettings { trees: wanted.trees, ..run.settings.clone() } == *wanted
        };
        match runs.iter_mut().find(alike) {
            Some(run) => {
                run.settings.trees = run.settings.trees.max(wanted.trees);
                run.members.push((place, wanted.trees));
            }
            None => runs.push(Run { settings: wanted.clone(), members: vec![(place, wanted.trees)] }),
        }
    }
    runs.iter_mut().for_each(|run| run.members.sort_by_key(|&(place, trees)| (trees, place)));
    runs.sort_by_key(|run| std::cmp::Reverse(run.settings.trees * run.settings.leaves));
    runs
}

/// One fold, cut into bins.
struct Cut<'a> {
    ranked: &'a Ranked,
    part: Part,
    held: usize,
    /// For each number of bins that a setting asks for: the training rows, and the rows held out.
    bins: Vec<(usize, Binned, Codes)>,
}

impl<'a> Cut<'a> {
    fn new(ranked: &'a Ranked, known: &Known<'_>, fold: &Fold, settings: &[Trees]) -> Self {
        let train = known.counted(fold.parts.train().numbers().iter().copied());
        let held = fold.parts.held_out().numbers();
        let mut asked: Vec<usize> = settings.iter().map(|trees| trees.0.bins).collect();
        asked.sort_unstable();
        asked.dedup();
        let cut = |bins| {
            let binned = Binned::new(ranked, &train, bins);
            let codes = binned.codes_of(ranked, held);
            (bins, binned, codes)
        };
        Self {
            ranked,
            part: known.part(&train),
            held: held.len(),
            bins: asked.into_iter().map(cut).collect(),
        }
    }

    /// The certificate, and the scores of the rows held out for each member of the run.
    fn run(&self, run: &Run, seed: Seed, parallel: bool) -> Result<(Certificate, Vec<Vec<f64>>), ModelError> {
        let place = self.bins.iter().position(|(bins, ..)| *bins == run.settings.bins).unwrap_or(0);
        let (_, binned, codes) = &self.bins[place];
        let mut after: Vec<usize> = run.members.iter().map(|&(_, trees)| trees).collect();
        after.dedup();
        let watched = Watched { codes, rows: self.held, after: &after };
        let training = self.part.training(self.ranked, binned, seed, parallel);
        let (boosted, raw) = boost(&run.settings, &training, Some(&watched))?;
        let scores = run.members.iter().map(|(_, trees)| {
            let at = after.iter().position(|wanted| wanted == trees).unwrap_or(0);
            raw[at].iter().map(|&raw| run.settings.loss.response(raw)).collect()
        });
        Ok((boosted.certificate, scores.collect()))
    }
}
