//! The measures of a judgement: name, digits, ideal and meaning, in the order in which they are read.

use bedside_validate::{BinaryJudgement, ContinuousJudgement, Estimate, Judgement};

use super::super::number::Digits;

/// One measure of one judgement.
#[derive(Debug)]
pub(in super::super) struct MeasureRow<'a> {
    /// Its name.
    pub(in super::super) name: &'static str,
    /// What it says, in plain words.
    pub(in super::super) meaning: &'static str,
    /// Its ideal value, as text.
    pub(in super::super) ideal: &'static str,
    /// How it is written.
    pub(in super::super) digits: Digits,
    /// What was found.
    pub(in super::super) estimate: &'a Estimate,
}

/// The measures of a judgement. The first five (three for numbers) are what STRATOS calls essential, or sum it up.
pub(in super::super) fn measures(judgement: &Judgement) -> Vec<MeasureRow<'_>> {
    match judgement {
        Judgement::Binary(judgement) => of_risks(judgement),
        Judgement::Continuous(judgement) => of_numbers(judgement),
    }
}

fn of_risks(j: &BinaryJudgement) -> Vec<MeasureRow<'_>> {
    let row = |name, meaning, ideal, digits, estimate| MeasureRow { name, meaning, ideal, digits, estimate };
    let (two, three, four) = (Digits::Fixed(2), Digits::Fixed(3), Digits::Fixed(4));
    vec![
        row("AUROC", "probability that a row with the event is given the higher risk", "1", three, &j.auroc),
        row(
            "Calibration slope",
            "under 1: risks are too extreme; over 1: too timid",
            "1",
            two,
            &j.calibration_slope,
        ),
        row(
            "Calibration intercept",
            "calibration in the large; under 0: risks are too high on average",
            "0",
            two,
            &j.calibration_intercept,
        ),
        row(
            "Observed / expected",
            "events that happened over events that were predicted",
            "1",
            two,
            &j.observed_expected,
        ),
        row("ICI", "mean distance between risk and observed frequency", "0", three, &j.ici),
        row("E50", "median of that distance", "0", three, &j.e50),
        row("E90", "its 90th percentile", "0", three, &j.e90),
        row("Emax", "its maximum", "0", three, &j.emax),
        row("Brier score", "mean squared error of the risks", "0", four, &j.brier),
        row(
            "Scaled Brier score",
            "share of the squared error that the model takes away from always saying the event frequency",
            "100 %",
            Digits::Percent(1),
            &j.scaled_brier,
        ),
        row("AUPRC", "mean precision over recall; compare with the event frequency", "1", three, &j.auprc),
    ]
}

fn of_numbers(j: &ContinuousJudgement) -> Vec<MeasureRow<'_>> {
    let row = |name, meaning, ideal, digits, estimate| MeasureRow { name, meaning, ideal, digits, estimate };
    let (two, three, free) = (Digits::Fixed(2), Digits::Fixed(3), Digits::Significant(4));
    vec![
        row("RMSE", "root mean squared error, in the unit of the outcome", "0", free, &j.rmse),
        row("MAE", "mean absolute error, in the unit of the outcome", "0", free, &j.mae),
        row(
            "R²",
            "share of the squared distance from the mean that the model explains",
            "1",
            three,
            &j.r_squared,
        ),
        row(
            "Calibration slope",
            "under 1: predictions are too extreme; over 1: too timid",
            "1",
            two,
            &j.calibration_slope,
        ),
        row("Calibration intercept", "of the outcome on the prediction", "0", free, &j.calibration_intercept),
    ]
}
