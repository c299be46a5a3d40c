//! The program from outside, and the shape of the workspace.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test may stop at what should not be")]

mod arrows;
mod habits;
