//! Rows on one side of a split that are the same, or nearly the same, as a row on the other side.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use bedside_table::{Data, HeldOut, RowSet, Table, Train};

/// How many predictors may differ between two rows that still count as near-duplicates.
pub const NEAR: usize = 2;

/// How many candidates a held-out row is compared with before the search gives up on it.
const CANDIDATES: usize = 256;

/// Rows that are equal count as twins where chance gives an equal row less often than this, were predictors independent. They
/// are not, so the bound is far below what is usual; copies of rows with a handful of numbers are far below it again.
const BY_CHANCE: f64 = 1e-6;

/// Held-out rows with a twin among the training rows, where chance does not give them one: rows of few or coarse predictors are
/// often equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Twins {
    /// Held-out rows that equal a training row in every predictor.
    pub exact: usize,
    /// Further held-out rows that differ from a training row in at most [`NEAR`] predictors.
    pub near: usize,
}

/// Counts twins across a split.
///
/// Near twins are found by the pigeonhole principle: two rows that differ in at most two predictors agree on at least one
/// of three blocks of predictors, so only rows that share a block are compared (blocks are dealt out by entropy, so that
/// each can tell rows apart). A held-out row with more than 256 candidates in a block is compared with 256 of them: the
/// count of near twins is then a lower bound, and tables of so few distinct rows have no meaningful near twins.
/// Tables with fewer than six predictors have no near twins either.
#[must_use]
pub fn across(train: &Table<Train>, held_out: &Table<HeldOut>) -> Twins {
    let known = cells(train, train);
    let unseen = cells(held_out, train);
    let width = train.columns().len();
    let all: Vec<usize> = (0..width).collect();
    let exact_keys: std::collections::HashSet<u64> =
        (0..train.rows()).map(|r| key(&known, &all, r)).collect();
    // The logarithm of how many training rows chance makes equal to a row in the cells that are chosen, or of fewer than that where
    // they are too few to matter: columns are counted when they are asked for.
    let counted: Vec<OnceCell<HashMap<u64, f64>>> = vec![OnceCell::new(); width];
    let by_chance = |row: usize, most: f64, alike: &dyn Fn(usize) -> bool| -> f64 {
        let mut sum = (train.rows() as f64).ln();
        for c in (0..width).filter(|&c| alike(c)) {
            let shares = counted[c].get_or_init(|| frequencies(&known[c]));
            sum += shares.get(&unseen[c][row]).map_or(0.0, |share| share.ln());
            if sum < most {
                break;
            }
        }
        sum
    };
    let rare = BY_CHANCE.ln();
    let pairs = (width * width.saturating_sub(1) / 2).max(1) as f64;
    let mut twins = Twins::default();
    let mut open: Vec<usize> = Vec::new();
    for row in 0..held_out.rows() {
        if width > 0 && exact_keys.contains(&key(&unseen, &all, row)) {
            twins.exact += usize::from(by_chance(row, rare, &|_| true) < rare);
        } else {
            open.push(row);
        }
    }
    if width < 6 {
        return twins;
    }
    let mut found = vec![false; held_out.rows()];
    for block in blocks(&known, train.rows()) {
        let mut index: HashMap<u64, Vec<u32>> = HashMap::new();
        for row in 0..train.rows() {
            index.entry(key(&known, &block, row)).or_default().push(row as u32);
        }
        for &row in &open {
            if found[row] {
                continue;
            }
            let candidates = index.get(&key(&unseen, &block, row)).map_or(&[][..], Vec::as_slice);
            found[row] = candidates.iter().take(CANDIDATES).any(|&other| {
                let differ = |c: &usize| unseen[*c][row] != known[*c][other as usize];
                all.iter().filter(|c| differ(c)).take(NEAR + 1).count() <= NEAR
                    && by_chance(row, rare - pairs.ln(), &|c| !differ(&c)) < rare - pairs.ln()
            });
        }
    }
    twins.near = found.iter().filter(|&&f| f).count();
    twins
}

/// Every cell as a number that is equal exactly when the cells are equal; levels are compared by name.
fn cells<R: RowSet, L: RowSet>(table: &Table<R>, like: &Table<L>) -> Vec<Vec<u64>> {
    const GAP: u64 = u64::MAX;
    table
        .columns()
        .iter()
        .zip(like.columns())
        .map(|(column, like)| match (&column.data, &like.data) {
            (Data::Numeric(cells), _) => {
                (0..column.len()).map(|r| cells.get(r).map_or(GAP, |v| (v + 0.0).to_bits())).collect()
            }
            (Data::Categorical(cells), like) => {
                let names: HashMap<&str, u64> = match like {
                    Data::Categorical(like) => like.levels().iter().map(String::as_str).zip(0..).collect(),
                    Data::Numeric(_) => HashMap::new(),
                };
                let unknown = 1 << 40;
                let code = |r: usize| match cells.get(r) {
                    None => GAP,
                    Some(level) => names.get(level).copied().unwrap_or(unknown + u64::from(cells.codes()[r])),
                };
                (0..column.len()).map(code).collect()
            }
        })
        .collect()
}

/// The share of rows that have each cell.
fn frequencies(cells: &[u64]) -> HashMap<u64, f64> {
    let mut counts: HashMap<u64, f64> = HashMap::new();
    cells.iter().for_each(|&cell| *counts.entry(cell).or_default() += 1.0);
    counts.values_mut().for_each(|count| *count /= cells.len() as f64);
    counts
}

/// For each row, the number of the rows that equal it in every cell.
#[must_use]
pub fn alike<R: RowSet>(table: &Table<R>) -> Vec<u32> {
    let cells: Vec<Vec<u64>> = cells(table, table);
    let mut numbers: HashMap<Vec<u64>, u32> = HashMap::new();
    (0..table.rows())
        .map(|row| {
            let next = numbers.len() as u32;
            *numbers.entry(cells.iter().map(|column| column[row]).collect()).or_insert(next)
        })
        .collect()
}

fn key(cells: &[Vec<u64>], columns: &[usize], row: usize) -> u64 {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    hasher.hash_one(columns.iter().map(|&c| cells[c][row]).collect::<Vec<_>>())
}

/// Three blocks of columns; the columns that tell most rows apart are dealt out first.
fn blocks(cells: &[Vec<u64>], rows: usize) -> [Vec<usize>; NEAR + 1] {
    let mut by_entropy: Vec<(f64, usize)> = cells
        .iter()
        .enumerate()
        .map(|(column, values)| {
            let mut counts: HashMap<u64, usize> = HashMap::new();
            values.iter().for_each(|&v| *counts.entry(v).or_default() += 1);
            let mut counts: Vec<usize> = counts.into_values().collect();
            counts.sort_unstable();
            let entropy = counts.iter().map(|&n| n as f64 / rows as f64).map(|p| -p * p.ln()).sum();
            (entropy, column)
        })
        .collect();
    by_entropy.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut dealt: [Vec<usize>; NEAR + 1] = Default::default();
    for (turn, (_, column)) in by_entropy.into_iter().enumerate() {
        dealt[turn % (NEAR + 1)].push(column);
    }
    dealt
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_table::{Categorical, Column, Numeric, Partition, Seed};

    #[test]
    fn planted_twins_are_found_and_strangers_are_not() {
        let mut stream = Seed::new(5).stream();
        let rows = 400;
        let mut numbers: Vec<Vec<Option<f64>>> =
            (0..8).map(|_| (0..rows).map(|_| Some((stream.uniform() * 1e6).floor())).collect()).collect();
        let mut labels: Vec<Option<&str>> =
            (0..rows).map(|_| Some(if stream.uniform() < 0.5 { "yes" } else { "no" })).collect();
        // Row 0 equals row 399; row 1 differs from row 398 in two cells, row 2 from row 397 in three.
        for column in &mut numbers {
            (column[0], column[1], column[2]) = (column[399], column[398], column[397]);
        }
        (labels[0], labels[1], labels[2]) = (labels[399], labels[398], labels[397]);
        (numbers[0][1], numbers[5][1]) = (None, Some(-1.0));
        (numbers[0][2], numbers[3][2], numbers[5][2]) = (None, Some(-1.0), Some(-2.0));
        let mut columns: Vec<Column> = numbers
            .into_iter()
            .enumerate()
            .map(|(i, c)| Column::numeric(format!("n{i}"), Numeric::from_options(c).unwrap()))
            .collect();
        columns.push(Column::categorical("label", Categorical::from_labels(labels)));
        let table = Table::new(rows, columns).unwrap();
        let held: Vec<bool> = (0..rows).map(|r| r < 100).collect();
        let parts = Partition::new(&held, None).unwrap();
        let twins = across(&table.part(parts.train()), &table.part(parts.held_out()));
        assert_eq!(twins, Twins { exact: 1, near: 1 });
    }

    #[test]
    fn rows_that_chance_makes_equal_are_no_twins() {
        let mut stream = Seed::new(8).stream();
        let mut coarse = |levels: f64| -> Vec<Option<f64>> {
            (0..2000).map(|_| Some((stream.uniform() * levels).floor())).collect()
        };
        let columns = [2.0, 5.0, 3.0, 10.0, 7.0, 4.0, 6.0].map(|levels| {
            Column::numeric(format!("of {levels}"), Numeric::from_options(coarse(levels)).unwrap())
        });
        let held: Vec<bool> = (0..2000).map(|r| r < 400).collect();
        let parts = Partition::new(&held, None).unwrap();
        for width in [1, 2, 4, 7] {
            let table = Table::new(2000, columns[..width].to_vec()).unwrap();
            let twins = across(&table.part(parts.train()), &table.part(parts.held_out()));
            assert_eq!(twins, Twins::default(), "{width}");
        }
    }

    #[test]
    fn rows_that_are_alike_have_one_number() {
        let of = |cells: [Option<f64>; 4]| Numeric::from_options(cells).unwrap();
        let labels = Categorical::from_labels([Some("a"), Some("a"), None, Some("a")]);
        let table = Table::new(
            4,
            vec![
                Column::numeric("x", of([Some(1.0), Some(1.0), Some(1.0), None])),
                Column::categorical("y", labels),
            ],
        )
        .unwrap();
        assert_eq!(alike(&table), [0, 0, 1, 2]);
    }
}
