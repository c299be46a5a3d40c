//! What is measured, and how values follow a patient's severity.

use bedside_table::Stream;

/// What is measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Panel {
    /// Every six hours.
    Vital,
    /// Once a stay.
    Body,
    /// Every morning.
    Basic,
    /// On some mornings, more often in the severely ill.
    Extended,
    /// Now and then, by its rank.
    Rare,
}

/// A measurement and the law of its values: with `x` standard normal over patients, `middle + spread × x`, or `middle ×
/// exp(spread × x)` where they are skewed.
#[derive(Debug, Clone)]
pub(super) struct Measure<T> {
    pub(super) panel: Panel,
    pub(super) code: T,
    pub(super) name: T,
    /// As an export writes it.
    pub(super) unit: &'static str,
    skewed: bool,
    middle: f64,
    spread: f64,
    /// The correlation of `x` with the severity, and with what is the patient's own at all times.
    load: f64,
    own: f64,
    pub(super) digits: u32,
    limits: (f64, f64),
}

/// The share of a value that is the patient's own.
const OWN: f64 = 0.5;
/// That of weight and height.
const OWN_BODY: f64 = 0.99;

type Named = (&'static str, &'static str, &'static str);

/// A measurement whose values are even about the middle.
pub(super) const fn plain(
    panel: Panel,
    (code, name, unit): Named,
    (middle, spread): (f64, f64),
    load: f64,
    digits: u32,
    limits: (f64, f64),
) -> Measure<&'static str> {
    let own = if matches!(panel, Panel::Body) { OWN_BODY } else { OWN };
    Measure { panel, code, name, unit, skewed: false, middle, spread, load, own, digits, limits }
}

/// A measurement with a long tail upwards.
pub(super) const fn skewed(
    panel: Panel,
    named: Named,
    law: (f64, f64),
    load: f64,
    digits: u32,
    limits: (f64, f64),
) -> Measure<&'static str> {
    Measure { skewed: true, ..plain(panel, named, law, load, digits, limits) }
}

impl Measure<&'static str> {
    pub(super) fn owned(&self) -> Measure<String> {
        let Self { panel, code, name, unit, skewed, middle, spread, load, own, digits, limits } = *self;
        let (code, name) = (code.to_owned(), name.to_owned());
        Measure { panel, code, name, unit, skewed, middle, spread, load, own, digits, limits }
    }
}

impl Measure<String> {
    /// Whether it is a vital sign, rather than of the laboratory.
    pub(super) fn is_vital(&self) -> bool {
        matches!(self.panel, Panel::Vital | Panel::Body)
    }

    /// A made-up one, of a rank among those that are seldom.
    pub(super) fn rare(code: String, rank: usize, draw: &mut Stream) -> Self {
        let unit = ["mg/dL", "mmol/L", "ug/L", "U/L", "%"][draw.below(5) as usize];
        let middle = (10.0 + 80.0 * draw.uniform()).round();
        Self {
            panel: Panel::Rare,
            code,
            name: format!("made-up measurement {rank}"),
            unit,
            skewed: false,
            middle,
            spread: middle / 8.0,
            load: 0.3 * draw.normal().clamp(-2.0, 2.0),
            own: 0.0,
            digits: 1,
            limits: (0.0, 100.0),
        }
    }

    /// A value in units of the last digit that is written.
    pub(super) fn draw(&self, severity: f64, own: f64, draw: &mut Stream) -> i32 {
        let rest = (1.0 - self.load * self.load - self.own * self.own).max(0.01).sqrt();
        let x = self.load * severity + self.own * own + rest * draw.normal();
        let value =
            if self.skewed { self.middle * (self.spread * x).exp() } else { self.middle + self.spread * x };
        let (low, high) = self.limits;
        (value.clamp(low, high) * f64::from(10_u32.pow(self.digits))).round() as i32
    }
}
