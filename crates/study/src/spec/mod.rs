//! The study file and the recipe of features: what they may say, and what is said when they say something else.

mod about;
mod across;
mod candidates;
mod clock;
mod columns;
mod comorbidity;
mod data;
mod demand;
mod error;
mod feature;
mod gates;
mod imputation;
mod model;
mod one_or_many;
mod outcome;
mod parse;
mod place;
mod report;
mod requests;
mod rows;
mod schema;
mod split;
mod task;
mod tuning;
mod value;
mod walk;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use about::About;
pub use bedside_table::nearest;
pub use candidates::Candidate;
pub use clock::{ClockReading, ClockRequest};
pub use columns::{ColumnType, Columns, Range, Reasons};
pub use comorbidity::{ComorbidityIndex, ComorbidityRequest};
pub use data::{
    Data, DecimalMark, EventSets, FileFormat, Header, Import, InputFile, OddTimes, Paths, RecordKind,
    Simulation, Source,
};
pub use demand::{Demand, DemandError};
pub use error::{SpecError, SpecErrors};
pub use feature::{CountedAs, FeatureRequest, RareCodes, RecipeFile};
pub use gates::{Gate, Gates, Measure};
pub use imputation::{CategoricalFill, Imputation, NumericFill};
pub use model::{
    BoostedTrees, Direction, ElasticNet, LinearSettings, Model, Penalised, PenaltyChoice, Share,
};
pub use one_or_many::OneOrMany;
pub use outcome::{OutcomeDefinition, OutcomeKind};
pub use parse::{exercise, exercise_recipe};
pub use place::Step;
pub use report::{ReportSettings, Threshold};
pub use rows::{Condition, Exclusion};
pub use split::{KeepTogether, Split, SplitBy};
pub use task::TaskFile;
pub use tuning::{Grid, Tuning, TuningMeasure, TuningMethod};
pub use value::{Cell, Value};

/// The column that says whose events are whose.
pub(crate) const SUBJECT: &str = "subject_id";
/// The column of labels that says whether the outcome occurs.
pub const OUTCOME: &str = "boolean_value";

/// A study, declared: from the table to the objectives that the model must meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StudyFile {
    /// What the study asks, and what its model is for.
    pub study: About,
    /// Where the table comes from and how its files are written.
    pub data: Data,
    /// Who counts, from when and with which label, when the data are events.
    #[serde(default)]
    pub task: Option<TaskFile>,
    /// What of the events becomes a predictor.
    #[serde(default)]
    pub feature: Vec<FeatureRequest>,
    /// Indices of comorbidity among the predictors.
    #[serde(default)]
    pub comorbidity: Vec<ComorbidityRequest>,
    /// Age, and what the clock says at the index time, among the predictors.
    #[serde(default)]
    pub clock: Vec<ClockRequest>,
    /// Codes of the events that are too rare to learn from.
    #[serde(default)]
    pub rare: RareCodes,
    /// What the columns mean.
    #[serde(default)]
    pub columns: Columns,
    /// Rows that leave the study, in order, with reasons.
    #[serde(default)]
    pub exclude: OneOrMany<Exclusion>,
    /// What is predicted.
    #[serde(default)]
    #[schemars(extend("x-needed-without" = "data.events"))]
    pub outcome: OutcomeDefinition,
    /// How rows are divided.
    #[serde(default)]
    pub split: Split,
    /// How gaps are filled.
    #[serde(default)]
    pub impute: Imputation,
    /// The models, at least one.
    #[schemars(length(min = 1))]
    pub model: Vec<Model>,
    /// Which settings are tried.
    #[serde(default)]
    pub tune: Tuning,
    /// What the report shows.
    #[serde(default)]
    pub report: ReportSettings,
    /// Objectives fixed in advance.
    #[serde(default)]
    pub gates: Gates,
}

impl StudyFile {
    /// Reads a study file; `name` is what errors call it.
    ///
    /// First the TOML itself, then every key and value by itself, then what must hold between them; each of the three
    /// reports all that it finds.
    ///
    /// ```
    /// use bedside_study::spec::{SplitBy, StudyFile};
    /// let text = r#"
    ///     [study]
    ///     title = "Readmission within 30 days"
    ///     [data]
    ///     path = "encounters.csv"
    ///     [columns]
    ///     patient = "patient_nbr"
    ///     [outcome]
    ///     column = "readmitted"
    ///     event = "<30"
    ///     [[model]]
    ///     name = "linear"
    ///     kind = "elastic-net"
    /// "#;
    /// let study = StudyFile::parse(text, "study.toml").unwrap();
    /// assert_eq!(study.split_by(), SplitBy::Patient);
    /// let errors = StudyFile::parse(&text.replace("patient =", "patiant ="), "study.toml").unwrap_err();
    /// assert!(errors.to_string().contains("did you mean `patient`?"));
    /// ```
    ///
    /// # Errors
    /// [`SpecErrors`]: everything that is wrong, each with line, column, source excerpt and what to do.
    pub fn parse(text: &str, name: &str) -> Result<Self, SpecErrors> {
        let mut file: Self = parse::parse(schema::Kind::study(), text, name, across::check)?;
        if file.data.events.is_some() {
            // Events always say whose they are, and labels what came of them.
            file.columns.patient.get_or_insert_with(|| SUBJECT.to_owned());
            if file.outcome.column.is_empty() {
                OUTCOME.clone_into(&mut file.outcome.column);
            }
        }
        Ok(file)
    }

    /// How rows are divided: as written, else by patient where there is a patient column, else by row.
    #[must_use]
    pub fn split_by(&self) -> SplitBy {
        self.split.by.unwrap_or(if self.columns.patient.is_some() { SplitBy::Patient } else { SplitBy::Row })
    }

    /// Whether a column may be a predictor: not the outcome, not patient, row id, site, time or file column, not
    /// dropped, and among `columns.only` where that is given.
    #[must_use]
    pub fn may_be_predictor(&self, column: &str) -> bool {
        let columns = &self.columns;
        if self.data.events.is_some() {
            // The columns of the labels; predictors are made of the events.
            return false;
        }
        let roles = [&columns.patient, &columns.row_id, &columns.site, &columns.time, &self.data.file_column];
        column != self.outcome.column
            && !roles.into_iter().any(|role| role.as_deref() == Some(column))
            && !columns.drop.contains(column)
            && (columns.only.is_empty() || columns.only.iter().any(|only| only == column))
    }

    /// The recipe of its features; none when its data are a table.
    #[must_use]
    pub fn recipe(&self) -> Option<RecipeFile> {
        self.data.events.as_ref()?;
        Some(self.requests())
    }

    /// What it asks for of events, whether it has any or not.
    pub(crate) fn requests(&self) -> RecipeFile {
        RecipeFile {
            rare: self.rare,
            feature: self.feature.clone(),
            comorbidity: self.comorbidity.clone(),
            clock: self.clock.clone(),
        }
    }

    /// The model that the file names as champion; `None` leaves the choice to cross-validation.
    #[must_use]
    pub fn champion(&self) -> Option<&Model> {
        match self.model.as_slice() {
            [only] => Some(only),
            models => models.iter().find(|model| model.is_champion()),
        }
    }

    /// The JSON Schema of the study file, made from the types that parse it.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schema::of::<Self>()
    }

    /// What a reader of the report must know about choices that the file was allowed to make.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.split.allow_repeated_patients {
            warnings.push(
                "rows of one patient stand on both sides of the split (`allow-repeated-patients`); performance is \
                 overstated"
                    .to_owned(),
            );
        }
        for model in &self.model {
            if model.trees().is_some_and(|trees| trees.positive_weight != 1.0) {
                warnings.push(format!(
                    "model `{}` weighs events unequally (`positive-weight`); its risks are not calibrated",
                    model.name()
                ));
            }
        }
        for (column, reason) in self.columns.allow.iter() {
            let reason = if reason.is_empty() { "no reason given" } else { reason };
            warnings.push(format!("column `{column}` stays a predictor against the leak check: {reason}"));
        }
        warnings
    }
}

#[cfg(test)]
mod tests;
