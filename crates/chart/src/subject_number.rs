//! Who an event belongs to, in data sets that number their subjects.

use std::fmt;

/// The 64-bit number that an event data set gives a subject (`subject_id` in MEDS, `person_id` in OMOP). It compares,
/// hashes and sorts, but neither `Debug` nor `Display` shows it: [`SubjectNumber::expose`] is the only door.
///
/// ```
/// use bedside_chart::SubjectNumber;
/// let subject = SubjectNumber::new(10_000_032);
/// assert_eq!(format!("{subject} {subject:?}"), "[subject] SubjectNumber([subject])");
/// assert_eq!(subject.expose(), 10_000_032);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectNumber(i64);

impl SubjectNumber {
    /// From the number of the record. Every 64-bit integer is one.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number itself. Whoever calls this decides that the reader may know the person.
    #[must_use]
    pub const fn expose(self) -> i64 {
        self.0
    }
}

impl fmt::Debug for SubjectNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectNumber([subject])")
    }
}

impl fmt::Display for SubjectNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("[subject]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_formatting_shows_the_number() {
        let subject = SubjectNumber::new(8_222_157);
        for shown in [format!("{subject}"), format!("{subject:?}"), format!("{:#?}", Some(vec![subject]))] {
            assert!(!shown.contains("222"), "{shown}");
        }
    }
}
