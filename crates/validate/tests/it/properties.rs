//! What holds for all risks and outcomes.

use bedside_table::Seed;
use bedside_validate::{compare, net_benefit, quick};
use proptest::prelude::*;

use crate::degenerate::only_numbers;
use crate::held_out::{Held, few};

/// Between 3 and 60 rows: a risk (often tied, sometimes exactly 0 or 1), an outcome, a patient.
fn rows() -> impl Strategy<Value = Vec<(f64, f64, u32)>> {
    let risk =
        prop_oneof![4 => (0u32..=20).prop_map(|k| f64::from(k) / 20.0), 4 => 0.0..1.0f64, 1 => Just(1e-300)];
    let outcome = any::<bool>().prop_map(|y| f64::from(u8::from(y)));
    proptest::collection::vec((risk, outcome, 0u32..30), 3..60)
}

fn unzip(rows: &[(f64, f64, u32)]) -> (Vec<f64>, Vec<f64>, Vec<u32>) {
    (
        rows.iter().map(|row| row.0).collect(),
        rows.iter().map(|row| row.1).collect(),
        rows.iter().map(|row| row.2).collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_area_does_not_see_the_scale_of_scores(rows in rows()) {
        let (p, y, _) = unzip(&rows);
        // Doubling and adding a half keep order and ties exactly.
        let moved: Vec<f64> = p.iter().map(|p| p.mul_add(2.0, 0.0)).collect();
        prop_assert_eq!(quick::auroc(&p, &y), quick::auroc(&moved, &y));
        let cubed: Vec<f64> = p.iter().map(|p| f64::from(*p as f32).powi(3)).collect();
        let single: Vec<f64> = p.iter().map(|p| f64::from(*p as f32)).collect();
        if single.iter().all(|p| *p <= 0.0 || *p > 1e-6) {
            prop_assert_eq!(quick::auroc(&single, &y), quick::auroc(&cubed, &y));
        }
    }

    #[test]
    fn the_area_is_the_share_of_pairs_in_order(rows in rows()) {
        let (p, y, _) = unzip(&rows);
        let (mut pairs, mut good) = (0.0, 0.0);
        for (a, _) in p.iter().zip(&y).filter(|(_, y)| **y > 0.5) {
            for (b, _) in p.iter().zip(&y).filter(|(_, y)| **y < 0.5) {
                pairs += 1.0;
                good += if a > b { 1.0 } else if a < b { 0.0 } else { 0.5 };
            }
        }
        match quick::auroc(&p, &y) {
            Some(area) => {
                prop_assert!((0.0..=1.0).contains(&area) && (area - good / pairs).abs() < 1e-12);
                let turned: Vec<f64> = p.iter().map(|p| -p).collect();
                prop_assert!((quick::auroc(&turned, &y).unwrap() + area - 1.0).abs() < 1e-12);
                let other: Vec<f64> = y.iter().map(|y| 1.0 - y).collect();
                prop_assert!((quick::auroc(&p, &other).unwrap() + area - 1.0).abs() < 1e-12);
            }
            None => prop_assert!(pairs < 0.5),
        }
    }

    #[test]
    fn a_weight_is_a_number_of_rows(rows in rows()) {
        let (p, y, times) = unzip(&rows);
        let weights: Vec<f64> = times.iter().map(|t| f64::from(t % 4)).collect();
        let written = |v: &[f64]| -> Vec<f64> {
            v.iter().zip(&times).flat_map(|(&v, t)| std::iter::repeat_n(v, (t % 4) as usize)).collect()
        };
        prop_assert_eq!(quick::auroc_weighted(&p, &y, &weights), quick::auroc(&written(&p), &written(&y)));
    }

    #[test]
    fn net_benefit_runs_from_prevalence_to_nothing(rows in rows()) {
        let (p, y, _) = unzip(&rows);
        let prevalence = y.iter().sum::<f64>() / y.len() as f64;
        prop_assert!((net_benefit(&p, &y, 1e-310) - prevalence).abs() < 1e-12 || p.contains(&0.0));
        let nobody = f64::midpoint(p.iter().copied().fold(0.0, f64::max), 1.0);
        if nobody < 1.0 {
            prop_assert_eq!(net_benefit(&p, &y, nobody), 0.0);
        }
        for t in [0.1, 0.5, 0.9] {
            prop_assert!(net_benefit(&p, &y, t) <= prevalence);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever the rows: an error with a reason, or a judgement of numbers with every estimate inside its range.
    #[test]
    fn a_judgement_is_made_of_numbers(rows in rows(), repeated in any::<bool>()) {
        let (p, y, patients) = unzip(&rows);
        let held = Held::risks(&p, &y, repeated.then_some(&patients[..]));
        let settings = few(&[0.05, 0.5]);
        // Whatever the rows have not is absent with its reason; nothing ends the judgement.
        only_numbers(&held.judge(&settings).unwrap());
        {
            let judged = held.judged_risks(&settings);
            for part in [&judged.auroc, &judged.auprc, &judged.brier, &judged.ici, &judged.emax] {
                prop_assert!(part.value.is_some() || part.low.is_none() && part.high.is_none() && !part.how.is_empty());
                let limits =
                    [part.low.unwrap_or(0.0), part.value.unwrap_or(0.5), part.high.unwrap_or(1.0)];
                // A smooth curve may leave [0, 1] a little; the others may not.
                prop_assert!(limits.iter().all(|v| (0.0..=2.0).contains(v)) && limits[0] <= limits[2]);
            }
            let area = &judged.auroc;
            let both = y.contains(&1.0) && y.contains(&0.0);
            prop_assert_eq!(area.value.is_some(), both);
            let area = [area.low.unwrap_or(0.0), area.value.unwrap_or(0.5), area.high.unwrap_or(1.0)];
            prop_assert!(area.iter().all(|v| (0.0..=1.0).contains(v)));
            let counted: usize = judged.calibration_groups.iter().map(|group| group.rows).sum();
            prop_assert_eq!(counted, rows.len());
            let binned: usize = judged.risks.events.iter().chain(&judged.risks.non_events).sum();
            prop_assert_eq!(binned, rows.len());
        }
        let numbers = Held::numbers(&y, &p, None);
        if let Ok(judged) = numbers.judge(&settings) {
            only_numbers(&judged);
        }
    }

    #[test]
    fn a_comparison_is_made_of_numbers_and_turns_around(rows in rows()) {
        let (p, y, _) = unzip(&rows);
        let turned: Vec<f64> = p.iter().rev().copied().collect();
        let (first, second) = (Held::risks(&p, &y, None), Held::risks(&turned, &y, None));
        if let (Ok(a), Ok(b)) = (first.case(), second.case()) {
            let settings = few(&[0.3]);
            let there = compare("a", &a, "b", &b, &settings, Seed::new(1)).unwrap();
            let back = compare("b", &b, "a", &a, &settings, Seed::new(1)).unwrap();
            only_numbers(&there);
            prop_assert_eq!(there.p_delong, back.p_delong);
            let sum = there.difference.value.zip(back.difference.value).map(|(one, other)| one + other);
            prop_assert_eq!(there.difference.value.is_some(), y.contains(&1.0) && y.contains(&0.0));
            prop_assert!(sum.is_none_or(|sum| sum.abs() < 1e-12));
            prop_assert!((there.error_difference.value.unwrap() + back.error_difference.value.unwrap()).abs() < 1e-12);
        }
    }
}
