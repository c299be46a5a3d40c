//! Risks that are far off on held-out rows.

use bedside_validate::{Estimate, Judgement};

use crate::report::data::Finding;

/// Risks that are off by less than this factor, on average, are not warned of; nor are slopes within it.
const FACTOR: f64 = 1.25;

/// A warning for each way in which a model's risks are wrong on held-out rows, where its interval leaves no doubt: too low or too high on
/// average, too extreme or too timid. Whoever acts on such a risk acts on a wrong number, however well the model ranks.
/// Van Calster et al. 2019, doi 10.1186/s12916-019-1466-7; the factor is ours.
#[must_use]
pub fn astray(name: &str, held_out: &Judgement) -> Vec<Finding> {
    let Judgement::Binary(judged) = held_out else { return Vec::new() };
    let warning = |text: String| {
        Finding {
        level: "warning".to_owned(),
        text,
        hint: "Do not act on its risks among such patients before it is recalibrated on enough of them; the order in which it puts them may \
               still hold."
            .to_owned(),
    }
    };
    let average = doubtless(&judged.observed_expected).map(|(ratio, interval)| {
        let (times, than) = if ratio > 1.0 { (ratio, "low") } else { (1.0 / ratio, "high") };
        warning(format!(
            "On held-out rows the risks of `{name}` are too {than} by a factor of {times:.1}: observed over expected events {ratio:.2} ({interval})."
        ))
    });
    let spread = doubtless(&judged.calibration_slope).map(|(slope, interval)| {
        let how = if slope < 1.0 {
            "too extreme: those that are high are too high, and those that are low too low"
        } else {
            "too timid: those that are high are too low, and those that are low too high"
        };
        warning(format!(
            "On held-out rows the risks of `{name}` are {how}: calibration slope {slope:.2} ({interval})."
        ))
    });
    average.into_iter().chain(spread).collect()
}

/// An estimate whose ideal is 1, and its interval in words, where it is off by more than the factor and the interval lies on one
/// side of 1.
fn doubtless(estimate: &Estimate) -> Option<(f64, String)> {
    let (value, low, high) = (estimate.value?, estimate.low?, estimate.high?);
    let far = !(1.0 / FACTOR..=FACTOR).contains(&value);
    (far && (low > 1.0 || high < 1.0)).then(|| (value, format!("95 % CI {low:.2} to {high:.2}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn told(observed_expected: [f64; 3], slope: [f64; 3]) -> Vec<String> {
        let mut judged = fixture::readmission().models[0].held_out.clone();
        let Judgement::Binary(binary) = &mut judged else { panic!("the study is of an event") };
        for (estimate, [value, low, high]) in
            [(&mut binary.observed_expected, observed_expected), (&mut binary.calibration_slope, slope)]
        {
            (estimate.value, estimate.low, estimate.high) = (Some(value), Some(low), Some(high));
        }
        astray("trees", &judged).into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn only_what_is_far_off_beyond_doubt_is_told() {
        let sound = [1.0, 0.9, 1.1];
        assert!(told(sound, sound).is_empty());
        // Far, but in doubt; beyond doubt, but near.
        assert!(told([4.0, 0.9, 9.0], [0.4, -0.2, 1.1]).is_empty());
        assert!(told([1.2, 1.1, 1.3], [0.85, 0.8, 0.9]).is_empty());
        assert_eq!(
            told([4.33, 2.56, 6.91], [0.5, 0.2, 0.8]),
            [
                "On held-out rows the risks of `trees` are too low by a factor of 4.3: observed over expected events 4.33 (95 % CI 2.56 to 6.91).",
                "On held-out rows the risks of `trees` are too extreme: those that are high are too high, and those that are low too low: \
                 calibration slope 0.50 (95 % CI 0.20 to 0.80)."
            ]
        );
        assert!(told([0.5, 0.4, 0.6], sound)[0].contains("too high by a factor of 2.0"));
        assert!(told(sound, [2.0, 1.4, 2.6])[0].contains("too timid"));
    }
}
