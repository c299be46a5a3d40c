//! Made-up patients for the checks.

use crate::{
    Categorical, Column, Complete, Data, DesignColumn, DesignData, Filled, Gaps, HeldOut, Matrix, Numeric,
    Outcome, OutcomeKind, Partition, RowSet, Seed, Stream, Table, Term, Train, Whole,
};

/// Training rows with their outcome, and rows that the fit does not see.
pub(super) struct Study {
    pub(super) train: Table<Train>,
    pub(super) outcome: Outcome<Train>,
    pub(super) held_out: Table<HeldOut>,
    pub(super) truth: Outcome<HeldOut>,
}

/// How a check's rows differ from the ordinary ones.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) train: usize,
    pub(super) held_out: usize,
    /// Further numeric columns of pure noise.
    pub(super) noise: usize,
    pub(super) seed: u64,
}

impl Shape {
    pub(super) const ORDINARY: Self = Self { train: 240, held_out: 120, noise: 1, seed: 1 };
}

/// Columns: `age`, `visits` (mostly 0), `lactate` (a third missing), `ward` (a, b, seldom c; some missing), `site` (constant),
/// `never` (all missing), noise. Held-out rows also hold the level `z`, and gaps in `age`.
pub(super) fn study(shape: Shape, kind: OutcomeKind) -> Study {
    let mut draw = Seed::new(shape.seed).derive("conformance", 0).stream();
    let rows = shape.train + shape.held_out;
    let mut cells = Cells::default();
    let mut events = Vec::new();
    for row in 0..rows {
        let unseen = row >= shape.train;
        let line = cells.push(&mut draw, unseen);
        events.push(match kind {
            OutcomeKind::Binary => draw.uniform() < 1.0 / (1.0 + (-line).exp()),
            OutcomeKind::Continuous => false,
        });
        cells.values.push(10.0 + line + 0.5 * draw.normal());
    }
    // Both classes are on both sides, however few rows there are.
    for first in [0, shape.train] {
        events[first] = true;
        events[first + 1] = false;
    }
    let mut columns = cells.columns();
    for number in 0..shape.noise {
        let noise = (0..rows).map(|_| Some(draw.normal()));
        columns.push(numeric(&format!("noise {number}"), noise));
    }
    let outcome = match kind {
        OutcomeKind::Binary => Outcome::binary(events),
        OutcomeKind::Continuous => Outcome::continuous(cells.values),
    };
    let outcome = super::must("conformance data", "the outcome", outcome);
    let table = super::must("conformance data", "the table", Table::new(rows, columns));
    divide(&table, &outcome, shape.train)
}

/// The first rows to learn from, the others held out.
pub(super) fn divide(table: &Table<Whole>, outcome: &Outcome<Whole>, train: usize) -> Study {
    let held_out: Vec<bool> = (0..table.rows()).map(|row| row >= train).collect();
    let parts = super::must("conformance data", "the division", Partition::new(&held_out, None));
    Study {
        train: table.part(parts.train()),
        outcome: outcome.part(parts.train()),
        held_out: table.part(parts.held_out()),
        truth: outcome.part(parts.held_out()),
    }
}

/// The study with an outcome that is the same in all training rows.
pub(super) fn one_class(kind: OutcomeKind) -> Study {
    let study = study(Shape::ORDINARY, kind);
    let (train, rows) = (study.train.rows(), study.train.rows() + study.held_out.rows());
    let outcome = match kind {
        OutcomeKind::Binary => Outcome::binary((0..rows).map(|row| row == train)),
        OutcomeKind::Continuous => {
            Outcome::continuous((0..rows).map(|row| if row < train { 4.0 } else { row as f64 }).collect())
        }
    };
    let outcome = super::must("conformance data", "the outcome", outcome);
    let held_out: Vec<bool> = (0..rows).map(|row| row >= train).collect();
    let parts = super::must("conformance data", "the division", Partition::new(&held_out, None));
    Study { outcome: outcome.part(parts.train()), truth: outcome.part(parts.held_out()), ..study }
}

#[derive(Default)]
struct Cells {
    age: Vec<Option<f64>>,
    visits: Vec<Option<f64>>,
    lactate: Vec<Option<f64>>,
    ward: Vec<Option<&'static str>>,
    values: Vec<f64>,
}

impl Cells {
    /// One more row; gives the linear predictor of its outcome.
    fn push(&mut self, draw: &mut Stream, unseen: bool) -> f64 {
        let age = (60.0 + 12.0 * draw.normal()).round();
        let visits = if draw.uniform() < 0.75 { 0.0 } else { f64::from(1 + draw.below(4)) };
        let lactate = 2.0 + 0.7 * draw.normal();
        let ward = ["a", "a", "a", "b", "b", "b", "c"][draw.below(7) as usize];
        let line =
            0.13 * (age - 60.0) + 0.5 * visits + 0.8 * (lactate - 2.0) + f64::from(u8::from(ward == "b"));
        let [gap, blank, strange] = [draw.uniform(), draw.uniform(), draw.uniform()];
        self.age.push((!unseen || strange > 0.05).then_some(age));
        self.visits.push(Some(visits));
        self.lactate.push((gap > 0.33).then_some(lactate));
        self.ward.push(if unseen && strange > 0.95 { Some("z") } else { (blank > 0.1).then_some(ward) });
        line
    }

    fn columns(&self) -> Vec<Column> {
        let rows = self.age.len();
        vec![
            numeric("age", self.age.iter().copied()),
            numeric("visits", self.visits.iter().copied()),
            numeric("lactate", self.lactate.iter().copied()),
            Column::categorical("ward", Categorical::from_labels(self.ward.iter().copied())),
            numeric("site", std::iter::repeat_n(Some(7.0), rows)),
            numeric("never", std::iter::repeat_n(None, rows)),
        ]
    }
}

pub(super) fn numeric(name: &str, cells: impl IntoIterator<Item = Option<f64>>) -> Column {
    Column::numeric(name, super::must("conformance data", name, Numeric::from_options(cells)))
}

/// The same rows with the columns in the opposite order.
pub(super) fn reversed(table: &Table<Whole>) -> Table<Whole> {
    let columns = table.columns().iter().rev().cloned().collect();
    super::must("conformance data", "the table", Table::new(table.rows(), columns))
}

/// The rows of a table as rows of the whole, so that columns can be changed.
pub(super) fn as_whole<R: RowSet>(table: &Table<R>, extra: Option<Column>) -> Table<Whole> {
    let columns = table.columns().iter().cloned().chain(extra).collect();
    super::must("conformance data", "the table", Table::new(table.rows(), columns))
}

/// The same rows with the levels of `ward` in another order, and one more that no row has.
pub(super) fn recoded<R: RowSet>(table: &Table<R>) -> Table<R> {
    let (mut levels, mut codes, mut states) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(Data::Categorical(ward)) = table.column("ward").map(|column| &column.data) {
        levels.push("not in any row".to_owned());
        levels.extend(ward.levels().iter().rev().cloned());
        codes.extend(ward.codes().iter().map(|code| ward.levels().len() as u32 - code));
        states.extend_from_slice(ward.states());
    }
    let ward = super::must("conformance data", "the column", Categorical::new(codes, states, levels.into()));
    super::must("conformance data", "the table", table.with_column(Column::categorical("ward", ward)))
}

/// The same rows with only unknown levels in `ward`, in a list of levels that the training rows do not share.
pub(super) fn unknown<R: RowSet>(table: &Table<R>) -> Table<R> {
    let ward = Categorical::from_labels((0..table.rows()).map(|row| Some(["p", "q"][row % 2])));
    super::must("conformance data", "the table", table.with_column(Column::categorical("ward", ward)))
}

/// How a table of the checks is shown to a model: as it is, or as a complete design.
pub trait Dress: Matrix {
    /// Whether columns have kinds that could be confused.
    const KINDS: bool;

    /// What the model reads.
    fn dress<R: RowSet>(table: &Table<R>) -> Self::Of<R>;
}

impl Dress for Gaps {
    const KINDS: bool = true;

    fn dress<R: RowSet>(table: &Table<R>) -> Table<R> {
        table.clone()
    }
}

impl Dress for Filled {
    const KINDS: bool = false;

    /// Gaps become 0, levels a, b, c columns of 0 and 1: fixed rules, so that the checks see the model and no imputer.
    /// The columns come in all three ways of storage.
    fn dress<R: RowSet>(table: &Table<R>) -> Complete<R> {
        let mut columns = Vec::new();
        for column in table.columns() {
            let mut push = |term, data| {
                columns.push(DesignColumn { predictor: column.name.clone(), term, data });
            };
            match &column.data {
                Data::Numeric(cells) if column.name == "visits" => {
                    let (rows, values) = (0u32..)
                        .zip(cells.values())
                        .filter(|(_, value)| **value != 0.0)
                        .map(|(row, &value)| (row, value))
                        .unzip();
                    push(Term::Value, DesignData::Sparse { rows, values });
                }
                Data::Numeric(cells) => push(Term::Value, DesignData::Dense(cells.values().to_vec())),
                Data::Categorical(cells) => {
                    for level in ["a", "b", "c"] {
                        let rows = (0..table.rows()).filter(|&row| cells.get(row) == Some(level));
                        let rows = rows.map(|row| row as u32).collect();
                        push(Term::Level(level.to_owned()), DesignData::Indicator(rows));
                    }
                }
            }
        }
        super::must("conformance data", "the design", Complete::of(table, columns))
    }
}
