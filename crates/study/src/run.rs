//! The one path, from a raw table to a judged report and a sealed model.

use bedside_impute::{CategoryGap, EncodeSettings, Fill, Rare};
use bedside_intake::Frame;
use bedside_table::{HeldOut, Outcome, Seed, Table, Train};

use crate::StudyError;
use crate::bundle::{Bundle, Ingredients};
use crate::cohort::Cohort;
use crate::events::{self, Events};
use crate::gates;
use crate::judged::{self, Bench};
use crate::leaks;
use crate::memory;
use crate::progress::Progress;
use crate::recipe::Recipe;
use crate::reference::Reference;
use crate::report::{data::ReportData, tripod};
use crate::spec::{CategoricalFill, Model, NumericFill, StudyFile};
use crate::split;
use crate::table_one;
use crate::tune::{self, Chosen, linear::Ground};
use crate::twins;

/// A study and its data, ready to run.
#[derive(Debug)]
pub struct Inputs {
    /// The study file, parsed.
    pub study: StudyFile,
    /// The study file, as written: it is sealed in the bundle.
    pub text: String,
    /// The raw table; of a study that begins at events, its labels.
    pub frame: Frame,
    /// The events, if the study begins there.
    pub events: Option<Events>,
    /// Where the data came from, in words.
    pub data: String,
    /// Whether the data are simulated.
    pub simulated: bool,
    /// The bytes of memory that a run may take; no limit when none is given.
    pub memory: Option<u64>,
    /// Of raw records: what could not be read of them, as files by name. They are left beside the report.
    pub rejects: Vec<(String, Vec<u8>)>,
}

/// What a run leaves behind.
#[derive(Debug)]
pub struct Run {
    /// Every number of the report.
    pub report: ReportData,
    /// The bundle's bytes.
    pub bundle: Vec<u8>,
    /// For every row of the frame that took part: its number, its side (`train`, `held-out`) and its fold.
    pub rows: Vec<(u32, &'static str, Option<u32>)>,
    /// Of every model, the score of each held-out row: (model, rows of the frame, scores).
    pub held_out_scores: Vec<(String, Vec<u32>, Vec<f64>)>,
    /// Of every model, the score of each training row by the fit that had not seen it: (model, rows of the frame, scores). With
    /// `tune.nested` the tuning had not seen it either.
    pub out_of_fold_scores: Vec<(String, Vec<u32>, Vec<f64>)>,
}

/// Runs a study. Read it top to bottom: each line needs the line above it, and nothing looks back. The held-out rows are
/// touched once, below the last fit.
///
/// # Errors
/// [`StudyError`] names what stopped the study: the data, the leak check, a fit that did not converge, the user.
pub fn run(inputs: &Inputs, progress: &dyn Progress) -> Result<Run, StudyError> {
    let Inputs { study, frame, .. } = inputs;
    let seed = Seed::new(study.study.seed);

    progress.stage("reading cells", 0);
    memory::within(inputs.memory, frame.rows(), frame.columns().len())?;
    let recipe = Recipe::learn(frame, study)?;
    let mut cohort = Cohort::assemble(frame, study, &recipe)?;
    split::keep_together(&mut cohort, study)?;
    let division = split::divide(&cohort.outcome, &cohort.kin, &study.split, study.split_by(), seed)?;
    let (cohort, recipe, sown) = events::add(inputs, cohort.take(&division.kept), recipe, &division)?;
    let train: Table<Train> = cohort.table.part(division.parts.train());
    let known: Outcome<Train> = cohort.outcome.part(division.parts.train());
    let kin = split::subset(&cohort.kin, division.parts.train().numbers());
    let folds = split::folds(&known, &kin, &study.split, seed)?;

    progress.stage("looking for leaks", 0);
    let suspects = leaks::suspects(&train, &known, kin.patients.as_deref(), seed)?;
    let mut findings = cohort.findings.clone();
    findings.extend(leaks::verdict(&suspects, |c| study.columns.allow.contains(c), known.kind())?);
    findings.extend(leaks::empty_findings(&train));
    let empty = leaks::without_content(&train);
    let train = train.select(|column| !empty.iter().any(|(name, _)| *name == column.name));
    let recipe = recipe.learned_from(&train);
    // Whether a held-out row is a training row once more is asked of its predictors alone, before anything is fitted.
    let unseen: Table<HeldOut> = cohort.table.part(division.parts.held_out());
    let twins = twins::across(&train, &unseen.select(|c| train.column(&c.name).is_some()));
    findings.extend(judged::twin_findings(twins, unseen.rows(), study.data.events.is_some())?);

    let encode = encode_settings(study).check()?;
    let measure = tune::measure_for(known.kind(), study.tune.measure);
    let patients = kin.patients.as_deref();
    let ground = Ground { table: &train, outcome: &known, patients, folds: &folds, measure };
    let mut fitted: Vec<(&Model, Chosen, f64)> = Vec::new();
    for model in &study.model {
        let began = progress.seconds();
        let candidates = study.candidates(model);
        let tune_on = |ground: Ground<'_>, progress: &dyn Progress, seed: Seed| match model.linear() {
            Some(_) => tune::linear::tune(model.name(), ground, &encode, &candidates, progress),
            None => tune::trees::tune(model.name(), ground, &candidates, seed.derive("trees", 0), progress),
        };
        let steps = model.linear().map_or(2, |linear| candidates.len() * tune::linear::steps(&linear));
        progress.stage(&format!("tuning `{}`", model.name()), steps as u64);
        let mut chosen = tune_on(ground, progress, seed)?;
        let seconds = progress.seconds() - began;
        if study.tune.nested {
            progress.stage(&format!("tuning `{}` anew for each fold", model.name()), folds.count() as u64);
            chosen.nested = Some(tune::nested::nested(ground, progress, |inner, progress| {
                tune_on(inner, progress, seed.derive("nested", 0))
            })?);
        }
        fitted.push((model, chosen, seconds));
    }
    let (fitted, silent) = judged::that_learned(fitted, &train)?;
    findings.extend(silent);
    let champion = judged::champion(study, &fitted)?;
    findings.extend(judged::events_per_parameter(&known, &fitted));
    let reference = Reference::of(&train, &fitted[champion].1.out_of_fold);

    // The last fit is done. From here on, the outcomes of held-out rows.
    let truth: Outcome<HeldOut> = cohort.outcome.part(division.parts.held_out());
    let subgroups =
        Table::new(cohort.source.len(), cohort.subgroups.clone())?.part(division.parts.held_out());
    let clusters = cohort.kin.patients.as_deref().map(|p| division.parts.held_out().pick(p));
    let clusters = clusters.as_deref();
    findings.extend(judged::few_patients(&truth, clusters));
    let bench =
        Bench { study, ground, unseen: &unseen, truth: &truth, subgroups: &subgroups, clusters, seed };
    let verdicts = judged::all(&bench, &fitted, champion, progress)?;
    for model in &verdicts.models {
        findings.extend(judged::not_estimable(&model.name, &model.held_out));
    }
    let sealed = &verdicts.models[champion];
    findings.extend(judged::astray(&sealed.name, &sealed.held_out));

    progress.stage("sealing", 0);
    let mut report = judged::report(inputs, &cohort, &division, &folds, &bench, &findings, twins, &verdicts)?;
    report.table_one = table_one::describe(&cohort.table, &cohort.outcome, &study.columns.units);
    report.gates = gates::hold(&study.gates, &report.models[champion].held_out)?;
    report.tripod = tripod(&report);
    let out_of_fold_scores = judged::out_of_fold(&fitted, &cohort, &division);
    let champion = fitted[champion].0.name().to_owned();
    let models =
        fitted.into_iter().map(|(model, chosen, _)| (model.name().to_owned(), chosen.fitted)).collect();
    let bundle = Bundle::seal(
        Ingredients { study, text: &inputs.text, recipe, sown, models, champion, reference },
        &report,
    )?;
    report.manifest.bundle_id = Some(bundle.id().to_owned());
    // Two items tell the bundle's id, which is known only now.
    report.tripod = tripod(&report);
    let rows = judged::sides(&cohort, &division, &folds);
    let held_out_scores = verdicts.into_scores(&cohort, &division);
    Ok(Run { report, bundle: bundle.bytes().to_vec(), rows, held_out_scores, out_of_fold_scores })
}

/// The study file's way of filling gaps, as settings of the encoder. The regression standardises by itself, as glmnet
/// does, so that coefficients stay on the predictors' own scale.
pub(crate) fn encode_settings(study: &StudyFile) -> EncodeSettings {
    EncodeSettings {
        numeric: match study.impute.numeric {
            NumericFill::Median => Fill::Median,
            NumericFill::Mean => Fill::Mean,
        },
        categorical: match study.impute.categorical {
            CategoricalFill::OwnLevel => CategoryGap::OwnColumn,
            CategoricalFill::MostFrequent => CategoryGap::MostFrequent,
        },
        indicators: study.impute.indicators,
        rare: match study.impute.rare {
            0 => Rare::Never,
            rows => Rare::Count(u64::from(rows)),
        },
        ..EncodeSettings::default()
    }
}
