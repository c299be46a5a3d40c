//! What can be wrong with a table.

/// What can be wrong with a table, an outcome or a division of rows. Never names a patient.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// Two lists that must be equally long are not.
    #[error("{what}: expected {expected} entries, found {found}")]
    Length {
        /// The list.
        what: &'static str,
        /// Entries expected.
        expected: usize,
        /// Entries found.
        found: usize,
    },
    /// A column has another number of rows than its table.
    #[error("column `{column}`: expected {expected} rows, found {found}")]
    ColumnLength {
        /// The column.
        column: String,
        /// Rows expected.
        expected: usize,
        /// Rows found.
        found: usize,
    },
    /// Two columns share a name.
    #[error("column `{column}` appears twice; give one of them another name")]
    DuplicateColumn {
        /// The name.
        column: String,
    },
    /// A column is not there.
    #[error("column `{column}` is not in the table")]
    NoColumn {
        /// The name.
        column: String,
    },
    /// A column is there that the model was not fitted on.
    #[error("column `{column}`: the model was not fitted on it; leave it out")]
    ExtraColumn {
        /// The name.
        column: String,
    },
    /// A column is of another kind than the model was fitted on.
    #[error("column `{column}`: the model was fitted on a {expected} column, found a {found} one")]
    Kind {
        /// The column.
        column: String,
        /// The kind expected.
        expected: &'static str,
        /// The kind found.
        found: &'static str,
    },
    /// A number is NaN or infinite where a finite one is needed.
    #[error("row {row}: expected a finite number, found NaN or infinity")]
    NotFinite {
        /// The row, counted from 0.
        row: usize,
    },
    /// A categorical code points past its levels.
    #[error("row {row}: a code points past the {levels} levels of its column")]
    Code {
        /// The row, counted from 0.
        row: usize,
        /// How many levels there are.
        levels: usize,
    },
    /// Sparse row numbers do not ascend.
    #[error("column `{column}`: sparse row numbers must ascend")]
    Order {
        /// The column.
        column: String,
    },
    /// A patient stands on two sides of a division.
    #[error(
        "row {row}: its group already stands on the other side of the split; rows of one patient must stay together"
    )]
    GroupOnTwoSides {
        /// The first row that contradicts, counted from 0.
        row: usize,
    },
    /// A side of a division has no rows.
    #[error("the {side} side of the split is empty; there are too few rows or groups to divide")]
    EmptySide {
        /// The side.
        side: &'static str,
    },
    /// The outcome does not vary.
    #[error("the outcome is the same in all {rows} rows; nothing can be learned from it")]
    OneClass {
        /// How many rows.
        rows: usize,
    },
    /// Fewer folds than two, or more than there are groups.
    #[error("cannot make {folds} folds out of {groups} groups; use between 2 folds and one fold a group")]
    FoldCount {
        /// Folds asked for.
        folds: usize,
        /// Groups at hand.
        groups: usize,
    },
}
