//! Runs the program on a small simulated hospital.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder with a study and its table.
pub(crate) struct Place {
    folder: TempDir,
}

/// What every study here begins with; tests add to it.
pub(crate) const STUDY: &str = r#"
[study]
title = "A small hospital"
question = "Who returns?"
intended-use = "To test."
seed = 11

[data]
path = "table.csv"
missing = ["?"]

[columns]
patient = "patient_nbr"
row-id = "encounter_id"

[columns.types]
admission_type_id = "categorical"
discharge_disposition_id = "categorical"
admission_source_id = "categorical"
diag_1 = "categorical"
diag_2 = "categorical"
diag_3 = "categorical"

[columns.drop]
weight = "rarely measured"
payer_code = "who pays"

[outcome]
column = "readmitted"
event = "<30"
no-event = [">30", "NO"]

[impute]
rare = 30

[[model]]
name = "ridge"
kind = "ridge"

[[model]]
name = "trees"
kind = "boosted-trees"
trees = 20
leaves = 4
learning-rate = 0.2

[report]
subgroups = ["gender"]
thresholds = [0.1]
replicates = 100
"#;

impl Place {
    /// A table of 4,000 simulated encounters and the study.
    pub(crate) fn new() -> Self {
        let place = Self::empty();
        let made =
            place.call(&["simulate", "readmission", "--rows", "4000", "--seed", "5", "--out", "table.csv"]);
        assert!(made.status.success(), "{}", text(&made));
        place.write("study.toml", STUDY);
        place
    }

    pub(crate) fn empty() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap()
    }

    /// A command that runs in the folder.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(program());
        command.current_dir(self.folder.path());
        command
    }

    pub(crate) fn call(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }

    /// Names of what lies in the folder, or in one of its folders.
    pub(crate) fn list(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_bedside"))
}

/// What a call printed, on both streams.
pub(crate) fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}
