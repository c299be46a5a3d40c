//! Small tables.

use bedside_table::{Categorical, Column, Numeric, Partition, Table, Train, Whole};

pub(crate) fn number(name: &str, cells: &[Option<f64>]) -> Column {
    Column::numeric(name, Numeric::from_options(cells.iter().copied()).unwrap())
}

pub(crate) fn category(name: &str, cells: &[Option<&str>]) -> Column {
    Column::categorical(name, Categorical::from_labels(cells.iter().copied()))
}

/// The first `train` rows to learn from; the rest held out.
pub(crate) fn split(whole: &Table<Whole>, train: usize) -> (Table<Train>, Table<bedside_table::HeldOut>) {
    let held_out: Vec<bool> = (0..whole.rows()).map(|row| row >= train).collect();
    let parts = Partition::new(&held_out, None).unwrap();
    (whole.part(parts.train()), whole.part(parts.held_out()))
}
