//! `[[feature]]`: what of the events becomes a predictor.

use bedside_cohort::CohortError;
use bedside_cohort::features::{Aggregation, Asked, AtcLevel, CodeChoice, Rare, Recipe, RollUp, Window};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::SpecErrors;
use super::schema::{self, Kind};
use super::{ClockRequest, ComorbidityRequest, OneOrMany, parse, requests};

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
    /// What is made of which codes, in which windows.
    #[serde(default)]
    pub feature: Vec<FeatureRequest>,
    /// Indices of comorbidity.
    #[serde(default)]
    pub comorbidity: Vec<ComorbidityRequest>,
    /// Age, and what the clock says at the index time.
    #[serde(default)]
    pub clock: Vec<ClockRequest>,
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
    /// Regular expressions; codes in which one of them is found. By default all codes but `OBSERVATION_PERIOD//END`, which is known in
    /// hindsight only.
    #[serde(default)]
    #[schemars(example = &"^LAB//")]
    pub codes: OneOrMany<String>,
    /// Regular expressions; codes in which one of them is found are left out.
    #[serde(default)]
    pub except: OneOrMany<String>,
    /// What the codes are counted as; by default each as itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roll_up: Option<CountedAs>,
    /// With `roll-up = "ancestors"`: the most levels between a code and what it is counted as. By default any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub levels: Option<u32>,
    /// Stretches of time before the index time: `24h`, `7d`, `full` (the whole record), `48h..24h`.
    #[serde(default)]
    #[schemars(example = &"24h")]
    pub windows: OneOrMany<String>,
    /// What is made of the events: `code/count`, `value/last`, …
    #[schemars(example = &"value/last")]
    pub aggregations: OneOrMany<String>,
}

/// What codes are counted as. An event counts once for each group that its code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CountedAs {
    /// Every code above it in the vocabulary of an OMOP data set.
    Ancestors,
    /// The anatomical main group of an ATC code: `C`.
    Atc1,
    /// Its therapeutic subgroup: `C09`.
    Atc2,
    /// Its pharmacological subgroup: `C09A`.
    Atc3,
    /// Its chemical subgroup: `C09AA`.
    Atc4,
    /// Its substance: `C09AA05`.
    Atc5,
    /// The chapter of a diagnosis in ICD-9-CM or ICD-10.
    IcdChapter,
    /// The category of a diagnosis, the part before the dot.
    Icd3,
}

impl RecipeFile {
    /// Reads a recipe; `name` is what errors call it.
    ///
    /// # Errors
    /// [`SpecErrors`]: everything that is wrong, each with line, column, source excerpt and what to do.
    pub fn parse(text: &str, name: &str) -> Result<Self, SpecErrors> {
        parse::parse(Kind::recipe(), text, name, requests::check)
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
        let mut asked = Vec::new();
        for request in &self.feature {
            asked.push(request.asked()?);
        }
        for request in &self.comorbidity {
            asked.extend(request.asked()?);
        }
        for request in &self.clock {
            asked.extend(request.asked()?);
        }
        let rare = Rare {
            least_subjects: self.rare.least_subjects,
            least_events: self.rare.least_events,
            most_codes: self.rare.most_codes.map(|most| usize::try_from(most).unwrap_or(usize::MAX)),
        };
        Recipe::new(asked, rare)
    }
}

impl FeatureRequest {
    /// What it asks for.
    pub(crate) fn asked(&self) -> Result<Asked, CohortError> {
        let choice = CodeChoice::new(self.codes.as_slice(), self.except.as_slice())?;
        let aggregations: Result<Vec<Aggregation>, String> =
            self.aggregations.as_slice().iter().map(|a| a.parse()).collect();
        let aggregations = aggregations.map_err(|reason| CohortError::NoFeature { reason })?;
        let asked = Asked::new(choice, windows(&self.windows)?, aggregations)?;
        Ok(match self.roll_up {
            None => asked,
            Some(CountedAs::Ancestors) => asked.rolled_up(RollUp::Ancestors { levels: self.levels }),
            Some(CountedAs::Atc1) => asked.rolled_up(RollUp::Atc(AtcLevel::One)),
            Some(CountedAs::Atc2) => asked.rolled_up(RollUp::Atc(AtcLevel::Two)),
            Some(CountedAs::Atc3) => asked.rolled_up(RollUp::Atc(AtcLevel::Three)),
            Some(CountedAs::Atc4) => asked.rolled_up(RollUp::Atc(AtcLevel::Four)),
            Some(CountedAs::Atc5) => asked.rolled_up(RollUp::Atc(AtcLevel::Five)),
            Some(CountedAs::IcdChapter) => asked.rolled_up(RollUp::IcdChapter),
            Some(CountedAs::Icd3) => asked.rolled_up(RollUp::IcdCategory),
        })
    }
}

/// The windows of a request.
pub(super) fn windows(texts: &OneOrMany<String>) -> Result<Vec<Window>, CohortError> {
    let parsed: Result<Vec<Window>, String> = texts.as_slice().iter().map(|window| window.parse()).collect();
    parsed.map_err(|reason| CohortError::NoFeature { reason })
}
