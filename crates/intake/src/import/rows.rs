//! Tables of any size, read part by part: delimited text (plain or gzip), Parquet, and tables of a database.
//!
//! A [`SourceTable`] gives its parts one after the other; a worker turns a part into rows. Only the columns asked for are looked at. Nothing is guessed:
//! a [`Cell`] is what the file has, and becomes a number or an instant when somebody asks for one.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;

use crate::IntakeError;
use crate::parquet_footer::metadata;
use crate::read::refused_reading;

mod cell;
mod database;
mod delimited;
mod groups;
mod lines;

pub(super) use cell::{Bad, Cell, When};
pub(super) use database::{Address, Database, is_address};
pub(super) use lines::{Lines, Piece};

/// A row: its line (or in a file without lines its number, counted from 1) and the cells asked for.
#[derive(Debug)]
pub(super) struct Row<'r, 'a> {
    pub(super) line: u64,
    pub(super) cells: &'r [Cell<'a>],
}

/// A table on the disk or in a database.
#[derive(Debug)]
pub(super) struct SourceTable {
    name: String,
    columns: Vec<String>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Text { path: PathBuf, delimiter: u8 },
    Parquet(PathBuf, Box<ArrowReaderMetadata>),
    Stored(database::Stored),
}

/// A part of a table.
#[derive(Debug)]
pub(super) enum Part {
    Text(Piece),
    Group(usize),
}

impl SourceTable {
    /// Opens a table and reads the names of its columns.
    pub(super) fn open(path: &Path, name: String) -> Result<Self, IntakeError> {
        if ending(path) == "parquet" {
            let file = File::open(path).map_err(|source| refused_reading(path, source))?;
            // Distances of time are known by the Arrow schema alone.
            let metadata = metadata(&name, &file, true)?;
            let columns = metadata.schema().fields().iter().map(|field| field.name().clone()).collect();
            return Ok(Self { name, columns, kind: Kind::Parquet(path.to_owned(), Box::new(metadata)) });
        }
        let (delimiter, columns) = delimited::header(&name, text(path, &name)?)?;
        Ok(Self { name, columns, kind: Kind::Text { path: path.to_owned(), delimiter } })
    }

    /// A table of a database, if it has one of this name (in small letters).
    pub(super) fn stored(database: &Database, name: &str) -> Option<Self> {
        let table = database.table(name)?;
        let (name, columns) = (table.name().to_owned(), table.columns().to_vec());
        Some(Self { name, columns, kind: Kind::Stored(table) })
    }

    /// Says that only rows with one of these numbers in a column will be looked at. A database then sends no others; a file is
    /// read as it is.
    pub(super) fn keep(&mut self, column: usize, numbers: &HashSet<i64>) {
        if let Kind::Stored(table) = &mut self.kind {
            table.keep(column, numbers);
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The place of a column.
    pub(super) fn place(&self, column: &str) -> Result<usize, IntakeError> {
        self.columns.iter().position(|name| name == column).ok_or_else(|| IntakeError::NoSourceColumn {
            name: self.name.clone(),
            column: column.to_owned(),
            nearest: crate::frame::nearest(column, self.columns.iter().map(String::as_str)),
            found: self.columns.clone(),
        })
    }

    /// The type of a column, where the file says it.
    pub(super) fn is_text(&self, place: usize) -> Option<bool> {
        match &self.kind {
            Kind::Text { .. } | Kind::Stored(_) => None,
            Kind::Parquet(_, metadata) => Some(groups::is_text(metadata.schema().field(place).data_type())),
        }
    }

    /// Its parts, in order, for rows of which these columns are wanted.
    pub(super) fn parts(
        &self,
        wanted: &[Option<usize>],
    ) -> Result<Box<dyn Iterator<Item = Result<Part, IntakeError>> + Send + '_>, IntakeError> {
        Ok(match &self.kind {
            Kind::Text { path, delimiter } => {
                let quotes = delimited::has_quotes(*delimiter).then_some(*delimiter);
                let lines = Lines::new(&self.name, text(path, &self.name)?, quotes);
                Box::new(lines.map(|piece| piece.map(Part::Text)))
            }
            Kind::Parquet(_, metadata) => {
                Box::new((0..metadata.metadata().num_row_groups()).map(|group| Ok(Part::Group(group))))
            }
            Kind::Stored(table) => {
                let lines = Lines::new(&self.name, table.text(wanted)?, Some(b','));
                Box::new(lines.map(|piece| piece.map(Part::Text)))
            }
        })
    }

    /// A part of it from which one sees how it is filled.
    pub(super) fn first(&self, wanted: &[Option<usize>]) -> Result<Option<Part>, IntakeError> {
        match &self.kind {
            Kind::Text { .. } | Kind::Parquet(..) => self.parts(wanted)?.next().transpose(),
            Kind::Stored(table) => Ok(Some(Part::Text(Piece { bytes: table.first(wanted)?, line: 1 }))),
        }
    }

    /// Hands over the rows of a part. `wanted` are places of columns; a cell of one that is not there is missing. A row that
    /// is broken as a whole is handed over as what is wrong with it.
    pub(super) fn rows(
        &self,
        part: &Part,
        wanted: &[Option<usize>],
        each: impl FnMut(Result<Row<'_, '_>, (u64, Bad)>),
    ) -> Result<(), IntakeError> {
        match (part, &self.kind) {
            (Part::Text(piece), Kind::Text { delimiter, .. }) => {
                delimited::rows(piece, *delimiter, self.columns.len(), wanted, each);
                Ok(())
            }
            (Part::Text(piece), Kind::Stored(_)) => {
                let sent = database::Stored::sent(wanted);
                let among = |place: &usize| sent.binary_search(place).ok();
                let wanted: Vec<_> = wanted.iter().map(|place| place.as_ref().and_then(among)).collect();
                delimited::rows(piece, b',', sent.len(), &wanted, each);
                Ok(())
            }
            (Part::Group(group), Kind::Parquet(path, metadata)) => {
                let file = File::open(path).map_err(|source| refused_reading(path, source))?;
                groups::rows(&self.name, file, metadata, *group, wanted, each)
            }
            _ => Ok(()),
        }
    }
}

/// Any bytes as a table of text: whatever its cells are asked, they answer.
pub(super) fn ask(bytes: &[u8]) {
    let Ok((delimiter, columns)) =
        delimited::header("fuzz.csv", Box::new(std::io::Cursor::new(bytes.to_vec())))
    else {
        return;
    };
    let wanted: Vec<Option<usize>> = (0..columns.len()).map(Some).chain([None]).collect();
    let quotes = delimited::has_quotes(delimiter).then_some(delimiter);
    let mut last = 0;
    for piece in Lines::new("fuzz.csv", bytes, quotes).flatten() {
        delimited::rows(&piece, delimiter, columns.len(), &wanted, |row| {
            let line = match &row {
                Ok(row) => row.line,
                Err((line, _)) => *line,
            };
            assert!(line > last, "rows go back");
            last = line;
            for cell in row.iter().flat_map(|row| row.cells) {
                let _ = (cell.whole(), cell.number(), cell.when(), cell.text());
            }
        });
    }
}

/// The ending of a name, without `.gz`, in small letters.
pub(super) fn ending(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.rsplit_once('.').map(|(_, ending)| ending.to_owned()).unwrap_or_default()
}

/// The text of a file, taken out of gzip if it is in it, from after a byte order mark.
pub(super) fn text(path: &Path, name: &str) -> Result<Box<dyn Read + Send>, IntakeError> {
    let open = || File::open(path).map_err(|source| refused_reading(path, source));
    let mut first = [0; 4];
    let length = read_up_to(&mut open()?, &mut first).map_err(|source| refused_reading(path, source))?;
    let file = open()?;
    let mut from: Box<dyn Read + Send> = if first[..length].starts_with(&[0x1f, 0x8b]) {
        Box::new(MultiGzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let mut mark = [0; 3];
    let length = read_up_to(&mut from, &mut mark).map_err(|source| lines::refused(name, source))?;
    let start = if mark[..length] == *b"\xef\xbb\xbf" { 3 } else { 0 };
    if mark[..length].starts_with(&[0xff, 0xfe]) || mark[..length].starts_with(&[0xfe, 0xff]) {
        return Err(IntakeError::NotText { name: name.to_owned(), found: "UTF-16; write it as UTF-8" });
    }
    if mark[..length].starts_with(b"PAR") {
        return Err(IntakeError::NotText {
            name: name.to_owned(),
            found: "Parquet; end its name in .parquet",
        });
    }
    Ok(Box::new(std::io::Cursor::new(mark[start..length].to_vec()).chain(from)))
}

fn read_up_to(from: &mut impl Read, into: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < into.len() {
        match from.read(&mut into[filled..])? {
            0 => break,
            more => filled += more,
        }
    }
    Ok(filled)
}
