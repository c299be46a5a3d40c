//! Everything that can be verified before fitting.

use std::collections::BTreeSet;

use bedside_table::{Data, OutcomeKind, RowSet, Seed, Table};
use serde::Serialize;

use crate::StudyError;
use crate::cohort::Cohort;
use crate::events;
use crate::judged;
use crate::leaks;
use crate::outcome::OutcomeFacts;
use crate::recipe::Recipe;
use crate::report::data::{Finding, FlowStep};
use crate::report::number;
use crate::run::{Inputs, encode_settings};
use crate::spec::StudyFile;
use crate::split;
use crate::twins;

/// What was verified.
#[derive(Debug)]
pub struct Verified {
    /// What the outcome is: its kind, its events and what is not known, in the rows that the exclusions leave.
    pub outcome: OutcomeFacts,
    /// What the predictors are, in the rows that take part.
    pub columns: Vec<ColumnFacts>,
    /// Rows that take part.
    pub rows: usize,
    /// Patients that take part, when there is a patient column.
    pub patients: Option<usize>,
    /// Who would take part.
    pub flow: Vec<FlowStep>,
    /// How rows would be divided.
    pub split: String,
    /// What to know before running.
    pub findings: Vec<Finding>,
}

/// A predictor, as a fact.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnFacts {
    /// The column.
    pub name: String,
    /// `numeric` or `categorical`.
    pub kind: &'static str,
    /// The unit that the study file gives.
    pub unit: Option<String>,
    /// Least and greatest number; none for a categorical column or one without a number.
    pub range: Option<[f64; 2]>,
    /// How many levels occur; none for a numeric column.
    pub levels: Option<usize>,
    /// Rows without a usable value.
    pub missing: usize,
    /// Their share.
    pub missing_share: f64,
}

/// What each column of a table holds.
fn column_facts<R: RowSet>(table: &Table<R>, study: &StudyFile) -> Vec<ColumnFacts> {
    let facts = |column: &bedside_table::Column| {
        let (range, levels, measured) = match &column.data {
            Data::Numeric(cells) => {
                let known =
                    cells.values().iter().zip(cells.states()).filter(|(_, state)| state.is_measured());
                let (mut low, mut high, mut measured) = (f64::INFINITY, f64::NEG_INFINITY, 0);
                for (&value, _) in known {
                    (low, high, measured) = (low.min(value), high.max(value), measured + 1);
                }
                ((measured > 0).then_some([low, high]), None, measured)
            }
            Data::Categorical(cells) => {
                let mut seen = vec![false; cells.levels().len()];
                let known = cells.codes().iter().zip(cells.states()).filter(|(_, state)| state.is_measured());
                let measured = known.map(|(&code, _)| seen[code as usize] = true).count();
                (None, Some(seen.into_iter().filter(|&seen| seen).count()), measured)
            }
        };
        let missing = table.rows() - measured;
        ColumnFacts {
            name: column.name.clone(),
            kind: if levels.is_some() { "categorical" } else { "numeric" },
            unit: study.columns.units.get(&column.name).cloned(),
            range,
            levels,
            missing,
            missing_share: missing as f64 / table.rows().max(1) as f64,
        }
    };
    table.columns().iter().map(facts).collect()
}

/// Reads the data as a run would, applies the exclusions, divides the rows, looks for leaks among the training rows and
/// counts candidate parameters. Fits no model and does not look at held-out outcomes.
///
/// # Errors
/// Whatever would stop a run before its first fit.
pub fn verify(inputs: &Inputs) -> Result<Verified, StudyError> {
    let Inputs { study, frame, .. } = inputs;
    let seed = Seed::new(study.study.seed);
    let recipe = Recipe::learn(frame, study)?;
    let mut cohort = Cohort::assemble(frame, study, &recipe)?;
    split::keep_together(&mut cohort, study)?;
    let division = split::divide(&cohort.outcome, &cohort.kin, &study.split, study.split_by(), seed)?;
    let (cohort, _, _) = events::add(inputs, cohort.take(&division.kept), recipe, &division)?;
    let train = cohort.table.part(division.parts.train());
    let known = cohort.outcome.part(division.parts.train());
    let kin = split::subset(&cohort.kin, division.parts.train().numbers());
    let folds = split::folds(&known, &kin, &study.split, seed)?;
    let suspects = leaks::suspects(&train, &known, kin.patients.as_deref(), seed)?;
    let mut findings = cohort.findings.clone();
    findings.extend(leaks::verdict(&suspects, |c| study.columns.allow.contains(c), known.kind())?);
    findings.extend(leaks::empty_findings(&train));
    let empty = leaks::without_content(&train);
    let filled = |name: &str| !empty.iter().any(|(column, _)| column == name);
    let unseen = cohort.table.part(division.parts.held_out());
    let twins = twins::across(&train.select(|c| filled(&c.name)), &unseen.select(|c| filled(&c.name)));
    findings.extend(judged::twin_findings(twins, unseen.rows(), study.data.events.is_some())?);
    if study.model.iter().any(|model| model.linear().is_some()) {
        let candidates = encode_settings(study).check()?.fit(&train)?.terms().len();
        let (count, what) = match known.kind() {
            OutcomeKind::Binary => (known.events().min(known.rows() - known.events()), "events"),
            OutcomeKind::Continuous => (known.rows(), "rows"),
        };
        let ratio = count as f64 / candidates.max(1) as f64;
        findings.push(Finding {
            level: if ratio < 10.0 { "warning" } else { "note" }.to_owned(),
            text: format!(
                "{} candidate parameters for {} {what} in the training rows: {} each.",
                number::count(candidates),
                number::count(count),
                self::ratio(ratio)
            ),
            hint: "Below 10, expect unstable coefficients even with a penalty.".to_owned(),
        });
    }
    let sizes = format!(
        "{}; {} training rows in {} folds, {} held-out rows",
        division.how,
        known.rows(),
        folds.count(),
        division.parts.held_out().len()
    );
    let patients = cohort.kin.patients.as_ref().map(|of| of.iter().collect::<BTreeSet<_>>().len());
    Ok(Verified {
        outcome: cohort.outcomes,
        columns: column_facts(&cohort.table, study),
        rows: cohort.source.len(),
        patients,
        flow: cohort.flow,
        split: sizes,
        findings,
    })
}

/// A ratio with one decimal, or with as many as it takes to see that it is not zero.
pub(crate) fn ratio(value: f64) -> String {
    match value {
        _ if value >= 0.1 || value <= 0.0 => format!("{value:.1}"),
        _ if value >= 0.01 => format!("{value:.2}"),
        _ => "fewer than 0.01".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::ratio;

    #[test]
    fn a_small_ratio_is_not_shown_as_none() {
        assert_eq!([12.34, 0.25, 0.034, 0.0001].map(ratio), ["12.3", "0.2", "0.03", "fewer than 0.01"]);
    }
}
