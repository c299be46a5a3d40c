//! How often each code is used.

use std::collections::BTreeMap;
use std::sync::Arc;

use bedside_chart::{Codes, Timeline};

/// How often a code is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodeUse {
    /// Subjects who have it at all.
    pub subjects: u64,
    /// Events with a time.
    pub events: u64,
    /// Those of them with a value.
    pub values: u64,
    /// Events without a time.
    pub untimed: u64,
    /// Those of them with a value.
    pub untimed_values: u64,
}

impl CodeUse {
    /// With the uses by other subjects.
    pub fn add(&mut self, other: Self) {
        self.subjects += other.subjects;
        self.events += other.events;
        self.values += other.values;
        self.untimed += other.untimed;
        self.untimed_values += other.untimed_values;
    }
}

/// Counts of every code over some subjects. Tallies of different subjects merge; their order does not matter.
///
/// ```
/// use bedside_chart::{Codes, Events, Instant, SubjectNumber};
/// use bedside_cohort::features::Tally;
/// let codes = Codes::default();
/// let mut events = Events::new(SubjectNumber::new(1));
/// events.push(Some(Instant::from_micros(0)), codes.id("LAB//K")?, Some(4.1));
/// events.push(Some(Instant::from_micros(9)), codes.id("LAB//K")?, None);
/// let mut tally = Tally::default();
/// tally.add(&events.timeline());
/// let used = tally.named(&codes)["LAB//K"];
/// assert_eq!((used.subjects, used.events, used.values), (1, 2, 1));
/// # Ok::<(), bedside_chart::ChartError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// By the number of the code, with the last subject (counted from 1) that had it.
    uses: Vec<(u64, CodeUse)>,
    subjects: u64,
}

impl Tally {
    /// Adds a subject, who must not have been added before.
    pub fn add(&mut self, timeline: &Timeline<'_>) {
        self.subjects += 1;
        for (event, code) in timeline.codes().iter().enumerate() {
            let code = self.of(code.index());
            code.events += 1;
            code.values += u64::from(timeline.value(event).is_some());
        }
        for (code, value) in timeline.untimed() {
            let code = self.of(code.index());
            code.untimed += 1;
            code.untimed_values += u64::from(value.is_some());
        }
    }

    /// Adds what was counted over other subjects, with the same table of codes.
    pub fn merge(&mut self, other: &Self) {
        self.subjects += other.subjects;
        if self.uses.len() < other.uses.len() {
            self.uses.resize(other.uses.len(), (0, CodeUse::default()));
        }
        for ((_, here), (_, there)) in self.uses.iter_mut().zip(&other.uses) {
            here.subjects += there.subjects;
            here.events += there.events;
            here.values += there.values;
            here.untimed += there.untimed;
            here.untimed_values += there.untimed_values;
        }
    }

    /// How many subjects were added.
    #[must_use]
    pub fn subjects(&self) -> u64 {
        self.subjects
    }

    /// The counts by the name of the code; codes that no subject has are left out.
    #[must_use]
    pub fn named(&self, codes: &Codes) -> BTreeMap<Arc<str>, CodeUse> {
        let used = codes.names().into_iter().zip(&self.uses);
        used.filter(|(_, (_, code))| code.subjects > 0).map(|(name, (_, code))| (name, *code)).collect()
    }

    fn of(&mut self, code: usize) -> &mut CodeUse {
        if code >= self.uses.len() {
            self.uses.resize(code + 1, (0, CodeUse::default()));
        }
        let (last, code) = &mut self.uses[code];
        if *last != self.subjects {
            *last = self.subjects;
            code.subjects += 1;
        }
        code
    }
}
