//! What the columns of a table mean.

use std::collections::BTreeMap;

use bedside_chart::Unit;
use serde::Deserialize;

use super::SourceTable;
use super::label::LabelColumns;
use crate::times::TO_ITS_END;
use crate::{IntakeError, parse_time};

/// What the tables of a folder mean, from a TOML file.
///
/// Every `[[table]]` names a `file` (a file or a folder of files; the ending may be left out), the column of the
/// `subject` and, unless what it says holds at all times, that of the `time`. A time is an instant or, with `time-unit`
/// (`s`, `min`, `h`, `d`) or a Parquet column of durations, a distance from `origin` (1970-01-01 if not given). What is known to
/// the day counts as known at its end, unless `days = "start"`: for admissions, and whatever begins with its day. A birth
/// (`MEDS_BIRTH`) always does. Then any of these:
///
/// - `code`: the column whose text is the code (with `prefix` before it and, after `//`, that of the column `unit`),
///   with the columns `value` (a number) and `text`;
/// - `columns`: each of them is a number with a code of its own; `"others"` stands for all that are not named elsewhere,
///   a list keeps the names, a table gives others (`hr = "HR"`, `alb = { code = "ALB", unit = "g/dL" }`);
/// - `categories`: the same for columns of texts, which come after the code (`sex = "SEX"` gives `SEX//Female`);
/// - `event`: each row is an event of this code.
///
/// With `columns = "others"` the text columns of a Parquet file are categories. `subject-ids = "text"` takes subjects
/// that are not whole numbers: their number is then the first 63 bits of the SHA-256 of the text.
///
/// A cell that is empty makes no event; a row without a subject or a time is listed among what could not be read.
///
/// `[label]` names a table of what is to be predicted: `file`, `subject`, the column of the index `time` (or `at = 24` with
/// `time-unit = "h"`: the same distance from `origin` for all) and the column of the `outcome`. It becomes `labels.parquet` of the data set,
/// in the MEDS label schema. A label that cannot be read is an error; one with an empty outcome is kept as not known.
///
/// # Errors
/// [`IntakeError::Mapping`] names the table and what is wrong.
///
/// ```
/// let mapping = bedside_intake::import::Mapping::parse(r#"
///     [[table]]
///     file = "dyn.parquet"
///     subject = "stay_id"
///     time = "time"
///     columns = "others"
///
///     [[table]]
///     file = "sta.parquet"
///     subject = "stay_id"
///     columns = "others"
/// "#)?;
/// # Ok::<(), bedside_intake::IntakeError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    tables: Vec<Described>,
    label: Option<LabelColumns>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    table: Vec<Described>,
    label: Option<LabelColumns>,
}

/// A `[[table]]`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Described {
    pub(super) file: String,
    subject: String,
    subject_ids: Option<SubjectIds>,
    time: Option<String>,
    time_unit: Option<Distance>,
    origin: Option<String>,
    #[serde(default)]
    days: Days,
    event: Option<String>,
    code: Option<String>,
    prefix: Option<String>,
    unit: Option<String>,
    value: Option<String>,
    text: Option<String>,
    columns: Option<Named>,
    categories: Option<Named>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum SubjectIds {
    Whole,
    Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(super) enum Distance {
    #[serde(rename = "s")]
    Seconds,
    #[serde(rename = "min")]
    Minutes,
    #[serde(rename = "h")]
    Hours,
    #[serde(rename = "d")]
    Days,
}

impl Distance {
    pub(super) fn micros(self) -> f64 {
        match self {
            Self::Seconds => 1e6,
            Self::Minutes => 6e7,
            Self::Hours => 3.6e9,
            Self::Days => 8.64e10,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(
    untagged,
    expecting = "expected \"others\", a list of columns, or a table of columns and their codes"
)]
enum Named {
    Others(Others),
    List(Vec<String>),
    Table(BTreeMap<String, Coded>),
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Others {
    Others,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged, expecting = "expected a code, or { code = …, unit = … }")]
enum Coded {
    Code(String),
    WithUnit(WithUnit),
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct WithUnit {
    code: String,
    unit: Option<String>,
}

/// What some columns of a table say together.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) struct Columns {
    pub(in crate::import) subject: String,
    pub(in crate::import) hashed: bool,
    /// None: it holds at all times.
    pub(in crate::import) time: Option<Time>,
    /// A row without a time holds at all times; otherwise it cannot be read.
    pub(in crate::import) untimed: bool,
    pub(in crate::import) code: Code,
    pub(in crate::import) value: Option<Value>,
    pub(in crate::import) text: Option<String>,
}

/// When on its day something counts that is known to the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Days {
    #[default]
    End,
    Start,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) enum Time {
    /// An instant, or a distance that the file itself has a unit for, from an origin in microseconds; and what is added to what is
    /// known to the day.
    Instant(String, i64, i64),
    /// So many of so many microseconds from an origin.
    Distance { column: String, unit: f64, origin: i64 },
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) enum Code {
    /// Always the same.
    Fixed(String),
    Column {
        column: String,
        prefix: String,
        unit: Option<String>,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) enum Value {
    /// A number. With a fixed code, an empty cell makes no event.
    Number(String),
    /// A text that comes after the code. An empty cell makes no event.
    Level(String),
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// [`IntakeError::Mapping`].
    pub fn parse(text: &str) -> Result<Self, IntakeError> {
        let file: File = toml::from_str(text).map_err(|e| IntakeError::Mapping {
            place: "the mapping".to_owned(),
            reason: crate::import::line_of(text, &e),
        })?;
        for (number, table) in file.table.iter().enumerate() {
            table.check().map_err(|reason| table.error(number, reason))?;
        }
        if let Some(label) = &file.label {
            label.check()?;
        }
        Ok(Self { tables: file.table, label: file.label })
    }

    pub(super) fn tables(&self) -> &[Described] {
        &self.tables
    }

    pub(super) fn label(&self) -> Option<&LabelColumns> {
        self.label.as_ref()
    }

    /// Whether it says where the labels are.
    #[must_use]
    pub fn has_labels(&self) -> bool {
        self.label.is_some()
    }
}

/// Whether a file lies within the folder.
pub(super) fn within(file: &str) -> Result<(), &'static str> {
    let climbs = file.split(['/', '\\']).any(|part| part == "..");
    if climbs || std::path::Path::new(file).is_absolute() {
        return Err("`file` must lie within the folder that is imported");
    }
    Ok(())
}

impl Described {
    fn error(&self, number: usize, reason: impl Into<String>) -> IntakeError {
        IntakeError::Mapping {
            place: format!("table {} (`{}`)", number + 1, self.file),
            reason: reason.into(),
        }
    }

    fn check(&self) -> Result<(), &'static str> {
        within(&self.file)?;
        if self.event.is_none() && self.code.is_none() && self.columns.is_none() && self.categories.is_none()
        {
            return Err("nothing says what its rows mean; give `code`, `columns`, `categories` or `event`");
        }
        let of_code =
            self.prefix.is_some() || self.unit.is_some() || self.value.is_some() || self.text.is_some();
        if of_code && self.code.is_none() {
            return Err(
                "`value`, `text`, `unit` and `prefix` go with `code`; for a column of numbers say `columns`",
            );
        }
        if self.time.is_none() && (self.time_unit.is_some() || self.origin.is_some()) {
            return Err("`time-unit` and `origin` go with `time`");
        }
        if self.origin.as_deref().is_some_and(|origin| parse_time(origin, None).is_none()) {
            return Err("`origin` is not a date or time; write it as 2000-01-01");
        }
        Ok(())
    }

    /// What its columns say, by the columns that the file has.
    pub(super) fn columns(&self, number: usize, source: &SourceTable) -> Result<Vec<Columns>, IntakeError> {
        let origin = self.origin.as_deref().and_then(|origin| parse_time(origin, None)).unwrap_or(0);
        let time = self.time.clone().map(|column| match self.time_unit {
            None => Time::Instant(column, origin, if self.days == Days::End { TO_ITS_END } else { 0 }),
            Some(unit) => Time::Distance { column, unit: unit.micros(), origin },
        });
        let of = |code, value, text| Columns {
            subject: self.subject.clone(),
            hashed: self.subject_ids == Some(SubjectIds::Text),
            time: time.clone(),
            untimed: false,
            code,
            value,
            text,
        };
        let mut all = Vec::new();
        if let Some(event) = &self.event {
            all.push(of(Code::Fixed(event.clone()), None, None));
        }
        if let Some(code) = &self.code {
            let (prefix, unit) = (self.prefix.clone().unwrap_or_default(), self.unit.clone());
            let code = Code::Column { column: code.clone(), prefix, unit };
            all.push(of(code, self.value.clone().map(Value::Number), self.text.clone()));
        }
        let mut named: Vec<&str> = vec![&self.subject];
        let singles = [&self.time, &self.code, &self.unit, &self.value, &self.text];
        named.extend(singles.into_iter().flatten().map(String::as_str));
        for group in [&self.columns, &self.categories].into_iter().flatten() {
            match group {
                Named::Others(_) => {}
                Named::List(list) => named.extend(list.iter().map(String::as_str)),
                Named::Table(table) => named.extend(table.keys().map(String::as_str)),
            }
        }
        let others = |wanted: &dyn Fn(usize) -> bool| -> Vec<(String, String)> {
            let columns = source.columns().iter().enumerate();
            columns
                .filter(|(place, column)| wanted(*place) && !named.contains(&column.as_str()))
                .map(|(_, column)| (column.clone(), column.clone()))
                .collect()
        };
        let chosen = |group: &Option<Named>, others: Vec<(String, String)>| match group {
            None => Ok(Vec::new()),
            Some(Named::Others(_)) => Ok(others),
            Some(Named::List(list)) => {
                Ok(list.iter().map(|column| (column.clone(), column.clone())).collect())
            }
            Some(Named::Table(table)) => {
                table.iter().map(|(c, coded)| Ok((c.clone(), coded.name()?))).collect()
            }
        };
        let all_others = matches!(self.columns, Some(Named::Others(_)));
        let wrong = |reason: String| self.error(number, reason);
        let numbers =
            chosen(&self.columns, others(&|place| source.is_text(place) != Some(true))).map_err(wrong)?;
        let texts = others(&|place| !all_others || source.is_text(place) == Some(true));
        let levels = chosen(&self.categories, texts.clone()).map_err(wrong)?;
        let mut levels = levels;
        if all_others && self.categories.is_none() {
            levels = texts;
        }
        all.extend(
            numbers
                .into_iter()
                .map(|(column, code)| of(Code::Fixed(code), Some(Value::Number(column)), None)),
        );
        all.extend(
            levels.into_iter().map(|(column, code)| of(Code::Fixed(code), Some(Value::Level(column)), None)),
        );
        Ok(all)
    }
}

impl Coded {
    /// The code, with its unit.
    fn name(&self) -> Result<String, String> {
        match self {
            Self::Code(code) | Self::WithUnit(WithUnit { code, unit: None }) => Ok(code.clone()),
            Self::WithUnit(WithUnit { code, unit: Some(unit) }) => {
                let unit = Unit::new(unit).map_err(|e| e.to_string())?;
                Ok(format!("{code}//{}", unit.code()))
            }
        }
    }
}
