//! Each check of the conformance suite fails on a model that breaks its promise, and on the honest model none does.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bedside_table::OutcomeKind;
use bedside_table::conformance::{ModelPromises, model};

use crate::toy_model::{Fault, FittedToy, THREADS, Toy};

/// Pretends to be a pool of so many threads.
fn pool(threads: usize, work: &mut (dyn FnMut() + Send)) {
    THREADS.set(threads as u64);
    work();
    THREADS.set(1);
}

fn reload(fitted: &FittedToy) -> FittedToy {
    fitted.reload()
}

type Check = fn(&ModelPromises<'_, Toy>);

/// Which check finds which fault, and the words of its message.
const FAULTS: &[(Fault, Check, &str)] = &[
    (Fault::FitsDiffer, |p| p.same_seed_same_bits(), "same seed, same bits: second fit against first"),
    (Fault::RemembersRows, |p| p.refit_forgets(), "refit forgets: after a fit on other rows"),
    (Fault::ChangesSettings, |p| p.refit_forgets(), "refit forgets: expected unchanged settings"),
    (Fault::NotConverged, |p| p.certificate_is_met(), "expected a gap within tolerance"),
    (Fault::LearnsNothing, |p| p.learns(), "the model learns: correlation"),
    (Fault::IgnoresWeights, |p| p.duplicates_are_weights(), "duplicates are weights"),
    (Fault::AcceptsBadWeights, |p| p.wrong_samples_are_refused(), "a NaN weight: expected an error"),
    (Fault::AcceptsShortOutcome, |p| p.wrong_samples_are_refused(), "an outcome with too few rows"),
    (Fault::AcceptsOneClass, |p| p.one_class_is_refused(), "an outcome that does not vary"),
    (Fault::OrderMatters, |p| p.rows_are_scored_alone(), "rows are scored alone: in another order"),
    (Fault::RowsAffectEachOther, |p| p.rows_are_scored_alone(), "rows are scored alone"),
    (Fault::RiskAboveOne, |p| p.scores_are_plausible(), "expected a risk in [0, 1]"),
    (Fault::GapBecomesError, |p| p.scores_are_plausible(), "scores are plausible: the scores"),
    (Fault::UnknownLevelBecomesError, |p| p.scores_are_plausible(), "scores are plausible: the scores"),
    (Fault::AbsentColumnIsZero, |p| p.columns_are_those_fitted_on(), "an absent column"),
    (Fault::KindIsIgnored, |p| p.columns_are_those_fitted_on(), "a column of another kind"),
    (Fault::ExtraColumnCounts, |p| p.columns_are_those_fitted_on(), "with a column that was not fitted on"),
    (Fault::PositionDecides, |p| p.columns_are_those_fitted_on(), "columns in another order"),
    (Fault::CodesDecide, |p| p.columns_are_those_fitted_on(), "levels in another order"),
    (Fault::LosesBitsOnDisk, |p| p.saved_is_the_same(), "after saving and loading"),
    (Fault::LosesCertificateOnDisk, |p| p.saved_is_the_same(), "the certificate"),
    (Fault::FailsWide, |p| p.strange_shapes(), "strange shapes"),
    (Fault::ThreadsMatter, |p| p.threads_change_nothing(), "2 threads against 1"),
];

#[test]
fn each_fault_is_found_by_its_check() {
    for (fault, check, words) in FAULTS {
        let toy = Toy::new(*fault);
        let promises = model(&toy, OutcomeKind::Binary).saved(&reload).threads(&pool);
        let panic = catch_unwind(AssertUnwindSafe(|| check(&promises)))
            .expect_err(&format!("{fault:?}: the check passed a broken model"));
        let message = panic.downcast_ref::<String>().map(String::as_str).unwrap_or_default();
        assert!(message.contains(words), "{fault:?}: expected `{words}` in `{message}`");
        let all = catch_unwind(AssertUnwindSafe(|| promises.check()));
        assert!(all.is_err(), "{fault:?}: the suite as a whole passed a broken model");
    }
}

#[test]
fn an_honest_model_passes() {
    for kind in [OutcomeKind::Binary, OutcomeKind::Continuous] {
        model(&Toy::new(Fault::Nothing), kind).saved(&reload).threads(&pool).check();
    }
}

#[test]
fn extra_columns_may_be_refused_only_if_promised() {
    let toy = Toy::new(Fault::Nothing);
    let promises = model(&toy, OutcomeKind::Binary).refuses_extra_columns();
    assert!(catch_unwind(AssertUnwindSafe(|| promises.columns_are_those_fitted_on())).is_err());
}

#[test]
fn a_pool_that_does_not_work_is_noticed() {
    let toy = Toy::new(Fault::Nothing);
    let promises = model(&toy, OutcomeKind::Binary).threads(&|_, _| {});
    assert!(catch_unwind(AssertUnwindSafe(|| promises.threads_change_nothing())).is_err());
}
