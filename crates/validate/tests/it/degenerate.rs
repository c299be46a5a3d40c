//! What cannot be judged is an error or an explained absence, never a number that is none.

use bedside_table::Seed;
use bedside_validate::{
    BinaryJudgement, Case, JudgeError, JudgeSettings, Judgement, compare, delong, judge, paired, quick,
    recalibrate, subgroups,
};

use crate::held_out::{Held, calibrated, few};

/// No number anywhere is NaN or infinite.
pub(crate) fn only_numbers(what: &impl std::fmt::Debug) {
    let words = format!("{what:?}");
    assert!(!words.contains("NaN") && !words.contains("inf"), "{words}");
}

/// The measures by name, with whether they are estimable.
fn absent(judged: &BinaryJudgement) -> Vec<&'static str> {
    let all = [
        ("auroc", &judged.auroc),
        ("auprc", &judged.auprc),
        ("brier", &judged.brier),
        ("scaled_brier", &judged.scaled_brier),
        ("intercept", &judged.calibration_intercept),
        ("slope", &judged.calibration_slope),
        ("observed_expected", &judged.observed_expected),
        ("ici", &judged.ici),
        ("emax", &judged.emax),
    ];
    let none = all.into_iter().filter(|(_, estimate)| estimate.value.is_none());
    none.map(|(name, estimate)| {
        assert!(estimate.low.is_none() && estimate.high.is_none() && !estimate.how.is_empty(), "{name}");
        name
    })
    .collect()
}

#[test]
fn rows_of_one_class_are_judged_by_what_they_can_say() {
    for event in [0.0, 1.0] {
        let held = Held::risks(&[0.1, 0.2, 0.3, 0.2, 0.05], &[event; 5], None);
        let judged = held.judged_risks(&few(&[0.15]));
        only_numbers(&judged);
        let mut expected = vec!["auroc", "scaled_brier", "intercept", "slope"];
        // Without events there is no precision either.
        if event < 0.5 {
            expected.insert(1, "auprc");
        }
        assert_eq!(absent(&judged), expected);
        assert_eq!(judged.auroc.how, JudgeError::OneClass { rows: 5 }.to_string());
        let (with, without) = (&judged.thresholds[0].sensitivity, &judged.thresholds[0].specificity);
        let (none, some) = if event < 0.5 { (with, without) } else { (without, with) };
        assert!(none.value.is_none() && some.value.is_some());
        assert!(none.how.contains(if event < 0.5 { "with the event" } else { "without the event" }));
        let quartiles = (judged.risks.event_quartiles, judged.risks.non_event_quartiles);
        assert_eq!(quartiles.0.is_some(), event > 0.5);
        assert_eq!(quartiles.1.is_some(), event < 0.5);
        let same = compare("a", &held.case().unwrap(), "b", &held.case().unwrap(), &few(&[]), Seed::new(1));
        let same = same.unwrap();
        assert_eq!((same.difference.value, same.error_difference.value), (None, Some(0.0)));
    }
}

#[test]
fn two_rows_are_refused() {
    let held = Held::risks(&[0.1, 0.2], &[0.0, 1.0], None);
    assert_eq!(held.case().unwrap_err(), JudgeError::TooFew { rows: 2, least: 3 });
}

#[test]
fn a_score_that_is_no_risk_is_refused_with_its_row() {
    let held = Held::risks(&[0.1, 1.2, 0.3], &[0.0, 1.0, 0.0], None);
    assert_eq!(held.case().unwrap_err(), JudgeError::NotARisk { row: 1 });
}

#[test]
fn lists_of_different_length_are_refused() {
    let held = Held::risks(&[0.1, 0.2, 0.3], &[0.0, 1.0, 0.0], None);
    let other = Held::risks(&[0.1, 0.2, 0.3, 0.4], &[0.0, 1.0, 0.0, 1.0], None);
    assert!(matches!(Case::new(&other.scores, &held.outcome, None), Err(JudgeError::Table(_))));
    assert!(matches!(Case::new(&held.scores, &held.outcome, Some(&[1, 2])), Err(JudgeError::Table(_))));
}

#[test]
fn equal_scores_are_judged_by_what_they_can_say() {
    let held = Held::risks(&[0.3; 8], &[0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], None);
    let judged = held.judged_risks(&few(&[0.2]));
    only_numbers(&judged);
    assert_eq!(absent(&judged), ["slope", "ici", "emax"]);
    assert_eq!(judged.auroc.value, Some(0.5));
    let far = judged.calibration_intercept.value.unwrap() - ((3.0f64 / 5.0).ln() - (0.3f64 / 0.7).ln());
    assert!(far.abs() < 1e-9, "{far}");
    assert!(judged.calibration.x.is_empty() && judged.calibration_slope.how.contains("the same score"));
    let numbers = Held::numbers(&[0.3; 4], &[1.0, 2.0, 3.0, 4.0], None).judged_numbers(&few(&[]));
    only_numbers(&numbers);
    assert!(numbers.rmse.value.is_some() && numbers.r_squared.value.is_some());
    assert_eq!((numbers.calibration_slope.value, numbers.calibration_intercept.value), (None, None));
    let flat = Held::numbers(&[0.1, 0.2, 0.3, 0.4], &[2.0; 4], None).judged_numbers(&few(&[]));
    only_numbers(&flat);
    assert_eq!((flat.r_squared.value, flat.calibration_slope.value), (None, Some(0.0)));
}

#[test]
fn separated_classes_have_all_measures_but_the_slope() {
    let (p, y) = ([0.1, 0.2, 0.3, 0.3, 0.8, 0.9], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
    assert_eq!(recalibrate(&p, &y).unwrap_err(), JudgeError::Separated);
    let other = y.map(|y| 1.0 - y);
    assert_eq!(recalibrate(&p, &other).unwrap_err(), JudgeError::Separated);
    for y in [y, other] {
        let judged = Held::risks(&p, &y, None).judged_risks(&few(&[]));
        only_numbers(&judged);
        assert_eq!(absent(&judged), ["slope"]);
        assert_eq!(judged.calibration_slope.how, JudgeError::Separated.to_string());
    }
    // One row on the wrong side, and the slope exists.
    assert!(recalibrate(&[0.1, 0.2, 0.3, 0.25], &[0.0, 0.0, 0.0, 1.0]).is_ok());
}

#[test]
fn risks_that_differ_by_rounding_do_not_break_the_slope() {
    let p: Vec<f64> = (0..40).map(|k| 0.2 + f64::from(k % 7) * 1e-9).collect();
    let y: Vec<f64> = (0..40).map(|k| f64::from(u8::from(k % 3 == 0))).collect();
    let line = recalibrate(&p, &y).unwrap();
    assert!(line.certificate.converged() && line.slope.is_finite());
    only_numbers(&Held::risks(&p, &y, None).judge(&few(&[0.2])).unwrap());
}

#[test]
fn three_rows_give_numbers_or_say_why_not() {
    let held = Held::risks(&[0.2, 0.3, 0.4], &[0.0, 1.0, 0.0], None);
    let judged = held.judged_risks(&few(&[0.25, 0.99]));
    only_numbers(&judged);
    assert_eq!((judged.auroc.value, judged.auroc.low), (Some(0.5), None));
    assert_eq!(judged.auroc.how, "no interval: a class has a single row");
    assert_eq!(judged.thresholds[1].ppv, None);
    assert!(judged.thresholds[0].npv.is_some());
    only_numbers(&Held::numbers(&[0.2, 0.3, 0.4], &[1.0, 1.5, 1.2], None).judge(&few(&[])).unwrap());
}

#[test]
fn risks_of_0_and_1_are_judged_and_named() {
    let (mut p, y) = calibrated(200, 5);
    (p[0], p[1], p[2]) = (0.0, 1.0, 1.0);
    let judged = Held::risks(&p, &y, None).judged_risks(&few(&[0.5]));
    only_numbers(&judged);
    let how = &judged.calibration_slope.how;
    assert!(how.ends_with("; 3 risks of 0 or 1 taken as 1e-12 from there"), "{how}");
    assert!(!judged.brier.how.contains("taken as"));
    only_numbers(&quick::log_loss(&p, &y));
}

#[test]
fn areas_of_1_have_no_interval() {
    let (p, y) = ([0.1, 0.2, 0.8, 0.9], [0.0, 0.0, 1.0, 1.0]);
    let found = delong(&p, &y).unwrap();
    assert_eq!((found.auroc, found.variance), (1.0, 0.0));
    // Two areas without variance that differ: the test does not apply. Equal ones do not differ.
    assert_eq!(paired(&p, &[0.5; 4], &y).unwrap().p, None);
    assert_eq!(paired(&p, &p, &y).unwrap().p, Some(1.0));
    assert_eq!(delong(&[0.1, 0.2], &[0.0, 0.0]).unwrap_err(), JudgeError::OneClass { rows: 2 });
    assert_eq!(delong(&[0.1, 0.2], &[0.0, 1.0]).unwrap_err(), JudgeError::TooFew { rows: 2, least: 4 });
}

#[test]
fn one_patient_alone_has_no_interval() {
    let (p, y) = calibrated(50, 6);
    let judged = Held::risks(&p, &y, Some(&[7; 50])).judged_risks(&few(&[0.3]));
    only_numbers(&judged);
    assert_eq!(judged.patients, 1);
    assert_eq!((judged.brier.low, judged.calibration_slope.low), (None, None));
    assert_eq!(judged.thresholds[0].sensitivity.low, None);
}

#[test]
fn settings_out_of_range_are_refused() {
    let (p, y) = calibrated(50, 7);
    let held = Held::risks(&p, &y, None);
    let usual = JudgeSettings::default;
    for (settings, expected) in [
        (JudgeSettings { thresholds: vec![0.1, f64::NAN], ..usual() }, "thresholds"),
        (JudgeSettings { thresholds: vec![1.0], ..usual() }, "thresholds"),
        (JudgeSettings { replicates: 99, ..usual() }, "replicates"),
        (JudgeSettings { replicates: usize::MAX, ..usual() }, "replicates"),
        (JudgeSettings { confidence: 1.0, ..usual() }, "confidence"),
        (JudgeSettings { net_benefit: vec![0.2, 0.1], ..usual() }, "net_benefit"),
        (JudgeSettings { net_benefit: vec![0.0], ..usual() }, "net_benefit"),
    ] {
        let refused = held.judge(&settings).unwrap_err();
        assert!(matches!(refused, JudgeError::Setting { setting, .. } if setting == expected), "{refused}");
    }
}

#[test]
fn models_are_compared_on_the_same_rows_only() {
    let (p, y) = calibrated(60, 8);
    let mut other = y.clone();
    other[3] = 1.0 - other[3];
    let (first, second) = (Held::risks(&p, &y, None), Held::risks(&p, &other, None));
    let settings = few(&[]);
    let refused = compare("a", &first.case().unwrap(), "b", &second.case().unwrap(), &settings, Seed::new(1))
        .unwrap_err();
    assert!(matches!(refused, JudgeError::DifferentRows { what: "outcomes", .. }));
    let patients: Vec<u32> = (0..60).map(|k| k / 2).collect();
    let third = Held::risks(&p, &y, Some(&patients));
    let refused = compare("a", &first.case().unwrap(), "c", &third.case().unwrap(), &settings, Seed::new(1))
        .unwrap_err();
    assert!(matches!(refused, JudgeError::DifferentRows { what: "patients", .. }));
}

#[test]
fn small_subgroups_say_why_they_are_empty() {
    let (p, y) = calibrated(300, 9);
    let held = Held::risks(&p, &y, None);
    let levels = ["most".to_owned(), "few".to_owned(), "nobody".to_owned()];
    let of_row: Vec<u32> = (0..300)
        .map(|row| {
            if row < 6 {
                1
            } else if row < 40 {
                u32::MAX
            } else {
                0
            }
        })
        .collect();
    let rows =
        subgroups(&held.case().unwrap(), "ward", &levels, &of_row, &few(&[0.3]), Seed::new(1)).unwrap();
    only_numbers(&rows);
    let named: Vec<(&str, usize)> = rows.iter().map(|row| (row.level.as_str(), row.rows)).collect();
    assert_eq!(named, [("most", 260), ("few", 6), ("missing", 34)]);
    assert!(rows[0].discrimination.is_some() && rows[0].net_benefit.is_some() && rows[0].note.is_none());
    assert!(rows[1].discrimination.is_none() && rows[1].note.as_deref().unwrap().contains("too few"));
    let stray = vec![3; 300];
    let refused =
        subgroups(&held.case().unwrap(), "ward", &levels, &stray, &few(&[]), Seed::new(1)).unwrap_err();
    assert!(matches!(refused, JudgeError::NoSuchLevel { row: 0, found: 3, levels: 3, .. }));
}

#[test]
fn subgroups_without_errors_keep_their_area() {
    let p: Vec<f64> = (0..40).map(|k| 0.01 + f64::from(k) * 0.02).collect();
    let y: Vec<f64> = (0..40).map(|k| f64::from(u8::from(k >= 20))).collect();
    let held = Held::risks(&p, &y, None);
    let levels = ["all".to_owned()];
    let rows = subgroups(&held.case().unwrap(), "ward", &levels, &[0; 40], &few(&[]), Seed::new(1)).unwrap();
    only_numbers(&rows);
    let area = rows[0].discrimination.as_ref().unwrap();
    assert_eq!((area.value, area.low), (Some(1.0), None));
    assert!(rows[0].calibration_slope.is_none() && rows[0].note.is_some());
}

#[test]
fn a_judgement_survives_being_written_down() {
    let (p, y) = calibrated(120, 10);
    let judged = judge(&Held::risks(&p, &y, None).case().unwrap(), &few(&[0.2]), Seed::new(2)).unwrap();
    let words = serde_json::to_string(&judged).unwrap();
    assert_eq!(serde_json::from_str::<Judgement>(&words).unwrap(), judged);
}
