//! Which numbers a variable can take in a living person.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{ChartError, Unit};

/// The numbers that are plausible for a variable, both bounds included, in the variable's unit. A number outside is a
/// recording error, not a sick patient. A bound may be infinite: then that side is open.
///
/// # Errors
/// [`PlausibleRange::new`] gives [`ChartError::Range`] unless `low < high`.
///
/// ```
/// use bedside_chart::PlausibleRange;
/// let heart_rate = PlausibleRange::new(0.0, 350.0)?;
/// assert!(heart_rate.contains(70.0) && !heart_rate.contains(700.0) && !heart_rate.contains(f64::NAN));
/// # Ok::<(), bedside_chart::ChartError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(f64, f64)", into = "(f64, f64)")]
pub struct PlausibleRange {
    low: f64,
    high: f64,
}

impl PlausibleRange {
    /// From its bounds.
    ///
    /// # Errors
    /// [`ChartError::Range`] unless `low < high` (so also when one is NaN).
    pub fn new(low: f64, high: f64) -> Result<Self, ChartError> {
        if low < high { Ok(Self { low, high }) } else { Err(ChartError::Range { low, high }) }
    }

    /// The lower bound.
    #[must_use]
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The upper bound.
    #[must_use]
    pub fn high(&self) -> f64 {
        self.high
    }

    /// Whether a number is plausible. NaN never is.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// The same range in another unit.
    ///
    /// # Errors
    /// As [`Unit::convert`].
    pub fn convert(&self, from: &Unit, to: &Unit) -> Result<Self, ChartError> {
        Self::new(from.convert(self.low, to)?, from.convert(self.high, to)?)
    }
}

impl TryFrom<(f64, f64)> for PlausibleRange {
    type Error = ChartError;

    fn try_from((low, high): (f64, f64)) -> Result<Self, ChartError> {
        Self::new(low, high)
    }
}

impl From<PlausibleRange> for (f64, f64) {
    fn from(range: PlausibleRange) -> Self {
        (range.low, range.high)
    }
}

impl fmt::Display for PlausibleRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, true) => write!(f, "{} to {}", self.low, self.high),
            (true, false) => write!(f, "at least {}", self.low),
            (false, true) => write!(f, "at most {}", self.high),
            (false, false) => f.write_str("any number"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_that_make_no_range_are_refused() {
        for (low, high) in [(2.0, 1.0), (1.0, 1.0), (f64::NAN, 1.0), (0.0, f64::NAN)] {
            assert!(matches!(PlausibleRange::new(low, high), Err(ChartError::Range { .. })), "{low} {high}");
        }
    }

    #[test]
    fn a_range_follows_its_unit() {
        let celsius = PlausibleRange::new(25.0, 45.0).unwrap();
        let fahrenheit = celsius.convert(&Unit::new("°C").unwrap(), &Unit::new("°F").unwrap()).unwrap();
        assert_eq!((fahrenheit.low(), fahrenheit.high()), (77.0, 113.0));
    }

    #[test]
    fn an_open_side_accepts_everything_on_it() {
        let range = PlausibleRange::new(0.0, f64::INFINITY).unwrap();
        assert!(range.contains(1e300) && !range.contains(-1.0));
        assert_eq!(range.to_string(), "at least 0");
    }
}
