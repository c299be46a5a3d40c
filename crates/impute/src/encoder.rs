//! What the training rows taught, and how it is applied.

use std::collections::HashMap;

use bedside_table::{
    Column, Complete, Data, DesignColumn, DesignData, RowSet, Table, TableError, Term, Transform,
};
use rayon::prelude::*;

use crate::categorical::LevelPlan;
use crate::{EncoderParts, ImputeError, Predictor, Record, numeric};

/// A fitted encoder: what fills each gap and which columns each predictor makes.
///
/// It keeps no training rows. Predictors are found by name and levels by name, so a table read later may have its columns
/// and its levels in another order, and columns that the encoder does not know are ignored.
#[derive(Debug, Clone)]
pub struct Encoder {
    parts: EncoderParts,
    /// For each predictor that is a category: its columns.
    plans: Vec<Option<LevelPlan>>,
}

impl PartialEq for Encoder {
    fn eq(&self, other: &Self) -> bool {
        // The plans follow from the parts.
        self.parts == other.parts
    }
}

impl Encoder {
    /// An encoder from its parts, as they were saved.
    ///
    /// # Errors
    /// [`ImputeError::Setting`] or [`ImputeError::Damaged`] when the parts contradict themselves.
    pub fn from_parts(parts: EncoderParts) -> Result<Self, ImputeError> {
        parts.settings.clone().check()?;
        let mut names = std::collections::HashSet::new();
        for predictor in &parts.predictors {
            predictor.validate(parts.training_rows)?;
            if !names.insert(predictor.name.as_str()) {
                let (predictor, problem) = (predictor.name.clone(), "it is listed twice");
                return Err(ImputeError::Damaged { predictor, problem });
            }
        }
        let plan = |predictor: &Predictor| match &predictor.record {
            Record::Number(_) => None,
            Record::Levels(levels) => {
                Some(LevelPlan::new(levels, predictor.dropped.is_some(), predictor.indicator))
            }
        };
        let plans = parts.predictors.iter().map(plan).collect();
        Ok(Self { parts, plans })
    }

    /// The encoder as plain data, for saving: [`Encoder::from_parts`] gives back an equal one.
    #[must_use]
    pub fn parts(&self) -> &EncoderParts {
        &self.parts
    }

    /// What was done with each predictor, in the order of the training table's columns.
    #[must_use]
    pub fn predictors(&self) -> &[Predictor] {
        &self.parts.predictors
    }

    /// The design columns that [`Encoder::apply`] makes, in order: the predictor and the aspect of it.
    #[must_use]
    pub fn terms(&self) -> Vec<(&str, Term)> {
        let mut terms = Vec::new();
        for (predictor, plan) in self.parts.predictors.iter().zip(&self.plans) {
            let name = predictor.name.as_str();
            match plan {
                Some(plan) => terms.extend(plan.terms.iter().map(|term| (name, term.clone()))),
                None => {
                    let value = predictor.dropped.is_none().then_some(Term::Value);
                    let missing = predictor.indicator.then_some(Term::Missing);
                    terms.extend(value.into_iter().chain(missing).map(|term| (name, term)));
                }
            }
        }
        terms
    }

    /// The complete design of a table's rows, column by column as [`Encoder::terms`] lists them.
    ///
    /// Gaps are filled with what the training rows taught. A row alone gets the same bits as in a batch. Whether a column
    /// is stored densely or sparsely was decided by the training rows. Takes time linear in the cells; one task a
    /// predictor in the current thread pool.
    ///
    /// # Errors
    /// [`TableError::NoColumn`] and [`TableError::Kind`] (inside [`ImputeError::Table`]) when a predictor that makes a
    /// column is absent or of another kind; [`ImputeError::TooFar`] when a standardised number is not finite.
    pub fn apply<R: RowSet>(&self, table: &Table<R>) -> Result<Complete<R>, ImputeError> {
        let by_name: HashMap<&str, &Column> =
            table.columns().iter().map(|column| (column.name.as_str(), column)).collect();
        let pieces: Vec<Vec<DesignColumn>> = self
            .parts
            .predictors
            .par_iter()
            .zip(&self.plans)
            .map(|(predictor, plan)| {
                if predictor.is_unused() {
                    return Ok(Vec::new());
                }
                let column = by_name
                    .get(predictor.name.as_str())
                    .ok_or_else(|| TableError::NoColumn { column: predictor.name.clone() })?;
                design(predictor, plan.as_ref(), column)
            })
            .collect::<Vec<Result<_, ImputeError>>>()
            .into_iter()
            // In order, so that the first error is the same on any number of threads.
            .collect::<Result<_, _>>()?;
        Ok(Complete::of(table, pieces.into_iter().flatten().collect())?)
    }
}

/// The design columns of one predictor.
fn design(
    predictor: &Predictor,
    plan: Option<&LevelPlan>,
    column: &Column,
) -> Result<Vec<DesignColumn>, ImputeError> {
    let make = |term, data| DesignColumn { predictor: predictor.name.clone(), term, data };
    match (&predictor.record, plan, &column.data) {
        (Record::Number(number), _, Data::Numeric(cells)) => {
            let mut columns = Vec::with_capacity(2);
            if predictor.dropped.is_none() {
                columns.push(make(Term::Value, numeric::value(&predictor.name, number, cells)?));
            }
            if predictor.indicator {
                let gaps = (0u32..).zip(cells.states()).filter(|(_, state)| !state.is_measured());
                columns.push(make(Term::Missing, DesignData::Indicator(gaps.map(|(row, _)| row).collect())));
            }
            Ok(columns)
        }
        (Record::Levels(_), Some(plan), Data::Categorical(cells)) => Ok(plan
            .terms
            .iter()
            .zip(plan.apply(cells))
            .map(|(term, rows)| make(term.clone(), DesignData::Indicator(rows)))
            .collect()),
        _ => {
            let (expected, found) = (predictor.kind(), column.kind());
            Err(TableError::Kind { column: predictor.name.clone(), expected, found }.into())
        }
    }
}

impl Transform for Encoder {
    type Error = ImputeError;

    fn apply<R: RowSet>(&self, table: &Table<R>) -> Result<Complete<R>, ImputeError> {
        self.apply(table)
    }
}
