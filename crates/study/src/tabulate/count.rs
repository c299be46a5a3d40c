//! The first look at the events: which codes there are.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use bedside_chart::{Codes, SubjectNumber, Timeline};
use bedside_cohort::features::{CodeUse, Tally};
use bedside_intake::meds::{EventFiles, PerSubject};

use crate::StudyError;

pub(super) fn count_codes(
    files: &EventFiles,
    codes: &Codes,
    of: Option<&HashSet<SubjectNumber>>,
    threads: usize,
) -> Result<(BTreeMap<Arc<str>, CodeUse>, u64), StudyError> {
    let counting = Counting { of, total: Mutex::default() };
    files.walk(codes, files.has_values(), threads, &counting)?;
    let total = counting.total.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((total.named(codes), total.subjects()))
}

struct Counting<'a> {
    of: Option<&'a HashSet<SubjectNumber>>,
    total: Mutex<Tally>,
}

impl PerSubject for Counting<'_> {
    type Worker = Tally;
    type Part = ();

    fn worker(&self) -> Tally {
        Tally::default()
    }

    fn subject(&self, tally: &mut Tally, timeline: &Timeline<'_>, _: &Codes, (): &mut ()) {
        if self.of.is_none_or(|of| of.contains(&timeline.subject())) {
            tally.add(timeline);
        }
    }

    fn retire(&self, tally: Tally) {
        self.total.lock().unwrap_or_else(PoisonError::into_inner).merge(&tally);
    }
}
