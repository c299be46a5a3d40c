//! `[data]`: where the table comes from and how its files are written.

use std::collections::BTreeMap;

use bedside_intake::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OneOrMany, Value};

/// Where the table comes from and how its files are written.
///
/// Give `path` (files of your own), `dataset` (a known public data set, of which `path` may name single files), `simulate`
/// (a made-up table with a known truth) or `events` (records instead of a table).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(example = &"path = \"table.csv\"")]
pub struct Data {
    /// The file or files, relative to the study file (or to the data set's folder when `dataset` is given). Rows of
    /// several files are put one after the other. A table such as `{ cleveland = "a.data", va = "b.data" }` names each
    /// file for `file-column`.
    pub path: Option<Paths>,
    /// A data set of events in the MEDS format instead of a table: a Parquet file or a folder, relative to the study file;
    /// with `import`, records that are yet to become one; of kind `omop` also a database,
    /// `postgres://user@host/database?schema=cdm` (the password comes from `PGPASSWORD` or `~/.pgpass`).
    /// `[task]` says who counts and from when, `[[feature]]` what is known of them; the table then has the columns of the
    /// labels: `subject_id`, `prediction_time`, `boolean_value`, `float_value`, `integer_value`, `categorical_value`.
    /// Several data sets each have a name, `{ eicu = "eicu", mimic = "mimic" }`, which `file-column` shows: their subjects are
    /// different people, whatever their numbers. With `dataset` they lie in its folder (`.` is all of it).
    pub events: Option<EventSets>,
    /// What the records of `events` are, when they are not a data set of events yet: they are imported first, each time, as
    /// `bedside import` does.
    pub import: Option<Import>,
    /// A table (CSV, Parquet) with the columns `code` and `description`, relative to the study file: what codes of `events` mean, where
    /// the data set does not say it or says it otherwise. `LAB//50912` there names `LAB//50912//mg/dL`, too, unless that has a row of
    /// its own.
    pub code_names: Option<String>,
    /// A known public data set, found through `BEDSIDE_DATA`; `bedside data` lists them.
    pub dataset: Option<String>,
    /// A simulated table instead of a file.
    pub simulate: Option<Simulation>,
    /// The format of the files; by default told by the file name's ending, and CSV where the ending says nothing.
    pub format: Option<FileFormat>,
    /// The character between the fields of a CSV file; by default told by its first line.
    pub delimiter: Option<char>,
    /// The text encoding of a CSV file, by its usual label: `utf-8`, `windows-1252`, `utf-16le`. By default UTF-8,
    /// unless the file begins with a byte order mark.
    #[schemars(length(min = 1))]
    pub encoding: Option<String>,
    /// `true` when the first line of a CSV file holds the column names, `false` when there are none (columns are then
    /// called `column_1`, `column_2`, …), or the list of names of a file that has none.
    pub header: Header,
    /// The decimal mark of numbers in the files: `.` or `,`. With `,` the fields of a CSV file are usually parted by `;`.
    pub decimal: DecimalMark,
    /// Cells that mean *not measured*, in every column. An empty cell always does. Naming tokens replaces this list.
    /// (`?` is not in it, and neither is `None`, which may be a level.)
    pub missing: Vec<String>,
    /// Further cells that mean *not measured* in single columns: `chol = 0`, `weight = ["?", 999]`.
    pub missing_by_column: BTreeMap<String, OneOrMany<Value>>,
    /// The name of a new column that tells which file a row came from: its name in `path` or `events`, else the file name without
    /// its last ending. Useful as `columns.site`.
    pub file_column: Option<String>,
}

/// The decimal mark of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum DecimalMark {
    /// `98.6`
    #[default]
    #[serde(rename = ".")]
    Point,
    /// `98,6`
    #[serde(rename = ",")]
    Comma,
}

impl DecimalMark {
    /// As the reader of tables takes it.
    #[must_use]
    pub fn mark(self) -> Decimal {
        match self {
            Self::Point => Decimal::Point,
            Self::Comma => Decimal::Comma,
        }
    }

    /// Whether it is the usual one.
    #[must_use]
    pub fn is_point(&self) -> bool {
        *self == Self::Point
    }
}

impl Default for Data {
    fn default() -> Self {
        Self {
            path: None,
            events: None,
            import: None,
            code_names: None,
            dataset: None,
            simulate: None,
            format: None,
            delimiter: None,
            encoding: None,
            header: Header::Present(true),
            decimal: DecimalMark::default(),
            missing: ["", "NA", "N/A", "NaN", "nan", "null", "NULL"].map(str::to_owned).to_vec(),
            missing_by_column: BTreeMap::new(),
            file_column: None,
        }
    }
}

impl Data {
    /// Where the table comes from.
    #[must_use]
    pub fn source(&self) -> Source<'_> {
        match (&self.events, &self.dataset, &self.simulate) {
            (Some(sets), ..) => Source::Events(sets.list()),
            (None, Some(name), _) => Source::Dataset { name, files: self.files() },
            (None, None, Some(simulation)) => Source::Simulated(simulation),
            (None, None, None) => Source::Files(self.files()),
        }
    }

    /// The files named by `path`, in the order in which their rows follow each other.
    #[must_use]
    pub fn files(&self) -> Vec<InputFile> {
        let labelled = |path: &String| InputFile { label: stem(path), path: path.clone() };
        match &self.path {
            None => Vec::new(),
            Some(Paths::One(path)) => vec![labelled(path)],
            Some(Paths::Many(paths)) => paths.iter().map(labelled).collect(),
            Some(Paths::Named(named)) => named
                .iter()
                .map(|(label, path)| InputFile { label: label.clone(), path: path.clone() })
                .collect(),
        }
    }

    /// Whether a cell of a column means *not measured*.
    #[must_use]
    pub fn is_missing(&self, column: &str, cell: &str) -> bool {
        cell.is_empty()
            || self.missing.iter().any(|token| token == cell)
            || self
                .missing_by_column
                .get(column)
                .is_some_and(|tokens| tokens.as_slice().iter().any(|t| t.is_in(super::Cell::Text(cell))))
    }
}

fn stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Where the table comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source<'a> {
    /// Files of the user's own.
    Files(Vec<InputFile>),
    /// A known public data set; when `files` is empty, its main table.
    Dataset {
        /// Its name.
        name: &'a str,
        /// Files inside its folder.
        files: Vec<InputFile>,
    },
    /// A simulated table.
    Simulated(&'a Simulation),
    /// Data sets of events: the name of each (none for a single one) and its path as written.
    Events(Vec<(&'a str, &'a str)>),
}

/// One file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputFile {
    /// What the file column says of its rows.
    pub label: String,
    /// Its path as written.
    pub path: String,
}

/// A data set of events, or several with a name each (read in the order of their names).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum EventSets {
    /// One data set.
    One(String),
    /// A name for each data set.
    Named(#[schemars(extend("minProperties" = 1))] BTreeMap<String, String>),
}

impl EventSets {
    /// The name and the path of each; the name of a single one is empty.
    #[must_use]
    pub fn list(&self) -> Vec<(&str, &str)> {
        match self {
            Self::One(path) => vec![("", path)],
            Self::Named(named) => named.iter().map(|(name, path)| (name.as_str(), path.as_str())).collect(),
        }
    }
}

/// One path, several, or several with a name each (read in the order of their names).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Paths {
    /// One path.
    One(String),
    /// Several paths.
    Many(#[schemars(length(min = 1))] Vec<String>),
    /// A name for each file.
    Named(#[schemars(extend("minProperties" = 1))] BTreeMap<String, String>),
}

/// How a table is written in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileFormat {
    /// Text with one row a line and a delimiter between fields.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// Attribute-relation file format.
    Arff,
}

/// Whether a CSV file names its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Header {
    /// Whether the first line holds the names.
    Present(bool),
    /// The names, for a file without them.
    Names(#[schemars(length(min = 1))] Vec<String>),
}

/// What raw records are and how they are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Import {
    /// What they are.
    #[schemars(example = &"omop")]
    pub kind: RecordKind,
    /// For `long`: the file that says what the tables mean, relative to the study file.
    #[serde(default)]
    pub mapping: Option<String>,
    /// The file that says which codes are to be in which unit, relative to the study file.
    #[serde(default)]
    pub units: Option<String>,
    /// For `omop`: codes are source concepts (ICD, NDC, …) where there are any, as indices of comorbidity need them, instead of
    /// standard ones.
    #[serde(default)]
    pub source_codes: bool,
    /// What becomes of events at times that stand for none: far in the future (2250 and later, as 9999-12-31) for an end that is open,
    /// long ago (as 1900-01-01) for a day that is not known.
    #[serde(default, skip_serializing_if = "OddTimes::is_open")]
    pub odd_times: OddTimes,
    /// The share of rows that may be left out because they cannot be read; above it the study stops.
    #[serde(default = "default_rejected")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub rejected: f64,
}

/// What becomes of events at times that stand for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OddTimes {
    /// What is said to happen far in the future has not happened: it is no event. What is long ago is kept.
    #[default]
    Open,
    /// All are kept.
    Keep,
    /// All are left out.
    Drop,
}

impl OddTimes {
    fn is_open(&self) -> bool {
        *self == Self::Open
    }
}

/// The kinds of raw records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// FHIR R4: bundles and bulk exports.
    Fhir,
    /// Tables of any form, as a mapping says.
    Long,
    /// MEDS or near it: unsorted, other names of columns, other units of time.
    Meds,
    /// Tables of the OMOP Common Data Model: CSV, Parquet, or a PostgreSQL database.
    Omop,
}

fn default_rejected() -> f64 {
    0.01
}

/// A simulated table with a known truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Simulation {
    /// Which simulated table, as listed by `bedside simulate --help`.
    #[schemars(length(min = 1), example = &"readmission")]
    pub kind: String,
    /// How many rows.
    #[serde(default = "default_rows")]
    #[schemars(range(min = 1, max = 1_000_000_000_u64))]
    pub rows: u64,
    /// The seed of the simulated world, apart from the study's own.
    #[serde(default = "default_seed")]
    pub seed: u64,
}

fn default_rows() -> u64 {
    20_000
}

fn default_seed() -> u64 {
    1
}
