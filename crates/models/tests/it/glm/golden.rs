//! Paths of glmnet 4.1 (`oracles/glm/make.R`).

use bedside_models::glm::{Family, PathEnd, PathSettings};
use bedside_table::{DesignData, Sample};
use serde_json::Value;

use super::made::sample;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map_or_else(Vec::new, |list| list.iter().map(|v| v.as_f64().unwrap()).collect())
}

fn column(value: &Value) -> DesignData {
    let Some(rows) = value.get("rows") else { return DesignData::Dense(numbers(&value["dense"])) };
    let list = |value: &Value| if value.is_number() { vec![value.as_f64().unwrap()] } else { numbers(value) };
    let rows: Vec<u32> = list(rows).into_iter().map(|row| row as u32).collect();
    let values = list(&value["values"]);
    if values.iter().all(|&v| v == 1.0) {
        DesignData::Indicator(rows)
    } else {
        DesignData::Sparse { rows, values }
    }
}

/// Largest difference of coefficients, in units of the larger of 1 and the coefficient; observed at most 9e-7.
const COEFFICIENT: f64 = 2e-6;
/// Relative difference of the path's own penalties.
const PENALTY: f64 = 1e-9;
/// Difference of the share of deviance explained.
const DEVIANCE: f64 = 1e-7;

/// NaN is above everything.
fn is_above(found: f64, limit: f64) -> bool {
    found.is_nan() || found > limit
}

#[test]
#[expect(clippy::disallowed_methods, reason = "golden tables are files")]
fn paths_are_those_of_glmnet() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../oracles/glm/paths.json");
    let golden: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    assert!(cases.len() > 25);
    let mut faults = Vec::new();
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let family = if case["family"] == "binomial" { Family::Binomial } else { Family::Gaussian };
        let columns = case["x"].as_array().unwrap().iter().map(column).collect();
        let made = sample(family.outcome(), &numbers(&case["y"]), columns);
        let weights = numbers(&case["weights"]);
        let weights = (!weights.is_empty()).then_some(weights.as_slice());
        let factors = numbers(&case["penalty_factor"]);
        let factors = factors.into_iter().enumerate().map(|(j, factor)| (format!("x{j}"), factor)).collect();
        let lambda = numbers(&case["lambda"]);
        let path = PathSettings {
            family,
            l1_ratio: case["alpha"].as_f64().unwrap(),
            count: case["nlambda"].as_u64().unwrap() as usize,
            ratio: case["lambda_min_ratio"].as_f64(),
            lambdas: (case["given_lambda"] == true).then(|| lambda.clone()),
            standardise: case["standardize"] == true,
            penalty_factors: factors,
            // Coefficients are off by about the root of the gap where there is an L2 part.
            tolerance: 1e-14,
            ..PathSettings::default()
        };
        let path =
            path.check().unwrap().fit_path(&Sample::new(&made.x, &made.outcome).weighted(weights)).unwrap();
        if path.lambdas().len() != lambda.len() {
            faults.push(format!("{name}: {} penalties, not {}", path.lambdas().len(), lambda.len()));
        }
        if (path.end() == PathEnd::Complete)
            != (case["given_lambda"] == true || lambda.len() == path_count(case))
        {
            faults.push(format!("{name}: ended {:?} after {} penalties", path.end(), lambda.len()));
        }
        let intercepts = numbers(&case["intercept"]);
        let explained = numbers(&case["deviance_explained"]);
        // Of a sequence of its own glmnet solves the first penalty as if it were without bound; for the lasso that is the same.
        let first = usize::from(case["given_lambda"] == false && case["alpha"] == 0);
        for (k, ours) in path.points().iter().enumerate().take(lambda.len()).skip(first) {
            let off = (path.lambdas()[k] / lambda[k] - 1.0).abs();
            if is_above(off, PENALTY) {
                faults.push(format!("{name}, penalty {k}: {} is not {}", path.lambdas()[k], lambda[k]));
            }
            let off = (ours.deviance_explained - explained[k]).abs();
            if is_above(off, DEVIANCE) {
                faults.push(format!("{name}, penalty {k}: deviance explained is off by {off:e}"));
            }
            let fitted = path.at(k);
            let theirs = std::iter::once(intercepts[k]).chain(numbers(&case["beta"][k]));
            let ours =
                std::iter::once(fitted.intercept()).chain(fitted.coefficients().iter().map(|c| c.value));
            let far = theirs
                .zip(ours)
                .map(|(a, b)| (a - b).abs() / a.abs().max(1.0))
                .max_by(f64::total_cmp)
                .unwrap_or(f64::NAN);
            if is_above(far, COEFFICIENT) {
                faults.push(format!("{name}, penalty {k}: a coefficient is off by {far:e}"));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn path_count(case: &Value) -> usize {
    case["nlambda"].as_u64().unwrap() as usize
}
