//! `[columns]`: what the columns mean.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// What the columns mean. Patient, row id, site and time are never predictors.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Columns {
    /// The column that says whose row it is. Rows of one patient then stay on one side of every split. Never printed.
    pub patient: Option<String>,
    /// The column that numbers the rows (an encounter number); values must be unique. Never printed.
    pub row_id: Option<String>,
    /// The column that names the hospital or site.
    pub site: Option<String>,
    /// The column that says when the prediction is made: ISO 8601 dates or times, or numbers.
    pub time: Option<String>,
    /// Kinds of columns that are told wrongly by their content, such as codes written as numbers. Codes that are the
    /// same number are the same level (`1` and `1.0`).
    pub types: BTreeMap<String, ColumnType>,
    /// Columns that are not used: a list, or a table from column to reason (printed in the report).
    pub drop: Reasons,
    /// When given, only these columns are predictors.
    pub only: Vec<String>,
    /// Units of numeric columns, as shown in the report and asked of prediction input: `bili = "mg/dL"`.
    pub units: BTreeMap<String, String>,
    /// Plausible ranges of numeric columns, both ends included: `temp = [25, 45]`. A number outside is *out of range*,
    /// which counts as not measured, not as an extreme value. `inf` and `-inf` leave an end open.
    pub ranges: BTreeMap<String, Range>,
    /// Columns that stay predictors although the leak check would refuse them: a list, or a table from column to reason.
    pub allow: Reasons,
}

/// The kind of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnType {
    /// Numbers whose size means something.
    Numeric,
    /// Names or codes.
    Categorical,
}

/// Columns, each with a reason where one was given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "ReasonsForm", into = "BTreeMap<String, String>")]
pub struct Reasons(BTreeMap<String, String>);

impl Reasons {
    /// Whether the column is named.
    #[must_use]
    pub fn contains(&self, column: &str) -> bool {
        self.0.contains_key(column)
    }

    /// Columns and reasons (empty where none was given), in the order of column names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(column, reason)| (column.as_str(), reason.as_str()))
    }

    /// Whether no column is named.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Reasons> for BTreeMap<String, String> {
    fn from(reasons: Reasons) -> Self {
        reasons.0
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum ReasonsForm {
    List(Vec<String>),
    Table(BTreeMap<String, String>),
}

impl From<ReasonsForm> for Reasons {
    fn from(form: ReasonsForm) -> Self {
        match form {
            ReasonsForm::List(columns) => {
                Self(columns.into_iter().map(|column| (column, String::new())).collect())
            }
            ReasonsForm::Table(reasons) => Self(reasons),
        }
    }
}

impl JsonSchema for Reasons {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Reasons".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        ReasonsForm::json_schema(generator)
    }
}

/// A closed interval; an end may be infinite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(from = "[f64; 2]", into = "[f64; 2]")]
pub struct Range {
    /// Lowest plausible number.
    pub low: f64,
    /// Highest plausible number.
    pub high: f64,
}

impl Range {
    /// Whether a number is plausible.
    #[must_use]
    pub fn contains(&self, number: f64) -> bool {
        self.low <= number && number <= self.high
    }
}

impl From<[f64; 2]> for Range {
    fn from([low, high]: [f64; 2]) -> Self {
        Self { low, high }
    }
}

impl From<Range> for [f64; 2] {
    fn from(range: Range) -> Self {
        [range.low, range.high]
    }
}

impl JsonSchema for Range {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Range".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": { "type": "number", "x-infinite": true },
            "minItems": 2,
            "maxItems": 2,
        })
    }
}
