//! Categories: which levels are known, and the columns of 0 and 1 that come of them.

use std::collections::HashMap;

use bedside_table::{Categorical, Term};

use crate::{CategoryGap, Dropped, EncodeSettings, Level, LevelCoding, LevelRecord, Predictor, Rare, Record};

pub(crate) fn fit(name: &str, cells: &Categorical, settings: &EncodeSettings) -> Predictor {
    let rows = cells.codes().len();
    let mut counts = vec![0u64; cells.levels().len()];
    let mut measured = 0;
    for (&code, state) in cells.codes().iter().zip(cells.states()) {
        if state.is_measured() {
            counts[code as usize] += 1;
            measured += 1;
        }
    }
    let missing = (rows - measured) as u64;
    // A dictionary may list a level twice; levels are the same when their names are.
    let mut by_name: HashMap<&str, u64> = HashMap::new();
    for (level, &count) in cells.levels().iter().zip(&counts).filter(|(_, count)| **count > 0) {
        *by_name.entry(level).or_default() += count;
    }
    let mut levels: Vec<Level> =
        by_name.into_iter().map(|(name, rows)| Level { name: name.to_owned(), rows }).collect();
    levels.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let most_frequent = frequent(&levels);
    let enough = match settings.rare {
        Rare::Never => 0,
        Rare::Count(count) => count,
        Rare::Share(share) => (share * rows as f64).ceil() as u64,
    };
    let (kept, rare): (Vec<Level>, Vec<Level>) = levels.into_iter().partition(|level| level.rows >= enough);

    let dropped = if measured == 0 {
        Some(Dropped::AllMissing)
    } else if kept.len() + usize::from(!rare.is_empty()) == 1 {
        Some(Dropped::Constant)
    } else {
        None
    };
    let gap_is_level = settings.categorical == CategoryGap::OwnColumn && missing > 0;
    let indicator =
        missing > 0 && (gap_is_level || settings.indicators) && dropped != Some(Dropped::AllMissing);
    let reference = match settings.coding {
        LevelCoding::Reference if dropped.is_none() => frequent(&kept),
        LevelCoding::Full | LevelCoding::Reference => None,
    };
    let record = LevelRecord { kept, rare, most_frequent, gap_is_level, reference };
    Predictor { name: name.to_owned(), missing, dropped, indicator, record: Record::Levels(record) }
}

/// The level with most rows; the first by name among equals.
fn frequent(levels: &[Level]) -> Option<String> {
    // `max_by_key` would give the last of equals.
    levels.iter().rev().max_by_key(|level| level.rows).map(|level| level.name.clone())
}

/// Which columns a predictor's cells set, ready to apply.
#[derive(Debug, Clone)]
pub(crate) struct LevelPlan {
    /// The columns' terms, in order.
    pub(crate) terms: Vec<Term>,
    /// The column of a level, if it has one; levels that are not here are unknown.
    slots: HashMap<String, Option<usize>>,
    /// The column of an unknown level.
    unknown: Option<usize>,
    /// The columns of a gap: as a level, and as an indicator.
    gap: [Option<usize>; 2],
}

impl LevelPlan {
    pub(crate) fn new(levels: &LevelRecord, dropped: bool, indicator: bool) -> Self {
        let (mut terms, mut slots) = (Vec::new(), HashMap::new());
        for level in &levels.kept {
            let skip = dropped || levels.reference.as_ref() == Some(&level.name);
            slots.insert(level.name.clone(), (!skip).then_some(terms.len()));
            if !skip {
                terms.push(Term::Level(level.name.clone()));
            }
        }
        let pool = (!dropped && !levels.rare.is_empty()).then_some(terms.len());
        terms.extend(pool.map(|_| Term::Rare));
        slots.extend(levels.rare.iter().map(|level| (level.name.clone(), pool)));
        let missing = indicator.then_some(terms.len());
        terms.extend(missing.map(|_| Term::Missing));
        let filled = levels.most_frequent.as_ref().and_then(|name| slots.get(name).copied().flatten());
        let as_level = if levels.gap_is_level { None } else { filled };
        Self { terms, slots, unknown: pool, gap: [as_level, missing] }
    }

    fn slot(&self, level: &str) -> Option<usize> {
        self.slots.get(level).copied().unwrap_or(self.unknown)
    }

    /// The ascending rows that hold 1, for each term.
    pub(crate) fn apply(&self, cells: &Categorical) -> Vec<Vec<u32>> {
        let levels = cells.levels();
        let rows = cells.codes().len();
        // Each level is looked up once, or each row where there are fewer rows than levels.
        let slots: Option<Vec<Option<usize>>> =
            (rows >= levels.len()).then(|| levels.iter().map(|level| self.slot(level)).collect());
        let mut columns = vec![Vec::new(); self.terms.len()];
        for (row, (&code, state)) in cells.codes().iter().zip(cells.states()).enumerate() {
            if state.is_measured() {
                let slot = match &slots {
                    Some(slots) => slots[code as usize],
                    None => self.slot(&levels[code as usize]),
                };
                if let Some(slot) = slot {
                    columns[slot].push(row as u32);
                }
            } else {
                for slot in self.gap.into_iter().flatten() {
                    columns[slot].push(row as u32);
                }
            }
        }
        columns
    }
}
