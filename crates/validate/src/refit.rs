//! Recalibration of bootstrap replicates: the same rows in other numbers, so the fit starts next to its end.

use crate::recalibration::{Recalibration, Standard, expit, newton};

/// Steps without halving; a replicate that needs more goes the careful way.
const STEPS: usize = 8;

/// The last step of Newton's method. The error left is of the order of its square.
const LAST: f64 = 1e-6;

/// What the replicates of one sample share. What the sample itself does not have its replicates do not have either.
#[derive(Debug)]
pub(crate) struct Refit<'a> {
    y: &'a [f64],
    /// The logits, and the line of the whole sample on them.
    line: Option<(Standard, [f64; 2])>,
    /// The whole sample's calibration in the large, and the odds of the risks at it.
    in_the_large: Option<(f64, Vec<f64>)>,
}

impl<'a> Refit<'a> {
    /// From what the whole sample has of the two.
    pub(crate) fn new(
        logits: &[f64],
        y: &'a [f64],
        line: Option<&Recalibration>,
        in_the_large: Option<f64>,
    ) -> Self {
        let line = line.zip(Standard::new(logits)).map(|(line, standard)| {
            let start = [line.intercept + line.slope * standard.mean, line.slope * standard.spread];
            (standard, start)
        });
        let odds = |at: f64| (at, logits.iter().map(|x| (x + at).exp()).collect());
        Self { y, line, in_the_large: in_the_large.map(odds) }
    }

    /// The slope of a replicate. `None` when it does not exist.
    pub(crate) fn slope(&self, times: &[u32]) -> Option<f64> {
        let (standard, start) = self.line.as_ref()?;
        let (z, y) = (&standard.z, self.y);
        let [mut a, mut b] = *start;
        for _ in 0..STEPS {
            let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for i in 0..y.len() {
                if times[i] > 0 {
                    let (w, p) = (f64::from(times[i]), expit(a + b * z[i]));
                    let (r, v) = (w * (y[i] - p), w * p * (1.0 - p));
                    ga += r;
                    gb += r * z[i];
                    haa += v;
                    hab += v * z[i];
                    hbb += v * z[i] * z[i];
                }
            }
            let determinant = haa * hbb - hab * hab;
            if determinant.is_nan() || determinant <= 1e-14 * haa * hbb {
                break;
            }
            let (da, db) = ((hbb * ga - hab * gb) / determinant, (haa * gb - hab * ga) / determinant);
            (a, b) = (a + da, b + db);
            if da.abs().max(db.abs()) < LAST {
                return Some(b / standard.spread);
            }
        }
        let ([_, b], certificate) = newton(z, y, |i| f64::from(times[i]), *start);
        // A separated replicate flattens out far away and looks converged there.
        (certificate.converged() && b.abs() < 1e3).then_some(b / standard.spread)
    }

    /// The calibration in the large of a replicate. `None` when it does not exist (one class drawn).
    pub(crate) fn in_the_large(&self, times: &[u32]) -> Option<f64> {
        let (whole, odds_of_row) = self.in_the_large.as_ref()?;
        let (mut total, mut events) = (0.0, 0.0);
        for (&times, y) in times.iter().zip(self.y) {
            total += f64::from(times);
            events += f64::from(times) * y;
        }
        if !(events > 0.0 && events < total) {
            return None;
        }
        // The intercept enters as a factor of the odds, so no exponential is needed for each row. The equation is
        // monotone in the logarithm of the factor; steps are held to 2 so that Newton's method cannot run away.
        let mut a = 0.0f64;
        for _ in 0..STEPS * 8 {
            let factor = a.exp();
            let (mut gradient, mut curvature) = (events, 0.0);
            for (&times, odds) in times.iter().zip(odds_of_row) {
                let odds = odds * factor;
                let (w, other) = (f64::from(times), 1.0 / (1.0 + odds));
                gradient -= w * odds * other;
                curvature += w * odds * other * other;
            }
            let step = (gradient / curvature).clamp(-2.0, 2.0);
            a += step;
            if step.abs() < LAST {
                return Some(whole + a);
            }
        }
        None
    }
}
