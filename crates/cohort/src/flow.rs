//! Who left at which step.

use std::collections::BTreeMap;

use crate::label::MOST_REPEATS;
use crate::same_day::SameDay;
use crate::task::{Counted, Limits, Outcome, Task, Way};

/// How many subjects and rows there were at each step of a task, from the whole data to the rows of the study. Flows of
/// different subjects add up ([`Flow::merge`]), in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    criteria: Vec<String>,
    trigger: String,
    steps: Vec<String>,
    subjects: u64,
    /// Subjects that failed each criterion, the first one they failed.
    failed: Vec<u64>,
    /// Rows by the number of steps that they passed.
    rows: Vec<u64>,
    /// Subjects by the number of steps that their furthest row passed.
    furthest: Vec<u64>,
    /// Triggers that would have been repeated without end.
    endless: u64,
    /// Events known only to the day on which something ends by the clock: by their predicate and that of the end.
    met: BTreeMap<(usize, usize), u64>,
    predicates: Vec<String>,
    same_day: SameDay,
    /// Rows whose outcome is known only to the day on which their window ends after a fixed time.
    later: u64,
    /// What the label counts, and its window.
    label: Option<(String, String)>,
    /// Who is left when rows without the outcome are sampled, which is done when all others have left.
    matched: Option<(String, Tally)>,
}

/// One step of a flow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is asked for, in words.
    pub what: String,
    /// Who is left.
    pub left: Tally,
}

/// Subjects and their rows; a subject has no rows before its triggers are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Distinct subjects.
    pub subjects: u64,
    /// Rows.
    pub rows: Option<u64>,
}

impl Flow {
    /// Nobody yet.
    #[must_use]
    pub fn new(task: &Task) -> Self {
        let mut steps: Vec<String> =
            task.repeat.iter().map(|repeat| format!("repeated every {}", repeat.every)).collect();
        for point in task.points.iter().skip(1) {
            let Some(window) = point.window.map(|window| &task.windows[window]) else { continue };
            match point.way {
                Way::Distance(_) => {}
                Way::Previous { what: Counted::RecordStart, .. } => {
                    steps.push(format!("{}: the record has begun", window.name));
                }
                Way::Next { what: Counted::RecordEnd, .. } => {
                    steps.push(format!("{}: the record goes on", window.name));
                }
                Way::Next { what, .. } => {
                    steps.push(format!("{}: a next `{}` comes", window.name, task.name_of(what)));
                }
                Way::Previous { what, .. } => {
                    steps.push(format!("{}: an earlier `{}` exists", window.name, task.name_of(what)));
                }
            }
            if point.closes {
                steps
                    .extend(window.has.iter().map(|limits| format!("{}: {}", window.name, in_words(limits))));
            }
        }
        steps.extend(task.outcome.asks());
        steps.extend(task.most.map(|most| {
            let which = if most.first { "first" } else { "last" };
            format!("the {which} {} of each subject", most.rows)
        }));
        let criteria: Vec<String> = task
            .predicates
            .list
            .iter()
            .filter(|predicate| predicate.fixed)
            .map(|predicate| predicate.name.clone())
            .collect();
        Self {
            failed: vec![0; criteria.len()],
            rows: vec![0; steps.len() + 1],
            furthest: vec![0; steps.len() + 1],
            trigger: task.name_of(task.trigger).to_owned(),
            criteria,
            steps,
            subjects: 0,
            endless: 0,
            met: BTreeMap::new(),
            predicates: task.predicates.list.iter().map(|predicate| predicate.name.clone()).collect(),
            same_day: task.same_day,
            later: 0,
            label: match task.outcome {
                Outcome::Occurs { window, what } => {
                    Some((task.name_of(what).to_owned(), task.windows[window].name.clone()))
                }
                _ => None,
            },
            matched: task
                .matched
                .as_ref()
                .map(|matched| (matched.in_words(), Tally { subjects: 0, rows: Some(0) })),
        }
    }

    /// Adds the counts of other subjects of the same task.
    pub fn merge(&mut self, other: &Self) {
        self.subjects += other.subjects;
        self.endless += other.endless;
        self.later += other.later;
        other.met.iter().for_each(|(met, events)| *self.met.entry(*met).or_default() += events);
        for (mine, theirs) in [
            (&mut self.failed, &other.failed),
            (&mut self.rows, &other.rows),
            (&mut self.furthest, &other.furthest),
        ] {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        if let Some((_, theirs)) = &other.matched {
            self.matched(theirs.subjects, theirs.rows.unwrap_or(0));
        }
    }

    /// So many more subjects and rows are left after matching.
    pub fn matched(&mut self, subjects: u64, rows: u64) {
        if let Some((_, tally)) = &mut self.matched {
            tally.subjects += subjects;
            tally.rows = tally.rows.map(|before| before + rows);
        }
    }

    /// The steps in order. The last one's rows are those of the study.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let mut subjects = self.subjects;
        let mut steps = vec![Step { what: "in the data".to_owned(), left: Tally { subjects, rows: None } }];
        for (name, failed) in self.criteria.iter().zip(&self.failed) {
            subjects -= failed;
            steps.push(Step { what: format!("`{name}` holds"), left: Tally { subjects, rows: None } });
        }
        let left = |passed: usize| Tally {
            subjects: self.furthest[passed..].iter().sum(),
            rows: Some(self.rows[passed..].iter().sum()),
        };
        steps.push(Step { what: format!("with the trigger `{}`", self.trigger), left: left(0) });
        steps.extend(
            self.steps
                .iter()
                .enumerate()
                .map(|(place, what)| Step { what: what.clone(), left: left(place + 1) }),
        );
        steps.extend(self.matched.iter().map(|(what, left)| Step { what: what.clone(), left: *left }));
        steps
    }

    /// What of the data a reader must know who wonders where rows are.
    #[must_use]
    pub fn doubts(&self) -> Vec<String> {
        let endless = (self.endless > 0).then(|| {
            format!(
                "{} triggers would be repeated more than {MOST_REPEATS} times and have no rows; a time in their records is damaged, \
                 or the task lacks `within`",
                self.endless
            )
        });
        endless.into_iter().chain(self.same_days()).collect()
    }

    /// How often what is known only to the day met an end by the clock, and what became of it.
    fn same_days(&self) -> Vec<String> {
        let mut told: Vec<String> = self
            .met
            .iter()
            .map(|(&(what, end), events)| {
                let (what, end) = (&self.predicates[what], &self.predicates[end]);
                let rule = match self.same_day {
                    SameDay::Inside => {
                        "counts as of that instant, and so inside what ends there (`same_day: after` in the task file lets it come later)"
                    }
                    SameDay::After => "counts after it, as the task says (`same_day: after`)",
                };
                format!(
                    "{} `{what}` is known only to the day on which `{end}` comes by the clock; it {rule}",
                    times(*events, "time")
                )
            })
            .collect();
        if let (Some((what, window)), 1..) = (&self.label, self.later) {
            told.push(format!(
                "in {} without the outcome, `{what}` is known only to the day on which `{window}` ends, and counts after it; let the \
                 window end a day later to have it inside",
                times(self.later, "row")
            ));
        }
        told
    }

    pub(crate) fn met(&mut self, what: usize, end: usize, events: u64) {
        *self.met.entry((what, end)).or_default() += events;
    }

    pub(crate) fn later_that_day(&mut self) {
        self.later += 1;
    }

    pub(crate) fn endless(&mut self) {
        self.endless += 1;
    }

    pub(crate) fn steps_after_trigger(&self) -> usize {
        self.steps.len()
    }

    pub(crate) fn subject(&mut self, failed: Option<usize>) {
        self.subjects += 1;
        if let Some(criterion) = failed {
            self.failed[criterion] += 1;
        }
    }

    pub(crate) fn row(&mut self, passed: usize) {
        self.rows[passed] += 1;
    }

    pub(crate) fn subject_with_trigger(&mut self, passed: usize) {
        self.furthest[passed] += 1;
    }
}

fn times(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn in_words(limits: &Limits) -> String {
    let name = &limits.name;
    match (limits.min, limits.max) {
        (_, 0) => format!("no `{name}`"),
        (min, u64::MAX) => format!("at least {min} `{name}`"),
        (0, max) => format!("at most {max} `{name}`"),
        (min, max) if min == max => format!("exactly {min} `{name}`"),
        (min, max) => format!("{min} to {max} `{name}`"),
    }
}
