//! Events become a sparse matrix: one row a subject and index time, one column a feature.
//!
//! The matrix can be far larger than the memory. The first pass over the events keeps every `Run` of equal
//! entries as long as they fit and counts them in any case; if they did not fit, further passes make the columns range by
//! range, each range as large as fits. Reading events again is cheap; writing what did not fit to the disk, sorting it
//! there and reading it back is not.

use std::collections::HashMap;
use std::ops::Range;

use bedside_chart::{Codes, Instant, SubjectNumber};
use bedside_cohort::features::{Plan, Recipe, Uses};
use bedside_intake::meds::{Amount, EventFiles};
use bedside_intake::sparse::Columns;

use crate::StudyError;
use crate::lifetimes::Lifetimes;

mod assemble;
mod collect;
mod count;

use collect::{Collected, Collecting, Totals};

/// Whose features are wanted, and when.
#[derive(Debug)]
pub enum IndexTimes {
    /// At every instant at which a subject has an event of a planned code.
    EveryInstant,
    /// At these times, each with its row in the matrix.
    Given(HashMap<SubjectNumber, Vec<(Instant, u32)>>),
}

impl IndexTimes {
    /// The rows of a table, in its order.
    #[must_use]
    pub fn given(rows: &[(SubjectNumber, Instant)]) -> Self {
        let mut given: HashMap<SubjectNumber, Vec<(Instant, u32)>> = HashMap::new();
        for (&(subject, time), row) in rows.iter().zip(0..) {
            given.entry(subject).or_default().push((time, row));
        }
        given.values_mut().for_each(|rows| rows.sort_unstable());
        Self::Given(given)
    }

    fn count(&self) -> usize {
        match self {
            Self::EveryInstant => 0,
            Self::Given(given) => given.values().map(Vec::len).sum(),
        }
    }
}

/// How much of the machine may be used.
#[derive(Debug, Clone, Copy)]
pub struct Means {
    /// Threads, at least one. The result does not depend on it.
    pub threads: usize,
    /// Bytes that the entries may take while they wait for their place.
    pub bytes: u64,
}

/// What a matrix is, before its entries.
#[derive(Debug)]
pub struct Shape {
    /// Rows.
    pub rows: u64,
    /// Whose each row is, and when; empty when the index times were given.
    pub instants: Vec<(SubjectNumber, Instant)>,
    /// The entries of each column.
    pub entries: Vec<u64>,
    /// How much was read in a pass.
    pub amount: Amount,
    /// Rows of subjects who have no event at all.
    pub without_events: u64,
    /// Index times that cannot be in the life of their subject.
    pub lifetimes: Lifetimes,
    /// Other rows at index times before the subject's first event.
    pub before_the_record: u64,
}

/// Counts how often each code, and each group that a recipe asks for, is used by some of the subjects, up to an instant that is given
/// for each, or by all.
///
/// # Errors
/// Those of [`EventFiles::walk`].
pub fn count_codes(
    files: &EventFiles,
    codes: &Codes,
    recipe: &Recipe,
    of: Option<&HashMap<SubjectNumber, Instant>>,
    threads: usize,
) -> Result<(Uses, u64), StudyError> {
    count::count_codes(files, codes, recipe, of, threads)
}

/// Makes the matrix: `begin` is told its shape and says where its columns go.
///
/// # Errors
/// Those of [`EventFiles::walk`], those of `begin`, and what the disk says while the columns are written.
pub fn tabulate<'o>(
    files: &EventFiles,
    codes: &Codes,
    plan: &Plan,
    index: &IndexTimes,
    means: Means,
    begin: impl FnOnce(&Shape) -> Result<Vec<&'o mut dyn Columns>, StudyError>,
) -> Result<Shape, StudyError> {
    let all = 0..plan.codes();
    let (totals, collected, amount) = pass(files, codes, plan, index, means, all.clone())?;
    let instants: Vec<_> = collected.iter().flat_map(|part| part.instants.iter().copied()).collect();
    let rows = match index {
        IndexTimes::EveryInstant => instants.len(),
        IndexTimes::Given(_) => index.count(),
    };
    let shape = Shape {
        rows: rows as u64,
        instants,
        entries: totals.entries,
        amount,
        without_events: collected.iter().map(|part| part.without_events).sum(),
        lifetimes: collected.iter().fold(Lifetimes::default(), |mut all, part| {
            all.add(&part.lifetimes);
            all
        }),
        before_the_record: collected.iter().map(|part| part.before).sum(),
    };
    let mut outs = begin(&shape)?;
    if collected.iter().all(|part| part.is_whole()) {
        assemble::write(collected, plan.columns_of(all), means.threads, &mut outs)?;
        return Ok(shape);
    }
    drop(collected);
    for codes_now in ranges(plan, &totals.runs, means.bytes) {
        let columns = plan.columns_of(codes_now.clone());
        let means = Means { bytes: u64::MAX, ..means };
        let (_, collected, _) = pass(files, codes, plan, index, means, codes_now)?;
        assemble::write(collected, columns, means.threads, &mut outs)?;
    }
    Ok(shape)
}

/// One pass over the events, for some of the planned codes.
fn pass(
    files: &EventFiles,
    codes: &Codes,
    plan: &Plan,
    index: &IndexTimes,
    means: Means,
    of: Range<usize>,
) -> Result<(Totals, Vec<Collected>, Amount), StudyError> {
    let collecting = Collecting::new(plan, index, of, means.bytes);
    let (mut parts, amount) = files.walk(codes, plan.reads_values(), means.threads, &collecting)?;
    parts.push(collecting.absent(&parts, codes));
    Ok((collecting.totals(), parts, amount))
}

/// Consecutive planned codes whose runs fit together; a code that does not fit alone is a range of its own.
fn ranges(plan: &Plan, runs: &[u64], bytes: u64) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut start, mut held) = (0, 0);
    for code in 0..plan.codes() {
        let columns = plan.columns_of(code..code + 1);
        let more: u64 = runs[columns.start as usize..columns.end as usize].iter().sum();
        if held > 0 && (held + more) * collect::BYTES_OF_A_RUN > bytes {
            found.push(start..code);
            (start, held) = (code, 0);
        }
        held += more;
    }
    found.push(start..plan.codes());
    found
}

#[cfg(test)]
mod tests;
