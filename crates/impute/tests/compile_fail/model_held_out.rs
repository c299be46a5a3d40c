//! A model that takes gaps does not learn from held-out rows.

use bedside_table::{Fit, Gaps, Outcome, Sample, Seed, Table, HeldOut, Train};

fn cheat<M: Fit<Reads = Gaps>>(model: &M, unseen: &Table<HeldOut>, events: &Outcome<Train>) {
    let _ = model.fit(&Sample::new(unseen, events), Seed::new(1));
}

fn main() {}
