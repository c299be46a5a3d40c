//! Held-out rows cannot be divided again, and so cannot become training rows.

use bedside_table::{HeldOut, Rows, Table, Train};

fn cheat(unseen: &Table<HeldOut>, rows: &Rows<Train>) -> Table<Train> {
    unseen.part(rows)
}

fn main() {}
