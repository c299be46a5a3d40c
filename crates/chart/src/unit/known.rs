//! The table of units.

/// What a unit measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dimension {
    /// A plain number, a share.
    Number,
    /// How heavy.
    Mass,
    /// How long or tall.
    Length,
    /// How much room.
    Volume,
    /// How long it takes.
    Time,
    /// How warm.
    Temperature,
    /// Force on an area.
    Pressure,
    /// Mass in a volume.
    MassConcentration,
    /// Amount of substance in a volume.
    AmountConcentration,
    /// Charge equivalents in a volume.
    EquivalentConcentration,
    /// Enzyme activity in a volume.
    CatalyticConcentration,
    /// Cells in a volume.
    NumberConcentration,
    /// Events in a time.
    Frequency,
    /// Volume in a time.
    Flow,
    /// Mass on an area of body or ground.
    AreaDensity,
}

impl Dimension {
    /// The dimension in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Mass => "mass",
            Self::Length => "length",
            Self::Volume => "volume",
            Self::Time => "time",
            Self::Temperature => "temperature",
            Self::Pressure => "pressure",
            Self::MassConcentration => "mass concentration",
            Self::AmountConcentration => "amount-of-substance concentration",
            Self::EquivalentConcentration => "equivalent concentration",
            Self::CatalyticConcentration => "catalytic concentration",
            Self::NumberConcentration => "number concentration",
            Self::Frequency => "frequency",
            Self::Flow => "flow",
            Self::AreaDensity => "mass per area",
        }
    }
}

/// A unit and its way to the base unit of its dimension: base = (value - zero) × multiply / divide.
#[derive(Debug)]
pub(super) struct Known {
    /// The UCUM code.
    pub(super) code: &'static str,
    /// What people read.
    pub(super) symbol: &'static str,
    /// Other spellings, without white space.
    pub(super) spellings: &'static [&'static str],
    pub(super) dimension: Dimension,
    zero: f64,
    multiply: u64,
    divide: u64,
}

impl Known {
    const fn new(
        code: &'static str,
        symbol: &'static str,
        spellings: &'static [&'static str],
        dimension: Dimension,
        (multiply, divide): (u64, u64),
    ) -> Self {
        Self { code, symbol, spellings, dimension, zero: 0.0, multiply, divide }
    }

    const fn zero_at(mut self, zero: f64) -> Self {
        self.zero = zero;
        self
    }

    /// Whether a text without white space means this unit. Litres are `l` and `L` alike.
    pub(super) fn is_written(&self, text: &str) -> bool {
        let litre = |byte: u8| if byte == b'l' { b'L' } else { byte };
        let same =
            |known: &str| known.len() == text.len() && known.bytes().map(litre).eq(text.bytes().map(litre));
        [self.code, self.symbol].into_iter().chain(self.spellings.iter().copied()).any(same)
    }

    /// Where its scale begins on that of the base unit.
    pub(super) fn zero(&self) -> f64 {
        self.convert_to_base(0.0)
    }

    fn convert_to_base(&self, value: f64) -> f64 {
        (value - self.zero) * self.multiply as f64 / self.divide as f64
    }

    /// A value of this unit in another of the same dimension.
    pub(super) fn convert(&self, value: f64, to: &Self) -> f64 {
        let multiply = u128::from(self.multiply) * u128::from(to.divide);
        let divide = u128::from(self.divide) * u128::from(to.multiply);
        let shared = greatest_common_divisor(multiply, divide);
        (value - self.zero) * (multiply / shared) as f64 / (divide / shared) as f64 + to.zero
    }
}

fn greatest_common_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

use Dimension as D;

/// Every unit that converts. The base of a dimension has the factor 1/1.
pub(super) static KNOWN: &[Known] = &[
    Known::new("1", "1", &["{ratio}", "fraction", "ratio"], D::Number, (1, 1)),
    Known::new("%", "%", &["percent"], D::Number, (1, 100)),
    Known::new("[ppth]", "‰", &["permille"], D::Number, (1, 1000)),
    Known::new("g", "g", &["gram"], D::Mass, (1, 1)),
    Known::new("kg", "kg", &["kilogram"], D::Mass, (1000, 1)),
    Known::new("mg", "mg", &[], D::Mass, (1, 1000)),
    Known::new("ug", "µg", &["mcg"], D::Mass, (1, 1_000_000)),
    Known::new("ng", "ng", &[], D::Mass, (1, 1_000_000_000)),
    Known::new("[lb_av]", "lb", &["lbs", "pound", "pounds"], D::Mass, (45_359_237, 100_000)),
    Known::new("pg", "pg", &[], D::Mass, (1, 1_000_000_000_000)),
    Known::new("[oz_av]", "oz", &["ounce", "ounces"], D::Mass, (45_359_237, 1_600_000)),
    Known::new("m", "m", &["metre", "meter"], D::Length, (1, 1)),
    Known::new("cm", "cm", &[], D::Length, (1, 100)),
    Known::new("mm", "mm", &[], D::Length, (1, 1000)),
    Known::new("um", "µm", &[], D::Length, (1, 1_000_000)),
    Known::new("[in_i]", "in", &["inch", "inches"], D::Length, (254, 10_000)),
    Known::new("[ft_i]", "ft", &["foot", "feet"], D::Length, (3048, 10_000)),
    Known::new("L", "L", &["litre", "liter"], D::Volume, (1, 1)),
    Known::new("dL", "dL", &[], D::Volume, (1, 10)),
    Known::new("mL", "mL", &["cc", "cm3"], D::Volume, (1, 1000)),
    Known::new("uL", "µL", &[], D::Volume, (1, 1_000_000)),
    Known::new("fL", "fL", &[], D::Volume, (1, 1_000_000_000_000_000)),
    Known::new("s", "s", &["sec", "second", "seconds"], D::Time, (1, 1)),
    Known::new("ms", "ms", &["msec"], D::Time, (1, 1000)),
    Known::new("min", "min", &["minute", "minutes"], D::Time, (60, 1)),
    Known::new("h", "h", &["hr", "hour", "hours"], D::Time, (3600, 1)),
    Known::new("d", "d", &["day", "days"], D::Time, (86_400, 1)),
    Known::new("wk", "wk", &["week", "weeks"], D::Time, (604_800, 1)),
    // Mean Julian month and year.
    Known::new("mo", "months", &["month"], D::Time, (2_629_800, 1)),
    Known::new("a", "years", &["year", "yr", "yrs"], D::Time, (31_557_600, 1)),
    Known::new("Cel", "°C", &["C", "degC", "celsius", "Celsius"], D::Temperature, (1, 1)),
    Known::new("[degF]", "°F", &["F", "degF", "fahrenheit", "Fahrenheit"], D::Temperature, (5, 9))
        .zero_at(32.0),
    Known::new("K", "K", &["kelvin"], D::Temperature, (1, 1)).zero_at(273.15),
    Known::new("Pa", "Pa", &[], D::Pressure, (1, 1)),
    Known::new("hPa", "hPa", &["mbar"], D::Pressure, (100, 1)),
    Known::new("kPa", "kPa", &[], D::Pressure, (1000, 1)),
    Known::new("mm[Hg]", "mmHg", &["torr"], D::Pressure, (133_322_387_415, 1_000_000_000)),
    Known::new("cm[H2O]", "cmH2O", &[], D::Pressure, (980_665, 10_000)),
    Known::new("g/L", "g/L", &["mg/mL"], D::MassConcentration, (1, 1)),
    Known::new("g/dL", "g/dL", &["g/100mL"], D::MassConcentration, (10, 1)),
    Known::new("mg/dL", "mg/dL", &["mg%"], D::MassConcentration, (1, 100)),
    Known::new("mg/L", "mg/L", &["ug/mL", "mcg/mL"], D::MassConcentration, (1, 1000)),
    Known::new("ug/dL", "µg/dL", &["mcg/dL"], D::MassConcentration, (1, 100_000)),
    Known::new("ug/L", "µg/L", &["ng/mL", "mcg/L"], D::MassConcentration, (1, 1_000_000)),
    Known::new("ng/L", "ng/L", &["pg/mL"], D::MassConcentration, (1, 1_000_000_000)),
    Known::new("ng/dL", "ng/dL", &[], D::MassConcentration, (1, 100_000_000)),
    Known::new("mol/L", "mol/L", &["M"], D::AmountConcentration, (1, 1)),
    Known::new("mmol/L", "mmol/L", &["mM"], D::AmountConcentration, (1, 1000)),
    Known::new("umol/L", "µmol/L", &["uM"], D::AmountConcentration, (1, 1_000_000)),
    Known::new("nmol/L", "nmol/L", &["nM"], D::AmountConcentration, (1, 1_000_000_000)),
    Known::new("pmol/L", "pmol/L", &["pM"], D::AmountConcentration, (1, 1_000_000_000_000)),
    Known::new("eq/L", "eq/L", &["Eq/L"], D::EquivalentConcentration, (1, 1)),
    Known::new("meq/L", "mEq/L", &[], D::EquivalentConcentration, (1, 1000)),
    Known::new(
        "U/L",
        "U/L",
        &["IU/L", "[iU]/L", "mU/mL", "mIU/mL", "m[iU]/mL"],
        D::CatalyticConcentration,
        (1, 1),
    ),
    Known::new(
        "U/mL",
        "U/mL",
        &["IU/mL", "[iU]/mL", "kU/L", "k[iU]/L"],
        D::CatalyticConcentration,
        (1000, 1),
    ),
    Known::new(
        "mU/L",
        "mU/L",
        &["mIU/L", "uIU/mL", "uU/mL", "m[iU]/L", "u[iU]/mL"],
        D::CatalyticConcentration,
        (1, 1000),
    ),
    Known::new("10*9/L", "10⁹/L", &["10^9/L", "x10^9/L"], D::NumberConcentration, (1, 1)),
    Known::new(
        "10*3/uL",
        "10³/µL",
        &["10^3/uL", "K/uL", "x10^3/uL", "10*3/mm3"],
        D::NumberConcentration,
        (1, 1),
    ),
    Known::new(
        "10*12/L",
        "10¹²/L",
        &["10^12/L", "10*6/uL", "10^6/uL", "M/uL"],
        D::NumberConcentration,
        (1000, 1),
    ),
    Known::new("10*6/L", "10⁶/L", &["10^6/L"], D::NumberConcentration, (1, 1000)),
    Known::new("/uL", "/µL", &["cells/uL", "cells/mm3", "/mm3"], D::NumberConcentration, (1, 1000)),
    Known::new("/s", "/s", &["Hz", "1/s"], D::Frequency, (1, 1)),
    Known::new(
        "/min",
        "/min",
        &["bpm", "1/min", "beats/min", "breaths/min", "{beats}/min"],
        D::Frequency,
        (1, 60),
    ),
    Known::new("L/s", "L/s", &[], D::Flow, (1, 1)),
    Known::new("L/min", "L/min", &[], D::Flow, (1, 60)),
    Known::new("mL/min", "mL/min", &[], D::Flow, (1, 60_000)),
    Known::new("mL/h", "mL/h", &["mL/hr", "cc/hr"], D::Flow, (1, 3_600_000)),
    Known::new("kg/m2", "kg/m²", &["kg/m^2"], D::AreaDensity, (1, 1)),
    Known::new("g/m2", "g/m²", &["g/m^2"], D::AreaDensity, (1, 1000)),
];
