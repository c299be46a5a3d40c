//! What is known only to its day, on a day on which something else ends by the clock.
//!
//! A death of the day stands at 23:59:59 of its day, as all that is known to the day does. A discharge at 14:00 of that day
//! would come before it, and the stay would have a survivor. Which of both came first is not known; so they count as of
//! one instant, that of the clock, unless the task says otherwise.

use bedside_chart::Instant;

use crate::occurrences::Occurrences;
use crate::predicates::{Operand, Predicates, Rule};
use crate::task::{Counted, Outcome, Task, Way};

/// Where what is known to the day counts that meets an end by the clock on its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SameDay {
    /// At the end, and so inside what it ends.
    #[default]
    Inside,
    /// After it, as its time says.
    After,
}

/// What ends something, and what begins rows.
#[derive(Debug)]
pub(crate) struct Ends {
    /// Predicates whose occurrences end windows and repeats, or are what an outcome asks for first.
    ends: Vec<usize>,
    trigger: Option<usize>,
    /// Whether the trigger is made of an atom: it stays where it is.
    of_trigger: Vec<bool>,
}

/// Events of one atom that are known to the day, and what ends on it by the clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meeting {
    pub(crate) atom: usize,
    pub(crate) day: Instant,
    pub(crate) events: u64,
    pub(crate) end: Instant,
    /// The predicate that the end satisfies.
    pub(crate) by: usize,
}

impl Ends {
    /// None for a task in which nothing ends at an event.
    pub(crate) fn of(task: &Task) -> Option<Self> {
        let mut ends = Vec::new();
        for (place, point) in task.points.iter().enumerate().skip(1) {
            if let Way::Next { what, .. } | Way::Previous { what, .. } = point.way
                && task.windows.iter().any(|window| window.end == place)
            {
                ends.push(what);
            }
        }
        ends.extend(task.repeat.and_then(|repeat| repeat.until));
        if let Outcome::First { .. } | Outcome::TimeTo { .. } = task.outcome {
            ends.extend(task.outcome.counts());
        }
        let predicate = |what| match what {
            Counted::Predicate(place) => Some(place),
            Counted::AnyEvent | Counted::RecordStart | Counted::RecordEnd => None,
        };
        let mut ends: Vec<usize> = ends.into_iter().filter_map(predicate).collect();
        ends.sort_unstable();
        ends.dedup();
        let trigger = predicate(task.trigger);
        let mut of_trigger = vec![false; task.predicates.atoms.len()];
        trigger.into_iter().for_each(|place| mark(&task.predicates, place, &mut of_trigger));
        (!ends.is_empty()).then_some(Self { ends, trigger, of_trigger })
    }

    /// All meetings of a subject, given the occurrences of each atom and of each predicate.
    pub(crate) fn meetings<'o>(
        &self,
        atoms: &[Occurrences],
        predicate: impl Fn(usize) -> &'o Occurrences,
        found: &mut Vec<Meeting>,
    ) {
        found.clear();
        for (atom, occurrences) in atoms.iter().enumerate().filter(|(atom, _)| !self.of_trigger[*atom]) {
            for (day, events) in occurrences.counts() {
                if day != day.end_of_day() {
                    continue;
                }
                let last = |place: usize| predicate(place).last_before(day).filter(|at| at.same_day(day));
                let end = self.ends.iter().filter_map(|&by| Some((last(by)?, by))).max_by_key(|(at, _)| *at);
                // What comes after a row of that day has begun belongs to that row.
                let begun = self.trigger.and_then(last);
                if let Some((end, by)) = end.filter(|(at, _)| begun.is_none_or(|begun| begun < *at)) {
                    found.push(Meeting { atom, day, events, end, by });
                }
            }
        }
    }
}

/// Marks the atoms that a predicate is made of.
fn mark(predicates: &Predicates, place: usize, marked: &mut [bool]) {
    match &predicates.list[place].rule {
        Rule::Count(atom) => marked[*atom] = true,
        Rule::All(operands) | Rule::Any(operands) => {
            for operand in operands {
                match operand {
                    Operand::Atom(atom) => marked[*atom] = true,
                    Operand::Predicate(place) => mark(predicates, *place, marked),
                }
            }
        }
    }
}
