//! A patient's record, before it takes a form.

use bedside_chart::SubjectNumber;

use super::moment::Moment;
use super::stay::Stay;

/// A patient of the hospital and everything that is on record.
#[derive(Debug)]
pub struct Patient {
    pub(super) number: u64,
    /// The day of birth, counted from 1970.
    pub(super) birth: Moment,
    /// Places in the lists of groups of people.
    pub(super) sex: usize,
    pub(super) race: usize,
    pub(super) ethnicity: usize,
    pub(super) death: Option<Moment>,
    /// In the order of time; one ends before the day of the next.
    pub(super) visits: Vec<Visit>,
}

/// Places in the list of visits' names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum VisitKind {
    Inpatient = 0,
    Outpatient = 1,
    Emergency = 2,
}

#[derive(Debug)]
pub(super) struct Visit {
    pub(super) kind: VisitKind,
    pub(super) start: Moment,
    pub(super) end: Moment,
    /// Places in the lists of places.
    pub(super) from: Option<usize>,
    pub(super) to: Option<usize>,
    pub(super) conditions: Vec<Coded>,
    pub(super) drugs: Vec<Given>,
    pub(super) procedures: Vec<Coded>,
    pub(super) measured: Vec<Measured>,
    /// The chance with which it was drawn that the patient dies in it; of an inpatient stay.
    pub(super) risk: Option<f64>,
    pub(super) died: bool,
}

/// A condition or a procedure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coded {
    pub(super) at: Moment,
    pub(super) term: usize,
}

/// A drug that was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    pub(super) at: Moment,
    pub(super) until: Moment,
    pub(super) term: usize,
}

/// A value, in units of the last digit that is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measured {
    pub(super) at: Moment,
    pub(super) measure: usize,
    pub(super) value: i32,
}

impl Visit {
    pub(super) fn new(kind: VisitKind, start: Moment, end: Moment) -> Self {
        Self {
            kind,
            start,
            end,
            from: None,
            to: None,
            conditions: Vec::new(),
            drugs: Vec::new(),
            procedures: Vec::new(),
            measured: Vec::new(),
            risk: None,
            died: false,
        }
    }
}

impl Patient {
    /// Who it is: numbered from 1.
    #[must_use]
    pub fn subject(&self) -> SubjectNumber {
        SubjectNumber::new(self.number as i64)
    }

    /// The inpatient stays and their truth, in the order of time.
    pub fn stays(&self) -> impl Iterator<Item = Stay> + '_ {
        self.visits.iter().filter_map(|visit| {
            let risk = visit.risk?;
            Some(Stay { admitted: visit.start.begins(), ended: visit.end.known(), risk, died: visit.died })
        })
    }
}
