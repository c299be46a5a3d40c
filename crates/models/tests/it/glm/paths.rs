//! Paths: starts, ends, folds, threads, and the single fits on them.

use bedside_models::ModelError;
use bedside_models::glm::{Family, GlmSettings, PathEnd, PathSettings, fit_paths};
use bedside_table::{Fit, OutcomeKind, Predict, Sample, Seed, TableError};

use super::made::{Made, mixed, sample};
use bedside_table::{DesignColumn, DesignData};

#[test]
fn a_single_fit_is_a_point_of_the_path() {
    for (family, l1_ratio) in [(Family::Binomial, 1.0), (Family::Gaussian, 0.6), (Family::Binomial, 0.0)] {
        let made = mixed(family.outcome(), 300, 12, 2);
        let data = Sample::new(&made.x, &made.outcome);
        let settings =
            PathSettings { family, l1_ratio, count: 10, tolerance: 1e-12, ..PathSettings::default() };
        let path = settings.check().unwrap().fit_path(&data).unwrap();
        let k = path.lambdas().len() - 2;
        let lambda = path.lambdas()[k];
        let alone = GlmSettings { family, l1_ratio, lambda, tolerance: 1e-12, ..GlmSettings::default() };
        let alone = alone.check().unwrap().fit(&data, Seed::new(1)).unwrap();
        let on_path = path.at(k);
        for (a, b) in alone.coefficients().iter().zip(on_path.coefficients()) {
            assert!((a.value - b.value).abs() <= 1e-6 * a.value.abs().max(1.0), "{family:?} {a:?} {b:?}");
        }
        let again = alone.refit(&made.x, &made.outcome, &vec![1.0; 300]).unwrap();
        for (a, b) in alone.coefficients().iter().zip(again.coefficients()) {
            assert!((a.value - b.value).abs() <= 1e-6 * a.value.abs().max(1.0), "{family:?} {a:?} {b:?}");
        }
    }
}

/// An L1 part that is next to nothing keeps the solver from turning rows into columns.
#[test]
fn ridge_with_more_columns_than_rows_is_what_it_would_be_in_full() {
    for (family, standardise) in
        [(Family::Binomial, true), (Family::Gaussian, true), (Family::Binomial, false)]
    {
        let made = mixed(family.outcome(), 40, 130, 11);
        let twins = with_twins(&made);
        for made in [made, twins] {
            same_in_full(family, standardise, &made);
        }
    }
}

/// Each row once more, so that the rows depend on one another.
fn with_twins(made: &Made) -> Made {
    let rows = made.outcome.rows();
    let twice =
        |column: &DesignColumn| DesignData::Dense((0..2 * rows).map(|row| column.get(row % rows)).collect());
    let y = made.outcome.values();
    sample(made.outcome.kind(), &[y, y].concat(), made.x.columns().iter().map(twice).collect())
}

fn same_in_full(family: Family, standardise: bool, made: &Made) {
    let weights: Vec<f64> = (0..made.x.rows()).map(|row| f64::from(u8::from(row != 7))).collect();
    let data = Sample::new(&made.x, &made.outcome).weighted(Some(&weights));
    let fitted = |l1_ratio: f64| {
        let settings = PathSettings {
            family,
            l1_ratio,
            standardise,
            lambdas: Some(vec![3.0, 0.3, 0.03]),
            unpenalised: vec!["x2".to_owned()],
            penalty_factors: vec![("x5".to_owned(), 0.25)],
            tolerance: 1e-13,
            ..PathSettings::default()
        };
        settings.check().unwrap().fit_path(&data).unwrap()
    };
    let (turned, full) = (fitted(0.0), fitted(1e-12));
    // A relative gap of 1e-13 and these penalties leave standardised coefficients some 1e-6 of freedom, and the outcome's spread is 10.
    let near = |a: f64, b: f64| (a - b).abs() < 1e-4 * b.abs().max(0.1);
    for k in 0..3 {
        let (a, b) = (turned.at(k), full.at(k));
        assert!(near(a.intercept(), b.intercept()), "{family:?}");
        for (a, b) in a.coefficients().iter().zip(b.coefficients()) {
            assert_eq!((a.deviation, a.penalty_factor), (b.deviation, b.penalty_factor));
            assert!(near(a.value, b.value), "{family:?} {a:?} {b:?}");
        }
    }
    let again = turned.at(2).refit(&made.x, &made.outcome, &weights).unwrap();
    for (a, b) in again.coefficients().iter().zip(turned.at(2).coefficients()) {
        assert!(near(a.value, b.value), "{a:?} {b:?}");
    }
}

/// Of bootstrap samples without the one row in which a column differs, its coefficient must not lead anywhere.
#[test]
fn a_column_that_no_longer_varies_does_not_lead_a_refit_astray() {
    let noise = mixed(OutcomeKind::Binary, 60, 3, 8);
    let y = noise.outcome.values();
    let odd = y.iter().rposition(|y| *y > 0.5).unwrap();
    let column = |row: usize| if row == odd { 5000.001 } else { 5000.0 };
    let others = noise.x.columns().iter().map(|column| column.data.clone());
    let columns = others.chain([DesignData::Dense((0..60).map(column).collect())]).collect();
    let made = sample(OutcomeKind::Binary, y, columns);
    let settings = GlmSettings { l1_ratio: 0.0, lambda: 1e-4, max_passes: 40, ..GlmSettings::default() };
    let fitted = settings.check().unwrap().fit(&Sample::new(&made.x, &made.outcome), Seed::new(1)).unwrap();
    assert!(fitted.coefficients()[3].value * 5000.0 > 1e5, "{:?}", fitted.coefficients());
    let weights: Vec<f64> = (0..60).map(|row| f64::from(u8::from(row != odd))).collect();
    let again = fitted.refit(&made.x, &made.outcome, &weights).unwrap();
    assert_eq!(again.coefficients()[3].value, 0.0);
    assert!(again.intercept().abs() < 1e3, "{}", again.intercept());
}

#[test]
fn all_scores_of_a_path_have_the_bits_of_its_points() {
    let made = mixed(OutcomeKind::Binary, 200, 10, 3);
    let path = PathSettings { count: 8, ..PathSettings::default() };
    let path = path.check().unwrap().fit_path(&Sample::new(&made.x, &made.outcome)).unwrap();
    for (k, scores) in path.predict_all(&made.x).unwrap().iter().enumerate() {
        assert_eq!(scores, &path.at(k).predict(&made.x).unwrap());
    }
}

#[test]
fn folds_in_parallel_have_the_bits_of_folds_alone() {
    let folds: Vec<_> = (0..4).map(|seed| mixed(OutcomeKind::Binary, 9_000, 24, seed)).collect();
    let samples: Vec<_> = folds.iter().map(|made| Sample::new(&made.x, &made.outcome)).collect();
    let path = PathSettings { count: 15, ..PathSettings::default() }.check().unwrap();
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fit_paths(&path, &samples)).unwrap()
    };
    let alone: Vec<_> = samples.iter().map(|sample| path.fit_path(sample).unwrap()).collect();
    assert_eq!(on(1), on(2));
    assert_eq!(on(3), alone);
}

#[test]
fn a_path_starts_where_the_first_coefficient_moves() {
    for unpenalised in [vec![], vec!["x2".to_owned()]] {
        let made = mixed(OutcomeKind::Binary, 300, 8, 4);
        let held = unpenalised.len();
        let path = PathSettings { unpenalised, tolerance: 1e-12, ..PathSettings::default() };
        let path = path.check().unwrap().fit_path(&Sample::new(&made.x, &made.outcome)).unwrap();
        assert_eq!(path.nonzero(0), held);
        assert!(path.nonzero(1) > held);
    }
}

#[test]
fn unpenalised_columns_alone_make_one_point() {
    let made = mixed(OutcomeKind::Continuous, 100, 4, 5);
    let unpenalised: Vec<String> = (0..4).map(|j| format!("x{j}")).collect();
    let settings = PathSettings { family: Family::Gaussian, unpenalised, ..PathSettings::default() };
    let path = settings.check().unwrap().fit_path(&Sample::new(&made.x, &made.outcome)).unwrap();
    assert_eq!((path.end(), path.lambdas().len(), path.nonzero(0)), (PathEnd::OneModel, 1, 4));
}

#[test]
fn a_separated_outcome_ends_the_path_and_says_so() {
    let column = DesignData::Dense((0..40).map(f64::from).collect());
    let y: Vec<f64> = (0..40).map(|row| f64::from(u8::from(row >= 20))).collect();
    let made = sample(OutcomeKind::Binary, &y, vec![column]);
    let data = Sample::new(&made.x, &made.outcome);
    let path = PathSettings { ratio: Some(1e-8), ..PathSettings::default() };
    let path = path.check().unwrap().fit_path(&data).unwrap();
    assert_eq!(path.end(), PathEnd::Saturated);
    assert!(path.lambdas().len() < 100);
    // Penalties that were asked for are followed as far as there is anything to follow.
    let asked =
        PathSettings { lambdas: Some(vec![1e-1, 1e-3, 1e-6, 1e-12, 1e-100]), ..PathSettings::default() };
    let asked = asked.check().unwrap().fit_path(&data).unwrap();
    assert!(asked.lambdas().len() >= 3, "{:?}", asked.lambdas());
    assert!(asked.points().iter().all(|point| point.certificate.converged()));
    let none =
        GlmSettings { lambda: 0.0, ..GlmSettings::default() }.check().unwrap().fit(&data, Seed::new(1));
    assert!(matches!(none, Err(ModelError::NotConverged(_))), "{none:?}");
}

#[test]
fn without_a_penalty_the_gradient_is_zero() {
    for family in [Family::Binomial, Family::Gaussian] {
        let made = mixed(family.outcome(), 400, 6, 6);
        let settings = GlmSettings { family, lambda: 0.0, tolerance: 1e-14, ..GlmSettings::default() };
        let fitted =
            settings.check().unwrap().fit(&Sample::new(&made.x, &made.outcome), Seed::new(1)).unwrap();
        let scores = fitted.predict(&made.x).unwrap();
        for column in made.x.columns() {
            let off: f64 = (0..400)
                .map(|row| column.get(row) * (made.outcome.values()[row] - scores.values()[row]))
                .sum();
            assert!(off.abs() < 1e-5, "{family:?} {off}");
        }
    }
}

#[test]
fn too_few_passes_are_an_error_that_names_the_penalty() {
    let made = mixed(OutcomeKind::Binary, 300, 20, 7);
    let path = PathSettings { max_passes: 1, tolerance: 1e-12, ..PathSettings::default() };
    let error = path.check().unwrap().fit_path(&Sample::new(&made.x, &made.outcome)).unwrap_err();
    let ModelError::NotConverged(certificate) = &error else { panic!("{error:?}") };
    assert!(!certificate.converged() && certificate.criterion.contains("penalty"), "{error}");
}

#[test]
fn names_that_are_not_there_are_errors() {
    let made = mixed(OutcomeKind::Binary, 60, 3, 8);
    let settings = PathSettings { unpenalised: vec!["agee".to_owned()], ..PathSettings::default() };
    let error = settings.check().unwrap().fit_path(&Sample::new(&made.x, &made.outcome)).unwrap_err();
    assert_eq!(error, ModelError::Table(TableError::NoColumn { column: "agee".to_owned() }));
    let wrong = PathSettings { family: Family::Gaussian, ..PathSettings::default() };
    let error = wrong.check().unwrap().fit_path(&Sample::new(&made.x, &made.outcome)).unwrap_err();
    assert!(matches!(error, ModelError::OutcomeKind { .. }));
}
