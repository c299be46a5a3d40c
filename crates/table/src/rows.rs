//! Which rows a table was made from, as a type.

use std::fmt;
use std::marker::PhantomData;

use crate::TableError;

mod sealed {
    pub trait Sealed {}
}

/// The set of rows that a table, an outcome or a list of scores belongs to. Sealed: the four sets below are all.
pub trait RowSet: sealed::Sealed + Copy + Clone + fmt::Debug + Send + Sync + 'static {
    /// The set's name in messages.
    const NAME: &'static str;
}

/// A row set that may still be divided. Held-out rows are not: nothing can turn them into training rows.
pub trait Divisible: RowSet {}

macro_rules! row_sets {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;
        impl sealed::Sealed for $name {}
        impl RowSet for $name {
            const NAME: &'static str = $text;
        }
    )*};
}

row_sets! {
    /// All rows as read, before the split.
    Whole = "whole";
    /// Rows that may be learned from.
    Train = "training";
    /// Rows kept back to judge with.
    HeldOut = "held-out";
    /// Rows that arrive after the model was sealed.
    New = "new";
}

impl Divisible for Whole {}
impl Divisible for Train {}

/// Sorted row numbers of one row set, counted in the table that was divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<R: RowSet> {
    numbers: Vec<u32>,
    _set: PhantomData<R>,
}

impl<R: RowSet> Rows<R> {
    fn from_sorted(numbers: Vec<u32>) -> Self {
        Self { numbers, _set: PhantomData }
    }

    /// The row numbers, ascending.
    #[must_use]
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The entries of `values` that belong to these rows.
    ///
    /// # Panics
    /// If `values` is shorter than the table that was divided.
    #[must_use]
    pub fn pick<T: Clone>(&self, values: &[T]) -> Vec<T> {
        self.numbers.iter().map(|&i| values[i as usize].clone()).collect()
    }
}

/// A division of rows into training and held-out rows in which no group stands on two sides.
///
/// The only way to obtain [`Rows<Train>`] and [`Rows<HeldOut>`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    train: Rows<Train>,
    held_out: Rows<HeldOut>,
}

impl Partition {
    /// Divides rows: `held_out[i]` says on which side row `i` goes; rows with the same entry in `groups` (patients)
    /// must share a side.
    ///
    /// # Errors
    /// [`TableError::GroupOnTwoSides`] when a group is divided, [`TableError::Length`] when `groups` has another
    /// length, [`TableError::EmptySide`] when a side would be empty.
    pub fn new(held_out: &[bool], groups: Option<&[u32]>) -> Result<Self, TableError> {
        if let Some(groups) = groups {
            if groups.len() != held_out.len() {
                return Err(TableError::Length {
                    what: "groups",
                    expected: held_out.len(),
                    found: groups.len(),
                });
            }
            let size = groups.iter().max().map_or(0, |&g| g as usize + 1);
            let mut side: Vec<Option<bool>> = vec![None; size];
            for (row, (&group, &out)) in groups.iter().zip(held_out).enumerate() {
                match side[group as usize] {
                    Some(seen) if seen != out => return Err(TableError::GroupOnTwoSides { row }),
                    _ => side[group as usize] = Some(out),
                }
            }
        }
        let on = |side: bool| -> Vec<u32> {
            (0..held_out.len()).filter(|&i| held_out[i] == side).map(|i| i as u32).collect()
        };
        let (train, held) = (on(false), on(true));
        if train.is_empty() || held.is_empty() {
            let side = if train.is_empty() { Train::NAME } else { HeldOut::NAME };
            return Err(TableError::EmptySide { side });
        }
        Ok(Self { train: Rows::from_sorted(train), held_out: Rows::from_sorted(held) })
    }

    /// The rows to learn from.
    #[must_use]
    pub fn train(&self) -> &Rows<Train> {
        &self.train
    }

    /// The rows to judge with.
    #[must_use]
    pub fn held_out(&self) -> &Rows<HeldOut> {
        &self.held_out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_on_two_sides_is_refused() {
        let refused = Partition::new(&[true, false, false], Some(&[7, 7, 1]));
        assert!(matches!(refused, Err(TableError::GroupOnTwoSides { row: 1 })));
    }

    #[test]
    fn every_row_is_on_one_side() {
        let parts = Partition::new(&[true, false, true, false], None).unwrap();
        assert_eq!(parts.train().numbers(), [1, 3]);
        assert_eq!(parts.held_out().numbers(), [0, 2]);
        assert_eq!(parts.held_out().pick(&["a", "b", "c", "d"]), ["a", "c"]);
    }

    #[test]
    fn an_empty_side_is_refused() {
        assert!(matches!(
            Partition::new(&[false, false], None),
            Err(TableError::EmptySide { side: "held-out" })
        ));
    }
}
