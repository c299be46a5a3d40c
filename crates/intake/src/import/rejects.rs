//! What could not be read, counted by reason and listed by place. Never what stood there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{Int32Type, Schema};
use parquet::arrow::ArrowWriter;

use super::rows::Bad;

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reject {
    /// Its line, or in a file without lines its row, counted from 1.
    pub(super) line: u64,
    /// The column that is to blame, if one is.
    pub(super) column: Option<Arc<str>>,
    pub(super) bad: Bad,
}

/// Rows of one file that were left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectCount {
    /// The file.
    pub file: String,
    /// The column that is to blame, if one is.
    pub column: Option<String>,
    /// The reason.
    pub reason: &'static str,
    /// How many rows.
    pub rows: u64,
    /// The line of the first, or in a file without lines its row, counted from 1.
    pub first: u64,
}

/// A file, the column that is to blame, if one is, and the reason.
type Cause = (Arc<str>, Option<Arc<str>>, Bad);

/// Rows listed in the file at a time.
const BATCH: usize = 1 << 16;

/// The list on the disk, and the counts.
pub(super) struct Rejects {
    writer: ArrowWriter<File>,
    files: Vec<Arc<str>>,
    lines: Vec<i64>,
    columns: Vec<Option<Arc<str>>>,
    reasons: Vec<&'static str>,
    /// By file, column and reason: how many rows, and the line of the first.
    counts: BTreeMap<Cause, (u64, u64)>,
    unreadable: u64,
}

impl Rejects {
    pub(super) fn new(file: File) -> io::Result<Self> {
        let none: [Arc<str>; 0] = [];
        let empty = batch(&none, &[], &[], &[])?;
        let writer = super::metadata::plain_writer(file, empty.schema())?;
        Ok(Self {
            writer,
            files: Vec::new(),
            lines: Vec::new(),
            columns: Vec::new(),
            reasons: Vec::new(),
            counts: BTreeMap::new(),
            unreadable: 0,
        })
    }

    /// Rows that could not be read. One of a subject that is not among the subjects could.
    pub(super) fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Those of one file.
    pub(super) fn unreadable_of(&self, file: &Arc<str>) -> u64 {
        let of_file =
            self.counts.iter().filter(|((of, _, bad), _)| of == file && *bad != Bad::UnknownSubject);
        of_file.map(|(_, (rows, _))| rows).sum()
    }

    pub(super) fn add(&mut self, file: &Arc<str>, reject: Reject) -> io::Result<()> {
        let key = (Arc::clone(file), reject.column.clone(), reject.bad);
        self.counts.entry(key).or_insert((0, reject.line)).0 += 1;
        self.unreadable += u64::from(reject.bad != Bad::UnknownSubject);
        self.files.push(Arc::clone(file));
        self.lines.push(i64::try_from(reject.line).unwrap_or(i64::MAX));
        self.columns.push(reject.column);
        self.reasons.push(reject.bad.words());
        if self.lines.len() == BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.write(&batch(&self.files, &self.lines, &self.columns, &self.reasons)?)?;
        self.files.clear();
        self.lines.clear();
        self.columns.clear();
        self.reasons.clear();
        Ok(())
    }

    /// The counts, the most frequent first.
    pub(super) fn counts(&self) -> Vec<RejectCount> {
        let mut counts: Vec<RejectCount> = self
            .counts
            .iter()
            .map(|((file, column, bad), &(rows, first))| RejectCount {
                file: file.to_string(),
                column: column.as_deref().map(str::to_owned),
                reason: bad.words(),
                rows,
                first,
            })
            .collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.rows));
        counts
    }

    pub(super) fn finish(mut self) -> io::Result<Vec<RejectCount>> {
        self.flush()?;
        let counts = self.counts();
        self.writer.into_inner()?.sync_all()?;
        Ok(counts)
    }
}

fn batch(
    files: &[Arc<str>],
    lines: &[i64],
    columns: &[Option<Arc<str>>],
    reasons: &[&'static str],
) -> io::Result<RecordBatch> {
    let files: DictionaryArray<Int32Type> = files.iter().map(|file| Some(&**file)).collect();
    let reasons: DictionaryArray<Int32Type> = reasons.iter().map(|reason| Some(*reason)).collect();
    let columns: StringArray = columns.iter().map(|column| column.as_deref()).collect();
    let arrays: [(&str, ArrayRef); 4] = [
        ("file", Arc::new(files)),
        ("line", Arc::new(Int64Array::from(lines.to_vec()))),
        ("column", Arc::new(columns)),
        ("reason", Arc::new(reasons)),
    ];
    let fields: Vec<_> = arrays
        .iter()
        .map(|(name, array)| {
            arrow::datatypes::Field::new(*name, array.data_type().clone(), *name == "column")
        })
        .collect();
    let arrays = arrays.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(io::Error::other)
}
