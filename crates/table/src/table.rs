//! Named columns of equal length, with gaps.

use std::marker::PhantomData;

use crate::{Column, Divisible, RowSet, Rows, TableError, Whole};

/// Named columns of equal length over the rows of one row set. Cells may be missing, each with its reason.
///
/// ```
/// use bedside_table::{Column, Numeric, Partition, Table};
/// let age = Column::numeric("age", Numeric::from_options([Some(71.0), None, Some(64.0)])?);
/// let whole = Table::new(3, vec![age])?;
/// let parts = Partition::new(&[false, true, false], None)?;
/// assert_eq!(whole.part(parts.train()).rows(), 2);
/// # Ok::<(), bedside_table::TableError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Table<R: RowSet> {
    rows: usize,
    columns: Vec<Column>,
    _set: PhantomData<R>,
}

impl Table<Whole> {
    /// All rows, before any split.
    ///
    /// # Errors
    /// [`TableError::ColumnLength`] when a column has another number of rows, [`TableError::DuplicateColumn`] when two
    /// share a name.
    pub fn new(rows: usize, columns: Vec<Column>) -> Result<Self, TableError> {
        Self::build(rows, columns)
    }
}

impl Table<crate::New> {
    /// Rows that arrive after the model was sealed.
    ///
    /// # Errors
    /// As [`Table::new`].
    pub fn arriving(rows: usize, columns: Vec<Column>) -> Result<Self, TableError> {
        Self::build(rows, columns)
    }
}

impl<R: RowSet> Table<R> {
    /// Checks lengths and names.
    ///
    /// # Errors
    /// [`TableError::ColumnLength`] when a column has another number of rows, [`TableError::DuplicateColumn`] when two
    /// share a name.
    fn build(rows: usize, columns: Vec<Column>) -> Result<Self, TableError> {
        let mut names = std::collections::HashSet::new();
        for column in &columns {
            if column.len() != rows {
                return Err(TableError::ColumnLength {
                    column: column.name.clone(),
                    expected: rows,
                    found: column.len(),
                });
            }
            if !names.insert(column.name.as_str()) {
                return Err(TableError::DuplicateColumn { column: column.name.clone() });
            }
        }
        Ok(Self { rows, columns, _set: PhantomData })
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column of that name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The same rows with only the columns that `keep` accepts.
    #[must_use]
    pub fn select(&self, keep: impl Fn(&Column) -> bool) -> Self {
        let columns = self.columns.iter().filter(|c| keep(c)).cloned().collect();
        Self { rows: self.rows, columns, _set: PhantomData }
    }

    /// The same rows with one column replaced (its name decides which). For permutation importance.
    ///
    /// # Errors
    /// [`TableError::NoColumn`] when there is none of that name, [`TableError::ColumnLength`] on another length.
    pub fn with_column(&self, column: Column) -> Result<Self, TableError> {
        if column.len() != self.rows {
            let found = column.len();
            return Err(TableError::ColumnLength { column: column.name, expected: self.rows, found });
        }
        let mut table = self.clone();
        match table.columns.iter_mut().find(|c| c.name == column.name) {
            Some(place) => *place = column,
            None => return Err(TableError::NoColumn { column: column.name }),
        }
        Ok(table)
    }

    /// One row alone, as a table of the same row set.
    #[must_use]
    pub fn row(&self, row: usize) -> Self {
        self.take(&[row as u32])
    }

    /// The given rows of the same row set, in the given order, repeats allowed (a bootstrap sample, a permutation).
    ///
    /// # Panics
    /// If a row number is past the end.
    #[must_use]
    pub fn take(&self, rows: &[u32]) -> Self {
        Self {
            rows: rows.len(),
            columns: self.columns.iter().map(|c| c.take(rows)).collect(),
            _set: PhantomData,
        }
    }
}

impl<R: Divisible> Table<R> {
    /// One side of a division of these rows.
    ///
    /// # Panics
    /// If `rows` comes from the division of a longer table.
    #[must_use]
    pub fn part<P: RowSet>(&self, rows: &Rows<P>) -> Table<P> {
        let columns = self.columns.iter().map(|c| c.take(rows.numbers())).collect();
        Table { rows: rows.len(), columns, _set: PhantomData }
    }
}
