//! How often each code, and each group of codes, is used.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use bedside_chart::{CodeId, Codes, Instant, Timeline};

use super::Recipe;
use super::groups::Groupings;

/// How often a code, or a group of codes, is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CodeUse {
    /// Subjects who have it at all, each once.
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

/// Counts by name; what no subject has is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Uses {
    /// Of each code.
    pub codes: BTreeMap<Arc<str>, CodeUse>,
    /// Of the groups that a recipe asks for: by what makes them (`atc3`, `charlson`, ...) and by name.
    pub groups: BTreeMap<Arc<str>, BTreeMap<Arc<str>, CodeUse>>,
}

impl Uses {
    /// With the uses by other subjects.
    pub fn add(&mut self, other: Self) {
        for (code, used) in other.codes {
            self.codes.entry(code).or_default().add(&used);
        }
        for (by, groups) in other.groups {
            let here = self.groups.entry(by).or_default();
            for (group, used) in groups {
                here.entry(group).or_default().add(&used);
            }
        }
    }
}

impl From<BTreeMap<Arc<str>, CodeUse>> for Uses {
    fn from(codes: BTreeMap<Arc<str>, CodeUse>) -> Self {
        Self { codes, groups: BTreeMap::new() }
    }
}

/// Counts of every code over some subjects, and of the groups of a recipe. Tallies of different subjects merge; their order
/// does not matter.
///
/// ```
/// use bedside_chart::{Codes, Events, Instant, SubjectNumber};
/// use bedside_cohort::features::Tally;
/// let codes = Codes::default();
/// let mut events = Events::new(SubjectNumber::new(1));
/// events.push(Some(Instant::from_micros(0)), codes.id("LAB//K")?, Some(4.1));
/// events.push(Some(Instant::from_micros(9)), codes.id("LAB//K")?, None);
/// let mut tally = Tally::default();
/// tally.add(&events.timeline(), &codes, Instant::MAX);
/// let used = tally.named(&codes).codes["LAB//K"];
/// assert_eq!((used.subjects, used.events, used.values), (1, 2, 1));
/// # Ok::<(), bedside_chart::ChartError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Tally {
    codes: Counts,
    subjects: u64,
    groupings: Arc<Groupings>,
    /// The groups that were met, each with its number.
    numbers: HashMap<(usize, Arc<str>), usize>,
    /// The groups of each code, by its number.
    groups_of: Vec<Vec<usize>>,
    groups: Counts,
}

/// By number, with the last subject (counted from 1) that had it.
#[derive(Debug, Clone, Default)]
struct Counts(Vec<(u64, CodeUse)>);

impl Tally {
    /// Counts the groups that a recipe asks for, too; [`Tally::default`] counts codes alone.
    #[must_use]
    pub fn of(recipe: &Recipe) -> Self {
        Self { groupings: Arc::clone(&recipe.groupings), ..Self::default() }
    }

    /// Adds a subject, who must not have been added before, with the events that have no time and those up to an instant. The codes
    /// are those that the timeline speaks in.
    pub fn add(&mut self, timeline: &Timeline<'_>, codes: &Codes, until: Instant) {
        self.subjects += 1;
        let known = timeline.times().partition_point(|time| *time <= until);
        for (event, &code) in timeline.codes()[..known].iter().enumerate() {
            let value = u64::from(timeline.value(event).is_some());
            self.each(code, codes, |used| {
                used.events += 1;
                used.values += value;
            });
        }
        for (code, value) in timeline.untimed() {
            self.each(code, codes, |used| {
                used.untimed += 1;
                used.untimed_values += u64::from(value.is_some());
            });
        }
    }

    /// Adds what was counted over other subjects, with the same table of codes and the same recipe.
    pub fn merge(&mut self, other: &Self) {
        self.subjects += other.subjects;
        for (code, (_, there)) in other.codes.0.iter().enumerate() {
            self.codes.at(code).1.add(there);
        }
        for (group, &number) in &other.numbers {
            let here = self.number(group.clone());
            self.groups.at(here).1.add(&other.groups.0[number].1);
        }
    }

    /// How many subjects were added.
    #[must_use]
    pub fn subjects(&self) -> u64 {
        self.subjects
    }

    /// The counts by name; codes that no subject has are left out.
    #[must_use]
    pub fn named(&self, codes: &Codes) -> Uses {
        let used = codes.names().into_iter().zip(&self.codes.0);
        let codes =
            used.filter(|(_, (_, code))| code.subjects > 0).map(|(name, (_, code))| (name, *code)).collect();
        let mut groups: BTreeMap<Arc<str>, BTreeMap<Arc<str>, CodeUse>> = BTreeMap::new();
        for ((grouping, name), &number) in &self.numbers {
            let (_, used) = self.groups.0[number];
            if used.subjects > 0 {
                let by = self.groupings.list[*grouping].rule.name();
                groups.entry(by.into()).or_default().insert(Arc::clone(name), used);
            }
        }
        Uses { codes, groups }
    }

    fn each(&mut self, code: CodeId, codes: &Codes, count: impl Fn(&mut CodeUse)) {
        count(self.codes.of(code.index(), self.subjects));
        if self.groupings.is_empty() {
            return;
        }
        if code.index() >= self.groups_of.len() {
            for name in codes.names_from(self.groups_of.len()) {
                let groups = self.groupings.of(&name).into_iter().map(|group| self.number(group)).collect();
                self.groups_of.push(groups);
            }
        }
        for &group in &self.groups_of[code.index()] {
            count(self.groups.of(group, self.subjects));
        }
    }

    fn number(&mut self, group: (usize, Arc<str>)) -> usize {
        let next = self.numbers.len();
        let number = *self.numbers.entry(group).or_insert(next);
        self.groups.at(number);
        number
    }
}

impl Counts {
    fn at(&mut self, number: usize) -> &mut (u64, CodeUse) {
        if number >= self.0.len() {
            self.0.resize(number + 1, (0, CodeUse::default()));
        }
        &mut self.0[number]
    }

    /// The counts of a code that a subject has.
    fn of(&mut self, number: usize, subject: u64) -> &mut CodeUse {
        let (last, used) = self.at(number);
        if *last != subject {
            *last = subject;
            used.subjects += 1;
        }
        used
    }
}

impl CodeUse {
    fn add(&mut self, other: &Self) {
        self.subjects += other.subjects;
        self.events += other.events;
        self.values += other.values;
        self.untimed += other.untimed;
        self.untimed_values += other.untimed_values;
    }
}
