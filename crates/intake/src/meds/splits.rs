//! Which subjects a data set sets apart.

use std::collections::HashSet;
use std::path::Path;

use bedside_chart::SubjectNumber;

use crate::{IntakeError, ReadOptions, read};

/// The subjects of a split (`train`, `tuning`, `held_out`) in a table with the columns `subject_id` and `split`, as MEDS
/// data sets have it in `metadata/subject_splits.parquet`. Rows without a split belong to none.
///
/// # Errors
/// Those of [`read`]; [`IntakeError::NoColumn`]; [`IntakeError::LabelCell`] for a subject that is no whole number;
/// [`IntakeError::NoSplit`] when no subject has the split.
pub fn subjects_of_split(path: impl AsRef<Path>, split: &str) -> Result<HashSet<SubjectNumber>, IntakeError> {
    let path = path.as_ref();
    let of_it = |(subject, its): (SubjectNumber, String)| (its == split).then_some(subject);
    let found: HashSet<SubjectNumber> = splits(path)?.into_iter().filter_map(of_it).collect();
    if found.is_empty() {
        return Err(IntakeError::NoSplit { name: name(path), split: split.to_owned() });
    }
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// All subjects that have a split, and which.
pub(crate) fn splits(path: &Path) -> Result<Vec<(SubjectNumber, String)>, IntakeError> {
    let options = ReadOptions { identifiers: vec!["subject_id".to_owned()], ..ReadOptions::default() };
    let frame = read(path, &options)?;
    let (subjects, splits) = (frame.column("subject_id")?, frame.column("split")?);
    let mut found = Vec::new();
    for row in 0..frame.rows() {
        let Some(split) = splits.cells.written(row) else { continue };
        let subject = subjects.cells.written(row).and_then(|text| text.trim().parse().ok());
        let subject = subject.ok_or_else(|| IntakeError::LabelCell {
            name: name(path),
            column: "subject_id",
            expected: "a whole number",
            row: frame.place(row).line.unwrap_or(row as u64 + 1),
        })?;
        found.push((SubjectNumber::new(subject), split));
    }
    Ok(found)
}
