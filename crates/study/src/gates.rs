//! Objectives that were fixed before the first fit, held against the champion's held-out performance.

use bedside_validate::{Estimate, Judgement};

use crate::StudyError;
use crate::report::data::GateResult;
use crate::spec::{Gates, Measure};

/// A measure of a judgement; `None` where the kind of outcome has none.
#[must_use]
pub fn value(measure: Measure, judgement: &Judgement) -> Option<&Estimate> {
    Some(match judgement {
        Judgement::Binary(j) => match measure {
            Measure::Auroc => &j.auroc,
            Measure::Auprc => &j.auprc,
            Measure::Brier => &j.brier,
            Measure::ScaledBrier => &j.scaled_brier,
            Measure::CalibrationIntercept => &j.calibration_intercept,
            Measure::CalibrationSlope => &j.calibration_slope,
            Measure::ObservedExpected => &j.observed_expected,
            Measure::Ici => &j.ici,
            Measure::E50 => &j.e50,
            Measure::E90 => &j.e90,
            Measure::Emax => &j.emax,
            Measure::Rmse | Measure::Mae | Measure::RSquared => return None,
        },
        Judgement::Continuous(j) => match measure {
            Measure::Rmse => &j.rmse,
            Measure::Mae => &j.mae,
            Measure::RSquared => &j.r_squared,
            Measure::CalibrationSlope => &j.calibration_slope,
            Measure::CalibrationIntercept => &j.calibration_intercept,
            _ => return None,
        },
    })
}

/// Each objective, and whether it holds. One whose measure is not estimable does not.
///
/// # Errors
/// [`StudyError::Data`] when an objective names a measure that this kind of outcome does not have.
pub fn hold(gates: &Gates, judgement: &Judgement) -> Result<Vec<GateResult>, StudyError> {
    gates
        .iter()
        .map(|gate| {
            let found = value(gate.measure, judgement).ok_or_else(|| StudyError::Data {
                place: format!("[gates] `{}`", gate.measure),
                problem: "this measure does not exist for the kind of outcome that the study has".to_owned(),
            })?;
            Ok(GateResult {
                measure: gate.measure.to_string(),
                demanded: gate.demanded.to_string(),
                found: found.value,
                why: found.value.is_none().then(|| found.how.clone()),
                passed: found.value.is_some_and(|value| gate.holds(value)),
            })
        })
        .collect()
}
