//! The runs of many subjects, as they come.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use bedside_chart::{BIRTH, Codes, Events, Instant, SubjectNumber, Timeline};
use bedside_cohort::features::{Gatherer, Plan, Run};
use bedside_intake::meds::PerSubject;

use super::IndexTimes;
use crate::lifetimes::Lifetimes;

/// What a run takes while it waits, and once more while its part is put in order.
pub(super) const BYTES_OF_A_RUN: u64 = 2 * size_of::<Run>() as u64;

/// Gathers the runs of every subject, as long as they fit.
pub(super) struct Collecting<'a> {
    plan: &'a Plan,
    index: &'a IndexTimes,
    of: Range<usize>,
    bytes: u64,
    held: AtomicU64,
    totals: Mutex<Totals>,
}

/// Of each column, over all subjects.
#[derive(Debug, Clone, Default)]
pub(super) struct Totals {
    pub(super) entries: Vec<u64>,
    pub(super) runs: Vec<u64>,
}

/// The runs of some subjects that stand together. Rows count from the first instant of the part, or are those of the
/// matrix when index times are given.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) runs: Vec<Run>,
    pub(super) instants: Vec<(SubjectNumber, Instant)>,
    /// Of the subjects for whom index times were given: those who are in the data.
    pub(super) seen: Vec<SubjectNumber>,
    /// Rows of subjects who are not.
    pub(super) without_events: u64,
    /// Rows at times that cannot be.
    pub(super) lifetimes: Lifetimes,
    /// Other rows before the first event of their subject.
    pub(super) before: u64,
    /// Some runs found no place.
    cut: bool,
}

impl Collected {
    pub(super) fn is_whole(&self) -> bool {
        !self.cut
    }
}

/// What a thread keeps.
pub(super) struct Worker<'a> {
    gatherer: Gatherer<'a>,
    totals: Totals,
    times: Vec<Instant>,
}

impl<'a> Collecting<'a> {
    pub(super) fn new(plan: &'a Plan, index: &'a IndexTimes, of: Range<usize>, bytes: u64) -> Self {
        Self { plan, index, of, bytes, held: AtomicU64::new(0), totals: Mutex::default() }
    }

    /// The rows of subjects for whom index times were given and who are not in the data: of them only the clock is known.
    pub(super) fn absent(&self, parts: &[Collected], codes: &Codes) -> Collected {
        let mut part = Collected::default();
        let IndexTimes::Given(rows) = self.index else { return part };
        let seen: HashSet<&SubjectNumber> = parts.iter().flat_map(|part| &part.seen).collect();
        let mut absent: Vec<SubjectNumber> =
            rows.keys().filter(|subject| !seen.contains(subject)).copied().collect();
        absent.sort_unstable();
        let mut worker = self.worker();
        for subject in absent {
            self.subject(&mut worker, &Events::new(subject).timeline(), codes, &mut part);
        }
        self.retire(worker);
        part.without_events = std::mem::take(&mut part.before);
        part
    }

    pub(super) fn totals(self) -> Totals {
        self.totals.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> PerSubject for Collecting<'a> {
    type Worker = Worker<'a>;
    type Part = Collected;

    fn worker(&self) -> Worker<'a> {
        let none = vec![0; self.plan.columns() as usize];
        Worker {
            gatherer: Gatherer::new(self.plan),
            totals: Totals { entries: none.clone(), runs: none },
            times: Vec::new(),
        }
    }

    fn subject(&self, worker: &mut Worker<'a>, timeline: &Timeline<'_>, codes: &Codes, part: &mut Collected) {
        let subject = timeline.subject();
        let mut given: &[(Instant, u32)] = &[];
        let first_row = part.instants.len() as u32;
        worker.times.clear();
        match self.index {
            IndexTimes::EveryInstant => worker.times = worker.gatherer.instants(timeline, codes),
            IndexTimes::Given(rows) => {
                let Some(rows) = rows.get(&subject) else { return };
                given = rows;
                worker.times.extend(rows.iter().map(|(time, _)| *time));
                part.seen.push(subject);
                let born = codes.known(BIRTH).and_then(|code| timeline.first(code));
                let begins = timeline.times().first();
                for time in &worker.times {
                    let unborn = born.is_some_and(|born| *time < born);
                    part.before += u64::from(!unborn && begins.is_none_or(|begins| time < begins));
                }
            }
        }
        part.lifetimes.see(timeline, codes, worker.times.iter().copied());
        let (begin, room) = (part.runs.len(), self.held.load(Ordering::Relaxed) <= self.bytes);
        let totals = &mut worker.totals;
        worker.gatherer.gather(timeline, codes, &worker.times, &self.of, |run| {
            totals.entries[run.column as usize] += u64::from(run.rows);
            let before = part.runs.len();
            if given.is_empty() {
                let run = Run { from: first_row + run.from, ..run };
                totals.runs[run.column as usize] += 1;
                if room {
                    part.runs.push(run);
                }
                return;
            }
            // Rows that do not follow each other in the matrix are runs of their own.
            let rows = &given[run.from as usize..(run.from + run.rows) as usize];
            for stretch in rows.chunk_by(|(_, row), (_, next)| *next == *row + 1) {
                totals.runs[run.column as usize] += 1;
                if room {
                    part.runs.push(Run { from: stretch[0].1, rows: stretch.len() as u32, ..run });
                }
            }
            debug_assert!(!room || part.runs.len() > before);
        });
        if room {
            let more = (part.runs.len() - begin) as u64 * BYTES_OF_A_RUN;
            if self.held.fetch_add(more, Ordering::Relaxed) + more > self.bytes {
                part.cut = true;
            }
        } else {
            part.cut = true;
        }
        if part.cut {
            part.runs = Vec::new();
        }
        if matches!(self.index, IndexTimes::EveryInstant) {
            part.instants.extend(worker.times.iter().map(|&time| (subject, time)));
        }
    }

    fn retire(&self, worker: Worker<'a>) {
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        let add = |to: &mut Vec<u64>, more: &[u64]| {
            if to.is_empty() {
                to.extend_from_slice(more);
            } else {
                to.iter_mut().zip(more).for_each(|(total, more)| *total += more);
            }
        };
        add(&mut totals.entries, &worker.totals.entries);
        add(&mut totals.runs, &worker.totals.runs);
    }
}
