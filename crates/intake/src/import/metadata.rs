//! What a data set says of itself: `dataset.json`, `codes.parquet`, `subject_splits.parquet`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Int64Array, ListBuilder, RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Int32Type, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;

use super::dataset::Written;
use super::rows::{Row, SourceTable};
use super::{ImportOptions, Said};
use crate::IntakeError;
use crate::meds::Above;

/// The version of the MEDS format that is written.
const MEDS: &str = "0.4.1";

/// The splits of subjects that MEDS names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Split {
    /// To fit on: eight of ten.
    Train,
    /// To tune on: one of ten.
    Tuning,
    /// To judge on: one of ten.
    HeldOut,
}

impl Split {
    /// That of a subject. It depends on the seed and the subject alone, so that a subject stays where it is when others
    /// come and go.
    #[must_use]
    pub fn of(subject: i64, seed: u64) -> Self {
        match mixed(seed ^ mixed(subject as u64)) % 10 {
            0 => Self::HeldOut,
            1 => Self::Tuning,
            _ => Self::Train,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Tuning => "tuning",
            Self::HeldOut => "held_out",
        }
    }
}

/// SplitMix64's finaliser (Steele, Lea & Flood, OOPSLA 2014, doi:10.1145/2660193.2660195).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

/// Writes them and flushes them to the disk.
pub(super) fn write(
    folder: &Path,
    options: &ImportOptions,
    program: &str,
    names: &[Arc<str>],
    written: &Written,
    said: &Said,
) -> io::Result<()> {
    let folder = folder.join("metadata");
    let about = serde_json::json!({
        "dataset_name": options.name,
        "etl_name": program,
        "etl_version": env!("CARGO_PKG_VERSION"),
        "meds_version": MEDS,
    });
    let mut file = File::create_new(folder.join("dataset.json"))?;
    file.write_all(serde_json::to_string_pretty(&about)?.as_bytes())?;
    file.sync_all()?;

    // Two numbers may have one name.
    let mut used: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (code, name) in names.iter().enumerate().filter(|(code, _)| written.of_code[*code] > 0) {
        let counts = used.entry(name).or_default();
        counts.0 += written.of_code[code] as i64;
        counts.1 += written.values[code] as i64;
    }
    let described = |code: &&str| said.described.get(*code);
    let descriptions: StringArray =
        used.keys().map(|code| described(code).and_then(|known| known.description.as_deref())).collect();
    let mut parents = ListBuilder::new(StringBuilder::new());
    for code in used.keys() {
        match described(code).filter(|known| !known.parents.is_empty()) {
            Some(known) => parents.append_value(known.parents.iter().map(Some)),
            None => parents.append_null(),
        }
    }
    let codes: StringArray = used.keys().map(Some).collect();
    table(
        &folder.join("codes.parquet"),
        vec![
            ("code", Arc::new(codes), false),
            ("description", Arc::new(descriptions), true),
            ("parent_codes", Arc::new(parents.finish()), true),
            ("events", Arc::new(used.values().map(|counts| counts.0).collect::<Int64Array>()), false),
            ("values", Arc::new(used.values().map(|counts| counts.1).collect::<Int64Array>()), false),
        ],
    )?;
    if !said.ancestors.is_empty() {
        let kept = || said.ancestors.iter().filter(|above| used.contains_key(above.code.as_str()));
        let codes: StringArray = kept().map(|above| Some(&above.code)).collect();
        let above: StringArray = kept().map(|above| Some(&above.ancestor)).collect();
        let descriptions: StringArray = kept().map(|above| above.description.as_deref()).collect();
        let levels: Int64Array = kept().map(|above| i64::from(above.levels)).collect();
        table(
            &folder.join("ancestors.parquet"),
            vec![
                ("code", Arc::new(codes), false),
                ("ancestor", Arc::new(above), false),
                ("description", Arc::new(descriptions), true),
                ("levels", Arc::new(levels), false),
            ],
        )?;
    }

    // A subject of whom the source says nothing is in no split there, and in none here.
    let split_of = |subject: i64| match &said.splits {
        Some(given) => given.get(&subject).map(String::as_str),
        None => Some(Split::of(subject, options.seed).name()),
    };
    let divided = || written.subjects.iter().filter_map(|&subject| Some((subject, split_of(subject)?)));
    let splits: DictionaryArray<Int32Type> = divided().map(|(_, split)| Some(split)).collect();
    let subjects: Int64Array = divided().map(|(subject, _)| subject).collect();
    table(
        &folder.join("subject_splits.parquet"),
        vec![("subject_id", Arc::new(subjects), false), ("split", Arc::new(splits), false)],
    )
}

/// The rows of a table with the columns `code`, `ancestor`, `levels` and perhaps `description`; rows that lack one of the
/// first three are left out.
pub(crate) fn ancestor_rows(path: &Path) -> Result<Vec<Above>, IntakeError> {
    let table = SourceTable::open(path, "metadata/ancestors.parquet".to_owned())?;
    let [code, ancestor, levels] = ["code", "ancestor", "levels"].map(|column| table.place(column));
    let wanted = [Some(code?), Some(ancestor?), Some(levels?), table.place("description").ok()];
    let mut found = Vec::new();
    for part in table.parts(&wanted)? {
        table.rows(&part?, &wanted, |row| {
            let Ok(Row { cells, .. }) = row else { return };
            let text = |cell: usize| cells[cell].text().ok().flatten().map(std::borrow::Cow::into_owned);
            let levels = cells[2].whole().ok().flatten().and_then(|levels| u32::try_from(levels).ok());
            if let (Some(code), Some(ancestor), Some(levels)) = (text(0), text(1), levels) {
                found.push(Above { code, ancestor, description: text(3), levels });
            }
        })?;
    }
    Ok(found)
}

/// A writer whose file says nothing of how the columns were held in memory: a dictionary of texts is a column of texts.
pub(super) fn plain_writer(file: File, schema: Arc<Schema>) -> io::Result<ArrowWriter<File>> {
    let options = ArrowWriterOptions::new().with_skip_arrow_metadata(true);
    Ok(ArrowWriter::try_new_with_options(file, schema, options)?)
}

fn table(path: &Path, columns: Vec<(&str, ArrayRef, bool)>) -> io::Result<()> {
    let field = |(name, array, gaps): &(&str, ArrayRef, bool)| {
        let kind: &DataType = array.data_type();
        Field::new(*name, kind.clone(), *gaps)
    };
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array, _)| array).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(io::Error::other)?;
    let mut writer = plain_writer(File::create_new(path)?, schema)?;
    writer.write(&batch)?;
    writer.into_inner()?.sync_all()
}
