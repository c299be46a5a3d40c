//! Every column sorted once: what folds and settings share.

use bedside_table::{Column, Data, State, Table, Train};
use rayon::prelude::*;

/// A cell without a value.
pub(super) const MISSING: u32 = u32::MAX;

/// The columns of a table with each value replaced by its rank among the distinct values of its column.
#[derive(Debug)]
pub(super) struct Ranked {
    pub(super) columns: Vec<RankedColumn>,
}

#[derive(Debug)]
pub(super) struct RankedColumn {
    pub(super) name: String,
    pub(super) values: Values,
    /// The rank (numeric) or code (categorical) in each row, or [`MISSING`].
    pub(super) ranks: Vec<u32>,
}

/// What ranks stand for.
#[derive(Debug)]
pub(super) enum Values {
    /// The distinct values, ascending.
    Numeric(Vec<f64>),
    /// The levels.
    Categorical(std::sync::Arc<[String]>),
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Numeric(values) => values.len(),
            Self::Categorical(levels) => levels.len(),
        }
    }
}

impl Ranked {
    /// Sorts each column.
    pub(super) fn of(table: &Table<Train>) -> Self {
        Self { columns: table.columns().par_iter().map(rank).collect() }
    }
}

fn rank(column: &Column) -> RankedColumn {
    let name = column.name.clone();
    match &column.data {
        Data::Numeric(cells) => {
            let (values, ranks) = rank_numbers(cells.values(), cells.states());
            RankedColumn { name, values: Values::Numeric(values), ranks }
        }
        Data::Categorical(cells) => {
            // Levels that share a name are one level.
            let mut first = std::collections::HashMap::new();
            let levels = cells.levels().iter().enumerate();
            let same: Vec<u32> =
                levels.map(|(code, level)| *first.entry(level).or_insert(code as u32)).collect();
            let rank = |(&code, state): (&u32, &State)| {
                if state.is_measured() { same[code as usize] } else { MISSING }
            };
            let ranks = cells.codes().iter().zip(cells.states()).map(rank).collect();
            RankedColumn { name, values: Values::Categorical(cells.levels().clone()), ranks }
        }
    }
}

/// The distinct measured values, ascending, and the rank of every row.
fn rank_numbers(values: &[f64], states: &[State]) -> (Vec<f64>, Vec<u32>) {
    rank_small_integers(values, states).unwrap_or_else(|| rank_by_sorting(values, states))
}

/// Counts, ages and codes: whole numbers in a narrow range need no comparison sort. `None` when the column is not like
/// that.
fn rank_small_integers(values: &[f64], states: &[State]) -> Option<(Vec<f64>, Vec<u32>)> {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for (&value, state) in values.iter().zip(states) {
        if state.is_measured() {
            if value.abs() > 1e9 || value as i64 as f64 != value {
                return None;
            }
            (low, high) = (low.min(value), high.max(value));
        }
    }
    let width = if low <= high { (high - low) as usize + 1 } else { 0 };
    if width > 2 * values.len() + 256 {
        return None;
    }
    let place = |value: f64| (value - low) as usize;
    let mut rank_at = vec![MISSING; width];
    for (&value, state) in values.iter().zip(states) {
        if state.is_measured() {
            rank_at[place(value)] = 0;
        }
    }
    let mut distinct = Vec::new();
    for (place, rank) in rank_at.iter_mut().enumerate().filter(|(_, rank)| **rank == 0) {
        *rank = distinct.len() as u32;
        distinct.push(low + place as f64);
    }
    let rank = |(&value, state): (&f64, &State)| {
        if state.is_measured() { rank_at[place(value)] } else { MISSING }
    };
    let ranks = values.iter().zip(states).map(rank).collect();
    Some((distinct, ranks))
}

fn rank_by_sorting(values: &[f64], states: &[State]) -> (Vec<f64>, Vec<u32>) {
    /// Negative numbers with all bits turned, others with the sign bit turned: ordered as the numbers are.
    fn key(value: f64) -> u64 {
        // Adding 0 makes -0 into 0.
        let bits = (value + 0.0).to_bits();
        if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
    }
    let mut keyed: Vec<(u64, u32)> = values
        .iter()
        .zip(states)
        .enumerate()
        .filter(|(_, (_, state))| state.is_measured())
        .map(|(row, (&value, _))| (key(value), row as u32))
        .collect();
    sort_by_key(&mut keyed);
    let (mut distinct, mut ranks) = (Vec::new(), vec![MISSING; values.len()]);
    let mut last = None;
    for (key, row) in keyed {
        if last != Some(key) {
            distinct.push(values[row as usize] + 0.0);
            last = Some(key);
        }
        ranks[row as usize] = distinct.len() as u32 - 1;
    }
    (distinct, ranks)
}

/// Radix sort from the lowest digit, 11 bits at a time; digits that all keys share are passed over.
fn sort_by_key(keyed: &mut Vec<(u64, u32)>) {
    const BITS: u32 = 11;
    if keyed.len() < 2000 {
        keyed.sort_unstable();
        return;
    }
    let mut other = keyed.clone();
    for digit in 0..u64::BITS.div_ceil(BITS) {
        let of = |key: u64| (key >> (digit * BITS)) as usize & ((1 << BITS) - 1);
        let mut starts = vec![0usize; 1 << BITS];
        for &(key, _) in keyed.iter() {
            starts[of(key)] += 1;
        }
        if starts.contains(&keyed.len()) {
            continue;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        for &entry in keyed.iter() {
            let start = &mut starts[of(entry.0)];
            other[*start] = entry;
            *start += 1;
        }
        std::mem::swap(keyed, &mut other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_table::Seed;

    #[test]
    fn ranks_order_the_values() {
        let mut stream = Seed::new(5).stream();
        for rows in [0, 1, 7, 5000] {
            for whole in [false, true] {
                let draw = |z: f64| if whole { (z * 40.0).round() } else { (z * 1e3).round() / 7.0 };
                let values: Vec<f64> = (0..rows).map(|_| draw(stream.normal())).collect();
                let state = |i| if i % 11 == 3 { State::OutOfRange } else { State::Measured };
                let states: Vec<State> = (0..rows).map(state).collect();
                let (distinct, ranks) = rank_numbers(&values, &states);
                if rows != 1 {
                    assert_eq!(rank_small_integers(&values, &states).is_some(), whole || rows == 0);
                }
                assert!(distinct.windows(2).all(|w| w[0] < w[1]));
                for ((&value, &rank), state) in values.iter().zip(&ranks).zip(&states) {
                    if state.is_measured() {
                        assert_eq!(distinct[rank as usize], value);
                    } else {
                        assert_eq!(rank, MISSING);
                    }
                }
            }
        }
    }

    #[test]
    fn both_zeros_are_one_value() {
        let (distinct, ranks) = rank_by_sorting(&[0.0, -0.0, -0.5], &[State::Measured; 3]);
        assert_eq!((distinct, ranks), (vec![-0.5, 0.0], vec![1, 1, 0]));
        let (distinct, _) = rank_small_integers(&[-0.0, 0.0], &[State::Measured; 2]).unwrap();
        assert_eq!(distinct.len(), 1);
    }
}
