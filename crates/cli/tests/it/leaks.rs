//! What knows too much is found, and tables without leaks are left in peace.

use bedside_simulate::{Gaps, Leaks, Mechanism, Settings, Simulated};
use bedside_study::leaks;
use bedside_study::report::data::Finding;
use bedside_study::{StudyError, judged, twins};
use bedside_table::{OutcomeKind, Partition, Seed};

/// What a study of a simulated table would say before its first fit, four fifths of the patients for training.
fn told(simulated: &Simulated) -> Result<Vec<Finding>, StudyError> {
    let patients = simulated.patients();
    let held: Vec<bool> = patients.iter().map(|patient| patient % 5 == 0).collect();
    let parts = Partition::new(&held, Some(patients)).unwrap();
    let (table, outcome) = (simulated.predictors().unwrap(), simulated.outcome().unwrap());
    let (train, known) = (table.part(parts.train()), outcome.part(parts.train()));
    let own = parts.train().pick(patients);
    let suspects = leaks::suspects(&train, &known, Some(&own), Seed::new(1))?;
    let mut findings = leaks::verdict(&suspects, |_| false, OutcomeKind::Binary)?;
    let unseen = table.part(parts.held_out());
    findings.extend(judged::twin_findings(twins::across(&train, &unseen), unseen.rows(), false)?);
    Ok(findings)
}

/// Tables of many shapes: few and many rows, predictors and levels, rare and frequent outcomes, weak and strong predictors.
fn shape(number: usize) -> Settings {
    let pick = |list: &[usize], turn: usize| list[turn % list.len()];
    let share = |list: &[f64], turn: usize| list[turn % list.len()];
    let numeric = pick(&[1, 2, 5, 12, 40, 120], number);
    Settings {
        rows: pick(&[300, 1000, 2500, 6000], number / 2),
        patients: pick(&[200, 900, 6000], number / 3),
        numeric,
        categorical: pick(&[1, 3, 8, 0], number / 5),
        levels: pick(&[2, 5, 30], number / 7),
        sites: pick(&[1, 4], number / 11),
        site_effect: 0.3,
        interactions: if numeric > 1 { pick(&[0, 2], number / 13) } else { 0 },
        // Up to an AUROC of 0.9 of all together; with one number it is nearly that number's own.
        signal: share(&[0.0, 0.7, 1.3, 2.0, 2.6], number),
        prevalence: share(&[0.05, 0.12, 0.25, 0.5, 0.8], number / 4),
        gaps: number.is_multiple_of(3).then_some(Gaps {
            mechanism: [Mechanism::Mcar, Mechanism::Mar, Mechanism::Mnar][number / 3 % 3],
            share: 0.2,
        }),
        leaks: Leaks::default(),
    }
}

#[test]
fn of_tables_without_leaks_hardly_any_is_warned_of() {
    let mut alarms = Vec::new();
    for number in 0..200 {
        let simulated = shape(number).check().unwrap().run(number as u64).unwrap();
        match told(&simulated) {
            Ok(findings) => {
                alarms.extend(
                    findings.into_iter().filter(|f| f.level == "warning").map(|f| (number, f.text)).take(1),
                );
            }
            Err(refused) => alarms.push((number, refused.to_string())),
        }
    }
    assert!(alarms.len() <= 4, "{} of 200: {alarms:#?}", alarms.len());
}

#[test]
fn planted_leaks_are_found_in_tables_of_all_shapes() {
    for number in 0..60 {
        let leaks = Leaks { near_copy: true, afterwards: true };
        let settings = Settings { leaks, ..shape(number) };
        let simulated = settings.check().unwrap().run(number as u64).unwrap();
        // The copy stops the study where there are enough rows to know it for one, and the other leak is named beside it.
        let said = match told(&simulated) {
            Err(refused) => refused.to_string(),
            Ok(findings) => {
                assert!((number / 2).is_multiple_of(4), "table {number}: {findings:#?}");
                findings.into_iter().map(|finding| finding.text).collect()
            }
        };
        for leak in simulated.leaks() {
            assert!(said.contains(&format!("`{leak}`")), "table {number}: {leak} is not in {said}");
        }
        let settings = Settings { leaks: Leaks { near_copy: false, ..leaks }, ..shape(number) };
        let simulated = settings.check().unwrap().run(number as u64).unwrap();
        match told(&simulated) {
            Err(refused) => assert!(refused.to_string().contains("`total_charges`"), "{refused}"),
            Ok(findings) => {
                assert!(
                    findings.iter().any(|f| f.text.contains("`total_charges`")),
                    "table {number}: {findings:#?}"
                );
            }
        }
    }
}
