//! What is asked for.

use regex::Regex;

use super::{Aggregation, Window};
use crate::CohortError;

/// Which features are wanted: what is made of which codes in which windows.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub(super) asked: Vec<Asked>,
    pub(super) rare: Rare,
}

impl Recipe {
    /// The features of several requests. What two of them ask for is made once.
    ///
    /// # Errors
    /// [`CohortError::NoFeature`] when there is no request.
    pub fn new(asked: Vec<Asked>, rare: Rare) -> Result<Self, CohortError> {
        if asked.is_empty() {
            return Err(CohortError::NoFeature { reason: "the recipe asks for none".to_owned() });
        }
        Ok(Self { asked, rare })
    }
}

/// Codes, windows, and what is made of their events: every code with every window and aggregation.
#[derive(Debug, Clone)]
pub struct Asked {
    pub(super) codes: CodeChoice,
    pub(super) windows: Vec<Window>,
    pub(super) aggregations: Vec<Aggregation>,
}

impl Asked {
    /// A request.
    ///
    /// # Errors
    /// [`CohortError::NoFeature`] when there is no aggregation, or a window is lacking; [`CohortError::Feature`] when an
    /// aggregation needs a window with a beginning and one has none.
    pub fn new(
        codes: CodeChoice,
        windows: Vec<Window>,
        aggregations: Vec<Aggregation>,
    ) -> Result<Self, CohortError> {
        if aggregations.is_empty() {
            return Err(CohortError::NoFeature { reason: "no aggregation is named".to_owned() });
        }
        let timed = aggregations.iter().find(|one| !one.is_static());
        if let Some(one) = timed.filter(|_| windows.is_empty()) {
            return Err(CohortError::NoFeature {
                reason: format!("`{one}` needs a window, and none is named"),
            });
        }
        let endless = windows.iter().find(|window| window.days().is_none());
        let bounded = aggregations.iter().find(|one| one.needs_a_beginning());
        if let (Some(window), Some(aggregation)) = (endless, bounded) {
            return Err(CohortError::Feature { aggregation: aggregation.name(), window: window.to_string() });
        }
        Ok(Self { codes, windows, aggregations })
    }
}

/// Which codes: all, or those that a pattern is found in, without those that another is found in.
#[derive(Debug, Clone, Default)]
pub struct CodeChoice {
    only: Vec<Regex>,
    except: Vec<Regex>,
}

impl CodeChoice {
    /// Codes in which one of `only` is found (all codes when there is none) and none of `except`. The patterns are regular
    /// expressions and are found anywhere in the code unless `^` and `$` say otherwise.
    ///
    /// # Errors
    /// [`CohortError::Pattern`] for a pattern that cannot be compiled.
    pub fn new(only: &[String], except: &[String]) -> Result<Self, CohortError> {
        let compiled = |patterns: &[String]| -> Result<Vec<Regex>, CohortError> {
            let compile = |pattern: &String| {
                Regex::new(pattern).map_err(|e| CohortError::Pattern {
                    pattern: pattern.clone(),
                    reason: e.to_string().lines().last().unwrap_or_default().trim().to_owned(),
                })
            };
            patterns.iter().map(compile).collect()
        };
        Ok(Self { only: compiled(only)?, except: compiled(except)? })
    }

    pub(super) fn takes(&self, code: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|pattern| pattern.is_match(code)))
            && !self.except.iter().any(|pattern| pattern.is_match(code))
    }
}

/// Which codes are too rare to learn from. Whoever counts must count training subjects only: what is rare is learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rare {
    /// A code that fewer subjects have is left out.
    pub least_subjects: u64,
    /// A code with fewer events is left out; its values are, when they are fewer; events without a time are counted apart.
    pub least_events: u64,
    /// Only so many codes are kept: those with most events, the first in order of name among equals.
    pub most_codes: Option<usize>,
}
