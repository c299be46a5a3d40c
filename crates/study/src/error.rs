//! What can stop a study.

use bedside_cohort::CohortError;
use bedside_impute::ImputeError;
use bedside_intake::IntakeError;
use bedside_models::ModelError;
use bedside_table::TableError;
use bedside_validate::JudgeError;

use crate::bundle::BundleError;
use crate::report::number::count;
use crate::spec::SpecErrors;

/// What can stop a study. Never names a patient.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StudyError {
    /// The study file is wrong.
    #[error(transparent)]
    Spec(#[from] SpecErrors),
    /// The data cannot be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The data do not have what the study file asks for.
    #[error("{place}: {problem}")]
    Data {
        /// The place in the study file, such as `columns.patient`.
        place: String,
        /// Expected, found, and what to do.
        problem: String,
    },
    /// A record that cannot be read whole. Never says what stood there.
    #[error("{place}: {problem}")]
    Record {
        /// Which record, or where in the text.
        place: String,
        /// Expected, found, and what to do.
        problem: String,
    },
    /// The rows cannot be divided as asked.
    #[error("[split]: {problem}")]
    Split {
        /// Expected, found, and what to do.
        problem: String,
    },
    /// Predictors hold the outcome.
    #[error("{}", leak_text(.refused, .others))]
    Leak {
        /// Predictors that are copies of the outcome, with the evidence.
        refused: Vec<String>,
        /// Further suspects, with the evidence.
        others: Vec<String>,
    },
    /// A table, an outcome or a division is wrong.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Gaps cannot be filled.
    #[error(transparent)]
    Impute(#[from] ImputeError),
    /// A model cannot be fitted.
    #[error("model `{model}`: {source}")]
    Model {
        /// The model's name in the study file.
        model: String,
        /// What happened.
        source: ModelError,
    },
    /// The judge cannot judge.
    #[error(transparent)]
    Judge(#[from] JudgeError),
    /// A bundle cannot be sealed or opened.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// Features cannot be made as asked.
    #[error(transparent)]
    Features(#[from] CohortError),
    /// A matrix cannot be written.
    #[error("cannot write the matrix: {source}")]
    Output {
        /// What the machine said.
        source: std::io::Error,
    },
    /// The table would be larger than the memory.
    #[error(
        "{} rows × {} predictors need about {:.1} GB, and {:.1} GB are allowed (`--memory`, else what the machine has free); ask \
         for fewer predictors (of events: `least-subjects` or `most-codes` in [rare], fewer windows or aggregations; of a table: \
         `columns.drop`), or allow more",
        count(*.rows), count(*.predictors), *.need as f64 / 1e9, *.budget as f64 / 1e9
    )]
    Memory {
        /// Rows of the table.
        rows: usize,
        /// Its columns.
        predictors: usize,
        /// Bytes it takes, roughly.
        need: u64,
        /// Bytes it may take.
        budget: u64,
    },
    /// The user stopped the run.
    #[error("stopped; nothing was written")]
    Stopped,
}

fn leak_text(refused: &[String], others: &[String]) -> String {
    let mut text = format!(
        "leak check: these predictors are the outcome, or nearly a copy of it:\n  {}\n\
         Name each in `columns.drop` if it is known only after the time of prediction, or in `columns.allow` if it \
         truly is known before.",
        refused.join("\n  ")
    );
    if !others.is_empty() {
        text.push_str("\nAlso suspicious:\n  ");
        text.push_str(&others.join("\n  "));
    }
    text
}
