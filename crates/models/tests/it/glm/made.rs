//! Samples made for the tests.

use bedside_table::{
    Complete, DesignColumn, DesignData, Outcome, OutcomeKind, Partition, Seed, Table, Term, Train,
};

/// A design over training rows, and its outcome.
pub(super) struct Made {
    pub(super) x: Complete<Train>,
    pub(super) outcome: Outcome<Train>,
}

/// Columns named `x0`, `x1`, ….
pub(super) fn named(columns: Vec<DesignData>) -> Vec<DesignColumn> {
    let name = |(number, data)| DesignColumn { predictor: format!("x{number}"), term: Term::Value, data };
    columns.into_iter().enumerate().map(name).collect()
}

/// A sample of these columns. A row without a number stands for the other side of the split, which may not be empty.
pub(super) fn sample(kind: OutcomeKind, y: &[f64], columns: Vec<DesignData>) -> Made {
    let rows = y.len();
    let beyond = y.first().map_or(1.0, |first| if *first > 0.5 { 0.0 } else { 1.0 });
    let all: Vec<f64> = y.iter().copied().chain([beyond]).collect();
    let whole = match kind {
        OutcomeKind::Binary => Outcome::binary(all.iter().map(|y| *y > 0.5)),
        OutcomeKind::Continuous => Outcome::continuous(all),
    };
    let held_out: Vec<bool> = (0..=rows).map(|row| row == rows).collect();
    let parts = Partition::new(&held_out, None).unwrap();
    let table = Table::new(rows + 1, vec![]).unwrap().part(parts.train());
    Made { x: Complete::of(&table, named(columns)).unwrap(), outcome: whole.unwrap().part(parts.train()) }
}

/// Dense, sparse and indicator columns, some of them related, and an outcome that depends on the first four.
pub(super) fn mixed(kind: OutcomeKind, rows: usize, columns: usize, seed: u64) -> Made {
    let mut draw = Seed::new(seed).derive("design", 0).stream();
    let mut line = vec![0.0; rows];
    let mut made = Vec::new();
    let mut shared = vec![0.0; rows];
    for number in 0..columns {
        let values: Vec<f64> = match number % 4 {
            0 => (0..rows).map(|_| 30.0 + 8.0 * draw.normal()).collect(),
            1 => (0..rows).map(|_| if draw.uniform() < 0.15 { draw.normal() } else { 0.0 }).collect(),
            2 => (0..rows).map(|_| f64::from(u8::from(draw.uniform() < 0.8))).collect(),
            _ => shared.iter().map(|v| v + 0.4 * draw.normal()).collect(),
        };
        if number % 4 == 0 {
            shared = values.iter().map(|v| v / 8.0).collect();
        }
        if number < 4 {
            let weight = [0.1, 0.9, -0.8, 0.3][number];
            line.iter_mut().zip(&values).for_each(|(line, v)| *line += weight * v);
        }
        made.push(match number % 4 {
            1 => {
                let (at, values): (Vec<u32>, Vec<f64>) =
                    (0u32..).zip(values).filter(|(_, v)| *v != 0.0).unzip();
                DesignData::Sparse { rows: at, values }
            }
            2 => DesignData::Indicator((0..rows as u32).filter(|&row| values[row as usize] > 0.5).collect()),
            _ => DesignData::Dense(values),
        });
    }
    let mean = line.iter().sum::<f64>() / rows as f64;
    let mut y: Vec<f64> = line
        .iter()
        .map(|line| match kind {
            OutcomeKind::Binary => f64::from(u8::from(draw.uniform() < 1.0 / (1.0 + (mean - line).exp()))),
            OutcomeKind::Continuous => 100.0 + 5.0 * (line - mean) + 3.0 * draw.normal(),
        })
        .collect();
    if kind == OutcomeKind::Binary {
        (y[0], y[1]) = (0.0, 1.0);
    }
    sample(kind, &y, made)
}
