//! Whatever is in a bundle, opening it gives a bundle or an error, and what was opened can be shown, can score and can give
//! reasons. The first byte says what the rest is: a whole file, or one member of a sound bundle, sealed again with
//! the right hashes so that what lies behind them is reached too. `fuzz/seeds` makes the sound bundle.
#![no_main]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use bedside_intake::{ReadOptions, read_bytes};
use bedside_study::bundle::{Arrays, Bundle, archive};
use libfuzzer_sys::fuzz_target;

struct Sound {
    facts: BTreeMap<String, String>,
    members: BTreeMap<String, Vec<u8>>,
    rows: Vec<u8>,
}

static SOUND: LazyLock<Sound> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/sound");
    let read = |name: &str| std::fs::read(folder.join(name)).expect("run fuzz/seeds first");
    let (manifest, members) = archive::open(&read("model.bedside")).expect("a sound bundle");
    Sound { facts: manifest.facts, members, rows: read("rows.csv") }
});

fn ask(bundle: &Bundle) {
    let _ = (bundle.describe().len(), bundle.describe_json(), bundle.card().len());
    let options = ReadOptions { format: Some(bedside_intake::Format::Csv), ..bundle.read_options() };
    let Ok(frame) = read_bytes("rows.csv", &SOUND.rows, &options) else { return };
    let names: Vec<&str> = bundle.models().iter().map(|(name, _)| name.as_str()).collect();
    for name in names {
        if let Ok(scored) = bundle.score(&frame, Some(name)) {
            assert_eq!(scored.scores.len(), frame.rows());
        }
        let _ = bundle.explain(&frame, Some(name));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, rest)) = bytes.split_first() else { return };
    let sound = &*SOUND;
    let file = match sound.members.keys().nth(usize::from(choice)) {
        None => rest.to_vec(),
        Some(name) => {
            let _ = Arrays::from_bytes(rest);
            let mut members = sound.members.clone();
            members.insert(name.clone(), rest.to_vec());
            match archive::seal("fuzz", sound.facts.clone(), &members) {
                Ok((_, sealed)) => sealed,
                Err(_) => return,
            }
        }
    };
    if let Ok(bundle) = Bundle::open(file) {
        ask(&bundle);
    }
});
