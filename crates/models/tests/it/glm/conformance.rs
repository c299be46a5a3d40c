//! What every model promises.

use bedside_models::glm::{Family, FittedGlm, GlmSettings};
use bedside_table::conformance;

fn in_pool(threads: usize, work: &mut (dyn FnMut() + Send)) {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work);
}

fn reload(fitted: &FittedGlm) -> FittedGlm {
    FittedGlm::from_parts(fitted.parts().clone()).unwrap()
}

fn check(settings: GlmSettings) {
    let kind = settings.family.outcome();
    let model = GlmSettings { tolerance: 1e-13, ..settings }.check().unwrap();
    conformance::model(&model, kind)
        .duplicates_within(1e-7)
        .refuses_extra_columns()
        .saved(&reload)
        .threads(&in_pool)
        .check();
}

#[test]
fn logistic() {
    for (l1_ratio, lambda) in [(0.0, 0.01), (0.5, 0.02), (1.0, 0.01)] {
        check(GlmSettings { family: Family::Binomial, l1_ratio, lambda, ..GlmSettings::default() });
    }
}

#[test]
fn linear() {
    for (l1_ratio, lambda) in [(0.0, 0.1), (0.5, 0.05), (1.0, 0.02)] {
        check(GlmSettings { family: Family::Gaussian, l1_ratio, lambda, ..GlmSettings::default() });
    }
}

#[test]
fn not_standardised() {
    let settings = GlmSettings { standardise: false, l1_ratio: 0.9, lambda: 0.01, ..GlmSettings::default() };
    check(settings);
}
