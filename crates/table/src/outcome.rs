//! What is to be predicted.

use std::marker::PhantomData;

use crate::{Divisible, RowSet, Rows, TableError, Whole};

/// The kind of outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutcomeKind {
    /// An event that happened (1) or did not (0).
    Binary,
    /// A number.
    Continuous,
}

/// The known outcome of every row of one row set. Nothing is missing: rows without an outcome were excluded before.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome<R: RowSet> {
    kind: OutcomeKind,
    values: Vec<f64>,
    _set: PhantomData<R>,
}

impl Outcome<Whole> {
    /// Events: `true` where the event happened.
    ///
    /// # Errors
    /// [`TableError::OneClass`] when all rows agree.
    pub fn binary(events: impl IntoIterator<Item = bool>) -> Result<Self, TableError> {
        let values: Vec<f64> = events.into_iter().map(|e| f64::from(u8::from(e))).collect();
        if values.windows(2).all(|w| w[0].to_bits() == w[1].to_bits()) {
            return Err(TableError::OneClass { rows: values.len() });
        }
        Ok(Self { kind: OutcomeKind::Binary, values, _set: PhantomData })
    }

    /// Numbers.
    ///
    /// # Errors
    /// [`TableError::NotFinite`] when one is NaN or infinite; [`TableError::OneClass`] when all are equal.
    pub fn continuous(values: Vec<f64>) -> Result<Self, TableError> {
        if let Some(row) = values.iter().position(|v| !v.is_finite()) {
            return Err(TableError::NotFinite { row });
        }
        if values.windows(2).all(|w| w[0].to_bits() == w[1].to_bits()) {
            return Err(TableError::OneClass { rows: values.len() });
        }
        Ok(Self { kind: OutcomeKind::Continuous, values, _set: PhantomData })
    }
}

impl<R: RowSet> Outcome<R> {
    /// The kind.
    #[must_use]
    pub fn kind(&self) -> OutcomeKind {
        self.kind
    }

    /// The values: 0 or 1 when binary.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len()
    }

    /// How many rows have the event (binary), or 0.
    #[must_use]
    pub fn events(&self) -> usize {
        match self.kind {
            OutcomeKind::Binary => self.values.iter().filter(|&&v| v > 0.5).count(),
            OutcomeKind::Continuous => 0,
        }
    }

    /// The mean: the event's frequency when binary.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    /// The given rows of the same row set, in the given order, repeats allowed.
    ///
    /// # Panics
    /// If a row number is past the end.
    #[must_use]
    pub fn take(&self, rows: &[u32]) -> Self {
        let values = rows.iter().map(|&i| self.values[i as usize]).collect();
        Self { kind: self.kind, values, _set: PhantomData }
    }
}

impl<R: Divisible> Outcome<R> {
    /// One side of a division. It may hold a single class: the fit or the judge decides whether that is an error.
    ///
    /// # Panics
    /// If `rows` comes from the division of a longer table.
    #[must_use]
    pub fn part<P: RowSet>(&self, rows: &Rows<P>) -> Outcome<P> {
        Outcome { kind: self.kind, values: rows.pick(&self.values), _set: PhantomData }
    }
}
