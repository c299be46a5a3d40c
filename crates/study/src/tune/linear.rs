//! Penalised regressions: the whole path in every fold, then the penalty that the folds prefer.

use bedside_impute::Encode;
use bedside_models::glm::{self, Family, PathSettings, Rule};
use bedside_table::{Folds, Outcome, OutcomeKind, Table, Train};

use super::paths::{self, Walked};
use super::{Chosen, over_folds, scatter, shown, words};
use crate::StudyError;
use crate::fitted::{Fitted, Linear};
use crate::progress::Progress;
use crate::report::data::TriedSetting;
use crate::spec::{Candidate as Setting, LinearSettings, PenaltyChoice, TuningMeasure};

/// Training rows and how they are divided: what every tuning needs.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The training rows.
    pub table: &'a Table<Train>,
    /// Their outcome.
    pub outcome: &'a Outcome<Train>,
    /// The patient of each row.
    pub patients: Option<&'a [u32]>,
    /// The folds.
    pub folds: &'a Folds,
    /// What decides between settings.
    pub measure: TuningMeasure,
}

/// Steps of progress that one candidate takes at most.
#[must_use]
pub fn steps(settings: &LinearSettings<'_>) -> usize {
    let penalties = if settings.penalty.is_some() { 1 } else { settings.penalties as usize };
    settings.l1_ratios.len() * penalties.div_ceil(paths::STRIDE)
}

/// Tunes the penalty (and the share of L1 where several are given) and fits on all training rows.
///
/// The penalties of the path come from all training rows; each fold encodes and fits anew. The winner is the path's own
/// fit at the chosen penalty, not a new one.
///
/// # Errors
/// [`StudyError::Model`] when a fit does not converge.
pub fn tune(
    name: &str,
    ground: Ground<'_>,
    encode: &Encode,
    settings: &[Setting],
    progress: &dyn Progress,
) -> Result<Chosen, StudyError> {
    let Ground { table, outcome, patients, folds, measure } = ground;
    let family = match outcome.kind() {
        OutcomeKind::Binary => Family::Binomial,
        OutcomeKind::Continuous => Family::Gaussian,
    };
    let encoder = encode.fit(table)?;
    let design = encoder.apply(table)?;
    let parts = folds.iter(patients)?;
    let designs = paths::designs(ground, &parts, encode)?;
    let rows: Vec<usize> = parts.iter().map(|fold| fold.parts.held_out().len()).collect();

    let mut best: Option<(f64, Candidate<'_>)> = None;
    let mut tried = Vec::new();
    let mut fitted = 0;
    let settings: Vec<(f64, LinearSettings<'_>)> = settings
        .iter()
        .filter_map(|setting| setting.model.linear())
        .flat_map(|linear| linear.l1_ratios.clone().into_iter().map(move |share| (share, linear.clone())))
        .collect();
    for (l1_ratio, settings) in &settings {
        let l1_ratio = *l1_ratio;
        let path_settings = PathSettings {
            family,
            l1_ratio,
            count: settings.penalties as usize,
            lambdas: settings.penalty.map(|penalty| vec![penalty]),
            unpenalised: settings.unpenalised.to_vec(),
            ..PathSettings::default()
        };
        let Walked { path, losses, scores: in_folds } =
            paths::walk(name, ground, &design, &designs, &path_settings, progress)?;
        fitted += path.lambdas().len() + in_folds.iter().map(Vec::len).sum::<usize>();
        let losses: Vec<(f64, f64)> = losses.iter().map(|of_fold| over_folds(of_fold, &rows)).collect();
        let (means, errors): (Vec<f64>, Vec<f64>) = losses.iter().copied().unzip();
        let rule = match settings.choose {
            PenaltyChoice::Minimum => Rule::Minimum,
            PenaltyChoice::OneStandardError => Rule::OneStandardError,
        };
        let winner = glm::choose(&means, &errors, rule);
        let first = tried.len();
        for (k, &(mean, standard_error)) in losses.iter().enumerate() {
            let penalty = path.lambdas()[k];
            tried.push(TriedSetting {
                label: format!("L1 share {l1_ratio}, penalty {penalty:.3e}"),
                x: penalty.log10(),
                mean: shown(measure, mean),
                standard_error,
                size: Some(path.nonzero(k) as f64),
                chosen: false,
            });
        }
        let lowest = means.get(winner).copied().unwrap_or(f64::INFINITY);
        if best.as_ref().is_none_or(|(loss, _)| lowest < *loss) {
            let scores = in_folds.into_iter().map(|mut s| s.swap_remove(winner)).collect();
            let candidate = Candidate { l1_ratio, settings, path, winner, shown_at: first + winner, scores };
            best = Some((lowest, candidate));
        }
    }
    let Some((_, Candidate { l1_ratio, settings: used, path, winner, shown_at, scores })) = best else {
        return Err(StudyError::Data {
            place: format!("[[model]] `{name}`"),
            problem: "no L1 share is given; name at least one".to_owned(),
        });
    };
    tried[shown_at].chosen = true;
    let mut out_of_fold = vec![0.0; table.rows()];
    for (fold, scores) in parts.iter().zip(&scores) {
        scatter(&mut out_of_fold, fold.parts.held_out().numbers(), scores)?;
    }
    let rule = match (used.penalty, used.choose) {
        (Some(_), _) => "fixed in the study file",
        (None, PenaltyChoice::Minimum) => "lowest cross-validated loss",
        (None, PenaltyChoice::OneStandardError) => "largest within one standard error of the lowest loss",
    };
    Ok(Chosen {
        settings: vec![
            ("L1 share".to_owned(), l1_ratio.to_string()),
            ("penalty".to_owned(), format!("{:.4e}", path.lambdas()[winner])),
            ("penalty chosen by".to_owned(), rule.to_owned()),
        ],
        how: format!(
            "a path of up to {} penalties for each of {} L1 shares, left where the loss only rose in every fold; {} folds, {}: {} fits",
            used.penalties,
            settings.len(),
            parts.len(),
            words(measure),
            fitted,
        ),
        tried,
        measure,
        axis: "log10 penalty".to_owned(),
        out_of_fold,
        nested: None,
        candidate_parameters: design.columns().len(),
        parameters: path.nonzero(winner),
        fitted: Fitted::Linear(Box::new(Linear::new(encoder, path.at(winner), &design))),
    })
}

/// The best penalty of one L1 share.
struct Candidate<'a> {
    l1_ratio: f64,
    settings: &'a LinearSettings<'a>,
    path: glm::GlmPath,
    winner: usize,
    shown_at: usize,
    scores: Vec<Vec<f64>>,
}
