//! Events near the MEDS format, in any order, and what stands beside them.

use std::path::Path;

use super::long::{self, Code, Columns, Time, Value};
use super::rows::SourceTable;
use super::{Door, LABELS, Said};
use crate::IntakeError;
use crate::meds::folder::shards;
use crate::meds::{LabelTable, above, known, splits};
use crate::times::TO_ITS_END;

/// The names by which columns go, the standard's first.
const SUBJECT: &[&str] = &["subject_id", "patient_id"];
const TIME: &[&str] = &["time", "timestamp"];
const VALUE: &[&str] = &["numeric_value", "numerical_value"];

pub(super) fn read(path: &Path, door: &mut Door<'_>) -> Result<Said, IntakeError> {
    for shard in shards(path)? {
        let shown = shard.strip_prefix(path).unwrap_or(&shard).display().to_string();
        let shown = if shown.is_empty() { shard.display().to_string() } else { shown };
        let table = SourceTable::open(&shard, shown)?;
        let find = |names: &[&str]| {
            names
                .iter()
                .find(|name| table.columns().iter().any(|column| column == *name))
                .map(ToString::to_string)
        };
        let name = |names: &[&str]| find(names).unwrap_or_else(|| names[0].to_owned());
        // A column `value` of text is what some call the value as text; it is not the number.
        let plain = table.columns().iter().position(|column| column == "value");
        let number = plain.is_some_and(|place| table.is_text(place) != Some(true));
        let columns = Columns {
            subject: name(SUBJECT),
            hashed: false,
            time: Some(Time::Instant(name(TIME), 0, TO_ITS_END)),
            untimed: true,
            code: Code::Column { column: "code".to_owned(), prefix: String::new(), unit: None },
            value: find(VALUE).or_else(|| number.then(|| "value".to_owned())).map(Value::Number),
            text: find(&["text_value"]),
        };
        long::table(&table, vec![columns], door)?;
    }
    said(path)
}

/// What the data set says beside its events: what its codes mean and what lies above them, the splits of its subjects, its labels.
fn said(folder: &Path) -> Result<Said, IntakeError> {
    let there = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
    let (codes, ancestors) = (there("metadata/codes.parquet"), there("metadata/ancestors.parquet"));
    let mut said = Said::default();
    if let Some(path) = &codes {
        said.described = known(path)?.into_iter().collect();
    }
    said.ancestors = above(ancestors.as_deref(), codes.as_deref())?.unwrap_or_default();
    said.ancestors.sort();
    if let Some(path) = there("metadata/subject_splits.parquet") {
        said.splits =
            Some(splits(&path)?.into_iter().map(|(subject, split)| (subject.expose(), split)).collect());
    }
    if let Some(path) = there(LABELS) {
        let rows = LabelTable::read(&path)?.rows().len() as u64;
        said.labels_file = Some((path, rows));
    }
    Ok(said)
}
