//! A design matrix without gaps.

use std::marker::PhantomData;

use crate::{RowSet, Table, TableError};

/// Where a design column comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Term {
    /// The predictor's own value (filled in where it was missing).
    Value,
    /// 1 where the predictor was missing.
    Missing,
    /// 1 where the predictor has this level.
    Level(String),
    /// 1 where the predictor has a level that was rare in the training rows.
    Rare,
    /// 1 where the predictor has a level that the training rows did not have.
    Unknown,
}

/// The numbers of one design column; rows that are not listed hold 0.
#[derive(Debug, Clone, PartialEq)]
pub enum DesignData {
    /// A number for every row.
    Dense(Vec<f64>),
    /// Ascending row numbers and their values.
    Sparse {
        /// Rows that are not zero, ascending.
        rows: Vec<u32>,
        /// Their values.
        values: Vec<f64>,
    },
    /// Ascending numbers of the rows that hold 1.
    Indicator(Vec<u32>),
}

/// One column of a design matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignColumn {
    /// The predictor it was made from.
    pub predictor: String,
    /// Which aspect of the predictor.
    pub term: Term,
    /// Its numbers.
    pub data: DesignData,
}

impl DesignColumn {
    /// A name a person can read: `age`, `race = Asian`, `weight is missing`.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.term {
            Term::Value => self.predictor.clone(),
            Term::Missing => format!("{} is missing", self.predictor),
            Term::Level(level) => format!("{} = {level}", self.predictor),
            Term::Rare => format!("{} is a rare level", self.predictor),
            Term::Unknown => format!("{} is an unknown level", self.predictor),
        }
    }

    /// The number in a row. Takes `O(log n)` for sparse columns.
    #[must_use]
    pub fn get(&self, row: usize) -> f64 {
        match &self.data {
            DesignData::Dense(values) => values[row],
            DesignData::Sparse { rows, values } => {
                rows.binary_search(&(row as u32)).map_or(0.0, |i| values[i])
            }
            DesignData::Indicator(rows) => f64::from(u8::from(rows.binary_search(&(row as u32)).is_ok())),
        }
    }
}

/// A design matrix without gaps over the rows of one row set, column by column.
///
/// Obtained from a [`Table`] of the same row set only ([`Complete::of`]), so the row set cannot change on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Complete<R: RowSet> {
    rows: usize,
    columns: Vec<DesignColumn>,
    _set: PhantomData<R>,
}

impl<R: RowSet> Complete<R> {
    /// The design columns that were made for the rows of `table`.
    ///
    /// # Errors
    /// [`TableError::ColumnLength`] when a dense column has another length or a sparse one points past the end;
    /// [`TableError::NotFinite`] when a number is NaN or infinite; [`TableError::Order`] when sparse rows do not ascend.
    pub fn of(table: &Table<R>, columns: Vec<DesignColumn>) -> Result<Self, TableError> {
        let rows = table.rows();
        for column in &columns {
            let (listed, values): (Option<&[u32]>, &[f64]) = match &column.data {
                DesignData::Dense(values) => {
                    if values.len() != rows {
                        let (expected, found) = (rows, values.len());
                        return Err(TableError::ColumnLength { column: column.label(), expected, found });
                    }
                    (None, values)
                }
                DesignData::Sparse { rows, values } => {
                    if rows.len() != values.len() {
                        let (expected, found) = (rows.len(), values.len());
                        return Err(TableError::Length { what: "values", expected, found });
                    }
                    (Some(rows), values)
                }
                DesignData::Indicator(rows) => (Some(rows), &[]),
            };
            if let Some(row) = values.iter().position(|v| !v.is_finite()) {
                return Err(TableError::NotFinite { row });
            }
            if let Some(listed) = listed {
                if listed.windows(2).any(|w| w[0] >= w[1]) {
                    return Err(TableError::Order { column: column.label() });
                }
                if let Some(&last) = listed.last().filter(|&&last| last as usize >= rows) {
                    let (expected, found) = (rows, last as usize + 1);
                    return Err(TableError::ColumnLength { column: column.label(), expected, found });
                }
            }
        }
        Ok(Self { rows, columns, _set: PhantomData })
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The design columns.
    #[must_use]
    pub fn columns(&self) -> &[DesignColumn] {
        &self.columns
    }
}
