//! Scales: from numbers to places, with ticks that people like.

/// A linear or logarithmic scale from a domain to a range of places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
    logarithmic: bool,
}

impl Scale {
    /// A linear scale. An empty or broken domain is widened to something that can be drawn.
    pub(in super::super) fn linear(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self { domain: drawable(domain), range, logarithmic: false }
    }

    /// A logarithmic scale, for ratios.
    pub(in super::super) fn logarithmic(domain: (f64, f64), range: (f64, f64)) -> Self {
        let (low, high) = (domain.0.max(1e-6), domain.1.max(1e-6));
        let (low, high) = drawable((low.ln(), high.ln()));
        Self { domain: (low.exp(), high.exp()), range, logarithmic: true }
    }

    /// The domain.
    pub(in super::super) fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// The range.
    pub(in super::super) fn range(&self) -> (f64, f64) {
        self.range
    }

    /// Where a number stands. Not clipped.
    pub(in super::super) fn at(&self, value: f64) -> f64 {
        let place = |v: f64| if self.logarithmic { v.max(1e-12).ln() } else { v };
        let (low, high) = (place(self.domain.0), place(self.domain.1));
        self.range.0 + (place(value) - low) / (high - low) * (self.range.1 - self.range.0)
    }

    /// Where a number stands, moved to the nearer end when outside; `None` when it is not finite.
    pub(in super::super) fn held(&self, value: f64) -> Option<f64> {
        value.is_finite().then(|| self.at(value.clamp(self.domain.0, self.domain.1)))
    }

    /// Whether a number lies in the domain.
    pub(in super::super) fn holds(&self, value: f64) -> bool {
        value.is_finite() && value >= self.domain.0 && value <= self.domain.1
    }

    /// About so many ticks: 1, 2 or 5 times a power of ten, with labels of as many digits as they need.
    pub(in super::super) fn ticks(&self, about: usize) -> Vec<(f64, String)> {
        if self.logarithmic {
            return self.ratio_ticks(about);
        }
        let (low, high) = self.domain;
        let step = step(high - low, about);
        let places = usize::try_from((-(step.log10() + 1e-9).floor()).max(0.0) as i64).unwrap_or(0);
        let first = (low / step - 1e-9).ceil();
        let mut ticks = Vec::new();
        let mut i = 0.0;
        while (first + i) * step <= high + 1e-9 * step && ticks.len() < 50 {
            let at = (first + i) * step;
            let label = format!("{at:.places$}");
            let bare_zero = label.trim_start_matches('-').chars().all(|c| c == '0' || c == '.');
            let label = if bare_zero { "0".to_owned() } else { label.replace('-', "−") };
            ticks.push((at, label));
            i += 1.0;
        }
        ticks
    }

    fn ratio_ticks(&self, about: usize) -> Vec<(f64, String)> {
        let (low, high) = self.domain;
        for candidates in [
            &[0.1, 0.2, 0.25, 0.5, 0.8, 1.0, 1.25, 2.0, 4.0, 5.0, 10.0][..],
            &[0.01, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 100.0],
            &[0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0],
        ] {
            let inside: Vec<f64> =
                candidates.iter().copied().filter(|c| (low * 0.999..=high * 1.001).contains(c)).collect();
            if (2..=about + 2).contains(&inside.len()) {
                return inside.into_iter().map(|c| (c, format!("{c}"))).collect();
            }
        }
        let linear = Self { logarithmic: false, ..*self };
        linear.ticks(about)
    }

    /// The domain widened so that it begins and ends on a tick.
    pub(in super::super) fn rounded(self, about: usize) -> Self {
        if self.logarithmic {
            return self;
        }
        let (low, high) = self.domain;
        let step = step(high - low, about);
        Self { domain: ((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step), ..self }
    }
}

/// The smallest and largest finite number of some.
pub(in super::super) fn span(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|v| v.is_finite()).fold(None, |span: Option<(f64, f64)>, v| {
        Some(span.map_or((v, v), |(low, high)| (low.min(v), high.max(v))))
    })
}

/// 1, 2 or 5 times a power of ten.
fn step(length: f64, about: usize) -> f64 {
    let rough = length / f64::from(u32::try_from(about.max(1)).unwrap_or(5));
    let power = 10_f64.powf(rough.log10().floor());
    let times = match rough / power {
        r if r <= 1.0 + 1e-9 => 1.0,
        r if r <= 2.0 + 1e-9 => 2.0,
        r if r <= 5.0 + 1e-9 => 5.0,
        _ => 10.0,
    };
    times * power
}

fn drawable((low, high): (f64, f64)) -> (f64, f64) {
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    let (low, high) = if low <= high { (low, high) } else { (high, low) };
    let least = 1e-9 * low.abs().max(high.abs()).max(1e-3);
    if high - low >= least {
        (low, high)
    } else {
        (low - 0.5 * low.abs().max(1.0), high + 0.5 * high.abs().max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, about: usize) -> Vec<String> {
        scale.ticks(about).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_numbers_with_the_digits_they_need() {
        assert_eq!(
            labels(Scale::linear((0.0, 1.0), (0.0, 1.0)), 5),
            ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(labels(Scale::linear((-0.013, 0.031), (0.0, 1.0)), 4), ["0", "0.02"]);
        assert_eq!(labels(Scale::linear((-3.0, 3.0), (0.0, 1.0)), 3), ["−2", "0", "2"]);
        assert_eq!(
            labels(Scale::linear((0.0, 25_000.0), (0.0, 1.0)), 5).last().map(String::as_str),
            Some("25000")
        );
        assert_eq!(labels(Scale::logarithmic((0.4, 2.5), (0.0, 1.0)), 5), ["0.5", "0.8", "1", "1.25", "2"]);
    }

    #[test]
    fn nothing_can_make_a_scale_that_does_not_draw() {
        for domain in
            [(0.0, 0.0), (f64::NAN, 1.0), (5.0, 5.0), (2.0, -2.0), (f64::NEG_INFINITY, 0.0), (1e300, 1e300)]
        {
            for scale in [Scale::linear(domain, (0.0, 100.0)), Scale::logarithmic(domain, (0.0, 100.0))] {
                assert!(scale.at(0.5).is_finite(), "{domain:?}");
                assert!(scale.ticks(5).len() < 60, "{domain:?}");
                let rounded = scale.rounded(5);
                assert!(rounded.domain.0 < rounded.domain.1, "{domain:?}");
            }
        }
        assert_eq!(Scale::linear((0.0, 1.0), (0.0, 1.0)).held(f64::NAN), None);
        assert_eq!(Scale::linear((0.0, 1.0), (0.0, 10.0)).held(7.0), Some(10.0));
    }

    #[test]
    fn a_rounded_domain_begins_and_ends_on_a_tick() {
        let scale = Scale::linear((0.013, 0.47), (0.0, 1.0)).rounded(5);
        let (low, high) = scale.domain();
        assert!((low - 0.0).abs() < 1e-12 && (high - 0.5).abs() < 1e-12, "{low} {high}");
    }
}
