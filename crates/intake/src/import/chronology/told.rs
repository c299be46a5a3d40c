//! What was met, in words.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Chronology, OddTimes};

/// Codes named in a sentence.
const NAMED: usize = 3;

impl Chronology {
    /// What a careful reader would ask about.
    pub(in crate::import) fn notes(&self, names: &[Arc<str>]) -> Vec<String> {
        let counts = &self.counts;
        let mut notes = Vec::new();
        if !counts.open.is_empty() {
            let (events, which) = listed(&counts.open, names);
            let what = match self.odd {
                OddTimes::Open => {
                    "which stands for an end that is open: they are no events (`--odd-times keep` keeps them)"
                }
                OddTimes::Drop => {
                    "which stands for an end that is open: they are left out (`--odd-times drop`)"
                }
                OddTimes::Keep => "and kept (`--odd-times keep`)",
            };
            notes.push(format!("{events} at times in 2250 or later, {what}: {which}"));
        }
        if !counts.unknown.is_empty() {
            let (events, which) = listed(&counts.unknown, names);
            let what = match self.odd {
                OddTimes::Drop => "left out (`--odd-times drop`)",
                OddTimes::Open | OddTimes::Keep => "kept (`--odd-times drop` leaves them out)",
            };
            notes.push(format!(
                "{events} at days that often stand for an unknown one, such as 1900-01-01, and {what}: {which}"
            ));
        }
        let subjects = |count: u64| number(count, "subject", "subjects");
        let mut tell = |count: u64, words: String| {
            if count > 0 {
                notes.push(words);
            }
        };
        let births = number(counts.births_of_year, "birth is", "births are");
        tell(
            counts.births_of_year,
            format!(
                "{births} known by the year alone: taken is the day of the first record in that year, or the 15th of June where there is none"
            ),
        );
        let (events, of) = counts.before_birth;
        let are = number(events, "event is", "events are");
        tell(events, format!("{are} before the day of birth, of {}; all are kept", subjects(of)));
        let (events, of) = counts.after_death;
        let are = number(events, "event is", "events are");
        tell(events, format!("{are} after the day of death, of {}; all are kept", subjects(of)));
        let begin = number(counts.stays_after_death, "stay begins", "stays begin");
        tell(counts.stays_after_death, format!("{begin} after the death of the subject; all are kept"));
        let overlap = number(counts.overlapping, "stay overlaps", "stays overlap");
        tell(
            counts.overlapping,
            format!("{overlap} with another of the same kind and the same subject; all are kept"),
        );
        let events = number(counts.too_old, "subject has", "subjects have");
        tell(
            counts.too_old,
            format!("{events} events at an age of more than 120 years; their ages are not to be trusted"),
        );
        let have = number(counts.several_births, "subject has", "subjects have");
        tell(
            counts.several_births,
            format!("{have} several births at different times; ages count from the first"),
        );
        let have = number(counts.several_deaths, "subject has", "subjects have");
        tell(counts.several_deaths, format!("{have} several deaths at different times"));
        notes
    }
}

fn number(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// How many events, and of which codes, the most frequent first.
fn listed(counts: &BTreeMap<u32, u64>, names: &[Arc<str>]) -> (String, String) {
    let mut by_name: BTreeMap<&str, u64> = BTreeMap::new();
    for (code, count) in counts {
        *by_name.entry(&names[*code as usize]).or_default() += count;
    }
    let mut all: Vec<(&str, u64)> = by_name.into_iter().collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let total = all.iter().map(|(_, count)| count).sum();
    let mut words: Vec<String> =
        all.iter().take(NAMED).map(|(name, count)| format!("{count} `{name}`")).collect();
    if all.len() > NAMED {
        words.push(format!("and {} more codes", all.len() - NAMED));
    }
    (number(total, "event is", "events are"), words.join(", "))
}
