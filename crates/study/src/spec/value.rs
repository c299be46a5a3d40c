//! Single values that a study file names, and how they meet the cells of a table.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value as written in the study file: text, a number, or true/false.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// True or false; in a table the texts `true` and `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// One cell of a raw table, as conditions see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Not measured, unreadable or out of range.
    Missing,
    /// A number.
    Number(f64),
    /// A text, or the level of a categorical column.
    Text(&'a str),
}

impl Value {
    /// Whether a cell holds this value.
    ///
    /// Numbers meet texts that read as the same number (`11` meets `"11"` and `"11.0"`), so that it does not matter
    /// whether a code was read as a number or as a level. A missing cell holds no value.
    ///
    /// ```
    /// use bedside_study::spec::{Cell, Value};
    /// assert!(Value::Number(11.0).is_in(Cell::Text("11")));
    /// assert!(Value::Text("<30".into()).is_in(Cell::Text("<30")));
    /// assert!(!Value::Text("<30".into()).is_in(Cell::Missing));
    /// ```
    #[must_use]
    pub fn is_in(&self, cell: Cell<'_>) -> bool {
        match (self, cell) {
            (_, Cell::Missing) => false,
            (Self::Text(value), Cell::Text(text)) => value == text,
            (Self::Text(value), Cell::Number(number)) => value.trim().parse() == Ok(number),
            (Self::Number(value), Cell::Number(number)) => *value == number,
            (Self::Number(value), Cell::Text(text)) => text.trim().parse() == Ok(*value),
            (Self::Flag(value), Cell::Text(text)) => text.eq_ignore_ascii_case(&value.to_string()),
            (Self::Flag(value), Cell::Number(number)) => number == f64::from(u8::from(*value)),
        }
    }

    /// The value as the text of a cell: the token `0` for the number 0.
    #[must_use]
    pub fn text(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(value) => write!(f, "{value}"),
            Self::Number(value) => write!(f, "{value}"),
            Self::Text(value) => f.write_str(value),
        }
    }
}
