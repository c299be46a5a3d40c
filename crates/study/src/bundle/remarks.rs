//! What is odd about new rows: cells that the training rows did not prepare the model for.

use bedside_table::{Column, Data, New, State, Table};

use super::{Bundle, list};
use crate::reference::PredictorReference;

/// Something that whoever reads the scores of some rows must know. Never says what stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The rows, counted from 0, ascending.
    pub rows: Vec<u32>,
    /// What there is to know, of each of them.
    pub says: String,
}

impl Remark {
    /// How many rows are named one by one.
    const NAMED: usize = 20;

    /// The remark with its rows, which are called so: `rows 3, 8: …`.
    #[must_use]
    pub fn with_rows(&self, called: &str) -> String {
        let named: Vec<String> =
            self.rows.iter().take(Self::NAMED).map(|row| (u64::from(*row) + 1).to_string()).collect();
        let (named, says) = (named.join(", "), &self.says);
        match self.rows.len() {
            1 => format!("{called} {named}: {says}"),
            count if count <= Self::NAMED => format!("{count} {called}s ({named}): {says}"),
            count => format!("{count} {called}s ({named}, …): {says}"),
        }
    }

    /// A remark on the rows that are chosen, if there are any.
    fn on(rows: usize, chosen: impl Fn(usize) -> bool, says: impl FnOnce() -> String) -> Option<Self> {
        let rows: Vec<u32> = (0..rows).filter(|&row| chosen(row)).map(|row| row as u32).collect();
        (!rows.is_empty()).then(|| Self { rows, says: says() })
    }
}

impl Bundle {
    /// What is odd about the cells of a table: levels that no training row had, gaps where no training row had one, numbers far
    /// outside of those of the training rows or out of the plausible range, and rows of which nothing is known.
    pub(super) fn remarks(&self, table: &Table<New>) -> Vec<Remark> {
        let mut found = Vec::new();
        let mut next = 0;
        for column in table.columns() {
            let Some(known) = self.reference_of(&column.name, &mut next) else { continue };
            match &column.data {
                Data::Numeric(_) => found.extend(far_out(known, column)),
                Data::Categorical(_) => found.extend(self.unseen(column)),
            }
            let name = &column.name;
            let states = column.states();
            found.extend(Remark::on(
                table.rows(),
                |row| states[row] == State::OutOfRange,
                || format!("`{name}` is outside of its plausible range and counts as not measured"),
            ));
            if known.missing <= 0.0 {
                found.extend(Remark::on(
                    table.rows(),
                    |row| states[row] == State::NotMeasured,
                    || format!("`{name}` is missing, and no training row lacked it"),
                ));
            }
        }
        let empty = |row: usize| table.columns().iter().all(|column| !column.states()[row].is_measured());
        found.extend(Remark::on(table.rows(), empty, || {
            "nothing is known: every predictor is missing, and the score says nothing of this patient"
                .to_owned()
        }));
        found
    }

    /// What the training rows had of a predictor. They are asked for in their order, as a rule.
    fn reference_of(&self, name: &str, next: &mut usize) -> Option<&PredictorReference> {
        let all = &self.reference().predictors;
        let at = match all.get(*next) {
            Some(known) if known.name == name => *next,
            _ => all.iter().position(|known| known.name == name)?,
        };
        *next = at + 1;
        all.get(at)
    }

    fn unseen(&self, column: &Column) -> Option<Remark> {
        let (Data::Categorical(cells), Some(known)) = (&column.data, self.recipe().levels.get(&column.name))
        else {
            return None;
        };
        let unknown: Vec<bool> =
            cells.levels().iter().map(|level| known.binary_search(level).is_err()).collect();
        Remark::on(
            column.len(),
            |row| cells.states()[row].is_measured() && unknown[cells.codes()[row] as usize],
            || {
                format!(
                    "`{}` has a level that the model was not trained on; known are {}",
                    column.name,
                    list(known, 8)
                )
            },
        )
    }
}

fn far_out(known: &PredictorReference, column: &Column) -> Option<Remark> {
    let Data::Numeric(cells) = &column.data else { return None };
    let ends = known.ends()?;
    Remark::on(
        column.len(),
        |row| cells.get(row).is_some_and(|value| known.is_far(value)),
        || {
            format!(
                "`{}` is far outside of the training rows, nearly all of which lie between {} and {}",
                column.name, ends.0, ends.1
            )
        },
    )
}
