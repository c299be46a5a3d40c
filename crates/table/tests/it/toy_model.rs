//! A small honest model, and the ways in which it can be broken.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use bedside_table::{
    Certificate, Column, Data, Fit, Gaps, Outcome, OutcomeKind, Predict, RowSet, Sample, Scores, Seed, Table,
    TableError, Train,
};

thread_local! {
    /// How many threads the work believes to run on.
    pub(crate) static THREADS: Cell<u64> = const { Cell::new(1) };
}

/// What is wrong with a toy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Nothing,
    FitsDiffer,
    RemembersRows,
    ChangesSettings,
    NotConverged,
    LearnsNothing,
    IgnoresWeights,
    AcceptsBadWeights,
    AcceptsShortOutcome,
    AcceptsOneClass,
    RowsAffectEachOther,
    OrderMatters,
    RiskAboveOne,
    GapBecomesError,
    UnknownLevelBecomesError,
    AbsentColumnIsZero,
    KindIsIgnored,
    ExtraColumnCounts,
    PositionDecides,
    CodesDecide,
    LosesBitsOnDisk,
    LosesCertificateOnDisk,
    FailsWide,
    ThreadsMatter,
}

/// Adds up marginal slopes. Its bits are the same on any number of threads because it uses one.
#[derive(Debug)]
pub(crate) struct Toy {
    pub(crate) fault: Fault,
    calls: AtomicU64,
    settings: AtomicU64,
    memory: MemoryCell,
}

/// Hidden from the printed settings.
struct MemoryCell(AtomicU64);
impl std::fmt::Debug for MemoryCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl Toy {
    pub(crate) fn new(fault: Fault) -> Self {
        let (calls, settings) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { fault, calls, settings, memory: MemoryCell(AtomicU64::new(0)) }
    }
}

#[derive(Debug, Clone)]
enum Slope {
    Number { centre: f64, slope: f64 },
    Levels(Vec<(String, f64)>),
}

#[derive(Debug, Clone)]
pub(crate) struct FittedToy {
    fault: Fault,
    kind: OutcomeKind,
    mean: f64,
    slopes: Vec<(String, Slope)>,
    certificate: Certificate,
}

impl FittedToy {
    /// To disk and back.
    pub(crate) fn reload(&self) -> Self {
        let mut copy = self.clone();
        match self.fault {
            Fault::LosesBitsOnDisk => copy.mean += 1e-9,
            Fault::LosesCertificateOnDisk => copy.certificate.iterations = 0,
            _ => {}
        }
        copy
    }
}

fn slope(column: &Column, y: &[f64], w: &[f64], mean: f64) -> Slope {
    match &column.data {
        Data::Numeric(cells) => {
            let measured = || (0..y.len()).filter_map(|row| cells.get(row).map(|x| (row, x)));
            let total: f64 = measured().map(|(row, _)| w[row]).sum();
            let centre = measured().map(|(row, x)| w[row] * x).sum::<f64>() / total.max(1e-9);
            let both: f64 = measured().map(|(row, x)| w[row] * (x - centre) * (y[row] - mean)).sum();
            let own: f64 = measured().map(|(row, x)| w[row] * (x - centre).powi(2)).sum();
            Slope::Number { centre, slope: both / (own + 1.0) }
        }
        Data::Categorical(cells) => {
            let of = |level: &str| {
                let rows = || (0..y.len()).filter(|&row| cells.get(row) == Some(level));
                let total: f64 = rows().map(|row| w[row]).sum();
                rows().map(|row| w[row] * (y[row] - mean)).sum::<f64>() / (total + 1.0)
            };
            let mut levels: Vec<(String, f64)> =
                cells.levels().iter().map(|level| (level.clone(), of(level))).collect();
            levels.sort_by(|a, b| a.0.cmp(&b.0));
            Slope::Levels(levels)
        }
    }
}

impl Fit for Toy {
    type Reads = Gaps;
    type Fitted = FittedToy;
    type Error = TableError;

    fn fit(&self, sample: &Sample<'_, Table<Train>>, _: Seed) -> Result<FittedToy, TableError> {
        let outcome: &Outcome<Train> = sample.outcome;
        let (rows, mut y) = (sample.x.rows(), outcome.values().to_vec());
        if y.len() != rows && self.fault != Fault::AcceptsShortOutcome {
            return Err(TableError::Length { what: "outcome", expected: rows, found: y.len() });
        }
        y.resize(rows, 0.0);
        let ones = vec![1.0; rows];
        let mut w = sample.weights.unwrap_or(&ones).to_vec();
        if self.fault == Fault::AcceptsBadWeights {
            w.resize(rows, 1.0);
        }
        let sound = |w: &[f64]| {
            w.len() == rows && w.iter().all(|w| w.is_finite() && *w >= 0.0) && w.iter().sum::<f64>() > 0.0
        };
        if !sound(&w) && self.fault != Fault::AcceptsBadWeights {
            return Err(TableError::NotFinite { row: 0 });
        }
        if self.fault == Fault::IgnoresWeights || !sound(&w) {
            w = ones;
        }
        if y.windows(2).all(|pair| pair[0] == pair[1]) && self.fault != Fault::AcceptsOneClass {
            return Err(TableError::OneClass { rows });
        }
        let total: f64 = w.iter().sum();
        let mut mean = y.iter().zip(&w).map(|(y, w)| y * w).sum::<f64>() / total;
        let calls = self.calls_so_far();
        match self.fault {
            Fault::FitsDiffer => mean += calls * 1e-12,
            Fault::RemembersRows => {
                let before = self.memory.0.swap(rows as u64, Ordering::Relaxed);
                // A warm start from another table.
                mean += if before == 0 || before == rows as u64 { 0.0 } else { 1e-12 };
            }
            Fault::ChangesSettings => {
                self.settings.fetch_add(1, Ordering::Relaxed);
            }
            Fault::ThreadsMatter => mean += THREADS.get() as f64 * 1e-12,
            Fault::FailsWide if sample.x.columns().len() > rows => mean = f64::NAN,
            _ => {}
        }
        let mut slopes: Vec<(String, Slope)> =
            sample.x.columns().iter().map(|c| (c.name.clone(), slope(c, &y, &w, mean))).collect();
        if self.fault == Fault::LearnsNothing {
            slopes.iter_mut().for_each(|(_, slope)| match slope {
                Slope::Number { slope, .. } => *slope = -*slope,
                Slope::Levels(levels) => levels.iter_mut().for_each(|level| level.1 = -level.1),
            });
        }
        let gap = if self.fault == Fault::NotConverged { 1.0 } else { 0.0 };
        let certificate =
            Certificate { criterion: "closed form".into(), iterations: 1, gap, tolerance: 1e-9 };
        Ok(FittedToy { fault: self.fault, kind: outcome.kind(), mean, slopes, certificate })
    }
}

impl Toy {
    fn calls_so_far(&self) -> f64 {
        // Printed settings would change with the counter; only the fault that counts touches it.
        if self.fault == Fault::FitsDiffer { self.calls.fetch_add(1, Ordering::Relaxed) as f64 } else { 0.0 }
    }
}

impl FittedToy {
    fn part(&self, place: usize, row: usize, column: &Column) -> Result<f64, TableError> {
        let (name, slope) = &self.slopes[place];
        match (slope, &column.data) {
            (Slope::Number { centre, slope }, Data::Numeric(cells)) => match cells.get(row) {
                Some(x) => Ok(slope * (x - centre)),
                None if self.fault == Fault::GapBecomesError => Err(TableError::NotFinite { row }),
                None => Ok(0.0),
            },
            (Slope::Levels(levels), Data::Categorical(cells)) => {
                let Some(found) = cells.get(row) else { return Ok(0.0) };
                let known = |(place, level): &(usize, &(String, f64))| {
                    if self.fault == Fault::CodesDecide {
                        *place == cells.codes()[row] as usize
                    } else {
                        level.0 == found
                    }
                };
                match levels.iter().enumerate().find(known).map(|(_, level)| level) {
                    Some(level) => Ok(level.1),
                    None if self.fault == Fault::UnknownLevelBecomesError => {
                        Err(TableError::Code { row, levels: levels.len() })
                    }
                    None => Ok(0.0),
                }
            }
            _ if self.fault == Fault::KindIsIgnored => Ok(0.0),
            _ => Err(TableError::Kind { column: name.clone(), expected: "other", found: column.kind() }),
        }
    }
}

impl Predict for FittedToy {
    type Reads = Gaps;

    fn predict<R: RowSet>(&self, x: &Table<R>) -> Result<Scores<R>, TableError> {
        let mut columns = Vec::new();
        for (place, (name, _)) in self.slopes.iter().enumerate() {
            let found = if self.fault == Fault::PositionDecides {
                x.columns().get(place).filter(|_| x.column(name).is_some())
            } else {
                x.column(name)
            };
            match found {
                Some(column) => columns.push((place, column)),
                None if self.fault == Fault::AbsentColumnIsZero => {}
                None => return Err(TableError::NoColumn { column: name.clone() }),
            }
        }
        let mut values = Vec::new();
        for row in 0..x.rows() {
            let mut score = self.mean;
            for (place, column) in &columns {
                match self.part(*place, row, column) {
                    Ok(part) => score += part,
                    // Position decides what a column is, so a column that is not at its place is just not understood.
                    Err(TableError::Kind { column: name, .. })
                        if self.fault == Fault::PositionDecides && name != column.name => {}
                    Err(error) => return Err(error),
                }
            }
            match self.fault {
                Fault::RowsAffectEachOther => score += x.rows() as f64 * 1e-12,
                Fault::OrderMatters => score += row as f64 * 1e-12,
                Fault::ExtraColumnCounts => score += x.columns().len() as f64 * 1e-12,
                _ => {}
            }
            if self.kind == OutcomeKind::Binary && self.fault != Fault::RiskAboveOne {
                // Not clamped at the ends, where different scores would become equal.
                score = 1.0 / (1.0 + (-4.0 * (score - 0.5)).exp());
            }
            values.push(score);
        }
        Scores::new(x.rows(), values)
    }

    fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}
