//! A hospital with a known truth: tables with known risk, missingness, site effects and planted leaks, and events of any number.
//!
//! [`readmission`] writes a table of the shape of the public diabetes set (101,766 encounters in 130 United States hospitals;
//! Strack et al. 2014, doi 10.1155/2014/781670): the same columns, the same kinds of levels, similar frequencies, made-up
//! people. [`Settings`] describes tables of any shape, with gaps of a known kind and predictors that leak the outcome.
//!
//! [`Hospital`] has patients with events, as events, as tables of OMOP or as resources of FHIR.
//!
//! All give the true risk beside the records. That of a table's row is a function of what the columns say (before gaps are
//! made), so a good model can approach it, and none can beat it.

mod draw;
mod error;
mod gaps;
mod hospital;
mod law;
mod readmission;
mod settings;
mod simulated;
mod table;

pub use error::SimulateError;
pub use hospital::{Form, Hospital, Meaning, Patient, Stay};
pub use readmission::readmission;
pub use settings::{Gaps, Leaks, Mechanism, Settings};
pub use simulated::Simulated;
pub use table::Simulator;
