//! The events of one subject, in the order of time.

use crate::{CodeId, Instant, SubjectNumber};

/// How an event without a time is kept while events are gathered: before every instant. [`Events::push`] keeps it apart
/// from the one instant that has the same bits.
const UNTIMED: i64 = i64::MIN;

/// How exactly a data set keeps its values. They are always handed over in double precision; but what was written as 1.3
/// and kept in single precision is not 1.3 there, which matters to whoever compares it with 1.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    /// 24 bits, as MEDS keeps them.
    Single,
    /// 53 bits.
    Double,
}

/// The events of one subject while they are gathered, in any order; [`Events::timeline`] puts them in order. Its memory
/// is kept from one subject to the next: about 24 bytes an event.
///
/// ```
/// use bedside_chart::{Codes, Events, Instant, SubjectNumber};
/// let codes = Codes::default();
/// let (birth, sex, weight) = (codes.id("MEDS_BIRTH")?, codes.id("SEX//F")?, codes.id("WEIGHT//kg")?);
/// let mut events = Events::new(SubjectNumber::new(1));
/// events.push(Some(Instant::from_micros(20)), weight, Some(3.4));
/// events.push(Some(Instant::from_micros(10)), birth, None);
/// events.push(None, sex, None);
///
/// let timeline = events.timeline();
/// assert_eq!(timeline.untimed().collect::<Vec<_>>(), [(sex, None)]);
/// assert_eq!(timeline.times(), [Instant::from_micros(10), Instant::from_micros(20)]);
/// assert_eq!((timeline.code(1), timeline.value(1)), (weight, Some(3.4)));
/// # Ok::<(), bedside_chart::ChartError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Events {
    subject: SubjectNumber,
    times: Vec<Instant>,
    codes: Vec<CodeId>,
    values: Vec<f64>,
    ordered: bool,
}

impl Events {
    /// None yet.
    #[must_use]
    pub fn new(subject: SubjectNumber) -> Self {
        Self { subject, times: Vec::new(), codes: Vec::new(), values: Vec::new(), ordered: true }
    }

    /// Whose they are.
    #[must_use]
    pub fn subject(&self) -> SubjectNumber {
        self.subject
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// Forgets all events and begins another subject.
    pub fn restart(&mut self, subject: SubjectNumber) {
        self.subject = subject;
        self.times.clear();
        self.codes.clear();
        self.values.clear();
        self.ordered = true;
    }

    /// Adds an event. No time means that it holds at all times (sex, say). No value means that the event has none; a
    /// value that is not finite counts as none.
    pub fn push(&mut self, time: Option<Instant>, code: CodeId, value: Option<f64>) {
        let time = match time {
            None => Instant::from_micros(UNTIMED),
            Some(time) => time.max(Instant::from_micros(UNTIMED + 1)),
        };
        self.ordered &= self.times.last().is_none_or(|last| *last <= time);
        self.times.push(time);
        self.codes.push(code);
        self.values.push(value.filter(|value| value.is_finite()).unwrap_or(f64::NAN));
    }

    /// Adds the events of the same subject that follow in the data.
    pub fn append(&mut self, later: &Self) {
        let meets = match (self.times.last(), later.times.first()) {
            (Some(last), Some(first)) => last <= first,
            _ => true,
        };
        self.ordered &= later.ordered && meets;
        self.times.extend_from_slice(&later.times);
        self.codes.extend_from_slice(&later.codes);
        self.values.extend_from_slice(&later.values);
    }

    /// The events in the order of time, those without one first. Events of one instant keep the order in which they came.
    pub fn timeline(&mut self) -> Timeline<'_> {
        if !self.ordered {
            self.put_in_order();
        }
        let untimed = self.times.partition_point(|time| time.micros() == UNTIMED);
        Timeline {
            subject: self.subject,
            times: &self.times[untimed..],
            untimed,
            codes: &self.codes,
            values: &self.values,
        }
    }

    fn put_in_order(&mut self) {
        let mut order: Vec<usize> = (0..self.times.len()).collect();
        order.sort_by_key(|&event| self.times[event]);
        self.times = order.iter().map(|&event| self.times[event]).collect();
        self.codes = order.iter().map(|&event| self.codes[event]).collect();
        self.values = order.iter().map(|&event| self.values[event]).collect();
        self.ordered = true;
    }
}

/// The events of one subject in the order of time: the timed ones by place, counted from 0, and the untimed ones apart.
#[derive(Debug, Clone, Copy)]
pub struct Timeline<'a> {
    subject: SubjectNumber,
    times: &'a [Instant],
    untimed: usize,
    codes: &'a [CodeId],
    values: &'a [f64],
}

impl<'a> Timeline<'a> {
    /// Whose it is.
    #[must_use]
    pub fn subject(&self) -> SubjectNumber {
        self.subject
    }

    /// When the timed events happened, never going back.
    #[must_use]
    pub fn times(&self) -> &'a [Instant] {
        self.times
    }

    /// The codes of the timed events.
    #[must_use]
    pub fn codes(&self) -> &'a [CodeId] {
        &self.codes[self.untimed..]
    }

    /// The code of a timed event.
    #[must_use]
    pub fn code(&self, event: usize) -> CodeId {
        self.codes()[event]
    }

    /// When a code first stands among the timed events.
    #[must_use]
    pub fn first(&self, code: CodeId) -> Option<Instant> {
        self.codes().iter().position(|&other| other == code).map(|event| self.times[event])
    }

    /// The value of a timed event; none when it has none, or when values were not read.
    #[must_use]
    pub fn value(&self, event: usize) -> Option<f64> {
        Some(self.values[self.untimed + event]).filter(|value| !value.is_nan())
    }

    /// Code and value of the events without a time.
    pub fn untimed(&self) -> impl Iterator<Item = (CodeId, Option<f64>)> + use<'a> {
        let (codes, values) = (&self.codes[..self.untimed], &self.values[..self.untimed]);
        codes.iter().zip(values).map(|(&code, &value)| (code, Some(value).filter(|value| !value.is_nan())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Codes;

    #[test]
    fn order_is_stable_and_untimed_events_come_apart() {
        let codes = Codes::default();
        let id = |name: &str| codes.id(name).unwrap();
        let mut events = Events::new(SubjectNumber::new(1));
        for (time, code) in [(Some(5), "c"), (None, "s"), (Some(3), "a"), (Some(5), "d"), (Some(3), "b")] {
            events.push(time.map(Instant::from_micros), id(code), None);
        }
        let timeline = events.timeline();
        let order: Vec<CodeId> = timeline.codes().to_vec();
        assert_eq!(order, ["a", "b", "c", "d"].map(id));
        assert_eq!(timeline.untimed().count(), 1);
    }

    #[test]
    fn the_earliest_instant_is_not_taken_for_no_time() {
        let codes = Codes::default();
        let mut events = Events::new(SubjectNumber::new(1));
        events.push(Some(Instant::from_micros(i64::MIN)), codes.id("a").unwrap(), Some(f64::NAN));
        let timeline = events.timeline();
        assert_eq!((timeline.times().len(), timeline.untimed().count()), (1, 0));
        assert_eq!(timeline.value(0), None);
    }

    #[test]
    fn appended_events_are_put_in_order_with_the_rest() {
        let codes = Codes::default();
        let (a, b) = (codes.id("a").unwrap(), codes.id("b").unwrap());
        let mut first = Events::new(SubjectNumber::new(1));
        first.push(Some(Instant::from_micros(9)), a, Some(1.0));
        let mut second = Events::new(SubjectNumber::new(1));
        second.push(Some(Instant::from_micros(2)), b, Some(2.0));
        first.append(&second);
        let timeline = first.timeline();
        assert_eq!((timeline.code(0), timeline.value(0)), (b, Some(2.0)));
    }
}
