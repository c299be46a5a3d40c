//! What can go wrong.

/// What can go wrong in a simulation.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SimulateError {
    /// A setting lies outside its range.
    #[error("setting `{setting}`: must be {must_be}, found {found}")]
    Setting {
        /// The setting.
        setting: &'static str,
        /// Its range in words.
        must_be: &'static str,
        /// The value found.
        found: String,
    },
    /// A code or a unit cannot be.
    #[error(transparent)]
    Chart(#[from] bedside_chart::ChartError),
    /// The table could not be put together.
    #[error(transparent)]
    Table(#[from] bedside_table::TableError),
}
