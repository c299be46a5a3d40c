//! A penalised regression together with the encoder that makes its design.

use std::collections::HashMap;

use bedside_impute::Encoder;
use bedside_models::glm::FittedGlm;
use bedside_table::{Complete, DesignData, Predict, RowSet, Scores, Table, Term};

use super::Reasons;
use crate::StudyError;

/// A fitted penalised regression that reads a table with gaps.
#[derive(Debug, Clone)]
pub struct Linear {
    encoder: Encoder,
    glm: FittedGlm,
    /// Mean of every design column over the training rows: the average row that reasons start from.
    means: Vec<f64>,
}

impl Linear {
    /// From a fit and the design that it was fitted on.
    #[must_use]
    pub fn new(encoder: Encoder, glm: FittedGlm, design: &Complete<bedside_table::Train>) -> Self {
        let means = design
            .columns()
            .iter()
            .map(|column| {
                let sum: f64 = match &column.data {
                    DesignData::Dense(values) | DesignData::Sparse { values, .. } => values.iter().sum(),
                    DesignData::Indicator(rows) => rows.len() as f64,
                };
                sum / design.rows() as f64
            })
            .collect();
        Self { encoder, glm, means }
    }

    /// From saved parts; `means` follows [`Encoder::terms`].
    ///
    /// # Errors
    /// [`bedside_table::TableError::Length`] when there are not as many means as design columns.
    pub fn from_parts(encoder: Encoder, glm: FittedGlm, means: Vec<f64>) -> Result<Self, StudyError> {
        let (expected, found) = (encoder.terms().len(), means.len());
        if expected != found {
            return Err(bedside_table::TableError::Length { what: "means", expected, found }.into());
        }
        Ok(Self { encoder, glm, means })
    }

    /// The encoder.
    #[must_use]
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// The regression.
    #[must_use]
    pub fn glm(&self) -> &FittedGlm {
        &self.glm
    }

    /// Means of the design columns over the training rows.
    #[must_use]
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// A score for every row.
    pub(super) fn predict<R: RowSet>(&self, table: &Table<R>) -> Result<Scores<R>, StudyError> {
        Ok(self.glm.predict(&self.encoder.apply(table)?)?)
    }

    /// Coefficient times distance from the average row, summed over the design columns of each predictor.
    pub(super) fn explain<R: RowSet>(&self, table: &Table<R>) -> Result<Reasons, StudyError> {
        let design = self.encoder.apply(table)?;
        let coefficients: HashMap<(&str, &Term), f64> =
            self.glm.coefficients().iter().map(|c| ((c.predictor.as_str(), &c.term), c.value)).collect();
        let predictors: Vec<String> = self.encoder.predictors().iter().map(|p| p.name.clone()).collect();
        let place: HashMap<&str, usize> = predictors.iter().map(String::as_str).zip(0..).collect();
        let mut base = self.glm.intercept();
        let mut rows = vec![vec![0.0; predictors.len()]; table.rows()];
        for (column, &mean) in design.columns().iter().zip(&self.means) {
            let Some(&weight) = coefficients.get(&(column.predictor.as_str(), &column.term)) else {
                continue;
            };
            let Some(&predictor) = place.get(column.predictor.as_str()) else { continue };
            base += weight * mean;
            for row in &mut rows {
                row[predictor] -= weight * mean;
            }
            match &column.data {
                DesignData::Dense(values) => {
                    rows.iter_mut().zip(values).for_each(|(row, v)| row[predictor] += weight * v);
                }
                DesignData::Sparse { rows: at, values } => {
                    at.iter().zip(values).for_each(|(&r, v)| rows[r as usize][predictor] += weight * v);
                }
                DesignData::Indicator(at) => at.iter().for_each(|&r| rows[r as usize][predictor] += weight),
            }
        }
        Ok(Reasons { base, predictors, rows })
    }
}
