//! What every model promises.

use bedside_models::trees::{EarlyStopping, FittedTrees, Loss, TreeSettings, Trees};
use bedside_table::{OutcomeKind, conformance};

fn in_pool(threads: usize, work: &mut (dyn FnMut() + Send)) {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work);
}

fn reload(fitted: &FittedTrees) -> FittedTrees {
    FittedTrees::from_parts(fitted.parts().clone()).unwrap()
}

fn check(settings: TreeSettings, kind: OutcomeKind, duplicates: bool) {
    let model: Trees = TreeSettings { trees: 40, ..settings }.check().unwrap();
    let promises = conformance::model(&model, kind).saved(&reload).threads(&in_pool);
    if duplicates {
        promises.duplicates_within(1e-9).check();
    } else {
        promises.duplicates_differ("leaves have a smallest number of rows, and rows are drawn").check();
    }
}

#[test]
fn logistic() {
    check(
        TreeSettings { min_rows: 1, min_hessian: 1.0, ..TreeSettings::default() },
        OutcomeKind::Binary,
        true,
    );
    check(TreeSettings::default(), OutcomeKind::Binary, false);
}

#[test]
fn squared_and_poisson() {
    let usual = || TreeSettings { min_rows: 1, min_hessian: 5.0, ..TreeSettings::default() };
    check(TreeSettings { loss: Loss::Squared, ..usual() }, OutcomeKind::Continuous, true);
    check(TreeSettings { loss: Loss::Poisson, l1: 0.1, l2: 1.0, ..usual() }, OutcomeKind::Continuous, true);
}

#[test]
fn drawn_rows_and_columns_and_an_inner_fold() {
    let stop = EarlyStopping { patience: 5, share: 0.2 };
    check(
        TreeSettings {
            row_share: 0.7,
            column_share: 0.6,
            early_stopping: Some(stop),
            min_rows: 5,
            ..TreeSettings::default()
        },
        OutcomeKind::Binary,
        false,
    );
}
