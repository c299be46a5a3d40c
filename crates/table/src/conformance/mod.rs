//! The promises that every estimator keeps, as checks that any implementation runs in one line.
//!
//! ```
//! # use bedside_table::*;
//! # fn outline<M: Fit<Reads = Gaps> + std::fmt::Debug + Sync>(my_model: M, in_pool: conformance::Pool<'_>) {
//! conformance::model(&my_model, OutcomeKind::Binary).duplicates_within(1e-9).threads(in_pool).check();
//! # }
//! ```
//!
//! This is a test kit: a promise that is not kept is a panic whose message names the check, what was expected and what was
//! found. Call it from tests only. Every check was seen to fail on an estimator broken on purpose (`tests/it/broken.rs`).
//!
//! A model is checked by [`model`], an imputer by [`imputer`]; both return a list of promises that can be adjusted before
//! `check` runs them, and each check can be run alone. The data is made here, from a fixed seed: numbers and levels,
//! with gaps, a constant column, one that was never measured, and an outcome that can be learned.

mod data;
mod imputer;
mod model;
mod scoring;
mod strange;

pub use data::Dress;
pub use imputer::{ImputerPromises, imputer};
pub use model::{ModelPromises, model};

/// Runs work on a pool of so many threads: `&|threads, work| pool(threads).install(work)`.
pub type Pool<'a> = &'a dyn Fn(usize, &mut (dyn FnMut() + Send));

/// The numbers of threads that must give the same bits.
const THREADS: [usize; 3] = [1, 2, 4];

/// Panics unless two lists of numbers are the same, bit by bit.
fn same_bits(check: &str, what: &str, expected: &[f64], found: &[f64]) {
    assert!(
        expected.len() == found.len(),
        "{check}: {what}: expected {} numbers, found {}",
        expected.len(),
        found.len()
    );
    for (row, (e, f)) in expected.iter().zip(found).enumerate() {
        assert!(e.to_bits() == f.to_bits(), "{check}: {what}: row {row}: expected {e:e}, found {f:e}");
    }
}

/// The value, or a panic that names the check and the error.
fn must<T, E: std::fmt::Display>(check: &str, what: &str, result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{check}: {what}: expected success, found the error: {error}"))
}

/// Panics unless the result is an error.
fn must_refuse<T, E>(check: &str, what: &str, result: &Result<T, E>) {
    assert!(result.is_err(), "{check}: {what}: expected an error, found success");
}

/// Runs work on each number of threads and panics unless all give the same bits.
fn same_on_threads(check: &str, pool: Pool<'_>, work: &(dyn Fn() -> Vec<f64> + Sync)) {
    let run = |threads| {
        let mut numbers = None;
        pool(threads, &mut || numbers = Some(work()));
        numbers.unwrap_or_else(|| panic!("{check}: the pool did not run the work it was given"))
    };
    let expected = run(THREADS[0]);
    for threads in &THREADS[1..] {
        same_bits(check, &format!("{threads} threads against 1"), &expected, &run(*threads));
    }
}
