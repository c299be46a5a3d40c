//! A penalised regression on disk: terms as JSON, numbers as arrays.

use bedside_models::glm::{Coefficient, Family, FittedGlm, GlmParts};
use bedside_table::Term;
use serde::{Deserialize, Serialize};

use super::certificate::SealedCertificate;
use super::{Arrays, BundleError};
use crate::fitted::Linear;

/// What a bundle says of a regression, beside its arrays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SealedGlm {
    family: SealedFamily,
    l1_ratio: f64,
    lambda: f64,
    standardise: bool,
    tolerance: f64,
    max_passes: u32,
    intercept: f64,
    terms: Vec<(String, SealedTerm)>,
    certificate: SealedCertificate,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SealedFamily {
    Binomial,
    Gaussian,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SealedTerm {
    Value,
    Missing,
    Level(String),
    Rare,
    Unknown,
}

impl SealedGlm {
    pub(super) fn of(linear: &Linear) -> (Self, Arrays) {
        let parts = linear.glm().parts();
        let mut arrays = Arrays::default();
        arrays.put("coefficients", parts.coefficients.iter().map(|c| c.value).collect());
        arrays.put("deviations", parts.coefficients.iter().map(|c| c.deviation).collect());
        arrays.put("penalty_factors", parts.coefficients.iter().map(|c| c.penalty_factor).collect());
        arrays.put("means", linear.means().to_vec());
        let sealed = Self {
            family: match parts.family {
                Family::Binomial => SealedFamily::Binomial,
                Family::Gaussian => SealedFamily::Gaussian,
            },
            l1_ratio: parts.l1_ratio,
            lambda: parts.lambda,
            standardise: parts.standardise,
            tolerance: parts.tolerance,
            max_passes: parts.max_passes,
            intercept: parts.intercept,
            terms: parts
                .coefficients
                .iter()
                .map(|c| (c.predictor.clone(), SealedTerm::of(&c.term)))
                .collect(),
            certificate: SealedCertificate::of(&parts.certificate),
        };
        (sealed, arrays)
    }

    /// The regression, and the means of its design columns.
    pub(super) fn open(self, mut arrays: Arrays, member: &str) -> Result<(FittedGlm, Vec<f64>), BundleError> {
        let problem = |problem: String| BundleError::Member { member: member.to_owned(), problem };
        let (values, deviations) = (arrays.take("coefficients")?, arrays.take("deviations")?);
        let (factors, means) = (arrays.take("penalty_factors")?, arrays.take("means")?);
        if [&values, &deviations, &factors].iter().any(|array| array.len() != self.terms.len()) {
            return Err(problem(format!("{} terms, but {} coefficients", self.terms.len(), values.len())));
        }
        let coefficients = self
            .terms
            .into_iter()
            .zip(values)
            .zip(deviations.into_iter().zip(factors))
            .map(|(((predictor, term), value), (deviation, penalty_factor))| {
                let term = term.open();
                Coefficient { predictor, term, value, deviation, penalty_factor }
            })
            .collect();
        let parts = GlmParts {
            family: match self.family {
                SealedFamily::Binomial => Family::Binomial,
                SealedFamily::Gaussian => Family::Gaussian,
            },
            l1_ratio: self.l1_ratio,
            lambda: self.lambda,
            standardise: self.standardise,
            tolerance: self.tolerance,
            max_passes: self.max_passes,
            intercept: self.intercept,
            coefficients,
            certificate: self.certificate.open(),
        };
        Ok((FittedGlm::from_parts(parts).map_err(|e| problem(e.to_string()))?, means))
    }
}

impl SealedTerm {
    fn of(term: &Term) -> Self {
        match term {
            Term::Value => Self::Value,
            Term::Missing => Self::Missing,
            Term::Level(level) => Self::Level(level.clone()),
            Term::Rare => Self::Rare,
            Term::Unknown => Self::Unknown,
        }
    }

    fn open(self) -> Term {
        match self {
            Self::Value => Term::Value,
            Self::Missing => Term::Missing,
            Self::Level(level) => Term::Level(level),
            Self::Rare => Term::Rare,
            Self::Unknown => Term::Unknown,
        }
    }
}
