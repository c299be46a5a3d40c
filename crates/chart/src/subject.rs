//! Who a record belongs to, without ever saying it by accident.

use std::fmt;
use std::sync::Arc;

use crate::ChartError;

/// The id of a subject. It compares, hashes and sorts, but neither `Debug` nor `Display` shows it, and it does not
/// serialise: [`SubjectId::expose`] is the only door, so every place that lets an id out can be found by that word.
///
/// An id is the text of the record, without surrounding white space. An empty id is not one.
///
/// # Errors
/// [`SubjectId::new`] gives [`ChartError::EmptySubject`] when nothing but white space is left.
///
/// ```
/// use bedside_chart::SubjectId;
/// let id = SubjectId::new("8222157")?;
/// assert_eq!(format!("{id} {id:?}"), "[subject] SubjectId([subject])");
/// assert_eq!(id.expose(), "8222157");
/// # Ok::<(), bedside_chart::ChartError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SubjectId(Arc<str>);

impl SubjectId {
    /// From the text of the record.
    ///
    /// # Errors
    /// [`ChartError::EmptySubject`] when nothing but white space is left.
    pub fn new(text: &str) -> Result<Self, ChartError> {
        let text = text.trim();
        if text.is_empty() { Err(ChartError::EmptySubject) } else { Ok(Self(Arc::from(text))) }
    }

    /// The id itself. Whoever calls this decides that the reader may know the person.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectId([subject])")
    }
}

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("[subject]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_formatting_shows_the_id() {
        let id = SubjectId::new(" planted-8222157 ").unwrap();
        let nested = Some(vec![id.clone()]);
        for shown in [format!("{id}"), format!("{id:>40}"), format!("{id:?}"), format!("{nested:#?}")] {
            assert!(!shown.contains("8222157"), "{shown}");
        }
        assert_eq!(id.expose(), "planted-8222157");
    }

    #[test]
    fn an_empty_id_is_refused() {
        assert_eq!(SubjectId::new(" \t"), Err(ChartError::EmptySubject));
    }
}
