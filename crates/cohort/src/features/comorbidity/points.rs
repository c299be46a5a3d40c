//! The conditions in a window that moves on.

use std::ops::Range;

use super::Conditions;

/// How many events of the window tell of each condition. The work grows with the events, not with the length of the window.
#[derive(Debug, Default)]
pub(in crate::features) struct Points {
    events: [u32; 32],
    conditions: Conditions,
    entered: usize,
    left: usize,
}

impl Points {
    pub(in crate::features) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Holds the events of these places; neither end ever goes back.
    pub(in crate::features) fn hold(&mut self, window: Range<usize>, told_by: impl Fn(usize) -> Conditions) {
        for place in self.entered..window.end {
            told_by(place).each().for_each(|condition| self.events[condition] += 1);
        }
        for place in self.left..window.start {
            told_by(place).each().for_each(|condition| self.events[condition] -= 1);
        }
        if (self.entered, self.left) != (window.end, window.start) {
            let there = (0..32).filter(|condition| self.events[*condition] > 0);
            self.conditions = there.fold(Conditions::default(), Conditions::with);
        }
        (self.entered, self.left) = (window.end, window.start);
    }

    /// What somebody has who has these events.
    pub(in crate::features) fn conditions(&self) -> Conditions {
        self.conditions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_there_as_long_as_an_event_tells_of_it() {
        let told = |place: usize| Conditions::default().with(place % 2);
        let mut points = Points::default();
        let mut held = |window: Range<usize>| {
            points.hold(window, told);
            points.conditions().each().collect::<Vec<_>>()
        };
        assert_eq!(held(0..1), [0]);
        assert_eq!(held(0..3), [0, 1]);
        assert_eq!(held(1..3), [0, 1]);
        assert_eq!(held(2..3), [0]);
        assert_eq!(held(5..6), [1], "events that were never in a stretch");
    }
}
