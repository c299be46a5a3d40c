//! The optimality conditions, checked from the definition of the objective alone.

use bedside_models::glm::{Family, Path, PathSettings};
use bedside_table::{Complete, Predict, Sample, Train};
use proptest::prelude::*;

use super::made::{Made, mixed};

/// How far the conditions are from being met at each penalty: the largest excess of a gradient over its penalty, in units
/// of the path's largest penalty, or of 0.05 where that is smaller (an unpenalised column may explain nearly all).
fn excess(made: &Made, path: &Path, settings: &PathSettings, weights: &[f64]) -> f64 {
    let fitted = path.fit_path(&Sample::new(&made.x, &made.outcome).weighted(Some(weights))).unwrap();
    let total: f64 = weights.iter().sum();
    let w: Vec<f64> = weights.iter().map(|w| w / total).collect();
    let y = made.outcome.values();
    let mean: f64 = y.iter().zip(&w).map(|(y, w)| y * w).sum();
    let spread = match settings.family {
        Family::Binomial => 1.0,
        Family::Gaussian => y.iter().zip(&w).map(|(y, w)| w * (y - mean).powi(2)).sum::<f64>().sqrt(),
    };
    let mut worst = 0.0_f64;
    for (k, &lambda) in fitted.lambdas().iter().enumerate() {
        let model = fitted.at(k);
        let scores = model.predict(&made.x).unwrap();
        let residual: Vec<f64> =
            scores.values().iter().zip(y).zip(&w).map(|((s, y), w)| w * (y - s)).collect();
        let free: f64 = residual.iter().sum();
        worst = worst.max(free.abs() / spread);
        let factors: f64 = model.coefficients().iter().map(|c| c.penalty_factor).sum();
        let factors = factors / model.coefficients().len() as f64;
        for (j, coefficient) in model.coefficients().iter().enumerate() {
            let deviation = deviation(&made.x, j, &w);
            let off = (coefficient.deviation - deviation).abs();
            assert!(
                off <= 1e-9 * deviation.max(1e-3),
                "column {j}: {}, not {deviation}",
                coefficient.deviation
            );
            if deviation < 1e-9 {
                assert_eq!(coefficient.value, 0.0);
                continue;
            }
            let scale = if settings.standardise { deviation } else { 1.0 };
            let gradient: f64 = (0..y.len()).map(|row| made.x.columns()[j].get(row) * residual[row]).sum();
            // In units of the standardised column; the outcome's spread enters as in glmnet.
            let gradient = gradient / scale - free * mean_of(&made.x, j, &w) / scale;
            let beta = coefficient.value * scale;
            let factor = coefficient.penalty_factor / factors;
            let (l1, l2) = (lambda * settings.l1_ratio * factor, lambda * (1.0 - settings.l1_ratio) * factor);
            let pull = gradient - l2 * beta / spread;
            let off = if beta != 0.0 { (pull - l1 * beta.signum()).abs() } else { pull.abs() - l1 };
            // A gradient has the units of its column.
            let units = if settings.standardise { 1.0 } else { deviation.max(1.0) };
            worst = worst.max(off / (fitted.lambdas()[0].max(0.05) * units));
        }
    }
    worst
}

fn mean_of(x: &Complete<Train>, j: usize, w: &[f64]) -> f64 {
    w.iter().enumerate().map(|(row, w)| w * x.columns()[j].get(row)).sum()
}

fn deviation(x: &Complete<Train>, j: usize, w: &[f64]) -> f64 {
    let mean = mean_of(x, j, w);
    let of = |(row, w): (usize, &f64)| w * (x.columns()[j].get(row) - mean).powi(2);
    w.iter().enumerate().map(of).sum::<f64>().sqrt()
}

/// Whether a column alone tells the classes apart, but for ties: without a penalty its coefficient has no bound then.
fn separates(made: &Made, j: usize, weights: &[f64]) -> bool {
    let of = |class: bool| {
        let rows = (0..weights.len()).filter(move |&row| weights[row] > 0.0);
        let rows = rows.filter(move |&row| (made.outcome.values()[row] > 0.5) == class);
        let span = (f64::INFINITY, f64::NEG_INFINITY);
        rows.map(|row| made.x.columns()[j].get(row)).fold(span, |(low, high), x| (low.min(x), high.max(x)))
    };
    let ((low, high), (low_event, high_event)) = (of(false), of(true));
    high <= low_event || high_event <= low
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn solutions_meet_the_optimality_conditions(
        seed in any::<u64>(),
        rows in 8usize..120,
        columns in 1usize..40,
        logistic in any::<bool>(),
        l1_ratio in prop::sample::select(vec![0.0, 0.05, 0.5, 0.95, 1.0]),
        standardise in any::<bool>(),
        unpenalised in prop::option::of(0usize..3),
        weighted in any::<bool>(),
    ) {
        let family = if logistic { Family::Binomial } else { Family::Gaussian };
        let made = mixed(family.outcome(), rows, columns, seed);
        let weights: Vec<f64> =
            (0..rows).map(|row| if weighted && row > 1 { (row % 4) as f64 } else { 1.0 }).collect();
        // With few rows the unpenalised part is so flat that the gap, which is certified, says little of its gradient.
        let unpenalised = unpenalised
            .filter(|&j| j < columns && rows > 40 && !(logistic && separates(&made, j, &weights)));
        let unpenalised = unpenalised.map(|j| format!("x{j}"));
        let settings = PathSettings {
            family,
            l1_ratio,
            standardise,
            count: 12,
            ratio: Some(0.02),
            unpenalised: unpenalised.into_iter().collect(),
            penalty_factors: vec![("x0".to_owned(), 2.5)],
            tolerance: 1e-13,
            ..PathSettings::default()
        };
        let path = settings.clone().check().unwrap();
        let worst = excess(&made, &path, &settings, &weights);
        prop_assert!(worst < 1e-5, "off by {worst:e}");
    }
}
