//! How a file is written, as far as it does not say so itself.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Decimal;

/// The file formats of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Fields between delimiters, one line a row (RFC 4180, <https://www.rfc-editor.org/rfc/rfc4180>).
    Csv,
    /// Apache Parquet (<https://parquet.apache.org/docs/file-format/>).
    Parquet,
    /// Attribute-Relation File Format (<https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/>).
    Arff,
}

impl Format {
    /// By the ending of a file name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let ending = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" | "tsv" | "tab" | "txt" | "data" | "dat" => Some(Self::Csv),
            "parquet" | "pq" => Some(Self::Parquet),
            "arff" => Some(Self::Arff),
            _ => None,
        }
    }

    /// The format in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Parquet => "Parquet",
            Self::Arff => "ARFF",
        }
    }
}

/// Where the column names of a CSV file are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Header {
    /// On the first line.
    #[default]
    FirstLine,
    /// Not in the file: columns are called `column_1`, `column_2`, ….
    Numbered,
    /// Not in the file: these are the names, in the file's order.
    Names(Vec<String>),
}

/// How to read a table. The default reads a comma-separated UTF-8 file with a header, in which only an empty cell is
/// missing.
///
/// Missing means [`NotMeasured`](bedside_table::State::NotMeasured). A token matches a cell with the same text, or with
/// the same number when both are plain numbers (`0` matches `0.0`, but not the code `00`).
///
/// ```
/// use bedside_intake::{ReadOptions, read_bytes};
/// let options = ReadOptions {
///     missing: vec!["".into(), "?".into()],
///     missing_by_column: [("chol".into(), vec!["0".into()])].into(),
///     ..ReadOptions::default()
/// };
/// let frame = read_bytes("sites.csv", b"ca,chol\n0,0.0\n?,233\n", &options)?;
/// assert_eq!(frame.column("ca")?.missing(), 1);
/// assert_eq!(frame.column("chol")?.missing(), 1);
/// # Ok::<(), bedside_intake::IntakeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    /// The format; if `None`, Parquet is known by its first bytes, the others by the file name, then by content.
    pub format: Option<Format>,
    /// What stands between fields of a CSV file; if `None`, a tab for `.tsv`, otherwise whichever of comma, semicolon,
    /// tab and bar is most frequent on the first line.
    pub delimiter: Option<u8>,
    /// The text encoding by its WHATWG label (`utf-8`, `windows-1252`, `utf-16le`, …); if `None`, what a byte order mark
    /// says, otherwise UTF-8.
    pub encoding: Option<String>,
    /// Where the column names are (CSV).
    pub header: Header,
    /// How decimal numbers are written.
    pub decimal: Decimal,
    /// Texts that mean missing in every column. An empty cell always does.
    pub missing: Vec<String>,
    /// Texts that mean missing in one column, in addition.
    pub missing_by_column: BTreeMap<String, Vec<String>>,
    /// Columns whose text must never be quoted.
    pub identifiers: Vec<String>,
    /// Adds a column of this name that holds the file name without its ending, to tell sites apart.
    pub file_column: Option<String>,
    /// What that column says of each file, in their order; a file beyond the list keeps its name.
    pub file_labels: Vec<String>,
}
