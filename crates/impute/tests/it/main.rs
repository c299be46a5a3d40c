//! What the crate promises, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test says what it expects")]

mod compile_fail;
mod conformance;
mod damaged;
mod encode;
mod oracle;
mod properties;
mod table;
