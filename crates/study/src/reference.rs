//! What the training rows looked like: the distributions that later rows are compared with.

use bedside_table::{Column, Data, RowSet, Table};
use serde::{Deserialize, Serialize};

/// The distribution of every predictor and of the risks in the training rows. Holds shares and quantiles, no rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reference {
    /// Training rows behind it.
    pub rows: u64,
    /// Each predictor.
    pub predictors: Vec<PredictorReference>,
    /// Vigintiles of the champion's scores on training rows that its fold had not seen: 21 numbers, minimum to maximum.
    pub scores: Vec<f64>,
}

/// One predictor's distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PredictorReference {
    /// Its name.
    pub name: String,
    /// Share of cells without a value.
    pub missing: f64,
    /// What the measured cells look like.
    pub measured: Distribution,
    /// Of a number: how far beyond the outermost two numbers is far, in distances between them.
    #[serde(default = "usual_reach", skip_serializing_if = "is_usual_reach")]
    pub reach: f64,
    /// Of a number: which signs the training rows had.
    #[serde(default, skip_serializing_if = "Signs::is_both")]
    pub signs: Signs,
}

/// Which signs the numbers of a predictor have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signs {
    /// Any, as far as is known.
    #[default]
    Both,
    /// None below 0.
    NonNegative,
    /// All above 0.
    Positive,
}

impl Signs {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_both(&self) -> bool {
        *self == Self::Both
    }
}

/// Beyond a quarter of the distance between the outermost two numbers a new one is far, unless training rows were further out.
const REACH: f64 = 0.25;

fn usual_reach() -> f64 {
    REACH
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_usual_reach(reach: &f64) -> bool {
    reach.to_bits() == REACH.to_bits()
}

/// A distribution of measured cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Distribution {
    /// Vigintiles of a number: 21 values, minimum to maximum; empty when never measured. The outermost two are the
    /// 0.1 % and 99.9 % quantiles: an extreme value may be one person's.
    Vigintiles(Vec<f64>),
    /// Levels and their shares among measured cells, the most frequent first; levels below 0.1 % are left out.
    Levels(Vec<(String, f64)>),
}

impl Reference {
    /// The distributions of a table's columns and of some scores.
    #[must_use]
    pub fn of<R: RowSet>(table: &Table<R>, scores: &[f64]) -> Self {
        Self {
            rows: table.rows() as u64,
            predictors: table.columns().iter().map(PredictorReference::of).collect(),
            scores: vigintiles(scores.to_vec()),
        }
    }
}

impl PredictorReference {
    /// Whether no training row was near to a number.
    #[must_use]
    pub fn is_far(&self, value: f64) -> bool {
        let wrong_sign = match self.signs {
            Signs::Both => false,
            Signs::NonNegative => value < 0.0,
            Signs::Positive => value <= 0.0,
        };
        wrong_sign || self.beyond(value) > self.reach
    }

    /// The outermost two numbers of the training rows, the most extreme one in a thousand at either end aside.
    #[must_use]
    pub fn ends(&self) -> Option<(f64, f64)> {
        match &self.measured {
            Distribution::Vigintiles(of) => Some((*of.first()?, *of.last()?)),
            Distribution::Levels(_) => None,
        }
    }

    /// How far a number lies beyond the outermost two, in distances between them.
    fn beyond(&self, value: f64) -> f64 {
        let Some((low, high)) = self.ends() else { return 0.0 };
        let width = if high > low { high - low } else { low.abs().max(1.0) };
        (low - value).max(value - high).max(0.0) / width
    }

    /// Reach and signs such that no training row is far out. The reach is doubled until that holds, so that it tells no single number.
    fn taught_by(mut self, values: impl Iterator<Item = f64>) -> Self {
        let (mut furthest, mut least) = (0.0_f64, f64::INFINITY);
        for value in values {
            furthest = furthest.max(self.beyond(value));
            least = least.min(value);
        }
        while self.reach < furthest && self.reach.is_finite() {
            self.reach *= 2.0;
        }
        self.signs = match least {
            least if least > 0.0 && least.is_finite() => Signs::Positive,
            least if least >= 0.0 && least.is_finite() => Signs::NonNegative,
            _ => Signs::Both,
        };
        self
    }

    fn of(column: &Column) -> Self {
        let measured = column.states().iter().filter(|s| s.is_measured()).count();
        let missing = if column.is_empty() { 0.0 } else { 1.0 - measured as f64 / column.len() as f64 };
        let distribution = match &column.data {
            Data::Numeric(cells) => {
                Distribution::Vigintiles(vigintiles((0..column.len()).filter_map(|r| cells.get(r)).collect()))
            }
            Data::Categorical(cells) => {
                let mut counts = vec![0usize; cells.levels().len()];
                for (&code, state) in cells.codes().iter().zip(cells.states()) {
                    counts[code as usize] += usize::from(state.is_measured());
                }
                let mut shares: Vec<(String, f64)> = cells
                    .levels()
                    .iter()
                    .zip(counts)
                    .map(|(level, n)| (level.clone(), n as f64 / measured.max(1) as f64))
                    .filter(|&(_, share)| share >= 0.001)
                    .collect();
                shares.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                Distribution::Levels(shares)
            }
        };
        let own = Self {
            name: column.name.clone(),
            missing,
            measured: distribution,
            reach: REACH,
            signs: Signs::Both,
        };
        match &column.data {
            Data::Numeric(cells) => own.taught_by((0..column.len()).filter_map(|row| cells.get(row))),
            Data::Categorical(_) => own,
        }
    }
}

fn vigintiles(mut values: Vec<f64>) -> Vec<f64> {
    if values.is_empty() {
        return Vec::new();
    }
    values.sort_by(f64::total_cmp);
    (0..=20).map(|k| quantile(&values, (f64::from(k) / 20.0).clamp(0.001, 0.999))).collect()
}

/// A quantile of ascending numbers, by linear interpolation (type 7: Hyndman, Fan 1996, doi 10.1080/00031305.1996.10473566).
///
/// # Panics
/// If there are no numbers.
#[must_use]
pub fn quantile(ascending: &[f64], share: f64) -> f64 {
    let position = share * (ascending.len() - 1) as f64;
    let (low, part) = (position.floor() as usize, position.fract());
    let high = (low + 1).min(ascending.len() - 1);
    ascending[low] + part * (ascending[high] - ascending[low])
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_table::{Categorical, Numeric};

    #[test]
    fn shares_and_quantiles_are_those_of_the_rows() {
        let age = (0..=100).map(|i| (i % 10 != 9).then_some(f64::from(i)));
        let sex = (0..=100).map(|i| Some(if i < 25 { "f" } else { "m" }));
        let table = Table::new(
            101,
            vec![
                Column::numeric("age", Numeric::from_options(age).unwrap()),
                Column::categorical("sex", Categorical::from_labels(sex)),
            ],
        )
        .unwrap();
        let reference = Reference::of(&table, &[0.2, 0.1]);
        assert!((reference.predictors[0].missing - 10.0 / 101.0).abs() < 1e-12);
        let Distribution::Levels(levels) = &reference.predictors[1].measured else { panic!("levels") };
        assert_eq!(levels[0].0, "m");
        assert!((levels[1].1 - 25.0 / 101.0).abs() < 1e-12);
        assert!((quantile(&[1.0, 2.0, 4.0], 0.75) - 3.0).abs() < 1e-12);
    }

    fn taught(values: impl IntoIterator<Item = f64>) -> PredictorReference {
        let cells: Vec<Option<f64>> = values.into_iter().map(Some).collect();
        let column = Column::numeric("x", Numeric::from_options(cells.iter().copied()).unwrap());
        let reference = Reference::of(&Table::new(cells.len(), vec![column]).unwrap(), &[0.1]);
        let written = serde_json::to_string(&reference).unwrap();
        assert_eq!(serde_json::from_str::<Reference>(&written).unwrap(), reference);
        reference.predictors[0].clone()
    }

    #[test]
    fn far_is_what_no_training_row_came_near_to() {
        let age = taught((0..1000).map(|k| 20.0 + f64::from(k) * 0.07));
        assert!([20.0, 18.0, 89.9, 100.0].iter().all(|&v| !age.is_far(v)));
        assert!([-1.0, 0.0, 300.0, 1e308, -99.0].iter().all(|&v| age.is_far(v)));
        let change = taught((0..1000).map(|k| f64::from(k) - 500.0));
        assert!(!change.is_far(-510.0) && change.is_far(-2000.0) && change.is_far(9999.0));
        // One training row far out makes others like it ordinary.
        let tailed = taught((0..10_000).map(|k| if k == 7 { 900.0 } else { f64::from(k % 100) }));
        assert!(!tailed.is_far(900.0) && tailed.is_far(9000.0) && tailed.is_far(-0.1));
        // Nearly always 0: an unusual 1 is no surprise.
        let flag = taught((0..5000).map(|k| f64::from(u8::from(k == 3))));
        assert!(!flag.is_far(1.0) && flag.is_far(50.0));
    }

    #[test]
    fn bundles_of_before_can_be_read() {
        let old = r#"{"rows": 2, "predictors": [{"name": "x", "missing": 0.0, "measured": {"vigintiles": [0.0, 1.0]}}], "scores": []}"#;
        let reference: Reference = serde_json::from_str(old).unwrap();
        assert!(!reference.predictors[0].is_far(-0.2) && reference.predictors[0].is_far(2.0));
    }
}
