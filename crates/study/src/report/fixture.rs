//! Data of runs that never were, for tests of the report: shaped like real ones, with every field filled.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers of a fixture"
)]

use bedside_validate::{
    BinaryJudgement, CalibrationGroup, Comparison, ContinuousJudgement, Curve, Estimate, Judgement,
    RiskDistribution, SubgroupRow, ThresholdRow,
};

use super::data::*;
use crate::spec::SplitBy;

/// Thirty-day readmission: two models, one of them champion, a gate that fails.
pub(crate) fn readmission() -> ReportData {
    let (trees, lasso) = (scores(20_353, 0.66, 0.93, 7), scores(20_353, 0.62, 0.84, 7));
    let mut data = ReportData {
        format: ReportData::FORMAT,
        study: StudyFacts {
            title: "Readmission within 30 days of people with diabetes".into(),
            question: "At discharge, which inpatients with diabetes will be readmitted within 30 days?".into(),
            intended_use: "At discharge from an acute inpatient stay, to offer a telephone call within a week.".into(),
            not_for: vec![
                "for withholding or delaying care".into(),
                "for children, or for stays that ended in death or hospice".into(),
                "in a hospital where its calibration was not checked on local data".into(),
            ],
            outcome: "readmitted = <30".into(),
            outcome_kind: "binary".into(),
            data: "diabetes130: 101,766 encounters in 130 US hospitals, 1999-2008".into(),
            simulated: false,
        },
        flow: vec![
            step("Rows read", 0, 101_766, 71_518, 11_357),
            step("died or went to hospice: cannot be readmitted", 2_423, 99_343, 69_990, 11_314),
            step("sex unknown or invalid", 3, 99_340, 69_987, 11_314),
        ],
        split: SplitFacts {
            by: SplitBy::Patient,
            how: "by patient, stratified by outcome, 20 % held out, 5 folds".into(),
            train: SideFacts { rows: 78_987, patients: Some(55_990), events: Some(9_036), mean: 0.1144 },
            held_out: SideFacts { rows: 20_353, patients: Some(13_997), events: Some(2_278), mean: 0.1119 },
            folds: 5,
            exact_duplicates: 0,
            near_duplicates: 41,
        },
        preparation: vec![
            "Gaps of numbers were filled with the training median, with one indicator column per predictor that has gaps.".into(),
            "Categories that fewer than 50 training rows have became `rare`; missing and new ones became `unknown`.".into(),
            "Numbers were standardised with training means and standard deviations.".into(),
        ],
        table_one: table_one(),
        findings: vec![
            Finding { level: "note".into(), text: "weight is not measured in 96.9 % of rows.".into(), hint: "It was kept with an indicator; drop it with `drop = [\"weight\"]`.".into() },
            Finding { level: "warning".into(), text: "41 held-out rows differ from a training row of another patient in at most two predictors.".into(), hint: "Look whether these are the same person under two identifiers.".into() },
            Finding { level: "note".into(), text: "examide and citoglipton have one value in all rows and were dropped.".into(), hint: String::new() },
        ],
        models: vec![
            model("boosted trees", "boosted trees", true, &trees),
            model("lasso", "lasso logistic regression", false, &lasso),
        ],
        comparisons: vec![Comparison {
            first: "boosted trees".into(),
            second: "lasso".into(),
            difference: estimate(0.0213, 0.0047, "patient bootstrap, 1000 replicates, percentile"),
            p_delong: Some(0.000_02),
            error_difference: estimate(-0.000_81, 0.000_22, "patient bootstrap, 1000 replicates, percentile"),
            net_benefit: vec![(0.1, estimate(0.0021, 0.0011, "patient bootstrap")), (0.2, estimate(0.0016, 0.0006, "patient bootstrap"))],
        }],
        gates: vec![
            GateResult { measure: "auroc".into(), demanded: ">= 0.65".into(), found: trees.auroc.value, why: None, passed: true },
            GateResult { measure: "calibration-slope".into(), demanded: "0.95..1.05".into(), found: trees.calibration_slope.value, why: None, passed: false },
        ],
        tripod: Vec::new(),
        manifest: ManifestFacts {
            version: "0.1.0".into(),
            seed: 20_260_501,
            study_sha256: "9f2c1a7be0d4c5538a1f6f0b7e5d2c91a44b8f03d6e7c2a1b0f9e8d7c6b5a493".into(),
            data_sha256: vec![("diabetic_data.csv".into(), "4b1e0a9dd1f27c0b36b5e6b2f8a7c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7".into())],
            bundle_id: Some("b3f1c2d4e5a69788".into()),
            study_toml: "[study]\ntitle = \"Readmission within 30 days of people with diabetes\"\nseed = 20260501\n\n[data]\ntable = \"diabetic_data.csv\"\nmissing = [\"?\"]\n\n[columns]\npatient = \"patient_nbr\"\n\n[outcome]\nbinary = \"readmitted = <30\"\n".into(),
        },
    };
    data.models[0].coefficients.clear();
    data.tripod = super::tripod(&data);
    data
}

/// A number as outcome: length of stay, one linear model.
pub(super) fn stay() -> ReportData {
    let mut data = readmission();
    data.study.title = "Length of stay".into();
    data.study.outcome = "time_in_hospital (days)".into();
    data.study.outcome_kind = "continuous".into();
    for step in &mut data.flow {
        step.events = None;
    }
    for side in [&mut data.split.train, &mut data.split.held_out] {
        side.events = None;
        side.mean = 4.396;
    }
    data.models.truncate(2);
    for (i, model) in data.models.iter_mut().enumerate() {
        model.held_out = Judgement::Continuous(Box::new(numbers(2.31 + 0.1 * i as f64)));
        model.folds = vec![("RMSE".into(), [2.31, 2.34, 2.28, 2.36, 2.30].map(Some).into())];
        for row in &mut model.subgroups {
            row.events = 0;
            row.observed_expected = None;
            row.net_benefit = None;
            row.discrimination = Some(estimate(0.35, 0.02, "bootstrap"));
            row.error = Some(estimate(2.3, 0.06, "bootstrap"));
        }
    }
    data.comparisons[0].p_delong = None;
    data.comparisons[0].net_benefit.clear();
    data.gates = vec![GateResult {
        measure: "rmse".into(),
        demanded: "<= 2.5".into(),
        found: Some(2.31),
        why: None,
        passed: true,
    }];
    data.tripod = super::tripod(&data);
    data
}

/// Nothing happened.
pub(super) fn empty() -> ReportData {
    let side = || SideFacts { rows: 0, patients: None, events: None, mean: f64::NAN };
    ReportData {
        format: ReportData::FORMAT,
        study: StudyFacts {
            title: String::new(),
            question: String::new(),
            intended_use: String::new(),
            not_for: Vec::new(),
            outcome: String::new(),
            outcome_kind: "binary".into(),
            data: String::new(),
            simulated: true,
        },
        flow: Vec::new(),
        split: SplitFacts {
            by: SplitBy::Patient,
            how: String::new(),
            train: side(),
            held_out: side(),
            folds: 0,
            exact_duplicates: 0,
            near_duplicates: 0,
        },
        preparation: Vec::new(),
        table_one: Vec::new(),
        findings: Vec::new(),
        models: Vec::new(),
        comparisons: Vec::new(),
        gates: Vec::new(),
        tripod: Vec::new(),
        manifest: ManifestFacts {
            version: String::new(),
            seed: 0,
            study_sha256: String::new(),
            data_sha256: Vec::new(),
            bundle_id: None,
            study_toml: String::new(),
        },
    }
}

/// Names that want to be markup, are very long, read from right to left, or are pictures; 200 levels.
pub(super) fn hostile() -> ReportData {
    let mut data = readmission();
    let nasty = "<script>alert(\"x\")</script>'\"><img src=x onerror=\"alert(1)\">&amp;";
    let long =
        "a_very_long_column_name_that_somebody_exported_from_a_warehouse_without_any_thought_".repeat(3);
    let names = [
        nasty.to_owned(),
        "العمر".to_owned(),
        "👩‍⚕️ nurse ✅ 病院".to_owned(),
        long,
        "\u{202E}gnirts \u{0}\u{7}".to_owned(),
    ];
    data.study.title = format!("{nasty} {}", names[3]);
    data.study.not_for.push(nasty.into());
    data.study.simulated = true;
    data.manifest.study_toml.push_str(nasty);
    data.findings.push(Finding { level: "warning".into(), text: nasty.into(), hint: names[4].clone() });
    data.flow.extend(names.iter().map(|name| step(name, 1, 99_000, 69_000, 11_000)));
    for (i, name) in names.iter().enumerate() {
        for model in &mut data.models {
            if let Some(row) = model.importance.get_mut(i) {
                row.predictor.clone_from(name);
            }
            if let Some(row) = model.coefficients.get_mut(i) {
                row.term.clone_from(name);
            }
            if let Some(row) = model.subgroups.get_mut(i) {
                row.level.clone_from(name);
            }
        }
        data.table_one.push(TableOneRow { predictor: name.clone(), ..data.table_one[0].clone() });
    }
    let (first, whole) = (data.table_one[0].clone(), data.models[0].subgroups[0].clone());
    data.table_one.extend((0..200).map(|i| TableOneRow {
        predictor: "diag_1".into(),
        level: format!("ICD <{i}>"),
        not_measured: (i == 0).then_some(21),
        ..first.clone()
    }));
    data.models[0].subgroups.extend((0..200).map(|i| SubgroupRow {
        level: format!("site {i}"),
        by: nasty.into(),
        ..whole.clone()
    }));
    data.models[0].name = nasty.into();
    data.models[1].name = names[3].clone();
    data.comparisons[0].first = nasty.into();
    let third = ModelReport { name: names[1].clone(), champion: false, ..data.models[1].clone() };
    data.models.push(third);
    data.tripod = super::tripod(&data);
    data
}

/// Numbers that are not numbers, curves that do not fit together.
pub(super) fn broken() -> ReportData {
    let mut data = readmission();
    let nan =
        || Estimate { value: Some(f64::NAN), low: Some(f64::NEG_INFINITY), high: None, how: "none".into() };
    if let Judgement::Binary(judgement) = &mut data.models[0].held_out {
        judgement.auroc = nan();
        judgement.calibration_slope = nan();
        judgement.roc.y[3] = f64::NAN;
        judgement.net_benefit.low.pop();
        judgement.net_benefit_all.clear();
        judgement.risks.non_events.pop();
        judgement.calibration_groups[0].observed = nan();
        judgement.thresholds[0].ppv = None;
        judgement.calibration.x.clear();
    }
    data.models[0].importance[0].drop = nan();
    data.models[0].folds[0].1[1] = Some(f64::INFINITY);
    data.models[0].folds.push(("empty".into(), Vec::new()));
    data.models[0].tuning.tried[0].mean = f64::NAN;
    data.models[1].tuning.tried[0].mean = f64::NAN;
    data.models[0].subgroups[0].discrimination = Some(nan());
    data.gates[0].found = Some(f64::NAN);
    data.split.folds = 0;
    data
}

fn step(label: &str, removed: usize, rows: usize, patients: usize, events: usize) -> FlowStep {
    FlowStep { label: label.into(), removed, rows, patients: Some(patients), events: Some(events) }
}

fn estimate(value: f64, half: f64, how: &str) -> Estimate {
    Estimate { value: Some(value), low: Some(value - half), high: Some(value + half), how: how.into() }
}

fn table_one() -> Vec<TableOneRow> {
    let number = |predictor: &str, unit: Option<&str>, cells: [&str; 3], missing: [usize; 3]| TableOneRow {
        predictor: predictor.into(),
        levels: None,
        level: String::new(),
        unit: unit.map(Into::into),
        cells: cells.map(Into::into),
        not_measured: Some(missing[0]),
        unreadable: Some(missing[1]),
        out_of_range: Some(missing[2]),
    };
    let level = |predictor: &str, level: &str, cells: [&str; 3], missing: Option<usize>| TableOneRow {
        predictor: predictor.into(),
        levels: None,
        level: level.into(),
        unit: None,
        cells: cells.map(Into::into),
        not_measured: missing,
        unreadable: missing.map(|_| 0),
        out_of_range: missing.map(|_| 0),
    };
    let mut rows = vec![
        number("time_in_hospital", Some("days"), ["4 [2, 6]", "4 [2, 7]", "4 [2, 6]"], [0, 0, 0]),
        number("num_lab_procedures", None, ["44 [31, 57]", "45 [33, 58]", "44 [31, 57]"], [0, 12, 3]),
        number("num_medications", None, ["15 [10, 20]", "16 [11, 21]", "15 [10, 20]"], [0, 0, 0]),
        number("number_inpatient", None, ["0 [0, 1]", "1 [0, 2]", "0 [0, 1]"], [0, 0, 0]),
        number("weight", Some("kg"), ["83 [62, 98]", "81 [60, 97]", "83 [62, 98]"], [96_199, 40, 6]),
        level("race", "Caucasian", ["74,220 (74.7 %)", "8,573 (75.8 %)", "65,647 (74.6 %)"], Some(2_234)),
        level("race", "AfricanAmerican", ["18,772 (18.9 %)", "2,140 (18.9 %)", "16,632 (18.9 %)"], None),
        level("race", "Hispanic", ["2,017 (2.0 %)", "211 (1.9 %)", "1,806 (2.1 %)"], None),
        level("race", "Other", ["1,471 (1.5 %)", "143 (1.3 %)", "1,328 (1.5 %)"], None),
        level("race", "Asian", ["626 (0.6 %)", "65 (0.6 %)", "561 (0.6 %)"], None),
        level("A1Cresult", "None", ["82,714 (83.3 %)", "9,600 (84.9 %)", "73,114 (83.1 %)"], Some(0)),
        level("A1Cresult", ">8", ["7,996 (8.0 %)", "789 (7.0 %)", "7,207 (8.2 %)"], None),
        level("A1Cresult", "Norm", ["4,893 (4.9 %)", "469 (4.1 %)", "4,424 (5.0 %)"], None),
        level("A1Cresult", ">7", ["3,737 (3.8 %)", "376 (3.3 %)", "3,361 (3.8 %)"], None),
    ];
    let specialties = [
        "InternalMedicine",
        "Emergency/Trauma",
        "Family/GeneralPractice",
        "Cardiology",
        "Surgery-General",
        "Nephrology",
        "Orthopedics",
        "Radiologist",
        "Pulmonology",
        "Psychiatry",
        "Urology",
    ];
    rows.extend(specialties.iter().enumerate().map(|(i, name)| {
        let n = 14_237 / (i + 1);
        level(
            "medical_specialty",
            name,
            [&format!("{n} ({:.1} %)", n as f64 / 993.4), "–", "–"],
            (i == 0).then_some(48_781),
        )
    }));
    rows
}

fn model(name: &str, kind: &str, champion: bool, judgement: &BinaryJudgement) -> ModelReport {
    let trees = kind.contains("trees");
    let auroc = judgement.auroc.value.unwrap_or(f64::NAN);
    let predictors = [
        "number_inpatient",
        "discharge_disposition_id",
        "diag_1",
        "number_diagnoses",
        "num_medications",
        "age",
        "time_in_hospital",
        "number_emergency",
        "medical_specialty",
        "payer_code",
        "A1Cresult",
        "insulin",
    ];
    ModelReport {
        name: name.into(),
        kind: kind.into(),
        champion,
        settings: if trees {
            [
                ("trees", "187"),
                ("leaves", "31"),
                ("learning rate", "0.05"),
                ("rows per tree", "80 %"),
                ("least rows per leaf", "100"),
            ]
            .map(|(a, b)| (a.into(), b.into()))
            .to_vec()
        } else {
            [("penalty", "0.00214"), ("mixing", "1"), ("choice", "one standard error")]
                .map(|(a, b)| (a.into(), b.into()))
                .to_vec()
        },
        parameters: if trees { 5_797 } else { 148 },
        candidate_parameters: 2_391,
        certificate: CertificateFacts {
            criterion: if trees {
                "validation loss did not fall for 30 rounds"
            } else {
                "relative duality gap"
            }
            .into(),
            iterations: if trees { 187 } else { 412 },
            gap: 7.3e-8,
            tolerance: 1e-7,
            seconds: Some(if trees { 3.42 } else { 0.81 }),
        },
        tuning: tuning(trees),
        folds: vec![
            ("AUROC".into(), [0.004, -0.007, 0.001, 0.009, -0.004].map(|d| Some(auroc + d)).to_vec()),
            (
                "Log loss".into(),
                [0.331, 0.338, 0.334, 0.329, 0.336].map(|v| Some(v + 0.9 * (0.67 - auroc))).to_vec(),
            ),
        ],
        held_out: Judgement::Binary(Box::new(judgement.clone())),
        subgroups: subgroups(auroc),
        importance: predictors
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let drop = 0.046 / (1.0 + i as f64).powf(1.3);
                Importance {
                    predictor: (*p).into(),
                    drop: estimate(drop - 0.001, 0.0011 + 0.03 * drop, "5 repeats"),
                }
            })
            .collect(),
        coefficients: [
            ("number_inpatient", 0.271),
            ("discharge_disposition_id = 22", 0.912),
            ("diabetesMed = Yes", 0.19),
            ("age = [10-20)", -0.43),
            ("number_emergency", 0.061),
            ("num_medications", 0.0041),
            ("discharge_disposition_id = 1", -0.187),
            ("diag_1 = 428", 0.214),
        ]
        .iter()
        .enumerate()
        .map(|(i, (term, b))| CoefficientRow {
            term: (*term).into(),
            coefficient: estimate(
                *b,
                0.02 + 0.3 * b.abs() / (1.0 + i as f64),
                "patient bootstrap, 200 replicates",
            ),
            standardised: 0.3 / (1.0 + i as f64) * b.signum(),
            selected: Some(1.0 - 0.07 * i as f64),
        })
        .collect(),
    }
}

fn tuning(trees: bool) -> TuningFacts {
    let tried = if trees {
        (0..12)
            .map(|i| {
                let (leaves, rate) = ([15, 31, 63, 127][i % 4], [0.03, 0.05, 0.1][i / 4]);
                TriedSetting {
                    label: format!("leaves {leaves}, learning rate {rate}"),
                    x: i as f64,
                    mean: 0.3338 + 0.0007 * ((i as f64 - 5.0) / 3.0).powi(2),
                    standard_error: 0.0021,
                    size: Some(400.0 - 25.0 * i as f64),
                    chosen: i == 5,
                }
            })
            .collect()
    } else {
        (0..60)
            .map(|i| {
                let x = -1.3 - 0.05 * f64::from(i);
                TriedSetting {
                    label: format!("penalty {:.2e}", 10_f64.powf(x)),
                    x,
                    mean: 0.3371 + 0.004 * ((x + 3.1) / 1.6).powi(2) + 0.0007 * (x + 3.1).powi(3).abs(),
                    standard_error: 0.0019,
                    size: Some((2.0 * 1.12_f64.powi(i)).round()),
                    chosen: i == 27,
                }
            })
            .collect()
    };
    TuningFacts {
        how: if trees {
            "grid of 12 settings, 5 patient-grouped folds, lowest log loss, 60 fits"
        } else {
            "path of 60 penalties, 5 patient-grouped folds, one-standard-error rule, 300 fits"
        }
        .into(),
        measure: "Log loss".into(),
        tried,
        axis: if trees { "setting" } else { "log10 penalty" }.into(),
        nested: Vec::new(),
    }
}

fn subgroups(auroc: f64) -> Vec<SubgroupRow> {
    let groups = [
        ("age", "under 40", 812, 89, 0.011),
        ("age", "40 to 65", 7_701, 823, 0.018),
        ("age", "65 and over", 11_840, 1_366, -0.012),
        ("gender", "Female", 10_912, 1_238, -0.004),
        ("gender", "Male", 9_441, 1_040, 0.006),
        ("race", "Caucasian", 15_208, 1_733, -0.003),
        ("race", "AfricanAmerican", 3_846, 421, 0.009),
        ("race", "Hispanic", 413, 44, -0.021),
        ("race", "Asian", 128, 14, 0.044),
        ("race", "Other", 9, 0, 0.0),
    ];
    groups
        .iter()
        .map(|&(by, level, rows, events, d)| {
            let half = 1.1 / f64::from(events.max(1)).sqrt();
            let some = |value: f64, times: f64| {
                (events > 0).then(|| estimate(value, half * times, "patient bootstrap, 1000 replicates"))
            };
            SubgroupRow {
                by: by.into(),
                level: level.into(),
                rows,
                events: events as usize,
                discrimination: some(auroc + d, 0.32),
                calibration_intercept: some(-0.02 + 2.0 * d, 1.6),
                calibration_slope: some(0.93 + 1.5 * d, 2.2),
                observed_expected: some(0.99 + 2.4 * d, 1.3),
                error: some(0.096 + 0.1 * d, 0.1),
                net_benefit: some(0.019 + 0.1 * d, 0.06),
                note: (events == 0).then(|| "no events: nothing can be told apart".into()),
            }
        })
        .collect()
}

fn numbers(rmse: f64) -> ContinuousJudgement {
    let x: Vec<f64> = (0..40).map(|i| 1.5 + 0.25 * f64::from(i)).collect();
    let y: Vec<f64> = x.iter().map(|x| 0.2 + 0.95 * x).collect();
    ContinuousJudgement {
        rows: 20_353,
        patients: 13_997,
        resampling: "patient bootstrap, 1000 replicates, percentile".into(),
        rmse: estimate(rmse, 0.031, "patient bootstrap"),
        mae: estimate(1.742, 0.022, "patient bootstrap"),
        r_squared: estimate(0.381, 0.012, "patient bootstrap"),
        calibration_intercept: estimate(0.203, 0.09, "patient bootstrap"),
        calibration_slope: estimate(0.951, 0.021, "patient bootstrap"),
        calibration: Curve {
            low: x.iter().zip(&y).map(|(x, y)| y - 0.05 - 0.03 * (x - 4.0).abs()).collect(),
            high: x.iter().zip(&y).map(|(x, y)| y + 0.05 + 0.03 * (x - 4.0).abs()).collect(),
            x,
            y,
        },
        calibration_groups: (0..10)
            .map(|i| {
                let expected = 2.0 + 0.75 * f64::from(i);
                CalibrationGroup {
                    rows: 2_035,
                    expected,
                    observed: estimate(0.2 + 0.95 * expected + 0.1 * f64::from(i % 3 - 1), 0.12, "t"),
                }
            })
            .collect(),
        residual_quartiles: [-1.38, -0.31, 1.02],
    }
}

/// A judgement of simulated risks: the curves are made from the same rows, so that they agree with each other.
fn scores(rows: usize, spread: f64, slope: f64, seed: u64) -> BinaryJudgement {
    let mut state = seed;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let mut pairs: Vec<(f64, bool)> = (0..rows)
        .map(|_| {
            let normal = (-2.0 * uniform().ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
            let eta = -2.26 + spread * normal;
            let truth = 1.0 / (1.0 + (-(eta * slope - 2.26 * (1.0 - slope))).exp());
            (1.0 / (1.0 + (-eta).exp()), uniform() < truth)
        })
        .collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let events = pairs.iter().filter(|p| p.1).count();
    let (n, p) = (rows as f64, events as f64);
    let frequency = p / n;
    let (mut tp, mut fp, mut area, mut average) = (0.0, 0.0, 0.0, 0.0);
    let (mut roc, mut pr) = (curve(), curve());
    roc.x.push(0.0);
    roc.y.push(0.0);
    for (i, (_, event)) in pairs.iter().enumerate() {
        if *event {
            tp += 1.0;
            average += tp / (tp + fp) / p;
        } else {
            fp += 1.0;
            area += tp / p / (n - p);
        }
        if (i + 1) % (rows / 150) == 0 || i + 1 == rows {
            roc.x.push(fp / (n - p));
            roc.y.push(tp / p);
            pr.x.push(tp / p);
            pr.y.push(tp / (tp + fp));
        }
    }
    let brier = pairs.iter().map(|(r, y)| (r - f64::from(u8::from(*y))).powi(2)).sum::<f64>() / n;
    let expected: f64 = pairs.iter().map(|(r, _)| r).sum();
    let counts = |at: f64| {
        let tp = pairs.iter().filter(|(r, y)| *r >= at && *y).count();
        let alerts = pairs.iter().filter(|(r, _)| *r >= at).count();
        (tp, alerts - tp)
    };
    let benefit = |at: f64| {
        let (tp, fp) = counts(at);
        tp as f64 / n - fp as f64 / n * at / (1.0 - at)
    };
    let grid: Vec<f64> = (1..=50).map(|i| 0.01 * f64::from(i)).collect();
    let y: Vec<f64> = grid.iter().map(|&at| benefit(at)).collect();
    let band =
        |sign: f64| grid.iter().zip(&y).map(|(at, y)| y + sign * (0.0042 - 0.005 * at).max(0.0012)).collect();
    let net_benefit = Curve { low: band(-1.0), high: band(1.0), x: grid.clone(), y: y.clone() };
    let bins = 50;
    let mut risks = RiskDistribution {
        edges: (0..=bins).map(|i| i as f64 / bins as f64).collect(),
        events: vec![0; bins],
        non_events: vec![0; bins],
        event_quartiles: quartiles(&pairs, true),
        non_event_quartiles: quartiles(&pairs, false),
    };
    for (risk, event) in &pairs {
        let bin = ((risk * bins as f64) as usize).min(bins - 1);
        if *event { risks.events[bin] += 1 } else { risks.non_events[bin] += 1 }
    }
    let boot = "patient bootstrap, 1000 replicates, percentile";
    let wilson = |part: usize, whole: usize| {
        let (x, m, z2) = (part as f64, whole as f64, 3.8415_f64);
        let (mid, half) = ((x + z2 / 2.0) / (m + z2), (z2 * (x * (m - x) / m + z2 / 4.0)).sqrt() / (m + z2));
        Estimate { value: Some(x / m), low: Some(mid - half), high: Some(mid + half), how: "Wilson".into() }
    };
    let x: Vec<f64> = (1..=45).map(|i| 0.012 * f64::from(i)).collect();
    let smooth: Vec<f64> = x
        .iter()
        .map(|x| {
            let eta: f64 = (x / (1.0 - x)).ln();
            1.0 / (1.0 + (-(eta * slope - 2.26 * (1.0 - slope))).exp())
        })
        .collect();
    let wide = |sign: f64| {
        x.iter().zip(&smooth).map(|(x, y)| y + sign * (0.004 + 0.35 * (x - 0.09).powi(2))).collect()
    };
    let calibration = Curve { low: wide(-1.0), high: wide(1.0), x: x.clone(), y: smooth.clone() };
    let groups = pairs
        .chunks(rows.div_ceil(10))
        .rev()
        .map(|chunk| CalibrationGroup {
            rows: chunk.len(),
            expected: chunk.iter().map(|(r, _)| r).sum::<f64>() / chunk.len() as f64,
            observed: wilson(chunk.iter().filter(|(_, y)| *y).count(), chunk.len()),
        })
        .collect();
    BinaryJudgement {
        rows,
        events,
        patients: 13_997,
        resampling: boot.into(),
        auroc: estimate(area, 0.0121, "DeLong"),
        auprc: estimate(average, 0.0142, boot),
        brier: estimate(brier, 0.0031, boot),
        scaled_brier: estimate(1.0 - brier / (frequency * (1.0 - frequency)), 0.0061, boot),
        calibration_intercept: estimate(-0.021, 0.046, boot),
        calibration_slope: estimate(slope - 0.02, 0.061, boot),
        observed_expected: estimate(p / expected, 0.041, boot),
        ici: Estimate { value: Some(0.0061), low: Some(0.0034), high: Some(0.0102), how: boot.into() },
        e50: Estimate { value: Some(0.0047), low: Some(0.0021), high: Some(0.0081), how: boot.into() },
        e90: Estimate { value: Some(0.0118), low: Some(0.0062), high: Some(0.0213), how: boot.into() },
        emax: Estimate { value: Some(0.0871), low: Some(0.0303), high: Some(0.1942), how: boot.into() },
        roc,
        precision_recall: pr,
        calibration,
        calibration_groups: groups,
        net_benefit,
        net_benefit_all: grid.iter().map(|t| frequency - (1.0 - frequency) * t / (1.0 - t)).collect(),
        risks,
        thresholds: [0.1, 0.15, 0.2, 0.3]
            .iter()
            .map(|&at| {
                let (tp, fp) = counts(at);
                ThresholdRow {
                    threshold: at,
                    true_positives: tp,
                    false_positives: fp,
                    true_negatives: rows - events - fp,
                    false_negatives: events - tp,
                    sensitivity: wilson(tp, events),
                    specificity: wilson(rows - events - fp, rows - events),
                    ppv: (tp + fp > 0).then(|| wilson(tp, tp + fp)),
                    npv: Some(wilson(rows - events - fp, rows - tp - fp)),
                    alerts_per_100: 100.0 * (tp + fp) as f64 / n,
                    net_benefit: estimate(benefit(at), 0.0037, boot),
                }
            })
            .collect(),
    }
}

fn curve() -> Curve {
    Curve { x: Vec::new(), y: Vec::new(), low: Vec::new(), high: Vec::new() }
}

fn quartiles(pairs: &[(f64, bool)], event: bool) -> Option<[f64; 3]> {
    let mut risks: Vec<f64> = pairs.iter().filter(|(_, y)| *y == event).map(|(r, _)| *r).collect();
    risks.sort_by(f64::total_cmp);
    Some([1, 2, 3].map(|q| risks[risks.len() * q / 4]))
}
