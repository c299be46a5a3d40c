//! A fitted regression.

use std::collections::HashMap;

use bedside_table::{
    Certificate, Complete, DesignColumn, DesignData, Filled, Outcome, Predict, RowSet, Sample, Scores, TableError,
    Term, Train,
};

use super::{Family, PathSettings};
use crate::ModelError;

/// One column's part in the linear predictor.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// The predictor.
    pub predictor: String,
    /// Which aspect of it.
    pub term: Term,
    /// Per unit of the column.
    pub value: f64,
    /// The column's standard deviation in the training rows.
    pub deviation: f64,
}

/// A fitted regression: an intercept and one coefficient a design column.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedGlm {
    parts: GlmParts,
}

/// A fitted regression as plain data, for saving.
#[derive(Debug, Clone, PartialEq)]
pub struct GlmParts {
    /// The distribution of the outcome.
    pub family: Family,
    /// Share of the L1 penalty.
    pub l1_ratio: f64,
    /// The penalty.
    pub lambda: f64,
    /// Whether columns were scaled before the penalty applied.
    pub standardise: bool,
    /// Predictors whose columns were not penalised.
    pub unpenalised: Vec<String>,
    /// The intercept.
    pub intercept: f64,
    /// Every design column, those with coefficient 0 too.
    pub coefficients: Vec<Coefficient>,
    /// The proof that the fit arrived.
    pub certificate: Certificate,
}

impl FittedGlm {
    pub(super) fn new(
        settings: &PathSettings,
        lambda: f64,
        intercept: f64,
        coefficients: Vec<Coefficient>,
        certificate: Certificate,
    ) -> Self {
        Self {
            parts: GlmParts {
                family: settings.family,
                l1_ratio: settings.l1_ratio,
                lambda,
                standardise: settings.standardise,
                unpenalised: settings.unpenalised.clone(),
                intercept,
                coefficients,
                certificate,
            },
        }
    }

    /// A regression from its parts, as they were saved.
    ///
    /// # Errors
    /// [`ModelError::Setting`] when a number is not finite or out of range; [`TableError::DuplicateColumn`] when a column is
    /// listed twice.
    pub fn from_parts(parts: GlmParts) -> Result<Self, ModelError> {
        let bad = |setting, must_be, found: f64| {
            Err(ModelError::Setting { setting, must_be, found: found.to_string() })
        };
        if !(0.0..=1.0).contains(&parts.l1_ratio) {
            return bad("l1_ratio", "from 0 to 1", parts.l1_ratio);
        }
        if !(parts.lambda > 0.0 && parts.lambda.is_finite()) {
            return bad("lambda", "above 0 and finite", parts.lambda);
        }
        if !parts.intercept.is_finite() {
            return bad("intercept", "finite", parts.intercept);
        }
        let mut names = std::collections::HashSet::new();
        for c in &parts.coefficients {
            if !(c.value.is_finite() && c.deviation.is_finite() && c.deviation >= 0.0) {
                return bad("coefficient", "finite", c.value);
            }
            if !names.insert((&c.predictor, &c.term)) {
                return Err(TableError::DuplicateColumn { column: c.predictor.clone() }.into());
            }
        }
        if !parts.certificate.converged() {
            return Err(ModelError::NotConverged(parts.certificate));
        }
        Ok(Self { parts })
    }

    /// The regression as plain data.
    #[must_use]
    pub fn parts(&self) -> &GlmParts {
        &self.parts
    }

    /// The intercept: the linear predictor where every column is 0.
    #[must_use]
    pub fn intercept(&self) -> f64 {
        self.parts.intercept
    }

    /// Every design column's coefficient.
    #[must_use]
    pub fn coefficients(&self) -> &[Coefficient] {
        &self.parts.coefficients
    }

    /// The penalty.
    #[must_use]
    pub fn lambda(&self) -> f64 {
        self.parts.lambda
    }

    /// The same model on the same design with other row weights, starting from these coefficients: for the bootstrap.
    ///
    /// # Errors
    /// As [`super::Path::fit_path`].
    pub fn refit(
        &self,
        x: &Complete<Train>,
        outcome: &Outcome<Train>,
        weights: &[f64],
    ) -> Result<Self, ModelError> {
        let path = PathSettings {
            family: self.parts.family,
            l1_ratio: self.parts.l1_ratio,
            lambdas: Some(vec![self.parts.lambda]),
            standardise: self.parts.standardise,
            unpenalised: self.parts.unpenalised.clone(),
            tolerance: self.parts.certificate.tolerance,
            ..PathSettings::default()
        }
        .check()?;
        Ok(path.fit_from(&Sample::new(x, outcome).weighted(Some(weights)), Some(self))?.at(0))
    }
}

impl Predict for FittedGlm {
    type Reads = Filled;

    fn predict<R: RowSet>(&self, x: &Complete<R>) -> Result<Scores<R>, TableError> {
        let found = find(&self.parts.coefficients, x)?;
        let used = self
            .parts
            .coefficients
            .iter()
            .zip(found)
            .filter(|(c, _)| c.value.abs() > 0.0)
            .filter_map(|(c, column)| column.map(|column| (column, c.value)));
        score(self.parts.family, self.parts.intercept, used, x.rows())
    }

    fn certificate(&self) -> &Certificate {
        &self.parts.certificate
    }
}

/// The design columns of some coefficients. A column that is absent is an error if its coefficient may be used.
pub(super) fn find<'a, R: RowSet>(
    coefficients: &[Coefficient],
    x: &'a Complete<R>,
) -> Result<Vec<Option<&'a DesignColumn>>, TableError> {
    let by_name: HashMap<(&str, &Term), &DesignColumn> =
        x.columns().iter().map(|c| ((c.predictor.as_str(), &c.term), c)).collect();
    coefficients
        .iter()
        .map(|c| match by_name.get(&(c.predictor.as_str(), &c.term)) {
            Some(column) => Ok(Some(*column)),
            None => Err(TableError::NoColumn { column: c.predictor.clone() }),
        })
        .collect()
}

/// Scores, column by column in a fixed order: a row alone gets the same bits as in a batch.
pub(super) fn score<'a, R: RowSet>(
    family: Family,
    intercept: f64,
    used: impl Iterator<Item = (&'a DesignColumn, f64)>,
    rows: usize,
) -> Result<Scores<R>, TableError> {
    let mut eta = vec![intercept; rows];
    for (column, value) in used {
        match &column.data {
            DesignData::Dense(x) => eta.iter_mut().zip(x).for_each(|(eta, x)| *eta += value * x),
            DesignData::Sparse { rows, values } => {
                rows.iter().zip(values).for_each(|(&r, x)| eta[r as usize] += value * x);
            }
            DesignData::Indicator(rows) => rows.iter().for_each(|&r| eta[r as usize] += value),
        }
    }
    eta.iter_mut().for_each(|eta| *eta = family.mean(*eta));
    Scores::new(rows, eta)
}
