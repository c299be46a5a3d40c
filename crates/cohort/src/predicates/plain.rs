//! What is asked of a single event.

use bedside_chart::spelled;
use bedside_table::nearest;
use std::sync::Arc;

use regex::Regex;

use super::Definition;
use crate::CohortError;
use crate::yaml::{Node, Value, entry};

/// What one event must satisfy.
#[derive(Debug, Clone)]
pub(crate) struct Atom {
    codes: Vec<CodeTest>,
    /// What its value must satisfy; an event without a value satisfies only what asks for none.
    pub(crate) values: ValueRange,
}

#[derive(Debug, Clone)]
enum CodeTest {
    OneOf(Vec<String>),
    Pattern(Regex),
}

impl Atom {
    pub(crate) fn accepts_code(&self, code: &str) -> bool {
        self.codes.iter().all(|test| match test {
            CodeTest::OneOf(codes) => codes.iter().any(|known| is_code(known, code)),
            CodeTest::Pattern(pattern) => pattern.is_match(code),
        })
    }

    /// What of its codes none of these is: `(what is asked for, the codes nearest to it)`.
    pub(crate) fn unmet(&self, codes: &[Arc<str>]) -> Vec<(String, Vec<String>)> {
        let mut unmet = Vec::new();
        for test in &self.codes {
            match test {
                CodeTest::OneOf(asked) => {
                    let absent = asked.iter().filter(|code| !codes.iter().any(|known| is_code(code, known)));
                    unmet.extend(absent.map(|code| (format!("`{code}`"), nearest_codes(code, codes))));
                }
                CodeTest::Pattern(pattern) if !codes.iter().any(|code| pattern.is_match(code)) => {
                    unmet.push((format!("a match of `{pattern}`"), Vec::new()));
                }
                CodeTest::Pattern(_) => {}
            }
        }
        unmet
    }

    /// Two lists of codes that it asks for at once and that have none in common, so that no event can satisfy it.
    pub(super) fn contradiction(&self) -> Option<(&str, &str)> {
        let lists = || {
            self.codes.iter().filter_map(|test| match test {
                CodeTest::OneOf(codes) => Some(codes),
                CodeTest::Pattern(_) => None,
            })
        };
        let apart = |one: &[String], other: &[String]| !one.iter().any(|code| other.contains(code));
        lists().find_map(|one| {
            let other = lists().find(|other| apart(one, other))?;
            Some((one.first()?.as_str(), other.first()?.as_str()))
        })
    }

    /// Whether it asks for codes by several tests, and some of these codes, if any, satisfies all of them.
    pub(super) fn meets(&self, codes: &[Arc<str>]) -> bool {
        self.codes.len() < 2 || codes.iter().any(|code| self.accepts_code(code))
    }

    /// Whether it asks for a value only.
    pub(super) fn asks_no_code(&self) -> bool {
        self.codes.is_empty()
    }

    /// An event that satisfies all of these at once.
    pub(super) fn all_of<'a>(atoms: impl Iterator<Item = &'a Self>) -> Self {
        let mut all = Self { codes: Vec::new(), values: ValueRange::default() };
        for atom in atoms {
            all.codes.extend(atom.codes.iter().cloned());
            all.values = all.values.and(atom.values);
        }
        all
    }
}

/// Whether a code is the one that is asked for, whatever the spelling of its unit.
fn is_code(asked: &str, code: &str) -> bool {
    asked == code || spelled(asked) == spelled(code)
}

/// The values that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct ValueRange {
    min: Option<Bound>,
    max: Option<Bound>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Bound {
    at: f64,
    inclusive: bool,
}

impl ValueRange {
    /// Whether every event will do, even one without a value.
    pub(crate) fn is_open(&self) -> bool {
        self.min.is_none() && self.max.is_none()
    }

    pub(crate) fn contains(&self, value: f64) -> bool {
        self.min.is_none_or(|bound| value > bound.at || bound.inclusive && value == bound.at)
            && self.max.is_none_or(|bound| value < bound.at || bound.inclusive && value == bound.at)
    }

    /// The same range for values that were stored in single precision: 1.3 there is not 1.3 in double precision, and a
    /// bound of 1.3 must still meet it.
    pub(crate) fn in_single_precision(&self) -> Self {
        let rounded =
            |bound: Option<Bound>| bound.map(|bound| Bound { at: f64::from(bound.at as f32), ..bound });
        Self { min: rounded(self.min), max: rounded(self.max) }
    }

    fn and(self, other: Self) -> Self {
        let tighter = |one: Option<Bound>, two: Option<Bound>, greater: bool| match (one, two) {
            (Some(one), Some(two)) if one.at == two.at => {
                Some(Bound { at: one.at, inclusive: one.inclusive && two.inclusive })
            }
            (Some(one), Some(two)) => Some(if (one.at > two.at) == greater { one } else { two }),
            (one, two) => one.or(two),
        };
        Self { min: tighter(self.min, other.min, true), max: tighter(self.max, other.max, false) }
    }
}

const KEYS: &[&str] =
    &["code", "value_min", "value_max", "value_min_inclusive", "value_max_inclusive", "static"];

/// Reads a plain predicate.
pub(super) fn plain(definition: &Definition<'_>, entries: &[(String, Node)]) -> Result<Atom, CohortError> {
    let place = definition.place();
    if let Some((key, node)) = entries.iter().find(|(key, _)| !KEYS.contains(&&**key)) {
        let near = nearest(key, KEYS.iter().copied().chain(["expr"])).map(str::to_owned);
        return Err(match near {
            Some(_) => CohortError::UnknownKey { line: node.line, place, key: key.clone(), nearest: near },
            None => CohortError::Expected {
                line: node.line,
                place: format!("{place}.{key}"),
                expected: "a condition on `code` or on the value".to_owned(),
                found: "one on another column, which events here do not have".to_owned(),
            },
        });
    }
    let bound = |key: &str, inclusive: &str| -> Result<Option<Bound>, CohortError> {
        let Some(node) = entry(entries, key) else { return Ok(None) };
        let at = node.number(&format!("{place}.{key}"))?;
        let inclusive = match entry(entries, inclusive) {
            Some(node) => node.switch(&format!("{place}.{inclusive}"))?,
            None => false,
        };
        Ok(Some(Bound { at, inclusive }))
    };
    let values = ValueRange {
        min: bound("value_min", "value_min_inclusive")?,
        max: bound("value_max", "value_max_inclusive")?,
    };
    let codes = match entry(entries, "code") {
        Some(node) => vec![code_test(definition.name, node, &format!("{place}.code"))?],
        None if values.is_open() => {
            return Err(CohortError::MissingKey {
                line: definition.node.line,
                place,
                key: "code",
                meaning: "the code of the events, or `value_min` or `value_max` for events of any code",
            });
        }
        None => Vec::new(),
    };
    Ok(Atom { codes, values })
}

fn code_test(name: &str, node: &Node, place: &str) -> Result<CodeTest, CohortError> {
    match &node.value {
        Value::Scalar(text) if text == "???" => {
            Err(CohortError::OpenPredicate { line: node.line, name: name.to_owned() })
        }
        Value::Scalar(text) => Ok(CodeTest::OneOf(vec![text.clone()])),
        Value::Block(entries) => match &entries[..] {
            [(key, node)] if key == "regex" => {
                Ok(CodeTest::Pattern(pattern(node, &format!("{place}.regex"))?))
            }
            [(key, node)] if key == "any" => match &node.value {
                Value::List(codes) if !codes.is_empty() => {
                    let place = format!("{place}.any");
                    let codes = codes.iter().map(|code| code.text(&place).map(str::to_owned));
                    Ok(CodeTest::OneOf(codes.collect::<Result<_, _>>()?))
                }
                _ => Err(node.expected(&format!("{place}.any"), "a list of codes")),
            },
            _ => Err(node.expected(place, "a code, `{regex: ...}` or `{any: [...]}`")),
        },
        Value::Null | Value::List(_) => Err(node.expected(place, "a code, `{regex: ...}` or `{any: [...]}`")),
    }
}

/// Up to three codes that a code may be a slip of the pen for, the likeliest first.
fn nearest_codes(asked: &str, codes: &[Arc<str>]) -> Vec<String> {
    let plain = asked.to_lowercase();
    let mut near: Vec<(f64, &str)> = codes
        .iter()
        .map(|code| (strsim::jaro_winkler(&plain, &code.to_lowercase()), &**code))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter().take(3).map(|(_, code)| code.to_owned()).collect()
}

/// Compiles the pattern of a predicate: it may match anywhere in a code.
fn pattern(node: &Node, place: &str) -> Result<Regex, CohortError> {
    let text = node.text(place)?;
    if text.is_empty() {
        return Err(node.expected(place, "a regular expression"));
    }
    Regex::new(text).map_err(|error| CohortError::Regex {
        line: node.line,
        place: place.to_owned(),
        reason: error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_meets_values_of_its_own_precision() {
        let at_least = ValueRange { min: Some(Bound { at: 1.3, inclusive: true }), max: None };
        let stored = f64::from(1.3_f32);
        assert!(!at_least.contains(stored), "1.3 in single precision is below 1.3");
        assert!(at_least.in_single_precision().contains(stored));
        assert!(at_least.contains(1.3) && !at_least.contains(1.2));
    }

    #[test]
    fn ranges_meet_in_the_tighter_bounds() {
        let bound = |at, inclusive| Some(Bound { at, inclusive });
        let one = ValueRange { min: bound(1.0, true), max: bound(9.0, true) };
        let two = ValueRange { min: bound(1.0, false), max: bound(5.0, true) };
        assert_eq!(one.and(two), ValueRange { min: bound(1.0, false), max: bound(5.0, true) });
        assert_eq!(one.and(ValueRange::default()), one);
    }
}
