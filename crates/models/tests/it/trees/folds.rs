//! Cross-validation shares sorting and bins, and nothing else: each fold's predictions are those of a fit that never saw the
//! rows held out.

use bedside_models::trees::{EarlyStopping, Loss, TreeSettings, Trees, cross_validate, fold_seed};
use bedside_table::{Fit, Folds, Outcome, Partition, Predict, Sample, Seed, Table, Train};

use super::ward::{Ward, ward};

/// All rows of the ward as training rows: one more row, held out, makes the division possible.
fn as_train(
    ward: &Ward,
    outcome: &Outcome<bedside_table::Whole>,
) -> (Table<Train>, Outcome<Train>, Partition) {
    let rows = ward.table.rows();
    let parts = Partition::new(&(0..rows).map(|i| i + 1 == rows).collect::<Vec<_>>(), None).unwrap();
    (ward.table.part(parts.train()), outcome.part(parts.train()), parts)
}

fn settings() -> Vec<Trees> {
    let usual = || TreeSettings { trees: 12, leaves: 8, min_rows: 5, ..TreeSettings::default() };
    let stop = Some(EarlyStopping { patience: 3, share: 0.25 });
    [
        usual(),
        TreeSettings { trees: 5, ..usual() },
        TreeSettings { bins: 6, max_depth: Some(2), ..usual() },
        TreeSettings { row_share: 0.5, column_share: 0.5, positive_weight: 3.0, ..usual() },
        TreeSettings { trees: 60, learning_rate: 0.5, early_stopping: stop, ..usual() },
        TreeSettings { l1: 0.5, l2: 2.0, min_hessian: 2.0, ..usual() },
    ]
    .map(|s| s.check().unwrap())
    .into()
}

#[test]
fn a_fold_is_a_fit_on_its_training_rows() {
    for (seed, weighted) in [(1, false), (2, true), (3, true)] {
        let ward = ward(401, seed);
        let (table, outcome, parts) = as_train(&ward, &ward.binary);
        let groups = parts.train().pick(&ward.groups);
        let weights = parts.train().pick(&ward.weights);
        let weights = weighted.then_some(&weights[..]);
        let strata: Vec<u32> = outcome.values().iter().map(|&v| v as u32).collect();
        let folds = Folds::stratified(&strata, Some(&groups), 3, Seed::new(seed)).unwrap();
        let sample = Sample::new(&table, &outcome).grouped(Some(&groups)).weighted(weights);
        let all = cross_validate(&settings(), &sample, &folds, Seed::new(9)).unwrap();
        for (model, judged) in settings().iter().zip(&all) {
            for fold in folds.iter(Some(&groups)).unwrap() {
                let (train, held) = (fold.parts.train(), fold.parts.held_out());
                let (x, y) = (table.part(train), outcome.part(train));
                let g = train.pick(&groups);
                let w = weights.map(|weights| train.pick(weights));
                let alone = Sample::new(&x, &y).grouped(Some(&g)).weighted(w.as_deref());
                let fitted = model.fit(&alone, fold_seed(Seed::new(9), fold.number)).unwrap();
                let expected = fitted.predict(&table.part(held)).unwrap();
                let found = held.pick(judged.scores.values());
                assert_eq!(bits(&found), bits(expected.values()), "{model:?}");
                let certificate = &judged.certificates[fold.number];
                if model.settings().trees == 12 {
                    assert_eq!(certificate, fitted.certificate());
                }
            }
        }
    }
}

#[test]
fn threads_change_nothing() {
    let ward = ward(9000, 4);
    let (table, outcome, _) = as_train(&ward, &ward.continuous);
    let folds = Folds::stratified(&vec![0; 8999], None, 2, Seed::new(1)).unwrap();
    let model = TreeSettings { loss: Loss::Squared, trees: 6, row_share: 0.9, ..TreeSettings::default() };
    let two = [model.clone().check().unwrap(), TreeSettings { leaves: 9, ..model }.check().unwrap()];
    let run = |threads: usize, settings: &[Trees]| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let sample = Sample::new(&table, &outcome);
        pool.install(|| cross_validate(settings, &sample, &folds, Seed::new(2))).unwrap()
    };
    let expected = run(1, &two);
    for threads in [2, 4] {
        assert_eq!(expected, run(threads, &two));
        assert_eq!(expected[..1], run(threads, &two[..1]), "one setting alone, on several threads");
    }
}

#[test]
fn wrong_folds_are_refused() {
    let ward = ward(101, 5);
    let (table, outcome, _) = as_train(&ward, &ward.binary);
    let sample = Sample::new(&table, &outcome);
    let short = Folds::given(vec![0, 1, 0]).unwrap();
    assert!(cross_validate(&settings(), &sample, &short, Seed::new(1)).is_err());
    assert_eq!(
        cross_validate(
            &[],
            &sample,
            &Folds::given(vec![0; 99].into_iter().chain([1]).collect()).unwrap(),
            Seed::new(1)
        )
        .unwrap(),
        []
    );
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}
