//! Two models on the same held-out rows.

use bedside_table::{OutcomeKind, Seed};

use crate::bootstrap::{People, estimate};
use crate::sorted::Sorted;
use crate::{
    Case, Comparison, Estimate, JudgeError, JudgeSettings, net_benefit, normal_quantile, paired, quick,
};

/// Compares two models: the difference in discrimination, in error and in net benefit, with paired intervals: both models
/// are judged on the same replicate.
///
/// # Errors
/// [`JudgeError`] as for each model alone.
pub fn compare(
    first_name: &str,
    first: &Case<'_>,
    second_name: &str,
    second: &Case<'_>,
    settings: &JudgeSettings,
    seed: Seed,
) -> Result<Comparison, JudgeError> {
    settings.check()?;
    let people = People::new(first.clusters(), first.rows());
    let rows: Vec<u32> = (0..first.rows() as u32).collect();
    let how = people.words(settings.replicates);
    let (a, b, y) = (first.scores(), second.scores(), first.outcomes());
    let tail = settings.tail();
    let error = |square: bool, p: f64, y: f64| if square { (p - y) * (p - y) } else { (p - y).abs() };
    if first.kind() == OutcomeKind::Continuous {
        let drawn = people.replicates::<2>(&rows, settings.replicates, seed, |times| {
            let (mut n, mut sa, mut sb, mut ea, mut eb) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for i in 0..y.len() {
                let w = f64::from(times[i]);
                n += w;
                sa += w * error(true, a[i], y[i]);
                sb += w * error(true, b[i], y[i]);
                ea += w * error(false, a[i], y[i]);
                eb += w * error(false, b[i], y[i]);
            }
            Some(([(sa / n).sqrt() - (sb / n).sqrt(), (ea - eb) / n], Vec::new()))
        });
        let from = |k: usize, value: f64| {
            estimate(value, drawn.iter().map(|d| d.0[k]).collect(), settings.replicates, tail, &how)
        };
        return Ok(Comparison {
            first: first_name.to_owned(),
            second: second_name.to_owned(),
            difference: from(0, quick::rmse(a, y) - quick::rmse(b, y)),
            p_delong: None,
            error_difference: from(1, quick::mae(a, y) - quick::mae(b, y)),
            net_benefit: Vec::new(),
        });
    }
    let (sorted_a, sorted_b) = (Sorted::new(a, y), Sorted::new(b, y));
    let drawn = people.replicates::<2>(&rows, settings.replicates, seed, |times| {
        let area = |sorted: &Sorted| sorted.auroc(|i| f64::from(times[sorted.row[i] as usize]));
        let (mut n, mut difference) = (0.0, 0.0);
        let mut worth = vec![0.0; settings.thresholds.len()];
        for i in 0..y.len() {
            let w = f64::from(times[i]);
            n += w;
            difference += w * (error(true, a[i], y[i]) - error(true, b[i], y[i]));
            for (worth, &t) in worth.iter_mut().zip(&settings.thresholds) {
                let gain = y[i] - (1.0 - y[i]) * t / (1.0 - t);
                *worth += w * gain * (f64::from(u8::from(a[i] >= t)) - f64::from(u8::from(b[i] >= t)));
            }
        }
        worth.iter_mut().for_each(|v| *v /= n);
        Some(([area(&sorted_a)? - area(&sorted_b)?, difference / n], worth))
    });
    let test = paired(a, b, y)?;
    let values = |k: usize| drawn.iter().map(|d| d.0[k]).collect();
    let difference = if people.repeated() {
        estimate(test.difference, values(0), settings.replicates, tail, &how)
    } else {
        let half = normal_quantile(0.5 + settings.confidence / 2.0) * test.variance.sqrt();
        Estimate {
            value: test.difference,
            low: Some(test.difference - half),
            high: Some(test.difference + half),
            how: "paired DeLong".to_owned(),
        }
    };
    let net_benefit = settings
        .thresholds
        .iter()
        .enumerate()
        .map(|(k, &t)| {
            let value = net_benefit(a, y, t) - net_benefit(b, y, t);
            let values = drawn.iter().map(|d| d.1[k]).collect();
            (t, estimate(value, values, settings.replicates, tail, &how))
        })
        .collect();
    Ok(Comparison {
        first: first_name.to_owned(),
        second: second_name.to_owned(),
        difference,
        // The test takes rows as independent; where patients repeat it would be too sure.
        p_delong: (!people.repeated()).then_some(test.p),
        error_difference: estimate(
            quick::brier(a, y) - quick::brier(b, y),
            values(1),
            settings.replicates,
            tail,
            &how,
        ),
        net_benefit,
    })
}
