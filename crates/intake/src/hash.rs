//! The fingerprint of a file.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// SHA-256 (FIPS 180-4) of some bytes as 64 lower-case hexadecimal digits.
///
/// ```
/// let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// assert_eq!(bedside_intake::sha256_hex(b""), empty);
/// ```
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
