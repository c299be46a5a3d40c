//! The cells of a raw column, compactly.

use bedside_table::State;

use crate::dictionary::Dictionary;
use crate::number::{looks_like_a_code, write_number};
use crate::times::write_time;
use crate::{Decimal, parse_number};

/// The code of a cell that a typed file says is null.
pub(crate) const NULL: u32 = u32::MAX;

/// Cells as they were written. `present` is false where a cell is missing.
#[derive(Debug, Clone)]
pub(crate) enum Cells {
    /// Codes into distinct texts, of which some mean missing.
    Text { codes: Vec<u32>, dictionary: Dictionary, missing: Vec<bool> },
    /// Whole numbers, exactly.
    Integers { values: Vec<i64>, present: Vec<bool> },
    /// Numbers; NaN and infinities as they came.
    Numbers { values: Vec<f64>, present: Vec<bool> },
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instants { values: Vec<i64>, present: Vec<bool>, zoned: bool },
}

impl Cells {
    pub(crate) fn text(codes: Vec<u32>, dictionary: Dictionary) -> Self {
        let missing = vec![false; dictionary.len()];
        Self::Text { codes, dictionary, missing }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Text { codes, .. } => codes.len(),
            Self::Integers { present, .. }
            | Self::Numbers { present, .. }
            | Self::Instants { present, .. } => present.len(),
        }
    }

    /// Lets the tokens mean missing.
    pub(crate) fn mark_missing(&mut self, tokens: &[&str], decimal: Decimal) {
        let numbers: Vec<f64> = tokens.iter().filter_map(|token| parse_number(token, decimal)).collect();
        match self {
            Self::Text { dictionary, missing, .. } => {
                *missing = dictionary
                    .iter()
                    .map(|text| {
                        tokens.contains(&text)
                            || !looks_like_a_code(text)
                                && parse_number(text, decimal).is_some_and(|v| numbers.contains(&v))
                    })
                    .collect();
            }
            Self::Integers { values, present } => {
                for (value, present) in values.iter().zip(present) {
                    *present &= !numbers.contains(&(*value as f64));
                }
            }
            Self::Numbers { values, present } => {
                let nan = tokens.iter().any(|token| token.eq_ignore_ascii_case("nan"));
                for (value, present) in values.iter().zip(present) {
                    *present &= !(numbers.contains(value) || nan && value.is_nan());
                }
            }
            Self::Instants { .. } => {}
        }
    }

    pub(crate) fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Text { codes, missing, .. } => codes[row] == NULL || missing[codes[row] as usize],
            Self::Integers { present, .. }
            | Self::Numbers { present, .. }
            | Self::Instants { present, .. } => !present[row],
        }
    }

    /// What the cell says; `None` where it is missing.
    pub(crate) fn written(&self, row: usize) -> Option<String> {
        (!self.is_missing(row)).then(|| match self {
            Self::Text { codes, dictionary, .. } => dictionary.get(codes[row]).to_owned(),
            Self::Integers { values, .. } => values[row].to_string(),
            Self::Numbers { values, .. } => write_number(values[row]),
            Self::Instants { values, zoned, .. } => write_time(values[row], *zoned),
        })
    }

    /// The same cells as codes into distinct texts without missing ones, in order of first appearance.
    pub(crate) fn distinct(&self) -> (Vec<u32>, Vec<State>, Vec<String>) {
        let mut codes = Vec::with_capacity(self.len());
        let mut states = Vec::with_capacity(self.len());
        let mut levels = Vec::new();
        let mut level = |code: Option<u32>| {
            codes.push(code.unwrap_or(0));
            states.push(if code.is_some() { State::Measured } else { State::NotMeasured });
        };
        if let Self::Text { codes, dictionary, missing } = self {
            let mut renumbered = vec![NULL; dictionary.len()];
            for &code in codes {
                if code == NULL || missing[code as usize] {
                    level(None);
                    continue;
                }
                let new = &mut renumbered[code as usize];
                if *new == NULL {
                    *new = levels.len() as u32;
                    levels.push(dictionary.get(code).to_owned());
                }
                level(Some(*new));
            }
        } else {
            let mut dictionary = Dictionary::new();
            for row in 0..self.len() {
                level(self.written(row).map(|text| dictionary.intern(&text)));
            }
            levels.extend(dictionary.iter().map(str::to_owned));
        }
        (codes, states, levels)
    }

    /// These cells followed by others of the same column in another file.
    pub(crate) fn append(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Text { codes, dictionary, missing }, other) => {
                let (more, states, levels) = other.distinct();
                let renumbered: Vec<u32> = levels.iter().map(|text| dictionary.intern(text)).collect();
                // A text that is missing here was missing there: the tokens are those of the column.
                missing.resize(dictionary.len(), false);
                codes.extend(more.iter().zip(&states).map(|(&code, state)| {
                    if state.is_measured() { renumbered[code as usize] } else { NULL }
                }));
            }
            (Self::Integers { values, present }, Self::Integers { values: more, present: more_present })
            | (
                Self::Instants { values, present, zoned: true },
                Self::Instants { values: more, present: more_present, zoned: true },
            )
            | (
                Self::Instants { values, present, zoned: false },
                Self::Instants { values: more, present: more_present, zoned: false },
            ) => {
                values.extend(more);
                present.extend(more_present);
            }
            (Self::Numbers { values, present }, Self::Numbers { values: more, present: more_present }) => {
                values.extend(more);
                present.extend(more_present);
            }
            // Of two kinds: as texts, which say what each file said.
            (_, other) => {
                let mut texts = self.to_text();
                texts.append(other);
                *self = texts;
            }
        }
    }

    fn to_text(&self) -> Self {
        let (codes, states, levels) = self.distinct();
        let mut dictionary = Dictionary::new();
        for level in &levels {
            dictionary.intern(level);
        }
        let codes = codes.iter().zip(&states).map(|(&c, s)| if s.is_measured() { c } else { NULL }).collect();
        Self::text(codes, dictionary)
    }
}
