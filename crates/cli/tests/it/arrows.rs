//! Which room may use which: this table is the rule, the manifests are checked against it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ARROWS: &[(&str, &[&str])] = &[
    ("chart", &[]),
    ("table", &[]),
    ("intake", &["chart", "table"]),
    ("simulate", &["chart", "table"]),
    ("cohort", &["chart", "table"]),
    ("impute", &["table"]),
    ("models", &["table"]),
    ("validate", &["table"]),
    ("study", &["chart", "table", "intake", "cohort", "impute", "models", "validate"]),
    ("cli", &["study", "simulate", "intake", "cohort", "table", "chart"]),
];

fn crates() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The rooms that a manifest names under `[dependencies]` (not under `[dev-dependencies]`, which ship nowhere).
fn uses(manifest: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside =
                line == "[dependencies]" || line.starts_with("[target.") && line.ends_with(".dependencies]");
        } else if inside && let Some(rest) = line.strip_prefix("bedside-") {
            let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            found.insert(name);
        }
    }
    found
}

fn violations(room: &str, manifest: &str) -> Vec<String> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("`{room}` is not in the table of arrows")];
    };
    uses(manifest)
        .into_iter()
        .filter(|used| !allowed.contains(&used.as_str()))
        .map(|used| format!("`{room}` must not depend on `{used}`"))
        .collect()
}

#[test]
fn every_arrow_is_allowed() {
    let mut wrong = Vec::new();
    let mut rooms = BTreeSet::new();
    for entry in fs::read_dir(crates()).unwrap() {
        let folder = entry.unwrap().path();
        if let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) {
            let room = folder.file_name().unwrap().to_str().unwrap().to_owned();
            wrong.extend(violations(&room, &manifest));
            rooms.insert(room);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let listed: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed, rooms, "the table of arrows and the folders under crates/ differ");
}

#[test]
fn a_forbidden_arrow_is_noticed() {
    let manifest =
        "[dependencies]\nbedside-table.workspace = true\nbedside-intake = { path = \"../intake\" }\n";
    assert_eq!(violations("models", manifest), ["`models` must not depend on `intake`"]);
    let only_for_tests = "[dev-dependencies]\nbedside-intake.workspace = true\n";
    assert!(violations("models", only_for_tests).is_empty());
}
