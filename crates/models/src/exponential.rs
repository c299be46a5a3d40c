//! The exponential function without branches, so that loops over it become vector code and every machine gets the same
//! bits.

/// e to the power of `x`, to within 2 units in the last place. Arguments beyond ±708 are taken as ±708.
///
/// Reduces to |r| ≤ ln 2 / 2 with ln 2 in two parts (Cody, Waite 1980, Software Manual for the Elementary Functions,
/// chapter 6) and sums the Taylor series to the 13th power, whose remainder is below 5e-18.
#[inline]
pub(crate) fn exp(x: f64) -> f64 {
    /// Adding and subtracting 1.5 · 2^52 rounds to a whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let x = x.clamp(-708.0, 708.0);
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = (x - whole * LN2_HIGH) - whole * LN2_LOW;
    // Even and odd powers apart, so that two sums are under way at a time.
    let square = r * r;
    let series = |factorials: [f64; 7]| factorials.into_iter().fold(0.0, |sum, f| sum * square + 1.0 / f);
    let even = series([479_001_600.0, 3_628_800.0, 40_320.0, 720.0, 24.0, 2.0, 1.0]);
    let odd = series([6_227_020_800.0, 39_916_800.0, 362_880.0, 5_040.0, 120.0, 6.0, 1.0]);
    let sum = even + r * odd;
    // The low bits of `shifted` hold the exponent in two's complement.
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    sum * power
}

/// 1 / (1 + e^-x).
#[inline]
pub(crate) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_standard_library() {
        for i in -70_000..70_000 {
            let x = f64::from(i) * 0.01 + 1e-4;
            let (ours, known) = (exp(x), x.exp());
            assert!((ours / known - 1.0).abs() < 4.5e-16, "{x}: {ours} {known}");
        }
        assert_eq!(exp(0.0), 1.0);
    }

    #[test]
    fn far_arguments_stay_finite() {
        for x in [1e300, 709.0, -1e300, -745.0] {
            assert!(exp(x).is_finite() && exp(x) > 0.0);
        }
        assert!(logistic(800.0) <= 1.0 && logistic(-800.0) >= 0.0);
    }
}
