//! One code, one unit.

use std::collections::BTreeMap;
use std::sync::Arc;

use bedside_chart::Unit;
use serde::Deserialize;

use super::dataset::Written;
use crate::IntakeError;

/// What stands between a code and its unit.
const BETWEEN: &str = "//";

/// Which codes are to be in which unit, from a TOML file. Nothing is converted unless it says so.
///
/// Every `[[convert]]` names a `code` without its unit and the unit `to` which its values go. Units of one dimension are
/// converted exactly (g/L to mg/dL); where more than arithmetic is needed (a molar mass for umol/L to mg/dL),
/// `factors` gives the number to multiply by.
///
/// # Errors
/// [`IntakeError::Mapping`] when the file cannot be used; at the import, [`IntakeError::NoConversion`] when the values of
/// a code come in a unit for which there is neither.
///
/// ```
/// let units = bedside_intake::import::UnitRules::parse(r#"
///     [[convert]]
///     code = "LOINC/2160-0"
///     to = "mg/dL"
///     factors = { "umol/L" = 0.0113122 }
/// "#)?;
/// # Ok::<(), bedside_intake::IntakeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UnitRules {
    rules: BTreeMap<String, Rule>,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    to: Unit,
    /// By the code of the unit.
    factors: BTreeMap<String, f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    convert: Vec<Convert>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Convert {
    code: String,
    to: Unit,
    #[serde(default)]
    factors: BTreeMap<String, f64>,
}

/// By the number of a code.
pub(super) type Conversions = Vec<Option<Conversion>>;

/// What becomes of the values of a code.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Conversion {
    Times(f64),
    Between(Unit, Unit),
}

impl Conversion {
    /// Of a value for which [`Conversion::new`] found a way.
    pub(super) fn apply(&self, value: f64) -> f64 {
        match self {
            Self::Times(factor) => value * factor,
            Self::Between(from, to) => from.convert(value, to).unwrap_or(f64::NAN),
        }
    }

    fn new(unit: &str, rule: &Rule) -> Result<Option<Self>, String> {
        let from = Unit::new(unit).map_err(|e| e.to_string())?;
        if from == rule.to {
            return Ok(None);
        }
        if let Some(factor) = rule.factors.get(from.code()) {
            return Ok(Some(Self::Times(*factor)));
        }
        from.convert(1.0, &rule.to).map_err(|e| e.to_string())?;
        Ok(Some(Self::Between(from, rule.to.clone())))
    }
}

impl UnitRules {
    /// Reads the rules.
    ///
    /// # Errors
    /// [`IntakeError::Mapping`].
    pub fn parse(text: &str) -> Result<Self, IntakeError> {
        let wrong = |reason: String| IntakeError::Mapping { place: "the file of units".to_owned(), reason };
        let file: File = toml::from_str(text).map_err(|e| wrong(super::line_of(text, &e)))?;
        let mut rules = BTreeMap::new();
        for Convert { code, to, factors } in file.convert {
            let mut by_unit = BTreeMap::new();
            for (unit, factor) in factors {
                if !(factor.is_finite() && factor > 0.0) {
                    return Err(wrong(format!("`{code}`: the factor from `{unit}` must be positive")));
                }
                let unit = Unit::new(&unit).map_err(|e| wrong(e.to_string()))?;
                by_unit.insert(unit.code().to_owned(), factor);
            }
            if rules.insert(code.clone(), Rule { to, factors: by_unit }).is_some() {
                return Err(wrong(format!("`{code}` stands there twice")));
            }
        }
        Ok(Self { rules })
    }

    /// The names of the codes once their values are converted, and how they are. What comes after a code is taken for a unit
    /// if it is a known one or has a factor.
    pub(super) fn applied(&self, names: &[Arc<str>]) -> Result<(Vec<Arc<str>>, Conversions), IntakeError> {
        let (mut renamed, mut conversions) =
            (Vec::with_capacity(names.len()), Vec::with_capacity(names.len()));
        for name in names {
            let mut conversion = None;
            if let Some((code, unit, rule)) = self.rule(name) {
                let from = Unit::new(unit).ok();
                let is_unit = from
                    .is_some_and(|from| from.dimension().is_some() || rule.factors.contains_key(from.code()));
                if is_unit {
                    conversion = Conversion::new(unit, rule)
                        .map_err(|reason| no_conversion(code, unit, &rule.to, reason))?
                        .map(|conversion| (conversion, format!("{code}{BETWEEN}{}", rule.to.code())));
                }
            }
            let (conversion, name) =
                conversion.map_or_else(|| (None, Arc::clone(name)), |(c, n)| (Some(c), Arc::from(n)));
            renamed.push(name);
            conversions.push(conversion);
        }
        Ok((renamed, conversions))
    }

    fn rule<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str, &Rule)> {
        let (code, unit) = parted(name)?;
        Some((code, unit, self.rules.get(code)?))
    }

    /// What has become of units: codes whose values still come in several are told.
    pub(super) fn judged(&self, names: &[Arc<str>], written: &Written) -> Result<Vec<String>, IntakeError> {
        let mut of_base: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
        for (code, name) in names.iter().enumerate().filter(|(code, _)| written.values[*code] > 0) {
            if let Some((code, unit, rule)) =
                self.rule(name).filter(|(_, unit, rule)| *unit != rule.to.code())
            {
                return Err(no_conversion(code, unit, &rule.to, "no factor is given".to_owned()));
            }
            let (base, unit) = parted(name).unwrap_or((name, ""));
            *of_base.entry(base).or_default().entry(unit).or_default() += written.values[code];
        }
        let known = |unit: &str| Unit::new(unit).is_ok_and(|unit| unit.dimension().is_some());
        let several =
            of_base.iter().filter(|(_, units)| units.len() > 1 && units.keys().any(|unit| known(unit)));
        let told: Vec<String> = several
            .map(|(code, units)| {
                let words = |(unit, values): (&&str, &u64)| {
                    if unit.is_empty() { format!("no unit ({values})") } else { format!("{unit} ({values})") }
                };
                format!("`{code}` in {}", units.iter().map(words).collect::<Vec<_>>().join(", "))
            })
            .collect();
        if told.is_empty() {
            return Ok(Vec::new());
        }
        let more = if told.len() > FEW { format!("; and {} more", told.len() - FEW) } else { String::new() };
        let few = told[..told.len().min(FEW)].join("; ");
        Ok(vec![format!(
            "{} codes have values in several units, each of which is a code of its own; --units converts them: {few}{more}",
            told.len()
        )])
    }
}

/// Codes that are named.
const FEW: usize = 5;

fn no_conversion(code: &str, unit: &str, to: &Unit, reason: String) -> IntakeError {
    let (code, unit, to) = (code.to_owned(), unit.to_owned(), to.code().to_owned());
    IntakeError::NoConversion { code, unit, to, reason }
}

/// A code and its unit, which may begin with a stroke itself: `LOINC/6690-2///uL`.
fn parted(name: &str) -> Option<(&str, &str)> {
    let (code, unit) = name.rsplit_once(BETWEEN)?;
    match code.strip_suffix('/') {
        Some(code) if !code.is_empty() => Some((code, &name[code.len() + BETWEEN.len()..])),
        _ => Some((code, unit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_may_begin_with_a_stroke() {
        for (name, found) in [
            ("LOINC/2160-0//mg/dL", Some(("LOINC/2160-0", "mg/dL"))),
            ("LOINC/6690-2///uL", Some(("LOINC/6690-2", "/uL"))),
            ("LAB//50912//mg/dL", Some(("LAB//50912", "mg/dL"))),
            ("LOINC/6690-2", None),
            ("///uL", Some(("/", "uL"))),
        ] {
            assert_eq!(parted(name), found, "{name}");
        }
    }
}
