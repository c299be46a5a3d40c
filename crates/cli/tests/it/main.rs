//! The program from outside, and the shape of the workspace.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at what should not be")]

mod arrows;
mod bundles;
mod cohorts;
mod duplicates;
mod event_study;
mod features;
mod habits;
mod identifiers;
mod imports;
mod interrupted;
mod leaks;
mod live_ward;
mod not_estimable;
mod program;
mod real_data;
mod records;
mod three_roads;
mod whole_path;
mod wrong_input;
