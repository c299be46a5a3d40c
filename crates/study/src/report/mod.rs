//! The report: data, pictures and the page.
//!
//! [`data::ReportData`] holds every number; [`page`] draws one self-contained HTML file from nothing else, [`terminal`] a
//! short table, [`card()`] the model card and [`tripod()`] the checklist.
//!
//! ```
//! use bedside_study::report::{card, data::ReportData, page, terminal, tripod};
//!
//! let saved = r#"{
//!     "format": 1,
//!     "study": {
//!         "title": "Death in hospital", "question": "Who dies?", "intended_use": "Research.", "not_for": ["for triage"],
//!         "outcome": "hospdead = 1", "outcome_kind": "binary", "data": "simulated hospital", "simulated": true
//!     },
//!     "flow": [{ "label": "Rows read", "removed": 0, "rows": 100, "patients": null, "events": 26 }],
//!     "split": {
//!         "by": "row", "how": "by row, 20 % held out, 5 folds", "folds": 5, "exact_duplicates": 0, "near_duplicates": 0,
//!         "train": { "rows": 80, "patients": null, "events": 21, "mean": 0.2625 },
//!         "held_out": { "rows": 20, "patients": null, "events": 5, "mean": 0.25 }
//!     },
//!     "table_one": [], "findings": [], "models": [], "comparisons": [], "gates": [], "tripod": [],
//!     "manifest": {
//!         "version": "0.1.0", "seed": 1, "study_sha256": "", "data_sha256": [], "bundle_id": null, "study_toml": ""
//!     }
//! }"#;
//! let mut data: ReportData = serde_json::from_str(saved)?;
//! data.tripod = tripod(&data);
//! assert_eq!(data.tripod.len(), 52);
//! assert!(page(&data).contains("These data are simulated"));
//! assert!(terminal(&data, false).starts_with("Death in hospital"));
//! assert!(card(&data).starts_with("# Model card: Death in hospital"));
//! # Ok::<(), serde_json::Error>(())
//! ```

pub mod data;

mod card;
mod figure;
#[cfg(test)]
pub(crate) mod fixture;
mod markup;
pub(crate) mod number;
mod page;
mod picture;
mod section;
mod terminal;
mod tripod;
#[cfg(test)]
mod well_formed;

pub use card::card;
pub use page::page;
pub use terminal::terminal;
pub use tripod::tripod;

/// The measures of a judgement, by the names that the report gives them.
pub(crate) fn named_measures(
    judgement: &bedside_validate::Judgement,
) -> Vec<(&'static str, &bedside_validate::Estimate)> {
    section::measures(judgement).into_iter().map(|row| (row.name, row.estimate)).collect()
}
