//! What a patient record is: subject ids that do not print, units, plausible ranges.
//!
//! Everything here is parsed at the door and trusted afterwards: each type has one fallible constructor, and
//! deserialising goes through it. This crate knows nothing of files, matrices or models.

mod error;
mod range;
mod subject;
mod unit;

pub use error::ChartError;
pub use range::PlausibleRange;
pub use subject::SubjectId;
pub use unit::{Dimension, Unit};
