//! What a patient record is: subject ids that do not print, instants, codes, timelines of events, units, plausible ranges.
//!
//! Everything here is parsed at the door and trusted afterwards: each type has one fallible constructor, and
//! deserialising goes through it. This crate knows nothing of files, matrices or models.

mod codes;
mod error;
mod instant;
mod label;
mod range;
mod subject;
mod subject_number;
mod timeline;
mod unit;

pub use codes::{BIRTH, CodeId, Codes, DEATH};
pub use error::ChartError;
pub use instant::{Instant, OLDEST, Span};
pub use label::{Label, LabelValue};
pub use range::PlausibleRange;
pub use subject::SubjectId;
pub use subject_number::SubjectNumber;
pub use timeline::{Events, Precision, Timeline};
pub use unit::{Dimension, Unit, code_and_unit, spelled};
