//! Which events lie in a window, row after row.

use bedside_chart::{Instant, Span};

use super::plan::Group;

/// For each distance from the index time, the first row at which each event is at least so far back.
#[derive(Debug, Default)]
pub(super) struct Crossings {
    by_lag: Vec<Vec<u32>>,
}

impl Crossings {
    /// Both kinds of times are in order, so each distance takes one pass over them.
    pub(super) fn find(&mut self, times: &[Instant], index_times: &[Instant], lags: &[Span]) {
        self.by_lag.resize_with(lags.len(), Vec::new);
        for (crossing, &lag) in self.by_lag.iter_mut().zip(lags) {
            crossing.clear();
            let mut row = 0;
            crossing.extend(times.iter().map(|&time| {
                let back = time + lag;
                while index_times.get(row).is_some_and(|index| *index < back) {
                    row += 1;
                }
                row as u32
            }));
        }
    }

    fn of(&self, lag: usize) -> &[u32] {
        &self.by_lag[lag]
    }
}

/// Consecutive rows for which the same events, at least one, lie in a window: those between two places of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Where the later half of the window begins; `from` when nobody asks.
    pub(super) middle: usize,
    pub(super) row: u32,
    pub(super) rows: u32,
}

/// The stretches of a window over a list of events in the order of time. An event comes in when its distance from the
/// index time reaches that of the window's end and goes out when it reaches that of its beginning.
pub(super) fn stretches<'a>(
    group: &Group,
    events: &'a [u32],
    crossings: &'a Crossings,
    rows: u32,
) -> impl Iterator<Item = Stretch> + use<'a> {
    let comes = crossings.of(group.to);
    let goes = group.from.map(|lag| crossings.of(lag));
    let halves = group.middle.map(|lag| crossings.of(lag));
    let at = move |crossing: &[u32], place: usize| crossing[events[place] as usize];
    let (mut from, mut to, mut middle) = (0, 0, 0);
    let mut row = events.first().map_or(rows, |_| at(comes, 0));
    std::iter::from_fn(move || {
        while row < rows {
            to = passed(to, events.len(), |place| at(comes, place) <= row);
            from = goes.map_or(0, |goes| passed(from, to, |place| at(goes, place) <= row));
            middle =
                halves.map_or(from, |halves| passed(middle.max(from), to, |place| at(halves, place) <= row));
            let mut next = rows;
            if to < events.len() {
                next = next.min(at(comes, to));
            }
            if from < to {
                next = goes.map_or(next, |goes| next.min(at(goes, from)));
            }
            if middle < to {
                next = halves.map_or(next, |halves| next.min(at(halves, middle)));
            }
            let stretch = Stretch { from, to, middle, row, rows: next - row };
            row = next;
            if from < to {
                return Some(stretch);
            }
        }
        None
    })
}

/// The first place from `start` on, and before `end`, that has not passed; those that have come first. Nearly always it is
/// near, and now and then (a record of years, a single row) far.
fn passed(start: usize, end: usize, has: impl Fn(usize) -> bool) -> usize {
    let mut known = start;
    let mut step = 1;
    while known < end && has((known + step - 1).min(end - 1)) {
        known = (known + step).min(end);
        step *= 2;
    }
    // The answer lies in `known..known + step`, what lies before it has passed.
    let (mut low, mut high) = (known, (known + step - 1).min(end));
    while low < high {
        let half = low.midpoint(high);
        if has(half) { low = half + 1 } else { high = half }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::passed;

    #[test]
    fn the_first_that_has_not_passed_is_found_from_anywhere() {
        for end in 0..40 {
            for first in 0..=end {
                for start in 0..=first {
                    assert_eq!(passed(start, end, |place| place < first), first, "{start} {first} {end}");
                }
            }
        }
    }
}
