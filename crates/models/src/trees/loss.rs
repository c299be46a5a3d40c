//! Losses: where boosting starts, its gradients, its scores.

use bedside_table::{Outcome, OutcomeKind, Train};

use super::Loss;
use crate::ModelError;
use crate::exponential::{exp, logistic};

impl Loss {
    /// The outcome's values, if this loss can take them.
    pub(super) fn accepts(self, outcome: &Outcome<Train>) -> Result<&[f64], ModelError> {
        let (model, expected) = match self {
            Self::Logistic => ("boosted trees with the logistic loss", "binary"),
            Self::Squared => ("boosted trees with the squared loss", "continuous"),
            Self::Poisson => ("boosted trees with the Poisson loss", "continuous, never negative"),
        };
        let values = outcome.values();
        let fits = match self {
            Self::Logistic => outcome.kind() == OutcomeKind::Binary,
            Self::Squared => outcome.kind() == OutcomeKind::Continuous,
            Self::Poisson => outcome.kind() == OutcomeKind::Continuous && values.iter().all(|&v| v >= 0.0),
        };
        if fits { Ok(values) } else { Err(ModelError::OutcomeKind { model, expected }) }
    }

    /// The constant linear predictor with the lowest loss, from the weighted mean of the outcome.
    pub(super) fn start(self, mean: f64) -> f64 {
        match self {
            Self::Logistic => (mean / (1.0 - mean)).ln(),
            Self::Squared => mean,
            Self::Poisson => mean.ln(),
        }
    }

    /// First and second derivative by the linear predictor, for weight 1.
    ///
    /// The Poisson second derivative is taken 0.7 further up the curve (a factor of e^0.7), which bounds the step where a
    /// leaf's mean is far above the present prediction.
    #[inline]
    pub(super) fn derivatives(self, raw: f64, outcome: f64) -> (f64, f64) {
        /// e^0.7
        const AHEAD: f64 = 2.013_752_707_470_476_5;
        match self {
            Self::Logistic => {
                let risk = logistic(raw);
                (risk - outcome, risk * (1.0 - risk))
            }
            Self::Squared => (raw - outcome, 1.0),
            Self::Poisson => {
                let mean = exp(raw);
                (mean - outcome, mean * AHEAD)
            }
        }
    }

    /// Upper bounds on |first| and on the second derivative of weight 1, over all rows.
    pub(super) fn bounds(self, raw: &[f64], outcome: &[f64]) -> (f64, f64) {
        match self {
            Self::Logistic => (1.0, 0.25),
            Self::Squared | Self::Poisson => raw.iter().zip(outcome).fold((0.0, 0.0), |(g, h), (&r, &y)| {
                let (first, second) = self.derivatives(r, y);
                (f64::max(g, first.abs()), f64::max(h, second))
            }),
        }
    }

    /// The loss of one row: log loss, half the squared error, or half the Poisson deviance up to a constant.
    pub(super) fn of(self, raw: f64, outcome: f64) -> f64 {
        match self {
            // log(1 + e^-|r|) cannot overflow.
            Self::Logistic => raw.max(0.0) - raw * outcome + (-raw.abs()).exp().ln_1p(),
            Self::Squared => 0.5 * (raw - outcome) * (raw - outcome),
            Self::Poisson => exp(raw) - outcome * raw,
        }
    }

    /// The risk or expected value of a linear predictor.
    #[inline]
    pub(super) fn response(self, raw: f64) -> f64 {
        match self {
            Self::Logistic => logistic(raw),
            Self::Squared => raw,
            Self::Poisson => exp(raw),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_loss() {
        for loss in [Loss::Logistic, Loss::Squared, Loss::Poisson] {
            for (raw, y) in [(-2.0, 1.0), (0.3, 0.0), (1.7, 1.0)] {
                let step = 1e-5;
                let slope = (loss.of(raw + step, y) - loss.of(raw - step, y)) / (2.0 * step);
                let (first, second) = loss.derivatives(raw, y);
                assert!((first - slope).abs() < 1e-8, "{loss:?}");
                let (up, down) = (loss.derivatives(raw + step, y).0, loss.derivatives(raw - step, y).0);
                let ahead = if loss == Loss::Poisson { 0.7f64.exp() } else { 1.0 };
                assert!((second / ahead - (up - down) / (2.0 * step)).abs() < 1e-7, "{loss:?}");
            }
        }
    }

    #[test]
    fn the_start_has_no_slope() {
        for loss in [Loss::Logistic, Loss::Squared, Loss::Poisson] {
            let start = loss.start(0.2);
            let slope: f64 = [0.0, 0.0, 1.0, 0.0, 0.0].iter().map(|&y| loss.derivatives(start, y).0).sum();
            assert!(slope.abs() < 1e-12, "{loss:?}");
            assert!((loss.response(start) - 0.2).abs() < 1e-15);
        }
    }
}
