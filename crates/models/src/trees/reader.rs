//! A table read through the eyes of a fitted model: its predictors in its order, its levels by its numbers.

use std::collections::HashMap;

use bedside_table::{Data, RowSet, State, Table, TableError};
use rayon::prelude::*;

use super::parts::{Predictor, PredictorKind};

/// Rows that are read at a time.
const CHUNK: usize = 256;

/// One column of the table that a predictor reads.
enum Source<'a> {
    Numeric(&'a [f64], &'a [State]),
    /// Codes and, for each of the table's levels, its place among the model's.
    Categorical(&'a [u32], &'a [State], Vec<f64>),
}

/// The columns that a model needs, found in a table.
pub(super) struct Reader<'a> {
    rows: usize,
    sources: Vec<Source<'a>>,
}

impl<'a> Reader<'a> {
    /// Finds each predictor by name.
    ///
    /// # Errors
    /// [`TableError::NoColumn`] when one is absent, [`TableError::Kind`] when it is of another kind.
    pub(super) fn new<R: RowSet>(predictors: &[Predictor], table: &'a Table<R>) -> Result<Self, TableError> {
        let places: HashMap<&str, usize> =
            table.columns().iter().enumerate().map(|(place, column)| (column.name.as_str(), place)).collect();
        let source = |predictor: &Predictor| {
            let name = &predictor.name;
            let Some(&place) = places.get(name.as_str()) else {
                return Err(TableError::NoColumn { column: name.clone() });
            };
            let column = &table.columns()[place];
            match (&predictor.kind, &column.data) {
                (PredictorKind::Numeric, Data::Numeric(cells)) => {
                    Ok(Source::Numeric(cells.values(), cells.states()))
                }
                (PredictorKind::Categorical(known), Data::Categorical(cells)) => {
                    let known: HashMap<&str, usize> =
                        known.iter().enumerate().map(|(place, level)| (level.as_str(), place)).collect();
                    let place = |level: &String| known.get(level.as_str()).map_or(f64::NAN, |&p| p as f64);
                    Ok(Source::Categorical(
                        cells.codes(),
                        cells.states(),
                        cells.levels().iter().map(place).collect(),
                    ))
                }
                (kind, _) => Err(TableError::Kind {
                    column: name.clone(),
                    expected: match kind {
                        PredictorKind::Numeric => "numeric",
                        PredictorKind::Categorical(_) => "categorical",
                    },
                    found: column.kind(),
                }),
            }
        };
        Ok(Self { rows: table.rows(), sources: predictors.iter().map(source).collect::<Result<_, _>>()? })
    }

    /// What `of` makes of the rows, some at a time: it gets one number a predictor (the value, or the place of the level), row
    /// after row, NaN where it is missing or unknown.
    pub(super) fn map<T: Send>(&self, of: impl Fn(&[f64], usize) -> Vec<T> + Sync) -> Vec<T> {
        let width = self.sources.len();
        let chunk = |start: usize| {
            let rows = start..(start + CHUNK).min(self.rows);
            let mut values = vec![f64::NAN; rows.len() * width];
            for (place, source) in self.sources.iter().enumerate() {
                for (row, value) in rows.clone().zip(values[place..].iter_mut().step_by(width)) {
                    *value = source.at(row);
                }
            }
            of(&values, rows.len())
        };
        let starts: Vec<usize> = (0..self.rows).step_by(CHUNK).collect();
        if starts.len() < 2 {
            starts.into_iter().flat_map(chunk).collect()
        } else {
            starts.into_par_iter().map(chunk).flatten().collect()
        }
    }
}

impl Source<'_> {
    fn at(&self, row: usize) -> f64 {
        match self {
            Self::Numeric(values, states) if states[row].is_measured() => values[row],
            Self::Categorical(codes, states, places) if states[row].is_measured() => {
                places[codes[row] as usize]
            }
            Self::Numeric(..) | Self::Categorical(..) => f64::NAN,
        }
    }
}
