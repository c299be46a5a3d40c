//! The study file, the one path, the bundle and the report.

pub mod bundle;
pub mod report;
pub mod spec;
