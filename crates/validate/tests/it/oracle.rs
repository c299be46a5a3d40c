//! The same numbers as R and scikit-learn: `oracles/validate` has the scripts, the versions and the tables.

use std::path::Path;

use bedside_table::Seed;
use bedside_validate::{
    compare, delong, intercept_given_slope_one, lowess, normal_quantile, paired, quick, recalibrate, wilson,
};
use serde_json::Value;

use crate::held_out::{Held, few};

/// Tolerances, absolute and relative to 1.
const DELONG: f64 = 1e-10;
const CALIBRATION: f64 = 1e-8;
const NET_BENEFIT: f64 = 1e-12;
const EXACT: f64 = 1e-12;
/// `lrm.fit` stops when the deviance changes by less than 0.025, so its line is only near the likeliest one.
const EARLY: f64 = 2e-3;

#[expect(clippy::disallowed_methods, reason = "golden tables are files")]
fn golden(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracles/validate").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn list(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
}

fn number(value: &Value, name: &str) -> f64 {
    value[name].as_f64().unwrap_or_else(|| panic!("no number `{name}`"))
}

fn close(name: &str, what: &str, found: f64, expected: f64, tolerance: f64) {
    let far = (found - expected).abs() / expected.abs().max(1.0);
    assert!(far <= tolerance, "{name}, {what}: found {found}, expected {expected}, {far:e} apart");
}

/// Each case of the table: its name and what R says.
fn cases() -> Vec<(String, Value)> {
    let all = golden("judge.json")["cases"].as_object().expect("cases").clone();
    assert_eq!(all.len(), 5);
    all.into_iter().collect()
}

#[test]
fn delong_is_that_of_proc() {
    for (name, case) in cases() {
        let (y, a, b) = (list(&case["y"]), list(&case["first"]), list(&case["second"]));
        let (first, second) = (delong(&a, &y).unwrap(), delong(&b, &y).unwrap());
        close(&name, "AUROC", first.auroc, number(&case, "auc"), DELONG);
        close(&name, "variance", first.variance, number(&case, "variance"), DELONG);
        close(&name, "second AUROC", second.auroc, number(&case, "auc_second"), DELONG);
        close(&name, "second variance", second.variance, number(&case, "variance_second"), DELONG);
        let test = paired(&a, &b, &y).unwrap();
        close(&name, "z", test.difference / test.variance.sqrt(), number(&case, "paired_z"), DELONG);
        close(&name, "p", test.p.unwrap(), number(&case, "paired_p"), DELONG);
        let held = Held::risks(&a, &y, None);
        let judged = held.judged_risks(&few(&[])).auroc;
        close(&name, "low", judged.low.unwrap(), number(&case, "auc_low"), DELONG);
        close(&name, "high", judged.high.unwrap(), number(&case, "auc_high"), DELONG);
        let other = Held::risks(&b, &y, None);
        let settings = few(&[]);
        let both = compare("a", &held.case().unwrap(), "b", &other.case().unwrap(), &settings, Seed::new(1))
            .unwrap();
        close(&name, "p of the comparison", both.p_delong.unwrap(), number(&case, "paired_p"), DELONG);
    }
}

#[test]
fn calibration_is_that_of_rms_and_glm() {
    for (name, case) in cases() {
        let (y, p) = (list(&case["y"]), list(&case["first"]));
        let judged = Held::risks(&p, &y, None).judged_risks(&few(&[]));
        for (what, found) in [
            ("brier", &judged.brier),
            ("ici", &judged.ici),
            ("e50", &judged.e50),
            ("e90", &judged.e90),
            ("emax", &judged.emax),
            ("slope", &judged.calibration_slope),
            ("in_the_large", &judged.calibration_intercept),
        ] {
            close(&name, what, found.value.unwrap(), number(&case, what), CALIBRATION);
        }
        let line = recalibrate(&p, &y).unwrap();
        assert!(line.certificate.converged());
        close(&name, "intercept", line.intercept, number(&case, "intercept"), CALIBRATION);
        close(&name, "intercept of rms", line.intercept, number(&case, "rms_intercept"), EARLY);
        close(&name, "slope of rms", line.slope, number(&case, "rms_slope"), EARLY);
        let large = intercept_given_slope_one(&p, &y).unwrap();
        close(&name, "in the large", large, number(&case, "in_the_large"), CALIBRATION);
    }
}

#[test]
fn the_smooth_curve_is_that_of_r() {
    let table = golden("judge.json");
    let check = |name: &str, x: &[f64], y: &[f64], expected: &[f64]| {
        let found = lowess(x, y);
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            close(name, "lowess", *found, *expected, 1e-11);
        }
    };
    let curve = &table["curve"];
    check("curve", &list(&curve["x"]), &list(&curve["y"]), &list(&curve["smooth"]));
    for (name, case) in cases() {
        let mut rows: Vec<(f64, f64)> = list(&case["first"]).into_iter().zip(list(&case["y"])).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let smooth = lowess(&x, &y);
        let distinct: Vec<f64> =
            (0..x.len()).filter(|&i| i == 0 || x[i] > x[i - 1]).map(|i| smooth[i]).collect();
        for (found, expected) in distinct.iter().zip(list(&case["lowess"])) {
            close(&name, "lowess", *found, expected, 1e-11);
        }
    }
}

#[test]
fn net_benefit_and_proportions_are_those_of_r() {
    for (name, case) in cases() {
        let (y, p) = (list(&case["y"]), list(&case["first"]));
        let patients: Vec<u32> = list(&case["patient"]).into_iter().map(|v| v as u32).collect();
        let thresholds = list(&case["thresholds"]);
        let expected = list(&case["net_benefit"]);
        let judged = Held::risks(&p, &y, None).judged_risks(&few(&thresholds));
        for (k, row) in judged.thresholds.iter().enumerate() {
            close(&name, "net benefit", row.net_benefit.value.unwrap(), expected[k], NET_BENEFIT);
            let place = (row.threshold * 100.0).round() as usize - 1;
            close(&name, "net benefit of the curve", judged.net_benefit.y[place], expected[k], NET_BENEFIT);
        }
        for (k, row) in [&judged.thresholds[1], &judged.thresholds[2]].into_iter().enumerate() {
            close(&name, "Wilson, low", row.sensitivity.low.unwrap(), list(&case["wilson_low"])[k], EXACT);
            close(&name, "Wilson, high", row.sensitivity.high.unwrap(), list(&case["wilson_high"])[k], EXACT);
        }
        if name == "patients" {
            let judged = Held::risks(&p, &y, Some(&patients)).judged_risks(&few(&[0.5]));
            let found = &judged.thresholds[0].sensitivity;
            let expected = list(&case["clustered"]);
            assert!(expected[3] > 1.05, "the design effect must matter here");
            close(&name, "share", found.value.unwrap(), expected[0], EXACT);
            close(&name, "low with repeated patients", found.low.unwrap(), expected[1], EXACT);
            close(&name, "high with repeated patients", found.high.unwrap(), expected[2], EXACT);
        }
    }
    let p = wilson(3, 7, 0.95).unwrap();
    // prop.test(3, 7, correct = FALSE)$conf.int in R 4.2.2.
    close("3 of 7", "Wilson", p.low.unwrap(), 0.158_219_855_251_469_7, EXACT);
}

#[test]
fn normal_quantiles_are_those_of_r() {
    let table = golden("judge.json");
    for (p, z) in list(&table["normal"]["p"]).into_iter().zip(list(&table["normal"]["z"])) {
        close("normal", "quantile", normal_quantile(p), z, 1e-14);
    }
}

#[test]
fn quick_measures_are_those_of_scikit_learn() {
    let table = golden("judge_sklearn.json");
    for (name, case) in cases() {
        let (y, p) = (list(&case["y"]), list(&case["first"]));
        let expected = &table["cases"][&name];
        let weights = list(&expected["weight"]);
        for (what, found) in [
            ("average_precision", quick::average_precision(&p, &y).unwrap()),
            ("brier", quick::brier(&p, &y)),
            ("log_loss", quick::log_loss(&p, &y)),
            ("auroc", quick::auroc(&p, &y).unwrap()),
            ("auroc_weighted", quick::auroc_weighted(&p, &y, &weights).unwrap()),
            ("mae", quick::mae(&p, &y)),
            ("rmse", quick::rmse(&p, &y)),
            ("r2", quick::r_squared(&p, &y).unwrap()),
        ] {
            close(&name, what, found, number(expected, what), EXACT);
        }
        let found = quick::interpolated_precision(&p, &y).unwrap();
        close(&name, "interpolated", found, number(expected, "interpolated"), 1e-11);
        let judged = Held::risks(&p, &y, None).judged_risks(&few(&[]));
        close(&name, "AUPRC", judged.auprc.value.unwrap(), number(expected, "average_precision"), EXACT);
    }
}
