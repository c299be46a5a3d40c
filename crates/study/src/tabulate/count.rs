//! The first look at the events: which codes there are.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use bedside_chart::{Codes, SubjectNumber, Timeline};
use bedside_cohort::features::{Recipe, Tally, Uses};
use bedside_intake::meds::{EventFiles, PerSubject};

use crate::StudyError;

pub(super) fn count_codes(
    files: &EventFiles,
    codes: &Codes,
    recipe: &Recipe,
    of: Option<&HashSet<SubjectNumber>>,
    threads: usize,
) -> Result<(Uses, u64), StudyError> {
    let counting = Counting { recipe, of, total: Mutex::new(Tally::of(recipe)) };
    files.walk(codes, files.has_values(), threads, &counting)?;
    let total = counting.total.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((total.named(codes), total.subjects()))
}

struct Counting<'a> {
    recipe: &'a Recipe,
    of: Option<&'a HashSet<SubjectNumber>>,
    total: Mutex<Tally>,
}

impl PerSubject for Counting<'_> {
    type Worker = Tally;
    type Part = ();

    fn worker(&self) -> Tally {
        Tally::of(self.recipe)
    }

    fn subject(&self, tally: &mut Tally, timeline: &Timeline<'_>, codes: &Codes, (): &mut ()) {
        if self.of.is_none_or(|of| of.contains(&timeline.subject())) {
            tally.add(timeline, codes);
        }
    }

    fn retire(&self, tally: Tally) {
        self.total.lock().unwrap_or_else(PoisonError::into_inner).merge(&tally);
    }
}
