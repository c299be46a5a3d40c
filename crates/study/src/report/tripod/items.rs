//! The items: number, section, what is asked (in our words), and who answers.

use super::super::data::ReportData;
use super::{Said, answers};

/// One item of the checklist.
pub(super) struct Item {
    pub(super) item: &'static str,
    pub(super) section: &'static str,
    pub(super) asks: &'static str,
    pub(super) said: fn(&ReportData) -> Said,
}

const fn item(
    item: &'static str,
    section: &'static str,
    asks: &'static str,
    said: fn(&ReportData) -> Said,
) -> Item {
    Item { item, section, asks, said }
}

const TITLE: &str = "Title and abstract";
const INTRODUCTION: &str = "Introduction";
const METHODS: &str = "Methods";
const OPEN: &str = "Open science";
const PUBLIC: &str = "Patient and public involvement";
const RESULTS: &str = "Results";
const DISCUSSION: &str = "Discussion";

/// All 52, in order. (D) development only, (E) evaluation only.
pub(super) const ITEMS: &[Item] = &[
    item(
        "1",
        TITLE,
        "A title that names development or evaluation of a prediction model, its population and its outcome.",
        answers::title,
    ),
    item("2", TITLE, "A structured abstract with the items of TRIPOD+AI for abstracts.", answers::open),
    item(
        "3a",
        INTRODUCTION,
        "The health problem, why a model is wanted, and which models exist.",
        answers::open,
    ),
    item(
        "3b",
        INTRODUCTION,
        "Whom the model is for, its purpose in the care pathway and its users.",
        answers::purpose,
    ),
    item("3c", INTRODUCTION, "Known health inequalities between groups of people.", answers::open),
    item(
        "4",
        INTRODUCTION,
        "The objectives, and whether they are development, evaluation or both.",
        answers::objectives,
    ),
    item(
        "5a",
        METHODS,
        "Where the data come from, for development and evaluation apart, why, and how representative they are.",
        answers::sources,
    ),
    item("5b", METHODS, "Dates: start and end of accrual, end of follow-up.", answers::open),
    item("6a", METHODS, "Setting of the study; number and places of the centres.", answers::open),
    item("6b", METHODS, "Who was eligible.", answers::eligibility),
    item("6c", METHODS, "Treatments received, and how they were handled.", answers::open),
    item(
        "7",
        METHODS,
        "How data were prepared and their quality checked, and whether alike for all groups.",
        answers::quality,
    ),
    item(
        "8a",
        METHODS,
        "The outcome, its horizon, how and when it was assessed, why it was chosen, and whether alike for all groups.",
        answers::outcome,
    ),
    item("8b", METHODS, "Who assessed the outcome, if it needs judgement.", answers::open),
    item("8c", METHODS, "Whether assessors of the outcome were blinded.", answers::open),
    item(
        "9a",
        METHODS,
        "How the first set of predictors was chosen, and any selection before modelling (D).",
        answers::candidates,
    ),
    item(
        "9b",
        METHODS,
        "Definition of every predictor, with how and when it was measured.",
        answers::definitions,
    ),
    item("9c", METHODS, "Who assessed predictors, if they need judgement.", answers::open),
    item(
        "10",
        METHODS,
        "How the size of the study was arrived at, for development and evaluation apart.",
        answers::sample_size,
    ),
    item("11", METHODS, "How missing data were handled; reasons for leaving data out.", answers::missing),
    item(
        "12a",
        METHODS,
        "How the data were used, with any division for development and evaluation (D).",
        answers::division,
    ),
    item(
        "12b",
        METHODS,
        "How predictors enter: form, rescaling, transformation, standardisation (D).",
        answers::handling,
    ),
    item(
        "12c",
        METHODS,
        "Type of model, all steps of building it, tuning, and internal validation (D).",
        answers::building,
    ),
    item(
        "12d",
        METHODS,
        "Whether and how differences between clusters (hospitals, countries) were handled and measured.",
        answers::open,
    ),
    item(
        "12e",
        METHODS,
        "All measures and plots of performance, and how models were compared.",
        answers::measures,
    ),
    item(
        "12f",
        METHODS,
        "Any updating of the model after evaluation, such as recalibration (E).",
        answers::updating,
    ),
    item("12g", METHODS, "How predictions were calculated in the evaluation (E).", answers::calculation),
    item(
        "13",
        METHODS,
        "Methods for class imbalance, why, and any recalibration after them.",
        answers::imbalance,
    ),
    item("14", METHODS, "Methods for fairness, and why.", answers::fairness),
    item(
        "15",
        METHODS,
        "What the model gives out; thresholds and how they were chosen (D).",
        answers::output,
    ),
    item(
        "16",
        METHODS,
        "Differences between development and evaluation in setting, eligibility, outcome and predictors.",
        answers::differences,
    ),
    item("17", METHODS, "Ethical approval, and consent or its waiver.", answers::open),
    item("18a", OPEN, "Funding and the role of funders.", answers::open),
    item("18b", OPEN, "Conflicts of interest.", answers::open),
    item("18c", OPEN, "Where the protocol is, or that there was none.", answers::open),
    item("18d", OPEN, "Registration, or that there was none.", answers::open),
    item("18e", OPEN, "Availability of the data.", answers::data_access),
    item("18f", OPEN, "Availability of the code.", answers::code),
    item("19", PUBLIC, "Involvement of patients and the public, or that there was none.", answers::open),
    item(
        "20a",
        RESULTS,
        "Flow of participants, with numbers with and without the outcome, and follow-up.",
        answers::flow,
    ),
    item(
        "20b",
        RESULTS,
        "Characteristics overall and by source, with missing data, and by key demographic groups.",
        answers::characteristics,
    ),
    item(
        "20c",
        RESULTS,
        "Comparison of the evaluation with the development data in the distribution of important variables (E).",
        answers::two_sides,
    ),
    item("21", RESULTS, "Participants and outcome events in each analysis.", answers::analyses),
    item("22", RESULTS, "The full model, so that others can predict with it (D).", answers::specification),
    item(
        "23a",
        RESULTS,
        "Performance with confidence intervals, also in key subgroups; plots.",
        answers::performance,
    ),
    item("23b", RESULTS, "Differences of performance between clusters, if looked at.", answers::open),
    item("24", RESULTS, "Results of any updating of the model (E).", answers::updated),
    item(
        "25",
        DISCUSSION,
        "Interpretation of the main results, fairness included, with objectives and earlier studies in mind.",
        answers::open,
    ),
    item(
        "26",
        DISCUSSION,
        "Limitations: representativeness, sample size, overfitting, missing data, and what they do to bias and generality.",
        answers::open,
    ),
    item(
        "27a",
        DISCUSSION,
        "How poor or missing input is handled when the model is used (D).",
        answers::input,
    ),
    item(
        "27b",
        DISCUSSION,
        "Whether users interact with the input or use of the model, and which expertise they need (D).",
        answers::open,
    ),
    item(
        "27c",
        DISCUSSION,
        "Next steps for research, and whether the model fits other settings.",
        answers::open,
    ),
];
