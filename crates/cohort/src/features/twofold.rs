//! Sums that keep the bits which a running total in one number would lose.

use std::ops::{Add, Mul, Sub};

/// A number as the unevaluated sum of two, about 106 bits. The sum over a window is the difference of two running totals;
/// in one number, that difference keeps the rounding errors of everything before the window.
///
/// Sums after Knuth (*The Art of Computer Programming* 2, 3rd ed., 4.2.2, theorem B), products by fused multiplication,
/// renormalised after each step (Dekker, *Numerische Mathematik* 18:224, 1971, doi 10.1007/BF01397083).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Twofold {
    high: f64,
    low: f64,
}

impl Twofold {
    /// A product, exactly.
    pub(super) fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        Self { high, low: a.mul_add(b, -high) }
    }

    /// Rounded to one number.
    pub(super) fn rounded(self) -> f64 {
        self.high + self.low
    }

    fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let virtual_b = high - a;
        Self { high, low: (a - (high - virtual_b)) + (b - virtual_b) }
    }

    /// The same value, the first part being the rounded whole.
    fn normal(high: f64, low: f64) -> Self {
        let whole = high + low;
        Self { high: whole, low: low - (whole - high) }
    }
}

impl From<f64> for Twofold {
    fn from(number: f64) -> Self {
        Self { high: number, low: 0.0 }
    }
}

impl Add for Twofold {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let (high, low) = (Self::sum(self.high, other.high), Self::sum(self.low, other.low));
        let step = Self::normal(high.high, high.low + low.high);
        Self::normal(step.high, step.low + low.low)
    }
}

impl Sub for Twofold {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + Self { high: -other.high, low: -other.low }
    }
}

impl Mul for Twofold {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let high = Self::product(self.high, other.high);
        Self::normal(high.high, high.low + (self.high * other.low + self.low * other.high))
    }
}

#[cfg(test)]
mod tests {
    use super::Twofold;

    #[test]
    fn what_a_running_total_would_lose_is_kept() {
        let numbers = [1e16, 1.0, -0.1, 1e-9];
        let mut totals = vec![Twofold::default()];
        for number in numbers {
            totals.push(totals[totals.len() - 1] + number.into());
        }
        let close = |found: Twofold, expected: f64| (found.rounded() - expected).abs() <= 4e-16;
        assert!(close(totals[4] - totals[1], 1.0 - 0.1 + 1e-9));
        assert!(close(totals[4] - totals[3], 1e-9));
        let plain = ((1e16 + 1.0) - 0.1) + 1e-9 - 1e16;
        assert!(f64::abs(plain - (1.0 - 0.1 + 1e-9)) > 0.01, "this test would not see the loss");
    }

    #[test]
    fn products_are_exact() {
        let a = 1.0 + f64::EPSILON;
        let square = Twofold::product(a, a);
        let rest = square - Twofold::from(1.0) - Twofold::from(2.0 * f64::EPSILON);
        assert_eq!(rest.rounded(), f64::EPSILON * f64::EPSILON);
        let doubled = (square * Twofold::from(2.0)) - square;
        assert_eq!(doubled, square);
    }
}
