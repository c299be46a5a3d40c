//! What a table holds that the training rows did not.

use std::collections::BTreeSet;

use bedside_table::{Data, RowSet, Table};

use crate::{Encoder, Record};

/// What is new about some cells of a predictor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SurpriseKind {
    /// Levels that the training rows did not have, ascending by name.
    UnknownLevels(Vec<String>),
    /// Gaps, where the training rows had none.
    NewGaps,
    /// Values, where the training rows had none: the predictor makes no column.
    NeverMeasuredBefore,
    /// Numbers other than the only one that the training rows had: they make no column.
    NoLongerConstant,
}

/// Cells of one predictor that the encoder was not taught about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surprise {
    /// The predictor.
    pub predictor: String,
    /// What is new.
    pub kind: SurpriseKind,
    /// In how many rows.
    pub rows: u64,
}

impl Encoder {
    /// The cells of a table that the training rows did not prepare for, by predictor. Columns that are absent or of
    /// another kind are left to [`Encoder::apply`].
    #[must_use]
    pub fn surprises<R: RowSet>(&self, table: &Table<R>) -> Vec<Surprise> {
        let mut found = Vec::new();
        for (predictor, plan) in self.plans() {
            let Some(column) = table.column(&predictor.name) else { continue };
            let mut note = |kind, rows: usize| {
                if rows > 0 {
                    found.push(Surprise { predictor: predictor.name.clone(), kind, rows: rows as u64 });
                }
            };
            let measured = column.states().iter().filter(|state| state.is_measured()).count();
            match predictor.dropped {
                Some(crate::Dropped::AllMissing) => {
                    note(SurpriseKind::NeverMeasuredBefore, measured);
                    continue;
                }
                Some(crate::Dropped::Constant) | None => {}
            }
            if predictor.missing == 0 {
                note(SurpriseKind::NewGaps, column.len() - measured);
            }
            match (&predictor.record, &column.data, plan) {
                (Record::Number(number), Data::Numeric(cells), _) if predictor.dropped.is_some() => {
                    #[expect(clippy::float_cmp, reason = "a constant column repeats one number exactly")]
                    let others = (0..cells.values().len())
                        .filter(|&row| cells.get(row).is_some_and(|value| value != number.fill))
                        .count();
                    note(SurpriseKind::NoLongerConstant, others);
                }
                (Record::Levels(_), Data::Categorical(cells), Some(plan)) => {
                    let unknown: Vec<bool> = cells.levels().iter().map(|level| !plan.knows(level)).collect();
                    let mut names = BTreeSet::new();
                    let mut rows = 0;
                    for (&code, state) in cells.codes().iter().zip(cells.states()) {
                        if state.is_measured() && unknown[code as usize] {
                            names.insert(cells.levels()[code as usize].as_str());
                            rows += 1;
                        }
                    }
                    let names = names.into_iter().map(str::to_owned).collect();
                    note(SurpriseKind::UnknownLevels(names), rows);
                }
                _ => {}
            }
        }
        found
    }
}
