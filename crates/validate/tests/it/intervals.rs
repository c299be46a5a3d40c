//! Intervals: the same bits on any number of threads, wider where patients repeat, and covering as often as they say.

use bedside_table::Seed;
use bedside_validate::{
    BinaryJudgement, ContinuousJudgement, Estimate, JudgeSettings, Judgement, compare, judge, subgroups,
};

use crate::held_out::{Held, calibrated, few};

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (p, y) = calibrated(900, 1);
    let other: Vec<f64> = p.iter().map(|p| p.sqrt()).collect();
    let patients: Vec<u32> = (0..900).map(|row| row * 2 / 3).collect();
    let (first, second) = (Held::risks(&p, &y, Some(&patients)), Held::risks(&other, &y, Some(&patients)));
    let settings = few(&[0.1, 0.3]);
    let levels = ["a".to_owned(), "b".to_owned()];
    let of_row: Vec<u32> = (0..900).map(|row| row % 2).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let (a, b) = (first.case().unwrap(), second.case().unwrap());
            let seed = Seed::new(5);
            let numbers = Held::numbers(&p, &other, Some(&patients));
            // The words of a number are its bits: they are written to be read back exactly.
            let whole = (
                judge(&a, &settings, seed).unwrap(),
                judge(&numbers.case().unwrap(), &settings, seed).unwrap(),
                compare("a", &a, "b", &b, &settings, seed).unwrap(),
                subgroups(&a, "by", &levels, &of_row, &settings, seed).unwrap(),
            );
            serde_json::to_string(&whole).unwrap()
        })
    };
    assert_eq!(on(1), on(4));
}

#[test]
fn another_seed_moves_the_intervals_only() {
    let (p, y) = calibrated(300, 2);
    let held = Held::risks(&p, &y, None);
    let with = |seed| match judge(&held.case().unwrap(), &few(&[]), Seed::new(seed)).unwrap() {
        Judgement::Binary(judged) => judged.brier,
        Judgement::Continuous(_) => panic!("the outcome is binary"),
    };
    let (one, two) = (with(1), with(2));
    assert!(one.value == two.value && one.value.is_some() && one.low != two.low);
}

/// Each row five times over is no more evidence: the interval must be that of single rows, not of five times as many.
#[test]
fn copies_of_a_patient_are_no_evidence() {
    let (p, y) = calibrated(200, 3);
    let five = |v: &[f64]| -> Vec<f64> { v.iter().flat_map(|&v| [v; 5]).collect() };
    let patients: Vec<u32> = (0..1000).map(|row| row / 5).collect();
    let settings = JudgeSettings { replicates: 400, thresholds: vec![0.3], ..JudgeSettings::default() };
    let single = Held::risks(&p, &y, None).judged_risks(&settings);
    let copied = Held::risks(&five(&p), &five(&y), Some(&patients)).judged_risks(&settings);
    let naive = Held::risks(&five(&p), &five(&y), None).judged_risks(&settings);
    assert_eq!((single.patients, copied.patients, copied.rows), (200, 200, 1000));
    let width = |e: &Estimate| e.high.unwrap() - e.low.unwrap();
    let pick: [fn(&BinaryJudgement) -> Estimate; 5] = [
        |j| j.auroc.clone(),
        |j| j.brier.clone(),
        |j| j.calibration_slope.clone(),
        |j| j.thresholds[0].sensitivity.clone(),
        |j| j.thresholds[0].net_benefit.clone(),
    ];
    for of in pick {
        let (one, five, wrong) = (width(&of(&single)), width(&of(&copied)), width(&of(&naive)));
        assert!((0.8..1.25).contains(&(five / one)), "{five} against {one}");
        assert!(wrong < 0.6 * one, "{wrong} against {one}");
    }
    assert_eq!(copied.auroc.how, "bootstrap of patients, 400 replicates, percentile");
    assert_eq!(single.auroc.how, "DeLong");
    assert!(copied.thresholds[0].sensitivity.how.starts_with("Wilson, design effect 5.0"));
}

/// A model that is right: 95 % intervals hold the truth about as often as they say.
#[test]
fn intervals_of_a_calibrated_model_hold_the_truth() {
    let settings = JudgeSettings { replicates: 200, ..JudgeSettings::default() };
    let mut held = [0; 3];
    let studies = 200;
    for study in 0..studies {
        let (p, y) = calibrated(250, 100 + study);
        let judged = Held::risks(&p, &y, None).judged_risks(&settings);
        for (count, (estimate, truth)) in held.iter_mut().zip([
            (&judged.calibration_slope, 1.0),
            (&judged.calibration_intercept, 0.0),
            (&judged.observed_expected, 1.0),
        ]) {
            *count += usize::from((estimate.low.unwrap()..=estimate.high.unwrap()).contains(&truth));
        }
    }
    // 200 studies at 95 %: 190, give or take 3 standard errors of 3.1 and what percentiles lose at this size.
    assert!(held.iter().all(|&held| (178..=199).contains(&held)), "{held:?} of {studies}");
}

#[test]
fn numbers_have_their_own_measures() {
    let y: Vec<f64> = (0..100).map(|k| f64::from(k % 10) + f64::from(k) / 50.0).collect();
    let scores: Vec<f64> =
        y.iter().enumerate().map(|(k, y)| 0.5 * y + 1.0 + ((k * 7) % 5) as f64 / 10.0).collect();
    let judged = Held::numbers(&scores, &y, None).judged_numbers(&few(&[]));
    // The least-squares line of outcome on prediction, by its normal equations.
    let n = y.len() as f64;
    let (mx, my) = (scores.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let sxy: f64 = scores.iter().zip(&y).map(|(x, y)| (x - mx) * (y - my)).sum();
    let sxx: f64 = scores.iter().map(|x| (x - mx) * (x - mx)).sum();
    assert!((judged.calibration_slope.value.unwrap() - sxy / sxx).abs() < 1e-12);
    assert!((judged.calibration_intercept.value.unwrap() - (my - sxy / sxx * mx)).abs() < 1e-12);
    let wide = JudgeSettings { confidence: 0.99, replicates: 100, ..JudgeSettings::default() };
    let wider = Held::numbers(&scores, &y, None).judged_numbers(&wide);
    let width = |j: &ContinuousJudgement| {
        let group = &j.calibration_groups[0].observed;
        group.high.unwrap() - group.low.unwrap()
    };
    assert!((width(&wider) / width(&judged) - 2.575_829_303_548_901 / 1.959_963_984_540_054).abs() < 1e-9);
}
