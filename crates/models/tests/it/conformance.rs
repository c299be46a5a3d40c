//! The promises that every model keeps.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

use bedside_models::trees::{EarlyStopping, FittedTrees, Loss, TreeSettings};
use bedside_table::OutcomeKind;
use bedside_table::conformance::model;

fn in_pool(threads: usize, work: &mut (dyn FnMut() + Send)) {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool").install(work);
}

fn reload_trees(fitted: &FittedTrees) -> FittedTrees {
    FittedTrees::from_parts(fitted.parts().clone()).expect("parts of a fitted model")
}

#[test]
fn trees_conform() {
    // Where the smallest leaf is a weight and not a number of rows, a row of weight 2 is two rows.
    let settings =
        TreeSettings { trees: 40, leaves: 8, min_rows: 1, min_hessian: 1.0, ..TreeSettings::default() };
    for (kind, loss) in [
        (OutcomeKind::Binary, Loss::Logistic),
        (OutcomeKind::Continuous, Loss::Squared),
        (OutcomeKind::Continuous, Loss::Poisson),
    ] {
        let trees = TreeSettings { loss, ..settings.clone() }.check().expect("settings in range");
        model(&trees, kind).duplicates_within(1e-6).saved(&reload_trees).threads(&in_pool).check();
    }
}

#[test]
fn trees_with_chance_conform() {
    let early_stopping = Some(EarlyStopping { patience: 10, share: 0.2 });
    let settings = TreeSettings {
        trees: 60,
        leaves: 8,
        row_share: 0.7,
        column_share: 0.6,
        early_stopping,
        ..TreeSettings::default()
    };
    let trees = settings.check().expect("settings in range");
    model(&trees, OutcomeKind::Binary)
        .duplicates_differ("rows are drawn, and a leaf needs a number of rows")
        .saved(&reload_trees)
        .threads(&in_pool)
        .check();
}
