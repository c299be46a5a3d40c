//! A task applied to one subject after the other.

use std::collections::HashSet;

use bedside_chart::{CodeId, Codes, Instant, Precision, SubjectNumber, Timeline};

use crate::flow::Flow;
use crate::interval::Interval;
use crate::matching::Likeness;
use crate::occurrences::{Occurrences, common, joined};
use crate::predicates::{Operand, Rule, ValueRange};
use crate::same_day::{Ends, Meeting, SameDay};
use crate::task::{Counted, Most, Outcome, Take, Task, Way};

/// A row of a study: a subject at an index time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Whose it is.
    pub subject: SubjectNumber,
    /// When the trigger was.
    pub trigger: Instant,
    /// From when on the future is predicted; none when the task names no index time.
    pub index_time: Option<Instant>,
    /// What came of it.
    pub outcome: Known,
    /// What it is matched on.
    pub likeness: Likeness,
}

/// What came of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known {
    /// The task asks for no outcome.
    Nothing,
    /// Whether the label's predicate occurs in its window.
    Occurs(bool),
    /// Which of the predicates came first, counted from 0; none when none of them did. [`Task::class_name`] names it.
    Class(Option<usize>),
    /// The value that was asked for.
    Number(f64),
    /// How long it took, in days of 24 hours, and what ended it: 0 when the row is censored, 1 for the event, 2 and on for
    /// what competes with it.
    Time {
        /// Days from the index time.
        days: f64,
        /// What ended them.
        event: u32,
    },
}

/// Applies a [`Task`] to subjects. It keeps its memory from one to the next; every thread has its own.
#[derive(Debug)]
pub struct Labeller<'t> {
    task: &'t Task,
    ranges: Vec<ValueRange>,
    matching: Matching,
    atoms: Vec<Occurrences>,
    /// Of derived predicates only; those of plain ones are their atom's.
    derived: Vec<Occurrences>,
    /// Every distinct instant, where the task asks for it.
    instants: Vec<Instant>,
    asks_instants: bool,
    at: Vec<Instant>,
    /// Instants and values of the events that the outcome takes its values from.
    measured: Vec<(Instant, f64)>,
    /// What ends at events; none where nothing does.
    ends: Option<Ends>,
    meetings: Vec<Meeting>,
}

/// Which atoms accept a code, by the number of the code.
#[derive(Debug, Default)]
struct Matching {
    ranges: Vec<(u32, u32)>,
    atoms: Vec<u32>,
}

impl<'t> Labeller<'t> {
    /// For values of the given precision.
    #[must_use]
    pub fn new(task: &'t Task, precision: Precision) -> Self {
        let ranges = task.predicates.atoms.iter().map(|atom| match precision {
            Precision::Single => atom.values.in_single_precision(),
            Precision::Double => atom.values,
        });
        Self {
            task,
            ranges: ranges.collect(),
            matching: Matching::default(),
            atoms: vec![Occurrences::default(); task.predicates.atoms.len()],
            derived: vec![Occurrences::default(); task.predicates.list.len()],
            instants: Vec::new(),
            asks_instants: task.asks_instants(),
            at: vec![Instant::MAX; task.points.len()],
            measured: Vec::new(),
            ends: Ends::of(task),
            meetings: Vec::new(),
        }
    }

    /// Adds the rows of a subject, in the order of their triggers, and counts where the others left.
    pub fn label(&mut self, timeline: &Timeline<'_>, codes: &Codes, rows: &mut Vec<Row>, flow: &mut Flow) {
        let asks = self.task.matched.is_some() || self.task.predicates.list.iter().any(|p| p.fixed);
        let without_time = if asks { self.without_time(timeline, codes) } else { Vec::new() };
        let failed = self.failed_criterion(&without_time);
        flow.subject(failed);
        let (Some(&first), Some(&last)) = (timeline.times().first(), timeline.times().last()) else { return };
        if failed.is_some() {
            return;
        }
        self.gather(timeline, codes);
        self.derive();
        self.settle_days(flow);
        let record = Record { first, last };
        let triggers: Vec<Instant> = match self.task.trigger {
            Counted::AnyEvent => self.instants.clone(),
            Counted::RecordStart => vec![first],
            Counted::RecordEnd => vec![last],
            Counted::Predicate(place) => self.occurrences(place).times().to_vec(),
        };
        let last_step = flow.steps_after_trigger();
        let (mut kept, mut furthest) = (Vec::new(), None);
        let mut leaves = |passed: usize, flow: &mut Flow| {
            flow.row(passed);
            furthest = furthest.max(Some(passed));
        };
        let (mut moments, mut seen) = (Vec::new(), HashSet::new());
        for trigger in triggers {
            moments.clear();
            if !self.repeat(trigger, record, &mut moments) {
                flow.endless();
            }
            if moments.is_empty() {
                leaves(0, flow);
            }
            // Repeats of two triggers may overlap, and all hangs on the moment alone.
            moments.retain(|moment| seen.insert(*moment));
            for &moment in &moments {
                if let Some(most) = self.task.most.filter(|most| kept.len() >= 2 * most.rows + MANY) {
                    (0..keep(most, &mut kept)).for_each(|_| leaves(last_step - 1, flow));
                }
                match self.follow(moment, record) {
                    Followed::Left(passed) => leaves(passed, flow),
                    Followed::Stays(outcome) => {
                        if outcome == Known::Occurs(false) && self.occurs_later_that_day() {
                            flow.later_that_day();
                        }
                        kept.push(Row {
                            subject: timeline.subject(),
                            trigger: moment,
                            index_time: self.task.index.map(|point| self.at[point]),
                            outcome,
                            likeness: self.likeness(&without_time, record),
                        });
                    }
                }
            }
        }
        if let Some(most) = self.task.most {
            (0..keep(most, &mut kept)).for_each(|_| leaves(last_step - 1, flow));
        }
        kept.iter().for_each(|_| leaves(last_step, flow));
        rows.append(&mut kept);
        if let Some(passed) = furthest {
            flow.subject_with_trigger(passed);
        }
    }

    /// The moments at which windows hang: the trigger itself, or its repeats. False, and none, when there would be too many.
    fn repeat(&self, trigger: Instant, record: Record, moments: &mut Vec<Instant>) -> bool {
        let Some(repeat) = self.task.repeat else {
            moments.push(trigger);
            return true;
        };
        let until =
            repeat.until.and_then(|what| self.next(what, trigger.next(), record)).unwrap_or(record.last);
        let within = repeat.within.map_or(Instant::MAX, |span| (trigger + span).next());
        let (mut moment, end) = (trigger + repeat.after, until.min(within));
        if (end - moment).micros() / repeat.every.micros() >= MOST_REPEATS {
            return false;
        }
        while moment < end {
            moments.push(moment);
            moment = moment + repeat.every;
        }
        true
    }

    /// Finds every point from the trigger on, checks every window and looks for the outcome.
    fn follow(&mut self, trigger: Instant, record: Record) -> Followed {
        let mut passed = usize::from(self.task.repeat.is_some());
        self.at[0] = trigger;
        for (place, point) in self.task.points.iter().enumerate().skip(1) {
            let from = self.at[point.from];
            let found = match point.way {
                Way::Distance(span) => Some(from + span),
                Way::Next { what, at } => self.next(what, if at { from } else { from.next() }, record),
                Way::Previous { what, at } => {
                    self.previous(what, if at { from.next() } else { from }, record)
                }
            };
            let Some(found) = found else { return Followed::Left(passed) };
            passed += usize::from(!matches!(point.way, Way::Distance(_)));
            self.at[place] = found;
            let Some(window) = point.window.filter(|_| point.closes) else { continue };
            let interval = self.interval(window);
            for limits in &self.task.windows[window].has {
                if !(limits.min..=limits.max).contains(&self.within(limits.what, interval, record)) {
                    return Followed::Left(passed);
                }
                passed += 1;
            }
        }
        self.outcome(record).map_or(Followed::Left(passed), Followed::Stays)
    }

    /// What came of the row whose points have been found; none when that is not known.
    fn outcome(&self, record: Record) -> Option<Known> {
        Some(match &self.task.outcome {
            Outcome::None => Known::Nothing,
            Outcome::Occurs { window, what } => {
                Known::Occurs(self.within(*what, self.interval(*window), record) > 0)
            }
            Outcome::First { window, classes } => {
                let interval = self.interval(*window);
                let times = classes.iter().enumerate().filter_map(|(class, (_, what))| {
                    let first = self.next(*what, interval.from, record)?;
                    (first < interval.to).then_some((first, class))
                });
                Known::Class(times.min().map(|(_, class)| class))
            }
            Outcome::Value { window, take, .. } => {
                let interval = self.interval(*window);
                let from = self.measured.partition_point(|(time, _)| *time < interval.from);
                let to = self.measured.partition_point(|(time, _)| *time < interval.to).max(from);
                Known::Number(taken(*take, &self.measured[from..to])?)
            }
            Outcome::TimeTo { event, competing, until } => {
                let index = self.at[self.task.index?];
                let end = until.map_or(record.last, |point| self.at[point].min(record.last));
                let causes = [event].into_iter().chain(competing).zip(1_u32..);
                let first = causes
                    .filter_map(|(what, cause)| Some((self.next(*what, index.next(), record)?, cause)))
                    .min()
                    .filter(|(time, _)| *time <= end);
                let (time, event) = first.unwrap_or((end, 0));
                if time <= index {
                    return None;
                }
                Known::Time { days: (time - index).days_f64(), event }
            }
        })
    }

    fn interval(&self, window: usize) -> Interval {
        let window = &self.task.windows[window];
        Interval::new(
            self.at[window.start],
            window.start_inclusive,
            self.at[window.end],
            window.end_inclusive,
        )
    }

    fn within(&self, what: Counted, interval: Interval, record: Record) -> u64 {
        let once = |time: Instant| u64::from(interval.from <= time && time < interval.to);
        let before = |time: Instant| self.instants.partition_point(|at| *at < time);
        match what {
            Counted::Predicate(place) => self.occurrences(place).within(interval),
            Counted::AnyEvent => before(interval.to).saturating_sub(before(interval.from)) as u64,
            Counted::RecordStart => once(record.first),
            Counted::RecordEnd => once(record.last),
        }
    }

    /// The first occurrence at or after an instant.
    fn next(&self, what: Counted, from: Instant, record: Record) -> Option<Instant> {
        match what {
            Counted::Predicate(place) => self.occurrences(place).first_from(from),
            Counted::AnyEvent => self.instants.get(self.instants.partition_point(|at| *at < from)).copied(),
            Counted::RecordStart => Some(record.first).filter(|time| *time >= from),
            Counted::RecordEnd => Some(record.last).filter(|time| *time >= from),
        }
    }

    /// The last occurrence before an instant.
    fn previous(&self, what: Counted, before: Instant, record: Record) -> Option<Instant> {
        match what {
            Counted::Predicate(place) => self.occurrences(place).last_before(before),
            Counted::AnyEvent => {
                let place = self.instants.partition_point(|at| *at < before);
                place.checked_sub(1).map(|place| self.instants[place])
            }
            Counted::RecordStart => Some(record.first).filter(|time| *time < before),
            Counted::RecordEnd => Some(record.last).filter(|time| *time < before),
        }
    }

    fn occurrences(&self, predicate: usize) -> &Occurrences {
        match self.task.predicates.list[predicate].rule {
            Rule::Count(atom) => &self.atoms[atom],
            Rule::All(_) | Rule::Any(_) => &self.derived[predicate],
        }
    }

    /// When each atom is satisfied, and the values that the outcome asks for.
    fn gather(&mut self, timeline: &Timeline<'_>, codes: &Codes) {
        self.atoms.iter_mut().for_each(Occurrences::clear);
        self.instants.clear();
        self.measured.clear();
        let measured = match &self.task.outcome {
            Outcome::Value { atom, .. } => Some(*atom),
            _ => None,
        };
        if self.asks_instants {
            self.instants.extend_from_slice(timeline.times());
            self.instants.dedup();
        }
        for (event, (&time, &code)) in timeline.times().iter().zip(timeline.codes()).enumerate() {
            for &atom in self.matching.of(code, codes, self.task) {
                let range = &self.ranges[atom as usize];
                let value = if range.is_open() && Some(atom as usize) != measured {
                    None
                } else {
                    timeline.value(event)
                };
                if range.is_open() || value.is_some_and(|value| range.contains(value)) {
                    self.atoms[atom as usize].add(time);
                    if Some(atom as usize) == measured {
                        value.into_iter().for_each(|value| measure(&mut self.measured, time, value));
                    }
                }
            }
        }
    }

    /// When each derived predicate is satisfied. What is asked of events without a time holds at every instant, or the
    /// subject would not be here.
    fn derive(&mut self) {
        for (place, predicate) in self.task.predicates.list.iter().enumerate() {
            let (operands, all) = match &predicate.rule {
                Rule::Count(_) => continue,
                Rule::All(operands) => (operands, true),
                Rule::Any(operands) => (operands, false),
            };
            let mut derived = std::mem::take(&mut self.derived[place]);
            derived.clear();
            let fixed = |operand: &Operand| match operand {
                Operand::Predicate(place) => self.task.predicates.list[*place].fixed,
                Operand::Atom(_) => false,
            };
            let everywhere = if all { operands.iter().all(fixed) } else { operands.iter().any(fixed) };
            let mut sets: Vec<&[Instant]> = Vec::new();
            for operand in operands.iter().filter(|operand| !fixed(operand)) {
                sets.push(match operand {
                    Operand::Predicate(place) => self.occurrences(*place).times(),
                    Operand::Atom(atom) => self.atoms[*atom].times(),
                });
            }
            match (everywhere, all) {
                (true, _) => self.instants.iter().for_each(|&time| derived.push(time)),
                (false, true) => common(&sets, &mut derived),
                (false, false) => joined(&sets, &mut derived),
            }
            self.derived[place] = derived;
        }
    }

    /// Finds what is known only to a day on which something ends by the clock, counts it, and puts it at that end.
    fn settle_days(&mut self, flow: &mut Flow) {
        let Some(ends) = &self.ends else { return };
        let mut meetings = std::mem::take(&mut self.meetings);
        ends.meetings(&self.atoms, |place| self.occurrences(place), &mut meetings);
        let has_trigger = match self.task.trigger {
            Counted::Predicate(place) => !self.occurrences(place).times().is_empty(),
            Counted::AnyEvent | Counted::RecordStart | Counted::RecordEnd => true,
        };
        for meeting in meetings.iter().filter(|_| has_trigger) {
            let named = self.task.predicates.list.iter().enumerate();
            let named = named
                .filter(|(_, predicate)| matches!(predicate.rule, Rule::Count(atom) if atom == meeting.atom));
            named.for_each(|(place, _)| flow.met(place, meeting.by, meeting.events));
        }
        if self.task.same_day == SameDay::Inside && !meetings.is_empty() {
            for (atom, occurrences) in self.atoms.iter_mut().enumerate() {
                let of_atom = |time: Instant| {
                    let meeting = meetings.iter().find(|meeting| meeting.atom == atom && meeting.day == time);
                    meeting.map_or(time, |meeting| meeting.end)
                };
                if meetings.iter().any(|meeting| meeting.atom == atom) {
                    occurrences.put(of_atom);
                }
                if matches!(self.task.outcome, Outcome::Value { atom: measured, .. } if measured == atom) {
                    self.measured.iter_mut().for_each(|(time, _)| *time = of_atom(*time));
                    self.measured.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
                }
            }
            self.derive();
        }
        self.meetings = meetings;
    }

    /// Whether what the label looks for is known only to the day on which its window ends after a fixed time, and so is after it.
    fn occurs_later_that_day(&self) -> bool {
        let Outcome::Occurs { window, what: Counted::Predicate(place) } = self.task.outcome else {
            return false;
        };
        let point = self.task.windows[window].end;
        let day = self.at[point].end_of_day();
        point > 0
            && matches!(self.task.points[point].way, Way::Distance(_))
            && self.interval(window).to <= day
            && self.occurrences(place).first_from(day) == Some(day)
    }

    /// Which predicates are satisfied by events without a time.
    fn without_time(&mut self, timeline: &Timeline<'_>, codes: &Codes) -> Vec<bool> {
        let predicates = &self.task.predicates.list;
        let mut atoms = vec![false; self.atoms.len()];
        for (code, value) in timeline.untimed() {
            for &atom in self.matching.of(code, codes, self.task) {
                let range = &self.ranges[atom as usize];
                atoms[atom as usize] |= range.is_open() || value.is_some_and(|value| range.contains(value));
            }
        }
        let mut satisfied: Vec<bool> = Vec::with_capacity(predicates.len());
        for predicate in predicates {
            let holds = |operand: &Operand| match operand {
                Operand::Predicate(place) => satisfied[*place],
                Operand::Atom(atom) => atoms[*atom],
            };
            satisfied.push(match &predicate.rule {
                Rule::Count(atom) => atoms[*atom],
                Rule::All(operands) => operands.iter().all(holds),
                Rule::Any(operands) => operands.iter().any(holds),
            });
        }
        satisfied
    }

    /// The first of the predicates on events without a time that the subject does not satisfy, counted among those.
    fn failed_criterion(&self, without_time: &[bool]) -> Option<usize> {
        let predicates = self.task.predicates.list.iter().zip(without_time);
        let fixed = predicates.filter(|(predicate, _)| predicate.fixed);
        fixed.map(|(_, satisfied)| satisfied).position(|satisfied| !satisfied)
    }

    /// What the row whose points have been found is matched on.
    fn likeness(&self, without_time: &[bool], record: Record) -> Likeness {
        let (Some(matched), Some(index)) = (&self.task.matched, self.task.index) else {
            return Likeness::default();
        };
        let by_then =
            |what: Counted| self.next(what, record.first, record).filter(|first| *first <= self.at[index]);
        let holds = |what: Counted| {
            let always = matches!(what, Counted::Predicate(place) if without_time[place]);
            always || by_then(what).is_some()
        };
        let answers = matched.on.iter().zip(0_u32..);
        Likeness {
            answers: answers.fold(0, |all, (&what, bit)| all | u64::from(holds(what)) << bit),
            near: matched.near.and_then(|(what, _)| by_then(what)),
        }
    }
}

/// Rows that may wait, beside twice those that are kept, before the rest of them leaves.
const MANY: usize = 1024;

/// Keeps the first or the last rows, in their order, and tells how many left. Repeats of two triggers may lie between each other.
fn keep(most: Most, rows: &mut Vec<Row>) -> usize {
    rows.sort_by_key(|row| (row.index_time, row.trigger));
    let surplus = rows.len().saturating_sub(most.rows);
    if most.first {
        rows.truncate(most.rows);
    } else {
        rows.drain(..surplus);
    }
    surplus
}

/// How far a row got.
enum Followed {
    /// It left after so many steps.
    Left(usize),
    Stays(Known),
}

/// More repeats of one trigger than this come from a damaged time.
pub(crate) const MOST_REPEATS: i64 = 1_000_000;

/// Adds a value; those of one instant are put in the order of their size, so that nothing hangs on the order of the record.
fn measure(measured: &mut Vec<(Instant, f64)>, time: Instant, value: f64) {
    let before = |(at, other): &(Instant, f64)| *at < time || other.total_cmp(&value).is_le();
    let place = measured.iter().rposition(before).map_or(0, |place| place + 1);
    measured.insert(place, (time, value));
}

fn taken(take: Take, values: &[(Instant, f64)]) -> Option<f64> {
    let mut numbers = values.iter().map(|(_, value)| *value);
    match take {
        Take::First => numbers.next(),
        Take::Last => numbers.next_back(),
        Take::Min => numbers.reduce(f64::min),
        Take::Max => numbers.reduce(f64::max),
        Take::Mean => {
            let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
            (count > 0.0).then(|| sum / count)
        }
    }
}

/// The first and the last instant of a record.
#[derive(Debug, Clone, Copy)]
struct Record {
    first: Instant,
    last: Instant,
}

impl Matching {
    /// The atoms that accept a code. A code is looked at once, when it is first met.
    fn of(&mut self, code: CodeId, codes: &Codes, task: &Task) -> &[u32] {
        if code.index() >= self.ranges.len() {
            for name in codes.names_from(self.ranges.len()) {
                let from = self.atoms.len() as u32;
                let accepting =
                    task.predicates.atoms.iter().zip(0_u32..).filter(|(atom, _)| atom.accepts_code(&name));
                self.atoms.extend(accepting.map(|(_, place)| place));
                self.ranges.push((from, self.atoms.len() as u32));
            }
        }
        let (from, to) = self.ranges[code.index()];
        &self.atoms[from as usize..to as usize]
    }
}
