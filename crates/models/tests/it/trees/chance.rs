//! Many levels are no reason to be chosen.

use bedside_models::trees::{Loss, TreeSettings};
use bedside_table::{Categorical, Column, Fit, Numeric, Outcome, Partition, Sample, Seed, Table};

/// Mean squared error on held-out rows, and the share of splits on the 200 levels that say nothing.
fn with(category_chance: bool, loss: Loss, seed: u64) -> (f64, f64) {
    let mut draw = Seed::new(seed).stream();
    let rows = 4000;
    let number: Vec<f64> = (0..rows).map(|_| draw.normal()).collect();
    let ward: Vec<String> = (0..rows).map(|_| format!("ward {}", draw.below(200))).collect();
    let signal: Vec<f64> = number.iter().map(|x| 0.5 * x).collect();
    let binary = loss == Loss::Logistic;
    let seen: Vec<f64> = signal
        .iter()
        .map(|s| {
            if binary {
                f64::from(draw.uniform() < 1.0 / (1.0 + (-s).exp()))
            } else {
                s + 7.0 * draw.normal()
            }
        })
        .collect();
    let outcome = if binary {
        Outcome::binary(seen.iter().map(|&y| y > 0.5)).unwrap()
    } else {
        Outcome::continuous(seen).unwrap()
    };
    let columns = vec![
        Column::numeric("number", Numeric::from_options(number.iter().copied().map(Some)).unwrap()),
        Column::categorical("ward", Categorical::from_labels(ward.iter().map(|w| Some(w.as_str())))),
    ];
    let table = Table::new(rows, columns).unwrap();
    let parts = Partition::new(&(0..rows).map(|i| i % 4 == 0).collect::<Vec<_>>(), None).unwrap();
    let (train, held_out) = (table.part(parts.train()), table.part(parts.held_out()));
    let settings = TreeSettings { trees: 60, leaves: 15, loss, category_chance, ..TreeSettings::default() };
    let outcome = outcome.part(parts.train());
    let fitted = settings.check().unwrap().fit(&Sample::new(&train, &outcome), Seed::new(1)).unwrap();
    let on_ward = fitted.parts().predictor.iter().filter(|&&p| p == 1).count() as f64;
    let splits = fitted.parts().predictor.iter().filter(|&&p| p < 2).count() as f64;
    let truth: Vec<f64> = (0..rows).filter(|i| i % 4 == 0).map(|i| signal[i]).collect();
    let found = fitted.raw(&held_out).unwrap();
    let error = found.iter().zip(&truth).map(|(f, t)| (f - t).powi(2)).sum::<f64>() / truth.len() as f64;
    (error, on_ward / splits)
}

#[test]
fn levels_that_say_nothing_are_seldom_split() {
    for loss in [Loss::Logistic, Loss::Squared] {
        let ((error, share), (error_without, share_without)) = (with(true, loss, 5), with(false, loss, 5));
        println!("{loss:?}: {error} {share} {error_without} {share_without}");
        assert!(share < 0.1 && share_without > 0.2, "{loss:?}: {share}, {share_without}");
        assert!(error < 0.8 * error_without, "{loss:?}: {error}, {error_without}");
    }
}
