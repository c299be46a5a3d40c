//! From the text of resources to events.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bedside_chart::{Codes, SubjectNumber};
use memchr::memchr_iter;

use super::bundle::{self, Around};
use super::code::Symbol;
use super::desk::Desk;
use super::fields::{Blame, Fields};
use super::medication::Medications;
use super::resource::Resource;
use super::tally::Tally;
use super::versions::{Place, Versions};
use super::{encounter, event, kinds, patient};
use crate::import::Gathered;
use crate::import::rejects::Reject;
use crate::import::rows::{Bad, Piece};

/// What the workers share.
pub(super) struct Reader<'c> {
    pub(super) codes: &'c Codes,
    /// Those of files of their own.
    pub(super) medications: &'c Medications,
    /// The systems whose codes go before those of others.
    pub(super) preferred: &'c [String],
    versions: Versions,
    tally: Mutex<Tally>,
    /// What codes are called.
    called: Mutex<HashMap<String, String>>,
}

impl<'c> Reader<'c> {
    pub(super) fn new(
        codes: &'c Codes,
        medications: &'c Medications,
        preferred: &'c [String],
        versions: Versions,
    ) -> Self {
        Self { codes, medications, preferred, versions, tally: Mutex::default(), called: Mutex::default() }
    }

    pub(super) fn desk(&self) -> Desk<'_> {
        Desk::new(self)
    }

    /// What was counted, what codes are called, and what is known of versions.
    pub(super) fn into_known(self) -> (Tally, HashMap<String, String>, Versions) {
        let called = self.called.into_inner().unwrap_or_else(PoisonError::into_inner);
        (self.tally.into_inner().unwrap_or_else(PoisonError::into_inner), called, self.versions)
    }

    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a resource that says of itself that it is no event.
    pub(super) fn count_void(&self, kind: &'static str) {
        *self.tally().void.entry(kind).or_default() += 1;
    }

    /// Counts what was written down long after it began.
    pub(super) fn count_late(&self) {
        self.tally().late += 1;
    }

    /// A symbol with the code that is preferred; what it is beside is counted.
    pub(super) fn chosen(&self, symbol: Symbol) -> Symbol {
        if symbol.others.is_empty() {
            return symbol;
        }
        let symbol = symbol.preferring(self.preferred);
        let system = |name: &str| name.split('/').next().unwrap_or_default().to_owned();
        let mut tally = self.tally();
        for (other, _) in &symbol.others {
            *tally.beside.entry(format!("{} beside {}", system(other), system(&symbol.name))).or_default() +=
                1;
        }
        drop(tally);
        symbol
    }

    /// Counts a value that is not read.
    pub(super) fn count_value(&self, field: &'static str) {
        *self.tally().values.entry(field).or_default() += 1;
    }

    /// Changes what a code is called.
    pub(super) fn call(&self, code: &str, change: impl FnOnce(&mut String) -> bool) {
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        change(called.entry(code.to_owned()).or_default());
    }

    /// Reads lines, each with a resource or a bundle.
    pub(super) fn lines(&self, desk: &mut Desk<'_>, file: usize, piece: &Piece, into: &mut Gathered) {
        let ends = memchr_iter(b'\n', &piece.bytes).chain([piece.bytes.len()]);
        let mut start = 0;
        for (line, end) in (piece.line..).zip(ends) {
            let bytes = piece.bytes.get(start..end).unwrap_or_default().trim_ascii();
            start = end + 1;
            if !bytes.is_empty() {
                self.json(desk, bytes, (file, Some(line)), into);
            }
        }
    }

    /// Reads a file that is a bundle or a resource. What is JSON and has no type at all is passed over: beside a bulk
    /// export there may be its manifest.
    pub(super) fn document(
        &self,
        desk: &mut Desk<'_>,
        file: usize,
        name: &str,
        bytes: &[u8],
        into: &mut Gathered,
    ) {
        let fields = std::str::from_utf8(bytes).ok().and_then(|json| Fields::parse(json).ok());
        if fields.is_some_and(|fields| !fields.has("resourceType")) {
            self.tally().strangers.insert(name.to_owned());
        } else {
            self.json(desk, bytes, (file, None), into);
        }
    }

    /// Reads a bundle or a resource. What is wrong with an entry of a bundle is told by the line, where there are lines,
    /// and else by the number of the entry.
    fn json(
        &self,
        desk: &mut Desk<'_>,
        bytes: &[u8],
        (file, line): (usize, Option<u64>),
        into: &mut Gathered,
    ) {
        let whole =
            std::str::from_utf8(bytes).map_err(|_| Blame::whole(Bad::NotText)).and_then(Resource::parse);
        let resources = match whole {
            Ok(bundle) if bundle.kind.as_str() == "Bundle" => bundle::resources(&bundle.fields),
            whole => Ok(vec![whole.map(Some)]),
        };
        let resources = resources.unwrap_or_else(|blame| vec![Err(blame)]);
        let around = if resources.len() > 1 { Around::of(&resources) } else { Around::default() };
        for (number, resource) in (1..).zip(&resources) {
            if matches!(resource, Ok(None)) {
                continue;
            }
            into.rows += 1;
            let before = into.entries.list().len();
            let read = match resource {
                Ok(Some(resource)) => {
                    let place = Place { file, line: line.unwrap_or(0), entry: number };
                    if self.versions.take(resource, || subject(resource, &around), place) {
                        self.resource(desk, resource, &around, into)
                    } else {
                        self.tally().older += u64::from(self.versions.is_known());
                        Ok(())
                    }
                }
                Ok(None) => Ok(()),
                Err(blame) => Err(*blame),
            };
            if let Err(blame) = read {
                into.entries.truncate(before);
                let line = line.unwrap_or(number);
                into.rejects.push(Reject { line, column: blame.path(), bad: blame.bad });
            }
        }
    }

    fn resource(
        &self,
        desk: &mut Desk<'_>,
        resource: &Resource<'_>,
        around: &Around<'_>,
        into: &mut Gathered,
    ) -> Result<(), Blame> {
        let kind = resource.kind.as_str();
        match kind {
            "Patient" => patient::read(resource, desk, into),
            "Encounter" => encounter::read(&resource.fields, around, desk, into),
            // It is read for those that refer to it.
            "Medication" => Ok(()),
            _ => match kinds::of(kind) {
                Some(found) => event::read(&resource.fields, found, around, desk, into),
                None => {
                    *self.tally().unread.entry(kind.to_owned()).or_default() += 1;
                    Ok(())
                }
            },
        }
    }
}

/// Whose a resource is, if it says so.
fn subject(resource: &Resource<'_>, around: &Around<'_>) -> Option<SubjectNumber> {
    let field = match resource.kind.as_str() {
        "Patient" => return bundle::own_subject(resource).ok(),
        kind => kinds::of(kind).map_or("subject", |kind| kind.subject),
    };
    around.subject(&resource.fields, field).ok()
}
