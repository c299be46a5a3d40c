//! Input that leaves little to estimate: an answer or an error, never a panic or NaN.

use bedside_models::ModelError;
use bedside_models::glm::{Family, GlmSettings, PathSettings};
use bedside_table::{DesignData, Fit, OutcomeKind, Predict, Sample, Seed, TableError};

use super::made::{Made, mixed, sample};

/// Fits a path and single fits of each kind; everything that comes out is finite.
fn try_all(what: &str, made: &Made, weights: Option<&[f64]>) {
    let data = || Sample::new(&made.x, &made.outcome).weighted(weights);
    let family = match made.outcome.kind() {
        OutcomeKind::Binary => Family::Binomial,
        OutcomeKind::Continuous => Family::Gaussian,
    };
    for l1_ratio in [0.0, 0.3, 1.0] {
        for standardise in [true, false] {
            let settings =
                PathSettings { family, l1_ratio, standardise, count: 20, ..PathSettings::default() };
            match settings.check().unwrap().fit_path(&data()) {
                Ok(path) => {
                    for scores in path.predict_all(&made.x).unwrap() {
                        assert!(scores.values().iter().all(|s| s.is_finite()), "{what} {l1_ratio}");
                    }
                    assert!(path.points().iter().all(|p| p.certificate.converged()), "{what} {l1_ratio}");
                }
                Err(ModelError::NotConverged(c)) => {
                    panic!("{what}, L1 ratio {l1_ratio}, standardised {standardise}: {c:?}");
                }
                Err(error) => panic!("{what}: {error}"),
            }
            let settings =
                GlmSettings { family, l1_ratio, standardise, lambda: 0.02, ..GlmSettings::default() };
            let fitted = settings.check().unwrap().fit(&data(), Seed::new(1));
            let fitted = fitted.unwrap_or_else(|e| panic!("{what} {l1_ratio} {standardise}: {e}"));
            assert!(fitted.coefficients().iter().all(|c| c.value.is_finite()), "{what}");
            assert!(fitted.predict(&made.x).unwrap().values().iter().all(|s| s.is_finite()), "{what}");
        }
    }
}

fn pseudo(row: u32, salt: u32) -> f64 {
    f64::from((row * 7919 + salt * 104_729) % 1009) / 1009.0
}

#[test]
fn columns_that_say_little() {
    for kind in [OutcomeKind::Binary, OutcomeKind::Continuous] {
        let y: Vec<f64> = (0..60).map(|row| f64::from(u8::from(pseudo(row, 1) > 0.6))).collect();
        let real = DesignData::Dense((0..60).map(|row| pseudo(row, 2) + y[row as usize] * 0.3).collect());
        let cases = vec![
            ("constant", vec![DesignData::Dense(vec![3.0; 60]), real.clone()]),
            ("zero", vec![DesignData::Dense(vec![0.0; 60]), real.clone()]),
            ("empty indicator", vec![DesignData::Indicator(vec![]), real.clone()]),
            ("full indicator", vec![DesignData::Indicator((0..60).collect()), real.clone()]),
            ("only constants", vec![DesignData::Dense(vec![3.0; 60]), DesignData::Indicator(vec![])]),
            ("no columns", vec![]),
            ("duplicates", vec![real.clone(), real.clone(), real.clone()]),
            (
                "complements",
                vec![DesignData::Indicator((0..20).collect()), DesignData::Indicator((20..60).collect())],
            ),
            ("the outcome itself", vec![DesignData::Dense(y.clone()), real.clone()]),
            ("one row", vec![DesignData::Indicator(vec![7]), real]),
        ];
        for (what, columns) in cases {
            let made = sample(kind, &y, columns);
            try_all(what, &made, None);
        }
    }
}

#[test]
fn few_rows() {
    for kind in [OutcomeKind::Binary, OutcomeKind::Continuous] {
        let made = sample(kind, &[0.0, 1.0], vec![DesignData::Dense(vec![1.0, 2.0])]);
        try_all("two rows", &made, None);
        try_all("three rows", &mixed(kind, 3, 10, 1), None);
        try_all("more columns than rows", &mixed(kind, 20, 90, 2), None);
    }
}

#[test]
fn weights() {
    for kind in [OutcomeKind::Binary, OutcomeKind::Continuous] {
        let made = mixed(kind, 50, 6, 3);
        let some: Vec<f64> = (0..50).map(|row| if row < 20 { 0.0 } else { 1.0 }).collect();
        try_all("weights of 0", &made, Some(&some));
        let tiny = vec![1e-300; 50];
        try_all("tiny weights", &made, Some(&tiny));
        let huge = vec![1e300; 50];
        try_all("huge weights", &made, Some(&huge));
        let one: Vec<f64> = (0..50).map(|row| f64::from(u8::from(row == 3))).collect();
        let data = Sample::new(&made.x, &made.outcome).weighted(Some(&one));
        let family = if kind == OutcomeKind::Binary { Family::Binomial } else { Family::Gaussian };
        let settings = PathSettings { family, ..PathSettings::default() };
        let refused = settings.check().unwrap().fit_path(&data);
        assert_eq!(refused, Err(ModelError::OneClass { rows: 1 }));
    }
}

#[test]
fn columns_must_be_told_apart() {
    let made = mixed(OutcomeKind::Binary, 50, 3, 4);
    let mut columns = made.x.columns().to_vec();
    columns[2].predictor = "x0".to_owned();
    let names = columns.iter().map(bedside_table::DesignColumn::label).collect::<Vec<_>>();
    let table = bedside_table::Table::new(51, vec![]).unwrap();
    let held_out: Vec<bool> = (0..51).map(|row| row == 50).collect();
    let parts = bedside_table::Partition::new(&held_out, None).unwrap();
    let x = bedside_table::Complete::of(&table.part(parts.train()), columns).unwrap();
    let model = GlmSettings::default().check().unwrap();
    let refused = model.fit(&Sample::new(&x, &made.outcome), Seed::new(1));
    assert_eq!(refused, Err(ModelError::Table(TableError::DuplicateColumn { column: names[0].clone() })));
}

#[test]
fn huge_numbers() {
    for (family, largest) in
        [(Family::Binomial, 1e300), (Family::Gaussian, 1e300), (Family::Gaussian, 1e-300)]
    {
        let y: Vec<f64> = (0..60).map(|row| f64::from(u8::from(pseudo(row, 1) > 0.6))).collect();
        let columns = [2, 3].map(|salt| {
            DesignData::Dense(
                (0..60).map(|row| largest * (pseudo(row, salt) - 0.5 + 0.2 * y[row as usize])).collect(),
            )
        });
        let made = sample(family.outcome(), &y, columns.to_vec());
        let settings = PathSettings { family, l1_ratio: 0.5, count: 10, ..PathSettings::default() };
        let path = settings.clone().check().unwrap().fit_path(&Sample::new(&made.x, &made.outcome)).unwrap();
        let last = path.lambdas().len() - 1;
        assert_eq!(path.nonzero(last), 2);
        let scores = path.at(last).predict(&made.x).unwrap();
        assert!(scores.values().iter().any(|s| *s > 0.5) && scores.values().iter().any(|s| *s < 0.35));
        // On that scale no penalty is felt; the answer may be that there is none.
        let raw = PathSettings { standardise: false, ..settings }.check().unwrap();
        match raw.fit_path(&Sample::new(&made.x, &made.outcome)) {
            Ok(path) => assert!(path.predict_all(&made.x).is_ok()),
            Err(error) => assert!(matches!(error, ModelError::NotConverged(_)), "{error}"),
        }
    }
}

/// As in records: what a single patient had, and few events. The curvature where all risks are alike says nothing of that
/// where a step of Newton's ends, so that steps overshoot.
#[test]
fn what_only_one_patient_had() {
    for (rows, events) in [(40, 2), (154, 8), (1000, 1), (1000, 11)] {
        let mut draw = Seed::new(7).derive("records", 0).stream();
        let y: Vec<f64> = (0..rows).map(|row| f64::from(u8::from(row < events))).collect();
        for (own, others) in [(1.0, 0.0), (3.0, 1.0), (50.0, 1.0)] {
            let columns = (0..events + 3).map(|patient| {
                let value = |row| if row == patient { own } else { others * draw.normal() };
                DesignData::Dense((0..rows).map(value).collect())
            });
            let made = sample(OutcomeKind::Binary, &y, columns.collect());
            try_all("what only one patient had", &made, None);
            // A long way to a small penalty at once.
            let data = Sample::new(&made.x, &made.outcome);
            let asked = PathSettings { lambdas: Some(vec![0.003]), ..PathSettings::default() };
            let path = asked.check().unwrap().fit_path(&data).unwrap();
            assert!(path.points()[0].certificate.converged());
        }
    }
}
