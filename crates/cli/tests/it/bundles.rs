//! A bundle that is not what was sealed is refused.

use crate::program::{Place, text};

#[test]
fn cut_changed_and_newer_bundles_are_refused() {
    let place = Place::new();
    let done = place.call(&["run", "study.toml", "--out", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let whole = place.bytes("out/model.bedside");
    let refused = |bytes: &[u8], what: &str| {
        std::fs::write(place.path("bad.bedside"), bytes).unwrap();
        for arguments in [vec!["inspect", "bad.bedside"], vec!["predict", "bad.bedside", "table.csv"]] {
            let tried = place.call(&arguments);
            assert_eq!(tried.status.code(), Some(2), "{what}: {}", text(&tried));
            assert!(tried.stdout.is_empty(), "{what}");
        }
    };
    for part in [0, 1, 100, whole.len() / 2, whole.len() - 1] {
        refused(&whole[..part], &format!("cut to {part} bytes"));
    }
    for step in 1..40 {
        let mut changed = whole.clone();
        let at = whole.len() * step / 40;
        changed[at] ^= 0x10;
        refused(&changed, &format!("byte {at} changed"));
    }
    refused(b"PK\x03\x04 and then nothing", "no bundle at all");
    let unknown = place.call(&["inspect", "nowhere.bedside"]);
    assert_eq!(unknown.status.code(), Some(2), "{}", text(&unknown));
}
