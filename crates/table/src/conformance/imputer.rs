//! What an imputer promises.

use std::fmt::Debug;

use super::data::{Shape, Study, as_whole, divide, numeric, recoded, reversed, study, unknown};
use super::{Pool, must, must_refuse, same_bits, same_on_threads};
use crate::{
    Categorical, Column, Complete, Impute, Outcome, OutcomeKind, RowSet, Seed, Table, Term, Transform,
};

/// What an imputer promises; made by [`imputer`], adjusted, then run by [`ImputerPromises::check`].
#[derive(Clone, Copy)]
pub struct ImputerPromises<'a, I: Impute> {
    fit: &'a I,
    load: Option<Load<'a, I>>,
    pool: Option<Pool<'a>>,
}

/// Saves a fitted imputer and loads it again.
type Load<'a, I> = &'a dyn Fn(&<I as Impute>::Fitted) -> <I as Impute>::Fitted;

impl<I: Impute + Debug> Debug for ImputerPromises<'_, I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ImputerPromises").field("fit", self.fit).finish_non_exhaustive()
    }
}

/// The promises of an imputer. Saving and thread counts are checked once [`ImputerPromises::saved`] and
/// [`ImputerPromises::threads`] say how.
pub fn imputer<I: Impute>(fit: &I) -> ImputerPromises<'_, I> {
    ImputerPromises { fit, load: None, pool: None }
}

impl<'a, I: Impute> ImputerPromises<'a, I> {
    /// How to save a fitted imputer and load it again.
    #[must_use]
    pub fn saved(mut self, load: Load<'a, I>) -> Self {
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

impl<I: Impute + Debug + Sync> ImputerPromises<'_, I> {
    /// Runs all checks.
    ///
    /// # Panics
    /// When a promise is not kept.
    pub fn check(self) {
        self.same_bits_each_time();
        self.refit_forgets();
        self.rows_are_filled_alone();
        self.layout_is_fixed();
        self.measured_cells_count();
        self.columns_are_those_fitted_on();
        self.names_decide();
        self.strange_tables();
        self.saved_is_the_same();
        self.threads_change_nothing();
    }

    /// Two fits give the same bits.
    ///
    /// # Panics
    /// When they do not.
    pub fn same_bits_each_time(&self) {
        let check = "same bits each time";
        let study = ordinary();
        let fill = || bits(&self.fill(check, &self.fit(check, &study), &study.held_out));
        same_bits(check, "second fit against first", &fill(), &fill());
    }

    /// A fit after a fit on other rows, and after filling other rows, gives the bits of a first fit; the settings print
    /// as before.
    ///
    /// # Panics
    /// When it does not.
    pub fn refit_forgets(&self) {
        let check = "refit forgets";
        let before = format!("{:?}", self.fit);
        let study_one = ordinary();
        let other = study(Shape { train: 150, held_out: 10, noise: 3, seed: 2 }, OutcomeKind::Binary);
        let fitted = self.fit(check, &study_one);
        let first = bits(&self.fill(check, &fitted, &study_one.train));
        let _ = self.fill(check, &fitted, &study_one.held_out);
        same_bits(
            check,
            "after filling held-out rows",
            &first,
            &bits(&self.fill(check, &fitted, &study_one.train)),
        );
        let _ = self.fit(check, &other);
        let again = bits(&self.fill(check, &self.fit(check, &study_one), &study_one.train));
        same_bits(check, "after a fit on other rows", &first, &again);
        let after = format!("{:?}", self.fit);
        assert!(before == after, "{check}: expected unchanged settings, `{before}` became `{after}`");
    }

    /// What a row becomes does not depend on the rows around it.
    ///
    /// # Panics
    /// When it does.
    pub fn rows_are_filled_alone(&self) {
        let check = "rows are filled alone";
        let study = ordinary();
        let fitted = self.fit(check, &study);
        let together = self.fill(check, &fitted, &study.held_out);
        let mut order: Vec<u32> = (0..together.rows() as u32).chain([5, 5, 0]).collect();
        Seed::new(9).stream().shuffle(&mut order);
        let expected: Vec<f64> = order.iter().flat_map(|&row| row_of(&together, row as usize)).collect();
        let shuffled = self.fill(check, &fitted, &study.held_out.take(&order));
        let found: Vec<f64> = (0..order.len()).flat_map(|row| row_of(&shuffled, row)).collect();
        same_bits(check, "in another order", &expected, &found);
        for row in 0..together.rows() {
            let alone = self.fill(check, &fitted, &study.held_out.row(row));
            same_bits(check, &format!("row {row} alone"), &row_of(&together, row), &row_of(&alone, 0));
        }
    }

    /// The design columns are the same whatever rows are filled: training rows, held-out rows, one row, none.
    ///
    /// # Panics
    /// When they are not, or when the design has another number of rows than the table.
    pub fn layout_is_fixed(&self) {
        let check = "the layout is fixed";
        let study = ordinary();
        let fitted = self.fit(check, &study);
        let expected = layout(&self.fill(check, &fitted, &study.train));
        for rows in [0, 1, study.held_out.rows() as u32] {
            let table = study.held_out.take(&(0..rows).collect::<Vec<_>>());
            let design = self.fill(check, &fitted, &table);
            assert!(
                design.rows() == rows as usize,
                "{check}: expected {rows} design rows, found {}",
                design.rows()
            );
            let found = layout(&design);
            assert!(expected == found, "{check}: {rows} rows: expected {expected:?}, found {found:?}");
        }
    }

    /// Two rows that differ in one measured number differ in the design.
    ///
    /// # Panics
    /// When a measured number does not reach the design.
    pub fn measured_cells_count(&self) {
        let check = "measured cells count";
        let study = ordinary();
        let fitted = self.fit(check, &study);
        let row = study.held_out.row(0);
        for column in ["age", "lactate", "visits"] {
            let with = |value: f64| {
                let table = must(check, "the table", row.with_column(numeric(column, [Some(value)])));
                row_of(&self.fill(check, &fitted, &table), 0)
            };
            assert!(with(1.0) != with(2.0), "{check}: `{column}`: expected 1 and 2 to differ in the design");
        }
    }

    /// A column that was fitted on and is absent, or is of another kind, is an error; one that was not fitted on is ignored.
    ///
    /// # Panics
    /// When it is not.
    pub fn columns_are_those_fitted_on(&self) {
        let check = "columns are those fitted on";
        let study = ordinary();
        let fitted = self.fit(check, &study);
        let whole = as_whole(&study.held_out, None);
        for column in ["age", "ward"] {
            must_refuse(
                check,
                &format!("absent column `{column}`"),
                &fitted.apply(&whole.select(|c| c.name != column)),
            );
        }
        let words = Categorical::from_labels(std::iter::repeat_n(Some("old"), whole.rows()));
        let other = must(check, "the table", whole.with_column(Column::categorical("age", words)));
        must_refuse(check, "words for numbers", &fitted.apply(&other));
        let numbers = numeric("ward", std::iter::repeat_n(Some(1.0), whole.rows()));
        must_refuse(
            check,
            "numbers for words",
            &fitted.apply(&must(check, "the table", whole.with_column(numbers))),
        );
        let expected = bits(&self.fill(check, &fitted, &study.held_out));
        let extra = numeric("extra", (0..whole.rows()).map(|row| Some(row as f64)));
        let found = bits(&self.fill(check, &fitted, &as_whole(&study.held_out, Some(extra))));
        same_bits(check, "with a column that was not fitted on", &expected, &found);
    }

    /// Columns are found by name and levels by name: their order changes nothing.
    ///
    /// # Panics
    /// When it does.
    pub fn names_decide(&self) {
        let check = "names decide";
        let study = ordinary();
        let fitted = self.fit(check, &study);
        let expected = self.fill(check, &fitted, &study.held_out);
        let whole = as_whole(&study.held_out, None);
        let turned = self.fill(check, &fitted, &reversed(&whole));
        same_bits(check, "columns in another order", &bits(&expected), &bits(&turned));
        let recoded = self.fill(check, &fitted, &recoded(&study.held_out));
        same_bits(check, "levels in another order", &bits(&expected), &bits(&recoded));
    }

    /// Constant and never measured columns, one training row, more columns than rows, and levels never seen are no
    /// errors; a training table without rows is one.
    ///
    /// # Panics
    /// When it is otherwise.
    pub fn strange_tables(&self) {
        let check = "strange tables";
        for shape in [
            Shape { train: 3, held_out: 20, noise: 0, seed: 4 },
            Shape { train: 24, held_out: 20, noise: 60, seed: 6 },
        ] {
            let study = study(shape, OutcomeKind::Binary);
            let _ = self.fill(check, &self.fit(check, &study), &study.held_out);
        }
        let study = ordinary();
        let _ = self.fill(check, &must(check, "one row", self.fit.fit(&study.train.row(0))), &study.held_out);
        let never = numeric("only", std::iter::repeat_n(None, 9));
        let table = must(check, "the table", Table::new(9, vec![never]));
        let outcome = must(check, "the outcome", Outcome::binary((0..9).map(|row| row % 2 == 0)));
        let empty = divide(&table, &outcome, 5);
        let _ = self.fill(check, &must(check, "only gaps", self.fit.fit(&empty.train)), &empty.held_out);
        let _ = self.fill(check, &self.fit(check, &study), &unknown(&study.held_out));
        must_refuse(check, "no training rows", &self.fit.fit(&study.train.take(&[])));
    }

    /// An imputer that was saved and loaded gives the same bits in the same layout.
    ///
    /// # Panics
    /// When it does not.
    pub fn saved_is_the_same(&self) {
        let check = "saved is the same";
        let Some(load) = self.load else { return };
        let study = ordinary();
        let fitted = self.fit(check, &study);
        let expected = self.fill(check, &fitted, &study.held_out);
        let found = self.fill(check, &load(&fitted), &study.held_out);
        same_bits(check, "after saving and loading", &bits(&expected), &bits(&found));
        let (expected, found) = (layout(&expected), layout(&found));
        assert!(expected == found, "{check}: the columns: expected {expected:?}, found {found:?}");
    }

    /// 1, 2 and 4 threads give the same bits.
    ///
    /// # Panics
    /// When they do not.
    pub fn threads_change_nothing(&self) {
        let check = "threads change nothing";
        let Some(pool) = self.pool else { return };
        let fit = self.fit;
        let shape = Shape { train: 6_000, held_out: 500, noise: 2, seed: 3 };
        same_on_threads(check, pool, &|| {
            let study = study(shape, OutcomeKind::Binary);
            let promises = imputer(fit);
            bits(&promises.fill(check, &promises.fit(check, &study), &study.held_out))
        });
    }

    fn fit(&self, check: &str, study: &Study) -> I::Fitted {
        must(check, "the fit", self.fit.fit(&study.train))
    }

    fn fill<R: RowSet>(&self, check: &str, fitted: &I::Fitted, table: &Table<R>) -> Complete<R> {
        must(check, "filling", fitted.apply(table))
    }
}

fn ordinary() -> Study {
    study(Shape::ORDINARY, OutcomeKind::Binary)
}

/// One row of a design.
fn row_of<R: RowSet>(design: &Complete<R>, row: usize) -> Vec<f64> {
    design.columns().iter().map(|column| column.get(row)).collect()
}

/// All numbers of a design, row by row.
fn bits<R: RowSet>(design: &Complete<R>) -> Vec<f64> {
    (0..design.rows()).flat_map(|row| row_of(design, row)).collect()
}

/// The columns of a design, without their numbers.
fn layout<R: RowSet>(design: &Complete<R>) -> Vec<(String, Term)> {
    design.columns().iter().map(|column| (column.predictor.clone(), column.term.clone())).collect()
}
