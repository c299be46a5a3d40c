//! What a run tells while it works, and how it learns that it should stop.

/// Whoever watches a run. All methods may be called from several threads.
pub trait Progress: Sync {
    /// A stage begins, of so many steps (0: unknown).
    fn stage(&self, name: &str, steps: u64);
    /// A step of the stage is done.
    fn step(&self);
    /// Whether the user wants to stop. Asked between steps.
    fn stopped(&self) -> bool;
    /// Seconds since any fixed moment: the clock lives at the edge.
    fn seconds(&self) -> f64;
}

/// Nobody watches.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwatched;

impl Progress for Unwatched {
    fn stage(&self, _: &str, _: u64) {}
    fn step(&self) {}
    fn stopped(&self) -> bool {
        false
    }
    fn seconds(&self) -> f64 {
        0.0
    }
}
