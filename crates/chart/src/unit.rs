//! Units as people write them, made one spelling, and the exact conversions among those of one dimension.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ChartError;

mod known;
mod spelling;

pub use known::Dimension;
use known::Known;

/// The unit of a quantity. The usual spellings of one unit are equal (`mg/dl`, `mg/dL`, `MG/DL`); white space does not count, `µ` is
/// `u`, and the case of letters counts only where two units would be one without it (`mg` and `Mg`). A text that is not in the table of
/// units is kept as written, or with its parts in the one spelling (`mcg/kg/min` is `ug/kg/min`), and converts only to itself.
///
/// Codes follow UCUM where it has one (<https://ucum.org/ucum>); factors are the exact definitions of the SI and of the
/// conventional millimetre of mercury, 133.322387415 Pa (13 595.1 kg/m³ × 9.80665 m/s² × 1 mm).
///
/// # Errors
/// [`Unit::new`] refuses an empty text; [`Unit::convert`] refuses units of different dimensions and unknown ones. From
/// mass to amount of substance (mg/dL to mmol/L) a molar mass is needed, so that is refused too.
///
/// ```
/// use bedside_chart::Unit;
/// let (written, wanted) = (Unit::new("g / l")?, Unit::new("mg/dL")?);
/// assert_eq!(written.convert(1.2, &wanted)?, 120.0);
/// assert!(wanted.convert(90.0, &Unit::new("mmol/L")?).is_err());
/// # Ok::<(), bedside_chart::ChartError>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Unit {
    text: String,
    known: Option<&'static Known>,
}

impl Unit {
    /// From the text of a study file or a record.
    ///
    /// # Errors
    /// [`ChartError::EmptyUnit`] when nothing but white space is left.
    pub fn new(text: &str) -> Result<Self, ChartError> {
        let text = spelling::cleaned(text);
        if text.is_empty() {
            return Err(ChartError::EmptyUnit);
        }
        let (text, known) = spelling::named(&text);
        Ok(Self { text, known })
    }

    /// Whether a quantity of nought in this unit is one of nought in the other: no factor leads from °F to °C.
    #[must_use]
    pub fn shares_zero(&self, other: &Self) -> bool {
        let zero = |unit: &Self| unit.known.map_or(0.0, Known::zero);
        zero(self) == zero(other)
    }

    /// The UCUM code of a known unit, or the text as written without white space.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.text
    }

    /// What the unit measures; `None` for a unit that is not in the table.
    #[must_use]
    pub fn dimension(&self) -> Option<Dimension> {
        self.known.map(|unit| unit.dimension)
    }

    /// A value in this unit, expressed in another one. The result is rounded once where a single factor or divisor
    /// suffices.
    ///
    /// # Errors
    /// [`ChartError::UnknownUnit`] when one of the two is not in the table (unless both are equal) and
    /// [`ChartError::Dimensions`] when they measure different things.
    pub fn convert(&self, value: f64, to: &Self) -> Result<f64, ChartError> {
        if self == to {
            return Ok(value);
        }
        let unknown = |unit: &Self| ChartError::UnknownUnit { unit: unit.text.clone() };
        let from = self.known.ok_or_else(|| unknown(self))?;
        let into = to.known.ok_or_else(|| unknown(to))?;
        if from.dimension != into.dimension {
            return Err(ChartError::Dimensions {
                from: self.to_string(),
                from_dimension: from.dimension.name(),
                to: to.to_string(),
                to_dimension: into.dimension.name(),
            });
        }
        Ok(from.convert(value, into))
    }
}

/// What stands between a code and its unit.
const BETWEEN: &str = "//";

/// A code and its unit, which may begin with a stroke itself: `LOINC/6690-2///uL`.
///
/// ```
/// assert_eq!(bedside_chart::code_and_unit("LAB//50912//mg/dL"), Some(("LAB//50912", "mg/dL")));
/// ```
#[must_use]
pub fn code_and_unit(name: &str) -> Option<(&str, &str)> {
    let (code, unit) = name.rsplit_once(BETWEEN)?;
    match code.strip_suffix('/') {
        Some(code) if !code.is_empty() => Some((code, &name[code.len() + BETWEEN.len()..])),
        _ => Some((code, unit)),
    }
}

/// Units that are told from other words though they are letters alone, in lower case.
const WORDS: &[&str] = &["mmhg", "degc", "degf", "deg.c", "deg.f", "mcg", "bpm", "lbs", "kgs"];

/// A code whose last part is a unit, with that unit in its one spelling: `LAB//50912//mg/dl` is `LAB//50912//mg/dL`. Only what can be
/// nothing but a unit is taken for one: `SEX//M` stays as it is.
///
/// ```
/// use bedside_chart::spelled;
/// assert_eq!(spelled("LAB//50861//IU/L"), "LAB//50861//U/L");
/// assert_eq!(spelled("SEX//M"), "SEX//M");
/// ```
#[must_use]
pub fn spelled(code: &str) -> Cow<'_, str> {
    let Some((base, written)) = code_and_unit(code) else { return Cow::Borrowed(code) };
    let telling = written.contains(['/', '%', '[', '*', '^', '°', 'µ', 'μ', '²', '³', '⁹'])
        || WORDS.contains(&written.to_ascii_lowercase().as_str());
    let Some(unit) = telling.then(|| Unit::new(written).ok()).flatten() else { return Cow::Borrowed(code) };
    // Outside the table only what has parts of it; and capitals alone may be initials.
    let parts = written.contains(|letter: char| letter.is_ascii_lowercase());
    let sure = unit.known.is_some() || parts && unit.code() != spelling::cleaned(written);
    if !sure || unit.code() == written {
        Cow::Borrowed(code)
    } else {
        Cow::Owned(format!("{base}{BETWEEN}{}", unit.code()))
    }
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Unit {}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({})", self.text)
    }
}

impl fmt::Display for Unit {
    /// The spelling a clinician expects (`mmHg`, `°C`), not the code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.known.map_or(&self.text, |unit| unit.symbol))
    }
}

impl TryFrom<String> for Unit {
    type Error = ChartError;

    fn try_from(text: String) -> Result<Self, ChartError> {
        Self::new(&text)
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.text
    }
}

#[cfg(test)]
mod tests {
    use super::known::KNOWN;
    use super::*;

    fn convert(value: f64, from: &str, to: &str) -> Result<f64, ChartError> {
        Unit::new(from)?.convert(value, &Unit::new(to)?)
    }

    #[test]
    fn textbook_conversions_are_exact() {
        for (value, from, to, expected) in [
            (1.0, "kg", "g", 1000.0),
            (70.0, "kg", "g", 70_000.0),
            (1.2, "g/L", "mg/dL", 120.0),
            (13.5, "g/dL", "g/L", 135.0),
            (37.0, "°C", "°F", 98.6),
            (98.6, "degF", "Cel", 37.0),
            (0.0, "°C", "K", 273.15),
            (760.0, "mmHg", "kPa", 101.325_014_435_4),
            (1.0, "kPa", "mmHg", 7.500_615_758_456_563),
            (1.0, "10^9/L", "10*3/uL", 1.0),
            (88.0, "umol/L", "mmol/L", 0.088),
            (2.0, "h", "min", 120.0),
            (45.0, "%", "1", 0.45),
        ] {
            let found = convert(value, from, to).unwrap();
            assert!((found - expected).abs() <= 1e-14 * expected.abs(), "{value} {from} = {found} {to}");
        }
    }

    #[test]
    fn spellings_of_one_unit_are_equal() {
        for (one, other) in [("mg/dl", "mg / dL"), ("µmol/l", "umol/L"), ("mm Hg", "mm[Hg]"), ("C", "°C")] {
            assert_eq!(Unit::new(one).unwrap(), Unit::new(other).unwrap());
        }
    }

    #[test]
    fn only_what_is_a_unit_is_spelled_anew_in_a_code() {
        for (code, expected) in [
            ("LAB//50861//IU/L", "LAB//50861//U/L"),
            ("LOINC/6690-2//K/uL", "LOINC/6690-2//10*3/uL"),
            ("LOINC/6690-2//#/uL", "LOINC/6690-2///uL"),
            ("LOINC/6690-2///mm^3", "LOINC/6690-2///uL"),
            ("BP//mmHg", "BP//mm[Hg]"),
            ("DRUG//mcg/kg/min", "DRUG//ug/kg/min"),
            ("TEMP//°F", "TEMP//[degF]"),
        ] {
            assert_eq!(spelled(code), expected);
            assert_eq!(spelled(expected), expected);
        }
        for code in [
            "SEX//M",
            "SEX//F",
            "Gender/F",
            "LAB//C",
            "X//K",
            "X//in",
            "X//day",
            "X//1",
            "DIAGNOSIS//ICD//10//D50",
            "X//A/B",
            "X//G/D",
            "X//G/L",
            "X//Mg/dL",
            "DISCHARGED_TO//CMS Place of Service/12",
            "MEDS_BIRTH",
            "a//",
            "//",
            "///",
            "X//ratio",
            "X//percent",
            "ADMISSION//END",
        ] {
            assert_eq!(spelled(code), code);
        }
    }

    #[test]
    fn a_unit_may_begin_with_a_stroke() {
        for (name, found) in [
            ("LOINC/2160-0//mg/dL", Some(("LOINC/2160-0", "mg/dL"))),
            ("LOINC/6690-2///uL", Some(("LOINC/6690-2", "/uL"))),
            ("LAB//50912//mg/dL", Some(("LAB//50912", "mg/dL"))),
            ("LOINC/6690-2", None),
            ("///uL", Some(("/", "uL"))),
        ] {
            assert_eq!(code_and_unit(name), found, "{name}");
        }
    }

    #[test]
    fn other_conversions_are_refused() {
        assert!(matches!(convert(90.0, "mg/dL", "mmol/L"), Err(ChartError::Dimensions { .. })));
        assert!(matches!(convert(1.0, "kg", "mmHg"), Err(ChartError::Dimensions { .. })));
        assert!(
            matches!(convert(1.0, "furlong", "m"), Err(ChartError::UnknownUnit { unit }) if unit == "furlong")
        );
        assert_eq!(convert(3.0, "score points", "scorepoints"), Ok(3.0));
        assert_eq!(Unit::new(" "), Err(ChartError::EmptyUnit));
    }

    #[test]
    fn every_conversion_comes_back() {
        for from in KNOWN {
            for to in KNOWN.iter().filter(|to| to.dimension == from.dimension) {
                let there = from.convert(37.25, to);
                let back = to.convert(there, from);
                assert!((back - 37.25).abs() < 1e-9, "{} to {}: {back}", from.code, to.code);
            }
        }
    }

    #[test]
    fn no_spelling_belongs_to_two_units() {
        for unit in KNOWN {
            for spelling in unit.spellings.iter().chain([&unit.code]) {
                let owners = KNOWN.iter().filter(|other| other.is_written(spelling)).count();
                assert_eq!(owners, 1, "{spelling}");
            }
        }
    }
}
