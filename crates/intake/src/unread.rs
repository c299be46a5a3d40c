//! The list of what could not be read.

use std::fmt;

/// Why a cell that holds something has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It should be a number and is not.
    NotANumber,
    /// It should be a time and is not.
    NotATime,
    /// It is a number outside the plausible range.
    OutOfRange,
}

/// Where a cell stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The row in the frame, counted from 0.
    pub row: usize,
    /// The file's name.
    pub file: String,
    /// The line on which the row begins, counted from 1; `None` for a file without lines.
    pub line: Option<u64>,
    /// What the cell says, shortened; `None` if its column is an identifier.
    pub text: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{} line {line}", self.file)?,
            None => write!(f, "{} row {}", self.file, self.row + 1)?,
        }
        self.text.as_ref().map_or(Ok(()), |text| write!(f, ": `{text}`"))
    }
}

/// The cells of one column that could not be read for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The column.
    pub column: String,
    /// Why.
    pub reason: Reason,
    /// How many cells.
    pub count: usize,
    /// The first few of them.
    pub first: Vec<Place>,
}

impl Unread {
    /// How many places are listed at most.
    pub const LISTED: usize = 5;
}

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cells, verb) = if self.count == 1 { ("cell", "is") } else { ("cells", "are") };
        let what = match (self.reason, self.count) {
            (Reason::NotANumber, 1) => "not a number",
            (Reason::NotANumber, _) => "not numbers",
            (Reason::NotATime, 1) => "not a time",
            (Reason::NotATime, _) => "not times",
            (Reason::OutOfRange, _) => "out of range",
        };
        write!(f, "column `{}`: {} {cells} {verb} {what} (", self.column, self.count)?;
        for (number, place) in self.first.iter().enumerate() {
            write!(f, "{}{place}", if number == 0 { "" } else { "; " })?;
        }
        f.write_str(if self.count > self.first.len() { "; …)" } else { ")" })
    }
}

/// A cell's text, fit to be shown: short, on one line, without control characters.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut shown: String =
        text.chars().take(LONGEST).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}
