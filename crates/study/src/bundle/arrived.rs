//! New rows on their way to a score.

use std::collections::BTreeMap;

use bedside_intake::Frame;
use bedside_table::{Column, New, State, Table};

use super::{Bundle, Remark};
use crate::StudyError;
use crate::fitted::Reasons;

/// The predictors of new rows, and what is to be known of them.
#[derive(Debug)]
pub struct Arrived {
    /// The predictors.
    pub table: Table<New>,
    /// Rows that are not scored, because a cell that should be a number is none.
    pub rejected: Vec<Remark>,
    /// What there is to know of rows before they are looked at as predictors.
    pub remarks: Vec<Remark>,
}

/// Scores of new rows, and what is odd about them.
#[derive(Debug)]
pub struct Scored {
    /// One score a row; none where the row is rejected.
    pub scores: Vec<Option<f64>>,
    /// Why rows are rejected.
    pub rejected: Vec<Remark>,
    /// What is odd about rows that are scored, or were before they were rejected.
    pub remarks: Vec<Remark>,
}

impl Scored {
    /// What there is to know of one row.
    pub fn remarks_of(&self, row: u32) -> impl Iterator<Item = &str> {
        of_row(&self.remarks, row)
    }

    /// Why one row is rejected; nothing where it is not.
    pub fn rejected_for(&self, row: u32) -> impl Iterator<Item = &str> {
        of_row(&self.rejected, row)
    }

    /// The rows that have no score.
    #[must_use]
    pub fn rejected_rows(&self) -> usize {
        self.scores.iter().filter(|score| score.is_none()).count()
    }
}

fn of_row(remarks: &[Remark], row: u32) -> impl Iterator<Item = &str> {
    let of = move |remark: &&Remark| remark.rows.binary_search(&row).is_ok();
    remarks.iter().filter(of).map(|remark| remark.says.as_str())
}

impl Bundle {
    /// The predictors of every row of a frame. A row with a cell that should be a number and is none is rejected: as a gap it
    /// would have a score that says something else.
    ///
    /// # Errors
    /// [`StudyError`] when a predictor is absent or of another kind.
    pub fn arrive(&self, frame: &Frame) -> Result<Arrived, StudyError> {
        let table = self.recipe().arriving(frame)?;
        let rejected = unreadable(&table);
        Ok(Arrived { table, rejected, remarks: Vec::new() })
    }

    /// A score for every row of a frame: a risk (binary outcome) or an expected value.
    ///
    /// # Errors
    /// [`StudyError`] when a predictor is absent or of another kind, or there is no model of that name.
    pub fn score(&self, frame: &Frame, model: Option<&str>) -> Result<Scored, StudyError> {
        self.score_arrived(self.arrive(frame)?, model).map(|(_, scored)| scored)
    }

    /// A score for every row that has arrived. The one way to score: the program and everything built on it come through here.
    ///
    /// # Errors
    /// As [`Bundle::score`].
    pub fn score_arrived(
        &self,
        arrived: Arrived,
        model: Option<&str>,
    ) -> Result<(Table<New>, Scored), StudyError> {
        let Arrived { table, rejected, mut remarks } = arrived;
        let scores = self.model(model)?.predict(&table)?;
        let mut scores: Vec<Option<f64>> = scores.values().iter().copied().map(Some).collect();
        for row in rejected.iter().flat_map(|remark| &remark.rows) {
            scores[*row as usize] = None;
        }
        remarks.extend(self.remarks(&table));
        Ok((table, Scored { scores, rejected, remarks }))
    }

    /// A score for every row of predictors, as [`Bundle::from_events`] makes them.
    ///
    /// # Errors
    /// As [`Bundle::score`].
    pub fn score_table(&self, table: &Table<New>, model: Option<&str>) -> Result<Scored, StudyError> {
        let scores = self.model(model)?.predict(table)?;
        let scores = scores.values().iter().copied().map(Some).collect();
        Ok(Scored { scores, rejected: Vec::new(), remarks: self.remarks(table) })
    }

    /// Why each row's score is what it is.
    ///
    /// # Errors
    /// As [`Bundle::score`].
    pub fn explain(&self, frame: &Frame, model: Option<&str>) -> Result<Reasons, StudyError> {
        self.explain_table(&self.arrive(frame)?.table, model)
    }

    /// Why each row of predictors has the score that it has.
    ///
    /// # Errors
    /// As [`Bundle::score`].
    pub fn explain_table(&self, table: &Table<New>, model: Option<&str>) -> Result<Reasons, StudyError> {
        self.model(model)?.explain(table)
    }
}

/// The cells that should be numbers and are none, by predictor.
pub(super) fn unreadable(table: &Table<New>) -> Vec<Remark> {
    let of = |column: &Column| {
        let states = column.states();
        let rows: Vec<u32> =
            (0..).zip(states).filter(|(_, state)| **state == State::Unreadable).map(|(row, _)| row).collect();
        let says = || format!("`{}` holds something, but no number that can be read", column.name);
        (!rows.is_empty()).then(|| Remark { rows, says: says() })
    };
    table.columns().iter().filter_map(of).collect()
}

/// Rows with the names of the columns that could not be read, the first such row alone.
pub(super) fn first_unreadable(table: &Table<New>) -> Option<(u32, Vec<String>)> {
    let mut by_row: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for column in table.columns() {
        for (row, state) in (0..).zip(column.states()) {
            if *state == State::Unreadable {
                by_row.entry(row).or_default().push(column.name.clone());
            }
        }
    }
    by_row.into_iter().next()
}
