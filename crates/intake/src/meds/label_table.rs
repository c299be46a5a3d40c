//! Labels that are read back: whose features are wanted, and when.

use std::path::Path;

use bedside_chart::{Instant, SubjectNumber};
use bedside_table::State;

use super::EventFiles;
use crate::{Frame, IntakeError, OutColumn, OutData, RawColumn, ReadOptions, read};

/// A table of labels: a subject and an index time a row, and whatever else its columns say.
#[derive(Debug)]
pub struct LabelTable {
    frame: Frame,
    rows: Vec<(SubjectNumber, Instant)>,
    zoned: Option<bool>,
}

impl LabelTable {
    /// Reads a table with the columns `subject_id` (whole numbers) and `prediction_time`, as `bedside cohort` and ACES
    /// write it: Parquet or CSV. Other columns are kept as they are.
    ///
    /// # Errors
    /// Those of [`read`]; [`IntakeError::NoColumn`]; [`IntakeError::LabelCell`] when a subject or a time is missing or
    /// cannot be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, IntakeError> {
        let options = ReadOptions { identifiers: vec![SUBJECT.to_owned()], ..ReadOptions::default() };
        Self::of(read(path, &options)?)
    }

    /// A table that was read already.
    ///
    /// # Errors
    /// [`IntakeError::NoColumn`] and [`IntakeError::LabelCell`].
    pub fn of(frame: Frame) -> Result<Self, IntakeError> {
        let (subjects, times) = (frame.column(SUBJECT)?, frame.column(TIME)?);
        let times = times.as_times(None)?.cells;
        let zoned = times.zoned();
        let mut rows = Vec::with_capacity(frame.rows());
        for row in 0..frame.rows() {
            let cell = |column: &'static str, expected: &'static str| IntakeError::LabelCell {
                name: frame.place(row).file.to_string(),
                column,
                expected,
                row: frame.place(row).line.unwrap_or(row as u64 + 1),
            };
            let subject = whole_number(subjects, row).ok_or_else(|| cell(SUBJECT, "a whole number"))?;
            let time = times.get(row).filter(|_| times.states()[row] == State::Measured);
            let time = time.ok_or_else(|| cell(TIME, "a time"))?;
            rows.push((SubjectNumber::new(subject), Instant::from_micros(time)));
        }
        Ok(Self { frame, rows, zoned })
    }

    /// Subject and index time of each row, in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[(SubjectNumber, Instant)] {
        &self.rows
    }

    /// What is to be asked when index times are on a clock with a time zone and the events on one without: they are compared as if
    /// the other showed UTC, as that of an imported data set does whose source has zones. The other way round nothing can be asked,
    /// because labels of the MEDS schema have no zone whatever the events have.
    #[must_use]
    pub fn doubt_of_clock(&self, files: &EventFiles) -> Option<String> {
        (self.zoned == Some(true) && !files.has_zone()).then(|| {
            "the index times have a time zone and the times of events have none; they are compared as if those were UTC".to_owned()
        })
    }

    /// The table itself.
    #[must_use]
    pub fn into_frame(self) -> Frame {
        self.frame
    }

    /// All columns as they were read, to be written beside what is made of them.
    #[must_use]
    pub fn columns(&self) -> Vec<OutColumn<'_>> {
        let columns = self.frame.columns().iter();
        columns.map(|column| OutColumn { name: column.name(), data: OutData::Raw(column) }).collect()
    }
}

const SUBJECT: &str = "subject_id";
const TIME: &str = "prediction_time";

fn whole_number(column: &RawColumn, row: usize) -> Option<i64> {
    column.cells.written(row).and_then(|text| text.trim().parse().ok())
}
