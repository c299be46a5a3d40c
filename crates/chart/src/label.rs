//! What is known of a subject at an index time.

use std::sync::Arc;

use crate::{Instant, SubjectNumber};

/// A label: a subject, the time from when on the future is predicted, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Whose it is.
    pub subject: SubjectNumber,
    /// The index time; none when the task names none.
    pub prediction_time: Option<Instant>,
    /// What came of it.
    pub value: LabelValue,
}

/// What came of a subject after an index time.
#[derive(Debug, Clone, PartialEq)]
pub enum LabelValue {
    /// The task asks for no outcome.
    None,
    /// Whether something happened.
    Boolean(bool),
    /// A measured value.
    Number(f64),
    /// One of several outcomes, by name.
    Category(Arc<str>),
    /// How long it took, and what ended it.
    Time {
        /// Days of 24 hours from the index time.
        days: f64,
        /// 0 when it was not seen (censored), 1 for the event, 2 and on for what competes with it.
        event: u32,
    },
}
