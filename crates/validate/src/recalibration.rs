//! Logistic recalibration: how far off, and how far apart, the risks are.
//!
//! Cox 1958, doi 10.1093/biomet/45.3-4.562; Van Calster et al. 2019, doi 10.1186/s12916-019-1466-7.

use bedside_table::Certificate;

use crate::JudgeError;

/// Risks of exactly 0 or 1 have no logit; they are moved this far inwards.
pub(crate) const INWARDS: f64 = 1e-12;

/// Newton steps after which a fit is given up.
const STEPS: u64 = 100;

/// What the gradient, a row, must fall below.
const TOLERANCE: f64 = 1e-12;

/// The logistic regression of the outcome on the logit of the risk.
#[derive(Debug, Clone, PartialEq)]
pub struct Recalibration {
    /// Its intercept.
    pub intercept: f64,
    /// Its slope: 1 is ideal, below 1 the risks are too extreme.
    pub slope: f64,
    /// The proof that the fit arrived.
    pub certificate: Certificate,
}

/// The logits of risks.
pub(crate) fn logits(risks: &[f64]) -> Vec<f64> {
    risks.iter().map(|&p| logit(p)).collect()
}

fn logit(risk: f64) -> f64 {
    let p = risk.clamp(INWARDS, 1.0 - INWARDS);
    p.ln() - (-p).ln_1p()
}

pub(crate) fn expit(eta: f64) -> f64 {
    if eta >= 0.0 { 1.0 / (1.0 + (-eta).exp()) } else { eta.exp() / (1.0 + eta.exp()) }
}

/// Logits with mean 0 and spread 1, so that Newton's system is well conditioned whatever the risks.
#[derive(Debug)]
pub(crate) struct Standard {
    pub(crate) z: Vec<f64>,
    pub(crate) mean: f64,
    pub(crate) spread: f64,
}

impl Standard {
    /// `None` when all logits agree.
    pub(crate) fn new(logits: &[f64]) -> Option<Self> {
        let n = logits.len() as f64;
        let mean = logits.iter().sum::<f64>() / n;
        let spread = (logits.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
        // Differences at the level of rounding are no differences.
        let z = logits.iter().map(|x| (x - mean) / spread).collect();
        (spread > 1e-13 * (1.0 + mean.abs())).then_some(Self { z, mean, spread })
    }
}

/// Intercept and slope by maximum likelihood. `y` is 0 or 1.
///
/// # Errors
/// [`JudgeError::OneClass`] with one class, [`JudgeError::SameScore`] when all risks agree, [`JudgeError::Separated`] when the
/// risks of the classes do not overlap (no finite slope is the likeliest: Albert, Anderson 1984, doi 10.1093/biomet/71.1.1),
/// [`JudgeError::NotConverged`] when Newton's method does not arrive.
pub fn recalibrate(risks: &[f64], y: &[f64]) -> Result<Recalibration, JudgeError> {
    let logits = logits(risks);
    let standard = Standard::new(&logits).ok_or(JudgeError::SameScore { rows: y.len() })?;
    let ends = |class: bool| {
        let of = standard.z.iter().zip(y).filter(|(_, y)| (**y > 0.5) == class);
        of.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (&z, _)| (low.min(z), high.max(z)))
    };
    let (events, others) = (ends(true), ends(false));
    if events.0 > events.1 || others.0 > others.1 {
        return Err(JudgeError::OneClass { rows: y.len() });
    }
    if events.0 >= others.1 || others.0 >= events.1 {
        return Err(JudgeError::Separated);
    }
    let ([a, b], certificate) = newton(&standard.z, y, |_| 1.0, [0.0, 1.0]);
    if !certificate.converged() {
        let (gap, tolerance) = (certificate.gap, certificate.tolerance);
        return Err(JudgeError::NotConverged { what: "the calibration slope", gap, tolerance });
    }
    let slope = b / standard.spread;
    Ok(Recalibration { intercept: a - slope * standard.mean, slope, certificate })
}

/// Newton's method with step halving on the weighted likelihood; the certificate says whether it arrived.
pub(crate) fn newton(
    z: &[f64],
    y: &[f64],
    weight: impl Fn(usize) -> f64,
    start: [f64; 2],
) -> ([f64; 2], Certificate) {
    let total: f64 = (0..y.len()).map(&weight).sum();
    let deviance = |a: f64, b: f64| -> f64 {
        // -log-likelihood: log(1 + exp(eta)) - y eta, without overflow.
        let one = |i: usize| {
            let eta = a + b * z[i];
            eta.max(0.0) + (-eta.abs()).exp().ln_1p() - y[i] * eta
        };
        (0..y.len()).map(|i| weight(i) * one(i)).sum()
    };
    let [mut a, mut b] = start;
    let mut current = deviance(a, b);
    let mut certificate = Certificate {
        criterion: "largest gradient a row".to_owned(),
        iterations: 0,
        gap: f64::INFINITY,
        tolerance: TOLERANCE,
    };
    while certificate.iterations < STEPS {
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for i in 0..y.len() {
            let (w, p) = (weight(i), expit(a + b * z[i]));
            let (r, v) = (w * (y[i] - p), w * p * (1.0 - p));
            ga += r;
            gb += r * z[i];
            haa += v;
            hab += v * z[i];
            hbb += v * z[i] * z[i];
        }
        certificate.gap = ga.abs().max(gb.abs()) / total;
        let determinant = haa * hbb - hab * hab;
        if certificate.converged() || determinant.is_nan() || determinant <= 1e-14 * haa * hbb {
            break;
        }
        let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
        let mut step = 1.0;
        let next = loop {
            let next = deviance(a + step * da, b + step * db);
            if next <= current + 1e-12 * current.abs() || step < 1e-10 {
                break next;
            }
            step *= 0.5;
        };
        (a, b, current) = (a + step * da, b + step * db, next);
        certificate.iterations += 1;
    }
    ([a, b], certificate)
}

/// Calibration in the large: the intercept when the slope is held at 1; 0 is ideal. `y` is 0 or 1.
///
/// # Errors
/// [`JudgeError::OneClass`] when all rows agree, [`JudgeError::NotConverged`] when Newton's method does not arrive.
pub fn intercept_given_slope_one(risks: &[f64], y: &[f64]) -> Result<f64, JudgeError> {
    offset(&logits(risks), y)
}

/// The score equation is monotone in the intercept: Newton inside a bracket.
fn offset(logits: &[f64], y: &[f64]) -> Result<f64, JudgeError> {
    let total = y.len() as f64;
    let events: f64 = y.iter().sum();
    if !(events > 0.0 && events < total) {
        return Err(JudgeError::OneClass { rows: y.len() });
    }
    let (least, most) =
        logits.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), &x| (l.min(x), m.max(x)));
    // Were all logits the same, the intercept would be the distance to that of the frequency.
    let centre = (events / (total - events)).ln();
    let (mut low, mut high) = (centre - most, centre - least);
    let mut a = 0.0f64.clamp(low, high);
    let mut gap = f64::INFINITY;
    for _ in 0..STEPS {
        let (mut gradient, mut curvature) = (events, 0.0);
        for &x in logits {
            let p = expit(a + x);
            gradient -= p;
            curvature += p * (1.0 - p);
        }
        gap = gradient.abs() / total;
        if gap <= TOLERANCE {
            return Ok(a);
        }
        if gradient > 0.0 {
            low = a;
        } else {
            high = a;
        }
        let next = a + gradient / curvature;
        a = if next > low && next < high { next } else { 0.5 * (low + high) };
    }
    Err(JudgeError::NotConverged { what: "calibration in the large", gap, tolerance: TOLERANCE })
}
