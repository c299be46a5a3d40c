//! The facts of a run, as the report tells them.

use std::collections::BTreeSet;

use bedside_table::{Folds, OutcomeKind, RowSet, Rows};

use super::{Bench, Verdicts};
use crate::StudyError;
use crate::bundle::archive::sha256;
use crate::cohort::Cohort;
use crate::report::data::{Finding, ManifestFacts, ReportData, SideFacts, SplitFacts, StudyFacts};
use crate::run::Inputs;
use crate::spec::{CategoricalFill, NumericFill, StudyFile};
use crate::split::Division;
use crate::twins::Twins;

/// Everything but Table 1, gates and TRIPOD items, which are filled in by who makes them.
///
/// # Errors
/// None today; the signature leaves room.
#[expect(clippy::too_many_arguments, reason = "each is a different station of the path, named at the call")]
pub fn report(
    inputs: &Inputs,
    cohort: &Cohort,
    division: &Division,
    folds: &Folds,
    bench: &Bench<'_>,
    findings: &[Finding],
    twins: Twins,
    verdicts: &Verdicts,
) -> Result<ReportData, StudyError> {
    let study = &inputs.study;
    let mut flow = cohort.flow.clone();
    let last = flow.last().map_or(0, |step| step.rows);
    if last > cohort.source.len() {
        flow.push(crate::report::data::FlowStep {
            label: "earlier rows of patients who are held out".to_owned(),
            removed: last - cohort.source.len(),
            rows: cohort.source.len(),
            patients: people(cohort, None),
            events: (cohort.outcome.kind() == OutcomeKind::Binary).then(|| cohort.outcome.events()),
        });
    }
    let mut findings = findings.to_vec();
    findings.sort_by_key(|f| f.level != "warning");
    Ok(ReportData {
        format: ReportData::FORMAT,
        study: StudyFacts {
            title: study.study.title.clone(),
            question: study.study.question.clone(),
            intended_use: study.study.intended_use.clone(),
            not_for: study.study.not_for.clone(),
            outcome: outcome_in_words(inputs),
            outcome_kind: match bench.truth.kind() {
                OutcomeKind::Binary => "binary",
                OutcomeKind::Continuous => "continuous",
            }
            .to_owned(),
            data: inputs.data.clone(),
            simulated: inputs.simulated,
        },
        flow,
        split: SplitFacts {
            by: study.split_by(),
            how: format!("{}; {} folds inside the training rows", division.how, folds.count()),
            train: side(cohort, division.parts.train()),
            held_out: side(cohort, division.parts.held_out()),
            folds: folds.count(),
            exact_duplicates: twins.exact,
            near_duplicates: twins.near,
        },
        preparation: preparation(study),
        table_one: Vec::new(),
        findings,
        models: verdicts.models.clone(),
        comparisons: verdicts.comparisons.clone(),
        gates: Vec::new(),
        tripod: Vec::new(),
        manifest: ManifestFacts {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: study.study.seed,
            study_sha256: sha256(inputs.text.as_bytes()),
            data_sha256: hashes(inputs),
            bundle_id: None,
            study_toml: inputs.text.clone(),
        },
    })
}

/// As the study calls it, else as its task does.
fn outcome_in_words(inputs: &Inputs) -> String {
    let defined = &inputs.study.outcome;
    let of_task = inputs.events.as_ref().and_then(|events| events.outcome.clone());
    of_task.filter(|_| defined.label.is_none()).unwrap_or_else(|| defined.words())
}

/// SHA-256 of everything that was read, by name.
fn hashes(inputs: &Inputs) -> Vec<(String, String)> {
    let events = inputs.events.iter().flat_map(|events| events.hashes.iter().cloned());
    events.chain(inputs.frame.origins().iter().map(|o| (o.name.clone(), o.sha256.clone()))).collect()
}

/// For every row that took part: its row in the frame, its side and its fold.
#[must_use]
pub fn sides(cohort: &Cohort, division: &Division, folds: &Folds) -> Vec<(u32, &'static str, Option<u32>)> {
    let train = division.parts.train().numbers().iter().zip(folds.of_row());
    let held_out = division.parts.held_out().numbers();
    let mut rows: Vec<(u32, &'static str, Option<u32>)> = train
        .map(|(&row, &fold)| (cohort.source[row as usize], "train", Some(fold)))
        .chain(held_out.iter().map(|&row| (cohort.source[row as usize], "held-out", None)))
        .collect();
    rows.sort_unstable_by_key(|&(row, ..)| row);
    rows
}

fn side<R: RowSet>(cohort: &Cohort, rows: &Rows<R>) -> SideFacts {
    let values = rows.pick(cohort.outcome.values());
    let events = values.iter().filter(|&&v| v > 0.5).count();
    SideFacts {
        rows: rows.len(),
        patients: people(cohort, Some(rows.numbers())),
        events: (cohort.outcome.kind() == OutcomeKind::Binary).then_some(events),
        mean: values.iter().sum::<f64>() / values.len().max(1) as f64,
    }
}

fn people(cohort: &Cohort, rows: Option<&[u32]>) -> Option<usize> {
    let patients = cohort.kin.patients.as_ref()?;
    let count = match rows {
        Some(rows) => rows.iter().map(|&r| patients[r as usize]).collect::<BTreeSet<_>>().len(),
        None => patients.iter().collect::<BTreeSet<_>>().len(),
    };
    Some(count)
}

/// How gaps are filled and predictors are coded, one sentence each.
fn preparation(study: &StudyFile) -> Vec<String> {
    let mut said = Vec::new();
    if study.model.iter().any(|model| model.linear().is_some()) {
        let fill = match study.impute.numeric {
            NumericFill::Median => "the median",
            NumericFill::Mean => "the mean",
        };
        let beside = if study.impute.indicators { ", with an indicator of where the gaps were" } else { "" };
        said.push(format!(
            "For regressions, gaps in numbers were filled with {fill} of the training rows{beside}."
        ));
        said.push(match study.impute.categorical {
            CategoricalFill::OwnLevel => "A gap in a category was a level of its own.".to_owned(),
            CategoricalFill::MostFrequent => {
                format!("A gap in a category was filled with the most frequent level of the training rows{beside}.")
            }
        });
        let rare = study.impute.rare;
        said.push(if rare > 0 {
            format!(
                "Categories became one column a level; levels seen in fewer than {rare} training rows shared one, and so \
                 does a level that the training rows did not have."
            )
        } else {
            "Categories became one column a level; a level that the training rows did not have sets none.".to_owned()
        });
        if study.impute.standardise {
            said.push("Columns were scaled to standard deviation 1 before the penalty; coefficients are reported on the predictors' own scale.".to_owned());
        }
    }
    if study.model.iter().any(|model| model.trees().is_some()) {
        said.push(
            "Boosted trees read gaps as they are: each split learns where missing values go, and levels that the training \
             rows did not have go the same way."
                .to_owned(),
        );
    }
    said.push("All of this was learned from training rows only, anew in every fold.".to_owned());
    said
}
