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

    /// What is kept of a training row in place of its linear predictor `r`: e^-r (logistic), `r` (squared) or e^r (Poisson).
    /// Trees then multiply where they would add, and no exponential is taken a row.
    pub(super) fn state(self, raw: f64) -> f64 {
        match self {
            Self::Logistic => exp(-raw),
            Self::Squared => raw,
            Self::Poisson => exp(raw),
        }
    }

    /// The state when `value`, whose own state is `step`, is added to the linear predictor.
    #[inline]
    pub(super) fn advance(self, state: f64, step: f64) -> f64 {
        match self {
            Self::Logistic | Self::Poisson => (state * step).clamp(1e-300, 1e300),
            Self::Squared => state + step,
        }
    }

    /// First and second derivative of the loss by the linear predictor, for weight 1.
    ///
    /// The Poisson second derivative is taken 0.7 further up the curve (a factor of e^0.7), which bounds the step where a
    /// leaf's mean is far above the present prediction.
    #[inline]
    pub(super) fn derivatives(self, state: f64, outcome: f64) -> (f64, f64) {
        /// e^0.7
        const AHEAD: f64 = 2.013_752_707_470_476_5;
        match self {
            Self::Logistic => {
                let risk = 1.0 / (1.0 + state);
                (risk - outcome, risk * (risk * state))
            }
            Self::Squared => (state - outcome, 1.0),
            Self::Poisson => (state - outcome, state * AHEAD),
        }
    }

    /// Upper bounds on |first| and on the second derivative of weight 1, over all rows.
    pub(super) fn bounds(self, states: &[f64], outcome: &[f64]) -> (f64, f64) {
        match self {
            Self::Logistic => (1.0, 0.25),
            Self::Squared | Self::Poisson => {
                states.iter().zip(outcome).fold((0.0, 0.0), |(g, h), (&s, &y)| {
                    let (first, second) = self.derivatives(s, y);
                    (f64::max(g, first.abs()), f64::max(h, second))
                })
            }
        }
    }

    /// The loss of one row: log loss, half the squared error, or the Poisson log likelihood with the sign turned, up to a
    /// constant.
    pub(super) fn of(self, state: f64, outcome: f64) -> f64 {
        match self {
            // -log(risk) = log(1 + e^-r), and -log(1 - risk) is larger by r = -log(state).
            Self::Logistic => state.ln_1p() - (1.0 - outcome) * state.ln(),
            Self::Squared => 0.5 * (state - outcome) * (state - outcome),
            Self::Poisson => state - outcome * state.ln(),
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

    const ALL: [Loss; 3] = [Loss::Logistic, Loss::Squared, Loss::Poisson];

    #[test]
    fn derivatives_are_those_of_the_loss() {
        for loss in ALL {
            for (raw, y) in [(-2.0, 1.0), (0.3, 0.0), (1.7, 1.0)] {
                let step = 1e-5;
                let (below, above) = (loss.state(raw - step), loss.state(raw + step));
                let slope = (loss.of(above, y) - loss.of(below, y)) / (2.0 * step);
                let (first, second) = loss.derivatives(loss.state(raw), y);
                assert!((first - slope).abs() < 1e-8, "{loss:?}");
                let bend = (loss.derivatives(above, y).0 - loss.derivatives(below, y).0) / (2.0 * step);
                let ahead = if loss == Loss::Poisson { 0.7f64.exp() } else { 1.0 };
                assert!((second / ahead - bend).abs() < 1e-7, "{loss:?}");
            }
        }
    }

    #[test]
    fn states_follow_the_linear_predictor() {
        for loss in ALL {
            let (mut state, mut raw) = (loss.state(0.4), 0.4);
            for value in (0..500).map(|i| 0.01 * f64::from(i % 7) - 0.02) {
                (state, raw) = (loss.advance(state, loss.state(value)), raw + value);
            }
            assert!((state / loss.state(raw) - 1.0).abs() < 1e-12, "{loss:?}");
        }
        let (mut low, mut high) = (1.0, 1.0);
        for _ in 0..1000 {
            low = Loss::Logistic.advance(low, Loss::Logistic.state(5.0));
            high = Loss::Logistic.advance(high, Loss::Logistic.state(-5.0));
        }
        for state in [low, high] {
            let (first, second) = Loss::Logistic.derivatives(state, 1.0);
            assert!(first.abs() <= 1.0 && second >= 0.0 && Loss::Logistic.of(state, 1.0).is_finite());
        }
    }

    #[test]
    fn the_start_has_no_slope() {
        for loss in ALL {
            let start = loss.start(0.2);
            let slope = |y: f64| loss.derivatives(loss.state(start), y).0;
            assert!([0.0, 0.0, 1.0, 0.0, 0.0].map(slope).iter().sum::<f64>().abs() < 1e-12, "{loss:?}");
            assert!((loss.response(start) - 0.2).abs() < 1e-15);
        }
    }
}
