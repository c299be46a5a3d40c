//! Predictors that know too much: copies of the outcome and things that are written down only afterwards.
//!
//! Each predictor is judged alone, on training rows: its cells are cut into levels (quantile bins for numbers, missing
//! as a level of its own), the outcome's mean in each level is learned on one half of the patients and used to score the
//! other. What by itself discriminates almost perfectly is a copy of the outcome and is refused; what discriminates more
//! than honest predictors do, or fixes the outcome in a level where an honest one would only make it rarer, is warned of;
//! what has a name that speaks of later events is noted. Nothing is said that chance may give in a table of so many
//! predictors and levels.

mod fixed;
mod words;

use std::collections::HashMap;

use bedside_table::{Column, Data, Folds, Outcome, OutcomeKind, Seed, Table, Train};
use bedside_validate::{normal_quantile, quick};
use rayon::prelude::*;

pub use self::fixed::Fixed;
use self::fixed::{Candidate, Levels, fixed_level};
use self::words::later;
use crate::StudyError;
use crate::report::data::Finding;
use crate::report::number::Digits;

/// A predictor that reaches this AUROC (R²) alone, and [`STRONG`] beyond doubt, is taken for a copy of the outcome.
const COPY: f64 = 0.95;
/// A predictor that beyond doubt reaches this AUROC (R²) alone is warned of.
const STRONG: f64 = 0.90;
/// A predictor that beyond doubt reaches this AUROC (R²) alone is noted: an honest one may, a severity score for instance.
const NOTED: f64 = 0.80;
/// The chance that anything is beyond doubt in a table without leaks: of all predictors, or of all their levels, together.
const BY_CHANCE: f64 = 0.01;

/// What one predictor alone says of the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspicion {
    /// The predictor.
    pub predictor: String,
    /// Cross-fitted AUROC (binary) or R² (continuous) of the predictor alone.
    pub alone: f64,
    /// What it reaches beyond doubt: its lower limit, at a confidence that weighs how many predictors were looked at.
    pub surely: f64,
    /// A large level in which the outcome never varies.
    pub fixed: Option<Fixed>,
    /// What its name speaks of.
    pub name: Option<&'static str>,
}

impl Suspicion {
    /// Whether the predictor is taken for a copy of the outcome.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.alone >= COPY && self.surely >= STRONG
    }

    fn is_worth_saying(&self) -> bool {
        self.surely >= NOTED || self.fixed.is_some() || self.name.is_some()
    }

    fn is_alarming(&self) -> bool {
        self.surely >= STRONG || self.fixed.is_some()
    }

    fn words(&self, kind: OutcomeKind) -> String {
        let measure = if kind == OutcomeKind::Binary { "AUROC" } else { "R²" };
        let mut reasons = Vec::new();
        if self.surely >= NOTED {
            reasons.push(format!("alone it reaches {measure} {:.3}", self.alone));
        }
        if let Some(Fixed { level, rows, patients, always }) = &self.fixed {
            let what = if *always { "always" } else { "never" };
            let of = if patients < rows { format!(" of {patients} patients") } else { String::new() };
            reasons.push(format!("with {level} ({rows} rows{of}) the outcome {what} happens"));
        }
        if let Some(name) = self.name {
            reasons.push(format!("its name speaks of {name}"));
        }
        reasons.join("; ")
    }
}

/// Judges every predictor alone. Only suspicious ones are returned, the most suspicious first.
///
/// # Errors
/// [`StudyError::Table`] when there are too few patients to cross-fit.
pub fn suspects(
    train: &Table<Train>,
    outcome: &Outcome<Train>,
    patients: Option<&[u32]>,
    seed: Seed,
) -> Result<Vec<Suspicion>, StudyError> {
    let strata: Vec<u32> = match outcome.kind() {
        OutcomeKind::Binary => outcome.values().iter().map(|&v| u32::from(v > 0.5)).collect(),
        OutcomeKind::Continuous => vec![0; outcome.rows()],
    };
    let halves = Folds::stratified(&strata, patients, 2, seed.derive("leak check", 0))?;
    let patients = by_patient(patients, outcome.rows());
    let people = people(&patients, outcome);
    let mut found: Vec<(Suspicion, Option<Candidate>, usize)> = train
        .columns()
        .par_iter()
        .map(|column| suspicion(column, outcome, &patients, &halves, people, train.columns().len()))
        .collect();
    // The levels of all predictors were looked at: each weighs as one look among them.
    let looks: usize = found.iter().map(|(_, _, levels)| levels).sum();
    let mut found: Vec<Suspicion> = found
        .drain(..)
        .map(|(suspicion, candidate, _)| {
            let sure = candidate.filter(|of| of.chance * (looks as f64) < BY_CHANCE);
            Suspicion { fixed: sure.map(|of| of.fixed), ..suspicion }
        })
        .filter(Suspicion::is_worth_saying)
        .collect();
    found.sort_by(|a, b| b.alone.total_cmp(&a.alone).then_with(|| a.predictor.cmp(&b.predictor)));
    Ok(found)
}

/// Turns suspicions into findings of the report, or refuses copies of the outcome that the study does not allow.
///
/// # Errors
/// [`StudyError::Leak`] naming every predictor that is a copy and not allowed.
pub fn verdict(
    suspects: &[Suspicion],
    allowed: impl Fn(&str) -> bool,
    kind: OutcomeKind,
) -> Result<Vec<Finding>, StudyError> {
    let refused: Vec<String> = suspects
        .iter()
        .filter(|s| s.is_copy() && !allowed(&s.predictor))
        .map(|s| format!("`{}` ({})", s.predictor, s.words(kind)))
        .collect();
    let others = suspects
        .iter()
        .filter(|s| !s.is_copy() && !allowed(&s.predictor))
        .map(|s| format!("`{}` ({})", s.predictor, s.words(kind)))
        .collect();
    if !refused.is_empty() {
        return Err(StudyError::Leak { refused, others });
    }
    let (mut findings, mut warnings, mut more) = (Vec::new(), 0, Vec::new());
    for suspect in suspects {
        let known = allowed(&suspect.predictor);
        let warning = !known && suspect.is_alarming();
        warnings += usize::from(warning);
        if warning && warnings > TOLD {
            more.push(format!("`{}`", suspect.predictor));
            continue;
        }
        findings.push(Finding {
            level: if warning { "warning" } else { "note" }.to_owned(),
            text: format!("`{}` may know too much: {}.", suspect.predictor, suspect.words(kind)),
            hint: if known {
                "The study file allows it in `columns.allow`.".to_owned()
            } else {
                "If it is known only after the time of prediction, name it in `columns.drop`; if not, confirm it \
                 in `columns.allow`."
                    .to_owned()
            },
        });
    }
    if !more.is_empty() {
        findings.push(Finding {
            level: "warning".to_owned(),
            text: format!(
                "{} more predictors may know too much, though alone they say less: {}.",
                more.len(),
                more.join(", ")
            ),
            hint:
                "Look for what comes after the time of prediction, or is part of how the outcome is defined."
                    .to_owned(),
        });
    }
    Ok(findings)
}

/// So many warnings are told one by one.
const TOLD: usize = 8;

/// The rows in the order of their patients, with the patient; every row is one when it is not known whose it is.
fn by_patient(patients: Option<&[u32]>, rows: usize) -> Vec<(u32, u32)> {
    let mut of_row: Vec<(u32, u32)> = match patients {
        Some(patients) => patients.iter().copied().zip(0..).collect(),
        None => (0..rows as u32).map(|row| (row, row)).collect(),
    };
    of_row.sort_unstable();
    of_row
}

/// Patients with the outcome, and without it; of a continuous outcome all of them, twice.
fn people(patients: &[(u32, u32)], outcome: &Outcome<Train>) -> (usize, usize) {
    let with = |wanted: &dyn Fn(f64) -> bool| {
        patients
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|own| own.iter().any(|&(_, row)| wanted(outcome.values()[row as usize])))
            .count()
    };
    match outcome.kind() {
        OutcomeKind::Binary => (with(&|y| y > 0.5), with(&|y| y <= 0.5)),
        OutcomeKind::Continuous => (with(&|_| true), with(&|_| true)),
    }
}

/// What a predictor alone says, the level that it most speaks by, and how many levels it has.
fn suspicion(
    column: &Column,
    outcome: &Outcome<Train>,
    patients: &[(u32, u32)],
    halves: &Folds,
    people: (usize, usize),
    predictors: usize,
) -> (Suspicion, Option<Candidate>, usize) {
    let levels = levels(column);
    let y = outcome.values();
    let scores = cross_fitted(&levels.of_row, levels.names.len(), y, outcome.mean(), halves);
    let alone = match outcome.kind() {
        OutcomeKind::Binary => quick::auroc(&scores, y),
        OutcomeKind::Continuous => quick::r_squared(&scores, y),
    };
    let alone = alone.unwrap_or(0.0).max(0.0);
    let beyond = normal_quantile(1.0 - BY_CHANCE / predictors as f64);
    let candidate = match outcome.kind() {
        OutcomeKind::Binary => fixed_level(&levels, y, outcome.mean(), patients),
        OutcomeKind::Continuous => None,
    };
    let suspicion = Suspicion {
        predictor: column.name.clone(),
        alone,
        surely: alone - beyond * spread_of(alone, outcome.kind(), people),
        fixed: None,
        name: later(&column.name),
    };
    (suspicion, candidate, levels.names.len())
}

/// The standard error of an AUROC (Hanley, McNeil 1982, doi 10.1148/radiology.143.1.7063747) or of R² (Olkin, Finn 1995,
/// doi 10.1037/0033-2909.118.1.155), patients being what is independent.
fn spread_of(alone: f64, kind: OutcomeKind, (with, without): (usize, usize)) -> f64 {
    let (m, n) = (with.max(1) as f64, without.max(1) as f64);
    match kind {
        OutcomeKind::Binary => {
            // An area of 1 among few is not known to be one.
            let a = (alone * m * n + 0.5) / (m * n + 1.0);
            let (q1, q2) = (a / (2.0 - a), 2.0 * a * a / (1.0 + a));
            let variance = a * (1.0 - a) + (m - 1.0) * (q1 - a * a) + (n - 1.0) * (q2 - a * a);
            (variance / (m * n)).max(0.0).sqrt()
        }
        OutcomeKind::Continuous => (4.0 * alone * (1.0 - alone).powi(2) / n).max(0.0).sqrt(),
    }
}

/// Cells as levels: names for categories, at most 64 quantile bins for numbers, missing as the last level.
fn levels(column: &Column) -> Levels {
    const BINS: usize = 64;
    let ordered = matches!(column.data, Data::Numeric(_));
    let (mut of_row, mut names): (Vec<u32>, Vec<String>) = match &column.data {
        Data::Categorical(cells) => {
            let names = cells.levels().iter().map(|level| format!("`{level}`")).collect();
            (cells.codes().to_vec(), names)
        }
        Data::Numeric(cells) => {
            let mut sorted: Vec<f64> = (0..column.len()).filter_map(|r| cells.get(r)).collect();
            sorted.sort_by(f64::total_cmp);
            let mut edges: Vec<f64> =
                (1..BINS).filter_map(|b| sorted.get(b * sorted.len() / BINS).copied()).collect();
            edges.dedup();
            let bin = |v: f64| edges.partition_point(|&edge| edge <= v) as u32;
            let of_row = cells.values().iter().map(|&v| bin(v)).collect();
            let written: Vec<String> = edges.iter().map(|&edge| Digits::Significant(4).write(edge)).collect();
            let names = (0..=edges.len())
                .map(|b| match (b.checked_sub(1).map(|i| &written[i]), written.get(b)) {
                    (None, None) => "any value".to_owned(),
                    (None, Some(high)) => format!("values below {high}"),
                    (Some(low), None) => format!("values of {low} and more"),
                    (Some(low), Some(high)) => format!("values from {low} to below {high}"),
                })
                .collect();
            (of_row, names)
        }
    };
    let missing = names.len() as u32;
    names.push("a missing value".to_owned());
    for (level, state) in of_row.iter_mut().zip(column.states()) {
        if !state.is_measured() {
            *level = missing;
        }
    }
    Levels { of_row, names, ordered }
}

/// Mean outcome of each level on one half, as score of the other half; small levels are drawn towards the mean.
fn cross_fitted(levels: &[u32], count: usize, y: &[f64], mean: f64, halves: &Folds) -> Vec<f64> {
    const PRIOR_ROWS: f64 = 5.0;
    let mut sums = vec![[(0.0, 0.0); 2]; count];
    for ((&level, &half), &value) in levels.iter().zip(halves.of_row()).zip(y) {
        let cell = &mut sums[level as usize][half as usize];
        cell.0 += value;
        cell.1 += 1.0;
    }
    levels
        .iter()
        .zip(halves.of_row())
        .map(|(&level, &half)| {
            let (sum, rows) = sums[level as usize][1 - half as usize];
            (sum + PRIOR_ROWS * mean) / (rows + PRIOR_ROWS)
        })
        .collect()
}

/// Predictors whose every measured cell is the same, or that have none: nothing can be learned from them.
#[must_use]
pub fn without_content(train: &Table<Train>) -> Vec<(String, &'static str)> {
    let content = |column: &Column| -> usize {
        let mut seen: HashMap<u64, ()> = HashMap::new();
        for row in (0..column.len()).filter(|&r| column.states()[r].is_measured()) {
            let cell = match &column.data {
                Data::Numeric(cells) => cells.values()[row].to_bits(),
                Data::Categorical(cells) => u64::from(cells.codes()[row]),
            };
            seen.insert(cell, ());
            if seen.len() > 1 {
                break;
            }
        }
        seen.len()
    };
    train
        .columns()
        .iter()
        .filter_map(|column| match content(column) {
            0 => Some((column.name.clone(), "all cells are missing")),
            1 => Some((column.name.clone(), "all measured cells are the same")),
            _ => None,
        })
        .collect()
}

/// Findings for predictors without content.
#[must_use]
pub fn empty_findings(train: &Table<Train>) -> Vec<Finding> {
    let empty = without_content(train);
    if empty.len() > FEW {
        let named: Vec<String> = empty.iter().take(3).map(|(column, _)| format!("`{column}`")).collect();
        return vec![Finding {
            level: "note".to_owned(),
            text: format!(
                "{} columns carry nothing: in the training rows they have no measured cell, or all that are measured are \
                 the same ({}, …). They are not used.",
                empty.len(),
                named.join(", ")
            ),
            hint: "Check a few of them if that is unexpected; else nothing needs to be done.".to_owned(),
        }];
    }
    let finding = |(column, why): (String, &str)| Finding {
        level: "note".to_owned(),
        text: format!("`{column}` carries nothing: in the training rows {why}. It is not used."),
        hint: "Drop it in `columns.drop`, or check how its missing cells are written.".to_owned(),
    };
    empty.into_iter().map(finding).collect()
}

/// More columns than this without content are told of together.
const FEW: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_table::{Categorical, Numeric, Partition};

    fn sample() -> (Table<Train>, Outcome<Train>) {
        let mut stream = Seed::new(11).stream();
        let rows = 4000;
        let risk: Vec<f64> = (0..rows).map(|_| stream.uniform() * 0.4).collect();
        let events: Vec<bool> = risk.iter().map(|&r| stream.uniform() < r).collect();
        let numeric =
            |name: &str, v: Vec<Option<f64>>| Column::numeric(name, Numeric::from_options(v).unwrap());
        let copy = events.iter().map(|&e| Some(f64::from(u8::from(e)) + 0.2 * stream.normal())).collect();
        let honest = risk.iter().map(|&r| Some(r)).collect();
        // Written down only for those with the event, and only half the time.
        let later = events.iter().map(|&e| (e && stream.uniform() < 0.5).then_some(1.0)).collect();
        let kind =
            events.iter().map(|&e| Some(if e && stream.uniform() < 0.3 { "seen after" } else { "other" }));
        let table = Table::new(
            rows + 1,
            [
                numeric("copy", copy),
                numeric("honest", honest),
                numeric("sometimes", later),
                Column::categorical("kind", Categorical::from_labels(kind.collect::<Vec<_>>())),
            ]
            .into_iter()
            .map(|c| grow(&c))
            .collect(),
        )
        .unwrap();
        let outcome = Outcome::binary(events.into_iter().chain([false])).unwrap();
        let held: Vec<bool> = (0..=rows).map(|r| r == rows).collect();
        let parts = Partition::new(&held, None).unwrap();
        (table.part(parts.train()), outcome.part(parts.train()))
    }

    /// One more row, which becomes the held-out side.
    fn grow(column: &Column) -> Column {
        match &column.data {
            Data::Numeric(c) => {
                let cells = (0..column.len()).map(|r| c.get(r)).chain([None]);
                Column::numeric(&*column.name, Numeric::from_options(cells).unwrap())
            }
            Data::Categorical(c) => {
                let cells: Vec<Option<&str>> = (0..column.len()).map(|r| c.get(r)).chain([None]).collect();
                Column::categorical(&*column.name, Categorical::from_labels(cells))
            }
        }
    }

    #[test]
    fn a_copy_is_refused_by_name_and_an_honest_predictor_is_not() {
        let (train, outcome) = sample();
        let found = suspects(&train, &outcome, None, Seed::new(1)).unwrap();
        let error = verdict(&found, |_| false, OutcomeKind::Binary).unwrap_err().to_string();
        assert!(error.contains("`copy`"), "{error}");
        assert!(!error.contains("honest"), "{error}");
        let notes = verdict(&found, |c| c == "copy", OutcomeKind::Binary).unwrap();
        let of = |name: &str| notes.iter().find(|f| f.text.contains(name)).unwrap();
        assert_eq!(of("copy").level, "note");
        assert_eq!(of("sometimes").level, "warning");
        assert!(of("kind").text.contains("`seen after`"), "{}", of("kind").text);
        assert!(!notes.iter().any(|f| f.text.contains("honest")));
    }

    #[test]
    fn many_suspicions_are_told_together() {
        let suspicion = |number: usize| Suspicion {
            predictor: format!("x{number}"),
            alone: 0.93,
            surely: 0.92,
            fixed: None,
            name: None,
        };
        let suspects: Vec<Suspicion> = (0..30).map(suspicion).collect();
        let told = verdict(&suspects, |_| false, OutcomeKind::Binary).unwrap();
        assert_eq!(told.len(), TOLD + 1);
        assert!(told[TOLD].text.starts_with("22 more predictors") && told[TOLD].text.contains("`x29`"));
    }
}
