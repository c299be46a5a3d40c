//! Which cells are missing.

use bedside_table::Stream;

use crate::draw::{happens, intercept, logistic};
use crate::{Gaps, Mechanism};

/// How strongly the log odds of a gap rise with the standardised value that decides.
const STEEPNESS: f64 = 1.5;

/// The chance of a gap, given a standardised number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GapLaw {
    mechanism: Mechanism,
    share: f64,
    shift: f64,
}

impl GapLaw {
    /// A law under which, over values like those given, the share of gaps is as set.
    pub(crate) fn new(gaps: Gaps, values: &[f64]) -> Self {
        let lines: Vec<f64> = values.iter().map(|value| STEEPNESS * value).collect();
        let shift = if gaps.share > 0.0 { intercept(&lines, gaps.share) } else { 0.0 };
        Self { mechanism: gaps.mechanism, share: gaps.share, shift }
    }

    /// Whether a cell is missing, given `x1` and its own value, standardised.
    pub(crate) fn is_gap(&self, stream: &mut Stream, first: f64, own: f64) -> bool {
        if self.share <= 0.0 {
            return false;
        }
        let decides = match self.mechanism {
            Mechanism::Mcar => return happens(stream, self.share),
            Mechanism::Mar => first,
            Mechanism::Mnar => own,
        };
        happens(stream, logistic(STEEPNESS * decides + self.shift))
    }
}
