//! Whatever is in a bundle, opening it gives a bundle or an error. The bytes are tried as a file, and as members that were
//! sealed with right hashes, so that what lies behind the hashes is reached too.
#![no_main]

use std::collections::BTreeMap;

use bedside_study::bundle::{Arrays, Bundle, archive};
use libfuzzer_sys::fuzz_target;

const MEMBERS: [&str; 7] = [
    "study.toml",
    "recipe.json",
    "models.json",
    "model-0.safetensors",
    "reference.json",
    "report.json",
    "card.md",
];

fuzz_target!(|bytes: &[u8]| {
    let _ = Bundle::open(bytes.to_vec());
    let _ = Arrays::from_bytes(bytes);
    // Members are parted by a byte that does not occur in text.
    let parts = bytes.split(|&b| b == 0xFF);
    let members: BTreeMap<String, Vec<u8>> =
        MEMBERS.iter().zip(parts).map(|(name, part)| ((*name).to_owned(), part.to_vec())).collect();
    if let Ok((_, sealed)) = archive::seal("fuzz", BTreeMap::new(), &members) {
        let _ = Bundle::open(sealed);
    }
});
