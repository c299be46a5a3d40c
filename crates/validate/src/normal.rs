//! The normal distribution.

/// The quantile of the standard normal distribution: the rational start of Abramowitz, Stegun 1964, 26.2.23, and four steps
/// of Halley's method on the exact distribution function, which bring it to machine precision.
///
/// Gives infinities at 0 and 1 and NaN outside.
///
/// ```
/// assert!((bedside_validate::normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-14);
/// ```
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 || p >= 1.0 || p.is_nan() {
        return if p == 0.0 {
            f64::NEG_INFINITY
        } else if p == 1.0 {
            f64::INFINITY
        } else {
            f64::NAN
        };
    }
    // The start's error is below 4.5e-4; each step triples the number of right digits.
    let tail = p.min(1.0 - p);
    let t = (-2.0 * tail.ln()).sqrt();
    let top = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let bottom = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut x = t - top / bottom;
    for _ in 0..4 {
        let density = (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let error = (0.5 * libm::erfc(x / std::f64::consts::SQRT_2) - tail) / density;
        x += error / (1.0 - 0.5 * x * error);
    }
    if p < 0.5 { -x } else { x }
}

/// The chance of a standard normal number at least this far from 0.
#[must_use]
pub fn normal_two_sided(z: f64) -> f64 {
    libm::erfc(z.abs() / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of R 4.2.2: `qnorm(c(1e-10, 0.001, 0.3, 0.975), )`, `2 * pnorm(-c(1.96, 8))`.
    #[test]
    fn quantiles_and_tails_are_those_of_r() {
        let cases = [
            (1e-10, -6.361_340_902_404_056),
            (0.001, -3.090_232_306_167_813),
            (0.3, -0.524_400_512_708_041),
            (0.5, 0.0),
        ];
        for (p, z) in cases {
            assert!((normal_quantile(p) - z).abs() < 1e-12, "{p}: {}", normal_quantile(p));
        }
        assert!((normal_two_sided(1.96) - 0.049_995_790_296_440_87).abs() < 1e-15);
        assert!((normal_two_sided(8.0) / 1.244_192_114_854_357e-15 - 1.0).abs() < 1e-10);
    }
}
