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
        Self { name: column.name.clone(), missing, measured: distribution }
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
}
