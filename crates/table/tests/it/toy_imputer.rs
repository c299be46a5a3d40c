//! A small honest imputer, and the ways in which it can be broken.

use std::sync::atomic::{AtomicU64, Ordering};

use bedside_table::{
    Column, Complete, Data, DesignColumn, DesignData, Impute, RowSet, Table, TableError, Term, Train,
    Transform,
};

use crate::toy_model::THREADS;

/// What is wrong with a toy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gap {
    None,
    FitsDiffer,
    LearnsWhenApplied,
    ChangesSettings,
    RowsAffectEachOther,
    LayoutFollowsRows,
    ForgetsMeasured,
    AbsentColumnIsSkipped,
    KindIsIgnored,
    ExtraColumnCounts,
    CodesDecide,
    OrderDecides,
    NoRowsAccepted,
    AllMissingIsError,
    LosesBitsOnDisk,
    LosesTermsOnDisk,
    ThreadsMatter,
}

/// Means, and a column a level.
#[derive(Debug)]
pub(crate) struct Toy {
    pub(crate) gap: Gap,
    state: AtomicU64,
}

impl Toy {
    pub(crate) fn new(gap: Gap) -> Self {
        Self { gap, state: AtomicU64::new(0) }
    }
}

#[derive(Debug, Clone)]
enum Way {
    Mean(f64),
    Levels(Vec<String>),
}

#[derive(Debug)]
pub(crate) struct FittedToy {
    gap: Gap,
    ways: Vec<(String, Way)>,
    applied: AtomicU64,
    renamed: bool,
}

impl FittedToy {
    /// To disk and back.
    pub(crate) fn reload(&self) -> Self {
        let mut ways = self.ways.clone();
        if let (Gap::LosesBitsOnDisk, Way::Mean(mean)) = (self.gap, &mut ways[0].1) {
            *mean += 1e-9;
            if let Some((_, Way::Mean(mean))) = ways.get_mut(2) {
                *mean += 1e-9;
            }
        }
        let renamed = self.gap == Gap::LosesTermsOnDisk;
        Self { gap: self.gap, ways, applied: AtomicU64::new(0), renamed }
    }
}

impl Impute for Toy {
    type Fitted = FittedToy;
    type Error = TableError;

    fn fit(&self, table: &Table<Train>) -> Result<FittedToy, TableError> {
        if table.rows() == 0 && self.gap != Gap::NoRowsAccepted {
            return Err(TableError::EmptySide { side: "training" });
        }
        let mut ways = Vec::new();
        for column in table.columns() {
            let way = match &column.data {
                Data::Numeric(cells) => {
                    let measured: Vec<f64> = (0..table.rows()).filter_map(|row| cells.get(row)).collect();
                    if measured.is_empty() && self.gap == Gap::AllMissingIsError {
                        return Err(TableError::NoColumn { column: column.name.clone() });
                    }
                    let mean = measured.iter().sum::<f64>() / (measured.len() as f64).max(1.0);
                    let drift = match self.gap {
                        Gap::FitsDiffer | Gap::ChangesSettings => {
                            self.state.fetch_add(1, Ordering::Relaxed) as f64
                        }
                        Gap::ThreadsMatter => THREADS.get() as f64,
                        _ => 0.0,
                    };
                    Way::Mean(if self.gap == Gap::ChangesSettings { mean } else { mean + drift * 1e-9 })
                }
                Data::Categorical(cells) => {
                    let mut levels: Vec<String> =
                        (0..table.rows()).filter_map(|row| cells.get(row).map(str::to_owned)).collect();
                    levels.sort();
                    levels.dedup();
                    Way::Levels(levels)
                }
            };
            ways.push((column.name.clone(), way));
        }
        Ok(FittedToy { gap: self.gap, ways, applied: AtomicU64::new(0), renamed: false })
    }
}

impl FittedToy {
    fn number(
        &self,
        column: &Column,
        mean: f64,
        rows: usize,
        before: u64,
        wide: usize,
    ) -> Option<DesignData> {
        let Data::Numeric(cells) = &column.data else { return None };
        let shift = match self.gap {
            Gap::LearnsWhenApplied => before as f64 * 1e-9,
            Gap::RowsAffectEachOther => rows as f64 * 1e-9,
            Gap::ExtraColumnCounts => wide as f64 * 1e-9,
            _ => 0.0,
        };
        let cell = |row| match cells.get(row) {
            Some(_) if self.gap == Gap::ForgetsMeasured => mean,
            Some(value) => value,
            None => mean + shift,
        };
        Some(DesignData::Dense((0..rows).map(cell).collect()))
    }
}

impl Transform for FittedToy {
    type Error = TableError;

    fn apply<R: RowSet>(&self, table: &Table<R>) -> Result<Complete<R>, TableError> {
        let before = self.applied.fetch_add(1, Ordering::Relaxed);
        let (rows, wide) = (table.rows(), table.columns().len());
        let mut columns = Vec::new();
        for (place, (name, way)) in self.ways.iter().enumerate() {
            let found = if self.gap == Gap::OrderDecides {
                table.columns().get(place).filter(|_| table.column(name).is_some())
            } else {
                table.column(name)
            };
            let Some(column) = found else {
                if self.gap == Gap::AbsentColumnIsSkipped {
                    continue;
                }
                return Err(TableError::NoColumn { column: name.clone() });
            };
            let mut push = |term, data| columns.push(DesignColumn { predictor: name.clone(), term, data });
            match (way, &column.data) {
                (Way::Mean(mean), Data::Numeric(_)) => {
                    let term = if self.renamed { Term::Missing } else { Term::Value };
                    if let Some(data) = self.number(column, *mean, rows, before, wide) {
                        push(term, data);
                    }
                }
                (Way::Levels(levels), Data::Categorical(cells)) => {
                    for (code, level) in levels.iter().enumerate() {
                        let set = |row: usize| {
                            if self.gap == Gap::CodesDecide {
                                cells.get(row).is_some() && cells.codes()[row] as usize == code
                            } else {
                                cells.get(row) == Some(level)
                            }
                        };
                        let rows: Vec<u32> = (0..rows as u32).filter(|&row| set(row as usize)).collect();
                        if !rows.is_empty() || self.gap != Gap::LayoutFollowsRows {
                            push(Term::Level(level.clone()), DesignData::Indicator(rows));
                        }
                    }
                }
                _ if self.gap == Gap::KindIsIgnored || self.gap == Gap::OrderDecides => {}
                _ => {
                    let (expected, found) = ("other", column.kind());
                    return Err(TableError::Kind { column: name.clone(), expected, found });
                }
            }
        }
        Complete::of(table, columns)
    }
}
