//! `[outcome]`: what is predicted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Condition, OneOrMany, Value};

/// What is predicted. Rows without an outcome leave the study and are counted in the participant flow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OutcomeDefinition {
    /// The column that holds the outcome. A study of events needs none: by default it is `boolean_value`, that of labels.
    #[serde(default)]
    #[schemars(length(min = 1), example = &"readmitted", extend("x-needed-without" = "data.events"))]
    pub column: String,
    /// The outcome in words, as the report calls it: `readmission within 30 days`. By default made of the column and
    /// the event.
    #[serde(default)]
    pub label: Option<String>,
    /// The kind of outcome. Not needed when `event`, `above`, `below`, `at-least` or `at-most` says what an event is.
    /// Without any of them a column of 0 and 1 (or true and false) is binary and a column of many numbers continuous.
    #[serde(default)]
    pub kind: Option<OutcomeKind>,
    /// The value or values that mean *event*. Where exactly one other value exists, it means *no event*.
    #[serde(default)]
    pub event: Option<OneOrMany<Value>>,
    /// The value or values that mean *no event*. Needed as soon as more than one value is no `event`: a value of which nothing
    /// is said is refused.
    #[serde(default)]
    pub no_event: Option<OneOrMany<Value>>,
    /// The value or values that mean *not known*. Their rows leave the study and are counted in the participant flow.
    #[serde(default)]
    pub unknown: Option<OneOrMany<Value>>,
    /// A number above this is an event.
    #[serde(default)]
    pub above: Option<f64>,
    /// A number below this is an event.
    #[serde(default)]
    pub below: Option<f64>,
    /// This number or a larger one is an event.
    #[serde(default)]
    pub at_least: Option<f64>,
    /// This number or a smaller one is an event.
    #[serde(default)]
    pub at_most: Option<f64>,
}

/// The kind of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeKind {
    /// An event happens or not.
    Binary,
    /// A number.
    Continuous,
}

impl OutcomeDefinition {
    /// What makes a row an event, when the file says so.
    #[must_use]
    pub fn event_condition(&self) -> Option<Condition> {
        self.conditions().into_iter().next()
    }

    pub(super) fn conditions(&self) -> Vec<Condition> {
        [
            self.event.clone().map(|values| Condition::In(values.into())),
            self.above.map(Condition::Above),
            self.below.map(Condition::Below),
            self.at_least.map(Condition::AtLeast),
            self.at_most.map(Condition::AtMost),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// The kind of outcome, or `None` when the data decide (0 and 1, or true and false: binary; else continuous).
    #[must_use]
    pub fn kind(&self) -> Option<OutcomeKind> {
        self.kind.or_else(|| self.event_condition().map(|_| OutcomeKind::Binary))
    }

    /// The outcome in words: the label, or column and event (`readmitted = <30`).
    #[must_use]
    pub fn words(&self) -> String {
        match (&self.label, self.event_condition()) {
            (Some(label), _) => label.clone(),
            (None, Some(event)) => format!("{} {event}", self.column),
            (None, None) => self.column.clone(),
        }
    }
}
