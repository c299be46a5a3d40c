//! The simulated hospital keeps its promises.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use bedside_chart::{Instant, Span};
use bedside_simulate::{Form, Hospital, Patient, SimulateError, Stay};
use rayon::prelude::*;

use crate::measure::{auroc, mean};

const PATIENTS: u64 = 12_000;

struct World {
    hospital: Hospital,
    patients: Vec<Patient>,
    names: Vec<Arc<str>>,
}

/// Time, code and value.
type Told<'w> = (Option<Instant>, &'w str, Option<f64>);

impl World {
    fn events(&self, patient: &Patient) -> Vec<Told<'_>> {
        let mut events = self.hospital.events(patient);
        let timeline = events.timeline();
        let name = |code: bedside_chart::CodeId| &*self.names[code.index()];
        let untimed = timeline.untimed().map(|(code, value)| (None, name(code), value));
        let timed = timeline.times().iter().enumerate();
        untimed
            .chain(
                timed.map(|(place, &time)| (Some(time), name(timeline.code(place)), timeline.value(place))),
            )
            .collect()
    }

    fn stays(&self) -> Vec<Stay> {
        self.patients.iter().flat_map(Patient::stays).collect()
    }
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let hospital = Hospital::new(11).unwrap();
        let patients = (1..=PATIENTS).into_par_iter().map(|number| hospital.patient(number)).collect();
        let names = hospital.codes().names();
        World { hospital, patients, names }
    })
}

fn share(flags: impl Iterator<Item = bool>) -> f64 {
    mean(flags.map(|flag| f64::from(u8::from(flag))))
}

#[test]
fn deaths_in_stays_are_as_many_as_the_truth_says() {
    let stays = world().stays();
    let (risk, died): (Vec<f64>, Vec<bool>) = stays.iter().map(|stay| (stay.risk, stay.died)).unzip();
    let (expected, found) = (mean(risk.iter().copied()), share(died.iter().copied()));
    assert!((0.02..0.08).contains(&expected), "mean risk {expected}");
    let spread = (risk.iter().map(|p| p * (1.0 - p)).sum::<f64>()).sqrt() / risk.len() as f64;
    assert!((found - expected).abs() < 4.0 * spread, "{found}, expected {expected}");
    // Tenths of the stays by their risk have the deaths they should: the truth is calibrated.
    let mut order: Vec<usize> = (0..risk.len()).collect();
    order.sort_by(|&a, &b| risk[a].total_cmp(&risk[b]));
    for tenth in order.chunks(risk.len().div_ceil(10)) {
        let expected: f64 = tenth.iter().map(|&stay| risk[stay]).sum();
        let spread = tenth.iter().map(|&stay| risk[stay] * (1.0 - risk[stay])).sum::<f64>().sqrt();
        let found = tenth.iter().filter(|&&stay| died[stay]).count() as f64;
        assert!((found - expected).abs() < 4.0 * spread + 1.0, "{found} deaths, expected {expected}");
    }
    let auroc = auroc(&risk, &died);
    assert!((0.75..0.95).contains(&auroc), "{auroc}");
}

#[test]
fn measurements_follow_the_severity_and_not_the_death() {
    let world = world();
    let (mut lactate, mut risk, mut died) = (Vec::new(), Vec::new(), Vec::new());
    for patient in &world.patients {
        let events = world.events(patient);
        for stay in patient.stays() {
            let day = stay.admitted..=stay.admitted + Span::hours(24);
            let first = events.iter().find(|(time, code, _)| {
                code.starts_with("LOINC/2524-7//") && time.is_some_and(|time| day.contains(&time))
            });
            if let Some((_, _, Some(value))) = first {
                lactate.push(*value);
                risk.push(stay.risk);
                died.push(stay.died);
            }
        }
    }
    assert!(lactate.len() > 500, "{}", lactate.len());
    let high = |range: std::ops::Range<f64>, dies: bool| {
        let wanted = (0..risk.len()).filter(|&i| range.contains(&risk[i]) && died[i] == dies);
        mean(wanted.map(|i| lactate[i]))
    };
    let (low, raised) = (high(0.0..0.01, false), high(0.15..1.0, false));
    assert!(raised > 1.3 * low, "{low} {raised}");
    // Among stays of one risk, the dead are not told by what was measured before.
    let ratio = high(0.15..0.5, true) / high(0.15..0.5, false);
    assert!((0.8..1.3).contains(&ratio), "{ratio}");
}

#[test]
fn codes_follow_the_law_of_zipf() {
    let world = world();
    let drug = |code: &str| code.starts_with("RxNorm/") && !code.ends_with("//END");
    // The rare measurements are those whose codes have five digits, of which the first is 8 or 9.
    let rare =
        |code: &str| code.find('-') == Some(11) && code.starts_with(['L']) && code.as_bytes()[6] > b'7';
    for (which, wanted, ranks) in
        [("drugs", &drug as &dyn Fn(&str) -> bool, 100), ("measurements", &rare, 80)]
    {
        let mut counts: HashMap<&str, f64> = HashMap::new();
        for (_, code, _) in world.patients.iter().flat_map(|patient| world.events(patient)) {
            if wanted(code) {
                *counts.entry(code).or_default() += 1.0;
            }
        }
        let mut counts: Vec<f64> = counts.into_values().collect();
        counts.sort_by(|a, b| b.total_cmp(a));
        let points: Vec<(f64, f64)> =
            (1..=ranks).map(|rank| ((rank as f64).ln(), counts[rank - 1].ln())).collect();
        let (x, y) = (mean(points.iter().map(|p| p.0)), mean(points.iter().map(|p| p.1)));
        let slope = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>()
            / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>();
        assert!((slope + 1.0).abs() < 0.06, "{which}: {slope}");
    }
}

#[test]
fn values_have_units_and_are_plausible() {
    let world = world();
    let mut values: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for (_, code, value) in world.patients.iter().take(3_000).flat_map(|patient| world.events(patient)) {
        assert_eq!(value.is_some(), code.starts_with("LOINC/"), "{code}");
        values.entry(code).or_default().extend(value);
    }
    for (code, least, most, low, high) in [
        ("LOINC/8867-4///min", 20.0, 250.0, 75.0, 95.0),
        ("LOINC/8480-6//mm[Hg]", 50.0, 260.0, 115.0, 135.0),
        ("LOINC/8462-4//mm[Hg]", 20.0, 160.0, 65.0, 80.0),
        ("LOINC/8310-5//Cel", 32.0, 42.0, 36.5, 37.3),
        ("LOINC/59408-5//%", 50.0, 100.0, 93.0, 98.0),
        ("LOINC/29463-7//kg", 30.0, 250.0, 70.0, 90.0),
        ("LOINC/2951-2//mmol/L", 105.0, 180.0, 136.0, 141.0),
        ("LOINC/2823-3//mmol/L", 1.8, 9.0, 3.8, 4.5),
        ("LOINC/2160-0//mg/dL", 0.1, 20.0, 0.7, 1.4),
        ("LOINC/718-7//g/dL", 3.0, 21.0, 10.0, 13.0),
        ("LOINC/6690-2//10*3/uL", 0.1, 100.0, 7.0, 11.0),
        ("LOINC/2524-7//mmol/L", 0.2, 30.0, 1.1, 2.2),
        ("LOINC/10839-9//ug/L", 0.01, 100.0, 0.02, 0.1),
    ] {
        let mut found = values.remove(code).unwrap_or_default();
        assert!(found.len() > 300, "{code}: {}", found.len());
        found.sort_by(f64::total_cmp);
        let middle = found[found.len() / 2];
        assert!((low..=high).contains(&middle), "{code}: the middle is {middle}");
        assert!(
            found[0] >= least && found[found.len() - 1] <= most,
            "{code}: {} {}",
            found[0],
            found[found.len() - 1]
        );
    }
    for code in values.keys().filter(|code| code.starts_with("LOINC/")) {
        assert!(code.contains("//"), "{code} has no unit");
    }
}

#[test]
fn nothing_happens_after_death_or_outside_of_visits() {
    let world = world();
    let (mut inside, mut outside) = (0, 0);
    for patient in &world.patients {
        let events = world.events(patient);
        assert_eq!(events.iter().filter(|(_, code, _)| *code == "MEDS_BIRTH").count(), 1);
        let mut open: Option<(&str, Instant)> = None;
        let mut last = None;
        for &(time, code, _) in events.iter().filter(|event| event.0.is_some()) {
            assert!(last.is_none(), "an event after death");
            match code {
                "MEDS_BIRTH" => assert!(open.is_none()),
                "MEDS_DEATH" => last = time,
                _ if code.starts_with("Visit/") && !code.ends_with("//END") => {
                    // What ends at the instant at which this begins cannot be: visits are on days of their own.
                    assert!(open.is_none(), "visits overlap");
                    open = time.map(|time| (code, time));
                }
                _ => {}
            }
            if let Some(kind) = code.strip_suffix("//END").filter(|kind| kind.starts_with("Visit/")) {
                let (began, since) = open.take().unwrap();
                assert!(began == kind && time > Some(since));
            }
        }
        let stays: Vec<Stay> = patient.stays().collect();
        for stay in &stays {
            assert!(stay.ended - stay.admitted > Span::hours(24));
            assert_eq!(stay.died, last == Some(stay.ended));
        }
        inside += stays.iter().filter(|stay| stay.died).count();
        outside += usize::from(last.is_some() && !stays.iter().any(|stay| stay.died));
    }
    assert!(inside > 200 && outside > 200, "{inside} deaths in stays, {outside} elsewhere");
}

#[test]
fn a_hospital_is_as_large_as_asked_and_smaller_ones_are_its_beginning() {
    let world = world();
    let hospital = Hospital::new(11).unwrap();
    let count = |number: u64| hospital.events(&hospital.patient(number)).len() as u64;
    for wanted in [1, 5_000, 200_000] {
        let subjects = hospital.subjects_with(wanted).unwrap();
        let before: u64 = (1..subjects).map(count).sum();
        assert!(before < wanted && before + count(subjects) >= wanted, "{wanted}: {subjects}");
    }
    assert!(matches!(hospital.subjects_with(0), Err(SimulateError::Setting { setting: "events", .. })));
    let again = hospital.patient(77);
    assert_eq!(world.events(&again), world.events(&world.patients[76]));
    let other = Hospital::new(12).unwrap();
    assert_ne!(world.events(&other.patient(77)), world.events(&again));
}

#[test]
fn rows_of_omop_have_the_fields_of_their_tables() {
    let world = world();
    let mut files = vec![Vec::new(); Form::Omop.files().len()];
    world.patients.iter().take(200).for_each(|patient| world.hospital.write(Form::Omop, patient, &mut files));
    let tables = Form::Omop.heads().into_iter().zip(files);
    let mut tables: Vec<String> =
        tables.map(|(head, rows)| format!("{head}{}", String::from_utf8(rows).unwrap())).collect();
    tables.extend(world.hospital.vocabulary(Form::Omop).into_iter().map(|(_, table)| table));
    for table in tables {
        let mut lines = table.lines();
        let head = lines.next().unwrap();
        assert!(lines.clone().count() > 10, "{head}");
        for line in lines {
            assert_eq!(line.matches(',').count(), head.matches(',').count(), "{head}\n{line}");
        }
    }
}
