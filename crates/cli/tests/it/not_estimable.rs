//! Measures that held-out rows do not have: said in their place, while the run goes on.

use std::fmt::Write as _;

use crate::program::{Place, text};

const STUDY: &str = r#"
[study]
title = "Easy or empty"
question = "What is left to say?"
intended-use = "To test."
seed = 3

[data]
path = "table.csv"

[columns]
time = "year"
site = "site"

[outcome]
column = "ill"
event = 1

[report]
subgroups = ["site"]
replicates = 100

[[model]]
name = "ridge"
kind = "ridge"
"#;

/// Rows whose outcome follows from six numbers together, and from none alone; `event` may overrule it by site and year.
fn table(rows: usize, event: impl Fn(bool, &str, usize) -> bool) -> String {
    let mut state = 12345u64;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f64 / f64::from(1u32 << 24)
    };
    let mut csv = "a,b,c,d,e,f,year,site,ill\n".to_owned();
    let mut made = 0;
    while made < rows {
        let x: Vec<f64> = (0..6).map(|_| uniform()).collect();
        let sum: f64 = x.iter().sum::<f64>() - 3.0;
        // A gap between the classes, so that any fit that is nearly right tells them apart.
        if sum.abs() < 0.35 {
            continue;
        }
        let (site, year) = (["north", "south", "east", "west"][made % 4], 2000 + made * 10 / rows);
        let ill = u8::from(event(sum > 0.0, site, year));
        let cells: Vec<String> = x.iter().map(|v| format!("{v:.4}")).collect();
        let _ = writeln!(csv, "{},{year},{site},{ill}", cells.join(","));
        made += 1;
    }
    csv
}

fn report(place: &Place) -> serde_json::Value {
    serde_json::from_str(&place.read("out/report.json")).unwrap()
}

fn warnings(report: &serde_json::Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .filter(|finding| finding["level"] == "warning")
        .map(|finding| finding["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn scores_without_an_error_are_reported_and_their_slope_is_said_not_to_exist() {
    let place = Place::empty();
    place.write("table.csv", &table(900, |ill, _, _| ill));
    place.write(
        "study.toml",
        &format!(
            "{STUDY}\n[split]\nby = \"row\"\n[gates]\nauroc = \">= 0.9\"\ncalibration-slope = \"0.8..1.2\"\n"
        ),
    );
    let done = place.call(&["run", "study.toml", "--out", "out"]);
    // The objective that cannot be looked at is not met, and is said so with its reason.
    assert_eq!(done.status.code(), Some(1), "{}", text(&done));
    let report = report(&place);
    let judged = &report["models"][0]["held_out"];
    assert_eq!(judged["auroc"]["value"], 1.0);
    let slope = &judged["calibration_slope"];
    assert!(
        slope["value"].is_null() && slope["how"].as_str().unwrap().contains("without a single error"),
        "{slope}"
    );
    assert!(judged["brier"]["value"].is_number() && judged["ici"]["value"].is_number());
    let gate = &report["gates"][1];
    assert_eq!(
        (gate["measure"].as_str(), gate["passed"].as_bool()),
        (Some("calibration-slope"), Some(false))
    );
    assert!(
        gate["found"].is_null() && gate["why"].as_str().unwrap().contains("without a single error"),
        "{gate}"
    );
    let said = text(&done);
    assert!(said.contains("Calibration slope") && said.contains("not estimable"), "{said}");
    assert!(
        warnings(&report).iter().any(|text| text.contains("of `ridge` not estimable: Calibration slope"))
    );
    assert!(place.read("out/report.html").contains("not estimable: the scores separate events"));
    // The page can be drawn again from the data, absent numbers and all.
    let again = place.call(&["report", "out/report.json", "--out", "again.html"]);
    assert!(again.status.success(), "{}", text(&again));
}

#[test]
fn held_out_rows_of_one_class_are_judged_by_what_they_can_say() {
    let place = Place::empty();
    place.write("table.csv", &table(900, |ill, _, year| ill && year < 2008));
    place.write("study.toml", &format!("{STUDY}\n[split]\nby = \"time\"\ncut = 2008\n"));
    let done = place.call(&["run", "study.toml", "--out", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report = report(&place);
    let judged = &report["models"][0]["held_out"];
    for measure in ["auroc", "auprc", "scaled_brier", "calibration_intercept", "calibration_slope"] {
        assert!(judged[measure]["value"].is_null(), "{measure}: {}", judged[measure]);
        assert!(judged[measure]["how"].as_str().unwrap().contains("the same in all"), "{measure}");
    }
    assert!(judged["brier"]["value"].is_number() && judged["observed_expected"]["value"] == 0.0);
    let warned = warnings(&report);
    assert!(warned.iter().any(|text| text.contains("not estimable: AUROC, Calibration slope")), "{warned:?}");
}

#[test]
fn a_site_of_one_class_has_no_area_and_the_other_sites_have_theirs() {
    let place = Place::empty();
    let seen = |site: &str| site != "east";
    place.write("table.csv", &table(900, |ill, site, year| (ill || year == 2003) && seen(site)));
    place.write("study.toml", &format!("{STUDY}\n[split]\nby = \"site\"\nleave-one-site-out = true\n"));
    let done = place.call(&["run", "study.toml", "--out", "out"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done));
    let report = report(&place);
    let of = |measure: &str| -> Vec<bool> {
        let folds = report["models"][0]["folds"].as_array().unwrap();
        let found = folds.iter().find(|fold| fold[0] == measure).unwrap();
        found[1].as_array().unwrap().iter().map(serde_json::Value::is_number).collect()
    };
    // One of the four sites is held out; a fold keeps its place although it has no area.
    let areas = of("AUROC");
    assert_eq!((areas.len(), of("Brier score")), (3, vec![true; 3]));
    assert!(areas.contains(&true) && areas.contains(&false), "{areas:?}");
    assert!(place.read("out/report.html").contains("not estimable"));
}
