//! The same small model over a complete design, so that the suite's design is tried too.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bedside_table::conformance::model;
use bedside_table::{
    Certificate, Complete, DesignColumn, Filled, Fit, OutcomeKind, Predict, RowSet, Sample, Scores, Seed,
    TableError, Term, Train,
};

#[derive(Debug)]
struct Toy;

struct FittedToy {
    kind: OutcomeKind,
    mean: f64,
    slopes: Vec<(String, Term, [f64; 2])>,
    certificate: Certificate,
}

fn slope(column: &DesignColumn, y: &[f64], w: &[f64], mean: f64) -> [f64; 2] {
    let total: f64 = w.iter().sum();
    let centre = (0..y.len()).map(|row| w[row] * column.get(row)).sum::<f64>() / total;
    let both: f64 = (0..y.len()).map(|row| w[row] * (column.get(row) - centre) * (y[row] - mean)).sum();
    let own: f64 = (0..y.len()).map(|row| w[row] * (column.get(row) - centre).powi(2)).sum();
    [centre, both / (own + 1.0)]
}

impl Fit for Toy {
    type Reads = Filled;
    type Fitted = FittedToy;
    type Error = TableError;

    fn fit(&self, sample: &Sample<'_, Complete<Train>>, _: Seed) -> Result<FittedToy, TableError> {
        let (rows, y) = (sample.x.rows(), sample.outcome.values());
        let ones = vec![1.0; rows];
        let w = sample.weights.unwrap_or(&ones);
        if y.len() != rows || w.len() != rows {
            return Err(TableError::Length { what: "outcome", expected: rows, found: y.len() });
        }
        let total: f64 = w.iter().sum();
        if !w.iter().all(|w| w.is_finite() && *w >= 0.0) || total <= 0.0 {
            return Err(TableError::NotFinite { row: 0 });
        }
        if y.windows(2).all(|pair| pair[0] == pair[1]) {
            return Err(TableError::OneClass { rows });
        }
        let mean = y.iter().zip(w).map(|(y, w)| y * w).sum::<f64>() / total;
        let slopes = sample.x.columns().iter();
        let slopes = slopes.map(|c| (c.predictor.clone(), c.term.clone(), slope(c, y, w, mean))).collect();
        let certificate =
            Certificate { criterion: "closed form".into(), iterations: 1, gap: 0.0, tolerance: 0.0 };
        Ok(FittedToy { kind: sample.outcome.kind(), mean, slopes, certificate })
    }
}

impl Predict for FittedToy {
    type Reads = Filled;

    fn predict<R: RowSet>(&self, x: &Complete<R>) -> Result<Scores<R>, TableError> {
        let mut values = vec![self.mean; x.rows()];
        for (predictor, term, [centre, slope]) in &self.slopes {
            let column = x.columns().iter().find(|c| c.predictor == *predictor && c.term == *term);
            let column = column.ok_or_else(|| TableError::NoColumn { column: predictor.clone() })?;
            for (row, value) in values.iter_mut().enumerate() {
                *value += slope * (column.get(row) - centre);
            }
        }
        if self.kind == OutcomeKind::Binary {
            values.iter_mut().for_each(|value| *value = 1.0 / (1.0 + (-4.0 * (*value - 0.5)).exp()));
        }
        Scores::new(x.rows(), values)
    }

    fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

#[test]
fn an_honest_model_over_a_complete_design_passes() {
    for kind in [OutcomeKind::Binary, OutcomeKind::Continuous] {
        model(&Toy, kind).check();
    }
}

#[test]
fn a_tolerance_that_is_too_small_is_noticed() {
    // Sums in another order differ in the last bits.
    let promises = model(&Toy, OutcomeKind::Continuous).duplicates_within(0.0);
    assert!(catch_unwind(AssertUnwindSafe(|| promises.duplicates_are_weights())).is_err());
}
