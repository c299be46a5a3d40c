//! What the judge promises, seen from outside.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects")]

mod degenerate;
mod held_out;
mod intervals;
mod oracle;
mod properties;
