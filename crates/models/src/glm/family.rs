//! The two likelihoods, each with its conjugate.

/// The distribution of the outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// An event or not: logistic regression.
    Binomial,
    /// A number: linear regression.
    Gaussian,
}

impl Family {
    /// From the linear predictor to the mean.
    #[must_use]
    pub fn mean(self, eta: f64) -> f64 {
        match self {
            Self::Binomial if eta >= 0.0 => 1.0 / (1.0 + (-eta).exp()),
            Self::Binomial => {
                let e = eta.exp();
                e / (1.0 + e)
            }
            Self::Gaussian => eta,
        }
    }

    /// Minus the log-likelihood of one row. Zero for a perfect prediction.
    pub(super) fn loss(self, eta: f64, y: f64) -> f64 {
        match self {
            // log(1 + e^eta) - y eta, without overflow.
            Self::Binomial => eta.max(0.0) + (-eta.abs()).exp().ln_1p() - y * eta,
            Self::Gaussian => 0.5 * (y - eta) * (y - eta),
        }
    }

    /// The dual value of one row at residual `r`: minus the conjugate of the loss at `-r`.
    pub(super) fn dual(self, r: f64, y: f64) -> f64 {
        match self {
            Self::Binomial => {
                let u = (y - r).clamp(0.0, 1.0);
                let term = |v: f64| if v > 0.0 { v * v.ln() } else { 0.0 };
                -(term(u) + term(1.0 - u))
            }
            Self::Gaussian => r * (y - 0.5 * r),
        }
    }

    /// The linear predictor of a constant model with this mean.
    pub(super) fn link(self, mean: f64) -> f64 {
        match self {
            Self::Binomial => (mean / (1.0 - mean)).ln(),
            Self::Gaussian => mean,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_and_its_dual_meet_at_the_right_residual() {
        for family in [Family::Binomial, Family::Gaussian] {
            for y in [0.0, 1.0] {
                for eta in [-3.0, -0.1, 0.0, 2.0] {
                    let r = y - family.mean(eta);
                    // Fenchel-Young: loss(eta) - dual(r) = -r eta exactly when r is the residual at eta.
                    let gap = family.loss(eta, y) - family.dual(r, y) + r * eta;
                    assert!(gap.abs() < 1e-12, "{family:?} {y} {eta}: {gap}");
                }
            }
        }
    }

    #[test]
    fn a_confident_and_right_prediction_costs_nothing() {
        assert!(Family::Binomial.loss(800.0, 1.0).abs() < 1e-300);
        assert!((Family::Binomial.loss(-800.0, 1.0) - 800.0).abs() < 1e-9);
    }
}
