//! What the judge says of each model, gathered for the report.

mod astray;
mod estimable;
mod facts;
mod few;
mod folds;
mod subgroups;

use bedside_table::{HeldOut, Outcome, OutcomeKind, Scores, Seed, Table, Train};
use bedside_validate::{Case, Comparison, JudgeSettings, Judgement, compare, judge};

pub use astray::astray;
pub use estimable::not_estimable;
pub use facts::{report, sides};
pub use few::few_patients;

use crate::StudyError;
use crate::coefficients;
use crate::cohort::Cohort;
use crate::fitted::Fitted;
use crate::importance;
use crate::progress::Progress;
use crate::report::data::{CertificateFacts, Finding, ModelReport, TuningFacts};
use crate::report::number::count as written;
use crate::spec::{Model, StudyFile};
use crate::split::Division;
use crate::tune::linear::Ground;
use crate::tune::{self, Chosen};
use crate::twins::{NEAR, Twins};

/// Everything that judging needs.
#[derive(Debug)]
pub struct Bench<'a> {
    /// The study file.
    pub study: &'a StudyFile,
    /// Training rows, for what is learned again (bootstrap intervals of coefficients).
    pub ground: Ground<'a>,
    /// The held-out rows.
    pub unseen: &'a Table<HeldOut>,
    /// Their outcome.
    pub truth: &'a Outcome<HeldOut>,
    /// The columns of the subgroups, held-out rows.
    pub subgroups: &'a Table<HeldOut>,
    /// The patient of each held-out row.
    pub clusters: Option<&'a [u32]>,
    /// The study's seed.
    pub seed: Seed,
}

impl Bench<'_> {
    fn settings(&self) -> JudgeSettings {
        let named = self.study.report.thresholds();
        let thresholds = if named.is_empty() { vec![self.ground.outcome.mean()] } else { named };
        JudgeSettings {
            thresholds: if self.truth.kind() == OutcomeKind::Binary { thresholds } else { Vec::new() },
            replicates: self.study.report.replicates as usize,
            ..JudgeSettings::default()
        }
    }
}

/// Judgements of all models on the same held-out rows.
#[derive(Debug)]
pub struct Verdicts {
    /// Each model, in the order of the study file.
    pub models: Vec<ModelReport>,
    /// Each pair.
    pub comparisons: Vec<Comparison>,
    scores: Vec<(String, Scores<HeldOut>)>,
}

impl Verdicts {
    /// The scores behind the judgements, with the rows of the frame they belong to.
    #[must_use]
    pub fn into_scores(self, cohort: &Cohort, division: &Division) -> Vec<(String, Vec<u32>, Vec<f64>)> {
        let rows = division.parts.held_out().pick(&cohort.source);
        self.scores.into_iter().map(|(name, scores)| (name, rows.clone(), scores.values().to_vec())).collect()
    }
}

/// Judges every model.
///
/// # Errors
/// [`StudyError::Judge`] when there are too few held-out rows to judge by.
pub fn all(
    bench: &Bench<'_>,
    fitted: &[Tuned<'_>],
    champion: usize,
    progress: &dyn Progress,
) -> Result<Verdicts, StudyError> {
    let settings = bench.settings();
    let mut verdicts = Verdicts { models: Vec::new(), comparisons: Vec::new(), scores: Vec::new() };
    for (number, (model, chosen, seconds)) in fitted.iter().enumerate() {
        let name = model.name();
        progress.stage(&format!("judging `{name}` on held-out rows"), bench.unseen.columns().len() as u64);
        let scores = chosen.fitted.predict(bench.unseen)?;
        let case = Case::new(&scores, bench.truth, bench.clusters)?;
        let held_out = judge(&case, &settings, bench.seed.derive("judge", 0))?;
        let subgroups = subgroups::judged(bench, &case, &settings)?;
        let repeats = bench.study.report.importance_repeats as usize;
        let seed = bench.seed.derive("importance", 0);
        let importance =
            importance::permutation(&chosen.fitted, bench.unseen, bench.truth, repeats, seed, progress)?;
        progress.stage(&format!("intervals of `{name}`"), coefficients::REPLICATES as u64);
        let coefficients = coefficients::rows(bench.ground, name, &chosen.fitted, bench.seed, progress)?;
        if progress.stopped() {
            return Err(StudyError::Stopped);
        }
        let certificate = chosen.fitted.certificate();
        verdicts.models.push(ModelReport {
            name: name.to_owned(),
            kind: kind_words(model, bench.truth.kind()),
            champion: number == champion,
            settings: chosen.settings.clone(),
            parameters: chosen.parameters,
            candidate_parameters: chosen.candidate_parameters,
            certificate: CertificateFacts {
                criterion: certificate.criterion.clone(),
                iterations: certificate.iterations,
                gap: certificate.gap,
                tolerance: certificate.tolerance,
                seconds: Some(*seconds),
            },
            tuning: TuningFacts {
                how: chosen.how.clone(),
                measure: tune::words(chosen.measure).to_owned(),
                tried: chosen.tried.clone(),
                axis: chosen.axis.clone(),
                nested: chosen.nested.as_ref().map(|nested| nested.settings.clone()).unwrap_or_default(),
            },
            folds: folds::measures(bench.ground, scores_across_folds(chosen)),
            held_out,
            subgroups,
            importance,
            coefficients,
        });
        verdicts.scores.push((name.to_owned(), scores));
    }
    for first in 0..verdicts.scores.len() {
        for second in first + 1..verdicts.scores.len() {
            let ((a, one), (b, other)) = (&verdicts.scores[first], &verdicts.scores[second]);
            let one = Case::new(one, bench.truth, bench.clusters)?;
            let other = Case::new(other, bench.truth, bench.clusters)?;
            let seed = bench.seed.derive("compare", 0);
            verdicts.comparisons.push(compare(a, &one, b, &other, &settings, seed)?);
        }
    }
    Ok(verdicts)
}

/// A model of the study file, what was fitted, and the seconds that it took.
pub type Tuned<'a> = (&'a Model, Chosen, f64);

/// The models that tell training rows apart, and a finding for each that does not: tuning then found nothing that held on
/// rows it had not seen, so there is nothing to judge and nothing to seal.
///
/// # Errors
/// [`StudyError::Data`] when no model is left.
pub fn that_learned<'a>(
    fitted: Vec<Tuned<'a>>,
    train: &Table<Train>,
) -> Result<(Vec<Tuned<'a>>, Vec<Finding>), StudyError> {
    let (mut kept, mut findings) = (Vec::new(), Vec::new());
    for tuned in fitted {
        let scores = tuned.1.fitted.predict(train)?;
        if scores.values().windows(2).any(|pair| pair[0].to_bits() != pair[1].to_bits()) {
            kept.push(tuned);
            continue;
        }
        findings.push(Finding {
            level: "warning".to_owned(),
            text: format!(
                "`{}` learned nothing: the model that did best on rows it had not seen gives every row the same score. It \
                 is left out.",
                tuned.0.name()
            ),
            hint: "The predictors may say nothing about the outcome, or there may be too few rows or events to see it."
                .to_owned(),
        });
    }
    if kept.is_empty() {
        return Err(StudyError::Data {
            place: "[[model]]".to_owned(),
            problem: "no model learned anything that holds on rows it had not seen: the predictors may say nothing \
                      about the outcome, or there may be too few rows or events to see it"
                .to_owned(),
        });
    }
    Ok((kept, findings))
}

/// The scores that say how a model does across the folds: with the tuning inside where that was asked for.
fn scores_across_folds(chosen: &Chosen) -> &[f64] {
    chosen.nested.as_ref().map_or(&chosen.out_of_fold, |nested| &nested.scores)
}

/// The out-of-fold scores of every model, with the rows of the frame that they belong to.
#[must_use]
pub fn out_of_fold(
    fitted: &[Tuned<'_>],
    cohort: &Cohort,
    division: &Division,
) -> Vec<(String, Vec<u32>, Vec<f64>)> {
    let rows = division.parts.train().pick(&cohort.source);
    fitted
        .iter()
        .map(|(model, chosen, _)| {
            (model.name().to_owned(), rows.clone(), scores_across_folds(chosen).to_vec())
        })
        .collect()
}

/// The model to seal: the one that the study names, else the best across the folds. Held-out rows have no say.
///
/// # Errors
/// [`StudyError::Data`] when there is no model.
pub fn champion(study: &StudyFile, fitted: &[Tuned<'_>]) -> Result<usize, StudyError> {
    let named = study.champion().and_then(|m| fitted.iter().position(|(model, ..)| model.name() == m.name()));
    let best = || {
        let score = |chosen: &Chosen| -> f64 {
            let winner = chosen.tried.iter().find(|t| t.chosen).map_or(f64::INFINITY, |t| t.mean);
            chosen.nested.as_ref().map_or(tune::shown(chosen.measure, winner), |nested| nested.loss)
        };
        (0..fitted.len()).min_by(|&a, &b| score(&fitted[a].1).total_cmp(&score(&fitted[b].1)).then(a.cmp(&b)))
    };
    named.or_else(best).ok_or_else(|| StudyError::Data {
        place: "[[model]]".to_owned(),
        problem: "the study has no model; add at least one `[[model]]`".to_owned(),
    })
}

/// Few events for many candidate parameters: the fit is at the mercy of its penalty.
#[must_use]
pub fn events_per_parameter(known: &Outcome<bedside_table::Train>, fitted: &[Tuned<'_>]) -> Vec<Finding> {
    /// Below this, penalised models too become unstable (Riley et al. 2021, doi 10.1016/j.jclinepi.2020.12.005).
    const FEW: f64 = 10.0;
    let (count, what) = match known.kind() {
        OutcomeKind::Binary => (known.events().min(known.rows() - known.events()), "events"),
        OutcomeKind::Continuous => (known.rows(), "rows"),
    };
    fitted
        .iter()
        .filter(|(model, ..)| model.linear().is_some())
        .map(|(model, chosen, _)| (model.name(), chosen, count as f64 / chosen.candidate_parameters.max(1) as f64))
        .filter(|&(_, _, ratio)| ratio < FEW)
        .map(|(name, chosen, ratio)| (name, chosen, crate::verify::ratio(ratio)))
        .map(|(name, chosen, ratio)| Finding {
            level: "warning".to_owned(),
            text: format!(
                "`{name}` has {ratio} {what} for each of its {} candidate parameters ({} {what}); {} were kept.",
                written(chosen.candidate_parameters),
                written(count),
                written(chosen.parameters)
            ),
            hint: "Expect unstable coefficients. Pool rare levels (`impute.rare`), drop predictors, or collect more."
                .to_owned(),
        })
        .collect()
}

/// Rows that stand on both sides in all but name, beyond what chance gives.
///
/// # Errors
/// [`StudyError::Split`] where they are a third of the held-out rows or more: what is measured on those is how well the model
/// remembers. Not where predictors are made of events (`of_events`): many of them say the same, so that subjects with few events are
/// equal more often than chance would tell; that is a note.
pub fn twin_findings(twins: Twins, held_out: usize, of_events: bool) -> Result<Vec<Finding>, StudyError> {
    let share = |n: usize| 100.0 * n as f64 / held_out.max(1) as f64;
    if !of_events && twins.exact > 0 && twins.exact * 3 >= held_out {
        return Err(StudyError::Split {
            problem: format!(
                "{} of {} held-out rows ({:.0} %) equal a training row in every predictor, far more than chance gives, so performance \
                 on them would be memory. Remove the copies, name who the rows are of in `columns.patient`, or keep rows that are \
                 equal on one side: write `keep-together = \"duplicates\"` in [split]",
                twins.exact,
                held_out,
                share(twins.exact)
            ),
        });
    }
    let mut findings = Vec::new();
    if of_events && twins.exact > 0 {
        findings.push(Finding {
            level: "note".to_owned(),
            text: format!(
                "{} held-out rows ({:.1} %) equal a training row in every predictor.",
                twins.exact,
                share(twins.exact)
            ),
            hint: "Usual among subjects with few events; if subjects stand in the data twice, remove the copies.".to_owned(),
        });
    } else if twins.exact > 0 {
        findings.push(Finding {
            level: if share(twins.exact) >= 1.0 { "warning" } else { "note" }.to_owned(),
            text: format!(
                "{} held-out rows ({:.1} %) equal a training row in every predictor; chance gives next to none.",
                twins.exact,
                share(twins.exact)
            ),
            hint: "If these are the same encounters stored twice, remove the copies, or write `keep-together = \"duplicates\"` in \
                   [split]: they make performance look better."
                .to_owned(),
        });
    }
    if twins.near > 0 && share(twins.near) >= 1.0 {
        findings.push(Finding {
            level: "note".to_owned(),
            text: format!(
                "{} held-out rows ({:.1} %) differ from a training row in at most {NEAR} predictors; chance gives next to none.",
                twins.near,
                share(twins.near)
            ),
            hint: "Rows of one patient do, and rows that were copied and edited.".to_owned(),
        });
    }
    Ok(findings)
}

fn kind_words(model: &Model, kind: OutcomeKind) -> String {
    let regression = match kind {
        OutcomeKind::Binary => "logistic regression",
        OutcomeKind::Continuous => "linear regression",
    };
    match model {
        Model::ElasticNet(_) => format!("elastic-net {regression}"),
        Model::Lasso(_) => format!("lasso {regression}"),
        Model::Ridge(_) => format!("ridge {regression}"),
        Model::BoostedTrees(_) => "boosted trees".to_owned(),
    }
}

/// Whether the judgement is of risks.
#[must_use]
pub fn is_binary(judgement: &Judgement) -> bool {
    matches!(judgement, Judgement::Binary(_))
}

/// A fitted model's number of leaves or coefficients, in words.
#[must_use]
pub fn size_words(fitted: &Fitted, parameters: usize) -> String {
    match fitted {
        Fitted::Linear(_) => format!("{parameters} coefficients"),
        Fitted::Trees(trees) => format!("{} trees, {parameters} leaves", trees.trees()),
    }
}
