//! A data set of subjects that are handed over one by one, in order.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use bedside_chart::{Codes, Events};

use super::chronology::Chronology;
use super::dataset::{self, Ordered, Shape};
use super::destination::Destination;
use super::entries::{Entries, Entry, Event};
use super::{ImportOptions, OddTimes, Said, metadata};
use crate::IntakeError;
use crate::meds::Known;
use crate::output::write_whole;

/// A data set in the MEDS format while it is being written. It appears whole at [`NewDataSet::commit`], or not at all.
///
/// ```
/// use bedside_chart::{Codes, Events, Instant, SubjectNumber};
/// use bedside_intake::import::{ImportOptions, NewDataSet};
/// let folder = tempfile::tempdir()?;
/// let codes = Codes::default();
/// let pulse = codes.id("LOINC/8867-4///min")?;
/// let subjects = (1..=3).map(|number| {
///     let mut events = Events::new(SubjectNumber::new(number));
///     events.push(Some(Instant::from_micros(0)), pulse, Some(70.0));
///     events
/// });
/// let data = NewDataSet::begin(&folder.path().join("events"), false)?;
/// let stored = data.write("my program", subjects, &codes, &[], &ImportOptions::default(), &mut |_| {})?;
/// data.file("README.txt", b"made up")?;
/// data.commit()?;
/// assert_eq!((stored.events, stored.subjects), (3, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct NewDataSet {
    destination: Destination,
}

/// What is known of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeNote {
    /// The code.
    pub code: String,
    /// In words.
    pub description: String,
    /// The codes one level above it.
    pub parents: Vec<String>,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// Events.
    pub events: u64,
    /// Subjects.
    pub subjects: u64,
    /// Shards.
    pub shards: usize,
}

impl NewDataSet {
    /// Begins a data set in a folder. With `replace`, a data set that is there gives way at the end.
    ///
    /// # Errors
    /// [`IntakeError::Taken`], [`IntakeError::InUse`], [`IntakeError::NotADataSet`] and what else can be wrong with a folder.
    pub fn begin(folder: &Path, replace: bool) -> Result<Self, IntakeError> {
        Ok(Self { destination: Destination::begin(folder, replace)? })
    }

    /// Writes all subjects: each once, in the order of their numbers, the events of each in any order. They are asked for one
    /// by one and let go of again, so that their number does not matter. Their codes must be of the table `codes`. `program` is what made them; of the options, name,
    /// threads, shard and seed count.
    ///
    /// # Errors
    /// [`IntakeError::SubjectsOutOfOrder`], [`IntakeError::DiskFull`], [`IntakeError::Io`].
    pub fn write(
        &self,
        program: &str,
        subjects: impl Iterator<Item = Events> + Send,
        codes: &Codes,
        notes: &[CodeNote],
        options: &ImportOptions,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Stored, IntakeError> {
        let refused = |source| self.destination.refused(source);
        let names = codes.names();
        let shape =
            Shape { shard: options.shard.max(1), texts: false, sources: false, threads: options.threads };
        let conversions = vec![None; names.len()];
        let mut given = Given::new(subjects);
        let data = self.destination.folder().join("data");
        let mut chronology = Chronology::new(&names, OddTimes::Keep);
        let written =
            dataset::write(&mut given, &names, &conversions, &mut chronology, shape, &data, progress);
        if let Some(before) = given.astray {
            let path = self.destination.place().display().to_string();
            return Err(IntakeError::SubjectsOutOfOrder { path, before });
        }
        let written = written.map_err(refused)?;
        let described = notes.iter().map(|note| {
            let parents: BTreeSet<String> = note.parents.iter().cloned().collect();
            (note.code.clone(), Known { description: Some(note.description.clone()), parents })
        });
        let said = Said { described: described.collect(), ..Said::default() };
        metadata::write(self.destination.folder(), options, program, &names, &written, &said)
            .map_err(refused)?;
        let subjects = written.subjects.len() as u64;
        Ok(Stored { events: written.events, subjects, shards: written.shards })
    }

    /// Puts a file beside the data.
    ///
    /// # Errors
    /// [`IntakeError::DiskFull`], [`IntakeError::Io`].
    pub fn file(&self, name: &str, bytes: &[u8]) -> Result<(), IntakeError> {
        write_whole(self.destination.folder().join(name), bytes)
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// [`IntakeError::DiskFull`], [`IntakeError::Io`].
    pub fn commit(self) -> Result<(), IntakeError> {
        self.destination.commit()
    }
}

/// The entries of one subject after the other.
struct Given<I> {
    subjects: I,
    held: Entries,
    next: usize,
    last: Option<i64>,
    before: u64,
    /// How many subjects came before one that does not ascend.
    astray: Option<u64>,
}

impl<I: Iterator<Item = Events> + Send> Given<I> {
    fn new(subjects: I) -> Self {
        let mut given =
            Self { subjects, held: Entries::default(), next: 0, last: None, before: 0, astray: None };
        given.fill();
        given
    }

    /// Takes the next subject that has events.
    fn fill(&mut self) {
        self.held.clear();
        self.next = 0;
        while self.held.list().is_empty() && self.astray.is_none() {
            let Some(mut events) = self.subjects.next() else { return };
            let subject = events.subject();
            if self.last.is_some_and(|last| last >= subject.expose()) {
                self.astray = Some(self.before);
                return;
            }
            self.last = Some(subject.expose());
            self.before += 1;
            let timeline = events.timeline();
            let mut add = |time, code, value| {
                self.held.add(&Event { subject, time, code, value, text: None, source: None });
            };
            timeline.untimed().for_each(|(code, value)| add(None, code, value));
            for (place, time) in timeline.times().iter().enumerate() {
                add(Some(*time), timeline.code(place), timeline.value(place));
            }
        }
    }
}

impl<I: Iterator<Item = Events> + Send> Ordered for &mut Given<I> {
    fn next_key(&self) -> Option<(i64, i64)> {
        self.held.list().get(self.next).map(|entry| (entry.subject, entry.time))
    }

    fn next(&mut self, take: impl FnOnce(Entry, &[u8])) -> io::Result<bool> {
        let Some(&entry) = self.held.list().get(self.next) else { return Ok(false) };
        take(entry, &[]);
        self.next += 1;
        if self.next == self.held.list().len() {
            self.fill();
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use bedside_chart::{Instant, SubjectNumber};

    use super::*;

    fn write(numbers: &[i64], folder: &Path) -> Result<Stored, IntakeError> {
        let codes = Codes::default();
        let code = codes.id("A").unwrap();
        let subjects = numbers.iter().map(|&number| {
            let mut events = Events::new(SubjectNumber::new(number));
            events.push(Some(Instant::from_micros(2)), code, Some(1.5));
            events.push(Some(Instant::from_micros(1)), code, None);
            events
        });
        let data = NewDataSet::begin(folder, false)?;
        let stored = data.write("a test", subjects, &codes, &[], &ImportOptions::default(), &mut |_| {})?;
        data.commit().map(|()| stored)
    }

    #[test]
    fn subjects_that_do_not_ascend_are_refused_and_leave_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("set");
        for astray in [&[1, 3, 2][..], &[1, 3, 3]] {
            let refused = write(astray, &place);
            assert!(matches!(refused, Err(IntakeError::SubjectsOutOfOrder { before: 2, .. })), "{refused:?}");
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        }
        assert_eq!(write(&[-5, 1, 3], &place).unwrap(), Stored { events: 6, subjects: 3, shards: 1 });
    }
}
