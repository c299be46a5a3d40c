//! One patient at a time: a record in memory becomes predictors, by the code that made those of the study.

use std::collections::{BTreeSet, HashSet};

use bedside_chart::{Codes, Events, Instant, Precision, SubjectNumber};
use bedside_cohort::features::{Gatherer, Plan};
use bedside_intake::meds::LiveRecord;
use bedside_table::{Column, New, Numeric, State, Table};

use super::{Bundle, Remark};
use crate::StudyError;

/// Makes the predictors of one live patient after the other; what it needs for that is made once. A record of two thousand events takes
/// about half a millisecond, its JSON included.
///
/// It remembers the codes that it has met, whether the model asks for them or not, but never more than [`Live::REMEMBERED`] once a
/// call has ended, so that it can run for years.
///
/// The predictors are the bits that [`Bundle::from_events`] makes of the same events.
#[derive(Debug)]
pub struct Live<'b> {
    plan: &'b Plan,
    codes: Codes,
    precision: Precision,
    gatherer: Gatherer<'b>,
    events: Events,
    every_code: std::ops::Range<usize>,
    /// Of each column of the plan: where it stands among the predictors that the model reads.
    places: Vec<Option<u32>>,
    /// Of each predictor: its name, and what it is when nothing is found.
    predictors: Vec<(String, State)>,
    cells: Vec<(f64, State)>,
}

impl Bundle {
    /// Readiness for live patients.
    ///
    /// # Errors
    /// [`StudyError::Data`] when the model reads a table, not events.
    pub fn live(&self) -> Result<Live<'_>, StudyError> {
        let plan = self.plan()?;
        let known: HashSet<&str> = self.predictors().collect();
        let (mut places, mut predictors) = (Vec::new(), Vec::new());
        for column in (0..plan.columns()).map_while(|column| plan.column(column)) {
            let name = column.describe();
            let read = known.contains(name.as_str());
            places.push(read.then_some(predictors.len() as u32));
            if read {
                let zero = column.aggregation.absent_is_zero();
                predictors.push((name, if zero { State::Measured } else { State::NotMeasured }));
            }
        }
        Ok(Live {
            plan,
            codes: Codes::default(),
            precision: self.precision(),
            gatherer: Gatherer::new(plan),
            events: Events::new(SubjectNumber::new(0)),
            every_code: 0..plan.codes(),
            places,
            cells: Vec::with_capacity(predictors.len()),
            predictors,
        })
    }
}

impl Bundle {
    /// What is strange about records: values in another unit than the model knows, which it does not read, and records of which it
    /// reads nothing.
    ///
    /// # Errors
    /// [`StudyError::Data`] when the model reads a table.
    pub fn doubts(&self, records: &[LiveRecord<'_>]) -> Result<Vec<Remark>, StudyError> {
        let plan = self.plan()?;
        let mut doubts = Vec::new();
        for (record, row) in records.iter().zip(0..) {
            let mut doubt = |says: String| doubts.push(Remark { rows: vec![row], says });
            let codes: BTreeSet<&str> = record.codes().collect();
            if codes.is_empty() {
                doubt("it has no events: the score is that of somebody of whom nothing is known".to_owned());
            } else if !codes.iter().any(|code| plan.reads(code)) {
                doubt(format!("the model reads none of its {} codes", codes.len()));
            }
            for code in codes.into_iter().filter(|code| !plan.reads(code)) {
                if let Some(known) = plan.in_another_unit(code) {
                    doubt(format!(
                        "`{code}` is not read: the model knows it as `{known}`, and converts nothing"
                    ));
                }
            }
        }
        Ok(doubts)
    }
}

impl Live<'_> {
    /// The most codes that are remembered from one call to the next. A vocabulary in use has some ten thousand.
    pub const REMEMBERED: usize = 100_000;

    /// How many codes are remembered.
    #[must_use]
    pub fn codes(&self) -> usize {
        self.codes.len()
    }

    /// The predictors of some records, a row each.
    ///
    /// # Errors
    /// Those of [`LiveRecord::fill`].
    pub fn predictors(&mut self, records: &[LiveRecord<'_>]) -> Result<Table<New>, StudyError> {
        let mut values: Vec<(Vec<f64>, Vec<State>)> = Vec::with_capacity(self.predictors.len());
        values.resize_with(self.predictors.len(), || {
            (Vec::with_capacity(records.len()), Vec::with_capacity(records.len()))
        });
        for record in records {
            record.fill(&mut self.events, &self.codes, self.precision)?;
            self.row(record.index_time());
            for ((value, state), column) in self.cells.iter().zip(&mut values) {
                column.0.push(*value);
                column.1.push(*state);
            }
        }
        if self.codes.len() > Self::REMEMBERED {
            self.codes = Codes::default();
            self.gatherer = Gatherer::new(self.plan);
        }
        let columns = self.predictors.iter().zip(values).map(|((name, _), (values, states))| {
            Numeric::new(values, states).map(|cells| Column::numeric(name.clone(), cells))
        });
        Ok(Table::arriving(records.len(), columns.collect::<Result<_, _>>()?)?)
    }

    /// The cells of one row.
    fn row(&mut self, index_time: Instant) {
        let Self { gatherer, events, codes, cells, places, .. } = self;
        cells.clear();
        cells.extend(self.predictors.iter().map(|(_, absent)| (0.0, *absent)));
        gatherer.gather(&events.timeline(), codes, &[index_time], &self.every_code, |run| {
            if let Some(Some(place)) = places.get(run.column as usize) {
                cells[*place as usize] = (run.value, State::Measured);
            }
        });
    }
}
