//! What is true of an inpatient stay.

use bedside_chart::Instant;

use crate::draw::logistic;

/// An inpatient stay and its truth. Every stay lasts longer than 24 hours, so that what is true at admission is true a day
/// later as well.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stay {
    /// When it began.
    pub admitted: Instant,
    /// When the patient left or died.
    pub ended: Instant,
    /// The chance with which it was drawn that the patient dies in the stay.
    pub risk: f64,
    /// Whether the patient died in it.
    pub died: bool,
}

/// The log odds of death of a patient of 60 years and middling severity.
const BASELINE: f64 = -4.3;
/// What a standard deviation of severity adds to them, and a year of age.
const SEVERITY: f64 = 1.2;
const YEAR: f64 = 0.035;
/// The most that conditions add.
const CONDITIONS: f64 = 2.5;

/// The chance to die in a stay. Nothing that is recorded follows from the death but the death itself and the place where the
/// stay ends.
pub(super) fn risk(age: f64, severity: f64, conditions: f64) -> f64 {
    logistic(BASELINE + SEVERITY * severity + YEAR * (age - 60.0) + conditions.min(CONDITIONS))
}
