//! When something happened to a subject, and how often by then.

use bedside_chart::Instant;

use crate::interval::Interval;

/// Distinct instants in order, each with a count, kept as running totals so that a stretch of time is counted by two
/// searches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Occurrences {
    times: Vec<Instant>,
    /// Occurrences up to and including the instant.
    total: Vec<u64>,
}

impl Occurrences {
    pub(crate) fn clear(&mut self) {
        self.times.clear();
        self.total.clear();
    }

    /// One more at an instant that is not before the last one.
    pub(crate) fn add(&mut self, time: Instant) {
        if self.times.last() == Some(&time) {
            if let Some(total) = self.total.last_mut() {
                *total += 1;
            }
        } else {
            self.push(time);
        }
    }

    /// One at an instant that is after the last one.
    pub(crate) fn push(&mut self, time: Instant) {
        self.times.push(time);
        self.total.push(self.total.last().copied().unwrap_or(0) + 1);
    }

    /// Each instant and how often it was there.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (Instant, u64)> + '_ {
        let before = std::iter::once(0).chain(self.total.iter().copied());
        self.times.iter().zip(&self.total).zip(before).map(|((&time, total), before)| (time, total - before))
    }

    /// Puts each instant where another is wanted.
    pub(crate) fn put(&mut self, place: impl Fn(Instant) -> Instant) {
        let mut all: Vec<(Instant, u64)> = self.counts().map(|(time, count)| (place(time), count)).collect();
        all.sort_unstable();
        self.clear();
        for (time, count) in all {
            (0..count).for_each(|_| self.add(time));
        }
    }

    pub(crate) fn times(&self) -> &[Instant] {
        &self.times
    }

    pub(crate) fn within(&self, interval: Interval) -> u64 {
        let before = |time: Instant| {
            let place = self.times.partition_point(|at| *at < time);
            if place == 0 { 0 } else { self.total[place - 1] }
        };
        before(interval.to).saturating_sub(before(interval.from))
    }

    /// The first at or after an instant.
    pub(crate) fn first_from(&self, time: Instant) -> Option<Instant> {
        self.times.get(self.times.partition_point(|at| *at < time)).copied()
    }

    /// The last before an instant.
    pub(crate) fn last_before(&self, time: Instant) -> Option<Instant> {
        let place = self.times.partition_point(|at| *at < time);
        place.checked_sub(1).map(|place| self.times[place])
    }
}

/// The instants that all of these have.
pub(crate) fn common(sets: &[&[Instant]], into: &mut Occurrences) {
    let Some((first, rest)) = sets.split_first() else { return };
    let mut places = vec![0; rest.len()];
    for &time in *first {
        let in_all = rest.iter().zip(&mut places).all(|(set, place)| {
            *place += set[*place..].partition_point(|at| *at < time);
            set.get(*place) == Some(&time)
        });
        if in_all {
            into.push(time);
        }
    }
}

/// The instants that any of these has.
pub(crate) fn joined(sets: &[&[Instant]], into: &mut Occurrences) {
    let mut all: Vec<Instant> = sets.iter().flat_map(|set| set.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    for time in all {
        into.push(time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn occurrences(times: &[i64]) -> Occurrences {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let mut occurrences = Occurrences::default();
        for time in sorted {
            occurrences.add(Instant::from_micros(time));
        }
        occurrences
    }

    proptest! {
        #[test]
        fn counting_by_totals_is_counting(
            times in proptest::collection::vec(-20_i64..20, 0..30), start in -25_i64..25, length in 0_i64..30,
            start_inclusive: bool, end_inclusive: bool,
        ) {
            let end = start + length;
            let inside = |time: i64| {
                (start < time || start_inclusive && start == time) && (time < end || end_inclusive && time == end)
            };
            let expected = times.iter().filter(|&&time| inside(time)).count() as u64;
            let (from, to) = (Instant::from_micros(start), Instant::from_micros(end));
            let interval = Interval::new(from, start_inclusive, to, end_inclusive);
            // An interval of one point with one end left out holds nothing, whichever end that is.
            let expected = if length == 0 && start_inclusive != end_inclusive { 0 } else { expected };
            prop_assert_eq!(occurrences(&times).within(interval), expected);
        }

        #[test]
        fn sets_meet_and_join(
            a in proptest::collection::vec(0_i64..12, 0..10), b in proptest::collection::vec(0_i64..12, 0..10),
        ) {
            let (one, two) = (occurrences(&a), occurrences(&b));
            let sets = [one.times(), two.times()];
            let (mut both, mut any) = (Occurrences::default(), Occurrences::default());
            common(&sets, &mut both);
            joined(&sets, &mut any);
            for time in 0..12 {
                let at = Instant::from_micros(time);
                prop_assert_eq!(both.times().contains(&at), a.contains(&time) && b.contains(&time));
                prop_assert_eq!(any.times().contains(&at), a.contains(&time) || b.contains(&time));
            }
        }
    }
}
