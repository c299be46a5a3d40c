//! Logistic recalibration: how far, and how far apart, the risks are.
//!
//! Cox 1958, doi 10.1093/biomet/45.3-4.562; Van Calster et al. 2019, doi 10.1186/s12916-019-1466-7.

use crate::JudgeError;

/// Risks of exactly 0 or 1 have no logit; they are moved this far inwards.
const INWARDS: f64 = 1e-12;

/// Newton steps after which a fit is given up.
const STEPS: usize = 100;

/// The logistic regression of the outcome on the logit of the risk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recalibration {
    /// Its intercept.
    pub intercept: f64,
    /// Its slope: 1 is ideal, below 1 the risks are too extreme.
    pub slope: f64,
    /// Newton steps taken.
    pub steps: usize,
}

/// The logits of risks.
pub(crate) fn logits(risks: &[f64]) -> Vec<f64> {
    risks.iter().map(|&p| logit(p)).collect()
}

fn logit(risk: f64) -> f64 {
    let p = risk.clamp(INWARDS, 1.0 - INWARDS);
    (p / (1.0 - p)).ln()
}

fn expit(eta: f64) -> f64 {
    if eta >= 0.0 { 1.0 / (1.0 + (-eta).exp()) } else { eta.exp() / (1.0 + eta.exp()) }
}

/// Intercept and slope, by Newton's method with step halving, to a gradient of 1e-10 a row.
///
/// # Errors
/// [`JudgeError::SameScore`] when all logits agree, [`JudgeError::Separated`] when the fit runs away.
pub fn recalibrate(risks: &[f64], y: &[f64]) -> Result<Recalibration, JudgeError> {
    let logits = logits(risks);
    fit(&logits, y, |_| 1.0, [0.0, 1.0]).ok_or_else(|| {
        let same = logits.windows(2).all(|w| (w[0] - w[1]).abs() < f64::EPSILON);
        if same { JudgeError::SameScore { rows: y.len() } } else { JudgeError::Separated }
    })
}

/// Weighted fit; `None` when it does not converge (separation, constant logits).
pub(crate) fn fit(
    logits: &[f64],
    y: &[f64],
    weight: impl Fn(usize) -> f64,
    start: [f64; 2],
) -> Option<Recalibration> {
    let total: f64 = (0..y.len()).map(&weight).sum();
    let deviance = |a: f64, b: f64| -> f64 {
        // -log-likelihood: log(1 + exp(eta)) - y eta, without overflow.
        let one = |i: usize| {
            let eta = a + b * logits[i];
            eta.max(0.0) + (-eta.abs()).exp().ln_1p() - y[i] * eta
        };
        (0..y.len()).map(|i| (i, weight(i))).filter(|&(_, w)| w > 0.0).map(|(i, w)| w * one(i)).sum()
    };
    let [mut a, mut b] = start;
    let mut current = deviance(a, b);
    for steps in 0..STEPS {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for i in 0..y.len() {
            let w = weight(i);
            if w > 0.0 {
                let x = logits[i];
                let p = expit(a + b * x);
                let (r, v) = (w * (y[i] - p), w * p * (1.0 - p));
                ga += r;
                gb += r * x;
                haa += v;
                hab += v * x;
                hbb += v * x * x;
            }
        }
        let determinant = haa * hbb - hab * hab;
        let scale = 1.0 + hbb / haa.max(f64::MIN_POSITIVE);
        if ga.abs() / total < 1e-10 && gb.abs() / total < 1e-10 * scale.sqrt() && determinant > 1e-12 * haa * hbb {
            // A separated sample flattens out far from the origin and looks converged.
            return (b.abs() < 1e3).then_some(Recalibration { intercept: a, slope: b, steps });
        }
        if !(determinant > 1e-14 * haa * hbb) {
            return None;
        }
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        let mut step = 1.0;
        loop {
            let next = deviance(a + step * da, b + step * db);
            if next <= current + 1e-12 * current.abs() {
                (a, b, current) = (a + step * da, b + step * db, next);
                break;
            }
            step *= 0.5;
            if step < 1e-10 {
                return None;
            }
        }
    }
    None
}

/// Calibration in the large: the intercept when the slope is held at 1; 0 is ideal.
///
/// # Errors
/// [`JudgeError::OneClass`] when all rows agree.
pub fn intercept_given_slope_one(risks: &[f64], y: &[f64]) -> Result<f64, JudgeError> {
    offset(&logits(risks), y, |_| 1.0).ok_or(JudgeError::OneClass { rows: y.len() })
}

/// Weighted calibration in the large. The score equation is monotone in the intercept: Newton inside a bracket.
pub(crate) fn offset(logits: &[f64], y: &[f64], weight: impl Fn(usize) -> f64) -> Option<f64> {
    let (mut total, mut events) = (0.0, 0.0);
    for i in 0..y.len() {
        total += weight(i);
        events += weight(i) * y[i];
    }
    if !(events > 0.0 && events < total) {
        return None;
    }
    let (mut low, mut high, mut a) = (-60.0f64, 60.0f64, 0.0f64);
    for _ in 0..200 {
        let (mut gradient, mut curvature) = (events, 0.0);
        for (i, &x) in logits.iter().enumerate() {
            let w = weight(i);
            if w > 0.0 {
                let p = expit(a + x);
                gradient -= w * p;
                curvature += w * p * (1.0 - p);
            }
        }
        if gradient.abs() < 1e-11 * total {
            return Some(a);
        }
        if gradient > 0.0 {
            low = a;
        } else {
            high = a;
        }
        let next = a + gradient / curvature;
        a = if next > low && next < high { next } else { 0.5 * (low + high) };
    }
    Some(a)
}
