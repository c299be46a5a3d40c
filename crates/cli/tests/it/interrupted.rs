//! What stops in the middle leaves nothing that could be taken for a result.
#![cfg(unix)]

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::program::{Place, STUDY, program, text};

#[test]
fn an_interrupted_run_leaves_what_was_there() {
    let place = Place::new();
    let long =
        STUDY.replace("trees = 20", "trees = 20000").replace("learning-rate = 0.2", "learning-rate = 0.001");
    place.write("study.toml", &long);
    std::fs::create_dir(place.path("out")).unwrap();
    place.write("out/model.bedside", "an earlier model");
    let child = place
        .command()
        .args(["run", "study.toml", "--out", "out"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(700));
    let signal = || Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(signal().success());
    std::thread::sleep(Duration::from_millis(300));
    // The second one does not wait for the step to end.
    signal();
    let ended = child.wait_with_output().unwrap();
    assert!(!ended.status.success());
    assert_ne!(ended.status.code(), Some(2), "{}", text(&ended));
    assert_eq!(place.list("out"), ["model.bedside"]);
    assert_eq!(place.read("out/model.bedside"), "an earlier model");
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let place = Place::new();
    std::fs::create_dir(place.path("out")).unwrap();
    place.write("out/report.json", "an earlier report");
    // No file may grow beyond 64 blocks: the report page does not fit, as on a disk that is full.
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" run study.toml --out out";
    let tried =
        Command::new("sh").args(["-c", script]).arg(program()).current_dir(place.path(".")).output().unwrap();
    assert_eq!(tried.status.code(), Some(1), "{}", text(&tried));
    assert_eq!(place.list("out"), ["report.json"], "{}", text(&tried));
    assert_eq!(place.read("out/report.json"), "an earlier report");
}
