//! What a model promises: the list, and the checks of the fit itself.

use std::fmt::Debug;

use super::data::{Shape, Study, one_class, study};
use super::{Dress, Pool, must, must_refuse, same_bits, same_on_threads};
use crate::{Fit, HeldOut, Matrix, Outcome, OutcomeKind, Predict, Sample, Seed, Table, Train};

/// What a model promises; made by [`model`], adjusted, then run by [`ModelPromises::check`].
#[derive(Clone, Copy)]
pub struct ModelPromises<'a, M: Fit> {
    pub(super) fit: &'a M,
    pub(super) kind: OutcomeKind,
    pub(super) duplicates: Option<f64>,
    pub(super) extra_is_error: bool,
    pub(super) load: Option<Load<'a, M>>,
    pub(super) pool: Option<Pool<'a>>,
}

/// Saves a fitted model and loads it again.
type Load<'a, M> = &'a dyn Fn(&<M as Fit>::Fitted) -> <M as Fit>::Fitted;

impl<M: Fit + Debug> Debug for ModelPromises<'_, M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModelPromises")
            .field("fit", self.fit)
            .field("kind", &self.kind)
            .field("duplicates", &self.duplicates)
            .field("extra_is_error", &self.extra_is_error)
            .finish_non_exhaustive()
    }
}

/// The promises of a model for outcomes of one kind.
///
/// Unless adjusted: a row with weight 2 counts as two rows (to 1e-9 in the score), columns that were not fitted on are
/// ignored; saving and thread counts are checked once [`ModelPromises::saved`] and [`ModelPromises::threads`] say how.
pub fn model<M: Fit>(fit: &M, kind: OutcomeKind) -> ModelPromises<'_, M> {
    ModelPromises { fit, kind, duplicates: Some(1e-9), extra_is_error: false, load: None, pool: None }
}

impl<'a, M: Fit> ModelPromises<'a, M> {
    /// How far the scores of a fit on duplicated rows may lie from those of a fit with weight 2.
    #[must_use]
    pub fn duplicates_within(mut self, tolerance: f64) -> Self {
        self.duplicates = Some(tolerance);
        self
    }

    /// Duplicated rows and rows of weight 2 are different things to this model, by design: a smallest number of rows in
    /// a leaf counts rows, say. `reason` is for the reader.
    #[must_use]
    pub fn duplicates_differ(mut self, reason: &str) -> Self {
        assert!(!reason.is_empty(), "duplicates_differ: expected a reason, found none");
        self.duplicates = None;
        self
    }

    /// A column that was not fitted on is an error when scoring, not ignored.
    #[must_use]
    pub fn refuses_extra_columns(mut self) -> Self {
        self.extra_is_error = true;
        self
    }

    /// How to save a fitted model and load it again.
    #[must_use]
    pub fn saved(mut self, load: Load<'a, M>) -> Self {
        self.load = Some(load);
        self
    }

    /// How to run work on a pool of so many threads.
    #[must_use]
    pub fn threads(mut self, pool: Pool<'a>) -> Self {
        self.pool = Some(pool);
        self
    }
}

impl<M> ModelPromises<'_, M>
where
    M: Fit + Debug + Sync,
    M::Reads: Dress,
{
    /// Runs all checks.
    ///
    /// # Panics
    /// When a promise is not kept.
    pub fn check(self) {
        self.same_seed_same_bits();
        self.refit_forgets();
        self.certificate_is_met();
        self.learns();
        self.duplicates_are_weights();
        self.wrong_samples_are_refused();
        self.one_class_is_refused();
        self.rows_are_scored_alone();
        self.scores_are_plausible();
        self.columns_are_those_fitted_on();
        self.saved_is_the_same();
        self.strange_shapes();
        self.threads_change_nothing();
    }

    /// Two fits with one seed give the same bits.
    ///
    /// # Panics
    /// When they do not.
    pub fn same_seed_same_bits(&self) {
        let check = "same seed, same bits";
        let study = self.study();
        let scores =
            || self.score(check, &self.fit(check, &study.train, &study.outcome, None), &study.held_out);
        same_bits(check, "second fit against first", &scores(), &scores());
    }

    /// A fit after a fit on other rows gives the bits of a first fit, and the settings print as before.
    ///
    /// # Panics
    /// When it does not.
    pub fn refit_forgets(&self) {
        let check = "refit forgets";
        let before = format!("{:?}", self.fit);
        let ordinary = self.study();
        let other = study(Shape { train: 150, held_out: 10, noise: 3, seed: 2 }, self.kind);
        let fit = |study: &Study| self.fit(check, &study.train, &study.outcome, None);
        let first = self.score(check, &fit(&ordinary), &ordinary.held_out);
        let _ = fit(&other);
        let again = self.score(check, &fit(&ordinary), &ordinary.held_out);
        same_bits(check, "after a fit on other rows", &first, &again);
        let after = format!("{:?}", self.fit);
        assert!(before == after, "{check}: expected unchanged settings, `{before}` became `{after}`");
    }

    /// The certificate says what was driven to zero and that it arrived.
    ///
    /// # Panics
    /// When it does not.
    pub fn certificate_is_met(&self) {
        let check = "the certificate is met";
        let study = self.study();
        let fitted = self.fit(check, &study.train, &study.outcome, None);
        let certificate = fitted.certificate();
        assert!(!certificate.criterion.is_empty(), "{check}: expected a criterion in words, found none");
        assert!(certificate.converged(), "{check}: expected a gap within tolerance, found {certificate:?}");
        assert!(certificate.iterations > 0, "{check}: expected at least one iteration, found none");
    }

    /// On rows that the fit has not seen, higher outcomes get higher scores.
    ///
    /// # Panics
    /// When the correlation is below 0.2 (the data allows above 0.5).
    pub fn learns(&self) {
        let check = "the model learns";
        let study = self.study();
        let scores = self.score(check, &self.fit(check, &study.train, &study.outcome, None), &study.held_out);
        let r = correlation(&scores, study.truth.values());
        assert!(r > 0.2, "{check}: correlation of score and outcome: expected above 0.2, found {r:.3}");
    }

    /// Duplicated rows count as rows of weight 2.
    ///
    /// # Panics
    /// When the scores differ by more than the tolerance.
    pub fn duplicates_are_weights(&self) {
        let check = "duplicates are weights";
        let Some(tolerance) = self.duplicates else { return };
        let study = self.study();
        let rows = study.train.rows() as u32;
        let twice: Vec<u32> = (0..rows).chain((0..rows).filter(|row| row % 3 == 0)).collect();
        let weights: Vec<f64> = (0..rows).map(|row| if row % 3 == 0 { 2.0 } else { 1.0 }).collect();
        let (copied, outcome) = (study.train.take(&twice), study.outcome.take(&twice));
        let copies = self.score(check, &self.fit(check, &copied, &outcome, None), &study.held_out);
        let weighted = self.fit(check, &study.train, &study.outcome, Some(&weights));
        let weighted = self.score(check, &weighted, &study.held_out);
        let far = copies.iter().zip(&weighted).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(
            far <= tolerance,
            "{check}: expected scores within {tolerance:e}, found a difference of {far:e}"
        );
    }

    /// Weights that are no weights, and an outcome of another length, are errors.
    ///
    /// # Panics
    /// When one is not.
    pub fn wrong_samples_are_refused(&self) {
        let check = "wrong samples are refused";
        let study = self.study();
        let rows = study.train.rows();
        let spoilt = |wrong: f64| (0..rows).map(|row| if row == 3 { wrong } else { 1.0 }).collect::<Vec<_>>();
        for (what, weights) in [
            ("a NaN weight", spoilt(f64::NAN)),
            ("an infinite weight", spoilt(f64::INFINITY)),
            ("a negative weight", spoilt(-1.0)),
            ("too few weights", vec![1.0; rows - 1]),
            ("weights that are all 0", vec![0.0; rows]),
        ] {
            must_refuse(check, what, &self.try_fit(&study.train, &study.outcome, Some(&weights)));
        }
        let short: Vec<u32> = (0..rows as u32 - 1).collect();
        must_refuse(
            check,
            "an outcome with too few rows",
            &self.try_fit(&study.train, &study.outcome.take(&short), None),
        );
    }

    /// An outcome that does not vary is an error.
    ///
    /// # Panics
    /// When it is not.
    pub fn one_class_is_refused(&self) {
        let check = "one class is refused";
        let study = one_class(self.kind);
        must_refuse(
            check,
            "an outcome that does not vary",
            &self.try_fit(&study.train, &study.outcome, None),
        );
    }

    /// 1, 2 and 4 threads give the same bits.
    ///
    /// # Panics
    /// When they do not.
    pub fn threads_change_nothing(&self) {
        let check = "threads change nothing";
        let Some(pool) = self.pool else { return };
        let (fit, kind) = (self.fit, self.kind);
        // Enough rows that work is really divided.
        let shape = Shape { train: 6_000, held_out: 500, noise: 2, seed: 3 };
        same_on_threads(check, pool, &|| {
            let study = study(shape, kind);
            let promises = model(fit, kind);
            let fitted = promises.fit(check, &study.train, &study.outcome, None);
            promises.score(check, &fitted, &study.held_out)
        });
    }

    pub(super) fn study(&self) -> Study {
        study(Shape::ORDINARY, self.kind)
    }

    pub(super) fn try_fit(
        &self,
        train: &Table<Train>,
        outcome: &Outcome<Train>,
        weights: Option<&[f64]>,
    ) -> Result<M::Fitted, M::Error> {
        let x = dress::<M, Train>(train);
        self.fit.fit(&Sample::new(&x, outcome).weighted(weights), Seed::new(42))
    }

    pub(super) fn fit(
        &self,
        check: &str,
        train: &Table<Train>,
        outcome: &Outcome<Train>,
        weights: Option<&[f64]>,
    ) -> M::Fitted {
        must(check, "the fit", self.try_fit(train, outcome, weights))
    }

    pub(super) fn score(&self, check: &str, fitted: &M::Fitted, rows: &Table<HeldOut>) -> Vec<f64> {
        let scores = must(check, "the scores", fitted.predict(&dress::<M, HeldOut>(rows)));
        let values = scores.values().to_vec();
        assert!(
            values.len() == rows.rows(),
            "{check}: expected {} scores, found {}",
            rows.rows(),
            values.len()
        );
        values
    }
}

pub(super) fn dress<M, R>(table: &Table<R>) -> <M::Reads as Matrix>::Of<R>
where
    M: Fit,
    M::Reads: Dress,
    R: crate::RowSet,
{
    <M::Reads as Dress>::dress(table)
}

/// Pearson's correlation; NaN when one list is constant.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let (ma, mb) = (a.iter().sum::<f64>() / n, b.iter().sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(&x, &y)| f(x - ma, y - mb)).sum::<f64>();
    sum(&|x, y| x * y) / (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt()
}
