//! Records of any kind become a data set of events in the MEDS format.
//!
//! [`import`] reads a source part by part on several threads, sorts its events by subject and time within a memory
//! budget (what does not fit waits on the disk), and writes a data set in the Medical Event Data Standard
//! (<https://github.com/Medical-Event-Data-Standard/meds>, version 0.4): shards that never cut a subject, and what is
//! known of the codes. The data set appears whole or not at all, and is the same on any number of threads.
//!
//! What cannot be read is left out, counted by reason and listed in `rejects.parquet`, by file and line and never with
//! what stood there; above a limit the import stops.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bedside_chart::{BIRTH, Codes, Label};

use crate::IntakeError;
use crate::meds::{Above, Known};
use chronology::{BIRTH_OF_YEAR, Chronology};
use dataset::Shape;
use destination::Destination;
use entries::Entries;
use rejects::{Reject, Rejects};
use rows::{Bad, Row, SourceTable};
use sorter::Sorter;

mod chronology;
mod dataset;
mod destination;
mod entries;
mod fhir;
mod in_turn;
mod long;
mod meds;
mod metadata;
mod omop;
mod rejects;
mod rows;
mod sorter;
mod subjects;
mod units;

pub use chronology::OddTimes;
pub(crate) use fhir::ask as ask_fhir;
pub use long::Mapping;
pub use metadata::Split;
pub(crate) use metadata::ancestor_rows;
pub use rejects::RejectCount;
pub use subjects::{CodeNote, NewDataSet, Stored};
use units::Spellings;
pub use units::UnitRules;

/// The file of a data set that says what is to be predicted, where the source says so.
pub(crate) const LABELS: &str = "labels.parquet";
/// The file of a data set that lists what could not be read.
pub(crate) const REJECTS: &str = "rejects.parquet";

/// Any bytes as a table of text, a mapping, and a file of units.
pub(crate) fn ask_table(bytes: &[u8]) {
    rows::ask(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (Mapping::parse(text), UnitRules::parse(text));
    }
}

impl fmt::Display for RejectCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, column, reason, rows, first } = self;
        let noun = if *rows == 1 { "row" } else { "rows" };
        write!(f, "`{file}`")?;
        if let Some(column) = column {
            write!(f, " column `{column}`")?;
        }
        write!(f, ": {reason} ({rows} {noun}, the first on line {first})")
    }
}

/// The number that an import gives a subject whose identifier is a text, such as the logical id of a FHIR Patient.
#[must_use]
pub fn numbered(id: &str) -> bedside_chart::SubjectNumber {
    long::hashed(id)
}

/// What is imported.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Source {
    /// A file or folder near the MEDS format: in any order, with other names of columns, other units of time.
    Meds(PathBuf),
    /// Tables of a folder, as a [`Mapping`] says.
    Long(PathBuf, Mapping),
    /// Tables of the OMOP Common Data Model, 5.3 or 5.4: a folder of CSV (plain or gzip) or Parquet, or
    /// a PostgreSQL database ([`is_database`]).
    Omop(PathBuf),
    /// Resources of FHIR R4: a file or a folder of bundles (`.json`) and bulk exports (`.ndjson`), plain or gzip.
    Fhir(PathBuf),
}

/// How an import is done.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportOptions {
    /// The name of the data set.
    pub name: String,
    /// Bytes to keep within, roughly.
    pub memory: u64,
    /// Threads.
    pub threads: usize,
    /// The share of rows, 0 to 1, that may be left out because they cannot be read.
    pub rejected: f64,
    /// No shard has more events unless a subject alone has.
    pub shard: u64,
    /// Subjects are divided into splits by chance; the seed of it.
    pub seed: u64,
    /// A data set that is in the place gives way.
    pub replace: bool,
    /// Which codes are to be in which unit.
    pub units: UnitRules,
    /// Of OMOP: the code of an event is its source concept, where it has one, instead of its standard concept.
    pub source_codes: bool,
    /// Of FHIR: the systems (`SNOMED`, `ICD10CM`, …) whose code goes before those of others, where an event has several codings.
    pub codings: Vec<String>,
    /// What becomes of events at times that stand for none, such as 9999-12-31.
    pub odd_times: OddTimes,
}

impl Default for ImportOptions {
    fn default() -> Self {
        Self {
            name: "events".to_owned(),
            memory: 1 << 30,
            threads: 1,
            rejected: 0.01,
            shard: 1 << 23,
            seed: 0,
            replace: false,
            units: UnitRules::default(),
            source_codes: false,
            codings: Vec::new(),
            odd_times: OddTimes::default(),
        }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// So many more rows of this file were read.
    Read(&'a str, u64),
    /// So many more events were written.
    Written(u64),
}

/// What was imported.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// Rows read, file by file.
    pub read: Vec<(String, u64)>,
    /// Events written.
    pub events: u64,
    /// Distinct subjects.
    pub subjects: u64,
    /// Distinct codes.
    pub codes: u64,
    /// Labels in `labels.parquet`; 0 where there is none.
    pub labels: u64,
    /// Shards.
    pub shards: usize,
    /// What was left out, the most frequent reason first.
    pub rejects: Vec<RejectCount>,
    /// What a careful reader would ask about.
    pub notes: Vec<String>,
}

/// Imports a source into a folder.
///
/// # Errors
/// [`IntakeError::TooManyRejects`], [`IntakeError::NothingToImport`], [`IntakeError::NoSourceColumn`],
/// [`IntakeError::MixedClocks`], [`IntakeError::Taken`], [`IntakeError::InUse`], [`IntakeError::DiskFull`] and what else
/// can be wrong with files. The folder is then as it was.
///
/// ```
/// use bedside_intake::import::{ImportOptions, Mapping, Source, import};
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("labs.csv"), "id,at,test,result\n2,2020-01-02,NA,140\n1,2020-01-01,NA,138\n")?;
/// let mapping = Mapping::parse(r#"
///     [[table]]
///     file = "labs.csv"
///     subject = "id"
///     time = "at"
///     code = "test"
///     value = "result"
/// "#)?;
/// let source = Source::Long(folder.path().to_owned(), mapping);
/// let done = import(&source, &folder.path().join("events"), &ImportOptions::default(), &mut |_| {})?;
/// assert_eq!((done.events, done.subjects), (2, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn import(
    source: &Source,
    destination: &Path,
    options: &ImportOptions,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Imported, IntakeError> {
    let destination = Destination::begin(destination, options.replace)?;
    let codes = Codes::default();
    let mut door = Door::new(&destination, &codes, options, progress)?;
    let said = match source {
        Source::Meds(path) => meds::read(path, &mut door)?,
        Source::Long(folder, mapping) => long::read(folder, mapping, &mut door)?,
        Source::Omop(folder) => omop::read(folder, &mut door)?,
        Source::Fhir(path) => fhir::read(path, &mut door)?,
    };
    door.finish(&codes, &destination, source, said)
        .and_then(|imported| destination.commit().map(|()| imported))
}

/// What a reader knows at the end.
#[derive(Debug, Default)]
struct Said {
    /// What a careful reader would ask about.
    notes: Vec<String>,
    /// The names of the codes by number, if others than those that were given while reading.
    names: Option<Vec<Arc<str>>>,
    /// What is known of a code, by its name.
    described: HashMap<String, Known>,
    /// What lies above the codes in their vocabularies.
    ancestors: Vec<Above>,
    /// What is to be predicted.
    labels: Vec<Label>,
    /// A file of it that is taken as it is, and how many rows it has.
    labels_file: Option<(PathBuf, u64)>,
    /// The split of each subject, where the source says it.
    splits: Option<HashMap<i64, String>>,
}

impl Said {
    /// Says of codes by their new names what it says of them by the old ones.
    fn rename(&mut self, spellings: &Spellings) {
        for (old, new) in &spellings.renamed {
            let Some(known) = self.described.remove(&**old) else { continue };
            let there = self.described.entry(new.to_string()).or_default();
            // Which comes first must not depend on the order in which codes were met.
            let words = [there.description.take(), known.description];
            there.description = words.into_iter().flatten().min();
            there.parents.extend(known.parents);
        }
        if !spellings.renamed.is_empty() {
            for above in &mut self.ancestors {
                if let Some(new) = spellings.renamed.get(above.code.as_str()) {
                    above.code = new.to_string();
                }
            }
            self.ancestors.sort();
            self.ancestors.dedup();
        }
    }
}

/// What could not be read of a row: the place among the columns asked for, if one is to blame, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Refused(Option<usize>, Bad);

/// Makes events of rows. One for each table.
trait RowReader: Sync {
    /// What a worker keeps from one row to the next.
    type Desk;

    fn desk(&self) -> Self::Desk;

    /// Reads a row. What it gathered before it fails is forgotten.
    fn row(&self, desk: &mut Self::Desk, row: &Row<'_, '_>, into: &mut Gathered) -> Result<(), Refused>;
}

/// What is wrong with a TOML file, after its line.
fn line_of(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: {}", before.matches('\n').count() + 1, error.message())
}

/// What a worker makes of a part.
#[derive(Debug, Default)]
struct Gathered {
    entries: Entries,
    rejects: Vec<Reject>,
    rows: u64,
    clocks: Clocks,
    /// Whether there are texts, and codes of the source.
    texts: bool,
    sources: bool,
    /// Records that end before they begin.
    backwards: u64,
}

/// Whether times with and without a zone were met.
#[derive(Debug, Default, Clone, Copy)]
struct Clocks {
    with: bool,
    without: bool,
}

impl Clocks {
    fn see(&mut self, zoned: Option<bool>) {
        self.with |= zoned == Some(true);
        self.without |= zoned == Some(false);
    }
}

/// Where events come in.
struct Door<'i> {
    codes: &'i Codes,
    options: &'i ImportOptions,
    progress: &'i mut dyn FnMut(Progress<'_>),
    destination: &'i Destination,
    sorter: Sorter<Box<dyn FnMut() -> io::Result<std::fs::File>>>,
    rejects: Rejects,
    read: Vec<(Arc<str>, u64)>,
    clocks: (Option<Arc<str>>, Option<Arc<str>>),
    texts: bool,
    sources: bool,
    /// Records that end before they begin, by file.
    backwards: Vec<(Arc<str>, u64)>,
    /// The subjects there are, where one table names all of them.
    known: HashSet<i64>,
    learning: bool,
}

/// Rows before the share of those left out says something.
const ENOUGH: u64 = 100_000;
/// So many rows may be left out of any table, if all together are few.
const FEW_OF_A_TABLE: u64 = 10;

impl<'i> Door<'i> {
    fn new(
        destination: &'i Destination,
        codes: &'i Codes,
        options: &'i ImportOptions,
        progress: &'i mut dyn FnMut(Progress<'_>),
    ) -> Result<Self, IntakeError> {
        let folder = destination.folder().to_owned();
        let rejects = std::fs::File::create_new(folder.join(REJECTS)).and_then(Rejects::new);
        let scratch = move || tempfile::tempfile_in(&folder);
        // Half for what waits to be sorted; the rest for what is being read and written.
        let sorter = Sorter::new(options.memory / 2, Box::new(scratch) as Box<_>);
        Ok(Self {
            codes,
            options,
            progress,
            destination,
            sorter,
            rejects: rejects.map_err(|source| destination.refused(source))?,
            read: Vec::new(),
            clocks: (None, None),
            texts: false,
            sources: false,
            backwards: Vec::new(),
            known: HashSet::new(),
            learning: false,
        })
    }

    /// Forgets all that came in, because the source is to be read anew.
    fn restart(&mut self) -> Result<(), IntakeError> {
        let refused = |source| self.destination.refused(source);
        let folder = self.destination.folder().to_owned();
        std::fs::remove_file(folder.join(REJECTS)).map_err(refused)?;
        self.rejects =
            std::fs::File::create_new(folder.join(REJECTS)).and_then(Rejects::new).map_err(refused)?;
        let scratch = move || tempfile::tempfile_in(&folder);
        self.sorter = Sorter::new(self.options.memory / 2, Box::new(scratch) as Box<_>);
        self.read.clear();
        self.clocks = (None, None);
        (self.texts, self.sources) = (false, false);
        self.backwards.clear();
        self.known.clear();
        Ok(())
    }

    /// Reads a whole table. `wanted` are the places of its columns for the slots of the reader.
    fn table<R: RowReader>(
        &mut self,
        table: &SourceTable,
        wanted: &[Option<usize>],
        reader: &R,
    ) -> Result<(), IntakeError> {
        let names: Vec<Option<Arc<str>>> = wanted
            .iter()
            .map(|place| place.map(|place| Arc::from(table.columns()[place].as_str())))
            .collect();
        self.parts(
            table.name(),
            table.parts(wanted)?,
            || reader.desk(),
            |desk, part, gathered| {
                table.rows(&part, wanted, |row| {
                    gathered.rows += 1;
                    let before = gathered.entries.list().len();
                    let (line, Refused(slot, bad)) = match row {
                        Err((line, bad)) => (line, Refused(None, bad)),
                        Ok(row) => match reader.row(desk, &row, gathered) {
                            Ok(()) => return,
                            Err(refused) => (row.line, refused),
                        },
                    };
                    gathered.entries.truncate(before);
                    let column = slot.and_then(|slot| names.get(slot).cloned().flatten());
                    gathered.rejects.push(Reject { line, column, bad });
                })
            },
        )?;
        self.limit_of_table()
    }

    /// Whether too much of the table that was just read was left out: a small one must not vanish behind large ones.
    fn limit_of_table(&self) -> Result<(), IntakeError> {
        let Some((table, rows)) = self.read.last() else { return Ok(()) };
        let rejected = self.rejects.unreadable_of(table);
        if rejected <= FEW_OF_A_TABLE || rejected as f64 <= self.options.rejected * *rows as f64 {
            return Ok(());
        }
        let (limit, mut reasons) = (100.0 * self.options.rejected, self.rejects.counts());
        reasons.retain(|count| count.file == **table);
        Err(IntakeError::TooManyRejects { rejected, rows: *rows, limit, reasons })
    }

    /// Reads the parts of a file on several threads, and takes what they give in order.
    fn parts<I, D>(
        &mut self,
        file: &str,
        parts: impl Iterator<Item = Result<I, IntakeError>> + Send,
        desk: impl Fn() -> D + Sync,
        work: impl Fn(&mut D, I, &mut Gathered) -> Result<(), IntakeError> + Sync,
    ) -> Result<(), IntakeError> {
        let file: Arc<str> = Arc::from(file);
        self.read.push((Arc::clone(&file), 0));
        let threads = self.options.threads;
        in_turn::in_turn(
            parts,
            threads,
            desk,
            |desk, part| {
                let mut gathered = Gathered::default();
                work(desk, part, &mut gathered).map(|()| gathered)
            },
            |gathered| self.take(&file, gathered),
        )
    }

    /// Reads small files, each whole by one of several threads, and takes what they give in order. A file in which there
    /// was nothing to read is not listed.
    fn files<I, D>(
        &mut self,
        files: impl Iterator<Item = (Arc<str>, I)> + Send,
        desk: impl Fn() -> D + Sync,
        work: impl Fn(&mut D, &str, I, &mut Gathered) -> Result<(), IntakeError> + Sync,
    ) -> Result<(), IntakeError> {
        let threads = self.options.threads;
        in_turn::in_turn(
            files.map(Ok),
            threads,
            desk,
            |desk, (file, item)| {
                let mut gathered = Gathered::default();
                work(desk, &file, item, &mut gathered).map(|()| (file, gathered))
            },
            |(file, gathered)| {
                if gathered.rows > 0 {
                    self.read.push((Arc::clone(&file), 0));
                }
                self.take(&file, gathered)
            },
        )
    }

    fn take(&mut self, file: &Arc<str>, gathered: Gathered) -> Result<(), IntakeError> {
        let refused = |source| self.destination.refused(source);
        if gathered.clocks.with {
            self.clocks.0.get_or_insert_with(|| Arc::clone(file));
        }
        if gathered.clocks.without {
            self.clocks.1.get_or_insert_with(|| Arc::clone(file));
        }
        if let (Some(with), Some(without)) = &self.clocks {
            return Err(IntakeError::MixedClocks { with: with.to_string(), without: without.to_string() });
        }
        self.texts |= gathered.texts;
        self.sources |= gathered.sources;
        if gathered.backwards > 0 {
            match self.backwards.last_mut().filter(|(last, _)| last == file) {
                Some((_, records)) => *records += gathered.backwards,
                None => self.backwards.push((Arc::clone(file), gathered.backwards)),
            }
        }
        if self.learning {
            self.known.extend(gathered.entries.list().iter().map(|entry| entry.subject));
        }
        for reject in gathered.rejects {
            self.rejects.add(file, reject).map_err(refused)?;
        }
        self.sorter.add(&gathered.entries).map_err(refused)?;
        if let Some((_, rows)) = self.read.last_mut() {
            *rows += gathered.rows;
        }
        (self.progress)(Progress::Read(file, gathered.rows));
        self.limit(ENOUGH)
    }

    /// Whether too much was left out, of so many rows at least.
    fn limit(&self, at_least: u64) -> Result<(), IntakeError> {
        let rows: u64 = self.read.iter().map(|(_, rows)| rows).sum();
        let rejected = self.rejects.unreadable();
        if rejected as f64 <= self.options.rejected * rows.max(at_least) as f64 {
            return Ok(());
        }
        let (limit, reasons) = (100.0 * self.options.rejected, self.rejects.counts());
        Err(IntakeError::TooManyRejects { rejected, rows, limit, reasons })
    }

    fn finish(
        self,
        codes: &Codes,
        destination: &Destination,
        source: &Source,
        mut said: Said,
    ) -> Result<Imported, IntakeError> {
        self.limit(0)?;
        let refused = |source| destination.refused(source);
        let Self { options, progress, sorter, rejects, read, texts, sources, backwards, .. } = self;
        let rejects = rejects.finish().map_err(refused)?;
        let symbols = codes.names();
        let names = said.names.take().unwrap_or_else(|| symbols.clone());
        let spellings = Spellings::of(&names, &symbols);
        said.rename(&spellings);
        let names: Vec<Arc<str>> = names.iter().map(|name| spellings.name(name)).collect();
        let (mut names, conversions) = options.units.applied(&names)?;
        let mut chronology = Chronology::new(&names, options.odd_times);
        if let Some(name) = names.iter_mut().find(|name| ***name == *BIRTH_OF_YEAR) {
            *name = Arc::from(BIRTH);
            let known = said.described.remove(BIRTH_OF_YEAR).unwrap_or_default();
            said.described.entry(BIRTH.to_owned()).or_insert(known);
        }
        let shape = Shape { shard: options.shard.max(1), texts, sources, threads: options.threads };
        let sorted = sorter.finish().map_err(refused)?;
        let data = destination.folder().join("data");
        let written = dataset::write(sorted, &names, &conversions, &mut chronology, shape, &data, |events| {
            progress(Progress::Written(events))
        });
        let written = written.map_err(refused)?;
        if written.events == 0 {
            return Err(IntakeError::NothingToImport {
                expected: "event that could be read",
                path: source.shown(),
            });
        }
        said.notes.extend(spellings.told(&written));
        said.notes.extend(options.units.judged(&names, &written)?);
        said.notes.extend(ended_before(&backwards));
        said.notes.extend(chronology.notes(&names));
        if written.again > 0 {
            said.notes.push(format!(
                "{} events are there more than once, with the same subject, time, code and value; all are kept",
                written.again
            ));
        }
        let program = format!("bedside import {}", source.word());
        metadata::write(destination.folder(), options, &program, &names, &written, &said).map_err(refused)?;
        if !said.labels.is_empty() {
            crate::meds::write_labels(destination.folder().join(LABELS), &said.labels)?;
        }
        if let Some((path, _)) = &said.labels_file {
            let copied = std::fs::copy(path, destination.folder().join(LABELS))
                .and_then(|_| std::fs::File::open(destination.folder().join(LABELS)))
                .and_then(|copy| copy.sync_all());
            copied.map_err(refused)?;
        }
        // Two numbers may have one name.
        let used: HashSet<&str> = names
            .iter()
            .zip(&written.of_code)
            .filter(|(_, events)| **events > 0)
            .map(|(name, _)| &**name)
            .collect();
        Ok(Imported {
            read: read.into_iter().map(|(file, rows)| (file.to_string(), rows)).collect(),
            events: written.events,
            subjects: written.subjects.len() as u64,
            codes: used.len() as u64,
            labels: said.labels_file.map_or(said.labels.len() as u64, |(_, rows)| rows),
            shards: written.shards,
            rejects,
            notes: said.notes,
        })
    }
}

/// What there is to say of records that end before they begin.
fn ended_before(files: &[(Arc<str>, u64)]) -> Option<String> {
    let total: u64 = files.iter().map(|(_, records)| records).sum();
    let mut most: Vec<&(Arc<str>, u64)> = files.iter().collect();
    most.sort_by_key(|(_, records)| std::cmp::Reverse(*records));
    let mut words: Vec<String> =
        most.iter().take(3).map(|(file, records)| format!("{records} in `{file}`")).collect();
    if most.len() > 3 {
        words.push(format!("the others in {} more files", most.len() - 3));
    }
    let end = if total == 1 { "record ends before it begins" } else { "records end before they begin" };
    (total > 0).then(|| format!("{total} {end} ({}); both times are kept", words.join(", ")))
}

/// Whether a source is a database rather than a path: `postgres://user@host:port/database?schema=cdm,vocabulary`. What the
/// address leaves out comes from the variables that PostgreSQL's own programs read (`PGHOST`, `PGPASSWORD` …) and from
/// `~/.pgpass`; a password in it is refused.
///
/// ```
/// use bedside_intake::import::is_database;
/// assert!(is_database("postgres://reader@db.example/omop?schema=cdm".as_ref()));
/// assert!(!is_database("omop/".as_ref()));
/// ```
#[must_use]
pub fn is_database(source: &Path) -> bool {
    rows::is_address(source)
}

/// A source as it may be shown: a path, or where a database is, without its user.
#[must_use]
pub fn shown(source: &Path) -> String {
    let address = rows::is_address(source).then(|| rows::Address::parse(source));
    match address {
        None => source.display().to_string(),
        Some(Ok(address)) => address.shown(),
        Some(Err(_)) => "PostgreSQL".to_owned(),
    }
}

impl Source {
    fn shown(&self) -> String {
        match self {
            Self::Meds(path) | Self::Long(path, _) | Self::Omop(path) | Self::Fhir(path) => shown(path),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Meds(_) => "meds",
            Self::Long(..) => "long",
            Self::Omop(_) => "omop",
            Self::Fhir(_) => "fhir",
        }
    }
}
