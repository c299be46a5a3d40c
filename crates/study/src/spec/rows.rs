//! `[[exclude]]`: which rows leave the study, and why.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, OneOrMany, Value};

/// Rows that leave the study. Exclusions are applied in the order written and become the participant flow.
///
/// Exactly one condition: `is`, `in`, `not-in`, `below`, `above`, `at-least`, `at-most` or `missing`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exclusion {
    /// The column that decides.
    #[schemars(length(min = 1), example = &"age")]
    pub column: String,
    /// Why these rows leave, as it stands in the participant flow.
    #[schemars(length(min = 1), example = &"younger than 18")]
    pub reason: String,
    /// Rows with this value leave.
    #[serde(default)]
    pub is: Option<Value>,
    /// Rows with one of these values leave.
    #[serde(default, rename = "in")]
    pub one_of: Option<OneOrMany<Value>>,
    /// Rows with a value that is none of these leave; rows without a value stay.
    #[serde(default)]
    pub not_in: Option<OneOrMany<Value>>,
    /// Rows with a number below this leave.
    #[serde(default)]
    pub below: Option<f64>,
    /// Rows with a number above this leave.
    #[serde(default)]
    pub above: Option<f64>,
    /// Rows with this number or a larger one leave.
    #[serde(default)]
    pub at_least: Option<f64>,
    /// Rows with this number or a smaller one leave.
    #[serde(default)]
    pub at_most: Option<f64>,
    /// `true`: rows without a value leave; `false`: rows with a value leave.
    #[serde(default)]
    pub missing: Option<bool>,
}

impl Exclusion {
    /// The condition under which a row leaves. Parsing has made sure that there is exactly one.
    #[must_use]
    pub fn condition(&self) -> Condition {
        self.conditions().into_iter().next().unwrap_or(Condition::In(Vec::new()))
    }

    pub(super) fn conditions(&self) -> Vec<Condition> {
        [
            self.is.clone().map(|value| Condition::In(vec![value])),
            self.one_of.clone().map(|values| Condition::In(values.into())),
            self.not_in.clone().map(|values| Condition::NotIn(values.into())),
            self.below.map(Condition::Below),
            self.above.map(Condition::Above),
            self.at_least.map(Condition::AtLeast),
            self.at_most.map(Condition::AtMost),
            self.missing.map(Condition::Missing),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// A condition on one cell. A missing cell meets `Missing(true)` and nothing else.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// One of these values.
    In(Vec<Value>),
    /// A value, but none of these.
    NotIn(Vec<Value>),
    /// A number below this.
    Below(f64),
    /// A number above this.
    Above(f64),
    /// This number or a larger one.
    AtLeast(f64),
    /// This number or a smaller one.
    AtMost(f64),
    /// No value (`true`), or some value (`false`).
    Missing(bool),
}

impl Condition {
    /// Whether a cell meets the condition. Text that reads as a number counts as that number.
    ///
    /// ```
    /// use bedside_study::spec::{Cell, Condition};
    /// assert!(Condition::Above(0.0).holds(Cell::Number(2.0)));
    /// assert!(!Condition::Above(0.0).holds(Cell::Missing));
    /// assert!(Condition::Missing(true).holds(Cell::Missing));
    /// ```
    #[must_use]
    pub fn holds(&self, cell: Cell<'_>) -> bool {
        let number = match cell {
            Cell::Number(number) => Some(number),
            Cell::Text(text) => text.trim().parse().ok(),
            Cell::Missing => return *self == Self::Missing(true),
        };
        match self {
            Self::In(values) => values.iter().any(|value| value.is_in(cell)),
            Self::NotIn(values) => !values.iter().any(|value| value.is_in(cell)),
            Self::Below(limit) => number.is_some_and(|x| x < *limit),
            Self::Above(limit) => number.is_some_and(|x| x > *limit),
            Self::AtLeast(limit) => number.is_some_and(|x| x >= *limit),
            Self::AtMost(limit) => number.is_some_and(|x| x <= *limit),
            Self::Missing(wanted) => !wanted,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &[Value]| values.iter().map(Value::text).collect::<Vec<_>>().join(", ");
        match self {
            Self::In(values) if values.len() == 1 => write!(f, "= {}", list(values)),
            Self::In(values) => write!(f, "in {}", list(values)),
            Self::NotIn(values) => write!(f, "not in {}", list(values)),
            Self::Below(limit) => write!(f, "< {limit}"),
            Self::Above(limit) => write!(f, "> {limit}"),
            Self::AtLeast(limit) => write!(f, ">= {limit}"),
            Self::AtMost(limit) => write!(f, "<= {limit}"),
            Self::Missing(true) => f.write_str("missing"),
            Self::Missing(false) => f.write_str("not missing"),
        }
    }
}
