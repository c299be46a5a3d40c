//! Cases small enough for paper.

use bedside_models::ModelError;
use bedside_models::trees::{EarlyStopping, Loss, TreeParts, TreeSettings};
use bedside_table::{
    Categorical, Column, Fit, HeldOut, Numeric, Outcome, OutcomeKind, Partition, Predict, Sample, Seed,
    Table, Train,
};

use super::ward::ward;

struct Case {
    train: Table<Train>,
    outcome: Outcome<Train>,
    unseen: Table<HeldOut>,
}

/// Learns from the rows that have an outcome.
fn case(columns: Vec<Column>, outcome: &[Option<f64>]) -> Case {
    let table = Table::new(outcome.len(), columns).unwrap();
    let parts = Partition::new(&outcome.iter().map(Option::is_none).collect::<Vec<_>>(), None).unwrap();
    let outcome = Outcome::continuous(outcome.iter().map(|y| y.unwrap_or(-1.0)).collect()).unwrap();
    Case {
        train: table.part(parts.train()),
        outcome: outcome.part(parts.train()),
        unseen: table.part(parts.held_out()),
    }
}

fn one_tree(leaves: usize) -> TreeSettings {
    let full =
        TreeSettings { loss: Loss::Squared, trees: 1, leaves, learning_rate: 1.0, ..TreeSettings::default() };
    TreeSettings { min_rows: 1, category_l2: 0.0, category_smoothing: 0.0, category_chance: false, ..full }
}

fn numbers(name: &str, cells: &[Option<f64>]) -> Column {
    Column::numeric(name, Numeric::from_options(cells.iter().copied()).unwrap())
}

#[test]
fn one_split_gives_two_means() {
    let x = [1.0, 2.0, 3.0, 10.0, 11.0, 6.4, 6.6].map(Some);
    let case =
        case(vec![numbers("x", &x)], &[Some(1.0), Some(2.0), Some(3.0), Some(9.0), Some(11.0), None, None]);
    let model = one_tree(2).check().unwrap();
    let fitted = model.fit(&Sample::new(&case.train, &case.outcome), Seed::new(1)).unwrap();
    // Between 3 and 10 the cut lies at 6.5: means 2 and 10.
    let scores = fitted.predict(&case.unseen).unwrap();
    assert!((scores.values()[0] - 2.0).abs() < 1e-9 && (scores.values()[1] - 10.0).abs() < 1e-9);
    let parts = fitted.parts();
    assert_eq!((parts.predictor[0], parts.threshold[0]), (0, 6.5));
    assert_eq!(parts.cover, [5.0, 3.0, 2.0]);
    // Twice the fall of half the squared error: 3 · 3.2² + 2 · 4.8².
    assert!((parts.gain[0] - (3.0 * 3.2f64.powi(2) + 2.0 * 4.8f64.powi(2))).abs() < 1e-9);
    // With an L2 penalty of 1, leaves move 3/4 and 2/3 of the way from the mean 5.2.
    let model = TreeSettings { l2: 1.0, ..one_tree(2) }.check().unwrap();
    let fitted = model.fit(&Sample::new(&case.train, &case.outcome), Seed::new(1)).unwrap();
    let scores = fitted.predict(&case.unseen).unwrap();
    assert!((scores.values()[0] - (5.2 - 3.2 * 0.75)).abs() < 1e-9);
    assert!((scores.values()[1] - (5.2 + 4.8 * 2.0 / 3.0)).abs() < 1e-9);
    // An L1 penalty of 2 takes 2 off each summed gradient (9.6).
    let model = TreeSettings { l1: 2.0, ..one_tree(2) }.check().unwrap();
    let fitted = model.fit(&Sample::new(&case.train, &case.outcome), Seed::new(1)).unwrap();
    assert!((fitted.predict(&case.unseen).unwrap().values()[0] - (5.2 - 7.6 / 3.0)).abs() < 1e-9);
}

#[test]
fn missing_values_find_their_side() {
    // Missing rows look like the high ones, though the only numbers are low or high.
    let x = [Some(1.0), Some(1.0), Some(5.0), Some(5.0), None, None, None];
    let y = [0.0, 0.0, 8.0, 8.0, 8.0, 8.0].map(Some);
    let y: Vec<Option<f64>> = y.into_iter().chain([None]).collect();
    let high = case(vec![numbers("x", &x)], &y);
    let fitted =
        one_tree(2).check().unwrap().fit(&Sample::new(&high.train, &high.outcome), Seed::new(1)).unwrap();
    assert!((fitted.predict(&high.unseen).unwrap().values()[0] - 8.0).abs() < 1e-9);
    // Only being measured matters.
    let y = [0.0, 0.0, 0.0, 0.0, 8.0, 8.0].map(Some);
    let y: Vec<Option<f64>> = y.into_iter().chain([None]).collect();
    let apart = case(vec![numbers("x", &x)], &y);
    let fitted =
        one_tree(2).check().unwrap().fit(&Sample::new(&apart.train, &apart.outcome), Seed::new(1)).unwrap();
    assert!((fitted.predict(&apart.unseen).unwrap().values()[0] - 8.0).abs() < 1e-9);
    assert_eq!(fitted.parts().threshold[0], f64::MAX);
}

#[test]
fn levels_are_ordered_by_their_outcome() {
    let labels = ["b", "a", "c", "d", "a", "b", "c", "d", "d", "a", "z", "b"];
    let y = [9.0, 1.0, 1.0, 9.0, 1.0, 9.0, 1.0, 9.0, 9.0].map(Some);
    let y: Vec<Option<f64>> = y.into_iter().chain([None; 3]).collect();
    let case = case(vec![Column::categorical("ward", Categorical::from_labels(labels.map(Some)))], &y);
    let fitted =
        one_tree(2).check().unwrap().fit(&Sample::new(&case.train, &case.outcome), Seed::new(1)).unwrap();
    // One split parts {a, c} from {b, d}; the unknown z goes with the larger side.
    let scores = fitted.predict(&case.unseen).unwrap();
    for (found, expected) in scores.values().iter().zip([1.0, 9.0, 9.0]) {
        assert!((found - expected).abs() < 1e-9, "{scores:?}");
    }
}

#[test]
fn nothing_to_split_on_leaves_the_mean() {
    let y: Vec<Option<f64>> = (0..60).map(|i| Some(f64::from(i % 7))).chain([None]).collect();
    let constant = numbers("constant", &vec![Some(3.0); 61]);
    let never = numbers("never", &vec![None; 61]);
    let case = case(vec![constant, never], &y);
    let model = TreeSettings { loss: Loss::Squared, ..TreeSettings::default() }.check().unwrap();
    let fitted = model.fit(&Sample::new(&case.train, &case.outcome), Seed::new(1)).unwrap();
    assert_eq!(fitted.trees(), 0);
    assert!((fitted.predict(&case.unseen).unwrap().values()[0] - case.outcome.mean()).abs() < 1e-12);
    assert_eq!(fitted.certificate().criterion, "no split lowers the loss any more after 0 trees");
}

#[test]
fn limits_on_leaves_hold() {
    let ward = ward(800, 3);
    let sides = ward.divided();
    let outcome = ward.binary.part(sides.parts.train());
    let settings =
        TreeSettings { trees: 5, leaves: 9, max_depth: Some(3), min_rows: 40, ..TreeSettings::default() };
    let fitted = settings.check().unwrap().fit(&Sample::new(&sides.train, &outcome), Seed::new(1)).unwrap();
    let parts = fitted.parts();
    let leaves = (0..parts.predictor.len()).filter(|&n| parts.predictor[n] == TreeParts::LEAF);
    assert!(leaves.clone().all(|n| parts.cover[n] >= 40.0));
    assert!(leaves.count() <= 5 * 8 && fitted.summary().depth == 3);
}

#[test]
fn the_inner_fold_stops_what_only_fits_noise() {
    let mut draw = Seed::new(3).stream();
    let columns = (0..5)
        .map(|c| numbers(&format!("noise {c}"), &(0..601).map(|_| Some(draw.normal())).collect::<Vec<_>>()));
    let columns: Vec<Column> = columns.collect();
    let y: Vec<Option<f64>> = (0..600).map(|_| Some(draw.normal())).chain([None]).collect();
    let case = case(columns, &y);
    let stop = Some(EarlyStopping { patience: 7, share: 0.3 });
    let settings =
        TreeSettings { loss: Loss::Squared, trees: 300, early_stopping: stop, ..TreeSettings::default() };
    let fitted =
        settings.check().unwrap().fit(&Sample::new(&case.train, &case.outcome), Seed::new(1)).unwrap();
    assert_eq!(fitted.certificate().criterion, "inner-fold loss did not improve for 7 trees");
    assert!(fitted.trees() < 20, "{} trees were kept", fitted.trees());
    assert_eq!(fitted.certificate().iterations, fitted.trees() as u64 + 7);
    let short = TreeSettings {
        loss: Loss::Squared,
        trees: 3,
        early_stopping: Some(EarlyStopping { patience: 50, share: 0.3 }),
        ..TreeSettings::default()
    };
    let fitted = short.check().unwrap().fit(&Sample::new(&case.train, &case.outcome), Seed::new(1)).unwrap();
    assert!(fitted.certificate().criterion.starts_with("the limit of 3 trees came before"));
}

#[test]
fn losses_take_their_outcomes_only() {
    let ward = ward(200, 1);
    let sides = ward.divided();
    let train = sides.parts.train();
    let (binary, continuous, counts) =
        (ward.binary.part(train), ward.continuous.part(train), ward.counts.part(train));
    let fit = |loss, outcome: &Outcome<Train>| {
        let model = TreeSettings { loss, trees: 5, ..TreeSettings::default() }.check().unwrap();
        model.fit(&Sample::new(&sides.train, outcome), Seed::new(1)).map(|_| ())
    };
    let wrong = |result| matches!(result, Err(ModelError::OutcomeKind { .. }));
    assert!(wrong(fit(Loss::Logistic, &continuous)) && wrong(fit(Loss::Squared, &binary)));
    assert!(wrong(fit(Loss::Poisson, &binary)));
    assert_eq!(fit(Loss::Poisson, &counts), Ok(()));
    assert_eq!(fit(Loss::Squared, &continuous), Ok(()));
    assert_eq!(counts.kind(), OutcomeKind::Continuous);
    let negative = Outcome::continuous((0..200).map(|i| f64::from(i) - 1.0).collect()).unwrap().part(train);
    assert!(wrong(fit(Loss::Poisson, &negative)));
}

#[test]
fn wrong_weights_are_refused() {
    let ward = ward(80, 1);
    let sides = ward.divided();
    let outcome = ward.binary.part(sides.parts.train());
    let model = TreeSettings::default().check().unwrap();
    for weight in [f64::NAN, -1.0, f64::INFINITY] {
        let mut weights = vec![1.0; sides.train.rows()];
        weights[7] = weight;
        let sample = Sample::new(&sides.train, &outcome).weighted(Some(&weights));
        assert!(matches!(
            model.fit(&sample, Seed::new(1)),
            Err(ModelError::Setting { setting: "weights", .. })
        ));
    }
    let nothing = vec![0.0; sides.train.rows()];
    let sample = Sample::new(&sides.train, &outcome).weighted(Some(&nothing));
    assert!(matches!(model.fit(&sample, Seed::new(1)), Err(ModelError::OneClass { .. })));
}
