//! Features as columns of a table, each in full.

use std::io;

use bedside_chart::{Codes, Instant, SubjectNumber};
use bedside_cohort::features::Plan;
use bedside_intake::meds::EventFiles;
use bedside_intake::sparse::{Columns, Run};
use bedside_table::{Column, Numeric, State, TableError};

use crate::StudyError;
use crate::lifetimes::Lifetimes;
use crate::report::data::Finding;
use crate::report::number::count;
use crate::tabulate::{IndexTimes, Means, tabulate};

/// The columns of a plan for some rows, which may come from several data sets.
#[derive(Debug)]
pub(crate) struct Filling<'p> {
    plan: &'p Plan,
    columns: Vec<(Vec<f64>, Vec<State>)>,
    without_events: u64,
    lifetimes: Lifetimes,
    before_the_record: u64,
}

impl<'p> Filling<'p> {
    /// Columns in which nothing is known yet.
    pub(crate) fn new(plan: &'p Plan, rows: usize) -> Self {
        let empty = |column| {
            let column = plan.column(column);
            let zero = column.is_some_and(|column| column.aggregation.absent_is_zero());
            (vec![0.0; rows], vec![if zero { State::Measured } else { State::NotMeasured }; rows])
        };
        let columns = (0..plan.columns()).map(empty).collect();
        Self { plan, columns, without_events: 0, lifetimes: Lifetimes::default(), before_the_record: 0 }
    }

    /// Fills in what a data set says of some rows; `places` are theirs among all, if they are not all.
    ///
    /// # Errors
    /// Those of [`EventFiles::walk`].
    pub(crate) fn fill(
        &mut self,
        files: &EventFiles,
        codes: &Codes,
        rows: &[(SubjectNumber, Instant)],
        places: Option<&[u32]>,
        threads: usize,
    ) -> Result<(), StudyError> {
        // The columns stand in memory in full; what waits for its place is less.
        let means = Means { threads, bytes: u64::MAX };
        let mut next = Next { columns: self.columns.iter_mut(), places };
        let shape =
            tabulate(files, codes, self.plan, &IndexTimes::given(rows), means, |_| Ok(vec![&mut next]))?;
        self.without_events += shape.without_events;
        self.lifetimes.add(&shape.lifetimes);
        self.before_the_record += shape.before_the_record;
        Ok(())
    }

    /// What a reader must know of rows about which little is known.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let rows = self.columns.first().map_or(0, |(values, _)| values.len()).max(1);
        let finding = |number: u64, what: &str, hint: &str| {
            let share = 100.0 * number as f64 / rows as f64;
            (number > 0).then(|| Finding {
                level: if share >= 1.0 { "warning" } else { "note" }.to_owned(),
                text: format!("{} rows ({share:.1} %) {what}.", count(number as usize)),
                hint: hint.to_owned(),
            })
        };
        let nobody =
            "If that should not be, the labels and the events may number their subjects differently.";
        let unborn = "Nobody can be asked about then: look at the clocks of labels and events, and at dates that stand for unknown ones.";
        let early =
            "Their windows are empty. If that should not be, compare the clocks of labels and events.";
        let impossible = self.lifetimes.sentences().into_iter().map(|(number, who, what)| {
            let share = 100.0 * number as f64 / rows as f64;
            let of_rows = if who.contains("row") { format!(" ({share:.1} %)") } else { String::new() };
            Finding {
                level: if share >= 1.0 { "warning" } else { "note" }.to_owned(),
                text: format!("{who}{of_rows} {what}."),
                hint: unborn.to_owned(),
            }
        });
        [
            finding(self.without_events, "are of subjects without any event", nobody),
            finding(
                self.before_the_record,
                "have an index time before the first event of their subject",
                early,
            ),
        ]
        .into_iter()
        .flatten()
        .chain(impossible)
        .collect()
    }

    /// The columns, by what they are called.
    ///
    /// # Errors
    /// [`TableError`] when a value is not finite.
    pub(crate) fn columns(self) -> Result<Vec<Column>, TableError> {
        let named = self.columns.into_iter().zip(0..).filter_map(|(cells, number)| {
            let name = self.plan.column(number)?.describe();
            Some(Numeric::new(cells.0, cells.1).map(|cells| Column::numeric(name, cells)))
        });
        named.collect()
    }
}

/// Columns that are still to be filled, in order.
struct Next<'c, C> {
    columns: C,
    places: Option<&'c [u32]>,
}

impl<'c, C: Iterator<Item = &'c mut (Vec<f64>, Vec<State>)>> Columns for Next<'_, C> {
    fn add(&mut self, columns: &[&[Run]]) -> io::Result<()> {
        for runs in columns {
            let Some((values, states)) = self.columns.next() else { continue };
            for run in *runs {
                let at = run.row as usize..(run.row + run.rows) as usize;
                match self.places {
                    None => {
                        values[at.clone()].fill(run.value);
                        states[at].fill(State::Measured);
                    }
                    Some(places) => {
                        for &place in &places[at] {
                            values[place as usize] = run.value;
                            states[place as usize] = State::Measured;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// The features of some rows of one data set, each column in full, and what a reader must know of the rows.
///
/// # Errors
/// Those of [`EventFiles::walk`].
pub(crate) fn filled(
    files: &EventFiles,
    codes: &Codes,
    plan: &Plan,
    rows: &[(SubjectNumber, Instant)],
    threads: usize,
) -> Result<(Vec<Column>, Vec<Finding>), StudyError> {
    let mut filling = Filling::new(plan, rows.len());
    filling.fill(files, codes, rows, None, threads)?;
    let findings = filling.findings();
    Ok((filling.columns()?, findings))
}
