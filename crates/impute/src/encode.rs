//! Checked settings, and the fit.

use bedside_table::{Data, Impute, Table, Train};
use rayon::prelude::*;

use crate::{EncodeSettings, Encoder, EncoderParts, ImputeError, categorical, numeric};

/// Checked settings: see [`EncodeSettings`].
#[derive(Debug, Clone, PartialEq)]
pub struct Encode {
    settings: EncodeSettings,
}

impl Encode {
    pub(crate) fn new(settings: EncodeSettings) -> Self {
        Self { settings }
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &EncodeSettings {
        &self.settings
    }

    /// Learns from every column of the training rows what fills its gaps and which levels it has.
    ///
    /// Missing cells are counted whatever their reason. A column that is constant or never measured is recorded
    /// ([`crate::Dropped`]), not refused. Takes time linear in the cells; runs one task a column in the current thread
    /// pool, with the same bits on any number of threads.
    ///
    /// # Errors
    /// [`ImputeError::NoRows`] when the table has none.
    ///
    /// ```
    /// use bedside_impute::EncodeSettings;
    /// use bedside_table::{Column, Numeric, Partition, Table};
    /// let age = Column::numeric("age", Numeric::from_options([Some(50.0), None, Some(71.0), Some(64.0)])?);
    /// let whole = Table::new(4, vec![age])?;
    /// let parts = Partition::new(&[false, false, false, true], None)?;
    /// let encoder = EncodeSettings::default().check()?.fit(&whole.part(parts.train()))?;
    /// let design = encoder.apply(&whole.part(parts.held_out()))?;
    /// let labels: Vec<String> = design.columns().iter().map(|c| c.label()).collect();
    /// assert_eq!(labels, ["age", "age is missing"]);
    /// assert_eq!(design.columns()[0].get(0), 64.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fit(&self, table: &Table<Train>) -> Result<Encoder, ImputeError> {
        if table.rows() == 0 {
            return Err(ImputeError::NoRows);
        }
        let predictors = table
            .columns()
            .par_iter()
            .map(|column| match &column.data {
                Data::Numeric(cells) => numeric::fit(&column.name, cells, &self.settings),
                Data::Categorical(cells) => categorical::fit(&column.name, cells, &self.settings),
            })
            .collect();
        let (settings, training_rows) = (self.settings.clone(), table.rows() as u64);
        Encoder::from_parts(EncoderParts { settings, training_rows, predictors })
    }
}

impl Impute for Encode {
    type Fitted = Encoder;
    type Error = ImputeError;

    fn fit(&self, table: &Table<Train>) -> Result<Encoder, ImputeError> {
        self.fit(table)
    }
}
