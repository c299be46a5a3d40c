//! Each check of the conformance suite fails on an imputer that breaks its promise, and on the honest one none does.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bedside_table::conformance::{ImputerPromises, imputer};

use crate::toy_imputer::{FittedToy, Gap, Toy};
use crate::toy_model::THREADS;

fn pool(threads: usize, work: &mut (dyn FnMut() + Send)) {
    THREADS.set(threads as u64);
    work();
    THREADS.set(1);
}

fn reload(fitted: &FittedToy) -> FittedToy {
    fitted.reload()
}

type Check = fn(&ImputerPromises<'_, Toy>);

/// Which check finds which fault, and the words of its message.
const FAULTS: &[(Gap, Check, &str)] = &[
    (Gap::FitsDiffer, |p| p.same_bits_each_time(), "same bits each time: second fit against first"),
    (Gap::LearnsWhenApplied, |p| p.refit_forgets(), "refit forgets: after filling held-out rows"),
    (Gap::FitsDiffer, |p| p.refit_forgets(), "refit forgets: after a fit on other rows"),
    (Gap::ChangesSettings, |p| p.refit_forgets(), "refit forgets: expected unchanged settings"),
    (Gap::RowsAffectEachOther, |p| p.rows_are_filled_alone(), "rows are filled alone"),
    (Gap::LayoutFollowsRows, |p| p.layout_is_fixed(), "the layout is fixed"),
    (Gap::ForgetsMeasured, |p| p.measured_cells_count(), "measured cells count: `age`"),
    (Gap::AbsentColumnIsSkipped, |p| p.columns_are_those_fitted_on(), "absent column `age`"),
    (Gap::KindIsIgnored, |p| p.columns_are_those_fitted_on(), "words for numbers"),
    (Gap::ExtraColumnCounts, |p| p.columns_are_those_fitted_on(), "with a column that was not fitted on"),
    (Gap::OrderDecides, |p| p.names_decide(), "columns in another order"),
    (Gap::CodesDecide, |p| p.names_decide(), "levels in another order"),
    (Gap::NoRowsAccepted, |p| p.strange_tables(), "no training rows: expected an error"),
    (Gap::AllMissingIsError, |p| p.strange_tables(), "strange tables"),
    (Gap::LosesBitsOnDisk, |p| p.saved_is_the_same(), "after saving and loading"),
    (Gap::LosesTermsOnDisk, |p| p.saved_is_the_same(), "saved is the same: the columns"),
    (Gap::ThreadsMatter, |p| p.threads_change_nothing(), "2 threads against 1"),
];

#[test]
fn each_fault_is_found_by_its_check() {
    for (fault, check, words) in FAULTS {
        let toy = Toy::new(*fault);
        let promises = imputer(&toy).saved(&reload).threads(&pool);
        let panic = catch_unwind(AssertUnwindSafe(|| check(&promises)))
            .expect_err(&format!("{fault:?}: the check passed a broken imputer"));
        let message = panic.downcast_ref::<String>().map(String::as_str).unwrap_or_default();
        assert!(message.contains(words), "{fault:?}: expected `{words}` in `{message}`");
        let all = catch_unwind(AssertUnwindSafe(|| promises.check()));
        assert!(all.is_err(), "{fault:?}: the suite as a whole passed a broken imputer");
    }
}

#[test]
fn an_honest_imputer_passes() {
    imputer(&Toy::new(Gap::None)).saved(&reload).threads(&pool).check();
}
