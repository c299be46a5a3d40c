//! No identifier of a patient leaves in anything that is written or printed.

use crate::program::{Place, text};

/// Looks like nothing else, so that a search cannot find it by chance.
const PLANTED: [&str; 3] = ["PATIENTZQX0", "PATIENTZQX1", "ENCOUNTERZQX"];

/// The simulated table with planted identifiers in place of the simulated ones.
fn planted(place: &Place) -> String {
    let table = place.read("table.csv");
    let mut lines = table.lines();
    let mut text = format!("{}\n", lines.next().unwrap());
    for line in lines {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        cells[0] = format!("ENCOUNTERZQX{}", cells[0]);
        cells[1] = format!("PATIENTZQX{}", cells[1]);
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

fn clean(what: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for id in PLANTED {
        assert!(!text.contains(id), "{what} holds {id}");
    }
}

#[test]
fn outputs_hold_no_identifier() {
    let place = Place::new();
    place.write("table.csv", &planted(&place));
    let done = place.call(&["run", "study.toml", "--out", "out", "-vv"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    clean("standard output", &done.stdout);
    clean("standard error", &done.stderr);
    for name in place.list("out") {
        clean(&name, &place.bytes(&format!("out/{name}")));
    }
    let opened = place.call(&["inspect", "out/model.bedside", "--json"]);
    assert!(opened.status.success());
    clean("inspect", &opened.stdout);
    // Where the file is compressed, what is inside counts: every member, as `inspect` and the archive show it.
    let archive = zip_members(&place.bytes("out/model.bedside"));
    assert!(archive.len() > 5);
    archive.iter().for_each(|(name, bytes)| clean(name, bytes));
}

fn zip_members(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut member = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).unwrap();
            (member.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

#[test]
fn errors_hold_no_identifier() {
    let place = Place::new();
    let table = planted(&place);
    let line_with = |number: usize, change: &dyn Fn(&mut Vec<String>)| {
        let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
        let mut cells: Vec<String> = lines[number].split(',').map(str::to_owned).collect();
        change(&mut cells);
        lines[number] = cells.join(",");
        lines.join("\n")
    };
    let first = table.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let cases: [(&str, String); 3] = [
        ("a row id twice", line_with(7, &|cells| cells[0].clone_from(&first))),
        ("no patient", line_with(7, &|cells| cells[1].clear())),
        ("a field too many", line_with(7, &|cells| cells.push("PATIENTZQX0".to_owned()))),
    ];
    for (what, table) in cases {
        place.write("table.csv", &table);
        for arguments in [vec!["run", "study.toml", "--out", "out"], vec!["check", "study.toml"]] {
            let tried = place.call(&arguments);
            assert_eq!(tried.status.code(), Some(2), "{what}: {}", text(&tried));
            clean(what, text(&tried).as_bytes());
        }
    }
}
