//! The study file, the one path, the bundle and the report.
//!
//! [`run::run`] is the path, top to bottom. [`spec`] is what a study may say, [`bundle`] what is left when it is done,
//! [`report`] what people read.

pub mod bundle;
pub mod coefficients;
pub mod cohort;
mod doubtful;
mod error;
pub mod events;
mod filling;
pub mod fitted;
pub mod gates;
pub mod importance;
pub mod judged;
pub mod label;
pub mod leaks;
pub mod lifetimes;
pub mod memory;
pub mod outcome;
pub mod progress;
pub mod recipe;
pub mod reference;
pub mod report;
pub mod run;
pub mod sown;
pub mod spec;
pub mod split;
pub mod table_one;
pub mod tabulate;
pub mod tune;
pub mod twins;
pub mod verify;
pub mod vocabulary;
mod written;

pub use error::StudyError;
