//! Made-up patients: numbers with gaps and ties, levels with gaps, and an outcome that depends on some of them.

use bedside_table::{
    Categorical, Column, HeldOut, Numeric, Outcome, Partition, Seed, State, Table, Train, Whole,
};

pub(crate) struct Ward {
    pub(crate) table: Table<Whole>,
    pub(crate) binary: Outcome<Whole>,
    pub(crate) continuous: Outcome<Whole>,
    pub(crate) counts: Outcome<Whole>,
    pub(crate) groups: Vec<u32>,
    pub(crate) weights: Vec<f64>,
}

/// Rows to learn from and rows held out.
pub(crate) struct Sides {
    pub(crate) train: Table<Train>,
    pub(crate) held_out: Table<HeldOut>,
    pub(crate) parts: Partition,
}

pub(crate) fn ward(rows: usize, seed: u64) -> Ward {
    let mut draw = Seed::new(seed).stream();
    let names: Vec<String> = (0..20).map(|i| format!("unit {i}")).collect();
    let (mut age, mut stays, mut marker) = (Vec::new(), Vec::new(), Vec::new());
    let (mut sex, mut unit, mut states) = (Vec::new(), Vec::new(), Vec::new());
    let (mut events, mut values, mut counts, mut weights) = (vec![], vec![], vec![], vec![]);
    for _ in 0..rows {
        let years = (60.0 + 15.0 * draw.normal()).round();
        let stay = f64::from(draw.below(6));
        let level = draw.normal();
        let (man, place) = (draw.below(2), draw.below(20));
        let line = 0.06 * (years - 60.0) + 0.8 * level * f64::from(man) + 0.2 * f64::from(place % 3) - 0.5;
        age.push((draw.uniform() > 0.1).then_some(years));
        stays.push(Some(stay));
        marker.push((draw.uniform() > 0.3 || level > 1.0).then_some(level));
        sex.push(Some(["woman", "man"][man as usize]));
        unit.push(place);
        states.push(if draw.uniform() > 0.05 { State::Measured } else { State::Unreadable });
        events.push(draw.uniform() < 1.0 / (1.0 + (-line).exp()));
        values.push(20.0 + 3.0 * line + draw.normal());
        counts.push((line.exp() * 3.0 * draw.uniform()).floor());
        weights.push(if draw.uniform() < 0.1 { 0.0 } else { 0.5 + draw.uniform() });
    }
    let columns = vec![
        Column::numeric("age", Numeric::from_options(age).unwrap()),
        Column::numeric("stays", Numeric::from_options(stays).unwrap()),
        Column::categorical("sex", Categorical::from_labels(sex)),
        Column::numeric("marker", Numeric::from_options(marker).unwrap()),
        Column::categorical("unit", Categorical::new(unit, states, names.into()).unwrap()),
    ];
    Ward {
        table: Table::new(rows, columns).unwrap(),
        binary: Outcome::binary(events).unwrap(),
        continuous: Outcome::continuous(values).unwrap(),
        counts: Outcome::continuous(counts).unwrap(),
        groups: (0..rows as u32).map(|i| i * 2 / 3).collect(),
        weights,
    }
}

impl Ward {
    /// The last quarter is held out.
    pub(crate) fn divided(&self) -> Sides {
        let rows = self.table.rows();
        let cut = rows - rows / 4;
        let parts = Partition::new(&(0..rows).map(|i| i >= cut).collect::<Vec<_>>(), None).unwrap();
        let (train, held_out) = (self.table.part(parts.train()), self.table.part(parts.held_out()));
        Sides { train, held_out, parts }
    }
}
