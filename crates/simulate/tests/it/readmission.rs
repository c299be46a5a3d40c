//! The simulated encounters look like the public ones and keep their promises.

use std::collections::HashSet;

use bedside_simulate::{Simulated, readmission};

use crate::measure::{auroc, column, events, gives_away, levels, mean, numbers};

fn hospital() -> Simulated {
    readmission(60_000, 11).unwrap()
}

#[test]
fn the_shape_is_that_of_the_public_set() {
    let hospital = hospital();
    assert_eq!(hospital.columns().len(), 50);
    let patients = hospital.patients().iter().max().unwrap() + 1;
    // 71,518 patients have 101,766 encounters.
    let per_patient = 60_000.0 / f64::from(patients);
    assert!((1.35..1.50).contains(&per_patient), "{per_patient}");
    for (name, low, high) in
        [("diag_1", 600, 716), ("diag_2", 600, 748), ("diag_3", 600, 789), ("age", 10, 10)]
    {
        let seen: HashSet<_> = levels(&hospital, name).into_iter().flatten().collect();
        assert!((low..=high).contains(&seen.len()), "{name}: {}", seen.len());
    }
    // Means of the public set.
    for (name, expected, within) in [
        ("time_in_hospital", 4.40, 0.1),
        ("num_lab_procedures", 43.1, 1.5),
        ("num_procedures", 1.34, 0.05),
        ("num_medications", 16.0, 0.6),
        ("number_outpatient", 0.37, 0.06),
        ("number_emergency", 0.20, 0.04),
        ("number_inpatient", 0.64, 0.08),
        ("number_diagnoses", 7.42, 0.1),
    ] {
        let found = mean(numbers(&hospital, name).into_iter().flatten());
        assert!((found - expected).abs() < within, "{name}: {found}");
    }
    for (name, level, share) in [
        ("insulin", "No", 0.466),
        ("diabetesMed", "Yes", 0.770),
        ("change", "Ch", 0.462),
        ("max_glu_serum", "None", 0.948),
        ("readmitted", ">30", 0.349),
    ] {
        let found = mean(levels(&hospital, name).iter().map(|l| f64::from(u8::from(*l == Some(level)))));
        assert!((found - share).abs() < 0.03, "{name} = {level}: {found}");
    }
    let gaps = |name| mean(levels(&hospital, name).iter().map(|l| f64::from(u8::from(l.is_none()))));
    for (name, share) in
        [("weight", 0.969), ("payer_code", 0.396), ("medical_specialty", 0.491), ("gender", 0.0)]
    {
        assert!((gaps(name) - share).abs() < 0.01, "{name}: {}", gaps(name));
    }
}

#[test]
fn the_truth_is_as_hard_as_in_the_public_set() {
    let hospital = hospital();
    let events = events(&hospital);
    let prevalence = mean(events.iter().map(|&e| f64::from(u8::from(e))));
    assert!((0.105..0.120).contains(&prevalence), "{prevalence}");
    assert!((mean(hospital.risk().iter().copied()) - prevalence).abs() < 0.004);
    let alive: Vec<usize> = (0..hospital.rows()).filter(|&row| hospital.risk()[row] > 0.0).collect();
    let risk: Vec<f64> = alive.iter().map(|&row| hospital.risk()[row]).collect();
    let happened: Vec<bool> = alive.iter().map(|&row| events[row]).collect();
    let auroc = auroc(&risk, &happened);
    assert!((0.68..0.72).contains(&auroc), "{auroc}");
    // Slices of the true risk have the events they should: the truth is calibrated.
    let mut order: Vec<usize> = (0..risk.len()).collect();
    order.sort_by(|&a, &b| risk[a].total_cmp(&risk[b]));
    for slice in order.chunks_exact(risk.len() / 10) {
        let (expected, found) = (
            mean(slice.iter().map(|&i| risk[i])),
            mean(slice.iter().map(|&i| f64::from(u8::from(happened[i])))),
        );
        assert!((expected - found).abs() < 0.02, "{expected} {found}");
    }
}

#[test]
fn the_dead_do_not_come_back() {
    let hospital = hospital();
    let dispositions = levels(&hospital, "discharge_disposition_id");
    let dead = |row: usize| matches!(dispositions[row], Some("11" | "19" | "20"));
    let (mut count, events) = (0, events(&hospital));
    for row in (0..hospital.rows()).filter(|&row| dead(row)) {
        count += 1;
        assert!(hospital.risk()[row].to_bits() == 0.0_f64.to_bits() && !events[row]);
        let next = hospital.patients().get(row + 1);
        assert!(next != Some(&hospital.patients()[row]), "row {row} is followed by the same patient");
    }
    assert!(count > 500, "{count}");
}

#[test]
fn patients_keep_what_stays_the_same() {
    let hospital = hospital();
    let (race, gender) = (levels(&hospital, "race"), levels(&hospital, "gender"));
    for row in 1..hospital.rows() {
        if hospital.patients()[row] == hospital.patients()[row - 1] {
            assert!(race[row] == race[row - 1] && gender[row] == gender[row - 1]);
        } else {
            assert!(hospital.patients()[row] == hospital.patients()[row - 1] + 1);
        }
    }
}

#[test]
fn no_predictor_gives_the_outcome_away() {
    let hospital = hospital();
    let events = events(&hospital);
    for predictor in hospital.predictors().unwrap().columns() {
        let found = gives_away(predictor, &events);
        assert!(found < 0.66, "{}: {found}", predictor.name);
    }
    assert!(gives_away(column(&hospital, "readmitted"), &events) > 0.99);
}
