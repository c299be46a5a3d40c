//! The lasso path in each of the folds.

use std::io::Write;
use std::time::Instant;

use bedside_models::glm::{Family, PathSettings, fit_paths};
use bedside_table::Sample;
use serde_json::{Value, json};

use crate::Outcome;
use crate::inputs::{Inputs, listed};

/// Fits the path on the rows outside each fold and writes, fold by fold and penalty by penalty, the intercept and all
/// coefficients as little-endian f64.
pub(crate) fn path(inputs: &str, output: &str, tolerance: &str, folds: &str) -> Outcome<Value> {
    let inputs = Inputs::read(inputs)?;
    let path = PathSettings {
        family: Family::Binomial,
        l1_ratio: 1.0,
        lambdas: Some(inputs.lambdas().to_vec()),
        // The table's columns are on one scale already, so that all solvers solve one problem.
        standardise: false,
        tolerance: tolerance.parse()?,
        ..PathSettings::default()
    }
    .check()?;
    let known = listed(folds)?
        .into_iter()
        .map(|fold| {
            let parts = inputs.parts(fold)?;
            Ok((inputs.design(&parts)?, inputs.outcome.part(parts.train())))
        })
        .collect::<Outcome<Vec<_>>>()?;
    let samples: Vec<_> = known.iter().map(|(design, outcome)| Sample::new(design, outcome)).collect();
    let start = Instant::now();
    let paths = fit_paths(&path, &samples)?;
    let seconds = start.elapsed().as_secs_f64();

    let mut file = std::io::BufWriter::new(std::fs::File::create(output)?);
    let mut largest = 0f64;
    let mut passes = 0;
    for (path, (design, _)) in paths.iter().zip(&known) {
        if path.points().len() != inputs.lambdas().len() {
            let (found, expected) = (path.points().len(), inputs.lambdas().len());
            return Err(
                format!("the path ended after {found} of {expected} penalties: {:?}", path.end()).into()
            );
        }
        for point in path.points() {
            let mut coefficients = vec![0.0; design.columns().len()];
            for &(column, value) in &point.coefficients {
                coefficients[column as usize] = value;
            }
            for value in [point.intercept].iter().chain(&coefficients) {
                file.write_all(&value.to_le_bytes())?;
            }
            largest = largest.max(point.certificate.gap);
            passes += point.certificate.iterations;
        }
    }
    file.flush()?;
    Ok(json!({ "seconds_inside": seconds, "largest_certified_gap": largest, "passes": passes }))
}
