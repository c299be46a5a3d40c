//! The study file, the one path, the bundle and the report.

pub mod report;
pub mod spec;
