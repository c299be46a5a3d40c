//! Saving and loading.

use bedside_models::ModelError;
use bedside_models::glm::{FittedGlm, GlmParts, GlmSettings};
use bedside_table::{Fit, OutcomeKind, Predict, Sample, Seed};

use super::made::mixed;

fn parts() -> GlmParts {
    let made = mixed(OutcomeKind::Binary, 120, 6, 1);
    let model = GlmSettings { l1_ratio: 0.5, ..GlmSettings::default() }.check().unwrap();
    model.fit(&Sample::new(&made.x, &made.outcome), Seed::new(1)).unwrap().parts().clone()
}

#[test]
fn parts_come_back_as_they_were() {
    let made = mixed(OutcomeKind::Binary, 120, 6, 1);
    let saved = parts();
    let loaded = FittedGlm::from_parts(saved.clone()).unwrap();
    assert_eq!(loaded.parts(), &saved);
    assert!(loaded.predict(&made.x).unwrap().values().iter().all(|risk| (0.0..=1.0).contains(risk)));
}

#[test]
fn damaged_parts_are_refused() {
    let damages: [fn(&mut GlmParts); 9] = [
        |p| p.intercept = f64::NAN,
        |p| p.lambda = -1.0,
        |p| p.l1_ratio = f64::NAN,
        |p| p.coefficients[1].value = f64::INFINITY,
        |p| p.coefficients[1].deviation = -1.0,
        |p| p.coefficients[1].penalty_factor = f64::NAN,
        |p| p.coefficients[1] = p.coefficients[0].clone(),
        |p| p.certificate.gap = f64::NAN,
        |p| p.max_passes = 0,
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let mut spoilt = parts();
        damage(&mut spoilt);
        let refused = FittedGlm::from_parts(spoilt);
        assert!(matches!(refused, Err(ModelError::Parts { .. })), "damage {number} was not seen");
    }
}
