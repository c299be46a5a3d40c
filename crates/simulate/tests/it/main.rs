//! What the simulated tables are like.

#![expect(clippy::unwrap_used, reason = "a test says what it expects")]

mod determinism;
mod hospital;
mod measure;
mod readmission;
mod table;
