//! What is brought before the judge.

use bedside_table::{HeldOut, Outcome, OutcomeKind, Scores, TableError};

use crate::JudgeError;

/// Scores and outcomes of the same held-out rows, and whose rows they are. Nothing is missing.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    scores: &'a [f64],
    outcome: &'a Outcome<HeldOut>,
    clusters: Option<&'a [u32]>,
}

impl<'a> Case<'a> {
    /// Checks that the lists belong together.
    ///
    /// # Errors
    /// [`JudgeError::Table`] when lengths differ; for a binary outcome [`JudgeError::NotARisk`] when a score lies outside
    /// [0, 1]; [`JudgeError::TooFew`] below 3 rows. Rows of one class are judged by what they can say.
    pub fn new(
        scores: &'a Scores<HeldOut>,
        outcome: &'a Outcome<HeldOut>,
        clusters: Option<&'a [u32]>,
    ) -> Result<Self, JudgeError> {
        let (values, rows) = (scores.values(), outcome.rows());
        if values.len() != rows {
            return Err(TableError::Length { what: "scores", expected: rows, found: values.len() }.into());
        }
        if let Some(found) = clusters.map(<[u32]>::len).filter(|&n| n != rows) {
            return Err(TableError::Length { what: "clusters", expected: rows, found }.into());
        }
        if rows < 3 {
            return Err(JudgeError::TooFew { rows, least: 3 });
        }
        if outcome.kind() == OutcomeKind::Binary
            && let Some(row) = values.iter().position(|p| !(0.0..=1.0).contains(p))
        {
            return Err(JudgeError::NotARisk { row });
        }
        Ok(Self { scores: values, outcome, clusters })
    }

    /// The scores.
    #[must_use]
    pub fn scores(&self) -> &'a [f64] {
        self.scores
    }

    /// The outcomes: 0 or 1 when binary.
    #[must_use]
    pub fn outcomes(&self) -> &'a [f64] {
        self.outcome.values()
    }

    /// The patient of each row.
    #[must_use]
    pub fn clusters(&self) -> Option<&'a [u32]> {
        self.clusters
    }

    /// The kind of outcome.
    #[must_use]
    pub fn kind(&self) -> OutcomeKind {
        self.outcome.kind()
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.scores.len()
    }
}
