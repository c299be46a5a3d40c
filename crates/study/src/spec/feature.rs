//! `[[feature]]`: what of the events becomes a predictor.

use bedside_cohort::CohortError;
use bedside_cohort::features::{Aggregation, Asked, CodeChoice, Rare, Recipe, Window};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::de::DeTable;

use super::error::{SpecError, SpecErrors};
use super::place::{Step, locate, path_text};
use super::schema::{self, Kind};
use super::{OneOrMany, parse};

/// A recipe: which features are made of the events before an index time.
///
/// ```
/// use bedside_study::spec::RecipeFile;
/// let text = r#"
///     [rare]
///     least-subjects = 10
///     [[feature]]
///     codes = "^LAB//"
///     windows = ["24h", "7d", "full"]
///     aggregations = ["value/last", "value/slope"]
/// "#;
/// assert!(RecipeFile::parse(text, "recipe.toml").is_ok());
/// let errors = RecipeFile::parse(&text.replace("value/last", "value/lst"), "recipe.toml").unwrap_err();
/// assert!(errors.to_string().contains("did you mean `value/last`?"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RecipeFile {
    /// Codes that are too rare to learn from.
    #[serde(default)]
    pub rare: RareCodes,
    /// What is made of which codes, in which windows; at least one.
    #[schemars(length(min = 1))]
    pub feature: Vec<FeatureRequest>,
}

/// Codes that are left out because the training subjects have too few of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RareCodes {
    /// Codes that fewer training subjects have are left out.
    #[serde(default)]
    pub least_subjects: u64,
    /// Codes with fewer events are left out; their values are, when they are fewer; events without a time count apart.
    #[serde(default)]
    pub least_events: u64,
    /// Only so many codes are kept: those with most events.
    #[serde(default)]
    #[schemars(range(min = 1))]
    pub most_codes: Option<u64>,
}

/// Codes × windows × aggregations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FeatureRequest {
    /// Regular expressions; codes in which one of them is found. By default all codes.
    #[serde(default)]
    #[schemars(example = &"^LAB//")]
    pub codes: OneOrMany<String>,
    /// Regular expressions; codes in which one of them is found are left out.
    #[serde(default)]
    pub except: OneOrMany<String>,
    /// Stretches of time before the index time: `24h`, `7d`, `full` (the whole record), `48h..24h`.
    #[serde(default)]
    #[schemars(example = &"24h")]
    pub windows: OneOrMany<String>,
    /// What is made of the events: `code/count`, `value/last`, …
    #[schemars(example = &"value/last")]
    pub aggregations: OneOrMany<String>,
}

impl RecipeFile {
    /// Reads a recipe; `name` is what errors call it.
    ///
    /// # Errors
    /// [`SpecErrors`]: everything that is wrong, each with line, column, source excerpt and what to do.
    pub fn parse(text: &str, name: &str) -> Result<Self, SpecErrors> {
        parse::parse(Kind::recipe(), text, name, check)
    }

    /// The JSON Schema of a recipe, made from the types that parse it.
    #[must_use]
    pub fn json_schema() -> serde_json::Value {
        schema::of::<Self>()
    }

    /// What it asks for.
    ///
    /// # Errors
    /// [`CohortError`]; none for a recipe that was parsed.
    pub fn recipe(&self) -> Result<Recipe, CohortError> {
        let asked: Result<Vec<Asked>, CohortError> = self.feature.iter().map(FeatureRequest::asked).collect();
        let rare = Rare {
            least_subjects: self.rare.least_subjects,
            least_events: self.rare.least_events,
            most_codes: self.rare.most_codes.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
        };
        Recipe::new(asked?, rare)
    }
}

impl FeatureRequest {
    /// What it asks for.
    pub(crate) fn asked(&self) -> Result<Asked, CohortError> {
        let choice = CodeChoice::new(self.codes.as_slice(), self.except.as_slice())?;
        let refused = |reason: String| CohortError::NoFeature { reason };
        let windows: Result<Vec<Window>, String> =
            self.windows.as_slice().iter().map(|w| w.parse()).collect();
        let aggregations: Result<Vec<Aggregation>, String> =
            self.aggregations.as_slice().iter().map(|a| a.parse()).collect();
        Asked::new(choice, windows.map_err(refused)?, aggregations.map_err(refused)?)
    }
}

/// What the schema cannot say.
fn check(text: &str, root: &DeTable<'_>, file: &RecipeFile) -> Vec<SpecError> {
    check_requests(text, root, &file.feature)
}

/// What the schema cannot say of the requests of a recipe or of a study file.
pub(super) fn check_requests(text: &str, root: &DeTable<'_>, requests: &[FeatureRequest]) -> Vec<SpecError> {
    let mut errors = Vec::new();
    let mut error = |path: &[Step<'_>], problem: String| {
        let (span, _) = locate(root, path);
        errors.push(SpecError::new(text, span, path_text(path), problem, None));
    };
    for (place, request) in requests.iter().enumerate() {
        let here = [Step::Key("feature"), Step::Item(place)];
        let list = |key: &'static str, item: usize| [here[0], here[1], Step::Key(key), Step::Item(item)];
        let mut sound = true;
        let mut wrong = |path: &[Step<'_>], problem: String| {
            sound = false;
            error(path, problem);
        };
        for (key, patterns) in [("codes", &request.codes), ("except", &request.except)] {
            for (item, pattern) in patterns.as_slice().iter().enumerate() {
                if let Err(problem) = CodeChoice::new(std::slice::from_ref(pattern), &[]) {
                    wrong(&list(key, item), problem.to_string());
                }
            }
        }
        for (item, window) in request.windows.as_slice().iter().enumerate() {
            if let Err(problem) = window.parse::<Window>() {
                wrong(&list("windows", item), problem);
            }
        }
        for (item, aggregation) in request.aggregations.as_slice().iter().enumerate() {
            if let Err(problem) = aggregation.parse::<Aggregation>() {
                wrong(&list("aggregations", item), problem);
            }
        }
        if let Some(problem) = request.asked().err().filter(|_| sound) {
            error(&[here[0], here[1], Step::Key("aggregations")], problem.to_string());
        }
    }
    errors
}
