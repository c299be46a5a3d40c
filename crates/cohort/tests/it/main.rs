//! The task language against its reference implementation, and on its own.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at what should not be")]

mod aces;
mod comorbidity;
mod corners;
mod features;
mod flow;
mod groups;
mod matching;
mod outcomes;
mod pandas;
mod properties;
mod records;
mod same_day;
mod wrong_tasks;
