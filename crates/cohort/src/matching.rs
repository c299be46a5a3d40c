//! Rows without the outcome that are like those with it.

use std::collections::BTreeMap;

use bedside_chart::Instant;
use bedside_table::Seed;

use crate::label::{Known, Row};
use crate::task::{Matched, Task};

/// Rows that are tried by chance before all of them are looked at.
const TRIES: usize = 16;

/// What a row is matched on; nothing when its task asks for no matching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Likeness {
    /// What had occurred by the index time, a bit for each predicate.
    pub answers: u64,
    /// When the event first occurred that must be near, if it had by the index time.
    pub near: Option<Instant>,
}

/// The rows that stay when a task asks for matched rows (`match`), as sets of places: a row with the outcome first, then those
/// without it that it gets. None when the task asks for no matching, and all rows stay.
///
/// Each row with the outcome gets up to so many rows without it, drawn at random from those of other subjects that had the same
/// predicates by their index time and whose times are near enough, each once. Rows with the outcome are served in random order; one for
/// which no other is found leaves. What comes out depends on the rows, their order and the task's seed alone.
///
/// Sampling of rows without the outcome changes its share, and so every risk that is learned from them: Breslow 1996,
/// *Statistics in Epidemiology: the Case-Control Study*, doi 10.1080/01621459.1996.10476660.
#[must_use]
pub fn matched(task: &Task, rows: &[Row]) -> Option<Vec<Vec<usize>>> {
    let asked = task.matched.as_ref()?;
    let mut strata: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
    let mut cases = Vec::new();
    for (place, row) in (0_u32..).zip(rows) {
        match row.outcome {
            Known::Occurs(true) => cases.push(place),
            _ => strata.entry(row.likeness.answers).or_default().push(place),
        }
    }
    let of = |place: u32| &rows[place as usize];
    for stratum in strata.values_mut() {
        stratum.sort_by_key(|&place| of(place).index_time);
    }
    let seed = Seed::new(asked.seed).derive("matching", 0);
    seed.derive("order", 0).stream().shuffle(&mut cases);
    let (mut taken, mut gone) = (vec![false; rows.len()], BTreeMap::<u64, usize>::new());
    let mut sets = Vec::new();
    for case in cases {
        let answers = of(case).likeness.answers;
        let Some(stratum) = strata.get_mut(&answers) else { continue };
        let chosen = choose(asked, rows, case, stratum, &taken, seed.derive("draw", u64::from(case)));
        if chosen.is_empty() {
            continue;
        }
        chosen.iter().for_each(|&place| taken[place as usize] = true);
        // Those that are gone make way, or each search would pass all of them.
        let gone = gone.entry(answers).or_default();
        *gone += chosen.len();
        if *gone > stratum.len() / 2 {
            stratum.retain(|&place| !taken[place as usize]);
            *gone = 0;
        }
        sets.push([case].iter().chain(&chosen).map(|&place| place as usize).collect());
    }
    Some(sets)
}

/// The rows of a stratum, in the order of index times, that a row with the outcome gets.
fn choose(asked: &Matched, rows: &[Row], case: u32, stratum: &[u32], taken: &[bool], seed: Seed) -> Vec<u32> {
    let of = |place: u32| &rows[place as usize];
    let own = of(case);
    let (from, to) = match (asked.within, own.index_time) {
        (Some(within), Some(time)) => (
            stratum.partition_point(|&place| of(place).index_time.is_some_and(|other| other + within < time)),
            stratum
                .partition_point(|&place| of(place).index_time.is_some_and(|other| other <= time + within)),
        ),
        _ => (0, stratum.len()),
    };
    let near = |other: Option<Instant>| match (asked.near, own.likeness.near, other) {
        (None, ..) | (_, None, None) => true,
        (Some((_, span)), Some(one), Some(other)) => {
            let (early, late) = if one < other { (one, other) } else { (other, one) };
            late <= early + span
        }
        _ => false,
    };
    let mut chosen: Vec<u32> = Vec::new();
    let fits = |place: u32, chosen: &[u32]| {
        let row = of(place);
        !taken[place as usize]
            && row.subject != own.subject
            && near(row.likeness.near)
            && chosen.iter().all(|&other| of(other).subject != row.subject)
    };
    let range = &stratum[from.min(to)..to];
    let mut stream = seed.stream();
    if range.len() > TRIES * asked.controls {
        for _ in 0..TRIES * asked.controls {
            let place = range[stream.below(range.len() as u32) as usize];
            if chosen.len() < asked.controls && fits(place, &chosen) {
                chosen.push(place);
            }
        }
    }
    if chosen.len() < asked.controls {
        let mut rest: Vec<u32> = range.iter().copied().filter(|&place| fits(place, &chosen)).collect();
        stream.shuffle(&mut rest);
        for place in rest {
            if chosen.len() < asked.controls && fits(place, &chosen) {
                chosen.push(place);
            }
        }
    }
    chosen
}
