//! The settings that tuning tries, one model each.

use bedside_table::Seed;
use serde_json::Value as Json;

use super::{Grid, Model, StudyFile, TuningMethod};

/// One setting of a model that tuning tries.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What differs from the model as written, in words: `leaves = 15, l2 = 1`; empty when nothing does.
    pub label: String,
    /// The model with these settings.
    pub model: Model,
}

impl Model {
    /// The model with one setting replaced; `None` when it has no such setting or the value is not one for it.
    ///
    /// ```
    /// use bedside_study::spec::Model;
    /// let trees: Model = toml::from_str("kind = 'boosted-trees'\nname = 'trees'").unwrap();
    /// assert_eq!(trees.with("leaves", 15.0).unwrap().trees().unwrap().leaves, 15);
    /// assert!(trees.with("l1-ratio", 0.5).is_none());
    /// ```
    #[must_use]
    pub fn with(&self, setting: &str, value: f64) -> Option<Self> {
        let mut settings = serde_json::to_value(self).ok()?;
        let place = settings.get_mut(setting)?;
        let whole = value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0;
        *place = if whole { Json::from(value as i64) } else { Json::from(value) };
        serde_json::from_value(settings).ok()
    }
}

impl StudyFile {
    /// The settings of a model that tuning tries, never none.
    ///
    /// A grid gives every combination, the last setting (by name) changing fastest. A random search draws `budget` of
    /// them without repetition, keyed by the study's seed and the model's name, and keeps the grid's order.
    #[must_use]
    pub fn candidates(&self, model: &Model) -> Vec<Candidate> {
        let Some(grid) = self.tune.models.get(model.name()) else {
            return vec![Candidate { label: String::new(), model: model.clone() }];
        };
        let numbers = match (self.tune.method, grid_size(grid)) {
            (TuningMethod::Random, size) => {
                drawn(size, u64::from(self.tune.budget), self.study.seed, model.name())
            }
            (TuningMethod::Grid, size) => (0..size.min(u64::from(self.tune.budget))).collect(),
        };
        numbers.into_iter().filter_map(|number| candidate(model, grid, number)).collect()
    }
}

/// How many combinations a grid has.
pub(super) fn grid_size(grid: &Grid) -> u64 {
    grid.values().fold(1, |size, values| size.saturating_mul(values.len() as u64))
}

fn candidate(model: &Model, grid: &Grid, mut number: u64) -> Option<Candidate> {
    let mut chosen = Vec::new();
    for (setting, values) in grid.iter().rev() {
        let count = values.len() as u64;
        let value = *values.get(usize::try_from(number.checked_rem(count)?).ok()?)?;
        number /= count;
        chosen.push((setting, value));
    }
    chosen.reverse();
    let label =
        chosen.iter().map(|(setting, value)| format!("{setting} = {value}")).collect::<Vec<_>>().join(", ");
    let model =
        chosen.iter().try_fold(model.clone(), |model, (setting, value)| model.with(setting, *value))?;
    Some(Candidate { label, model })
}

/// `count` different numbers below `size`, ascending (Floyd's sampling: Bentley, Floyd 1987, doi 10.1145/30401.315746).
fn drawn(size: u64, count: u64, seed: u64, name: &str) -> Vec<u64> {
    let mut stream = Seed::new(seed).derive("tune", 0).derive(name, 0).stream();
    let mut taken = std::collections::BTreeSet::new();
    for last in size.saturating_sub(count)..size {
        // The remainder of 64 random bits is biased by at most size / 2^64.
        let draw = if last == u64::MAX { stream.next_u64() } else { stream.next_u64() % (last + 1) };
        taken.insert(if taken.contains(&draw) { last } else { draw });
    }
    taken.into_iter().collect()
}
