//! What a fitted model promises about rows it scores.

use std::fmt::Debug;

use super::data::{as_whole, numeric, recoded, reversed, unknown};
use super::model::dress;
use super::{Dress, ModelPromises, must, must_refuse, same_bits};
use crate::{
    Categorical, Column, Fit, HeldOut, OutcomeKind, Partition, Predict, Scores, Seed, Table, TableError,
    Whole,
};

impl<M> ModelPromises<'_, M>
where
    M: Fit + Debug + Sync,
    M::Reads: Dress,
{
    /// A row's score does not depend on the rows around it: alone, in another order or repeated, it has the same bits.
    ///
    /// # Panics
    /// When it has not.
    pub fn rows_are_scored_alone(&self) {
        let check = "rows are scored alone";
        let study = self.study();
        let fitted = self.fit(check, &study.train, &study.outcome, None);
        let together = self.score(check, &fitted, &study.held_out);
        let mut order: Vec<u32> = (0..together.len() as u32).chain([5, 5, 0]).collect();
        Seed::new(9).stream().shuffle(&mut order);
        let expected: Vec<f64> = order.iter().map(|&row| together[row as usize]).collect();
        let found = self.score(check, &fitted, &study.held_out.take(&order));
        same_bits(check, "in another order", &expected, &found);
        let alone: Vec<f64> = (0..together.len())
            .flat_map(|row| self.score(check, &fitted, &study.held_out.row(row)))
            .collect();
        same_bits(check, "one row at a time", &together, &alone);
        assert!(
            self.score(check, &fitted, &study.held_out.take(&[])).is_empty(),
            "{check}: expected no scores for no rows"
        );
    }

    /// Scores are finite, risks lie in [0, 1], also for gaps and levels that the training rows did not have.
    ///
    /// # Panics
    /// When they do not.
    pub fn scores_are_plausible(&self) {
        let check = "scores are plausible";
        let study = self.study();
        let fitted = self.fit(check, &study.train, &study.outcome, None);
        let mut rows = vec![study.held_out.clone(), unknown(&study.held_out)];
        for extreme in [1e9, -1e9] {
            let cells = std::iter::repeat_n(Some(extreme), study.held_out.rows());
            rows.push(must(check, "the table", study.held_out.with_column(numeric("age", cells))));
        }
        let gaps = std::iter::repeat_n(None, study.held_out.rows());
        rows.push(must(check, "the table", study.held_out.with_column(numeric("age", gaps))));
        for rows in rows {
            self.plausible(check, &self.score(check, &fitted, &rows));
        }
    }

    pub(super) fn plausible(&self, check: &str, scores: &[f64]) {
        for (row, score) in scores.iter().enumerate() {
            let fine = match self.kind {
                OutcomeKind::Binary => (0.0..=1.0).contains(score),
                OutcomeKind::Continuous => score.is_finite(),
            };
            let expected =
                if self.kind == OutcomeKind::Binary { "a risk in [0, 1]" } else { "a finite number" };
            assert!(fine, "{check}: row {row}: expected {expected}, found {score:e}");
        }
    }

    /// A column that was fitted on and is absent, or is of another kind, is an error; one that was not fitted on is ignored
    /// (or an error, if so promised); another order of columns gives the same bits or an error, never other scores; levels are known by name, not by code.
    ///
    /// # Panics
    /// When it does not.
    pub fn columns_are_those_fitted_on(&self) {
        let check = "columns are those fitted on";
        let study = self.study();
        let fitted = self.fit(check, &study.train, &study.outcome, None);
        let expected = self.score(check, &fitted, &study.held_out);
        let whole = as_whole(&study.held_out, None);
        must_refuse(check, "an absent column", &predict::<M>(&fitted, &whole.select(|c| c.name != "age")));
        if <M::Reads as Dress>::KINDS {
            let words = Categorical::from_labels(std::iter::repeat_n(Some("old"), whole.rows()));
            let other = must(check, "the table", whole.with_column(Column::categorical("age", words)));
            must_refuse(check, "a column of another kind", &predict::<M>(&fitted, &other));
        }
        let shift = numeric("extra", (0..whole.rows()).map(|row| Some(row as f64)));
        let extra = predict::<M>(&fitted, &as_whole(&study.held_out, Some(shift)));
        if self.extra_is_error {
            must_refuse(check, "a column that was not fitted on", &extra);
        } else {
            let extra = must(check, "a column that was not fitted on", extra);
            same_bits(check, "with a column that was not fitted on", &expected, extra.values());
        }
        let found = self.score(check, &fitted, &recoded(&study.held_out));
        same_bits(check, "levels in another order", &expected, &found);
        if let Ok(found) = predict::<M>(&fitted, &reversed(&whole)) {
            same_bits(check, "columns in another order", &expected, found.values());
        }
    }

    /// A model that was saved and loaded gives the same bits and has the same certificate.
    ///
    /// # Panics
    /// When it does not.
    pub fn saved_is_the_same(&self) {
        let check = "saved is the same";
        let Some(load) = self.load else { return };
        let study = self.study();
        let fitted = self.fit(check, &study.train, &study.outcome, None);
        let loaded = load(&fitted);
        let expected = self.score(check, &fitted, &study.held_out);
        same_bits(check, "after saving and loading", &expected, &self.score(check, &loaded, &study.held_out));
        let (kept, found) = (fitted.certificate(), loaded.certificate());
        assert!(kept == found, "{check}: the certificate: expected {kept:?}, found {found:?}");
    }
}

/// The scores of rows whose columns were changed.
fn predict<M>(fitted: &M::Fitted, changed: &Table<Whole>) -> Result<Scores<HeldOut>, TableError>
where
    M: Fit,
    M::Reads: Dress,
{
    // One more row stands for the training side, which may not be empty.
    let last = changed.rows() as u32 - 1;
    let rows: Vec<u32> = (0..changed.rows() as u32).chain([last]).collect();
    let held_out: Vec<bool> = rows.iter().enumerate().map(|(place, _)| place < changed.rows()).collect();
    let parts = must("conformance data", "the division", Partition::new(&held_out, None));
    fitted.predict(&dress::<M, HeldOut>(&changed.take(&rows).part(parts.held_out())))
}
