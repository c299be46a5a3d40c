//! A simulated table and its truth.

use std::borrow::Cow;
use std::sync::Arc;

use bedside_table::{Categorical, Column, Data, Numeric, Outcome, State, Table, TableError, Whole};

/// A simulated table: its columns as a file would hold them, and beside it the true risk of every row.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// All columns, as a file holds them.
    pub(crate) columns: Vec<Column>,
    /// What a file writes for a gap.
    pub(crate) gap: &'static str,
    pub(crate) risk: Vec<f64>,
    pub(crate) events: Vec<bool>,
    /// The patient of each row, numbered from 0.
    pub(crate) patients: Vec<u32>,
    /// Columns that are no predictors: numbers of rows and people, and the outcome.
    pub(crate) not_predictors: Vec<&'static str>,
    pub(crate) leaks: Vec<&'static str>,
}

impl Simulated {
    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.risk.len()
    }

    /// All columns in the order of a file: row and patient numbers, predictors, the outcome.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// What a file writes for a gap.
    #[must_use]
    pub fn gap(&self) -> &'static str {
        self.gap
    }

    /// A cell as a file writes it; [`Simulated::gap`] when it is missing.
    ///
    /// # Panics
    /// If the row or the column is past the end.
    ///
    /// ```
    /// let hospital = bedside_simulate::readmission(100, 1)?;
    /// let header: Vec<&str> = hospital.columns().iter().map(|c| c.name.as_str()).collect();
    /// assert_eq!((header.len(), header[4]), (50, "age"));
    /// let age = hospital.cell(0, 4);
    /// assert!(age.starts_with('[') && age.ends_with(')'), "{age}");
    /// # Ok::<(), bedside_simulate::SimulateError>(())
    /// ```
    #[must_use]
    pub fn cell(&self, row: usize, column: usize) -> Cow<'_, str> {
        match &self.columns[column].data {
            Data::Numeric(cells) => {
                cells.get(row).map_or(Cow::Borrowed(self.gap), |value| Cow::Owned(value.to_string()))
            }
            Data::Categorical(cells) => Cow::Borrowed(cells.get(row).unwrap_or(self.gap)),
        }
    }

    /// The predictors, leaks included.
    ///
    /// # Errors
    /// None in practice: the columns are made of equal length and with names of their own.
    pub fn predictors(&self) -> Result<Table<Whole>, TableError> {
        let keep = |column: &&Column| !self.not_predictors.contains(&column.name.as_str());
        Table::new(self.rows(), self.columns.iter().filter(keep).cloned().collect())
    }

    /// The outcome.
    ///
    /// # Errors
    /// [`TableError::OneClass`] when all rows agree, as may be with few rows.
    pub fn outcome(&self) -> Result<Outcome<Whole>, TableError> {
        Outcome::binary(self.events.iter().copied())
    }

    /// The patient of each row, numbered from 0 in order of appearance.
    #[must_use]
    pub fn patients(&self) -> &[u32] {
        &self.patients
    }

    /// The chance with which each row's event was drawn.
    #[must_use]
    pub fn risk(&self) -> &[f64] {
        &self.risk
    }

    /// The names of the predictors that leak the outcome.
    #[must_use]
    pub fn leaks(&self) -> &[&'static str] {
        &self.leaks
    }
}

/// A column in the making.
#[derive(Debug, Clone)]
pub(crate) enum Draft {
    Numbers(Vec<Option<f64>>),
    Codes(Vec<Option<u32>>),
}

impl Draft {
    fn states(&self) -> Vec<State> {
        fn of<T>(cells: &[Option<T>]) -> Vec<State> {
            let state = |cell: &Option<T>| if cell.is_some() { State::Measured } else { State::NotMeasured };
            cells.iter().map(state).collect()
        }
        match self {
            Self::Numbers(cells) => of(cells),
            Self::Codes(cells) => of(cells),
        }
    }

    /// The finished column. `levels` is what codes point to.
    pub(crate) fn column(&self, name: &str, levels: Option<&Arc<[String]>>) -> Result<Column, TableError> {
        let states = self.states();
        Ok(match self {
            Self::Numbers(cells) => {
                let values = cells.iter().map(|cell| cell.unwrap_or_default()).collect();
                Column::numeric(name, Numeric::new(values, states)?)
            }
            Self::Codes(cells) => {
                let codes = cells.iter().map(|cell| cell.unwrap_or_default()).collect();
                let levels = levels.cloned().unwrap_or_default();
                Column::categorical(name, Categorical::new(codes, states, levels)?)
            }
        })
    }
}
