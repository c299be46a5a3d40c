//! What can stop the program, and the exit status that says so.

use std::process::ExitCode;

use bedside_intake::IntakeError;
use bedside_study::StudyError;
use bedside_study::bundle::BundleError;
use bedside_table::TableError;

/// What stopped the program.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Failure {
    /// The study, its data or a bundle.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A file.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// A bundle.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A task file.
    #[error("`{file}` {source}")]
    Task {
        /// The file.
        file: String,
        /// What is wrong with it.
        source: bedside_cohort::CohortError,
    },
    /// A simulation.
    #[error(transparent)]
    Simulate(#[from] bedside_simulate::SimulateError),
    /// Something else that the user gave.
    #[error("{0}")]
    Input(String),
    /// Something that the machine refused.
    #[error("{what}: {source}")]
    Machine {
        /// What was being done.
        what: String,
        /// What the machine said.
        source: std::io::Error,
    },
}

impl Failure {
    /// The text for standard error.
    pub(crate) fn show(&self, json: bool) -> String {
        if json {
            serde_json::json!({ "error": self.to_string() }).to_string()
        } else {
            // What the study file's reader says comes with its own heading and picture.
            let text = self.to_string();
            if text.starts_with("error: ") { text } else { format!("error: {text}") }
        }
    }

    /// 1 when the run could not finish, 2 when the input is wrong.
    pub(crate) fn code(&self) -> ExitCode {
        let unfinished = match self {
            Self::Machine { .. } => true,
            Self::Intake(error) | Self::Study(StudyError::Intake(error)) => error.is_machine(),
            Self::Study(StudyError::Stopped | StudyError::Model { .. }) => true,
            Self::Study(_)
            | Self::Bundle(_)
            | Self::Table(_)
            | Self::Task { .. }
            | Self::Simulate(_)
            | Self::Input(_) => false,
        };
        ExitCode::from(if unfinished { 1 } else { 2 })
    }
}
