//! The judge: discrimination, calibration, net benefit, subgroups and intervals, as data.
//!
//! It reads scores and outcomes of [`bedside_table::HeldOut`] rows and knows nothing of the model that made them.
//! Intervals respect that rows of one patient are alike: where patients repeat, whole patients are resampled.

mod average_precision;
mod binary;
mod bootstrap;
mod calibration;
mod case;
mod compare;
mod continuous;
mod curves;
mod delong;
#[cfg(test)]
mod duplicates;
mod error;
mod judgement;
mod lowess;
mod net_benefit;
mod normal;
mod proportion;
pub mod quick;
mod recalibration;
mod refit;
mod risks;
mod settings;
mod sorted;
mod subgroups;
mod thresholds;
mod wilson;

pub use case::Case;
pub use compare::compare;
pub use delong::{DeLong, Paired, delong, paired};
pub use error::JudgeError;
pub use judgement::*;
pub use lowess::lowess;
pub use net_benefit::net_benefit;
pub use normal::{normal_quantile, normal_two_sided};
pub use recalibration::{Recalibration, intercept_given_slope_one, recalibrate};
pub use settings::JudgeSettings;
pub use subgroups::subgroups;
pub use wilson::wilson;

use bedside_table::{OutcomeKind, Seed};

/// Judges one model's scores on held-out rows.
///
/// # Errors
/// [`JudgeError::Setting`] when a setting is out of range. A measure that the rows do not have (one class only, scores that
/// are all the same or separate the classes without error) is absent, with the reason in its place.
pub fn judge(case: &Case<'_>, settings: &JudgeSettings, seed: Seed) -> Result<Judgement, JudgeError> {
    match case.kind() {
        OutcomeKind::Binary => Ok(Judgement::Binary(Box::new(binary::judge(case, settings, seed)?))),
        OutcomeKind::Continuous => {
            Ok(Judgement::Continuous(Box::new(continuous::judge(case, settings, seed)?)))
        }
    }
}
