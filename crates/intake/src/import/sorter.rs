//! Events in any order become events in order, within a memory budget.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek};

use rayon::prelude::*;

use super::dataset::Ordered;
use super::entries::{Entries, Entry, waiting};

/// Sorts events by subject, then time (none first); those of one instant keep the order in which they came. What does not
/// fit waits on the disk in sorted runs, in files that have no name any more.
#[derive(Debug)]
pub(super) struct Sorter<F> {
    /// So many entries are held, and so many bytes of text.
    most: usize,
    most_text: usize,
    held: Entries,
    runs: Vec<File>,
    scratch: F,
}

impl<F: FnMut() -> io::Result<File>> Sorter<F> {
    /// Keeps within so many bytes; `scratch` opens a new file to wait in.
    pub(super) fn new(bytes: u64, scratch: F) -> Self {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).min(1 << 36);
        let most_text = (bytes / 4).clamp(1 << 12, 1 << 30);
        let most = ((bytes - bytes / 4) / size_of::<Entry>()).clamp(64, 1 << 31);
        Self { most, most_text, held: Entries::default(), runs: Vec::new(), scratch }
    }

    pub(super) fn add(&mut self, more: &Entries) -> io::Result<()> {
        let fits = self.held.list().len() + more.list().len() <= self.most
            && self.held.text_bytes() + more.text_bytes() <= self.most_text;
        if !fits && !self.held.list().is_empty() {
            self.spill()?;
        }
        if self.held.list().is_empty() && self.runs.len() == 1 {
            // It will be needed whole; growing it would take half as much again.
            self.held = Entries::with_room(self.most);
        }
        self.held.append(more);
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        self.held.list_mut().par_sort_unstable_by_key(Entry::key);
        let mut out = BufWriter::with_capacity(1 << 20, (self.scratch)()?);
        for entry in self.held.list() {
            waiting::write(&mut out, entry, self.held.text(entry))?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        self.held.clear();
        Ok(())
    }

    /// All of them, in order.
    pub(super) fn finish(mut self) -> io::Result<Sorted> {
        if !self.runs.is_empty() {
            self.spill()?;
            return Sorted::merged(self.runs);
        }
        self.held.list_mut().par_sort_unstable_by_key(Entry::key);
        Ok(Sorted::Held { entries: self.held, next: 0 })
    }
}

/// Events in order.
#[derive(Debug)]
pub(super) enum Sorted {
    /// All of them fitted.
    Held { entries: Entries, next: usize },
    /// Those of several runs.
    Merged { runs: Vec<Run>, order: BinaryHeap<Reverse<(i64, i64, usize)>> },
}

/// A sorted run and the entry that is next in it.
#[derive(Debug)]
pub(super) struct Run {
    file: BufReader<File>,
    entry: Entry,
    text: Vec<u8>,
}

impl Sorted {
    fn merged(files: Vec<File>) -> io::Result<Self> {
        let (mut runs, mut order) = (Vec::with_capacity(files.len()), BinaryHeap::new());
        for file in files {
            let (mut file, mut text) = (BufReader::with_capacity(1 << 18, file), Vec::new());
            let Some(entry) = waiting::read(&mut file, &mut text)? else { continue };
            // Earlier runs hold what came earlier.
            order.push(Reverse((entry.subject, entry.time, runs.len())));
            runs.push(Run { file, entry, text });
        }
        Ok(Self::Merged { runs, order })
    }
}

impl Ordered for Sorted {
    fn next(&mut self, take: impl FnOnce(Entry, &[u8])) -> io::Result<bool> {
        match self {
            Self::Held { entries, next } => {
                let Some(&entry) = entries.list().get(*next) else { return Ok(false) };
                take(entry, entries.text(&entry));
                *next += 1;
            }
            Self::Merged { runs, order } => {
                let Some(mut first) = order.peek_mut() else { return Ok(false) };
                let Reverse((_, _, place)) = *first;
                let run = &mut runs[place];
                take(run.entry, &run.text);
                match waiting::read(&mut run.file, &mut run.text)? {
                    Some(entry) => {
                        run.entry = entry;
                        *first = Reverse((entry.subject, entry.time, place));
                    }
                    None => {
                        std::collections::binary_heap::PeekMut::pop(first);
                    }
                }
            }
        }
        Ok(true)
    }

    fn next_key(&self) -> Option<(i64, i64)> {
        match self {
            Self::Held { entries, next } => {
                entries.list().get(*next).map(|entry| (entry.subject, entry.time))
            }
            Self::Merged { order, .. } => order.peek().map(|Reverse((subject, time, _))| (*subject, *time)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::entries::Event;
    use bedside_chart::{CodeId, Codes, Instant, SubjectNumber};
    use proptest::prelude::*;

    fn order(events: &[(i64, Option<i64>, u8)], bytes: u64, codes: &[CodeId]) -> Vec<(i64, i64, String)> {
        let mut sorter = Sorter::new(bytes, tempfile::tempfile);
        for part in events.chunks(7) {
            let mut entries = Entries::default();
            for (place, &(subject, time, code)) in part.iter().enumerate() {
                let text = format!("{code}-{place}");
                entries.add(&Event {
                    subject: SubjectNumber::new(subject),
                    time: time.map(Instant::from_micros),
                    code: codes[usize::from(code)],
                    value: Some(f64::from(code)),
                    text: Some(&text),
                    source: None,
                });
            }
            sorter.add(&entries).unwrap();
        }
        let (mut sorted, mut seen) = (sorter.finish().unwrap(), Vec::new());
        while sorted
            .next(|entry, text| {
                assert_eq!(entry.value, f64::from(entry.code));
                seen.push((entry.subject, entry.time, String::from_utf8(text.to_vec()).unwrap()));
            })
            .unwrap()
        {}
        seen
    }

    proptest! {
        #[test]
        fn runs_on_the_disk_give_what_memory_gives(
            events in prop::collection::vec((0_i64..6, prop::option::of(0_i64..5), 0_u8..4), 0..900),
        ) {
            let table = Codes::default();
            let codes: Vec<CodeId> = (0..4).map(|code| table.id(&code.to_string()).unwrap()).collect();
            let (all, little) = (order(&events, 1 << 24, &codes), order(&events, 0, &codes));
            prop_assert_eq!(&all, &little);
            // A stable sort is the definition.
            let mut expected: Vec<(i64, i64, String)> = events
                .chunks(7)
                .flat_map(|part| part.iter().enumerate())
                .map(|(place, &(s, t, c))| (s, t.unwrap_or(i64::MIN), format!("{c}-{place}")))
                .collect();
            expected.sort_by_key(|&(subject, time, _)| (subject, time));
            prop_assert_eq!(all, expected);
        }
    }
}
