//! Which rows are held out, and the folds inside the training rows.

use std::collections::{BTreeSet, HashMap};

use bedside_table::{Folds, Outcome, OutcomeKind, Partition, Seed, Train, Whole};

use crate::StudyError;
use crate::cohort::Cohort;
use crate::spec::{KeepTogether, Split, SplitBy, StudyFile};
use crate::twins::alike;

/// What the rows of a cohort have in common with each other, as opaque numbers.
#[derive(Debug, Clone, Default)]
pub struct Kinship {
    /// The patient of each row.
    pub patients: Option<Vec<u32>>,
    /// The site of each row and the sites' names.
    pub sites: Option<(Vec<u32>, Vec<String>)>,
    /// When each row's prediction is made, on any scale that grows with time.
    pub times: Option<Vec<f64>>,
    /// What must stay on one side beside the rows of a patient: rows of the same number.
    pub together: Option<Vec<u32>>,
}

impl Kinship {
    /// The rows that no division may part: those of a patient, and those that must stay together.
    fn groups(&self, with_patients: bool) -> Option<Vec<u32>> {
        match (self.patients.as_deref().filter(|_| with_patients), self.together.as_deref()) {
            (None, None) => None,
            (Some(own), None) | (None, Some(own)) => Some(own.to_vec()),
            (Some(patients), Some(together)) => Some(joined(patients, together)),
        }
    }
}

/// One number for all rows that are joined by either, over any number of steps.
fn joined(one: &[u32], other: &[u32]) -> Vec<u32> {
    fn root(of: &mut [u32], mut row: u32) -> u32 {
        while of[row as usize] != row {
            of[row as usize] = of[of[row as usize] as usize];
            row = of[row as usize];
        }
        row
    }
    let mut of: Vec<u32> = (0..one.len() as u32).collect();
    for groups in [one, other] {
        let mut first: HashMap<u32, u32> = HashMap::new();
        for (row, &group) in (0u32..).zip(groups) {
            let with = *first.entry(group).or_insert(row);
            let (a, b) = (root(&mut of, row), root(&mut of, with));
            of[a.max(b) as usize] = a.min(b);
        }
    }
    (0..one.len() as u32).map(|row| root(&mut of, row)).collect()
}

/// Notes which rows must stay together, if the study asks for that.
///
/// # Errors
/// [`StudyError::Split`] when rows are to be compared whose predictors are made of events afterwards.
pub fn keep_together(cohort: &mut Cohort, study: &StudyFile) -> Result<(), StudyError> {
    match study.split.keep_together {
        None => Ok(()),
        Some(KeepTogether::Duplicates) if study.data.events.is_some() => Err(StudyError::Split {
            problem: "`keep-together` compares the columns of a table; the predictors of this study are made of events after its rows \
                      are divided. Keep rows together by their patient"
                .to_owned(),
        }),
        Some(KeepTogether::Duplicates) => {
            cohort.kin.together = Some(alike(&cohort.table));
            Ok(())
        }
    }
}

/// A division of a cohort.
#[derive(Debug, Clone)]
pub struct Division {
    /// Rows of the cohort that take part, ascending. A split by time or site leaves out the training rows of patients
    /// who also stand on the held-out side.
    pub kept: Vec<u32>,
    /// The two sides, counted within the kept rows.
    pub parts: Partition,
    /// In words.
    pub how: String,
}

/// Divides a cohort as the study file says.
///
/// # Errors
/// [`StudyError::Split`] when the file asks for what the data do not have; [`StudyError::Table`] when a side is empty.
pub fn divide(
    outcome: &Outcome<Whole>,
    kin: &Kinship,
    split: &Split,
    by: SplitBy,
    seed: Seed,
) -> Result<Division, StudyError> {
    let rows = outcome.rows();
    let percent = split.held_out * 100.0;
    let (held, how) = match by {
        SplitBy::Patient | SplitBy::Row => {
            if by == SplitBy::Patient {
                patients(kin)?;
            }
            let groups = kin.groups(by == SplitBy::Patient);
            let shares = [1.0 - split.held_out, split.held_out];
            let folds =
                Folds::with_shares(&strata(outcome), groups.as_deref(), &shares, seed.derive("held-out", 0))?;
            let unit = if by == SplitBy::Patient { "patient" } else { "row" };
            let held: Vec<bool> = folds.of_row().iter().map(|&f| f == 1).collect();
            (held, format!("{percent:.0} % held out at random by {unit}, stratified by outcome"))
        }
        SplitBy::Time => by_time(kin, split, rows)?,
        SplitBy::Site => by_site(kin, split, rows, seed)?,
    };
    // A patient with held-out rows brings no training rows: nobody stands on two sides, whatever the split.
    let mut kept: Vec<u32> = (0..rows as u32).collect();
    let mut groups = kin.groups(by != SplitBy::Row);
    if let Some(patients) = groups.take() {
        let judged: BTreeSet<u32> =
            patients.iter().zip(&held).filter(|&(_, &out)| out).map(|(&p, _)| p).collect();
        kept.retain(|&row| held[row as usize] || !judged.contains(&patients[row as usize]));
        groups = Some(kept.iter().map(|&row| patients[row as usize]).collect());
    }
    let sides: Vec<bool> = kept.iter().map(|&row| held[row as usize]).collect();
    let parts = Partition::new(&sides, groups.as_deref())?;
    let how = if kin.together.is_some() {
        format!("{how}; rows that are equal in every predictor on one side")
    } else {
        how
    };
    Ok(Division { kept, parts, how })
}

/// Folds inside the training rows: by site when the study leaves one out at a time, else stratified, patients whole.
///
/// # Errors
/// [`StudyError::Table`] when there are fewer patients or sites than folds.
pub fn folds(
    outcome: &Outcome<Train>,
    kin: &Kinship,
    split: &Split,
    seed: Seed,
) -> Result<Folds, StudyError> {
    if split.leave_one_site_out {
        let (sites, _) = sites(kin)?;
        let mut number = HashMap::new();
        let of_row = sites
            .iter()
            .map(|site| {
                let next = number.len() as u32;
                *number.entry(*site).or_insert(next)
            })
            .collect();
        return Ok(Folds::given(of_row)?);
    }
    let groups = kin.groups(!split.allow_repeated_patients);
    Ok(Folds::stratified(&strata(outcome), groups.as_deref(), split.folds as usize, seed.derive("folds", 0))?)
}

/// The kinship of some of the rows.
#[must_use]
pub fn subset(kin: &Kinship, rows: &[u32]) -> Kinship {
    fn pick<T: Copy>(all: &[T], rows: &[u32]) -> Vec<T> {
        rows.iter().map(|&i| all[i as usize]).collect()
    }
    Kinship {
        patients: kin.patients.as_deref().map(|p| pick(p, rows)),
        sites: kin.sites.as_ref().map(|(of_row, names)| (pick(of_row, rows), names.clone())),
        together: kin.together.as_deref().map(|t| pick(t, rows)),
        times: kin.times.as_deref().map(|t| pick(t, rows)),
    }
}

/// Classes that should be spread evenly: event or not, or tenths of a continuous outcome.
fn strata<R: bedside_table::RowSet>(outcome: &Outcome<R>) -> Vec<u32> {
    match outcome.kind() {
        OutcomeKind::Binary => outcome.values().iter().map(|&v| u32::from(v > 0.5)).collect(),
        OutcomeKind::Continuous => {
            let mut order: Vec<usize> = (0..outcome.rows()).collect();
            order.sort_by(|&a, &b| outcome.values()[a].total_cmp(&outcome.values()[b]).then(a.cmp(&b)));
            let mut tenth = vec![0; order.len()];
            for (rank, &row) in order.iter().enumerate() {
                tenth[row] = (rank * 10 / order.len().max(1)) as u32;
            }
            tenth
        }
    }
}

fn by_time(kin: &Kinship, split: &Split, rows: usize) -> Result<(Vec<bool>, String), StudyError> {
    let times = kin
        .times
        .as_ref()
        .ok_or_else(|| StudyError::Split { problem: "a split by time needs `columns.time`".to_owned() })?;
    let cut = if let Some(cut) = &split.cut {
        moment(cut)?
    } else {
        let mut sorted = times.clone();
        sorted.sort_by(f64::total_cmp);
        let last = ((rows as f64) * (1.0 - split.held_out)).floor() as usize;
        sorted[last.min(rows - 1)]
    };
    let held = times.iter().map(|&t| t >= cut).collect();
    let words = match &split.cut {
        Some(cut) => format!("rows at or after {cut} held out; training strictly before"),
        None => format!("the latest {:.0} % held out; training strictly before", split.held_out * 100.0),
    };
    Ok((held, words))
}

fn moment(cut: &crate::spec::Value) -> Result<f64, StudyError> {
    match cut {
        crate::spec::Value::Number(number) => Ok(*number),
        other => match bedside_intake::parse_time(&other.text(), None) {
            Some(microseconds) => Ok(microseconds as f64 / 86_400e6),
            None => Err(StudyError::Split {
                problem: format!("`split.cut` = `{other}` is neither a number nor an ISO 8601 date or time"),
            }),
        },
    }
}

fn by_site(kin: &Kinship, split: &Split, rows: usize, seed: Seed) -> Result<(Vec<bool>, String), StudyError> {
    let (of_row, names) = sites(kin)?;
    let wanted: Vec<String> = if split.held_out_sites.is_empty() {
        let mut order: Vec<usize> = (0..names.len()).collect();
        seed.derive("held-out sites", 0).stream().shuffle(&mut order);
        let mut size = vec![0usize; names.len()];
        of_row.iter().for_each(|&s| size[s as usize] += 1);
        let (mut chosen, mut total) = (Vec::new(), 0usize);
        for site in order {
            if (total as f64) < split.held_out * rows as f64 && chosen.len() + 1 < names.len() {
                total += size[site];
                chosen.push(names[site].clone());
            }
        }
        chosen.sort();
        chosen
    } else {
        split.held_out_sites.as_slice().to_vec()
    };
    for site in &wanted {
        if !names.contains(site) {
            return Err(StudyError::Split {
                problem: format!("`split.held-out-sites` names `{site}`; the sites are {}", names.join(", ")),
            });
        }
    }
    let held = of_row.iter().map(|&s| wanted.contains(&names[s as usize])).collect();
    Ok((held, format!("held out by site: {}; trained on all other sites", wanted.join(", "))))
}

fn patients(kin: &Kinship) -> Result<&[u32], StudyError> {
    kin.patients
        .as_deref()
        .ok_or_else(|| StudyError::Split { problem: "a split by patient needs `columns.patient`".to_owned() })
}

fn sites(kin: &Kinship) -> Result<(&[u32], &[String]), StudyError> {
    kin.sites.as_ref().map(|(of_row, names)| (of_row.as_slice(), names.as_slice())).ok_or_else(|| {
        StudyError::Split {
            problem: "a split by site needs `columns.site` (or `data.file-column` as site)".to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cohort(rows: usize, people: u32, seed: u64) -> (Outcome<Whole>, Kinship) {
        let mut stream = Seed::new(seed).stream();
        let mut events: Vec<bool> = (0..rows).map(|_| stream.uniform() < 0.2).collect();
        (events[0], events[1]) = (true, false);
        let kin = Kinship {
            patients: Some((0..rows).map(|_| stream.below(people)).collect()),
            sites: Some((
                (0..rows).map(|_| stream.below(4)).collect(),
                ["a", "b", "c", "d"].map(str::to_owned).into(),
            )),
            times: Some((0..rows).map(|_| (stream.uniform() * 1000.0).floor()).collect()),
            together: None,
        };
        (Outcome::binary(events).unwrap(), kin)
    }

    proptest! {
        #[test]
        fn whatever_the_split_no_patient_stands_on_two_sides(
            rows in 80usize..400, people in 20u32..200, seed in any::<u64>(), which in 0usize..3,
        ) {
            let (outcome, kin) = cohort(rows, people, seed);
            let by = [SplitBy::Patient, SplitBy::Time, SplitBy::Site][which];
            let Ok(made) = divide(&outcome, &kin, &Split::default(), by, Seed::new(seed)) else { return Ok(()) };
            let kept = subset(&kin, &made.kept);
            let people = kept.patients.unwrap();
            let train: BTreeSet<u32> = made.parts.train().pick(&people).into_iter().collect();
            prop_assert!(made.parts.held_out().pick(&people).iter().all(|p| !train.contains(p)));
            if by == SplitBy::Time {
                let times = kept.times.unwrap();
                let last = made.parts.train().pick(&times).into_iter().fold(f64::MIN, f64::max);
                prop_assert!(made.parts.held_out().pick(&times).iter().all(|&t| t > last));
            }
            if by == SplitBy::Site {
                let sites = kept.sites.unwrap().0;
                let train: BTreeSet<u32> = made.parts.train().pick(&sites).into_iter().collect();
                prop_assert!(made.parts.held_out().pick(&sites).iter().all(|s| !train.contains(s)));
            }
        }
    }

    #[test]
    fn the_held_out_share_and_the_event_frequency_are_kept() {
        let (outcome, kin) = cohort(5000, 100_000, 4);
        let made = divide(&outcome, &kin, &Split::default(), SplitBy::Patient, Seed::new(4)).unwrap();
        let held = outcome.part(made.parts.held_out());
        assert!((held.rows() as f64 / 5000.0 - 0.2).abs() < 0.01, "{}", held.rows());
        assert!((held.mean() - outcome.mean()).abs() < 0.01);
    }

    proptest! {
        #[test]
        fn rows_that_are_kept_together_stand_on_one_side(
            rows in 120usize..400, alike in 60u32..200, seed in any::<u64>(), which in 0usize..4,
        ) {
            let (outcome, mut kin) = cohort(rows, 100_000, seed);
            let mut stream = Seed::new(seed).derive("alike", 0).stream();
            kin.together = Some((0..rows).map(|_| stream.below(alike)).collect());
            let by = [SplitBy::Patient, SplitBy::Time, SplitBy::Site, SplitBy::Row][which];
            let Ok(made) = divide(&outcome, &kin, &Split::default(), by, Seed::new(seed)) else { return Ok(()) };
            let together = subset(&kin, &made.kept).together.unwrap();
            let train: BTreeSet<u32> = made.parts.train().pick(&together).into_iter().collect();
            prop_assert!(made.parts.held_out().pick(&together).iter().all(|t| !train.contains(t)));
        }
    }

    #[test]
    fn groups_are_joined_over_any_number_of_steps() {
        assert_eq!(joined(&[1, 1, 2, 2, 3, 4], &[9, 8, 8, 7, 7, 6]), [0, 0, 0, 0, 0, 5]);
        assert_eq!(joined(&[1, 2, 3], &[4, 5, 6]), [0, 1, 2]);
    }

    #[test]
    fn a_site_that_is_not_there_is_named() {
        let (outcome, kin) = cohort(100, 1000, 1);
        let split = Split { held_out_sites: vec!["e".to_owned()].into(), ..Split::default() };
        let error = divide(&outcome, &kin, &split, SplitBy::Site, Seed::new(1)).unwrap_err().to_string();
        assert!(error.contains("`e`") && error.contains("a, b, c, d"), "{error}");
    }
}
