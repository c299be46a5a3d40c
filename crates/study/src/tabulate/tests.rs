use std::collections::HashSet;
use std::io;

use bedside_chart::{Codes, Instant, SubjectNumber};
use bedside_cohort::features::{Plan, Uses};
use bedside_intake::fuzzing::sound_events;
use bedside_intake::meds::EventFiles;
use bedside_intake::sparse::{Columns, Run};

use super::*;
use crate::spec::RecipeFile;

const RECIPE: &str = r#"
[[feature]]
windows = ["full", "0.00002s..0.00001s"]
aggregations = ["code/count", "value/sum", "value/last", "code/days_since_first", "static/present"]
"#;

/// Columns as lists of entries: row and value.
#[derive(Default)]
struct Kept(Vec<Vec<(u64, f64)>>);

impl Columns for Kept {
    fn add(&mut self, columns: &[&[Run]]) -> io::Result<()> {
        self.0.extend(columns.iter().map(|runs| {
            runs.iter().flat_map(|run| (run.row..run.row + run.rows).map(|row| (row, run.value))).collect()
        }));
        Ok(())
    }
}

struct Hospital {
    files: EventFiles,
    codes: Codes,
    plan: Plan,
}

fn hospital() -> Hospital {
    let files = EventFiles::in_memory("events.parquet", sound_events().into()).unwrap();
    let codes = Codes::default();
    let recipe = RecipeFile::parse(RECIPE, "recipe.toml").unwrap().recipe().unwrap();
    let (uses, subjects) = count_codes(&files, &codes, &recipe, None, 2).unwrap();
    assert_eq!((uses.codes.len(), subjects), (9, 14));
    let plan = Plan::new(&recipe, &uses).unwrap();
    Hospital { files, codes, plan }
}

fn made(hospital: &Hospital, index: &IndexTimes, threads: usize, bytes: u64) -> (Shape, Kept) {
    let Hospital { files, codes, plan } = hospital;
    let mut kept = Kept::default();
    let shape =
        tabulate(files, codes, plan, index, Means { threads, bytes }, |_| Ok(vec![&mut kept])).unwrap();
    assert_eq!(kept.0.len(), plan.columns() as usize);
    let announced: Vec<u64> = kept.0.iter().map(|column| column.len() as u64).collect();
    assert_eq!(announced, shape.entries);
    let ascending = |column: &Vec<(u64, f64)>| column.is_sorted_by(|a, b| a.0 < b.0);
    assert!(kept.0.iter().all(ascending), "rows go back");
    assert!(kept.0.iter().flatten().all(|(row, _)| *row < shape.rows));
    (shape, kept)
}

/// Index times of all subjects, and of one who is not there, out of order.
fn given() -> Vec<(SubjectNumber, Instant)> {
    let mut rows: Vec<_> =
        (0..42).map(|row| (SubjectNumber::new(row % 15), Instant::from_micros(row * 11 % 60 - 3))).collect();
    rows.swap(3, 30);
    rows
}

#[test]
fn little_memory_and_many_threads_change_nothing() {
    let hospital = hospital();
    for index in [IndexTimes::EveryInstant, IndexTimes::given(&given())] {
        let (shape, whole) = made(&hospital, &index, 1, u64::MAX);
        assert!(whole.0.iter().flatten().count() > 200);
        for (threads, bytes) in [(3, u64::MAX), (1, 0), (2, 4000), (4, 1)] {
            let (other, kept) = made(&hospital, &index, threads, bytes);
            assert_eq!((other.rows, &other.instants), (shape.rows, &shape.instants));
            assert_eq!(kept.0, whole.0, "{threads} threads, {bytes} bytes");
        }
    }
}

#[test]
fn rows_stand_in_the_order_of_the_labels() {
    let hospital = hospital();
    let rows = given();
    let (shape, kept) = made(&hospital, &IndexTimes::given(&rows), 2, u64::MAX);
    assert_eq!((shape.rows, shape.without_events), (42, 2), "subject 14 is not in the data");
    assert!(shape.before_the_record > 0 && shape.before_the_record < 10);
    for (row, one) in rows.iter().enumerate() {
        let (_, alone) = made(&hospital, &IndexTimes::given(&[*one]), 1, u64::MAX);
        for (column, (all, alone)) in kept.0.iter().zip(&alone.0).enumerate() {
            let of_row = all.iter().find(|(at, _)| *at == row as u64).map(|(_, value)| *value);
            assert_eq!(of_row, alone.first().map(|(_, value)| *value), "row {row}, column {column}");
        }
    }
}

#[test]
fn every_instant_is_a_row_of_its_own() {
    let hospital = hospital();
    let (shape, kept) = made(&hospital, &IndexTimes::EveryInstant, 2, u64::MAX);
    assert_eq!(shape.instants.len() as u64, shape.rows);
    assert!(shape.instants.is_sorted(), "the subjects of this data set stand in order");
    let distinct: HashSet<_> =
        shape.instants.iter().map(|(subject, time)| (subject.expose(), time.micros())).collect();
    assert_eq!(distinct.len(), shape.instants.len());
    let (_, given) = made(&hospital, &IndexTimes::given(&shape.instants), 1, u64::MAX);
    assert_eq!(kept.0, given.0);
}

#[test]
fn rare_codes_are_counted_among_the_given_subjects() {
    let Hospital { files, codes, .. } = hospital();
    let some = [SubjectNumber::new(0), SubjectNumber::new(13)].map(|subject| (subject, Instant::MAX)).into();
    let recipe = RecipeFile::parse(RECIPE, "recipe.toml").unwrap().recipe().unwrap();
    let (Uses { codes: uses, .. }, subjects) = count_codes(&files, &codes, &recipe, Some(&some), 2).unwrap();
    assert_eq!(subjects, 2);
    // Subject 13 has 4 of the 160 events, subject 0 has 12.
    assert_eq!(uses.values().map(|used| used.events + used.untimed).sum::<u64>(), 16);
    assert!(uses.values().all(|used| used.subjects <= 2));
    // Nothing of what comes later: of subject 13 only what has no time.
    let until = |subject: i64, until: Instant| (SubjectNumber::new(subject), until);
    let early = [until(0, Instant::MAX), until(13, Instant::from_micros(i64::MIN))].into();
    let (Uses { codes: known, .. }, _) = count_codes(&files, &codes, &recipe, Some(&early), 2).unwrap();
    let alone = [until(0, Instant::MAX)].into();
    let (Uses { codes: alone, .. }, _) = count_codes(&files, &codes, &recipe, Some(&alone), 2).unwrap();
    let timed = |uses: &std::collections::BTreeMap<_, bedside_cohort::features::CodeUse>| {
        uses.values().map(|used| used.events).sum::<u64>()
    };
    assert_eq!(timed(&known), timed(&alone));
    assert!(timed(&uses) > timed(&known));
}
