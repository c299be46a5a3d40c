//! Events on their way into a data set.

use bedside_chart::{CodeId, Instant, SubjectNumber};

/// How an event without a time is kept: before every instant.
pub(super) const UNTIMED: i64 = i64::MIN;

/// An event as a reader sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Event<'a> {
    pub(super) subject: SubjectNumber,
    /// None: it holds at all times.
    pub(super) time: Option<Instant>,
    pub(super) code: CodeId,
    pub(super) value: Option<f64>,
    pub(super) text: Option<&'a str>,
    /// The code that the source had, if another was put in its place.
    pub(super) source: Option<CodeId>,
}

/// An event among [`Entries`], where its text lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) subject: i64,
    /// Microseconds, or [`UNTIMED`].
    pub(super) time: i64,
    /// Not a number: none.
    pub(super) value: f64,
    pub(super) code: u32,
    /// The code that the source had, counted from 1; 0: none.
    pub(super) source: u32,
    /// Its place among those that are held, so that events of one instant keep their order.
    place: u32,
    text_start: u32,
    text_length: u32,
}

impl Entry {
    /// What the order goes by.
    pub(super) fn key(&self) -> (i64, i64, u32) {
        (self.subject, self.time, self.place)
    }
}

/// Events and their texts.
#[derive(Debug, Default)]
pub(super) struct Entries {
    list: Vec<Entry>,
    texts: Vec<u8>,
}

impl Entries {
    pub(super) fn with_room(entries: usize) -> Self {
        Self { list: Vec::with_capacity(entries), texts: Vec::new() }
    }

    pub(super) fn list(&self) -> &[Entry] {
        &self.list
    }

    pub(super) fn list_mut(&mut self) -> &mut [Entry] {
        &mut self.list
    }

    pub(super) fn text(&self, entry: &Entry) -> &[u8] {
        let start = entry.text_start as usize;
        self.texts.get(start..start + entry.text_length as usize).unwrap_or_default()
    }

    /// The bytes of all texts.
    pub(super) fn text_bytes(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.texts.clear();
    }

    /// Forgets all but so many.
    pub(super) fn truncate(&mut self, entries: usize) {
        if let Some(first) = self.list.get(entries) {
            self.texts.truncate(first.text_start as usize);
            self.list.truncate(entries);
        }
    }

    /// Adds an event. A value that is not finite counts as none.
    pub(super) fn add(&mut self, event: &Event<'_>) {
        let entry = Entry {
            subject: event.subject.expose(),
            time: event.time.map_or(UNTIMED, |time| time.micros().max(UNTIMED + 1)),
            value: event.value.filter(|value| value.is_finite()).unwrap_or(f64::NAN),
            code: event.code.index() as u32,
            source: event.source.map_or(0, |code| code.index() as u32 + 1),
            place: 0,
            text_start: 0,
            text_length: 0,
        };
        self.push(entry, event.text.unwrap_or_default().as_bytes());
    }

    /// Takes an entry of elsewhere, and its text.
    pub(super) fn push(&mut self, entry: Entry, text: &[u8]) {
        let (place, start) = (self.list.len() as u32, self.texts.len() as u32);
        self.texts.extend_from_slice(text);
        self.list.push(Entry { place, text_start: start, text_length: text.len() as u32, ..entry });
    }

    pub(super) fn append(&mut self, other: &Self) {
        let (places, texts) = (self.list.len() as u32, self.texts.len() as u32);
        self.texts.extend_from_slice(&other.texts);
        self.list.extend(other.list.iter().map(|entry| Entry {
            place: places + entry.place,
            text_start: texts + entry.text_start,
            ..*entry
        }));
    }
}

/// An entry as it waits on the disk: its numbers, then its text.
pub(super) mod waiting {
    use std::io::{self, Read, Write};

    use super::Entry;

    const NUMBERS: usize = 36;

    pub(crate) fn write(out: &mut impl Write, entry: &Entry, text: &[u8]) -> io::Result<()> {
        let mut bytes = [0; NUMBERS];
        bytes[0..8].copy_from_slice(&entry.subject.to_le_bytes());
        bytes[8..16].copy_from_slice(&entry.time.to_le_bytes());
        bytes[16..24].copy_from_slice(&entry.value.to_bits().to_le_bytes());
        bytes[24..28].copy_from_slice(&entry.code.to_le_bytes());
        bytes[28..32].copy_from_slice(&entry.source.to_le_bytes());
        bytes[32..36].copy_from_slice(&(text.len() as u32).to_le_bytes());
        out.write_all(&bytes)?;
        out.write_all(text)
    }

    /// The next entry, its text in `text`; none at the end.
    pub(crate) fn read(from: &mut impl Read, text: &mut Vec<u8>) -> io::Result<Option<Entry>> {
        let mut bytes = [0; NUMBERS];
        let mut filled = 0;
        while filled < NUMBERS {
            match from.read(&mut bytes[filled..])? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => filled += more,
            }
        }
        let eight = |at: usize| {
            let mut part = [0; 8];
            part.copy_from_slice(&bytes[at..at + 8]);
            part
        };
        let four = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        text.clear();
        text.resize(four(32) as usize, 0);
        from.read_exact(text)?;
        Ok(Some(Entry {
            subject: i64::from_le_bytes(eight(0)),
            time: i64::from_le_bytes(eight(8)),
            value: f64::from_bits(u64::from_le_bytes(eight(16))),
            code: four(24),
            source: four(28),
            place: 0,
            text_start: 0,
            text_length: 0,
        }))
    }
}
