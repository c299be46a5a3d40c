//! What a column of the matrix is called.

use std::sync::Arc;

use super::{Aggregation, CodeUse, Window};

/// What of a code or a group is often enough to have columns.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'p> {
    /// The code, or the name of the group.
    pub name: &'p Arc<str>,
    /// What it means, if that is known.
    pub words: Option<&'p Arc<str>>,
    /// What makes it a group (`atc3`, `charlson`, ...); none for a code.
    pub group: Option<&'static str>,
    /// 1 for what is often enough, else 0.
    pub used: CodeUse,
}

/// What a column of the matrix is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The code, or the name of the group.
    pub code: Arc<str>,
    /// What the code means, if that is known.
    pub words: Option<Arc<str>>,
    /// The window; none for events without a time.
    pub window: Option<Window>,
    /// What is made of the events.
    pub aggregation: Aggregation,
}

impl Column {
    /// For a reader: `LAB//50912//mg/dL, last value, 24h`; with words for the code
    /// `Creatinine, mg/dL (LAB//50912//mg/dL), last value, 24h`.
    #[must_use]
    pub fn describe(&self) -> String {
        let aggregation = self.aggregation.words();
        let code = match &self.words {
            Some(words) => format!("{words} ({})", self.code),
            None => self.code.to_string(),
        };
        match &self.window {
            Some(window) => format!("{code}, {aggregation}, {window}"),
            None => format!("{code}, {aggregation}"),
        }
    }

    /// For a program: `LAB//50912//mg/dL/24h/value/last`.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.window {
            Some(window) => format!("{}/{window}/{}", self.code, self.aggregation),
            None => format!("{}/{}", self.code, self.aggregation),
        }
    }
}
