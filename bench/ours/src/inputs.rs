//! The arrays that both sides read. Their layout is described in `bench/peers/prepare.py`.

use std::path::{Path, PathBuf};

use bedside_table::{
    Column, Complete, DesignColumn, DesignData, Folds, Numeric, Outcome as Known, Partition, Table, Term,
    Train, Whole,
};
use serde::Deserialize;

use crate::Outcome;

#[derive(Deserialize)]
struct Meta {
    rows: usize,
    numeric_columns: Vec<String>,
    onehot_names: Vec<String>,
    lambda: Vec<f64>,
}

/// A folder of inputs.
pub(crate) struct Inputs {
    folder: PathBuf,
    meta: Meta,
    /// The patient of each row.
    pub(crate) patients: Vec<u32>,
    /// The outcome of each row.
    pub(crate) outcome: Known<Whole>,
    fold: Vec<u32>,
}

impl Inputs {
    pub(crate) fn read(folder: &str) -> Outcome<Self> {
        let folder = PathBuf::from(folder);
        let meta: Meta = serde_json::from_slice(&bytes(&folder, "meta.json")?)?;
        let outcome = Known::binary(bytes(&folder, "outcome.u8")?.into_iter().map(|y| y == 1))?;
        let fold = bytes(&folder, "fold.u8")?.into_iter().map(u32::from).collect();
        let patients = numbers(&folder, "group.u32", u32::from_le_bytes)?;
        Ok(Self { folder, meta, patients, outcome, fold })
    }

    /// Rows outside a fold to train on, the fold's rows held out.
    pub(crate) fn parts(&self, fold: u32) -> Outcome<Partition> {
        let held: Vec<bool> = self.fold.iter().map(|&f| f == fold).collect();
        Ok(Partition::new(&held, Some(&self.patients))?)
    }

    /// The fold of each row.
    pub(crate) fn folds(&self) -> Outcome<Folds> {
        Ok(Folds::given(self.fold.clone())?)
    }

    /// The penalties of the path, falling.
    pub(crate) fn lambdas(&self) -> &[f64] {
        &self.meta.lambda
    }

    /// All rows to train on. A partition needs a held-out side: it is one row more, that no table of inputs has.
    pub(crate) fn all_rows(&self) -> Outcome<Partition> {
        let mut held = vec![false; self.meta.rows];
        held.push(true);
        Ok(Partition::new(&held, None)?)
    }

    /// The predictors in numeric coding.
    pub(crate) fn numeric(&self) -> Outcome<Table<Whole>> {
        self.numeric_with(0)
    }

    /// The predictors in numeric coding, and the empty row that [`Inputs::all_rows`] holds out.
    pub(crate) fn numeric_and_one(&self) -> Outcome<Table<Whole>> {
        self.numeric_with(1)
    }

    /// The outcome, and that of the row that [`Inputs::all_rows`] holds out.
    pub(crate) fn outcome_and_one(&self) -> Outcome<Known<Whole>> {
        let events = self.outcome.values().iter().map(|&y| y > 0.5);
        Ok(Known::binary(events.chain([false]))?)
    }

    fn numeric_with(&self, empty_rows: usize) -> Outcome<Table<Whole>> {
        let cells = numbers(&self.folder, "numeric.f64", f64::from_le_bytes)?;
        let columns = self
            .meta
            .numeric_columns
            .iter()
            .zip(cells.chunks_exact(self.meta.rows))
            .map(|(name, cells)| {
                let cells = cells.iter().map(|&v| (!v.is_nan()).then_some(v));
                let cells = Numeric::from_options(cells.chain(std::iter::repeat_n(None, empty_rows)))?;
                Ok(Column::numeric(name, cells))
            })
            .collect::<Outcome<Vec<_>>>()?;
        Ok(Table::new(self.meta.rows + empty_rows, columns)?)
    }

    /// The sparse table over the training rows of a partition.
    pub(crate) fn design(&self, parts: &Partition) -> Outcome<Complete<Train>> {
        let starts = numbers(&self.folder, "onehot.indptr.i32", i32::from_le_bytes)?;
        let rows = numbers(&self.folder, "onehot.indices.i32", i32::from_le_bytes)?;
        let values = numbers(&self.folder, "onehot.values.f64", f64::from_le_bytes)?;
        let mut place = vec![None; self.meta.rows];
        for (new, &old) in parts.train().numbers().iter().enumerate() {
            place[old as usize] = Some(new as u32);
        }
        let mut columns = Vec::new();
        for (name, ends) in self.meta.onehot_names.iter().zip(starts.windows(2)) {
            let part = usize::try_from(ends[0])?..usize::try_from(ends[1])?;
            let (kept, numbers): (Vec<u32>, Vec<f64>) = rows[part.clone()]
                .iter()
                .zip(&values[part])
                .filter_map(|(&row, &value)| Some((place[usize::try_from(row).ok()?]?, value)))
                .unzip();
            let data = if numbers.iter().all(|&v| v.to_bits() == 1f64.to_bits()) {
                DesignData::Indicator(kept)
            } else if kept.len() * 2 > parts.train().len() {
                let mut dense = vec![0.0; parts.train().len()];
                for (&row, &value) in kept.iter().zip(&numbers) {
                    dense[row as usize] = value;
                }
                DesignData::Dense(dense)
            } else {
                DesignData::Sparse { rows: kept, values: numbers }
            };
            columns.push(DesignColumn { predictor: name.clone(), term: Term::Value, data });
        }
        let frame: Table<Train> = Table::new(self.meta.rows, Vec::new())?.part(parts.train());
        Ok(Complete::of(&frame, columns)?)
    }
}

/// `0,2` as fold numbers.
pub(crate) fn listed(folds: &str) -> Outcome<Vec<u32>> {
    folds.split(',').map(|f| Ok(f.trim().parse()?)).collect()
}

fn bytes(folder: &Path, name: &str) -> Outcome<Vec<u8>> {
    let path = folder.join(name);
    std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()).into())
}

fn numbers<T, const SIZE: usize>(
    folder: &Path,
    name: &str,
    read: impl Fn([u8; SIZE]) -> T,
) -> Outcome<Vec<T>> {
    let bytes = bytes(folder, name)?;
    let (whole, rest) = bytes.as_chunks::<SIZE>();
    if rest.is_empty() {
        Ok(whole.iter().map(|&chunk| read(chunk)).collect())
    } else {
        Err(format!("{name}: its length is not a multiple of {SIZE} bytes; run bench/run again after removing bench/out").into())
    }
}
