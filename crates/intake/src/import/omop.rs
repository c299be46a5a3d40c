//! The OMOP Common Data Model, versions 5.3 and 5.4 (<https://ohdsi.github.io/CommonDataModel/>), as a folder of CSV or
//! Parquet tables, or as a PostgreSQL database.
//!
//! An event's code is its standard concept as `vocabulary/code` (`SNOMED/192671`, `RxNorm/1118084`, `LOINC/2160-0`); where
//! there is none (or where source concepts are asked for), its source concept; where there is none either,
//! `unmapped/condition/` and the source value. Units come
//! after the code (`LOINC/2160-0//mg/dL`), then a value that is a concept. What ends after it began has a second event, with
//! `//END`.
//!
//! Concepts are numbers until all events have been read; then the vocabulary is read once, and only the names that are
//! needed are kept, so that its millions of concepts take no memory.

use std::path::Path;

use super::rows::SourceTable;
use super::{Door, Said};
use crate::IntakeError;

mod concepts;
mod event_table;
mod files;
mod person;
mod symbol;
mod tables;
mod timing;

use event_table::EventTable;
use files::Tables;
use person::PersonTable;
use tables::TABLES;
use timing::Midnights;

pub(super) fn read(path: &Path, door: &mut Door<'_>) -> Result<Said, IntakeError> {
    let stored = Tables::open(path)?;
    let persons = stored.tables("person")?;
    if persons.is_empty() {
        return Err(IntakeError::NothingToImport { expected: stored.expected(), path: super::shown(path) });
    }
    door.learning = true;
    for table in &persons {
        let (reader, wanted) = PersonTable::new(table, door.codes)?;
        door.table(table, &wanted, &reader)?;
    }
    door.learning = false;
    let known = std::mem::take(&mut door.known);
    let mut days = Vec::new();
    for described in TABLES {
        for table in &stored.tables(described.file)? {
            let midnights = Midnights::of(table, described)?;
            if midnights.iter().any(|column| column.is_day()) {
                days.push(format!("`{}`", table.name()));
            }
            let (reader, wanted) =
                EventTable::new(table, described, midnights, door.options.source_codes, door.codes, &known)?;
            door.table(table, &wanted, &reader)?;
        }
    }
    let mut said = concepts::resolve(&stored, &door.codes.names(), door.options.threads)?;
    if !days.is_empty() {
        let days = days.join(", ");
        said.notes
            .insert(0, format!("most times are midnight, so midnight is read as \"that day\", in {days}"));
    }
    Ok(said)
}

/// The slots of columns by name, whatever their case; a column that may be missing has none.
struct Slots<'t> {
    table: &'t SourceTable,
    wanted: Vec<Option<usize>>,
}

impl<'t> Slots<'t> {
    fn new(table: &'t SourceTable) -> Self {
        Self { table, wanted: Vec::new() }
    }

    fn may(&mut self, column: &str) -> usize {
        self.any(&[column])
    }

    /// The first of some names that is there.
    fn any(&mut self, columns: &[&str]) -> usize {
        let find =
            |wanted: &&str| self.table.columns().iter().position(|name| name.eq_ignore_ascii_case(wanted));
        self.wanted.push(columns.iter().find_map(find));
        self.wanted.len() - 1
    }

    fn must(&mut self, column: &str) -> Result<usize, IntakeError> {
        let slot = self.may(column);
        if self.wanted[slot].is_none() {
            self.table.place(column)?;
        }
        Ok(slot)
    }
}
