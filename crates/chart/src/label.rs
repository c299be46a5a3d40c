//! What is known of a subject at an index time.

use crate::{Instant, SubjectNumber};

/// A label: a subject, the time from when on the future is predicted, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Label {
    /// Whose it is.
    pub subject: SubjectNumber,
    /// The index time; none when the task names none.
    pub prediction_time: Option<Instant>,
    /// What came of it; none when the task names no outcome.
    pub boolean: Option<bool>,
}
