//! Whether a run fits into the memory that it may take.

use crate::StudyError;

/// What a cell of a table takes, roughly, as measured at the peak of whole runs: 62 bytes of a table of 45 columns, 74 and 76 of studies
/// of 660 features over 50,000 and 83,000 rows.
const BYTES_PER_CELL: u64 = 76;
/// What it takes beside the cells.
const BASE: u64 = 64 << 20;

/// The bytes that a run over so many rows and predictors needs, roughly.
#[must_use]
pub fn needed(rows: usize, predictors: usize) -> u64 {
    (rows as u64).saturating_mul(predictors as u64).saturating_mul(BYTES_PER_CELL).saturating_add(BASE)
}

/// Refuses a run that needs more than it may take, before it takes it. No budget refuses nothing.
///
/// # Errors
/// [`StudyError::Memory`].
pub fn within(budget: Option<u64>, rows: usize, predictors: usize) -> Result<(), StudyError> {
    let need = needed(rows, predictors);
    match budget {
        Some(budget) if need > budget => Err(StudyError::Memory { rows, predictors, need, budget }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_its_size() {
        assert!(within(None, usize::MAX, usize::MAX).is_ok());
        assert!(within(Some(1 << 30), 100_000, 100).is_ok());
        let refused = within(Some(1 << 30), 100_000, 1000).unwrap_err().to_string();
        assert!(refused.contains("100,000 rows × 1,000 predictors"), "{refused}");
        assert!(refused.contains("about 7.7 GB") && refused.contains("1.1 GB are allowed"), "{refused}");
    }
}
