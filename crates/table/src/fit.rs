//! What every estimator promises.

use std::fmt;
use std::marker::PhantomData;

use crate::{Complete, Outcome, RowSet, Seed, Table, TableError, Train};

/// What a model reads: [`Gaps`] (a table in which cells may be missing) or [`Filled`] (a complete design).
pub trait Matrix: fmt::Debug {
    /// The matrix over one row set.
    type Of<R: RowSet>;
}

/// A model that takes missing values as they are.
#[derive(Debug, Clone, Copy)]
pub struct Gaps;
impl Matrix for Gaps {
    type Of<R: RowSet> = Table<R>;
}

/// A model that needs every cell.
#[derive(Debug, Clone, Copy)]
pub struct Filled;
impl Matrix for Filled {
    type Of<R: RowSet> = Complete<R>;
}

/// Training rows with their outcome: the only thing that can be fitted on.
#[derive(Debug)]
pub struct Sample<'a, X> {
    /// The predictors.
    pub x: &'a X,
    /// The outcome.
    pub outcome: &'a Outcome<Train>,
    /// One weight a row, finite and not negative; `None` means 1 for each.
    pub weights: Option<&'a [f64]>,
    /// The patient (or other cluster) of each row; `None` means that each row is its own.
    pub groups: Option<&'a [u32]>,
}

impl<'a, X> Sample<'a, X> {
    /// Rows of equal weight, each its own group.
    pub fn new(x: &'a X, outcome: &'a Outcome<Train>) -> Self {
        Self { x, outcome, weights: None, groups: None }
    }

    /// With a weight for each row.
    #[must_use]
    pub fn weighted(mut self, weights: Option<&'a [f64]>) -> Self {
        self.weights = weights;
        self
    }

    /// With a group for each row.
    #[must_use]
    pub fn grouped(mut self, groups: Option<&'a [u32]>) -> Self {
        self.groups = groups;
        self
    }
}

/// Checked settings that can learn from training rows. Fitting twice gives the same bits; settings do not change.
pub trait Fit {
    /// What it reads.
    type Reads: Matrix;
    /// What comes out.
    type Fitted: Predict<Reads = Self::Reads>;
    /// What can go wrong.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Learns from training rows.
    ///
    /// # Errors
    /// Whatever the estimator documents; not converging is always an error.
    fn fit(
        &self,
        sample: &Sample<'_, <Self::Reads as Matrix>::Of<Train>>,
        seed: Seed,
    ) -> Result<Self::Fitted, Self::Error>;
}

/// A fitted model. It keeps no training rows.
pub trait Predict {
    /// What it reads.
    type Reads: Matrix;

    /// A risk (binary outcome) or an expected value (continuous) for every row. A row scored alone gets the same bits
    /// as in a batch.
    ///
    /// # Errors
    /// [`TableError`] when the columns are not those that the model was fitted on.
    fn predict<R: RowSet>(&self, x: &<Self::Reads as Matrix>::Of<R>) -> Result<Scores<R>, TableError>;

    /// The proof that the fit arrived.
    fn certificate(&self) -> &Certificate;
}

/// One score a row, of one row set: a risk in [0, 1] or an expected value.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores<R: RowSet> {
    values: Vec<f64>,
    _set: PhantomData<R>,
}

impl<R: RowSet> Scores<R> {
    /// Scores for the rows of a table of the same set.
    ///
    /// # Errors
    /// [`TableError::Length`] when there are not as many as rows; [`TableError::NotFinite`] when one is NaN or infinite.
    pub fn new(rows: usize, values: Vec<f64>) -> Result<Self, TableError> {
        if values.len() != rows {
            return Err(TableError::Length { what: "scores", expected: rows, found: values.len() });
        }
        if let Some(row) = values.iter().position(|v| !v.is_finite()) {
            return Err(TableError::NotFinite { row });
        }
        Ok(Self { values, _set: PhantomData })
    }

    /// The scores.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// How far a fit is from its own optimality conditions, and what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// What was driven to zero, in words: `relative duality gap`, `inner-fold loss did not improve for 50 trees`.
    pub criterion: String,
    /// Passes, trees or Newton steps.
    pub iterations: u64,
    /// The criterion's final value.
    pub gap: f64,
    /// What it had to fall below.
    pub tolerance: f64,
}

impl Certificate {
    /// Whether the criterion was met. NaN is not.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.gap <= self.tolerance
    }
}
