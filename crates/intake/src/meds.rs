//! Event data in the MEDS format, read in one pass, subject by subject.
//!
//! An [`EventFiles`] is a data set in the Medical Event Data Standard (<https://github.com/Medical-Event-Data-Standard/meds>,
//! version 0.4) or near it: one Parquet file, or a folder of shards (`data/**/*.parquet`). [`EventFiles::walk`] hands every
//! subject's [`Timeline`] to whoever asks, on several threads, and never holds more than a few batches and the subjects at
//! hand: memory does not grow with the data.
//!
//! The unit of work is a row group of a file. A worker decodes one and keeps its first and its last subject aside, because
//! those may go on in the row groups around it; the pieces are joined in order at the end. So the events of a subject may
//! cross row groups and files, but they must stand together; within a subject they may stand in any order.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use tempfile::TempDir;

use bedside_chart::{Codes, Events, Precision, SubjectNumber, Timeline, spelled};

use crate::IntakeError;
use crate::import::{ImportOptions, Imported, LABELS, Progress, REJECTS, Source, import};
use columns::Shard;

mod columns;
pub(crate) mod folder;
mod group;
mod label_table;
mod labels;
mod live;
mod splits;
mod vocabulary;

pub use label_table::LabelTable;
pub use labels::{labels_csv, write_labels};
pub use live::LiveRecord;
pub(crate) use splits::splits;
pub use splits::subjects_of_split;
pub use vocabulary::{Above, code_names};
pub(crate) use vocabulary::{Known, above, known};

/// What is done with each subject of a data set.
pub trait PerSubject: Sync {
    /// What a thread keeps from one subject to the next.
    type Worker;
    /// What comes out for some subjects that stand together.
    type Part: Default + Send;

    /// A new thread begins.
    fn worker(&self) -> Self::Worker;

    /// Adds what comes out for one subject.
    fn subject(
        &self,
        worker: &mut Self::Worker,
        timeline: &Timeline<'_>,
        codes: &Codes,
        part: &mut Self::Part,
    );

    /// A thread has no more to do. What it kept may be of use if the order of subjects does not matter for it: a sum of
    /// counts, say.
    fn retire(&self, _worker: Self::Worker) {}
}

/// A data set of events.
#[derive(Debug)]
pub struct EventFiles {
    shards: Vec<Shard>,
    /// What is known of the codes, if the data set says it.
    about_codes: Option<PathBuf>,
    /// What is to be predicted, if the data set says it.
    labels: Option<PathBuf>,
    /// Which codes lie above which, if the data set says it.
    ancestors: Option<PathBuf>,
    /// A folder that goes away with this.
    imported: Option<TempDir>,
}

/// How much was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// Events, with and without a time.
    pub events: u64,
    /// Distinct subjects.
    pub subjects: u64,
}

impl EventFiles {
    /// Opens a file, or all shards of a folder in the order of their names: those under `data/` if there is such a folder,
    /// else all but those under `metadata/`. Only their ends are read.
    ///
    /// The columns are `subject_id` (or `patient_id`), `time` (or `timestamp`; any unit), `code` and `numeric_value` (or
    /// `numerical_value`, or a numeric `value`). Others are not looked at. Times that are dates count as known at the end of
    /// the day, births (`MEDS_BIRTH`) at its start.
    ///
    /// # Errors
    /// [`IntakeError::NoFile`], [`IntakeError::NoEvents`], [`IntakeError::Parquet`], and [`IntakeError::NoEventColumn`] and
    /// [`IntakeError::EventColumn`] when a column is not there or is of another kind; [`IntakeError::MixedClocks`] when the
    /// times of some shards have a time zone and those of others none.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, IntakeError> {
        let path = path.as_ref();
        let shards: Vec<Shard> =
            folder::shards(path)?.into_iter().map(Shard::open).collect::<Result<_, _>>()?;
        let of = |zone: bool| shards.iter().find(|shard| shard.has_zone() == zone);
        if let (Some(with), Some(without)) = (of(true), of(false)) {
            let (with, without) = (with.name().to_owned(), without.name().to_owned());
            return Err(IntakeError::MixedClocks { with, without });
        }
        let there = |about: PathBuf| Some(about).filter(|about| about.is_file());
        let about = |name: &str| there(path.join("metadata").join(name));
        let (about_codes, ancestors) = (about("codes.parquet"), about("ancestors.parquet"));
        let mut files =
            Self { shards, about_codes, ancestors, labels: there(path.join(LABELS)), imported: None };
        files.keep_in(files.precision());
        Ok(files)
    }

    /// Has values handed over as they would be if the files kept them so: with [`Precision::Single`] each is rounded. A model that was
    /// made from values in single precision reads others than it knows from a file in double precision: 1.3 is not 1.3 there.
    pub fn keep_in(&mut self, precision: Precision) {
        for shard in &mut self.shards {
            shard.rounds = precision == Precision::Single && shard.precision() == Precision::Double;
        }
    }

    /// Has codes handed over as the files have them. Else the unit at the end of a code is in its one spelling
    /// ([`bedside_chart::spelled`]), so that `LAB//50861//IU/L` and `LAB//50861//U/L` are one code.
    pub fn keep_spellings(&mut self) {
        self.shards.iter_mut().for_each(|shard| shard.as_written = true);
    }

    /// Imports raw records, and opens the data set that they become. It lies in the system's folder for temporary files and
    /// goes away with this.
    ///
    /// # Errors
    /// As [`import()`] and [`EventFiles::open`].
    pub fn imported(
        source: &Source,
        options: &ImportOptions,
        progress: &mut dyn FnMut(Progress<'_>),
    ) -> Result<(Self, Imported), IntakeError> {
        let refused = |source| crate::output::refused(&std::env::temp_dir(), source);
        let mut made = tempfile::Builder::new();
        made.prefix("bedside-");
        // They are records of patients: nobody else who uses the machine may look inside.
        #[cfg(unix)]
        made.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        let folder = made.tempdir().map_err(refused)?;
        let place = folder.path().join("events");
        let done = import(source, &place, options, progress)?;
        Ok((Self { imported: Some(folder), ..Self::open(&place)? }, done))
    }

    /// One file that is in memory; `name` stands for its name.
    ///
    /// # Errors
    /// As [`EventFiles::open`].
    pub fn in_memory(name: &str, bytes: Bytes) -> Result<Self, IntakeError> {
        let shards = vec![Shard::in_memory(name, bytes)?];
        Ok(Self { shards, about_codes: None, ancestors: None, labels: None, imported: None })
    }

    /// Of raw records that were imported: the list of what could not be read of them. It goes away with this.
    #[must_use]
    pub fn rejects(&self) -> Option<PathBuf> {
        Some(self.imported.as_ref()?.path().join("events").join(REJECTS)).filter(|path| path.is_file())
    }

    /// Whether their times are on a clock with a time zone.
    #[must_use]
    pub fn has_zone(&self) -> bool {
        self.shards.iter().any(Shard::has_zone)
    }

    /// How many events there are.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.shards.iter().map(|shard| shard.rows()).sum()
    }

    /// What the codes mean, by code: the descriptions of `metadata/codes.parquet`, if the data set has it. A code without
    /// one is not among them.
    ///
    /// # Errors
    /// [`IntakeError::Parquet`] when that file is damaged.
    pub fn descriptions(&self) -> Result<HashMap<String, String>, IntakeError> {
        let Some(path) = &self.about_codes else { return Ok(HashMap::new()) };
        let described =
            |(code, known): (String, Known)| Some((spelled(&code).into_owned(), known.description?));
        // Of several spellings the first counts.
        Ok(known(path)?.into_iter().rev().filter_map(described).collect())
    }

    /// The labels that lie beside the events: `labels.parquet`, which `bedside import` writes where the records say what is to
    /// be predicted.
    #[must_use]
    pub fn labels(&self) -> Option<&Path> {
        self.labels.as_deref()
    }

    /// Which codes lie above which, as the vocabulary of the source has it: `metadata/ancestors.parquet`, or else the `parent_codes` of
    /// `metadata/codes.parquet` and their parents. None when the data set says neither.
    ///
    /// # Errors
    /// [`IntakeError::Parquet`] when that file is damaged, [`IntakeError::NoSourceColumn`] when it lacks a column.
    pub fn ancestors(&self) -> Result<Option<Vec<Above>>, IntakeError> {
        let mut found = above(self.ancestors.as_deref(), self.about_codes.as_deref())?;
        for above in found.iter_mut().flatten() {
            if let Cow::Owned(code) = spelled(&above.code) {
                above.code = code;
            }
        }
        Ok(found)
    }

    /// Whether events can have values: whether every file has a column for them.
    #[must_use]
    pub fn has_values(&self) -> bool {
        self.shards.iter().all(Shard::has_values)
    }

    /// SHA-256 of each file, by name.
    ///
    /// # Errors
    /// [`IntakeError::Io`] when a file has gone.
    pub fn sha256(&self) -> Result<Vec<(String, String)>, IntakeError> {
        self.shards.iter().map(|shard| Ok((shard.name().to_owned(), shard.sha256()?))).collect()
    }

    /// How exactly values are handed over: in single precision as soon as one file keeps them so, or is to be read so.
    #[must_use]
    pub fn precision(&self) -> Precision {
        let single = |shard: &Shard| shard.rounds || shard.precision() == Precision::Single;
        if self.shards.iter().any(single) { Precision::Single } else { Precision::Double }
    }

    /// Hands every subject over, once, on so many threads. The parts come in the order of the data; what is in a part
    /// depends on its subjects alone if [`PerSubject::subject`] does, but how many parts there are depends on the files.
    ///
    /// Values are read only when `values` says so; they are none otherwise.
    ///
    /// # Errors
    /// [`IntakeError::Parquet`], [`IntakeError::EmptyEventCell`], [`IntakeError::SubjectApart`], and
    /// [`IntakeError::NoEventColumn`] when there are no values to read.
    pub fn walk<P: PerSubject>(
        &self,
        codes: &Codes,
        values: bool,
        threads: usize,
        each: &P,
    ) -> Result<(Vec<P::Part>, Amount), IntakeError> {
        let units: Vec<(&Shard, usize)> = self
            .shards
            .iter()
            .flat_map(|shard| (0..shard.groups()).map(move |group| (shard, group)))
            .collect();
        let done: Vec<Mutex<Option<Unit<P::Part>>>> = units.iter().map(|_| Mutex::new(None)).collect();
        let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
        let failure: Mutex<Option<(usize, IntakeError)>> = Mutex::new(None);
        std::thread::scope(|scope| {
            for _ in 0..threads.clamp(1, units.len().max(1)) {
                scope.spawn(|| {
                    let mut worker = each.worker();
                    loop {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some(&(shard, group)) = units.get(place) else { break };
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                        match group::read(shard, group, codes, values, each, &mut worker) {
                            Ok(unit) => *lock(&done[place]) = Some(unit),
                            Err(error) => {
                                stop.store(true, Ordering::Relaxed);
                                let mut failure = lock(&failure);
                                if failure.as_ref().is_none_or(|(earlier, _)| place < *earlier) {
                                    *failure = Some((place, error));
                                }
                                break;
                            }
                        }
                    }
                    each.retire(worker);
                });
            }
        });
        if let Some((_, error)) = failure.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
            return Err(error);
        }
        let done = done
            .into_iter()
            .filter_map(|unit| unit.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner));
        self.join(done, codes, each)
    }

    /// Puts the parts in order and hands over the subjects that were kept aside.
    fn join<P: PerSubject>(
        &self,
        units: impl Iterator<Item = Unit<P::Part>>,
        codes: &Codes,
        each: &P,
    ) -> Result<(Vec<P::Part>, Amount), IntakeError> {
        let mut worker = each.worker();
        let mut parts = Vec::new();
        let mut subjects: Vec<SubjectNumber> = Vec::new();
        let mut amount = Amount::default();
        let mut open: Option<Events> = None;
        let mut close =
            |events: Option<Events>, parts: &mut Vec<P::Part>, subjects: &mut Vec<SubjectNumber>| {
                let Some(mut events) = events else { return };
                let mut part = P::Part::default();
                subjects.push(events.subject());
                each.subject(&mut worker, &events.timeline(), codes, &mut part);
                parts.push(part);
            };
        for unit in units {
            amount.events += unit.events;
            match (&mut open, unit.first) {
                (Some(open), Some(first)) if open.subject() == first.subject() => open.append(&first),
                (_, Some(first)) => close(open.replace(first), &mut parts, &mut subjects),
                (_, None) => {}
            }
            if let Some(last) = unit.last {
                close(open.replace(last), &mut parts, &mut subjects);
                subjects.extend(unit.between);
                // What came between the two goes before the last one, which is still open.
                parts.push(unit.part);
            }
        }
        close(open, &mut parts, &mut subjects);
        each.retire(worker);
        amount.subjects = subjects.len() as u64;
        if !subjects.is_sorted_by(|a, b| a < b) {
            subjects.sort_unstable();
            if subjects.windows(2).any(|pair| pair[0] == pair[1]) {
                let name = self.shards.first().map(|shard| shard.name().to_owned()).unwrap_or_default();
                return Err(IntakeError::SubjectApart { name });
            }
        }
        Ok((parts, amount))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What one row group gave.
struct Unit<T> {
    events: u64,
    /// The events of its first subject, which may have begun before it.
    first: Option<Events>,
    /// The subjects between, and what came out for them.
    between: Vec<SubjectNumber>,
    part: T,
    /// The events of its last subject, which may go on after it; none when it has but one.
    last: Option<Events>,
}

fn open_file(path: &Path) -> Result<File, IntakeError> {
    File::open(path).map_err(|source| crate::read::refused_reading(path, source))
}
