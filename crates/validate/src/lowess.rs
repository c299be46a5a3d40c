//! Locally weighted regression: the flexible calibration curve.
//!
//! Cleveland 1979, doi 10.1080/01621459.1979.10481038: at each point a straight line is fitted to the nearest share of rows
//! with tricube weights. Between points that lie closer than a hundredth of the range the curve is interpolated, as R's
//! `lowess` does by default, so that the two agree to rounding. No robustness iterations: an outcome of 0 or 1 has no
//! outliers.
//!
//! Rows of equal `x` are one point whose weight is their number: the curve of a bootstrap replicate is that of the same
//! points with other weights.

/// The share of rows that each local line sees.
const SPAN: f64 = 2.0 / 3.0;

/// Points closer than this share of the range are interpolated.
const NEAR: f64 = 0.01;

/// Points in strictly ascending order of `x`.
#[derive(Debug, Default)]
pub(crate) struct Points {
    pub(crate) x: Vec<f64>,
    /// Mean of the rows at each point.
    pub(crate) y: Vec<f64>,
    /// How many rows each point stands for; above 0.
    pub(crate) weight: Vec<f64>,
}

impl Points {
    pub(crate) fn push(&mut self, x: f64, y: f64, weight: f64) {
        self.x.push(x);
        self.y.push(y);
        self.weight.push(weight);
    }
}

/// The smoothed `y` at every `x`. `x` ascends, ties allowed; both are finite and equally long.
///
/// # Panics
/// If `y` is shorter than `x`.
///
/// ```
/// let x: Vec<f64> = (0..50).map(f64::from).collect();
/// let y: Vec<f64> = x.iter().map(|x| 2.0 * x + 1.0).collect();
/// let smooth = bedside_validate::lowess(&x, &y);
/// assert!(smooth.iter().zip(&y).all(|(a, b)| (a - b).abs() < 1e-9));
/// ```
#[must_use]
pub fn lowess(x: &[f64], y: &[f64]) -> Vec<f64> {
    let mut points = Points::default();
    let mut sizes = Vec::new();
    let mut start = 0;
    while start < x.len() {
        let size = x[start..].partition_point(|&v| v <= x[start]).max(1);
        let rows = size as f64;
        points.push(x[start], y[start..start + size].iter().sum::<f64>() / rows, rows);
        sizes.push(size);
        start += size;
    }
    smooth(&points)
        .into_iter()
        .zip(sizes)
        .flat_map(|(value, size)| std::iter::repeat_n(value, size))
        .collect()
}

/// The smoothed value at every point.
pub(crate) fn smooth(points: &Points) -> Vec<f64> {
    let x = &points.x;
    let n = x.len();
    if n < 2 {
        return points.y.clone();
    }
    let rows: f64 = points.weight.iter().sum();
    let wanted = (SPAN * rows + 1e-7).floor().clamp(2.0, rows);
    let range = x[n - 1] - x[0];
    let mut curve = vec![0.0; n];
    let mut kernel = Vec::with_capacity(n);
    let mut at = 0;
    curve[0] = local_line(points, 0, wanted, range, &mut kernel);
    while at + 1 < n {
        let from = at;
        let limit = x[from] + NEAR * range;
        at = (x.partition_point(|&v| v <= limit) - 1).max(from + 1);
        curve[at] = local_line(points, at, wanted, range, &mut kernel);
        for between in from + 1..at {
            let share = (x[between] - x[from]) / (x[at] - x[from]);
            curve[between] = share * curve[at] + (1.0 - share) * curve[from];
        }
    }
    curve
}

/// The local line's value at one point. `kernel` is room to work in.
fn local_line(points: &Points, at: usize, wanted: f64, range: f64, kernel: &mut Vec<f64>) -> f64 {
    let Points { x, y, weight } = points;
    let here = x[at];
    let (left, right) = window(points, at, wanted);
    let reach = (here - x[left]).max(x[right - 1] - here);
    // Cleveland's `lowess` program takes distances below 0.001 of the reach as 0 and beyond 0.999 of it as outside.
    let (far, close) = (0.999 * reach, 0.001 * reach);
    kernel.clear();
    let (mut total, mut mean_x, mut mean_y) = (0.0, 0.0, 0.0);
    for i in left..right {
        let distance = (x[i] - here).abs();
        let k = if distance > far {
            if reach > 0.0 { 0.0 } else { 1.0 }
        } else if distance <= close {
            1.0
        } else {
            let d = distance / reach;
            let rest = 1.0 - d * d * d;
            rest * rest * rest
        };
        let k = k * weight[i];
        kernel.push(k);
        total += k;
        mean_x += k * x[i];
        mean_y += k * y[i];
    }
    mean_x /= total;
    mean_y /= total;
    let (mut spread, mut slope) = (0.0, 0.0);
    for (k, i) in kernel.iter().zip(left..right) {
        let away = x[i] - mean_x;
        spread += k * away * away;
        slope += k * away * y[i];
    }
    // Where the window has next to no width a line would be arbitrary: the mean stands.
    if (spread / total).sqrt() > 0.001 * range { mean_y + (here - mean_x) * slope / spread } else { mean_y }
}

/// The points nearest to one of them that stand for at least `wanted` rows.
fn window(points: &Points, at: usize, wanted: f64) -> (usize, usize) {
    let Points { x, weight, .. } = points;
    let (mut left, mut right) = (at, at + 1);
    let mut held = weight[at];
    while held < wanted && (left > 0 || right < x.len()) {
        if right == x.len() || (left > 0 && x[at] - x[left - 1] <= x[right] - x[at]) {
            left -= 1;
            held += weight[left];
        } else {
            held += weight[right];
            right += 1;
        }
    }
    (left, right)
}
