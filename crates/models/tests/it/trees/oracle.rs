//! The same contributions as the shap package finds in the same trees, grown by LightGBM. Both are made by
//! `oracles/trees/contributions.py`.

use bedside_models::trees::{FittedTrees, Loss, Predictor, PredictorKind, TreeParts};
use bedside_table::{Certificate, Column, Numeric, Table};
use serde_json::Value;

const ANSWERS: &str = include_str!("../../../../../oracles/trees/contributions.json");
const TOLERANCE: f64 = 1e-9;

fn numbers(of: &Value) -> Vec<f64> {
    of.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn places(of: &Value) -> Vec<u32> {
    let place = |v: &Value| u32::try_from(v.as_i64().unwrap()).unwrap_or(TreeParts::LEAF);
    of.as_array().unwrap().iter().map(place).collect()
}

#[test]
fn contributions_are_those_of_the_shap_package() {
    let answers: Value = serde_json::from_str(ANSWERS).unwrap();
    let rows: Vec<Vec<Option<f64>>> = answers["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r.as_array().unwrap().iter().map(Value::as_f64).collect())
        .collect();
    let width = rows[0].len();
    let name = |place: usize| format!("x{place}");
    let column = |place: usize| {
        Column::numeric(name(place), Numeric::from_options(rows.iter().map(|row| row[place])).unwrap())
    };
    let table = Table::arriving(rows.len(), (0..width).map(column).collect()).unwrap();
    let nodes = answers["value"].as_array().unwrap().len();
    let fitted = FittedTrees::from_parts(TreeParts {
        loss: Loss::Logistic,
        base: 0.0,
        predictors: (0..width).map(|p| Predictor { name: name(p), kind: PredictorKind::Numeric }).collect(),
        first_node: places(&answers["first_node"]),
        predictor: places(&answers["predictor"]),
        threshold: numbers(&answers["threshold"]),
        levels: vec![0; nodes],
        missing_left: places(&answers["missing_left"]).iter().map(|&flag| flag as u8).collect(),
        left: places(&answers["left"]),
        right: places(&answers["right"]),
        value: numbers(&answers["value"]),
        gain: vec![0.0; nodes],
        cover: numbers(&answers["cover"]),
        level_words: Vec::new(),
        certificate: Certificate { criterion: "given".to_owned(), iterations: 0, gap: 0.0, tolerance: 0.0 },
    })
    .unwrap();
    let near = |found: f64, expected: &Value| (found - expected.as_f64().unwrap()).abs() < TOLERANCE;
    let raw = fitted.raw(&table).unwrap();
    let found = fitted.contributions(&table).unwrap();
    assert!(near(found.base, &answers["base"]), "base {} {}", found.base, answers["base"]);
    for (row, &raw) in raw.iter().enumerate() {
        assert!(near(raw, &answers["raw"][row]), "row {row}");
        for (place, &value) in found.row(row).iter().enumerate() {
            let expected = &answers["contributions"][row][place];
            assert!(near(value, expected), "row {row}, x{place}: {value} {expected}");
        }
    }
    assert_eq!(raw.len(), 40);
}
