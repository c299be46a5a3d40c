//! What a worker keeps: codes by name, and what they are called.

use std::collections::HashMap;
use std::sync::Arc;

use bedside_chart::{CodeId, Instant, SubjectNumber, Unit};

use super::code::Symbol;
use super::reader::Reader;
use crate::import::Gathered;
use crate::import::entries::Event;
use crate::import::rows::Bad;

/// A part of a code, and what it is called, if it has to be said.
pub(super) type Part<'p> = (&'p str, Option<&'p str>);

impl Symbol {
    pub(super) fn part(&self) -> Part<'_> {
        (&self.name, self.display.as_deref())
    }
}

/// Codes as a worker knows them, so that the table of all is seldom asked.
pub(super) struct Desk<'r> {
    pub(super) reader: &'r Reader<'r>,
    known: HashMap<String, (CodeId, String)>,
    /// Units in their one spelling, by what is written.
    units: HashMap<String, Arc<str>>,
    name: String,
    words: String,
}

impl<'r> Desk<'r> {
    pub(super) fn new(reader: &'r Reader<'r>) -> Self {
        Self {
            reader,
            known: HashMap::new(),
            units: HashMap::new(),
            name: String::new(),
            words: String::new(),
        }
    }

    /// A unit in its one spelling.
    pub(super) fn unit(&mut self, written: &str) -> Arc<str> {
        if let Some(unit) = self.units.get(written) {
            return Arc::clone(unit);
        }
        let unit: Arc<str> =
            Unit::new(written).map_or_else(|_| Arc::from(written), |unit| Arc::from(unit.code()));
        self.units.insert(written.to_owned(), Arc::clone(&unit));
        unit
    }

    /// A code of some parts, with `//` between them. Of what it is called, the first in the order of letters counts, so that
    /// it does not matter which worker comes first.
    fn code(&mut self, parts: &[Part<'_>]) -> Result<CodeId, Bad> {
        self.name.clear();
        self.words.clear();
        for (place, (part, called)) in parts.iter().enumerate() {
            self.name.push_str(if place > 0 { "//" } else { "" });
            self.name.push_str(part);
            if let Some(called) = called {
                self.words.push_str(if self.words.is_empty() { "" } else { ", " });
                self.words.push_str(called);
            }
        }
        if let Some((id, words)) = self.known.get_mut(&self.name) {
            if earlier(words, &self.words) {
                self.reader.call(&self.name, |words| earlier(words, &self.words));
            }
            return Ok(*id);
        }
        let id = self.reader.codes.id(&self.name).map_err(|_| Bad::NoCode)?;
        self.reader.call(&self.name, |words| earlier(words, &self.words));
        self.known.insert(self.name.clone(), (id, self.words.clone()));
        Ok(id)
    }
}

/// Takes other words, if they come earlier in the order of letters. Tells whether they did.
fn earlier(words: &mut String, other: &str) -> bool {
    let earlier = !other.is_empty() && (words.is_empty() || other < words.as_str());
    if earlier {
        words.replace_range(.., other);
    }
    earlier
}

/// Writes the events of one subject.
pub(super) struct Pen<'p, 'r> {
    pub(super) desk: &'p mut Desk<'r>,
    pub(super) into: &'p mut Gathered,
    pub(super) subject: SubjectNumber,
}

impl Pen<'_, '_> {
    /// An event without a value.
    pub(super) fn add(&mut self, time: Option<Instant>, parts: &[Part<'_>]) -> Result<(), Bad> {
        self.add_coded(time, parts, None, None, None)
    }

    /// An event whose thing has another code, too.
    pub(super) fn add_coded(
        &mut self,
        time: Option<Instant>,
        parts: &[Part<'_>],
        value: Option<f64>,
        text: Option<&str>,
        other: Option<&str>,
    ) -> Result<(), Bad> {
        let source = other.map(|other| self.desk.code(&[(other, None)])).transpose()?;
        self.into.sources |= source.is_some();
        let code = self.desk.code(parts)?;
        self.into.texts |= text.is_some();
        self.into.entries.add(&Event { subject: self.subject, time, code, value, text, source });
        Ok(())
    }
}
