//! What was met and is not among the events.

use std::collections::{BTreeMap, BTreeSet};

/// Counts for the notes at the end. They do not depend on the order in which they are added.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Resources of types that are not read.
    pub(super) unread: BTreeMap<String, u64>,
    /// Resources, by type, that say that they are wrong, did not happen or have no value.
    pub(super) void: BTreeMap<&'static str, u64>,
    /// Conditions and allergies that were recorded more than a day after they began.
    pub(super) late: u64,
    /// Resources of which a later version is there.
    pub(super) older: u64,
    /// Values, by field, of kinds that are not read.
    pub(super) values: BTreeMap<&'static str, u64>,
    /// Patients that are dead since an unknown time.
    pub(super) undated: u64,
    /// Codings beside that which is the code of an event, by their systems.
    pub(super) beside: BTreeMap<String, u64>,
    /// Files that are not FHIR.
    pub(super) strangers: BTreeSet<String>,
}
