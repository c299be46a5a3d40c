//! A table as it was written.

use std::ops::Range;
use std::sync::Arc;

use crate::cells::{Cells, NULL};
use crate::dictionary::Dictionary;
use crate::{Decimal, IntakeError, Place, RawColumn, ReadOptions};

/// One file of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file's name, without its folder.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its rows in the frame.
    pub rows: Range<usize>,
    /// The line on which each row begins, counted from 1; empty for a file without lines.
    pub lines: Vec<u32>,
}

/// Columns of equal length as they were written, and where every row comes from.
///
/// Rows are counted from 0 over all files; lines from 1 in each file. Nothing is converted and nothing dropped except
/// blank lines: ask a [`RawColumn`] for numbers, levels, groups or times.
///
/// # Errors
/// [`IntakeError::NoColumn`] with the nearest name, from [`Frame::column`].
#[derive(Debug, Clone)]
pub struct Frame {
    rows: usize,
    columns: Vec<RawColumn>,
    origins: Arc<[Origin]>,
}

impl Frame {
    pub(crate) fn new(rows: usize, columns: Vec<RawColumn>, origins: Arc<[Origin]>) -> Self {
        Self { rows, columns, origins }
    }

    /// Cells that come from a program and not from a file, as texts: they are read as those of a file are, numbers with a decimal
    /// point. `None` is missing, as are the texts that the options say mean so.
    ///
    /// # Errors
    /// [`TableError::ColumnLength`](bedside_table::TableError::ColumnLength) when columns differ in length.
    ///
    /// ```
    /// use bedside_intake::{Frame, ReadOptions};
    /// let cells = vec![Some("71.5".to_owned()), None];
    /// let frame = Frame::given("record", vec![("age".to_owned(), cells)], &ReadOptions::default())?;
    /// assert_eq!(frame.column("age")?.as_numeric(None)?.cells.get(0), Some(71.5));
    /// # Ok::<(), bedside_intake::IntakeError>(())
    /// ```
    pub fn given(
        source: &str,
        columns: Vec<(String, Vec<Option<String>>)>,
        options: &ReadOptions,
    ) -> Result<Self, IntakeError> {
        let rows = columns.first().map_or(0, |(_, cells)| cells.len());
        let origin =
            Origin { name: source.to_owned(), sha256: String::new(), rows: 0..rows, lines: Vec::new() };
        let origins: Arc<[Origin]> = [origin].into();
        let column = |(name, given): (String, Vec<Option<String>>)| {
            if given.len() != rows {
                let found = given.len();
                let wrong = bedside_table::TableError::ColumnLength { column: name, expected: rows, found };
                return Err(IntakeError::from(wrong));
            }
            let mut dictionary = Dictionary::new();
            let codes = given.iter().map(|cell| cell.as_deref().map_or(NULL, |text| dictionary.intern(text)));
            let mut cells = Cells::text(codes.collect(), dictionary);
            let own = options.missing_by_column.get(&name);
            let tokens = options.missing.iter().chain(own.into_iter().flatten()).map(String::as_str);
            cells.mark_missing(&tokens.chain([""]).collect::<Vec<_>>(), Decimal::Point);
            Ok(RawColumn {
                identifier: options.identifiers.contains(&name),
                name,
                cells,
                declared_levels: false,
                decimal: Decimal::Point,
                origins: Arc::clone(&origins),
            })
        };
        let columns = columns.into_iter().map(column).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { rows, columns, origins })
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The columns, in the order of the (first) file.
    #[must_use]
    pub fn columns(&self) -> &[RawColumn] {
        &self.columns
    }

    /// The column of that name.
    ///
    /// # Errors
    /// [`IntakeError::NoColumn`], with the nearest name there is.
    pub fn column(&self, name: &str) -> Result<&RawColumn, IntakeError> {
        self.columns.iter().find(|c| c.name() == name).ok_or_else(|| IntakeError::NoColumn {
            column: name.to_owned(),
            nearest: nearest(name, self.columns.iter().map(RawColumn::name)),
        })
    }

    /// The files the rows come from, in order.
    #[must_use]
    pub fn origins(&self) -> &[Origin] {
        &self.origins
    }

    /// Where a row stands.
    ///
    /// # Panics
    /// If there is no such row.
    #[must_use]
    pub fn place(&self, row: usize) -> Place {
        place(&self.origins, row)
    }
}

/// Where a row stands, without a text.
pub(crate) fn place(origins: &[Origin], row: usize) -> Place {
    let origin = &origins[origins.partition_point(|o| o.rows.end <= row)];
    let line = origin.lines.get(row - origin.rows.start).map(|&line| u64::from(line));
    Place { row, file: origin.name.clone(), line, text: None }
}

/// The name most like the one asked for (Jaro-Winkler similarity at least 0.8, letter case aside).
pub(crate) fn nearest<'a>(name: &str, among: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let name = name.to_lowercase();
    among
        .into_iter()
        .map(|other| (strsim::jaro_winkler(&name, &other.to_lowercase()), other))
        .filter(|(similarity, _)| *similarity >= 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other.to_owned())
}
