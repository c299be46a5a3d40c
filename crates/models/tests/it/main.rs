//! What the crate promises, seen from outside.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod glm;
mod trees;
