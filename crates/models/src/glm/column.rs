//! One design column as the solver sees it: mean 0 and standard deviation 1 under the row weights, stored sparsely where
//! that is shorter.

use std::borrow::Cow;

use bedside_table::DesignData;

/// How a standardised column is stored. Rows that are not listed hold 0: a shift of a whole column is left to the
/// intercept, which is never penalised.
#[derive(Debug, Clone)]
pub(super) enum Entries<'a> {
    /// A number for every row.
    Dense(Vec<f64>),
    /// Ascending rows and their numbers.
    Sparse { rows: Cow<'a, [u32]>, values: Vec<f64> },
    /// Ascending rows that all hold the same number.
    Indicator { rows: Cow<'a, [u32]>, value: f64 },
    /// Holds one number (the shift) in all rows that have weight; it can explain nothing and its coefficient is 0.
    Constant,
}

/// A standardised column: stored number = (original number − `shift`) / `deviation`.
#[derive(Debug, Clone)]
pub(super) struct Column<'a> {
    pub(super) entries: Entries<'a>,
    /// What was taken off before scaling: the weighted mean of a dense column, 0 of a sparse one, 1 of an indicator that
    /// is stored by the rows that hold 0.
    pub(super) shift: f64,
    /// Weighted standard deviation, with 1/n; 0 when constant.
    pub(super) deviation: f64,
}

/// Sparse storage pays below this share of rows.
const SPARSE: f64 = 0.25;
/// A deviation at or below this share of the largest number is rounding noise.
const NOISE: f64 = 1e-12;

fn is_noise(deviation: f64) -> bool {
    deviation.is_nan() || deviation <= NOISE
}

/// The weight of the rows that are not listed, where those listed have this share. What is left of 1 is exact enough while
/// it is large; the rest is added up, so that a column that lists all rows that have weight leaves nothing at all.
fn unlisted(rows: &[u32], weights: &[f64], share: f64) -> f64 {
    if share <= 0.5 {
        return 1.0 - share;
    }
    let mut listed = rows.iter().copied().peekable();
    (0u32..).zip(weights).filter(|(row, _)| listed.next_if_eq(row).is_none()).map(|(_, weight)| weight).sum()
}

impl<'a> Column<'a> {
    /// Standardises a column under weights that sum to 1.
    pub(super) fn new(data: &'a DesignData, weights: &[f64]) -> Self {
        let few = SPARSE * weights.len() as f64;
        match data {
            DesignData::Indicator(rows) => Self::indicator(Cow::Borrowed(rows), weights),
            DesignData::Sparse { rows, values } => {
                if rows.len() as f64 > few {
                    let mut dense = vec![0.0; weights.len()];
                    rows.iter().zip(values).for_each(|(&row, &value)| dense[row as usize] = value);
                    Self::dense(&dense, weights)
                } else {
                    Self::sparse(Cow::Borrowed(rows), values, weights)
                }
            }
            DesignData::Dense(values) => {
                let listed = values.iter().filter(|&&value| value != 0.0).count();
                if listed as f64 <= few {
                    let (rows, values): (Vec<u32>, Vec<f64>) =
                        (0u32..).zip(values.iter().copied()).filter(|(_, value)| *value != 0.0).unzip();
                    Self::sparse(Cow::Owned(rows), &values, weights)
                } else {
                    Self::dense(values, weights)
                }
            }
        }
    }

    fn constant(shift: f64) -> Self {
        Self { entries: Entries::Constant, shift, deviation: 0.0 }
    }

    fn indicator(rows: Cow<'a, [u32]>, weights: &[f64]) -> Self {
        let share: f64 = rows.iter().map(|&row| weights[row as usize]).sum();
        let deviation = (share * unlisted(&rows, weights, share)).sqrt();
        if is_noise(deviation) {
            return Self::constant(if share > 0.5 { 1.0 } else { 0.0 });
        }
        if rows.len() * 2 <= weights.len() {
            return Self {
                entries: Entries::Indicator { rows, value: 1.0 / deviation },
                shift: 0.0,
                deviation,
            };
        }
        let mut ones = rows.iter().copied().peekable();
        let zeros = (0..weights.len() as u32).filter(|&row| ones.next_if_eq(&row).is_none()).collect();
        Self {
            entries: Entries::Indicator { rows: Cow::Owned(zeros), value: -1.0 / deviation },
            shift: 1.0,
            deviation,
        }
    }

    fn sparse(rows: Cow<'a, [u32]>, values: &[f64], weights: &[f64]) -> Self {
        let largest = values.iter().fold(0.0, |top: f64, value| top.max(value.abs()));
        if largest == 0.0 {
            return Self::constant(0.0);
        }
        if values.iter().all(|&value| value == 1.0) {
            return Self::indicator(rows, weights);
        }
        let listed =
            || rows.iter().zip(values).map(|(&row, &value)| (weights[row as usize], value / largest));
        let (mut mean, mut share) = (0.0, 0.0);
        listed().for_each(|(weight, value)| {
            mean += weight * value;
            share += weight;
        });
        let rest = unlisted(&rows, weights, share);
        let around: f64 = listed().map(|(weight, value)| weight * (value - mean).powi(2)).sum();
        let deviation = (around + rest * mean * mean).sqrt();
        if is_noise(deviation) {
            return Self::constant(mean * largest);
        }
        let values = values.iter().map(|value| value / largest / deviation).collect();
        Self { entries: Entries::Sparse { rows, values }, shift: 0.0, deviation: deviation * largest }
    }

    fn dense(values: &[f64], weights: &[f64]) -> Self {
        let largest = values.iter().fold(0.0, |top: f64, value| top.max(value.abs()));
        if largest == 0.0 {
            return Self::constant(0.0);
        }
        let mean: f64 = values.iter().zip(weights).map(|(value, weight)| weight * (value / largest)).sum();
        let variance: f64 =
            values.iter().zip(weights).map(|(value, weight)| weight * (value / largest - mean).powi(2)).sum();
        let deviation = variance.sqrt();
        if is_noise(deviation) {
            return Self::constant(mean * largest);
        }
        let scaled = values.iter().map(|value| (value / largest - mean) / deviation).collect();
        Self { entries: Entries::Dense(scaled), shift: mean * largest, deviation: deviation * largest }
    }

    pub(super) fn is_constant(&self) -> bool {
        matches!(self.entries, Entries::Constant)
    }

    /// The rows that are listed; none of a dense column.
    pub(super) fn rows(&self) -> &[u32] {
        match &self.entries {
            Entries::Sparse { rows, .. } | Entries::Indicator { rows, .. } => rows,
            Entries::Dense(_) | Entries::Constant => &[],
        }
    }

    /// Sum of the column times `other`.
    pub(super) fn dot(&self, other: &[f64]) -> f64 {
        match &self.entries {
            Entries::Dense(values) => dot(values, other),
            Entries::Sparse { rows, values } => dot_sparse(rows, values, other),
            Entries::Indicator { rows, value } => value * sum_of(rows, other),
            Entries::Constant => 0.0,
        }
    }

    /// Adds `factor` times the column to `to`.
    pub(super) fn add_to(&self, factor: f64, to: &mut [f64]) {
        match &self.entries {
            Entries::Dense(values) => to.iter_mut().zip(values).for_each(|(to, value)| *to += factor * value),
            Entries::Sparse { rows, values } => {
                rows.iter().zip(values).for_each(|(&row, value)| to[row as usize] += factor * value);
            }
            Entries::Indicator { rows, value } => {
                let step = factor * value;
                rows.iter().for_each(|&row| to[row as usize] += step);
            }
            Entries::Constant => {}
        }
    }

    /// Calls `each(row, number)` for every stored number.
    pub(super) fn each(&self, mut each: impl FnMut(usize, f64)) {
        match &self.entries {
            Entries::Dense(values) => values.iter().enumerate().for_each(|(row, &value)| each(row, value)),
            Entries::Sparse { rows, values } => {
                rows.iter().zip(values).for_each(|(&row, &value)| each(row as usize, value));
            }
            Entries::Indicator { rows, value } => rows.iter().for_each(|&row| each(row as usize, *value)),
            Entries::Constant => {}
        }
    }
}

/// Partial sums run side by side; their number is part of the result's bits.
const LANES: usize = 8;

/// Sum of products, in a fixed order.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, b) = (&a[..a.len().min(b.len())], &b[..a.len().min(b.len())]);
    let mut lanes = [0.0; LANES];
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a.remainder().iter().zip(b.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a.zip(b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// Sum of products over listed rows, in a fixed order.
pub(super) fn dot_sparse(rows: &[u32], values: &[f64], other: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let (rows, values) = (rows.chunks_exact(4), values.chunks_exact(4));
    let rest: f64 =
        rows.remainder().iter().zip(values.remainder()).map(|(&row, v)| v * other[row as usize]).sum();
    for (rows, values) in rows.zip(values) {
        for lane in 0..4 {
            lanes[lane] += values[lane] * other[rows[lane] as usize];
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

fn sum_of(rows: &[u32], other: &[f64]) -> f64 {
    let mut lanes = [0.0; 4];
    let rows = rows.chunks_exact(4);
    let rest: f64 = rows.remainder().iter().map(|&row| other[row as usize]).sum();
    for rows in rows {
        for lane in 0..4 {
            lanes[lane] += other[rows[lane] as usize];
        }
    }
    (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(column: &Column<'_>, rows: usize) -> Vec<f64> {
        let mut all = vec![0.0; rows];
        column.add_to(1.0, &mut all);
        all
    }

    #[test]
    fn every_storage_gives_the_same_column_up_to_a_shift() {
        let weights = [0.1, 0.2, 0.05, 0.15, 0.1, 0.1, 0.1, 0.2];
        let ones = [1u32, 2, 4, 5, 6, 7];
        let dense: Vec<f64> = (0..8).map(|row| f64::from(u8::from(ones.contains(&row)))).collect();
        let by_rows = DesignData::Indicator(ones.to_vec());
        let in_full = DesignData::Dense(dense.clone());
        let (a, b) = (Column::new(&by_rows, &weights), Column::new(&in_full, &weights));
        assert!((a.deviation - b.deviation).abs() < 1e-15);
        let (a_rows, b_rows) = (stored(&a, 8), stored(&b, 8));
        for row in 0..8 {
            let original = |column: &Column<'_>, number: f64| number * column.deviation + column.shift;
            assert!((original(&a, a_rows[row]) - dense[row]).abs() < 1e-15, "{a_rows:?}");
            assert!((original(&b, b_rows[row]) - dense[row]).abs() < 1e-15, "{b_rows:?}");
        }
        assert_eq!(a.rows().len(), 2, "an indicator of most rows is stored by the others");
    }

    #[test]
    fn what_does_not_vary_where_there_is_weight_is_constant() {
        let weights = [0.5, 0.5, 0.0];
        for data in [
            DesignData::Dense(vec![0.1, 0.1, 7.0]),
            DesignData::Dense(vec![0.0; 3]),
            DesignData::Indicator(vec![0, 1, 2]),
            DesignData::Indicator(vec![2]),
            DesignData::Sparse { rows: vec![2], values: vec![3.0] },
            DesignData::Sparse { rows: vec![], values: vec![] },
        ] {
            assert!(Column::new(&data, &weights).is_constant(), "{data:?}");
        }
        // Ten tenths do not add up to 1.
        let all: Vec<u32> = (0..10).collect();
        for data in
            [DesignData::Indicator(all.clone()), DesignData::Sparse { rows: all, values: vec![2.0; 10] }]
        {
            assert!(Column::new(&data, &[0.1; 10]).is_constant(), "{data:?}");
        }
    }

    #[test]
    fn huge_numbers_do_not_overflow() {
        let weights = [0.25; 4];
        let data = DesignData::Dense(vec![1e300, -1e300, 5e299, 1e299]);
        let column = Column::new(&data, &weights);
        assert!(column.deviation.is_finite() && stored(&column, 4).iter().all(|v| v.abs() < 3.0));
    }
}
