//! Stretches of time with or without their ends.

use bedside_chart::Instant;

/// A stretch of time as whole microseconds: from `from`, up to but without `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) from: Instant,
    pub(crate) to: Instant,
}

impl Interval {
    /// From its ends and whether they belong to it.
    pub(crate) fn new(start: Instant, start_inclusive: bool, end: Instant, end_inclusive: bool) -> Self {
        Self {
            from: if start_inclusive { start } else { start.next() },
            to: if end_inclusive { end.next() } else { end },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_belongs_to_itself_only_when_both_ends_do() {
        let at = Instant::from_micros(5);
        let holds = |start, end| {
            let interval = Interval::new(at, start, at, end);
            interval.from <= at && at < interval.to
        };
        assert!(holds(true, true));
        assert!(!holds(true, false) && !holds(false, true) && !holds(false, false));
    }
}
