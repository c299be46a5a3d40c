//! Two models on the same held-out rows.

use bedside_table::{OutcomeKind, Seed};

use crate::bootstrap::{People, estimate};
use crate::sorted::Sorted;
use crate::wilson::no_limits;
use crate::{
    Case, Comparison, Estimate, JudgeError, JudgeSettings, net_benefit, normal_quantile, paired, quick,
};

/// Compares two models: the difference in discrimination, in error and in net benefit (first - second), with paired
/// intervals: both models are judged on the same replicate.
///
/// Where each row is its own patient, the interval and test of the difference in AUROC are DeLong's. Where patients repeat,
/// the interval is the bootstrap's and there is no p value: the test would take rows as independent and be too sure.
///
/// # Errors
/// [`JudgeError::DifferentRows`] when outcomes or patients differ between the two, [`JudgeError::Setting`] when a setting is
/// out of range.
pub fn compare(
    first_name: &str,
    first: &Case<'_>,
    second_name: &str,
    second: &Case<'_>,
    settings: &JudgeSettings,
    seed: Seed,
) -> Result<Comparison, JudgeError> {
    settings.check()?;
    let differ = |what| JudgeError::DifferentRows {
        first: first_name.to_owned(),
        second: second_name.to_owned(),
        what,
    };
    if first.kind() != second.kind() || first.outcomes() != second.outcomes() {
        return Err(differ("outcomes"));
    }
    if first.clusters() != second.clusters() {
        return Err(differ("patients"));
    }
    let pair = Pair { a: first.scores(), b: second.scores(), y: first.outcomes() };
    let people = People::new(first.clusters(), first.rows());
    let found = match first.kind() {
        OutcomeKind::Binary => pair.risks(&people, settings, seed),
        OutcomeKind::Continuous => pair.numbers(&people, settings, seed),
    };
    Ok(Comparison { first: first_name.to_owned(), second: second_name.to_owned(), ..found })
}

/// Two lists of scores and the outcome of the same rows.
struct Pair<'a> {
    a: &'a [f64],
    b: &'a [f64],
    y: &'a [f64],
}

impl Pair<'_> {
    fn risks(&self, people: &People, settings: &JudgeSettings, seed: Seed) -> Comparison {
        let Self { a, b, y } = *self;
        let thresholds = &settings.thresholds;
        let (sorted_a, sorted_b) = (Sorted::new(a, y), Sorted::new(b, y));
        let drawn = people.replicates::<2>(&natural(y), settings.replicates, seed, |times| {
            let area = |sorted: &Sorted| sorted.auroc(|i| f64::from(times[sorted.row[i] as usize]));
            let (mut n, mut difference) = (0.0, 0.0);
            let mut worth = vec![0.0; thresholds.len()];
            for i in 0..y.len() {
                let w = f64::from(times[i]);
                n += w;
                difference += w * ((a[i] - y[i]) * (a[i] - y[i]) - (b[i] - y[i]) * (b[i] - y[i]));
                for (worth, &t) in worth.iter_mut().zip(thresholds) {
                    let gain = y[i] - (1.0 - y[i]) * t / (1.0 - t);
                    *worth += w * gain * (f64::from(u8::from(a[i] >= t)) - f64::from(u8::from(b[i] >= t)));
                }
            }
            worth.iter_mut().for_each(|v| *v /= n);
            let areas = area(&sorted_a).zip(area(&sorted_b)).map_or(f64::NAN, |(a, b)| a - b);
            ([areas, difference / n], worth)
        });
        let how = people.words(settings.replicates);
        let from = |value: f64, values: Vec<f64>| {
            estimate(value, values, settings.replicates, settings.tail(), &how)
        };
        let bootstrap = |k: usize, value: f64| from(value, drawn.iter().map(|d| d.0[k]).collect());
        let rows = y.len();
        let area = |sorted: &Sorted| sorted.auroc(|_| 1.0);
        let (difference, p_delong) = match paired(a, b, y) {
            Ok(test) if !people.repeated() => {
                let half = normal_quantile(0.5 + settings.confidence / 2.0) * test.variance.sqrt();
                let interval = Estimate {
                    value: Some(test.difference),
                    low: Some((test.difference - half).max(-1.0)),
                    high: Some((test.difference + half).min(1.0)),
                    how: "paired DeLong".to_owned(),
                };
                let none = || no_limits(test.difference, "no interval: the variance of the difference is 0");
                (if test.p.is_some() { interval } else { none() }, test.p)
            }
            // Patients repeat, or a class has a single row, for which DeLong's variance does not exist.
            Ok(_) | Err(_) => match area(&sorted_a).zip(area(&sorted_b)) {
                Some((one, other)) => (bootstrap(0, one - other), None),
                None => (Estimate::none(JudgeError::OneClass { rows }), None),
            },
        };
        let net_benefit = thresholds
            .iter()
            .enumerate()
            .map(|(k, &t)| {
                let value = net_benefit(a, y, t) - net_benefit(b, y, t);
                (t, from(value, drawn.iter().map(|d| d.1[k]).collect()))
            })
            .collect();
        let error_difference = bootstrap(1, quick::brier(a, y) - quick::brier(b, y));
        Comparison { difference, p_delong, error_difference, net_benefit, ..nameless() }
    }

    fn numbers(&self, people: &People, settings: &JudgeSettings, seed: Seed) -> Comparison {
        let Self { a, b, y } = *self;
        let drawn = people.replicates::<2>(&natural(y), settings.replicates, seed, |times| {
            let (mut n, mut sa, mut sb, mut absolute) = (0.0, 0.0, 0.0, 0.0);
            for i in 0..y.len() {
                let w = f64::from(times[i]);
                n += w;
                sa += w * (a[i] - y[i]) * (a[i] - y[i]);
                sb += w * (b[i] - y[i]) * (b[i] - y[i]);
                absolute += w * ((a[i] - y[i]).abs() - (b[i] - y[i]).abs());
            }
            ([(sa / n).sqrt() - (sb / n).sqrt(), absolute / n], Vec::new())
        });
        let how = people.words(settings.replicates);
        let from = |k: usize, value: f64| {
            let values = drawn.iter().map(|d| d.0[k]).collect();
            estimate(value, values, settings.replicates, settings.tail(), &how)
        };
        Comparison {
            difference: from(0, quick::rmse(a, y) - quick::rmse(b, y)),
            error_difference: from(1, quick::mae(a, y) - quick::mae(b, y)),
            ..nameless()
        }
    }
}

/// Rows in the order they came.
fn natural(y: &[f64]) -> Vec<u32> {
    (0..y.len() as u32).collect()
}

fn nameless() -> Comparison {
    Comparison {
        first: String::new(),
        second: String::new(),
        difference: no_limits(0.0, ""),
        p_delong: None,
        error_difference: no_limits(0.0, ""),
        net_benefit: Vec::new(),
    }
}
