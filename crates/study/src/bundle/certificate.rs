//! A certificate on disk.

use bedside_table::Certificate;
use serde::{Deserialize, Serialize};

/// The proof that a fit arrived, as it stands in a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SealedCertificate {
    criterion: String,
    iterations: u64,
    gap: f64,
    tolerance: f64,
}

impl SealedCertificate {
    pub(super) fn of(certificate: &Certificate) -> Self {
        let Certificate { criterion, iterations, gap, tolerance } = certificate.clone();
        Self { criterion, iterations, gap, tolerance }
    }

    pub(super) fn open(self) -> Certificate {
        let Self { criterion, iterations, gap, tolerance } = self;
        Certificate { criterion, iterations, gap, tolerance }
    }
}
