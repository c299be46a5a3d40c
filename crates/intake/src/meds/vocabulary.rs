//! What a data set knows of its codes: `metadata/codes.parquet`, and `metadata/ancestors.parquet` beside it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::open_file;
use crate::import::ancestor_rows;
use crate::parquet_footer::metadata;
use crate::{IntakeError, ReadOptions, read};

/// What is known of a code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Known {
    /// What it means.
    pub(crate) description: Option<String>,
    /// The codes right above it; they need not be codes of the data.
    pub(crate) parents: BTreeSet<String>,
}

/// A code and one that lies above it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Above {
    /// The code.
    pub code: String,
    /// The code above it.
    pub ancestor: String,
    /// What the one above means, if that is known.
    pub description: Option<String>,
    /// The fewest levels between them: 1 for a parent.
    pub levels: u32,
}

/// What stands above the table in messages.
const NAME: &str = "metadata/codes.parquet";

/// The codes of a table with the columns `code` and, if it has them, `description` and `parent_codes` (a list of texts), as MEDS has
/// it. What is said of a code in several rows is put together; the first description counts.
pub(crate) fn known(path: &Path) -> Result<BTreeMap<String, Known>, IntakeError> {
    let damaged = |reason: String| IntakeError::Parquet { name: NAME.to_owned(), reason };
    let file = open_file(path)?;
    let about = metadata(NAME, &file, false)?;
    let place = |column: &str| about.schema().fields().iter().position(|field| field.name() == column);
    let Some(code) = place("code") else {
        let found = about.schema().fields().iter().map(|field| field.name().clone()).collect();
        return Err(IntakeError::NoEventColumn { name: NAME.to_owned(), column: "code", found });
    };
    let wanted = [Some(code), place("description"), place("parent_codes")];
    let mask = ProjectionMask::roots(
        about.metadata().file_metadata().schema_descr(),
        wanted.iter().flatten().copied(),
    );
    let mut reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, about)
        .with_projection(mask)
        .build()
        .map_err(|e| damaged(e.to_string()))?;
    let mut known = BTreeMap::<String, Known>::new();
    loop {
        // The decoder is another's: should it panic on a damaged file, that is an error like any other.
        let next = catch_unwind(AssertUnwindSafe(|| reader.next()))
            .map_err(|_| damaged("its pages contradict each other".to_owned()))?;
        let Some(batch) = next else { return Ok(known) };
        add(&batch.map_err(|e| damaged(e.to_string()))?, &mut known).map_err(|e| damaged(e.to_string()))?;
    }
}

fn add(batch: &RecordBatch, known: &mut BTreeMap<String, Known>) -> Result<(), arrow::error::ArrowError> {
    let Some(codes) = batch.column_by_name("code") else { return Ok(()) };
    let (codes, descriptions) = (texts(codes)?, batch.column_by_name("description").map(texts).transpose()?);
    let parents = batch.column_by_name("parent_codes");
    for row in 0..batch.num_rows() {
        let Some(code) = codes.is_valid(row).then(|| codes.value(row)) else { continue };
        let known = known.entry(code.to_owned()).or_default();
        if let Some(words) = descriptions.as_ref().filter(|words| words.is_valid(row))
            && known.description.is_none()
            && !words.value(row).trim().is_empty()
        {
            known.description = Some(words.value(row).to_owned());
        }
        if let Some(parents) = parents.filter(|parents| parents.is_valid(row)) {
            let parents = match parents.data_type() {
                DataType::List(_) => texts(&parents.as_list::<i32>().value(row))?,
                DataType::LargeList(_) => texts(&parents.as_list::<i64>().value(row))?,
                // A single parent is written as a text by some.
                _ => texts(&parents.slice(row, 1))?,
            };
            let parents = parents.iter().flatten().filter(|parent| !parent.is_empty() && *parent != code);
            known.parents.extend(parents.map(str::to_owned));
        }
    }
    Ok(())
}

fn texts(array: &ArrayRef) -> Result<StringArray, arrow::error::ArrowError> {
    Ok(cast(array, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// What codes mean, from a table (CSV, Parquet) with the columns `code` and `description`. Rows that lack one of the two are left out.
///
/// # Errors
/// Those of [`read`]; [`IntakeError::NoColumn`].
pub fn code_names(path: impl AsRef<Path>) -> Result<HashMap<String, String>, IntakeError> {
    let frame = read(path.as_ref(), &ReadOptions::default())?;
    let (codes, descriptions) = (frame.column("code")?, frame.column("description")?);
    let row = |row: usize| Some((codes.cells.written(row)?, descriptions.cells.written(row)?));
    Ok((0..frame.rows()).filter_map(row).collect())
}

/// Which codes lie above which: those of the table of ancestors, if there is one; else parents, and parents of parents. None when
/// nothing is known.
pub(crate) fn above(
    ancestors: Option<&Path>,
    codes: Option<&Path>,
) -> Result<Option<Vec<Above>>, IntakeError> {
    if let Some(path) = ancestors {
        return ancestor_rows(path).map(Some);
    }
    let Some(path) = codes else { return Ok(None) };
    let known = known(path)?;
    let above = all_above(&known);
    Ok((!above.is_empty()).then_some(above))
}

/// Parents, and parents of parents, each with the fewest levels. What goes round in a circle is passed once.
fn all_above(known: &BTreeMap<String, Known>) -> Vec<Above> {
    let mut all = Vec::new();
    for code in known.keys() {
        let (mut seen, mut next) = (BTreeSet::from([code.as_str()]), VecDeque::from([(code.as_str(), 0)]));
        while let Some((one, levels)) = next.pop_front() {
            for parent in known.get(one).into_iter().flat_map(|known| &known.parents) {
                if seen.insert(parent) {
                    next.push_back((parent, levels + 1));
                    let description = known.get(parent).and_then(|known| known.description.clone());
                    all.push(Above {
                        code: code.clone(),
                        ancestor: parent.clone(),
                        description,
                        levels: levels + 1,
                    });
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_way_up_counts_and_a_circle_ends() {
        let of = |parents: &[&str]| Known {
            description: Some(format!("{} parents", parents.len())),
            parents: parents.iter().map(|parent| (*parent).to_owned()).collect(),
        };
        let known = BTreeMap::from([
            ("a".to_owned(), of(&["b", "c"])),
            ("b".to_owned(), of(&["c", "d"])),
            ("d".to_owned(), of(&["a"])),
        ]);
        let above: Vec<_> = all_above(&known).into_iter().map(|a| (a.code, a.ancestor, a.levels)).collect();
        let expected = [
            ("a", "b", 1),
            ("a", "c", 1),
            ("a", "d", 2),
            ("b", "c", 1),
            ("b", "d", 1),
            ("b", "a", 2),
            ("d", "a", 1),
            ("d", "b", 2),
            ("d", "c", 2),
        ];
        assert_eq!(above, expected.map(|(code, above, levels)| (code.to_owned(), above.to_owned(), levels)));
        let words = all_above(&known).into_iter().find(|above| above.ancestor == "b");
        assert_eq!(words.and_then(|above| above.description).as_deref(), Some("2 parents"));
    }
}
