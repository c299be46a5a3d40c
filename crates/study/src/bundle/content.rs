//! What a bundle holds, and how it scores.

use std::collections::BTreeMap;

use bedside_chart::{Codes, Instant, Precision, SubjectNumber};
use bedside_cohort::CohortError;
use bedside_cohort::features::Plan;
use bedside_intake::ReadOptions;
use bedside_intake::meds::EventFiles;
use bedside_table::{New, OutcomeKind, Table};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::archive::{self, Manifest};
use super::{BundleError, encoder::SealedEncoder, glm, trees};
use crate::StudyError;
use crate::filling::filled;
use crate::fitted::{Fitted, Linear};
use crate::recipe::Recipe;
use crate::reference::Reference;
use crate::report::card;
use crate::report::data::{Finding, ReportData};
use crate::sown::Sown;
use crate::spec::StudyFile;

const STUDY: &str = "study.toml";
const RECIPE: &str = "recipe.json";
const FEATURES: &str = "features.json";
const MODELS: &str = "models.json";
const REFERENCE: &str = "reference.json";
const REPORT: &str = "report.json";
const CARD: &str = "card.md";

/// A sealed model: everything that scoring needs, and the story of how it came to be.
#[derive(Debug, Clone)]
pub struct Bundle {
    manifest: Manifest,
    bytes: Vec<u8>,
    text: String,
    recipe: Recipe,
    /// How features are made, if the model reads events.
    plan: Option<(Plan, Precision)>,
    kind: OutcomeKind,
    champion: String,
    models: Vec<(String, Fitted)>,
    reference: Reference,
    report: ReportData,
    card: String,
}

/// The models of a bundle, as listed inside.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Listed {
    outcome: String,
    champion: String,
    models: Vec<ListedModel>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ListedModel {
    name: String,
    /// The member with its numbers.
    arrays: String,
    model: Sealed,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Sealed {
    Regression { encoder: SealedEncoder, regression: glm::SealedGlm },
    BoostedTrees { trees: trees::SealedTrees },
}

/// What a run seals.
#[derive(Debug)]
pub struct Ingredients<'a> {
    /// The study file.
    pub study: &'a StudyFile,
    /// The study file as written.
    pub text: &'a str,
    /// How cells are read.
    pub recipe: Recipe,
    /// How features are made, if the study began at events.
    pub sown: Option<Sown>,
    /// The models, by name.
    pub models: Vec<(String, Fitted)>,
    /// The name of the one that scores unless another is asked for.
    pub champion: String,
    /// What the training rows looked like.
    pub reference: Reference,
}

impl Bundle {
    /// Seals a run. The same study, data and seed give the same bytes; the times that fits took are left out.
    ///
    /// # Errors
    /// [`BundleError::Member`] when a member cannot be written.
    pub fn seal(ingredients: Ingredients<'_>, report: &ReportData) -> Result<Self, BundleError> {
        let Ingredients { study, text, recipe, sown, models, champion, reference } = ingredients;
        let mut timeless = report.clone();
        timeless.manifest.bundle_id = None;
        timeless.models.iter_mut().for_each(|model| model.certificate.seconds = None);
        let mut members = BTreeMap::new();
        let mut listed = Vec::new();
        for (number, (name, fitted)) in models.iter().enumerate() {
            let arrays = format!("model-{number}.safetensors");
            let (model, numbers) = match fitted {
                Fitted::Linear(linear) => {
                    let (regression, numbers) = glm::SealedGlm::of(linear);
                    let encoder = SealedEncoder::of(linear.encoder());
                    (Sealed::Regression { encoder, regression }, numbers)
                }
                Fitted::Trees(fitted) => {
                    let (trees, numbers) = trees::SealedTrees::of(fitted);
                    (Sealed::BoostedTrees { trees }, numbers)
                }
            };
            members.insert(arrays.clone(), numbers.to_bytes()?);
            listed.push(ListedModel { name: name.clone(), arrays, model });
        }
        let listed = Listed { outcome: timeless.study.outcome_kind.clone(), champion, models: listed };
        members.insert(STUDY.to_owned(), text.as_bytes().to_vec());
        members.insert(RECIPE.to_owned(), json_bytes(RECIPE, &recipe)?);
        if let Some(sown) = &sown {
            members.insert(FEATURES.to_owned(), json_bytes(FEATURES, sown)?);
        }
        members.insert(MODELS.to_owned(), json_bytes(MODELS, &listed)?);
        members.insert(REFERENCE.to_owned(), json_bytes(REFERENCE, &reference)?);
        members.insert(REPORT.to_owned(), json_bytes(REPORT, &timeless)?);
        members.insert(CARD.to_owned(), card(&timeless).into_bytes());
        let mut facts = BTreeMap::from([
            ("seed".to_owned(), study.study.seed.to_string()),
            ("study".to_owned(), timeless.manifest.study_sha256.clone()),
        ]);
        for (name, hash) in &timeless.manifest.data_sha256 {
            facts.insert(format!("data {name}"), hash.clone());
        }
        let software = format!("bedside {}", env!("CARGO_PKG_VERSION"));
        let (_, bytes) = archive::seal(&software, facts, &members)?;
        // What was sealed is what is used: the bundle is read back from its own bytes.
        Self::open(bytes)
    }

    /// Opens a bundle. Executes nothing, and believes nothing before its hash agrees.
    ///
    /// # Errors
    /// [`BundleError`] for anything that is not a whole, untouched bundle of a known format.
    pub fn open(bytes: Vec<u8>) -> Result<Self, BundleError> {
        let (manifest, mut members) = archive::open(&bytes)?;
        let plan = members.remove(FEATURES).map(|bytes| plan(&bytes)).transpose()?;
        let mut take = |name: &str| {
            members.remove(name).ok_or_else(|| BundleError::Member {
                member: name.to_owned(),
                problem: "it is not in the bundle".to_owned(),
            })
        };
        let text = utf8(STUDY, take(STUDY)?)?;
        let card = utf8(CARD, take(CARD)?)?;
        let recipe: Recipe = from_json(RECIPE, &take(RECIPE)?)?;
        let reference: Reference = from_json(REFERENCE, &take(REFERENCE)?)?;
        let report: ReportData = from_json(REPORT, &take(REPORT)?)?;
        let listed: Listed = from_json(MODELS, &take(MODELS)?)?;
        let problem =
            |problem: &str| BundleError::Member { member: MODELS.to_owned(), problem: problem.to_owned() };
        let kind = match listed.outcome.as_str() {
            "binary" => OutcomeKind::Binary,
            "continuous" => OutcomeKind::Continuous,
            _ => return Err(problem("the outcome is neither binary nor continuous")),
        };
        let mut models = Vec::new();
        for ListedModel { name, arrays, model } in listed.models {
            let numbers = super::Arrays::from_bytes(&take(&arrays)?)?;
            let fitted = match model {
                Sealed::Regression { encoder, regression } => {
                    let encoder = encoder.open(MODELS)?;
                    let (glm, means) = regression.open(numbers, &arrays)?;
                    let linear =
                        Linear::from_parts(encoder, glm, means).map_err(|e| problem(&e.to_string()))?;
                    Fitted::Linear(Box::new(linear))
                }
                Sealed::BoostedTrees { trees } => Fitted::Trees(Box::new(trees.open(numbers, &arrays)?)),
            };
            models.push((name, fitted));
        }
        let champion = listed.champion;
        if !models.iter().any(|(name, _)| *name == champion) {
            return Err(problem("the champion is not among the models"));
        }
        Ok(Self { manifest, bytes, text, recipe, plan, kind, champion, models, reference, report, card })
    }

    /// Whether the model's predictors are made of events.
    #[must_use]
    pub fn reads_events(&self) -> bool {
        self.plan.is_some()
    }

    /// The predictors of subjects at index times, made of their events up to then: the same code and the same bits as in
    /// the study, values rounded as they were there; and what a reader must know of rows about which little is known.
    ///
    /// # Errors
    /// [`StudyError::Data`] when the model reads a table; those of [`EventFiles::walk`].
    pub fn from_events(
        &self,
        mut files: EventFiles,
        rows: &[(SubjectNumber, Instant)],
        threads: usize,
    ) -> Result<(Table<New>, Vec<Finding>), StudyError> {
        files.keep_in(self.precision());
        if self.plan()?.keeps_spellings() {
            files.keep_spellings();
        }
        let (columns, findings) = filled(&files, &Codes::default(), self.plan()?, rows, threads)?;
        Ok((Table::arriving(rows.len(), columns)?, findings))
    }

    /// How its cells are read.
    pub(super) fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// How its features are made.
    pub(super) fn plan(&self) -> Result<&Plan, StudyError> {
        self.plan.as_ref().map(|(plan, _)| plan).ok_or_else(|| StudyError::Data {
            place: "model".to_owned(),
            problem: "this model reads a table of predictors, not events".to_owned(),
        })
    }

    /// How exactly the values of the events were kept that it was made from.
    pub(super) fn precision(&self) -> Precision {
        self.plan.as_ref().map_or(Precision::Double, |(_, precision)| *precision)
    }

    /// The names of its predictors.
    pub(super) fn predictors(&self) -> impl Iterator<Item = &str> {
        self.recipe.predictors.iter().map(|predictor| predictor.name.as_str())
    }

    pub(super) fn model(&self, name: Option<&str>) -> Result<&Fitted, StudyError> {
        let name = name.unwrap_or(&self.champion);
        self.models.iter().find(|(own, _)| own == name).map(|(_, fitted)| fitted).ok_or_else(|| {
            let there: Vec<&str> = self.models.iter().map(|(own, _)| own.as_str()).collect();
            StudyError::Data {
                place: "model".to_owned(),
                problem: format!("the bundle has no model `{name}`; it has {}", there.join(", ")),
            }
        })
    }

    /// The bundle's identity.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.manifest.id
    }

    /// The file's bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The model card, in Markdown.
    #[must_use]
    pub fn card(&self) -> &str {
        &self.card
    }

    /// The study file that made it.
    #[must_use]
    pub fn study_text(&self) -> &str {
        &self.text
    }

    /// The distributions that later rows are compared with.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The report that was made when it was sealed.
    #[must_use]
    pub fn report(&self) -> &ReportData {
        &self.report
    }

    /// The models, champion or not, by name.
    #[must_use]
    pub fn models(&self) -> &[(String, Fitted)] {
        &self.models
    }

    /// How to read a file of new rows.
    #[must_use]
    pub fn read_options(&self) -> ReadOptions {
        self.recipe.read_options()
    }

    /// Whether a column is a predictor.
    #[must_use]
    pub fn reads(&self, column: &str) -> bool {
        self.recipe.predictors.iter().any(|p| p.is_called(column))
    }

    /// Predictors that are not among these columns.
    #[must_use]
    pub fn absent<'a>(&self, columns: impl IntoIterator<Item = &'a str>) -> Vec<String> {
        let columns: Vec<&str> = columns.into_iter().collect();
        let there = |p: &crate::recipe::Ingredient| columns.iter().any(|c| p.is_called(c));
        self.recipe.predictors.iter().filter(|p| !there(p)).map(|p| p.name.clone()).collect()
    }

    /// What a score is called.
    #[must_use]
    pub fn score_name(&self) -> &'static str {
        match self.kind {
            OutcomeKind::Binary => "risk",
            OutcomeKind::Continuous => "prediction",
        }
    }

    /// The scale of reasons.
    #[must_use]
    pub fn scale(&self) -> &'static str {
        match self.kind {
            OutcomeKind::Binary => "log odds",
            OutcomeKind::Continuous => "outcome",
        }
    }

    /// The bundle as data: identity, inputs, models.
    #[must_use]
    pub fn describe_json(&self) -> Value {
        json!({
            "manifest": self.manifest,
            "champion": self.champion,
            "inputs": self.recipe,
            "models": self.report.models.iter().map(|m| json!({
                "name": m.name, "kind": m.kind, "settings": m.settings, "certificate": m.certificate,
                "coefficients": m.coefficients,
            })).collect::<Vec<_>>(),
        })
    }

    /// The bundle for a person at a terminal.
    #[must_use]
    pub fn describe(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        let study = &self.report.study;
        let _ = writeln!(
            text,
            "{}\n  id        {}\n  sealed by {}",
            study.title,
            self.id(),
            self.manifest.software
        );
        for (name, value) in &self.manifest.facts {
            let _ = writeln!(text, "  {name:<9} {value}");
        }
        let _ = writeln!(text, "\noutcome: {} ({})\n\ninputs:", study.outcome, study.outcome_kind);
        for input in &self.recipe.predictors {
            let _ = writeln!(text, "  {}", input.describe(self.recipe.levels.get(&input.name)));
        }
        for (name, fitted) in &self.models {
            let report = self.report.models.iter().find(|m| m.name == *name);
            let role = if *name == self.champion { " (champion)" } else { "" };
            let kind = report.map_or("", |m| m.kind.as_str());
            let _ = writeln!(text, "\nmodel `{name}`{role}: {kind}");
            if let Some(report) = report {
                for (setting, value) in &report.settings {
                    let _ = writeln!(text, "  {setting}: {value}");
                }
                let c = &report.certificate;
                let _ = writeln!(
                    text,
                    "  certificate: {} = {:.2e} (limit {:.1e}) after {}",
                    c.criterion, c.gap, c.tolerance, c.iterations
                );
                match fitted {
                    Fitted::Linear(linear) => {
                        let _ = writeln!(text, "  intercept {:.6}", linear.glm().intercept());
                        for row in report.coefficients.iter().take(40) {
                            let _ = writeln!(
                                text,
                                "  {:>12.6}  {}",
                                row.coefficient.value.unwrap_or(f64::NAN),
                                row.term
                            );
                        }
                        if report.coefficients.len() > 40 {
                            let _ =
                                writeln!(text, "  … {} more (see --json)", report.coefficients.len() - 40);
                        }
                    }
                    Fitted::Trees(trees) => {
                        let _ = writeln!(
                            text,
                            "  {} trees with {} leaves",
                            trees.trees(),
                            crate::tune::trees::leaves(trees)
                        );
                    }
                }
            }
        }
        text
    }
}

/// A few names, and how many more there are.
pub(crate) fn list(names: &[String], most: usize) -> String {
    let shown = names.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > most { format!("{shown} and {} more", names.len() - most) } else { shown }
}

fn json_bytes<T: Serialize>(member: &str, value: &T) -> Result<Vec<u8>, BundleError> {
    serde_json::to_vec_pretty(value)
        .map_err(|e| BundleError::Member { member: member.to_owned(), problem: e.to_string() })
}

fn from_json<T: for<'a> Deserialize<'a>>(member: &str, bytes: &[u8]) -> Result<T, BundleError> {
    serde_json::from_slice(bytes)
        .map_err(|e| BundleError::Member { member: member.to_owned(), problem: e.to_string() })
}

fn utf8(member: &str, bytes: Vec<u8>) -> Result<String, BundleError> {
    String::from_utf8(bytes)
        .map_err(|_| BundleError::Member { member: member.to_owned(), problem: "it is not text".to_owned() })
}

fn plan(bytes: &[u8]) -> Result<(Plan, Precision), BundleError> {
    let sown: Sown = from_json(FEATURES, bytes)?;
    let plan = sown.plan();
    let wrong = |e: CohortError| BundleError::Member { member: FEATURES.to_owned(), problem: e.to_string() };
    plan.map(|plan| (plan, sown.precision())).map_err(wrong)
}
