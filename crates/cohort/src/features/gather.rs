//! One subject's record at its index times.

use std::ops::Range;

use bedside_chart::{CodeId, Codes, Instant, Timeline};

use super::comorbidity::{Conditions, Points};
use super::plan::{Cell, Group};
use super::running::{Extreme, Totals, Values};
use super::stretch::{Crossings, Stretch, stretches};
use super::{Aggregation, Comorbidity, Plan};

/// The mean length of a Gregorian year.
const DAYS_OF_A_YEAR: f64 = 365.2425;

/// Entries of one column that stand in consecutive rows and are equal. In the records of patients most are: what is known
/// changes only when something is measured or a window has passed it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Run {
    /// The column.
    pub column: u32,
    /// The first row, counted from the first index time of the subject.
    pub from: u32,
    /// How many rows, at least one.
    pub rows: u32,
    /// The entry, a finite number.
    pub value: f64,
}

/// Makes the features of one subject after the other. What comes out for a subject depends on the plan, its events up to
/// each index time, and nothing else.
#[derive(Debug)]
pub struct Gatherer<'p> {
    plan: &'p Plan,
    /// The planned code of each code, by its number.
    places: Vec<Option<u32>>,
    /// The planned groups of each code, by its number; empty when there is no group.
    groups: Vec<Vec<u32>>,
    /// The conditions that each code tells of, for each index whose points are counted.
    conditions: Vec<Vec<Conditions>>,
    points: Points,
    crossings: Crossings,
    /// How many events of each planned code there are, then where its next one goes.
    filled: Vec<u32>,
    touched: Vec<u32>,
    /// The events of each touched code, code by code.
    members: Vec<u32>,
    untimed: Vec<(u32, Option<f64>)>,
    with_value: Vec<u32>,
    values: Values,
    lowest: Extreme,
    highest: Extreme,
}

impl<'p> Gatherer<'p> {
    /// For a plan.
    #[must_use]
    pub fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            places: Vec::new(),
            groups: Vec::new(),
            conditions: plan.indices.iter().map(|_| Vec::new()).collect(),
            points: Points::default(),
            crossings: Crossings::default(),
            filled: vec![0; plan.codes()],
            touched: Vec::new(),
            members: Vec::new(),
            untimed: Vec::new(),
            with_value: Vec::new(),
            values: Values::default(),
            lowest: Extreme::default(),
            highest: Extreme::default(),
        }
    }

    /// The instants at which a subject has an event of a planned code, each once, in order.
    pub fn instants(&mut self, timeline: &Timeline<'_>, codes: &Codes) -> Vec<Instant> {
        let mut instants: Vec<Instant> = Vec::new();
        for (&time, &code) in timeline.times().iter().zip(timeline.codes()) {
            let planned = self.place(code, codes).is_some() || groups_of(&self.groups, code).next().is_some();
            if planned && instants.last() != Some(&time) {
                instants.push(time);
            }
        }
        instants
    }

    /// The entries of a subject's rows, one row an index time; those of one column come in the order of rows. Index times
    /// must be in order; equal ones are rows of their own. Only some of the planned codes are looked at, counted in the
    /// order of their names.
    ///
    /// A cell without an entry is 0 or not known, as [`Aggregation::absent_is_zero`] says. What is not a finite number
    /// (the square of 1e200) gives no entry.
    pub fn gather(
        &mut self,
        timeline: &Timeline<'_>,
        codes: &Codes,
        index_times: &[Instant],
        only: &Range<usize>,
        mut put: impl FnMut(Run),
    ) {
        let Some(&last) = index_times.last() else { return };
        debug_assert!(index_times.is_sorted(), "index times go back");
        let known = timeline.times().partition_point(|time| *time <= last);
        let times = &timeline.times()[..known];
        self.share_out(timeline, codes, known, only);
        self.crossings.find(times, index_times, &self.plan.lags);
        let (plan, touched) = (self.plan, std::mem::take(&mut self.touched));
        let rows = index_times.len() as u32;
        let mut from = 0;
        let mut untimed = 0;
        for &place in &touched {
            let (base, layout) = plan.code(place);
            let to = std::mem::take(&mut self.filled[place as usize]) as usize;
            let members = &self.members[from..to];
            from = to;
            let mut each = |column: u32, from: u32, rows: u32, value: f64| {
                if value.is_finite() {
                    put(Run { column, from, rows, value });
                }
            };
            let begin = untimed;
            while self.untimed.get(untimed).is_some_and(|(other, _)| *other == place) {
                untimed += 1;
            }
            if !layout.untimed.is_empty() {
                for cell in &layout.untimed {
                    let found = &self.untimed[begin..untimed];
                    let value = match cell.aggregation {
                        Aggregation::StaticFirst => found.iter().find_map(|(_, value)| *value),
                        _ => (!found.is_empty()).then_some(1.0),
                    };
                    if let Some(value) = value {
                        each(base + cell.offset, 0, rows, value);
                    }
                }
            }
            for cell in &layout.index_time {
                let Some((cycle, by_sine)) = cell.aggregation.cycle() else { continue };
                for (row, &at) in (0..).zip(index_times) {
                    let value = if by_sine { cycle.sine(at) } else { cycle.cosine(at) };
                    each(base + cell.offset, row, 1, value);
                }
            }
            for group in &layout.events {
                events(group, members, times, &self.crossings, index_times, |cell, from, rows, value| {
                    each(base + cell.offset, from, rows, value);
                });
            }
            for group in &layout.conditions {
                let told = |index| {
                    let place = plan.indices.iter().position(|known| *known == index);
                    place.map_or(&[][..], |place| &self.conditions[place])
                };
                let told_by = |index, place: usize| {
                    let code = timeline.codes()[members[place] as usize];
                    told(index).get(code.index()).copied().unwrap_or_default()
                };
                let stretches = stretches(group, members, &self.crossings, rows);
                points(group, &mut self.points, told_by, stretches, |cell, from, rows, value| {
                    each(base + cell.offset, from, rows, value);
                });
            }
            if layout.values.is_empty() {
                continue;
            }
            self.with_value.clear();
            self.values.clear();
            for &event in members {
                if let Some(value) = timeline.value(event as usize) {
                    self.with_value.push(event);
                    self.values.push(times[event as usize], value);
                }
            }
            if self.with_value.is_empty() {
                continue;
            }
            self.values.total(Totals::of(&layout.values));
            for group in &layout.values {
                let stretches = stretches(group, &self.with_value, &self.crossings, rows);
                let extremes = (&mut self.lowest, &mut self.highest);
                values(group, &self.values, extremes, stretches, |cell, from, rows, value| {
                    each(base + cell.offset, from, rows, value);
                });
            }
        }
        self.touched = touched;
        self.touched.clear();
    }

    /// Puts the events, known ones only, and those without a time in the order of their planned codes.
    fn share_out(&mut self, timeline: &Timeline<'_>, codes: &Codes, known: usize, only: &Range<usize>) {
        let wanted = |place: &u32| only.contains(&(*place as usize));
        self.untimed.clear();
        for (code, value) in timeline.untimed() {
            if let Some(place) = self.place(code, codes).filter(wanted) {
                self.untimed.push((place, value));
                self.touched.push(place);
            }
            for place in groups_of(&self.groups, code).filter(wanted) {
                self.untimed.push((place, value));
                self.touched.push(place);
            }
        }
        self.untimed.sort_by_key(|(place, _)| *place);
        for &code in &timeline.codes()[..known] {
            if let Some(place) = self.place(code, codes).filter(wanted) {
                if self.filled[place as usize] == 0 {
                    self.touched.push(place);
                }
                self.filled[place as usize] += 1;
            }
        }
        if self.plan.has_groups() {
            for &code in &timeline.codes()[..known] {
                for place in groups_of(&self.groups, code).filter(wanted) {
                    if self.filled[place as usize] == 0 {
                        self.touched.push(place);
                    }
                    self.filled[place as usize] += 1;
                }
            }
            self.touched.extend(self.plan.index_time.filter(wanted));
        }
        self.touched.sort_unstable();
        self.touched.dedup();
        let mut next = 0;
        for &place in &self.touched {
            let count = std::mem::replace(&mut self.filled[place as usize], next);
            next += count;
        }
        self.members.clear();
        self.members.resize(next as usize, 0);
        for (event, &code) in (0..).zip(&timeline.codes()[..known]) {
            if let Some(place) = self.place(code, codes).filter(wanted) {
                let next = &mut self.filled[place as usize];
                self.members[*next as usize] = event;
                *next += 1;
            }
        }
        if self.plan.has_groups() {
            for (event, &code) in (0..).zip(&timeline.codes()[..known]) {
                for place in groups_of(&self.groups, code).filter(wanted) {
                    let next = &mut self.filled[place as usize];
                    self.members[*next as usize] = event;
                    *next += 1;
                }
            }
        }
    }

    /// The planned code of a code. A code is looked up once, when it is first met.
    fn place(&mut self, code: CodeId, codes: &Codes) -> Option<u32> {
        if code.index() >= self.places.len() {
            for name in codes.names_from(self.places.len()) {
                self.places.push(self.plan.place(&name));
                if self.plan.has_groups() {
                    self.groups.push(self.plan.group_places(&name));
                }
                for (index, told) in self.plan.indices.iter().zip(&mut self.conditions) {
                    told.push(index.told_by(&name));
                }
            }
        }
        self.places[code.index()]
    }
}

/// The planned groups of a code that was met before.
fn groups_of(groups: &[Vec<u32>], code: CodeId) -> impl Iterator<Item = u32> {
    groups.get(code.index()).into_iter().flatten().copied()
}

/// The columns of one window that look at all events.
fn events(
    group: &Group,
    members: &[u32],
    times: &[Instant],
    crossings: &Crossings,
    index_times: &[Instant],
    mut put: impl FnMut(&Cell, u32, u32, f64),
) {
    let asks_times = group.cells.iter().any(|cell| cell.aggregation == Aggregation::CodeTimes);
    // How many distinct instants there are up to each event.
    let mut distinct: Vec<u32> = Vec::new();
    if asks_times {
        let mut count = 0;
        let mut before = None;
        for &event in members {
            let time = times[event as usize];
            count += u32::from(before != Some(time));
            before = Some(time);
            distinct.push(count);
        }
    }
    for stretch in stretches(group, members, crossings, index_times.len() as u32) {
        let Stretch { from, to, row, rows, .. } = stretch;
        let count = (to - from) as f64;
        for cell in &group.cells {
            let value = match cell.aggregation {
                Aggregation::CodePresent => 1.0,
                Aggregation::CodePerDay => count / group.days,
                // A window never parts the events of one instant, so its first event is the first of its instant.
                Aggregation::CodeTimes => f64::from(distinct[to - 1] - distinct[from] + 1),
                Aggregation::CodeDaysSinceFirst | Aggregation::CodeDaysSinceLast | Aggregation::AgeYears => {
                    let first = cell.aggregation != Aggregation::CodeDaysSinceLast;
                    let unit = if cell.aggregation == Aggregation::AgeYears { DAYS_OF_A_YEAR } else { 1.0 };
                    let event = times[members[if first { from } else { to - 1 }] as usize];
                    for row in row..row + rows {
                        put(cell, row, 1, (index_times[row as usize] - event).days_f64() / unit);
                    }
                    continue;
                }
                _ => count,
            };
            put(cell, row, rows, value);
        }
    }
}

/// The columns of one window that count points. Rows without a point are left out.
fn points(
    group: &Group,
    held: &mut Points,
    told_by: impl Fn(Comorbidity, usize) -> Conditions,
    stretches: impl Iterator<Item = Stretch>,
    mut put: impl FnMut(&Cell, u32, u32, f64),
) {
    // Only one index stands in a group; its scores share what is held.
    let Some((index, _)) = group.cells.first().and_then(|cell| cell.aggregation.points()) else { return };
    held.clear();
    for Stretch { from, to, row, rows, .. } in stretches {
        held.hold(from..to, |place| told_by(index, place));
        for cell in &group.cells {
            let Some((_, weights)) = cell.aggregation.points() else { continue };
            let score = index.score(weights, held.conditions());
            if score != 0 {
                put(cell, row, rows, f64::from(score));
            }
        }
    }
}

/// The columns of one window that look at values.
fn values(
    group: &Group,
    all: &Values,
    (lowest, highest): (&mut Extreme, &mut Extreme),
    stretches: impl Iterator<Item = Stretch>,
    mut put: impl FnMut(&Cell, u32, u32, f64),
) {
    let extremes = group.cells.iter().any(|cell| {
        matches!(cell.aggregation, Aggregation::ValueMin | Aggregation::ValueMax | Aggregation::ValueRange)
    });
    lowest.clear();
    highest.clear();
    let mut entered = 0;
    for stretch in stretches {
        let Stretch { from, to, middle, row, rows } = stretch;
        if extremes {
            for place in entered.max(from)..to {
                lowest.enter(place, |last| all.values[place] <= all.values[last]);
                highest.enter(place, |last| all.values[place] >= all.values[last]);
            }
            entered = to;
            lowest.leave(from);
            highest.leave(from);
        }
        let extreme = |of: &Extreme| of.place().map(|place| all.values[place]);
        for cell in &group.cells {
            let value = match cell.aggregation {
                Aggregation::ValueSum => Some(all.sum(from, to)),
                Aggregation::ValueSumSqd => Some(all.sum_of_squares(from, to)),
                Aggregation::ValueMin => extreme(lowest),
                Aggregation::ValueMax => extreme(highest),
                Aggregation::ValueRange => {
                    extreme(highest).zip(extreme(lowest)).map(|(high, low)| high - low)
                }
                Aggregation::ValueFirst => Some(all.values[from]),
                Aggregation::ValueLast => Some(all.values[to - 1]),
                Aggregation::ValueMean => Some(all.mean(from, to)),
                Aggregation::ValueSd => all.sd(from, to),
                Aggregation::ValueSlope => all.slope(from, to),
                Aggregation::ValueDelta => {
                    (from < middle && middle < to).then(|| all.mean(middle, to) - all.mean(from, middle))
                }
                _ => Some((to - from) as f64),
            };
            if let Some(value) = value {
                put(cell, row, rows, value);
            }
        }
    }
}
