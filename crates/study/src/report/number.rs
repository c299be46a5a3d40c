//! How numbers are written: one place, so that the same number looks the same everywhere.

use bedside_validate::Estimate;

use super::data::GateResult;

/// What the intervals of the judge are.
pub(super) const INTERVAL: &str = "95 % CI";

/// What stands where there is no number.
pub(super) const ABSENT: &str = "–";

/// What stands where these rows have no such number.
pub(super) const NOT_ESTIMABLE: &str = "not estimable";

/// How many digits a measure deserves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Digits {
    /// So many after the point.
    Fixed(usize),
    /// A share, written in per cent with so many digits after the point.
    Percent(usize),
    /// So many significant digits: quantities whose unit is not known here.
    Significant(usize),
}

impl Digits {
    /// Writes a number; [`ABSENT`] when it is not finite. A minus sign is a minus sign, and nothing is `-0.00`.
    pub(crate) fn write(self, value: f64) -> String {
        if !value.is_finite() {
            return ABSENT.to_owned();
        }
        match self {
            Self::Fixed(places) => signed(format!("{value:.places$}")),
            Self::Percent(places) => format!("{}\u{a0}%", signed(format!("{:.places$}", 100.0 * value))),
            Self::Significant(digits) => significant(value, digits),
        }
    }

    /// The number alone, or [`NOT_ESTIMABLE`].
    pub(crate) fn estimate(self, estimate: &Estimate) -> String {
        estimate.value.map_or_else(|| NOT_ESTIMABLE.to_owned(), |value| self.write(value))
    }

    /// `0.671 (0.662 to 0.680)`; the bare number where no interval exists.
    pub(super) fn with_interval(self, estimate: &Estimate) -> String {
        match self.interval(estimate) {
            Some(interval) => format!("{} ({interval})", self.estimate(estimate)),
            None => self.estimate(estimate),
        }
    }

    /// `0.662 to 0.680`, when there is an interval.
    pub(super) fn interval(self, estimate: &Estimate) -> Option<String> {
        let (low, high) = (estimate.low?, estimate.high?);
        (low.is_finite() && high.is_finite()).then(|| {
            let low = self.write(low);
            let low = low.strip_suffix("\u{a0}%").unwrap_or(&low);
            format!("{low} to {}", self.write(high))
        })
    }
}

/// The digits of a measure that is known by its name only: gates, folds, tuning.
pub(super) fn digits_of(measure: &str) -> Digits {
    let name: String = measure.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    match name.as_str() {
        "auroc" | "auprc" | "auc" | "ici" | "e50" | "e90" | "emax" | "rsquared" | "r2" | "r²" => {
            Digits::Fixed(3)
        }
        "brier" | "brierscore" | "logloss" | "deviance" | "netbenefit" => Digits::Fixed(4),
        "scaledbrier" | "brierscaled" => Digits::Percent(1),
        "calibrationslope" | "slope" | "observedexpected" | "oe" | "calibrationintercept" | "intercept" => {
            Digits::Fixed(2)
        }
        _ => Digits::Significant(4),
    }
}

/// What an objective found: the number, or why there is none.
pub(super) fn found(gate: &GateResult) -> String {
    match (gate.found, &gate.why) {
        (Some(value), _) => digits_of(&gate.measure).write(value),
        (None, Some(why)) => format!("{NOT_ESTIMABLE}: {why}"),
        (None, None) => NOT_ESTIMABLE.to_owned(),
    }
}

/// The field's name of a measure that the study file names: `calibration-slope` is the calibration slope.
pub(super) fn measure_name(measure: &str) -> String {
    match measure {
        "auroc" => "AUROC",
        "auprc" => "AUPRC",
        "brier" => "Brier score",
        "scaled-brier" => "Scaled Brier score",
        "calibration-intercept" => "Calibration intercept",
        "calibration-slope" => "Calibration slope",
        "observed-expected" => "Observed / expected",
        "ici" => "ICI",
        "e50" => "E50",
        "e90" => "E90",
        "emax" => "Emax",
        "rmse" => "RMSE",
        "mae" => "MAE",
        "r-squared" => "R²",
        other => other,
    }
    .to_owned()
}

/// A demand as people write it: `>= 0.65` is `≥ 0.65`, `0.9..1.1` is `0.9 to 1.1`.
pub(super) fn demand(demanded: &str) -> String {
    demanded.replace(">=", "≥").replace("<=", "≤").replace("..", " to ")
}

/// `101,766`.
pub(crate) fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `11,357 (11.2 %)`, `3 (under 0.1 %)`.
pub(super) fn count_of(part: usize, whole: usize) -> String {
    if whole == 0 {
        return count(part);
    }
    format!("{} ({})", count(part), small_share(share(part, whole)))
}

/// A share with one digit; few are not none.
pub(super) fn small_share(share: f64) -> String {
    if share > 0.0 && share < 0.000_5 {
        "under 0.1\u{a0}%".to_owned()
    } else {
        Digits::Percent(1).write(share)
    }
}

/// Part of a whole; 0 of an empty one.
#[expect(clippy::cast_precision_loss, reason = "rows stay far below 2^53")]
pub(super) fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// `0.031`, `< 0.001`.
pub(super) fn p_value(p: f64) -> String {
    if !p.is_finite() {
        ABSENT.to_owned()
    } else if p < 0.001 {
        "< 0.001".to_owned()
    } else {
        format!("{p:.3}")
    }
}

/// A threshold probability: `10 %`, `2.5 %`.
pub(super) fn threshold(risk: f64) -> String {
    if !risk.is_finite() {
        return ABSENT.to_owned();
    }
    let percent = format!("{:.2}", 100.0 * risk);
    format!("{}\u{a0}%", percent.trim_end_matches('0').trim_end_matches('.'))
}

/// Seconds as people say them.
pub(super) fn seconds(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 0.0 {
        ABSENT.to_owned()
    } else if seconds < 1.0 {
        format!("{:.0} ms", 1000.0 * seconds)
    } else if seconds < 120.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.1} min", seconds / 60.0)
    }
}

/// So many significant digits; powers of ten outside 10⁻⁴ … 10⁶.
fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        let places = i32::try_from(digits).unwrap_or(4) - 1 - exponent;
        return signed(format!("{value:.*}", usize::try_from(places).unwrap_or(0)));
    }
    let raised: String = exponent.to_string().chars().map(superscript).collect();
    format!("{} × 10{raised}", signed(mantissa.to_owned()))
}

fn superscript(c: char) -> char {
    match c {
        '-' => '⁻',
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        _ => '⁹',
    }
}

/// Typographic minus, and none before a zero.
fn signed(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        assert_eq!(Digits::Fixed(3).write(0.670_6), "0.671");
        assert_eq!(Digits::Fixed(2).write(-0.001), "0.00");
        assert_eq!(Digits::Fixed(2).write(-0.126), "−0.13");
        assert_eq!(Digits::Percent(1).write(0.111_6), "11.2\u{a0}%");
        assert_eq!(Digits::Significant(3).write(1234.4), "1234");
        assert_eq!(Digits::Significant(3).write(0.012_345), "0.0123");
        assert_eq!(Digits::Significant(2).write(3.24e-9), "3.2 × 10⁻⁹");
        assert_eq!(Digits::Significant(3).write(-2.5e12), "−2.50 × 10¹²");
        assert_eq!(Digits::Fixed(3).write(f64::NAN), ABSENT);
        assert_eq!(Digits::Percent(0).write(f64::INFINITY), ABSENT);
        assert_eq!(count(101_766), "101,766");
        assert_eq!((count(0), count(999), count(1000)), ("0".into(), "999".into(), "1,000".into()));
        assert_eq!(count_of(5, 0), "5");
        assert_eq!((p_value(0.000_4), p_value(0.031_2)), ("< 0.001".into(), "0.031".into()));
        assert_eq!((threshold(0.1), threshold(0.025)), ("10\u{a0}%".into(), "2.5\u{a0}%".into()));
        assert_eq!(count_of(3, 99_340), "3 (under 0.1\u{a0}%)");
        assert_eq!(count_of(0, 99_340), "0 (0.0\u{a0}%)");
        assert_eq!(
            (measure_name("calibration-slope"), demand("0.9..1.1")),
            ("Calibration slope".into(), "0.9 to 1.1".into())
        );
    }

    #[test]
    fn an_interval_is_left_out_when_there_is_none() {
        let full = Estimate { value: Some(0.1), low: Some(-0.2), high: Some(0.4), how: "x".into() };
        assert_eq!(Digits::Fixed(2).with_interval(&full), "0.10 (−0.20 to 0.40)");
        assert_eq!(Digits::Percent(1).with_interval(&full), "10.0\u{a0}% (−20.0 to 40.0\u{a0}%)");
        let bare = Estimate { low: None, ..full.clone() };
        assert_eq!(Digits::Fixed(2).with_interval(&bare), "0.10");
        let broken = Estimate { low: Some(f64::NAN), ..full };
        assert_eq!(Digits::Fixed(2).with_interval(&broken), "0.10");
    }
}
