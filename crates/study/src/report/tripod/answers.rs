//! What the facts of a run answer, item by item.

use bedside_validate::Judgement;

use super::super::data::{ReportData, SideFacts};
use super::super::figure::champion;
use super::super::number::{Digits, INTERVAL, count, count_of, demand, measure_name, share, threshold};
use super::super::section::measures as measure_rows;
use super::Said;
use crate::spec::SplitBy;

const OPEN: Said = (None, None);

fn whole(text: String) -> Said {
    (Some(text), None)
}

fn in_part(text: String, rest: &'static str) -> Said {
    (Some(text), Some(rest))
}

/// Nothing in a run answers this.
pub(super) fn open(_: &ReportData) -> Said {
    OPEN
}

pub(super) fn title(data: &ReportData) -> Said {
    if data.study.title.is_empty() {
        return OPEN;
    }
    in_part(
        format!("Working title: {}. Outcome: {}.", stop(&data.study.title), stop(&data.study.outcome)),
        "Name development and evaluation, and the population.",
    )
}

pub(super) fn purpose(data: &ReportData) -> Said {
    let study = &data.study;
    if study.intended_use.is_empty() {
        return OPEN;
    }
    let not = if study.not_for.is_empty() {
        String::new()
    } else {
        format!(" Not to be used: {}.", study.not_for.iter().map(|s| stop(s)).collect::<Vec<_>>().join("; "))
    };
    in_part(
        format!("{}.{not}", stop(&study.intended_use)),
        "Place in the care pathway and users, unless said.",
    )
}

pub(super) fn objectives(data: &ReportData) -> Said {
    if data.study.question.is_empty() {
        return OPEN;
    }
    let gates: Vec<String> = data
        .gates
        .iter()
        .map(|gate| format!("{} {}", measure_name(&gate.measure), demand(&gate.demanded)))
        .collect();
    let fixed = if gates.is_empty() {
        "No objectives were fixed in advance.".to_owned()
    } else {
        format!("Objectives fixed in advance: {}.", gates.join(", "))
    };
    whole(format!("{} Development with evaluation on held-out rows. {fixed}", data.study.question))
}

pub(super) fn sources(data: &ReportData) -> Said {
    if data.study.data.is_empty() {
        return OPEN;
    }
    let kind = if data.study.simulated { " The data are simulated." } else { "" };
    in_part(
        format!("{}. Development and evaluation: {}.{kind}", stop(&data.study.data), stop(&data.split.how)),
        "Why these data, and how representative they are.",
    )
}

pub(super) fn eligibility(data: &ReportData) -> Said {
    let left: Vec<String> = data
        .flow
        .iter()
        .skip(1)
        .map(|step| format!("{} ({} rows)", step.label, count(step.removed)))
        .collect();
    match (data.flow.is_empty(), left.is_empty()) {
        (true, _) => OPEN,
        (false, true) => in_part(
            "No row was excluded after reading.".to_owned(),
            "Eligibility when the data were collected.",
        ),
        (false, false) => {
            in_part(format!("Excluded: {}.", left.join("; ")), "Eligibility when the data were collected.")
        }
    }
}

pub(super) fn quality(data: &ReportData) -> Said {
    if data.table_one.is_empty() {
        return OPEN;
    }
    let sum = |of: fn(&super::super::data::TableOneRow) -> Option<usize>| -> usize {
        data.table_one.iter().filter_map(of).sum()
    };
    let (unreadable, outside) = (sum(|row| row.unreadable), sum(|row| row.out_of_range));
    in_part(
        format!(
            "Cells set aside: {} unreadable, {} out of the plausible range. {} exact and {} near duplicates between \
             the two sides. The checks gave {} findings.",
            count(unreadable),
            count(outside),
            count(data.split.exact_duplicates),
            count(data.split.near_duplicates),
            count(data.findings.len())
        ),
        "Whether data were recorded alike for all groups.",
    )
}

pub(super) fn outcome(data: &ReportData) -> Said {
    if data.study.outcome.is_empty() {
        return OPEN;
    }
    in_part(
        format!("{} ({}).", data.study.outcome, data.study.outcome_kind),
        "Horizon, how it was assessed, why it was chosen, and whether alike for all groups.",
    )
}

pub(super) fn candidates(data: &ReportData) -> Said {
    let predictors = predictors(data);
    if predictors == 0 {
        return OPEN;
    }
    in_part(
        format!(
            "{} predictors of the study file were candidates; selection, if any, happened inside the fit.",
            count(predictors)
        ),
        "Why these predictors.",
    )
}

pub(super) fn definitions(data: &ReportData) -> Said {
    if data.table_one.is_empty() {
        return OPEN;
    }
    let units = data.table_one.chunk_by(|a, b| a.predictor == b.predictor);
    let units = units.filter(|group| group.iter().any(|row| row.unit.is_some())).count();
    in_part(
        format!("Table 1 lists all {} predictors; {} have a unit.", count(predictors(data)), count(units)),
        "When and how each was measured.",
    )
}

pub(super) fn sample_size(data: &ReportData) -> Said {
    let (train, held_out) = (&data.split.train, &data.split.held_out);
    let Some((_, model)) = champion(data).filter(|_| train.rows > 0) else {
        return OPEN;
    };
    let per_parameter = train.events.filter(|_| model.candidate_parameters > 0).map(|events| {
        let rarer = events.min(train.rows - events.min(train.rows));
        format!(
            ", {} of the rarer outcome per candidate parameter",
            Digits::Significant(3).write(share(rarer, model.candidate_parameters))
        )
    });
    in_part(
        format!(
            "All rows that remained were used. Development: {}, {} candidate parameters{}. Evaluation: {}.",
            side(train),
            count(model.candidate_parameters),
            per_parameter.unwrap_or_default(),
            side(held_out)
        ),
        "A calculation made before the study, if there was one.",
    )
}

pub(super) fn missing(data: &ReportData) -> Said {
    if data.table_one.is_empty() {
        return OPEN;
    }
    let with = data
        .table_one
        .iter()
        .filter(|r| [r.not_measured, r.unreadable, r.out_of_range].into_iter().flatten().sum::<usize>() > 0)
        .count();
    let text = format!(
        "{} of {} predictors have missing values; Table 1 counts not measured, unreadable and out of range apart. {}",
        count(with),
        count(predictors(data)),
        data.preparation.join(" ")
    );
    if data.preparation.is_empty() { in_part(text, "How gaps were filled.") } else { whole(text) }
}

pub(super) fn division(data: &ReportData) -> Said {
    if data.split.train.rows == 0 {
        return OPEN;
    }
    whole(format!(
        "{}. Training: {}. Held out: {}. Imputation, encoding, tuning and selection happened inside the training rows; \
         held-out rows were read once, after the last fit.",
        stop(&data.split.how),
        side(&data.split.train),
        side(&data.split.held_out)
    ))
}

pub(super) fn handling(data: &ReportData) -> Said {
    if data.preparation.is_empty() { OPEN } else { whole(data.preparation.join(" ")) }
}

pub(super) fn building(data: &ReportData) -> Said {
    if data.models.is_empty() {
        return OPEN;
    }
    let models: Vec<String> = data
        .models
        .iter()
        .map(|model| {
            let settings: Vec<String> =
                model.settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
            let tuned = if model.tuning.how.is_empty() {
                String::new()
            } else {
                format!("; tuning: {}", model.tuning.how)
            };
            format!("{} ({}): {}{tuned}", model.name, model.kind, settings.join(", "))
        })
        .collect();
    in_part(format!("{}.", models.join(". ")), "Why these types of model.")
}

pub(super) fn measures(data: &ReportData) -> Said {
    let Some((_, model)) = champion(data) else {
        return OPEN;
    };
    let names: Vec<&str> = measure_rows(&model.held_out).iter().map(|row| row.name).collect();
    let (plots, resampling) = match &model.held_out {
        Judgement::Binary(j) => (
            "calibration, ROC, precision-recall and net benefit curves, distribution of risks by outcome",
            &j.resampling,
        ),
        Judgement::Continuous(j) => ("calibration", &j.resampling),
    };
    let compared = if data.comparisons.is_empty() {
        String::new()
    } else {
        " Models were compared on the same held-out rows, by differences with intervals.".to_owned()
    };
    whole(format!("{}. Plots: {plots}. Intervals: {}.{compared}", names.join(", "), stop(resampling)))
}

pub(super) fn updating(data: &ReportData) -> Said {
    if data.models.is_empty() {
        OPEN
    } else {
        whole("None: held-out rows were read once and nothing was fitted on them.".to_owned())
    }
}

pub(super) fn updated(data: &ReportData) -> Said {
    if data.models.is_empty() { OPEN } else { whole("No model was updated.".to_owned()) }
}

pub(super) fn calculation(data: &ReportData) -> Said {
    data.manifest.bundle_id.as_deref().map_or(OPEN, |id| {
        whole(format!(
            "By the sealed bundle {id}, with the same code that scores new rows: preparation, encoding and model as fitted."
        ))
    })
}

pub(super) fn imbalance(data: &ReportData) -> Said {
    let Some(events) = data.split.train.events else {
        return if data.study.outcome_kind == "continuous" {
            whole("Does not apply: the outcome is continuous.".to_owned())
        } else {
            OPEN
        };
    };
    whole(format!(
        "Events among training rows: {}. Rows were not resampled; weights, if any, are among the settings of 12c.",
        count_of(events, data.split.train.rows)
    ))
}

pub(super) fn fairness(data: &ReportData) -> Said {
    let groups = groupings(data);
    if groups.is_empty() {
        return OPEN;
    }
    in_part(
        format!("No method was applied to the fit. Performance was looked at by {}.", groups.join(", ")),
        "Why these groups, and what was decided.",
    )
}

pub(super) fn output(data: &ReportData) -> Said {
    match champion(data).map(|(_, model)| &model.held_out) {
        None => OPEN,
        Some(Judgement::Continuous(_)) => whole("A number in the unit of the outcome.".to_owned()),
        Some(Judgement::Binary(judgement)) => {
            let at: Vec<String> = judgement.thresholds.iter().map(|row| threshold(row.threshold)).collect();
            let text = "A risk between 0 and 1; no class is assigned.".to_owned();
            if at.is_empty() {
                whole(text)
            } else {
                in_part(
                    format!("{text} Consequences are shown at {}.", at.join(", ")),
                    "How the thresholds were chosen.",
                )
            }
        }
    }
}

pub(super) fn differences(data: &ReportData) -> Said {
    if data.split.how.is_empty() {
        return OPEN;
    }
    let how = stop(&data.split.how);
    match data.split.by {
        SplitBy::Patient | SplitBy::Row => whole(format!(
            "None in setting, eligibility, outcome and predictors other than by the division ({how}): both sides come from the same source."
        )),
        SplitBy::Time => in_part(
            format!(
                "The held-out rows are the later ones ({how}); eligibility, outcome and predictors are defined alike."
            ),
            "What changed in practice and in measurement between the periods.",
        ),
        SplitBy::Site => in_part(
            format!(
                "The held-out rows come from other sites ({how}); eligibility, outcome and predictors are defined alike."
            ),
            "How the sites differ in patients, in care and in measurement.",
        ),
    }
}

pub(super) fn data_access(data: &ReportData) -> Said {
    let names: Vec<&str> = data.manifest.data_sha256.iter().map(|(name, _)| name.as_str()).collect();
    if names.is_empty() {
        return OPEN;
    }
    in_part(
        format!("Files, identified by SHA-256 in the manifest: {}.", names.join(", ")),
        "Where others can get them.",
    )
}

pub(super) fn code(data: &ReportData) -> Said {
    if data.manifest.version.is_empty() {
        return OPEN;
    }
    whole(format!(
        "The whole analysis is the study file printed in the manifest, run by bedside {} with seed {}.",
        data.manifest.version, data.manifest.seed
    ))
}

pub(super) fn flow(data: &ReportData) -> Said {
    let (Some(first), Some(last)) = (data.flow.first(), data.flow.last()) else {
        return OPEN;
    };
    let events = last
        .events
        .map_or_else(String::new, |events| format!(", {} with the event", count_of(events, last.rows)));
    in_part(
        format!(
            "{} rows read, {} analysed{events}; see the flow diagram.",
            count(first.rows),
            count(last.rows)
        ),
        "Follow-up time, where it applies.",
    )
}

pub(super) fn characteristics(data: &ReportData) -> Said {
    if data.table_one.is_empty() {
        return OPEN;
    }
    in_part(
        "Table 1, with missing data, by outcome.".to_owned(),
        "By source and demographic group, where it matters.",
    )
}

pub(super) fn two_sides(data: &ReportData) -> Said {
    let (train, held_out) = (&data.split.train, &data.split.held_out);
    if train.rows == 0 || held_out.rows == 0 {
        return OPEN;
    }
    in_part(
        format!("Training: {}. Held out: {}.", side(train), side(held_out)),
        "Distribution of important predictors.",
    )
}

pub(super) fn analyses(data: &ReportData) -> Said {
    let Some((_, model)) = champion(data) else {
        return OPEN;
    };
    let judged = match &model.held_out {
        Judgement::Binary(j) => format!("{} rows, {} events", count(j.rows), count(j.events)),
        Judgement::Continuous(j) => format!("{} rows", count(j.rows)),
    };
    whole(format!(
        "Fits: {}, in {} folds for tuning. Judgement: {judged}; subgroups as in their table.",
        side(&data.split.train),
        data.split.folds
    ))
}

pub(super) fn specification(data: &ReportData) -> Said {
    match (champion(data), &data.manifest.bundle_id) {
        (Some((_, model)), Some(id)) => whole(format!(
            "The bundle {id} holds {} ({} parameters) with its preparation, and predicts without other software.{}",
            model.name,
            count(model.parameters),
            if model.coefficients.is_empty() { "" } else { " Its coefficients are in this report." }
        )),
        (Some((_, model)), None) if !model.coefficients.is_empty() => {
            in_part("Its coefficients are in this report.".to_owned(), "The intercept and the sealed bundle.")
        }
        _ => OPEN,
    }
}

pub(super) fn performance(data: &ReportData) -> Said {
    let Some((_, model)) = champion(data) else {
        return OPEN;
    };
    let numbers: Vec<String> = measure_rows(&model.held_out)
        .iter()
        .take(5)
        .map(|row| format!("{} {}", row.name, row.digits.with_interval(row.estimate)))
        .collect();
    let groups = groupings(data);
    let text = format!("{} ({INTERVAL}); plots and all measures above.", numbers.join(", "));
    if groups.is_empty() {
        in_part(text, "Performance in key subgroups.")
    } else {
        whole(format!("{text} By subgroup: {}.", groups.join(", ")))
    }
}

pub(super) fn input(data: &ReportData) -> Said {
    if data.preparation.is_empty() {
        return OPEN;
    }
    in_part(
        format!("Missing input is handled as in the fit. {}", data.preparation.join(" ")),
        "What users are told when input is poor.",
    )
}

fn predictors(data: &ReportData) -> usize {
    data.table_one.chunk_by(|a, b| a.predictor == b.predictor).count()
}

fn groupings(data: &ReportData) -> Vec<&str> {
    let rows = champion(data).map(|(_, model)| model.subgroups.as_slice()).unwrap_or_default();
    rows.chunk_by(|a, b| a.by == b.by).filter_map(|group| Some(group.first()?.by.as_str())).collect()
}

fn side(side: &SideFacts) -> String {
    let patients = side.patients.map_or_else(String::new, |n| format!(" of {} patients", count(n)));
    let outcome = side.events.map_or_else(
        || format!(", mean outcome {}", Digits::Significant(4).write(side.mean)),
        |events| format!(", {} events", count_of(events, side.rows)),
    );
    format!("{} rows{patients}{outcome}", count(side.rows))
}

/// A sentence without its full stop.
fn stop(text: &str) -> &str {
    text.trim_end().trim_end_matches('.')
}
