//! Predictors that know too much: copies of the outcome and things that are written down only afterwards.
//!
//! Each predictor is judged alone, on training rows: its cells are cut into levels (quantile bins for numbers, missing
//! as a level of its own), the outcome's mean in each level is learned on one half of the patients and used to score the
//! other. What discriminates almost perfectly by itself is a copy of the outcome and is refused; what discriminates
//! strongly, fixes the outcome in a large level, or has a name that speaks of later events is reported.

use std::collections::HashMap;

use bedside_table::{Column, Data, Folds, Outcome, OutcomeKind, Seed, Table, Train};
use bedside_validate::quick;
use rayon::prelude::*;

use crate::StudyError;
use crate::report::data::Finding;
use crate::report::number::Digits;

/// A single predictor with at least this AUROC (R² for a continuous outcome) is taken for a copy of the outcome.
const COPY: f64 = 0.95;
/// A single predictor with at least this AUROC (R²) is reported.
const STRONG: f64 = 0.80;
/// A level counts as fixing the outcome when chance would give a level like it less often than this.
const BY_CHANCE: f64 = 1e-6;

/// Parts of column names that speak of what is known only after the fact, with what they speak of. `^` asks that a word
/// of the name begins so, `$` that it ends so: short parts stand inside too many other words (`closed`, `loss`).
const LATER: &[(&str, &str)] = &[
    ("^charge", "billing"),
    ("cost", "billing"),
    ("cst$", "billing"),
    ("^drg", "billing"),
    ("^bill", "billing"),
    ("los$", "length of stay"),
    ("lengthofstay", "length of stay"),
    ("discharge", "the discharge"),
    ("dead$", "death"),
    ("death", "death"),
    ("died", "death"),
    ("mortal", "death"),
    ("expire", "death"),
    ("autopsy", "death"),
    ("^dnr", "a decision to limit treatment"),
    ("hospice", "the end of care"),
    ("^surv", "survival or another model's prediction of it"),
    ("^futime", "follow-up"),
    ("followup", "follow-up"),
    ("readmi", "a later admission"),
    ("^outcome", "an outcome"),
];

/// What one predictor alone says of the outcome.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspicion {
    /// The predictor.
    pub predictor: String,
    /// Cross-fitted AUROC (binary) or R² (continuous) of the predictor alone.
    pub alone: f64,
    /// A large level in which the outcome never varies.
    pub fixed: Option<Fixed>,
    /// What its name speaks of.
    pub name: Option<&'static str>,
}

/// A level in which the outcome never varies.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed {
    /// Its name.
    pub level: String,
    /// Its rows.
    pub rows: usize,
    /// Distinct patients among them.
    pub patients: usize,
    /// The outcome there.
    pub always: bool,
}

impl Suspicion {
    /// Whether the predictor is taken for a copy of the outcome.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.alone >= COPY
    }

    fn is_worth_saying(&self) -> bool {
        self.alone >= STRONG || self.fixed.is_some() || self.name.is_some()
    }

    fn words(&self, kind: OutcomeKind) -> String {
        let measure = if kind == OutcomeKind::Binary { "AUROC" } else { "R²" };
        let mut reasons = Vec::new();
        if self.alone >= STRONG {
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
    let mut found: Vec<Suspicion> = train
        .columns()
        .par_iter()
        .map(|column| suspicion(column, outcome, &patients, &halves))
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
        let warning = !known && (suspect.alone >= STRONG || suspect.fixed.is_some());
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

fn suspicion(
    column: &Column,
    outcome: &Outcome<Train>,
    patients: &[(u32, u32)],
    halves: &Folds,
) -> Suspicion {
    let (levels, names) = levels(column);
    let y = outcome.values();
    let scores = cross_fitted(&levels, names.len(), y, outcome.mean(), halves);
    let alone = match outcome.kind() {
        OutcomeKind::Binary => quick::auroc(&scores, y),
        OutcomeKind::Continuous => quick::r_squared(&scores, y),
    };
    let fixed = match outcome.kind() {
        OutcomeKind::Binary => fixed_level(&levels, &names, y, outcome.mean(), patients),
        OutcomeKind::Continuous => None,
    };
    Suspicion {
        predictor: column.name.clone(),
        alone: alone.unwrap_or(0.0).max(0.0),
        fixed,
        name: later(&column.name),
    }
}

/// Cells as levels: names for categories, at most 64 quantile bins for numbers, missing as the last level.
fn levels(column: &Column) -> (Vec<u32>, Vec<String>) {
    const BINS: usize = 64;
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
    (of_row, names)
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

/// The level with most patients in which the outcome never varies, if chance does not explain it. The rows of a patient count
/// as one: an outcome that is asked for every hour is the same for hours on end.
fn fixed_level(
    levels: &[u32],
    names: &[String],
    y: &[f64],
    mean: f64,
    patients: &[(u32, u32)],
) -> Option<Fixed> {
    #[derive(Clone, Default)]
    struct Count {
        rows: usize,
        events: usize,
        patients: usize,
        last: Option<u32>,
    }
    let mut counts = vec![Count::default(); names.len()];
    for &(patient, row) in patients {
        let count = &mut counts[levels[row as usize] as usize];
        count.rows += 1;
        count.events += usize::from(y[row as usize] > 0.5);
        count.patients += usize::from(count.last != Some(patient));
        count.last = Some(patient);
    }
    let by_chance = |count: &Count| {
        let alike = if count.events == 0 { 1.0 - mean } else { mean };
        alike.powf(count.patients as f64) * names.len() as f64
    };
    counts
        .iter()
        .zip(names)
        .filter(|(count, _)| count.rows > 0 && (count.events == 0 || count.events == count.rows))
        .filter(|(count, _)| by_chance(count) < BY_CHANCE)
        .max_by_key(|(count, _)| (count.patients, count.rows))
        .map(|(count, level)| Fixed {
            level: level.clone(),
            rows: count.rows,
            patients: count.patients,
            always: count.events > 0,
        })
}

fn later(name: &str) -> Option<&'static str> {
    let words: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).filter(|p| !p.is_empty()).collect();
    LATER
        .iter()
        .find(|(part, _)| match (part.strip_prefix('^'), part.strip_suffix('$')) {
            (Some(begin), _) => words.iter().any(|word| word.starts_with(begin)),
            (None, Some(end)) => words.iter().any(|word| word.ends_with(end)),
            (None, None) => words.concat().contains(part),
        })
        .map(|&(_, what)| what)
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
    fn the_hours_of_a_patient_count_as_one() {
        // Ten patients with 200 hours each: the value stands for the patient, and so does the outcome.
        let names = ["low".to_owned(), "high".to_owned()];
        let levels: Vec<u32> = (0..2000).map(|row| u32::from(row >= 1000)).collect();
        let y: Vec<f64> = (0..2000).map(|row| f64::from(u8::from(row < 400))).collect();
        let of_ten: Vec<u32> = (0..2000).map(|row| row / 200).collect();
        let fixed =
            |patients: Option<&[u32]>| fixed_level(&levels, &names, &y, 0.2, &by_patient(patients, 2000));
        let found = fixed(None).unwrap();
        assert_eq!(
            (found.level.as_str(), found.rows, found.patients, found.always),
            ("high", 1000, 1000, false)
        );
        assert_eq!(fixed(Some(&of_ten)), None);
        let of_hundred: Vec<u32> = (0..2000).map(|row| row / 5 % 100 + 100 * (row / 1000)).collect();
        let found = fixed(Some(&of_hundred)).unwrap();
        assert_eq!((found.rows, found.patients), (1000, 100));
    }

    #[test]
    fn many_suspicions_are_told_together() {
        let suspicion = |number: usize| Suspicion {
            predictor: format!("x{number}"),
            alone: 0.85,
            fixed: None,
            name: None,
        };
        let suspects: Vec<Suspicion> = (0..30).map(suspicion).collect();
        let told = verdict(&suspects, |_| false, OutcomeKind::Binary).unwrap();
        assert_eq!(told.len(), TOLD + 1);
        assert!(told[TOLD].text.starts_with("22 more predictors") && told[TOLD].text.contains("`x29`"));
    }

    #[test]
    fn names_of_later_things_are_noticed_and_ordinary_names_are_not() {
        for name in
            ["totcst", "Total_Charges", "slos", "dnrday", "discharge_disposition_id", "hosp.dead", "surv2m"]
        {
            assert!(later(name).is_some(), "{name}");
        }
        for name in ["closed", "glucose", "age", "crea", "number_inpatient", "loss_of_weight", "cholesterol"]
        {
            assert!(later(name).is_none(), "{name}");
        }
    }
}
