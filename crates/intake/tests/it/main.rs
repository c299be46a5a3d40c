//! The door as its users meet it.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop, and says what it skips")]

mod damaged;
mod event_files;
mod fhir;
mod files;
mod import;
mod int96;
mod known_sets;
mod sparse;
mod there_and_back;
