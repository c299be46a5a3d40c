//! What a leaf is worth: the second-order approximation of the loss with penalties and bounds.
//!
//! For a leaf with summed gradient `G` and hessian `H`, the loss changes by `G w + ½ (H + λ₂) w² + λ₁ |w|` when its value
//! changes by `w` (Friedman 2001, doi 10.1214/aos/1013203451; Chen, Guestrin 2016, section 2.2,
//! doi 10.1145/2939672.2939785). Gains below are twice the fall of this loss.

use super::cell::Sums;

/// Penalties on leaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Penalty {
    pub(super) l1: f64,
    pub(super) l2: f64,
}

/// Between which values a leaf must stay so that constrained predictors keep their direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bounds {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Bounds {
    pub(super) const NONE: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
}

impl Penalty {
    /// The gradient that is left after the L1 penalty took its share.
    #[inline]
    fn beyond_l1(self, gradient: f64) -> f64 {
        if self.l1 == 0.0 { gradient } else { gradient.signum() * (gradient.abs() - self.l1).max(0.0) }
    }

    /// The best value of a leaf.
    #[inline]
    pub(super) fn step(self, sums: Sums, bounds: Bounds) -> f64 {
        let curvature = sums.hessian + self.l2;
        let free = if curvature > 0.0 { -self.beyond_l1(sums.gradient) / curvature } else { 0.0 };
        free.clamp(bounds.low, bounds.high)
    }

    /// Twice the fall of the loss at the best value, without bounds.
    #[inline]
    pub(super) fn worth(self, sums: Sums) -> f64 {
        let (gradient, curvature) = (self.beyond_l1(sums.gradient), sums.hessian + self.l2);
        if curvature > 0.0 { gradient * gradient / curvature } else { 0.0 }
    }

    /// Twice the fall of the loss at a given value.
    #[inline]
    pub(super) fn worth_at(self, sums: Sums, value: f64) -> f64 {
        let quadratic = 2.0 * sums.gradient * value + (sums.hessian + self.l2) * value * value;
        -(quadratic + 2.0 * self.l1 * value.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_is_the_minimum() {
        for (l1, l2) in [(0.0, 0.0), (0.5, 1.0), (10.0, 0.0)] {
            let penalty = Penalty { l1, l2 };
            let sums = Sums { gradient: -3.0, hessian: 2.0, rows: 9 };
            let best = penalty.step(sums, Bounds::NONE);
            assert!((penalty.worth_at(sums, best) - penalty.worth(sums)).abs() < 1e-12);
            for other in [-1.0, -0.1, 0.01, 0.1, 1.0] {
                assert!(penalty.worth_at(sums, best + other) <= penalty.worth(sums));
            }
            let bounded = penalty.step(sums, Bounds { low: -1.0, high: 0.2 });
            assert_eq!(bounded, best.min(0.2));
        }
    }
}
