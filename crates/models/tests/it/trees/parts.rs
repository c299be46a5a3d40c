//! Saved arrays come back as the same model, or not at all.

use bedside_models::ModelError;
use bedside_models::trees::{FittedTrees, PredictorKind, TreeParts, TreeSettings};
use bedside_table::{Fit, Predict, Sample, Seed};

use super::ward::{Sides, ward};

fn fitted() -> (FittedTrees, Sides) {
    let ward = ward(500, 8);
    let sides = ward.divided();
    let outcome = ward.binary.part(sides.parts.train());
    // So that levels are split, too.
    let category_chance = false;
    let model =
        TreeSettings { trees: 8, min_rows: 5, category_chance, ..TreeSettings::default() }.check().unwrap();
    let fitted = model.fit(&Sample::new(&sides.train, &outcome), Seed::new(1)).unwrap();
    (fitted, sides)
}

#[test]
fn arrays_come_back_as_the_same_model() {
    let (fitted, sides) = fitted();
    let again = FittedTrees::from_parts(fitted.parts().clone()).unwrap();
    assert_eq!(fitted, again);
    assert_eq!(fitted.predict(&sides.held_out), again.predict(&sides.held_out));
}

#[test]
fn damaged_arrays_are_refused() {
    type Damage = (&'static str, fn(&mut TreeParts));
    let damages: &[Damage] = &[
        ("left", |p| p.left.truncate(3)),
        ("left, right", |p| p.left[0] = 0),
        ("left, right", |p| p.left[0] = u32::MAX),
        ("left, right", |p| p.right[0] = p.left[0]),
        ("left, right", |p| p.left[0] = p.first_node[1]),
        ("threshold", |p| p.threshold[0] = f64::NAN),
        ("value", |p| p.value[1] = f64::INFINITY),
        ("gain", |p| p.gain[0] = -1.0),
        ("gain", |p| p.gain[0] = f64::NAN),
        ("cover", |p| p.cover[0] += 1.0),
        ("cover", |p| p.cover.iter_mut().for_each(|c| *c = 0.0)),
        ("base", |p| p.base = f64::NAN),
        ("missing_left", |p| p.missing_left[0] = 2),
        ("predictor", |p| p.predictor[0] = 5),
        ("predictors", |p| p.predictors[1].name = "age".to_owned()),
        ("predictors", |p| {
            if let PredictorKind::Categorical(levels) = &mut p.predictors[2].kind {
                levels[1] = levels[0].clone();
            }
        }),
        ("first_node", |p| p.first_node[0] = 1),
        ("first_node", |p| p.first_node[1] = u32::MAX),
        ("left, right", |p| p.first_node.swap(1, 2)),
        ("first_node", |p| p.first_node.clear()),
        ("levels", |p| p.level_words.clear()),
        ("levels", |p| {
            let split = |n: &usize| p.predictor[*n] == 4;
            let node = (0..p.predictor.len()).find(split).unwrap();
            p.levels[node] = u32::MAX;
        }),
    ];
    let (fitted, _) = fitted();
    for (number, (expected, damage)) in damages.iter().enumerate() {
        let mut parts = fitted.parts().clone();
        damage(&mut parts);
        match FittedTrees::from_parts(parts) {
            Err(ModelError::Parts { what, .. }) => assert_eq!(what, *expected, "damage {number}"),
            other => panic!("damage {number} to {expected}: {other:?}"),
        }
    }
}

#[test]
fn the_summary_tells_what_matters() {
    let (fitted, _) = fitted();
    let summary = fitted.summary();
    assert_eq!(summary.trees, 8);
    assert!((summary.importance.iter().map(|i| i.gain).sum::<f64>() - 1.0).abs() < 1e-12);
    let text = summary.to_string();
    assert!(text.starts_with("8 trees") && text.contains("marker"), "{text}");
    assert!(["age", "marker"].contains(&summary.importance[0].predictor.as_str()), "{text}");
}
