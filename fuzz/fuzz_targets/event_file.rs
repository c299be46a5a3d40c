//! Whatever stands in a Parquet file, reading it as events gives every subject once, or an error. The input is a file, or,
//! unless it begins as one, damage to a sound file: three bytes each, where (two bytes) and what.
#![no_main]

use std::sync::LazyLock;

use bedside_intake::fuzzing::{events, sound_events};
use libfuzzer_sys::fuzz_target;

static SOUND: LazyLock<Vec<u8>> = LazyLock::new(sound_events);

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PAR1") {
        return events(bytes);
    }
    let mut damaged = SOUND.clone();
    for damage in bytes.chunks_exact(3) {
        let place = usize::from(u16::from_le_bytes([damage[0], damage[1]])) % damaged.len();
        damaged[place] ^= damage[2];
    }
    events(&damaged);
});
