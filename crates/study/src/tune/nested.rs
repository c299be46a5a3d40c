//! Performance across folds with the tuning inside: each fold is judged by a model that was tuned on the others alone.
//!
//! A setting that was chosen because it did well on some rows looks better on those rows than it is (Varma & Simon 2006, doi
//! 10.1186/1471-2105-7-91). Where folds are sites, this is internal-external cross-validation (Steyerberg & Harrell 2016,
//! doi 10.1016/j.jclinepi.2015.04.005).

use super::linear::Ground;
use super::{Chosen, over_folds, scatter};
use crate::StudyError;
use crate::progress::Progress;

/// What nested tuning gives.
#[derive(Debug, Clone)]
pub struct Nested {
    /// The score of each training row, from a model whose tuning did not see the row's fold.
    pub scores: Vec<f64>,
    /// The settings that won in each fold, in words: (name, value).
    pub settings: Vec<Vec<(String, String)>>,
    /// Mean loss over folds; lower is better.
    pub loss: f64,
}

/// Tunes anew for each fold, on the rows of the other folds, which stay the folds of that tuning.
///
/// `tune` is what tunes on all training rows. Folds come one after another: each tuning uses all threads.
///
/// # Errors
/// Whatever `tune` says; [`StudyError::Table`] with fewer than three folds, which leave nothing to tune on.
pub fn nested(
    ground: Ground<'_>,
    progress: &dyn Progress,
    tune: impl Fn(Ground<'_>, &dyn Progress) -> Result<Chosen, StudyError>,
) -> Result<Nested, StudyError> {
    let Ground { table, outcome, patients, folds, measure } = ground;
    let mut nested = Nested { scores: vec![0.0; table.rows()], settings: Vec::new(), loss: 0.0 };
    let (mut losses, mut rows) = (Vec::new(), Vec::new());
    for fold in folds.iter(patients)? {
        let (others, own) = (fold.parts.train(), fold.parts.held_out());
        let patients = patients.map(|p| others.pick(p));
        let inner = Ground {
            table: &table.part(others),
            outcome: &outcome.part(others),
            patients: patients.as_deref(),
            folds: &folds.without(fold.number)?,
            measure,
        };
        let chosen = tune(inner, &Within(progress))?;
        let scores = chosen.fitted.predict(&table.part(own))?;
        scatter(&mut nested.scores, own.numbers(), scores.values())?;
        losses.push(super::loss(measure, scores.values(), &own.pick(outcome.values())));
        rows.push(own.len());
        nested.settings.push(chosen.settings);
        progress.step();
    }
    nested.loss = over_folds(&losses, &rows).0;
    Ok(nested)
}

/// A tuning inside a tuning does not count its own steps, but it stops.
struct Within<'a>(&'a dyn Progress);

impl Progress for Within<'_> {
    fn stage(&self, _: &str, _: u64) {}
    fn step(&self) {}
    fn stopped(&self) -> bool {
        self.0.stopped()
    }
    fn seconds(&self) -> f64 {
        self.0.seconds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Unwatched;
    use crate::spec::{Candidate, Model, TuningMeasure};
    use crate::tune::{linear, trees};
    use bedside_impute::EncodeSettings;
    use bedside_table::{Column, Folds, Numeric, Outcome, Partition, Seed, Table, Train};

    const ROWS: usize = 400;

    /// Three predictors, a binary outcome with the first fold's labels turned round or not, and four folds.
    fn sample(turned: bool) -> (Table<Train>, Outcome<Train>, Folds) {
        let mut stream = Seed::new(5).stream();
        let x: Vec<[f64; 3]> = (0..ROWS).map(|_| std::array::from_fn(|_| stream.normal())).collect();
        let events: Vec<bool> = x
            .iter()
            .map(|x| x[0] + 0.5 * x[1] + stream.normal() > 0.3)
            .enumerate()
            .map(|(row, e)| e != (turned && row % 4 == 0))
            .collect();
        let column = |k: usize| {
            let cells = x.iter().map(|x| Some(x[k])).chain([None]);
            Column::numeric(format!("x{k}"), Numeric::from_options(cells).unwrap())
        };
        let parts = Partition::new(&(0..=ROWS).map(|row| row == ROWS).collect::<Vec<_>>(), None).unwrap();
        let table = Table::new(ROWS + 1, (0..3).map(column).collect()).unwrap().part(parts.train());
        let outcome = Outcome::binary(events.into_iter().chain([false])).unwrap().part(parts.train());
        (table, outcome, Folds::given((0..ROWS as u32).map(|row| row % 4).collect()).unwrap())
    }

    fn ground<'a>(table: &'a Table<Train>, outcome: &'a Outcome<Train>, folds: &'a Folds) -> Ground<'a> {
        Ground { table, outcome, patients: None, folds, measure: TuningMeasure::LogLoss }
    }

    fn scores(kind: &str, values: &str, turned: bool) -> Nested {
        let (table, outcome, folds) = sample(turned);
        let model: Model = toml::from_str(&format!("kind = '{kind}'\nname = 'm'\n{values}")).unwrap();
        let candidates = [Candidate { label: String::new(), model }];
        let encode = EncodeSettings::default().check().unwrap();
        nested(ground(&table, &outcome, &folds), &Unwatched, |ground, progress| match kind {
            "lasso" => linear::tune("m", ground, &encode, &candidates, progress),
            _ => trees::tune("m", ground, &candidates, Seed::new(2), progress),
        })
        .unwrap()
    }

    #[test]
    fn a_fold_is_judged_by_what_never_saw_its_outcome() {
        for (kind, values) in [("lasso", "penalties = 20"), ("boosted-trees", "trees = 10\nleaves = 4")] {
            let (as_is, turned) = (scores(kind, values, false), scores(kind, values, true));
            let of_fold = |nested: &Nested, fold: usize| -> Vec<u64> {
                nested.scores.iter().skip(fold).step_by(4).map(|score| score.to_bits()).collect()
            };
            assert_eq!(of_fold(&as_is, 0), of_fold(&turned, 0), "{kind}");
            assert_ne!(of_fold(&as_is, 1), of_fold(&turned, 1), "{kind}");
            assert_eq!(as_is.settings.len(), 4);
            assert!(as_is.loss < turned.loss, "{kind}");
        }
    }

    #[test]
    fn two_folds_leave_nothing_to_tune_on() {
        let (table, outcome, _) = sample(false);
        let folds = Folds::given((0..ROWS as u32).map(|row| row % 2).collect()).unwrap();
        let refused = nested(ground(&table, &outcome, &folds), &Unwatched, |_, _| Err(StudyError::Stopped));
        assert!(matches!(refused, Err(StudyError::Table(_))), "{refused:?}");
    }
}
