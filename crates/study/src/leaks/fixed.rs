//! Levels of a predictor in which the outcome never varies.

/// The cells of a predictor as levels.
#[derive(Debug)]
pub(super) struct Levels {
    /// The level of each row.
    pub(super) of_row: Vec<u32>,
    /// What each is called; the last one is what is missing.
    pub(super) names: Vec<String>,
    /// Whether the levels but the last are bins of a number, in ascending order.
    pub(super) ordered: bool,
}

/// A level in which the outcome never varies.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed {
    /// Its name.
    pub level: String,
    /// Its rows.
    pub rows: usize,
    /// Distinct patients among them.
    pub patients: usize,
    /// The outcome there.
    pub always: bool,
}

/// Such a level, and the chance that an honest predictor has it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) fixed: Fixed,
    pub(super) chance: f64,
}

/// The odds of an honest level lie at most so far from those of all rows.
const HONEST_ODDS: f64 = 5.0;

/// The outcome of an honest bin is at least half as frequent (or as rare) as that of the bins beside it.
const HONEST_STEP: f64 = 0.5;

/// So many bins on either side are beside a bin.
const BESIDE: usize = 2;

#[derive(Clone, Default)]
struct Count {
    rows: usize,
    events: usize,
    patients: usize,
    last: Option<u32>,
}

/// The level in which the outcome never varies that an honest predictor would have least often.
///
/// An honest predictor makes the outcome rarer from level to level; where it knows what came later, the outcome stops. So a bin
/// of a number is compared with the bins beside it, and any other level with what the odds of an honest one may be. The rows of a
/// patient count as one: an outcome that is asked for every hour is the same for hours on end.
pub(super) fn fixed_level(
    levels: &Levels,
    y: &[f64],
    mean: f64,
    patients: &[(u32, u32)],
) -> Option<Candidate> {
    let names = &levels.names;
    let mut counts = vec![Count::default(); names.len()];
    for &(patient, row) in patients {
        let count = &mut counts[levels.of_row[row as usize] as usize];
        count.rows += 1;
        count.events += usize::from(y[row as usize] > 0.5);
        count.patients += usize::from(count.last != Some(patient));
        count.last = Some(patient);
    }
    let chance = |at: usize| {
        let always = counts[at].events > 0;
        let odds = mean / (1.0 - mean) * if always { HONEST_ODDS } else { 1.0 / HONEST_ODDS };
        let by_odds = odds / (1.0 + odds);
        let other = |frequency: f64| if always { 1.0 - frequency } else { frequency };
        // How often an honest level has the other outcome.
        let rare = beside(&counts, levels, at)
            .map_or_else(|| other(by_odds), |frequency| (HONEST_STEP * other(frequency)).min(other(by_odds)));
        (1.0 - rare).powf(counts[at].patients as f64)
    };
    (0..names.len())
        .filter(|&at| counts[at].rows > 0 && (counts[at].events == 0 || counts[at].events == counts[at].rows))
        .map(|at| (at, chance(at)))
        .min_by(|a, b| a.1.total_cmp(&b.1).then(counts[b.0].patients.cmp(&counts[a.0].patients)))
        .map(|(at, chance)| Candidate {
            fixed: Fixed {
                level: names[at].clone(),
                rows: counts[at].rows,
                patients: counts[at].patients,
                always: counts[at].events > 0,
            },
            chance,
        })
}

/// How frequent the outcome is in the bins beside one, if they have as many patients as it has. One event more and one less than
/// there are keep it from being nought or all.
fn beside(counts: &[Count], levels: &Levels, at: usize) -> Option<f64> {
    let bins = counts.len() - 1;
    if !levels.ordered || at >= bins {
        return None;
    }
    let near = (at.saturating_sub(BESIDE)..at).chain(at + 1..(at + 1 + BESIDE).min(bins));
    let (mut rows, mut events, mut patients) = (0, 0, 0);
    for bin in near {
        rows += counts[bin].rows;
        events += counts[bin].events;
        patients += counts[bin].patients;
    }
    (patients >= counts[at].patients).then(|| (events as f64 + 0.5) / (rows as f64 + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leaks::by_patient;

    fn levels(of_row: Vec<u32>, names: &[&str], ordered: bool) -> Levels {
        Levels { of_row, names: names.iter().map(|&name| name.to_owned()).collect(), ordered }
    }

    #[test]
    fn the_hours_of_a_patient_count_as_one() {
        // Ten patients with 200 hours each: the value stands for the patient, and so does the outcome.
        let levels =
            levels((0..2000).map(|row| u32::from(row >= 1000)).collect(), &["low", "high", "missing"], false);
        let y: Vec<f64> = (0..2000).map(|row| f64::from(u8::from(row < 400))).collect();
        let of_ten: Vec<u32> = (0..2000).map(|row| row / 200).collect();
        let fixed =
            |patients: Option<&[u32]>| fixed_level(&levels, &y, 0.2, &by_patient(patients, 2000)).unwrap();
        let found = fixed(None);
        assert_eq!(
            (found.fixed.level.as_str(), found.fixed.rows, found.fixed.patients, found.fixed.always),
            ("high", 1000, 1000, false)
        );
        assert!(found.chance < 1e-9);
        assert!(fixed(Some(&of_ten)).chance > 0.1);
        let of_hundred: Vec<u32> = (0..2000).map(|row| row / 5 % 100 + 100 * (row / 1000)).collect();
        let found = fixed(Some(&of_hundred));
        assert_eq!((found.fixed.rows, found.fixed.patients), (1000, 100));
    }

    #[test]
    fn a_risk_that_fades_is_honest_and_one_that_stops_is_not() {
        // Bins of 200 rows; the event fades from 40 % to nothing, or stops.
        let found = |events: [usize; 6]| {
            let of_row: Vec<u32> = (0..1200).map(|row| row / 200).collect();
            let y: Vec<f64> =
                (0..1200).map(|row| f64::from(u8::from(row % 200 < events[row / 200]))).collect();
            let mean = y.iter().sum::<f64>() / 1200.0;
            let levels = levels(of_row, &["a", "b", "c", "d", "e", "f", "missing"], true);
            fixed_level(&levels, &y, mean, &by_patient(None, 1200)).unwrap().chance
        };
        assert!(found([0, 1, 3, 12, 40, 80]) > 0.01);
        assert!(found([40, 45, 0, 50, 60, 80]) < 1e-4);
        // Ten of ten is little among many levels: an honest level may have odds five times those of all.
        let few =
            levels((0..1000).map(|row| u32::from(row >= 10)).collect(), &["new", "other", "missing"], false);
        let y: Vec<f64> = (0..1000).map(|row| f64::from(u8::from(row < 200))).collect();
        assert!(fixed_level(&few, &y, 0.2, &by_patient(None, 1000)).unwrap().chance > 1e-3);
    }
}
