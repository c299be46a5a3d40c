//! Table 1: who is in the study, by outcome, and what is missing.

use std::collections::BTreeMap;

use bedside_table::{Column, Data, Numeric, Outcome, OutcomeKind, RowSet, State, Table};

use crate::reference::quantile;
use crate::report::data::TableOneRow;
use crate::report::number;

/// Levels beyond this many are summed up in one line.
const LEVELS: usize = 12;

/// Counts below this are not shown: a cell of few people may identify them.
const SMALLEST: usize = 5;

/// Describes every predictor: median and quartiles of numbers, of those that are only 0 or 1 the count of 1, counts and percentages of levels; by outcome when it is
/// binary, by half of the outcome (below and above its median) when it is a number.
#[must_use]
pub fn describe<R: RowSet>(
    table: &Table<R>,
    outcome: &Outcome<R>,
    units: &BTreeMap<String, String>,
) -> Vec<TableOneRow> {
    let first = first_group(outcome);
    table.columns().iter().flat_map(|column| rows_of(column, &first, units.get(&column.name))).collect()
}

/// What the three cells of a row stand for.
#[must_use]
pub fn headings(kind: OutcomeKind) -> [&'static str; 3] {
    match kind {
        OutcomeKind::Binary => ["All", "With the event", "Without"],
        OutcomeKind::Continuous => ["All", "Outcome above its median", "Below or at it"],
    }
}

fn first_group<R: RowSet>(outcome: &Outcome<R>) -> Vec<bool> {
    let cut = match outcome.kind() {
        OutcomeKind::Binary => 0.5,
        OutcomeKind::Continuous => {
            let mut sorted = outcome.values().to_vec();
            sorted.sort_by(f64::total_cmp);
            quantile(&sorted, 0.5)
        }
    };
    outcome.values().iter().map(|&v| v > cut).collect()
}

fn rows_of(column: &Column, first: &[bool], unit: Option<&String>) -> Vec<TableOneRow> {
    let count = |state: State| column.states().iter().filter(|&&s| s == state).count();
    let row = |level: String, cells: [String; 3]| TableOneRow {
        predictor: column.name.clone(),
        level,
        unit: unit.cloned(),
        cells,
        levels: None,
        not_measured: None,
        unreadable: None,
        out_of_range: None,
    };
    let mut rows = match &column.data {
        Data::Numeric(cells) if is_flag(column, cells) => {
            let (mut ones, mut totals) = ([0; 3], [0; 3]);
            for (r, value) in (0..column.len()).filter_map(|r| Some((r, cells.get(r)?))) {
                for group in [0, if first[r] { 1 } else { 2 }] {
                    ones[group] += usize::from(value == 1.0);
                    totals[group] += 1;
                }
            }
            vec![row(String::new(), [0, 1, 2].map(|g| share(ones[g], totals[g])))]
        }
        Data::Numeric(cells) => {
            let describe = |keep: &dyn Fn(usize) -> bool| {
                let mut values: Vec<f64> =
                    (0..column.len()).filter(|&r| keep(r)).filter_map(|r| cells.get(r)).collect();
                values.sort_by(f64::total_cmp);
                if values.len() < SMALLEST {
                    return format!("fewer than {SMALLEST} values");
                }
                let [low, middle, high] = [0.25, 0.5, 0.75].map(|q| short(quantile(&values, q)));
                format!("{middle} [{low}, {high}]")
            };
            vec![row(String::new(), [describe(&|_| true), describe(&|r| first[r]), describe(&|r| !first[r])])]
        }
        Data::Categorical(cells) => {
            let mut counts = vec![[0usize; 3]; cells.levels().len()];
            let mut totals = [0usize; 3];
            for (r, (&code, state)) in cells.codes().iter().zip(cells.states()).enumerate() {
                if state.is_measured() {
                    for group in [0, if first[r] { 1 } else { 2 }] {
                        counts[code as usize][group] += 1;
                        totals[group] += 1;
                    }
                }
            }
            let cells_of = |n: [usize; 3]| [0, 1, 2].map(|g| share(n[g], totals[g]));
            let mut order: Vec<usize> = (0..counts.len()).filter(|&l| counts[l][0] > 0).collect();
            order.sort_by(|&a, &b| {
                counts[b][0].cmp(&counts[a][0]).then_with(|| cells.levels()[a].cmp(&cells.levels()[b]))
            });
            let shown = if order.len() > LEVELS { LEVELS - 1 } else { order.len() };
            let mut rows: Vec<TableOneRow> =
                order[..shown].iter().map(|&l| row(cells.levels()[l].clone(), cells_of(counts[l]))).collect();
            if order.len() > shown {
                let others =
                    order[shown..].iter().fold([0; 3], |sum, &l| [0, 1, 2].map(|g| sum[g] + counts[l][g]));
                rows.push(row(format!("{} other levels", order.len() - shown), cells_of(others)));
            }
            if let Some(first) = rows.first_mut() {
                first.levels = Some(order.len());
            } else {
                rows.push(row(String::new(), [(); 3].map(|()| "never measured".to_owned())));
            }
            rows
        }
    };
    if let Some(first) = rows.first_mut() {
        first.not_measured = Some(count(State::NotMeasured));
        first.unreadable = Some(count(State::Unreadable));
        first.out_of_range = Some(count(State::OutOfRange));
    }
    rows
}

/// Whether a column has numbers, all of them 0 or 1: it says whether something is so.
fn is_flag(column: &Column, cells: &Numeric) -> bool {
    let mut values = (0..column.len()).filter_map(|r| cells.get(r)).peekable();
    values.peek().is_some() && values.all(|value| value == 0.0 || value == 1.0)
}

/// So many of so many.
fn share(n: usize, of: usize) -> String {
    match n {
        0 => "0".to_owned(),
        n if n < SMALLEST => format!("< {SMALLEST}"),
        n => format!("{} ({:.1} %)", number::count(n), 100.0 * n as f64 / of as f64),
    }
}

/// A number with three significant digits, or all digits of the whole part.
fn short(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    let decimals = (2 - digits).clamp(0, 6) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_table::Categorical;

    #[test]
    fn a_small_table_is_described_as_by_hand() {
        let n = 40;
        let age = (0..n).map(|i| (i != 7).then_some(f64::from(i)));
        let sex: Vec<Option<&str>> = (0..n)
            .map(|i| {
                Some(if i < 3 {
                    "x"
                } else if i % 2 == 0 {
                    "f"
                } else {
                    "m"
                })
            })
            .collect();
        let table = Table::new(
            n as usize,
            vec![
                Column::numeric("age", Numeric::from_options(age).unwrap()),
                Column::numeric(
                    "drug",
                    Numeric::from_options((0..n).map(|i| Some(f64::from(u8::from(i % 4 == 0))))).unwrap(),
                ),
                Column::categorical("sex", Categorical::from_labels(sex)),
            ],
        )
        .unwrap();
        let outcome = Outcome::binary((0..n).map(|i| i >= 20)).unwrap();
        let units = BTreeMap::from([("age".to_owned(), "a".to_owned())]);
        let rows = describe(&table, &outcome, &units);
        assert_eq!(
            rows[0].cells,
            ["20 [10.5, 29.5]", "29.5 [24.8, 34.2]", "10 [4.5, 14.5]"].map(str::to_owned)
        );
        assert_eq!((rows[0].not_measured, rows[0].unit.as_deref()), (Some(1), Some("a")));
        assert_eq!(rows[1].cells, ["10 (25.0 %)", "5 (25.0 %)", "5 (25.0 %)"].map(str::to_owned));
        let x = rows.iter().find(|r| r.level == "x").unwrap();
        assert_eq!(x.cells, ["< 5", "0", "< 5"].map(str::to_owned));
    }

    #[test]
    fn numbers_are_short_but_whole_parts_are_kept() {
        let cases = [
            (0.0, "0"),
            (12345.6, "12346"),
            (1.2345, "1.23"),
            (0.00123, "0.00123"),
            (40.0, "40"),
            (-2.5, "-2.5"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }
}
