//! One code, one unit.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bedside_chart::{Dimension, Unit, code_and_unit, spelled};
use serde::Deserialize;

use super::dataset::Written;
use crate::IntakeError;

/// What stands between a code and its unit.
const BETWEEN: &str = "//";

/// Which codes are to be in which unit, from a TOML file. Nothing is converted unless it says so.
///
/// Every `[[convert]]` names a `code` without its unit and the unit `to` which its values go. Units of one dimension are
/// converted exactly (g/L to mg/dL), whatever their spelling; where more than arithmetic is needed (a molar mass for umol/L to
/// mg/dL), `factors` gives the number to multiply by. A factor that contradicts what is known is refused.
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
        match (from.convert(1.0, &rule.to), rule.factors.get(from.code())) {
            (Ok(_), _) => Ok(Some(Self::Between(from, rule.to.clone()))),
            (Err(_), Some(factor)) => Ok(Some(Self::Times(*factor))),
            (Err(why), None) => Err(why.to_string()),
        }
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
                let from = Unit::new(&unit).map_err(|e| wrong(e.to_string()))?;
                if let Some(reason) = contradiction(&from, &to, factor) {
                    return Err(wrong(format!("`{code}`: {reason}; leave out the factor from `{unit}`")));
                }
                if by_unit.insert(from.code().to_owned(), factor).is_some_and(|other| other != factor) {
                    return Err(wrong(format!("`{code}`: `{unit}` has two factors, under two spellings")));
                }
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
        let (code, unit) = code_and_unit(name)?;
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
            let (base, unit) = code_and_unit(name).unwrap_or((name, ""));
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

/// How far a factor may be from the exact one: people round.
const ROUNDED: f64 = 0.01;

/// Why a factor cannot be right, where a conversion is known.
fn contradiction(from: &Unit, to: &Unit, factor: f64) -> Option<String> {
    let exact = from.convert(1.0, to).ok().filter(|_| from == to || from.dimension().is_some())?;
    if !from.shares_zero(to) {
        return Some(format!(
            "`{}` has another zero than `{}`, so that no factor converts it; it is converted exactly",
            from.code(),
            to.code()
        ));
    }
    let far = (factor - exact).abs() > ROUNDED * exact.abs();
    far.then(|| format!("1 {} is {exact} {}, not {factor}", from.code(), to.code()))
}

fn no_conversion(code: &str, unit: &str, to: &Unit, reason: String) -> IntakeError {
    let advice = if to.dimension() == Some(Dimension::Temperature) {
        "no factor will do, since scales of temperature have different zeros; write the unit as `Cel`, `[degF]` or `K`".to_owned()
    } else {
        format!("give `factors = {{ \"{unit}\" = … }}`")
    };
    let (code, unit, to) = (code.to_owned(), unit.to_owned(), to.code().to_owned());
    IntakeError::NoConversion { code, unit, to, reason, advice }
}

/// Stands before a unit that is still as the source writes it, so that its spellings can be counted.
pub(super) const AS_WRITTEN: char = '\u{4}';

/// The names of codes with every unit in its one spelling.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// By the name before.
    pub(super) renamed: HashMap<Arc<str>, Arc<str>>,
    /// The unit as written and in its one spelling, by the number of a code, where they differ.
    differ: Vec<(usize, String, String)>,
}

impl Spellings {
    /// Of names, and of the symbols that they were made from.
    pub(super) fn of(names: &[Arc<str>], symbols: &[Arc<str>]) -> Self {
        let mut spellings = Self::default();
        for (code, (name, symbol)) in names.iter().zip(symbols).enumerate() {
            let new = match name.split_once(AS_WRITTEN) {
                Some((base, written)) => match Unit::new(written) {
                    Ok(unit) => format!("{base}{}", unit.code()),
                    Err(_) => base.trim_end_matches('/').to_owned(),
                },
                None => spelled(name).into_owned(),
            };
            // Of OMOP the name is made of concepts, and only a unit in words is as written.
            let written = match symbol.split_once(AS_WRITTEN) {
                Some((_, written)) => Some(written),
                None => code_and_unit(name).map(|(_, unit)| unit).filter(|_| *new != **name),
            };
            let unit = code_and_unit(&new).map_or("", |(_, unit)| unit);
            if let Some(written) = written.filter(|written| *written != unit) {
                spellings.differ.push((code, written.to_owned(), unit.to_owned()));
            }
            if *new != **name {
                spellings.renamed.insert(Arc::clone(name), Arc::from(new));
            }
        }
        spellings
    }

    /// The new name of a code.
    pub(super) fn name(&self, name: &Arc<str>) -> Arc<str> {
        Arc::clone(self.renamed.get(name).unwrap_or(name))
    }

    /// What was spelled otherwise, with the number of events.
    pub(super) fn told(&self, written: &Written) -> Option<String> {
        let mut events: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for (code, from, to) in &self.differ {
            *events.entry((from, to)).or_default() += written.of_code[*code];
        }
        events.retain(|_, events| *events > 0);
        let mut told: Vec<((&str, &str), u64)> = events.into_iter().collect();
        told.sort_by_key(|(_, events)| std::cmp::Reverse(*events));
        let all: u64 = told.iter().map(|(_, events)| events).sum();
        let more = told.len().saturating_sub(FEW_UNITS);
        let words =
            told.iter().take(FEW_UNITS).map(|((from, to), events)| format!("`{from}` as `{to}` ({events})"));
        let words = words.collect::<Vec<_>>().join(", ");
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (all > 0)
            .then(|| format!("{all} events have their unit in its one spelling, that of UCUM: {words}{more}"))
    }
}

/// Units that are named.
const FEW_UNITS: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_factor_that_contradicts_a_known_conversion_is_refused() {
        let parse = |unit: &str, to: &str, factor: f64| {
            UnitRules::parse(&format!(
                "[[convert]]\ncode = \"X\"\nto = \"{to}\"\nfactors = {{ \"{unit}\" = {factor} }}"
            ))
        };
        for (unit, to, factor) in [
            ("Deg. F", "Cel", 0.5556),
            ("F", "Cel", 0.5556),
            ("K", "Cel", 1.0),
            ("g/L", "mg/dL", 10.0),
            ("lb", "kg", 2.2),
            ("IU/L", "U/L", 2.0),
            ("mg/dl", "mg/dL", 10.0),
        ] {
            assert!(matches!(parse(unit, to, factor), Err(IntakeError::Mapping { .. })), "{unit} {to}");
        }
        for (unit, to, factor) in [
            ("umol/L", "mg/dL", 0.0113122),
            ("lb", "kg", 0.4536),
            ("IU/L", "U/L", 1.0),
            ("Mg/dL", "mg/dL", 1.0),
            ("points", "mg/dL", 3.0),
        ] {
            assert!(parse(unit, to, factor).is_ok(), "{unit} {to}");
        }
        let two =
            "[[convert]]\ncode = \"X\"\nto = \"mg/dL\"\nfactors = { \"umol/L\" = 0.0113, \"UMOL/L\" = 0.02 }";
        assert!(UnitRules::parse(two).unwrap_err().to_string().contains("two factors"));
    }
}
