//! What the schema cannot say of the requests of a recipe or of a study file.

use bedside_cohort::CohortError;
use bedside_cohort::features::{Aggregation, Asked, CodeChoice, Rare, Recipe, Window};
use toml::de::DeTable;

use super::error::SpecError;
use super::place::{Step, locate, path_text};
use super::{CountedAs, OneOrMany, RecipeFile};

/// What is wrong with a recipe.
pub(super) fn check(text: &str, root: &DeTable<'_>, file: &RecipeFile) -> Vec<SpecError> {
    let mut found = check_requests(text, root, file);
    let none = file.feature.is_empty() && file.comorbidity.is_empty() && file.clock.is_empty();
    if none && locate(root, &[Step::Key("feature")]).1.is_none() {
        let hint = "add: `[[feature]]` `windows = \"24h\"` `aggregations = \"value/last\"`".to_owned();
        found.push(SpecError::new(text, 0..0, "", "the recipe asks for no feature", Some(hint)));
    } else if none {
        found.push(SpecError::new(text, 0..0, "feature", "`feature`: the list must not be empty", None));
    }
    found
}

/// What is wrong with single requests, and between them.
pub(super) fn check_requests(text: &str, root: &DeTable<'_>, file: &RecipeFile) -> Vec<SpecError> {
    let mut requests = Requests { text, root, errors: Vec::new(), sound: Vec::new() };
    for (place, request) in file.feature.iter().enumerate() {
        let here = [Step::Key("feature"), Step::Item(place)];
        let before = requests.errors.len();
        requests.patterns(here, "codes", &request.codes);
        requests.patterns(here, "except", &request.except);
        requests.windows(here, &request.windows);
        for (item, aggregation) in request.aggregations.as_slice().iter().enumerate() {
            if let Err(problem) = aggregation.parse::<Aggregation>() {
                requests.error(&list(here, "aggregations", item), problem, None);
            }
        }
        if request.levels.is_some() && request.roll_up != Some(CountedAs::Ancestors) {
            let problem = "`levels` has no effect unless codes are rolled up to their ancestors";
            let hint = "add `roll-up = \"ancestors\"` or take it out";
            requests.error(&[here[0], here[1], Step::Key("levels")], problem, Some(hint));
        }
        requests.together(here, "aggregations", before, request.asked().map(|asked| vec![asked]));
    }
    for (place, request) in file.comorbidity.iter().enumerate() {
        let here = [Step::Key("comorbidity"), Step::Item(place)];
        let before = requests.errors.len();
        requests.patterns(here, "codes", &request.codes);
        requests.patterns(here, "except", &request.except);
        requests.windows(here, &request.windows);
        requests.together(here, "windows", before, request.asked());
    }
    for (place, request) in file.clock.iter().enumerate() {
        let here = [Step::Key("clock"), Step::Item(place)];
        let before = requests.errors.len();
        requests.together(here, "reads", before, request.asked());
    }
    requests.errors
}

type Place = [Step<'static>; 2];

fn list(here: Place, key: &'static str, item: usize) -> [Step<'static>; 4] {
    [here[0], here[1], Step::Key(key), Step::Item(item)]
}

struct Requests<'a, 'i> {
    text: &'a str,
    root: &'a DeTable<'i>,
    errors: Vec<SpecError>,
    /// What the sound requests so far ask for.
    sound: Vec<Asked>,
}

impl Requests<'_, '_> {
    fn error(&mut self, path: &[Step<'_>], problem: impl Into<String>, hint: Option<&str>) {
        let (span, _) = locate(self.root, path);
        self.errors.push(SpecError::new(self.text, span, path_text(path), problem, hint.map(str::to_owned)));
    }

    fn patterns(&mut self, here: Place, key: &'static str, patterns: &OneOrMany<String>) {
        for (item, pattern) in patterns.as_slice().iter().enumerate() {
            if let Err(problem) = CodeChoice::new(std::slice::from_ref(pattern), &[]) {
                self.error(&list(here, key, item), problem.to_string(), None);
            }
        }
    }

    fn windows(&mut self, here: Place, windows: &OneOrMany<String>) {
        for (item, window) in windows.as_slice().iter().enumerate() {
            if let Err(problem) = window.parse::<Window>() {
                self.error(&list(here, "windows", item), problem, None);
            }
        }
    }

    /// What is wrong with a request as a whole, whose parts are right if there is no error after `before`, and with it next to
    /// those before it.
    fn together(
        &mut self,
        here: Place,
        key: &'static str,
        before: usize,
        asked: Result<Vec<Asked>, CohortError>,
    ) {
        if self.errors.len() > before {
            return;
        }
        let asked = match asked {
            Ok(asked) => asked,
            Err(problem) => {
                return self.error(&[here[0], here[1], Step::Key(key)], problem.to_string(), None);
            }
        };
        let mut all = self.sound.clone();
        all.extend(asked);
        match Recipe::new(all.clone(), Rare::default()) {
            Ok(_) => self.sound = all,
            Err(problem) => self.error(&here, problem.to_string(), None),
        }
    }
}
