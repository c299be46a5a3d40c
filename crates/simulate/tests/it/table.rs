//! Tables of any shape keep what their settings say.

use bedside_simulate::{Gaps, Leaks, Mechanism, Settings, Simulated};

use crate::measure::{auroc, column, events, gives_away, levels, mean, numbers};

fn run(mut settings: Settings) -> Simulated {
    (settings.rows, settings.patients) = (40_000, 20_000);
    settings.check().unwrap().run(3).unwrap()
}

fn with_gaps(mechanism: Mechanism, share: f64) -> Simulated {
    run(Settings { gaps: Some(Gaps { mechanism, share }), ..Settings::default() })
}

fn share(cells: impl IntoIterator<Item = bool>) -> f64 {
    mean(cells.into_iter().map(|cell| f64::from(u8::from(cell))))
}

#[test]
fn prevalence_and_signal_are_as_set() {
    for prevalence in [0.02, 0.2, 0.7] {
        let simulated = run(Settings { prevalence, ..Settings::default() });
        assert!((mean(simulated.risk().iter().copied()) - prevalence).abs() < 1e-9);
        let events = events(&simulated);
        assert!((share(events.iter().copied()) - prevalence).abs() < 0.01);
    }
    // For normal log odds of deviation s and a rare event the AUROC is near Φ(s / √2).
    for (signal, expected) in [(0.0, 0.5), (1.0, 0.755), (2.0, 0.90)] {
        let simulated = run(Settings { signal, prevalence: 0.05, ..Settings::default() });
        let found = auroc(simulated.risk(), &events(&simulated));
        assert!((found - expected).abs() < 0.025, "{signal}: {found}");
    }
}

#[test]
fn gaps_have_the_share_that_was_set() {
    for mechanism in [Mechanism::Mcar, Mechanism::Mar, Mechanism::Mnar] {
        for expected in [0.0, 0.1, 0.5] {
            let simulated = with_gaps(mechanism, expected);
            assert!(numbers(&simulated, "x1").iter().all(Option::is_some));
            for name in ["x2", "x5", "c1", "c4"] {
                let found = share(column(&simulated, name).states().iter().map(|s| !s.is_measured()));
                assert!((found - expected).abs() < 0.015, "{mechanism:?} {name}: {found}");
            }
        }
    }
}

#[test]
fn gaps_depend_on_what_they_say_they_depend_on() {
    // The same seed without gaps shows the values that are missing.
    let full = run(Settings::default());
    for mechanism in [Mechanism::Mcar, Mechanism::Mar, Mechanism::Mnar] {
        let simulated = with_gaps(mechanism, 0.3);
        let first: Vec<f64> = numbers(&full, "x1").into_iter().flatten().collect();
        let own: Vec<f64> = numbers(&full, "x3").into_iter().flatten().collect();
        let gaps: Vec<bool> = numbers(&simulated, "x3").iter().map(Option::is_none).collect();
        let (by_first, by_own) = (auroc(&first, &gaps), auroc(&own, &gaps));
        let (first_counts, own_counts) = match mechanism {
            Mechanism::Mcar => (false, false),
            Mechanism::Mar => (true, false),
            Mechanism::Mnar => (false, true),
        };
        for (name, found, counts) in [("x1", by_first, first_counts), ("x3", by_own, own_counts)] {
            let fine = if counts { found > 0.7 } else { (found - 0.5).abs() < 0.015 };
            assert!(fine, "{mechanism:?}: gaps in x3 by {name}: {found}");
        }
        // Levels: `e` is above `a`, and so missing more often under MNAR only.
        let gaps: Vec<bool> = levels(&simulated, "c2").iter().map(Option::is_none).collect();
        let level = |name: &str| {
            let rows = levels(&full, "c2");
            share(gaps.iter().zip(rows).filter(|(_, level)| *level == Some(name)).map(|(gap, _)| *gap))
        };
        let rises = level("e") - level("a") > 0.2;
        assert_eq!(rises, mechanism == Mechanism::Mnar, "{mechanism:?}: {} {}", level("a"), level("e"));
        // The measured cells are untouched.
        for (with, without) in numbers(&simulated, "x3").into_iter().zip(&own) {
            assert!(with.is_none_or(|with| with.to_bits() == without.to_bits()));
        }
    }
}

#[test]
fn leaks_give_the_outcome_away_and_nothing_else_does() {
    let leaks = Leaks { near_copy: true, afterwards: true };
    let simulated = run(Settings { leaks, ..Settings::default() });
    assert_eq!(simulated.leaks(), ["discharge_code", "total_charges"]);
    let events = events(&simulated);
    let truth = auroc(simulated.risk(), &events);
    for predictor in simulated.predictors().unwrap().columns() {
        let found = gives_away(predictor, &events);
        if simulated.leaks().contains(&predictor.name.as_str()) {
            assert!(found > 0.93, "{}: {found}", predictor.name);
        } else {
            assert!(found < truth, "{}: {found}", predictor.name);
        }
    }
    let agree = |(code, event): (Option<&str>, &bool)| (code == Some("escalated")) == *event;
    let copied = share(levels(&simulated, "discharge_code").into_iter().zip(&events).map(agree));
    assert!((copied - 0.99).abs() < 0.003, "{copied}");
    // The risk and the other columns are those of the table without leaks.
    let plain = run(Settings::default());
    assert_eq!(plain.risk(), simulated.risk());
    assert_eq!(column(&plain, "x4"), column(&simulated, "x4"));
}

#[test]
fn hospitals_differ_only_when_told_to() {
    for (site_effect, differ) in [(0.0, false), (1.0, true)] {
        let simulated = run(Settings { sites: 30, site_effect, ..Settings::default() });
        let sites = levels(&simulated, "site");
        let risks: Vec<f64> = (1..=30)
            .map(|site| {
                let name = format!("hospital {site}");
                let rows = (0..simulated.rows()).filter(|&row| sites[row] == Some(name.as_str()));
                mean(rows.map(|row| simulated.risk()[row]))
            })
            .collect();
        let spread = risks.iter().copied().fold(0.0, f64::max) - risks.iter().copied().fold(1.0, f64::min);
        assert_eq!(spread > 0.1, differ, "{site_effect}: {risks:?}");
    }
}

#[test]
fn a_patient_is_in_one_hospital_and_rows_of_one_are_alike() {
    let simulated = run(Settings { sites: 4, ..Settings::default() });
    let (sites, x2) = (levels(&simulated, "site"), numbers(&simulated, "x2"));
    let mut seen = std::collections::HashMap::<u32, usize>::new();
    let mut products = Vec::new();
    for (row, &patient) in simulated.patients().iter().enumerate() {
        if let Some(&before) = seen.get(&patient) {
            assert_eq!(sites[row], sites[before]);
            products.push(x2[row].unwrap() * x2[before].unwrap());
        }
        seen.insert(patient, row);
    }
    // A fifth of the variance is the patient's.
    let correlation = mean(products);
    assert!((correlation - 0.2).abs() < 0.03, "{correlation}");
}

#[test]
fn products_cannot_be_seen_one_predictor_at_a_time() {
    let settings = Settings { numeric: 2, categorical: 0, interactions: 1, ..Settings::default() };
    let simulated = run(settings);
    let (x1, x2) = (numbers(&simulated, "x1"), numbers(&simulated, "x2"));
    let logit: Vec<f64> = simulated.risk().iter().map(|r| (r / (1.0 - r)).ln()).collect();
    let product = (0..logit.len()).map(|i| x1[i].unwrap() * x2[i].unwrap());
    let centre = mean(logit.iter().copied());
    let slope = mean(product.zip(&logit).map(|(p, l)| p * (l - centre)));
    // Two numbers with weights 1 and 1/√2 and a product with weight 1: 1 / √2.5 of the deviation.
    assert!((slope - 1.0 / 2.5_f64.sqrt()).abs() < 0.03, "{slope}");
}
