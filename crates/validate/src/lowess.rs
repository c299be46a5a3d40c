//! Locally weighted regression: the flexible calibration curve.
//!
//! Cleveland 1979, doi 10.1080/01621459.1979.10481038: at each point a straight line is fitted to the nearest share of rows
//! with tricube weights. Between points that lie closer than `delta` the curve is interpolated, as R's `lowess` does, so
//! that the two agree to rounding. No robustness iterations: an outcome of 0 or 1 has no outliers.

/// The share of rows that each local line sees.
pub const SPAN: f64 = 2.0 / 3.0;

/// The smoothed `y` at every `x`. `x` ascends. Points closer than a hundredth of the range are interpolated.
///
/// ```
/// let x: Vec<f64> = (0..50).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|x| 2.0 * x + 1.0).collect();
/// let smooth = bedside_validate::lowess::lowess(&x, &y);
/// assert!(smooth.iter().zip(&y).all(|(a, b)| (a - b).abs() < 1e-9));
/// ```
#[must_use]
pub fn lowess(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = x.len();
    if n < 2 {
        return y.to_vec();
    }
    let near = ((SPAN * n as f64 + 1e-7) as usize).clamp(2, n);
    let delta = 0.01 * (x[n - 1] - x[0]);
    let mut smooth = vec![0.0; n];
    let mut window = 0;
    let mut last: Option<usize> = None;
    let mut at = 0;
    loop {
        // The window of the nearest rows moves to the right while that brings it closer.
        while window + near < n && x[at] - x[window] > x[window + near] - x[at] {
            window += 1;
        }
        smooth[at] = local_line(x, y, at, window, window + near - 1).unwrap_or(y[at]);
        if let Some(from) = last.filter(|&from| from + 1 < at) {
            let width = x[at] - x[from];
            for between in from + 1..at {
                let share = (x[between] - x[from]) / width;
                smooth[between] = share * smooth[at] + (1.0 - share) * smooth[from];
            }
        }
        let mut done = at;
        let limit = x[done] + delta;
        let mut next = done + 1;
        while next < n && x[next] <= limit {
            if x[next] <= x[done] {
                smooth[next] = smooth[done];
                done = next;
            }
            next += 1;
        }
        last = Some(done);
        if done + 1 >= n {
            return smooth;
        }
        at = (done + 1).max(next - 1);
    }
}

/// The local line's value at `x[at]`; `None` when no row has weight.
fn local_line(x: &[f64], y: &[f64], at: usize, left: usize, right: usize) -> Option<f64> {
    let here = x[at];
    let reach = (here - x[left]).max(x[right] - here);
    let (far, close) = (0.999 * reach, 0.001 * reach);
    let mut weights = Vec::with_capacity(right - left + 1);
    // Rows beyond the window that tie with its last one take part too.
    for &value in &x[left..] {
        let distance = (value - here).abs();
        if distance <= far {
            weights.push(if distance <= close { 1.0 } else { (1.0 - (distance / reach).powi(3)).powi(3) });
        } else if value > here {
            break;
        } else {
            weights.push(0.0);
        }
    }
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let rows = left..left + weights.len();
    weights.iter_mut().for_each(|w| *w /= total);
    if reach > 0.0 {
        let centre: f64 = weights.iter().zip(&x[rows.clone()]).map(|(w, x)| w * x).sum();
        let spread: f64 = weights.iter().zip(&x[rows.clone()]).map(|(w, x)| w * (x - centre) * (x - centre)).sum();
        if spread.sqrt() > 0.001 * (x[x.len() - 1] - x[0]) {
            let tilt = (here - centre) / spread;
            weights.iter_mut().zip(&x[rows.clone()]).for_each(|(w, x)| *w *= tilt * (x - centre) + 1.0);
        }
    }
    Some(weights.iter().zip(&y[rows]).map(|(w, y)| w * y).sum())
}
