//! Which combinations of settings are tried.

use std::collections::{BTreeMap, BTreeSet};

use bedside_table::Seed;

use crate::spec::TuningMethod;

/// One combination: a value for each setting that is searched.
pub type Combination = BTreeMap<String, f64>;

/// The combinations to try, in a fixed order, none twice. An empty grid gives one empty combination.
///
/// A grid is taken whole (the study file has checked it against the budget); a random search draws `budget` of its
/// combinations without replacement.
#[must_use]
pub fn combinations(
    grid: &BTreeMap<String, Vec<f64>>,
    method: TuningMethod,
    budget: usize,
    seed: Seed,
) -> Vec<Combination> {
    let sizes: Vec<usize> = grid.values().map(Vec::len).collect();
    let total = sizes.iter().fold(1usize, |n, &s| n.saturating_mul(s));
    let numbered = |mut number: usize| -> Combination {
        let mut made = BTreeMap::new();
        for (name, values) in grid.iter().rev() {
            made.insert(name.clone(), values[number % values.len()]);
            number /= values.len();
        }
        made
    };
    if sizes.contains(&0) {
        return Vec::new();
    }
    match method {
        TuningMethod::Grid => (0..total).map(numbered).collect(),
        TuningMethod::Random if total <= budget => (0..total).map(numbered).collect(),
        TuningMethod::Random => {
            let mut stream = seed.derive("random search", 0).stream();
            let mut drawn = BTreeSet::new();
            let mut order = Vec::new();
            while order.len() < budget {
                let number = (stream.next_u64() % total as u64) as usize;
                if drawn.insert(number) {
                    order.push(number);
                }
            }
            order.into_iter().map(numbered).collect()
        }
    }
}

/// A combination in words: `leaves 31, learning-rate 0.05`.
#[must_use]
pub fn label(combination: &Combination) -> String {
    if combination.is_empty() {
        return "as given".to_owned();
    }
    combination.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> BTreeMap<String, Vec<f64>> {
        BTreeMap::from([("a".to_owned(), vec![1.0, 2.0, 3.0]), ("b".to_owned(), vec![0.1, 0.2])])
    }

    #[test]
    fn a_grid_is_every_combination_once() {
        let all = combinations(&grid(), TuningMethod::Grid, 6, Seed::new(1));
        assert_eq!(all.len(), 6);
        let distinct: BTreeSet<String> = all.iter().map(label).collect();
        assert_eq!(distinct.len(), 6);
        assert_eq!(combinations(&BTreeMap::new(), TuningMethod::Grid, 6, Seed::new(1)).len(), 1);
    }

    #[test]
    fn a_random_search_keeps_to_its_budget_and_repeats_itself() {
        let drawn = combinations(&grid(), TuningMethod::Random, 4, Seed::new(1));
        assert_eq!(drawn.len(), 4);
        assert_eq!(drawn.iter().map(label).collect::<BTreeSet<_>>().len(), 4);
        assert_eq!(drawn, combinations(&grid(), TuningMethod::Random, 4, Seed::new(1)));
        assert_ne!(drawn, combinations(&grid(), TuningMethod::Random, 4, Seed::new(2)));
    }
}
