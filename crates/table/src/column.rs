//! One column: its numbers or codes, and why a cell is empty.

use std::sync::Arc;

use crate::TableError;

/// Why a cell has a value or has none. Only `Measured` cells may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum State {
    /// A usable value.
    Measured = 0,
    /// Nobody looked, or nothing was written down.
    NotMeasured = 1,
    /// Something was written that cannot be read.
    Unreadable = 2,
    /// A number outside the plausible range: a recording error, not a sick patient.
    OutOfRange = 3,
}

impl State {
    /// Whether the cell holds a value.
    #[must_use]
    pub fn is_measured(self) -> bool {
        self == Self::Measured
    }
}

/// Numbers with gaps. Where the state is not [`State::Measured`] the stored number is 0 and means nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Numeric {
    values: Vec<f64>,
    states: Vec<State>,
}

impl Numeric {
    /// From values and their states.
    ///
    /// # Errors
    /// [`TableError::Length`] when the two differ in length; [`TableError::NotFinite`] when a measured value is NaN
    /// or infinite.
    pub fn new(mut values: Vec<f64>, states: Vec<State>) -> Result<Self, TableError> {
        if values.len() != states.len() {
            return Err(TableError::Length { what: "states", expected: values.len(), found: states.len() });
        }
        for (row, (value, state)) in values.iter_mut().zip(&states).enumerate() {
            if !state.is_measured() {
                *value = 0.0;
            } else if !value.is_finite() {
                return Err(TableError::NotFinite { row });
            }
        }
        Ok(Self { values, states })
    }

    /// From optional values; `None` is [`State::NotMeasured`].
    ///
    /// # Errors
    /// [`TableError::NotFinite`] when a value is NaN or infinite.
    pub fn from_options(values: impl IntoIterator<Item = Option<f64>>) -> Result<Self, TableError> {
        let (values, states) =
            values.into_iter().map(|v| v.map_or((0.0, State::NotMeasured), |v| (v, State::Measured))).unzip();
        Self::new(values, states)
    }

    /// The value of a cell, if it was measured.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<f64> {
        self.states[row].is_measured().then(|| self.values[row])
    }

    /// All values; meaningless where [`Numeric::states`] is not `Measured`.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The state of every cell.
    #[must_use]
    pub fn states(&self) -> &[State] {
        &self.states
    }
}

/// Codes into a list of levels, with gaps. Level order is the order of `levels` and carries no meaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Categorical {
    codes: Vec<u32>,
    states: Vec<State>,
    levels: Arc<[String]>,
}

impl Categorical {
    /// From codes, their states and the levels they point to.
    ///
    /// # Errors
    /// [`TableError::Length`] when codes and states differ in length; [`TableError::Code`] when a measured code points
    /// past the levels.
    pub fn new(mut codes: Vec<u32>, states: Vec<State>, levels: Arc<[String]>) -> Result<Self, TableError> {
        if codes.len() != states.len() {
            return Err(TableError::Length { what: "states", expected: codes.len(), found: states.len() });
        }
        for (row, (code, state)) in codes.iter_mut().zip(&states).enumerate() {
            if !state.is_measured() {
                *code = 0;
            } else if *code as usize >= levels.len() {
                return Err(TableError::Code { row, levels: levels.len() });
            }
        }
        Ok(Self { codes, states, levels })
    }

    /// From optional labels; `None` is [`State::NotMeasured`]. Levels are listed in order of first appearance.
    #[must_use]
    pub fn from_labels<'a>(labels: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut index = std::collections::HashMap::new();
        let (mut codes, mut states, mut levels) = (Vec::new(), Vec::new(), Vec::new());
        for label in labels {
            if let Some(label) = label {
                let code = *index.entry(label.to_owned()).or_insert_with(|| {
                    levels.push(label.to_owned());
                    levels.len() as u32 - 1
                });
                codes.push(code);
                states.push(State::Measured);
            } else {
                codes.push(0);
                states.push(State::NotMeasured);
            }
        }
        Self { codes, states, levels: levels.into() }
    }

    /// The level of a cell, if it was measured.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        self.states[row].is_measured().then(|| self.levels[self.codes[row] as usize].as_str())
    }

    /// All codes; meaningless where [`Categorical::states`] is not `Measured`.
    #[must_use]
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The state of every cell.
    #[must_use]
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The levels that codes point to. A level need not occur.
    #[must_use]
    pub fn levels(&self) -> &Arc<[String]> {
        &self.levels
    }
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// Numbers.
    Numeric(Numeric),
    /// Levels without order.
    Categorical(Categorical),
}

/// A named column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// The predictor's name, unique in its table.
    pub name: String,
    /// Its cells.
    pub data: Data,
}

impl Column {
    /// A numeric column.
    pub fn numeric(name: impl Into<String>, cells: Numeric) -> Self {
        Self { name: name.into(), data: Data::Numeric(cells) }
    }

    /// A categorical column.
    pub fn categorical(name: impl Into<String>, cells: Categorical) -> Self {
        Self { name: name.into(), data: Data::Categorical(cells) }
    }

    /// The state of every cell.
    #[must_use]
    pub fn states(&self) -> &[State] {
        match &self.data {
            Data::Numeric(cells) => cells.states(),
            Data::Categorical(cells) => cells.states(),
        }
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.states().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The kind in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.data {
            Data::Numeric(_) => "numeric",
            Data::Categorical(_) => "categorical",
        }
    }

    /// The cells of the given rows, in their order.
    pub(crate) fn take(&self, rows: &[u32]) -> Self {
        fn pick<T: Copy>(from: &[T], rows: &[u32]) -> Vec<T> {
            rows.iter().map(|&i| from[i as usize]).collect()
        }
        let data = match &self.data {
            Data::Numeric(c) => {
                Data::Numeric(Numeric { values: pick(&c.values, rows), states: pick(&c.states, rows) })
            }
            Data::Categorical(c) => Data::Categorical(Categorical {
                codes: pick(&c.codes, rows),
                states: pick(&c.states, rows),
                levels: Arc::clone(&c.levels),
            }),
        };
        Self { name: self.name.clone(), data }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_cannot_be_read_as_a_number() {
        let cells = Numeric::new(vec![4.2, f64::NAN], vec![State::Measured, State::Unreadable]).unwrap();
        assert_eq!((cells.get(0), cells.get(1)), (Some(4.2), None));
    }

    #[test]
    fn a_measured_nan_is_refused() {
        let refused = Numeric::new(vec![f64::NAN], vec![State::Measured]);
        assert!(matches!(refused, Err(TableError::NotFinite { row: 0 })));
    }

    #[test]
    fn a_code_without_a_level_is_refused() {
        let refused = Categorical::new(vec![1], vec![State::Measured], Arc::from(["only".to_owned()]));
        assert!(matches!(refused, Err(TableError::Code { row: 0, levels: 1 })));
    }
}
