//! The same designs as scikit-learn's. The table and its answers are made by `oracles/impute/encode.py`.

use bedside_impute::{CategoryGap, EncodeSettings, Fill, LevelCoding, Rare};
use bedside_table::{Column, Complete, RowSet, Table};
use serde_json::{Map, Value};

use crate::table::{category, number, split};

const ANSWERS: &str = include_str!("../../../../oracles/impute/encode.json");

fn columns(answers: &Value) -> Vec<Column> {
    let of = |key: &str| answers[key].as_object().unwrap().iter();
    let numbers = of("numbers").map(|(name, cells)| {
        number(name, &cells.as_array().unwrap().iter().map(Value::as_f64).collect::<Vec<_>>())
    });
    let words = of("words").map(|(name, cells)| {
        category(name, &cells.as_array().unwrap().iter().map(Value::as_str).collect::<Vec<_>>())
    });
    numbers.chain(words).collect()
}

fn compare<R: RowSet>(design: &Complete<R>, expected: &Map<String, Value>, first: usize, case: &str) {
    let mut found: Vec<String> = design.columns().iter().map(bedside_table::DesignColumn::label).collect();
    let mut labels: Vec<String> = expected.keys().cloned().collect();
    found.sort();
    labels.sort();
    assert_eq!(found, labels, "{case}");
    for column in design.columns() {
        let answers = expected[&column.label()].as_array().unwrap();
        for row in 0..design.rows() {
            let (answer, found) = (answers[first + row].as_f64().unwrap(), column.get(row));
            assert!(
                (answer - found).abs() < 1e-12,
                "{case}: {} in row {row}: {answer} {found}",
                column.label()
            );
        }
    }
}

#[test]
fn designs_agree_with_scikit_learn() {
    let answers: Value = serde_json::from_str(ANSWERS).unwrap();
    let train_rows = answers["train"].as_u64().unwrap() as usize;
    let columns = columns(&answers);
    let whole = Table::new(columns[0].len(), columns).unwrap();
    let (train, held_out) = split(&whole, train_rows);
    let cases = answers["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let settings = EncodeSettings {
            numeric: if case["fill"] == "mean" { Fill::Mean } else { Fill::Median },
            categorical: CategoryGap::MostFrequent,
            indicators: true,
            rare: Rare::Count(case["rare"].as_u64().unwrap()),
            coding: LevelCoding::Full,
            standardise: case["standardise"].as_bool().unwrap(),
        };
        let name = format!("{settings:?}");
        let encoder = settings.check().unwrap().fit(&train).unwrap();
        let expected = case["design"].as_object().unwrap();
        compare(&encoder.apply(&train).unwrap(), expected, 0, &name);
        compare(&encoder.apply(&held_out).unwrap(), expected, train_rows, &name);
    }
}
