//! Constrained predictors keep their direction, whatever the others are.

use bedside_models::ModelError;
use bedside_models::trees::{FittedTrees, Monotone, TreeSettings};
use bedside_table::{Column, Fit, Numeric, Sample, Seed};

use super::ward::{Sides, ward};

/// The largest rise and fall of the linear predictor when `age` goes through its range and all else stays.
fn sweep(fitted: &FittedTrees, sides: &Sides) -> (f64, f64) {
    let (mut rise, mut fall) = (0.0f64, 0.0f64);
    let rows = sides.held_out.rows();
    let mut before: Option<Vec<f64>> = None;
    for age in 10..110 {
        let column = Column::numeric("age", Numeric::from_options(vec![Some(f64::from(age)); rows]).unwrap());
        let now = fitted.raw(&sides.held_out.with_column(column).unwrap()).unwrap();
        for (a, b) in before.iter().flatten().zip(&now) {
            (rise, fall) = (rise.max(b - a), fall.max(a - b));
        }
        before = Some(now);
    }
    (rise, fall)
}

#[test]
fn the_direction_is_kept() {
    let ward = ward(1200, 6);
    let sides = ward.divided();
    let outcome = ward.binary.part(sides.parts.train());
    let fit = |monotone| {
        let settings =
            TreeSettings { trees: 60, min_rows: 5, learning_rate: 0.3, monotone, ..TreeSettings::default() };
        settings.check().unwrap().fit(&Sample::new(&sides.train, &outcome), Seed::new(1)).unwrap()
    };
    let (rise, fall) = sweep(&fit(Vec::new()), &sides);
    assert!(rise > 0.0 && fall > 0.1, "the free model goes both ways: {rise} {fall}");
    let (rise, fall) = sweep(&fit(vec![("age".to_owned(), Monotone::Increasing)]), &sides);
    assert!(rise > 0.1 && fall == 0.0, "{rise} {fall}");
    let (rise, fall) = sweep(&fit(vec![("age".to_owned(), Monotone::Decreasing)]), &sides);
    assert!(rise == 0.0, "{rise} {fall}");
}

#[test]
fn only_numeric_columns_have_a_direction() {
    let ward = ward(100, 6);
    let sides = ward.divided();
    let outcome = ward.binary.part(sides.parts.train());
    for name in ["unit", "agee"] {
        let monotone = vec![(name.to_owned(), Monotone::Increasing)];
        let model = TreeSettings { monotone, ..TreeSettings::default() }.check().unwrap();
        let refused = model.fit(&Sample::new(&sides.train, &outcome), Seed::new(1));
        assert!(matches!(refused, Err(ModelError::Setting { setting: "monotone", .. })), "{refused:?}");
    }
}
