//! The first look at the events: which codes there are.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bedside_chart::{Codes, Instant, SubjectNumber, Timeline};
use bedside_cohort::features::{Recipe, Tally, Uses};
use bedside_intake::meds::{EventFiles, PerSubject};

use crate::StudyError;

pub(super) fn count_codes(
    files: &EventFiles,
    codes: &Codes,
    recipe: &Recipe,
    of: Option<&HashMap<SubjectNumber, Instant>>,
    threads: usize,
) -> Result<(Uses, u64), StudyError> {
    let counting = Counting { recipe, of, total: Mutex::new(Tally::of(recipe)) };
    files.walk(codes, files.has_values(), threads, &counting)?;
    let total = counting.total.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok((total.named(codes), total.subjects()))
}

struct Counting<'a> {
    recipe: &'a Recipe,
    of: Option<&'a HashMap<SubjectNumber, Instant>>,
    total: Mutex<Tally>,
}

impl PerSubject for Counting<'_> {
    type Worker = Tally;
    type Part = ();

    fn worker(&self) -> Tally {
        Tally::of(self.recipe)
    }

    fn subject(&self, tally: &mut Tally, timeline: &Timeline<'_>, codes: &Codes, (): &mut ()) {
        let until = self.of.map_or(Some(&Instant::MAX), |of| of.get(&timeline.subject()));
        if let Some(&until) = until {
            tally.add(timeline, codes, until);
        }
    }

    fn retire(&self, tally: Tally) {
        self.total.lock().unwrap_or_else(PoisonError::into_inner).merge(&tally);
    }
}
