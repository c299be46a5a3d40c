//! What everything that closes gaps promises.

use crate::{Complete, RowSet, Table, Train};

/// Checked settings that can learn from training rows how to turn a table with gaps into a complete design. Fitting
/// twice gives the same bits; settings do not change.
pub trait Impute {
    /// What comes out.
    type Fitted: Transform;
    /// What can go wrong.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Learns from training rows, and from them only.
    ///
    /// # Errors
    /// Whatever the implementation documents. Constant and all-missing columns are not errors.
    fn fit(&self, table: &Table<Train>) -> Result<Self::Fitted, Self::Error>;
}

/// A fitted imputer. It keeps no training rows.
pub trait Transform {
    /// What can go wrong.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The complete design of a table's rows. A row alone gets the same bits as in a batch; columns that the training
    /// table did not have are ignored.
    ///
    /// # Errors
    /// When a column that was fitted on is absent or of another kind.
    fn apply<R: RowSet>(&self, table: &Table<R>) -> Result<Complete<R>, Self::Error>;
}
