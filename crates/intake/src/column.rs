//! A column as it was written, and what it can be read as.

use std::borrow::Cow;
use std::sync::Arc;

use bedside_chart::{PlausibleRange, SubjectId};
use bedside_table::{Categorical, Numeric, State};

use crate::cells::{Cells, NULL};
use crate::frame::place;
use crate::number::{looks_like_a_code, write_number};
use crate::times::{self, DAY, DateOrder, Times};
use crate::unread::shown;
use crate::{Decimal, IntakeError, Origin, Place, Reason, Unread, parse_number};

/// What was read from a column, and what could not be.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading<T> {
    /// The cells.
    pub cells: T,
    /// What could not be read, by reason; empty if everything was.
    pub unread: Vec<Unread>,
}

/// When two texts are one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spelling {
    /// When they are equal: `250` and `250.0` are two codes.
    #[default]
    AsWritten,
    /// When they are equal or the same number: `4` and `4.0` are one level, called `4`. A code (`007`) stays as written.
    Numbers,
}

/// Whose a row is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// For each row, the number of its subject.
    pub codes: Vec<u32>,
    /// The subjects, in order of first appearance.
    pub ids: Vec<SubjectId>,
}

/// One column as it was written. `Debug` shows no cell.
#[derive(Clone)]
pub struct RawColumn {
    pub(crate) name: String,
    pub(crate) cells: Cells,
    pub(crate) identifier: bool,
    /// The file itself declares levels (ARFF).
    pub(crate) declared_levels: bool,
    pub(crate) decimal: Decimal,
    pub(crate) origins: Arc<[Origin]>,
}

impl std::fmt::Debug for RawColumn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RawColumn")
            .field("name", &self.name)
            .field("rows", &self.len())
            .finish_non_exhaustive()
    }
}

impl RawColumn {
    /// The column's name, unique in its frame.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether its text must never be quoted.
    #[must_use]
    pub fn is_identifier(&self) -> bool {
        self.identifier
    }

    /// Whether its cells are texts, as those of CSV files are, and not of a type that the file declares. Levels that the file
    /// itself declares are no texts.
    #[must_use]
    pub fn is_text(&self) -> bool {
        !self.declared_levels && matches!(self.cells, Cells::Text { .. })
    }

    /// A text of the column with a decimal point, if it is a number and the column writes decimals otherwise.
    #[must_use]
    pub fn with_point<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.decimal {
            Decimal::Comma if parse_number(text, Decimal::Comma).is_some() => {
                Cow::Owned(text.replace(',', "."))
            }
            Decimal::Comma | Decimal::Point => Cow::Borrowed(text),
        }
    }

    /// How many cells are missing: empty, null, or a token that means missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        (0..self.len()).filter(|&row| self.cells.is_missing(row)).count()
    }

    /// Whether every cell that is not missing is a number, and there is one. Codes with a leading zero, levels that the
    /// file declares, and identifiers are not numbers.
    #[must_use]
    pub fn looks_numeric(&self) -> bool {
        if self.declared_levels || self.identifier {
            return false;
        }
        match &self.cells {
            Cells::Text { dictionary, missing, .. } => {
                let mut present = dictionary.iter().zip(missing).filter(|(_, missing)| !**missing).peekable();
                present.peek().is_some()
                    && present.all(|(text, _)| {
                        !looks_like_a_code(text) && parse_number(text, self.decimal).is_some()
                    })
            }
            Cells::Integers { present, .. } | Cells::Numbers { present, .. } => present.contains(&true),
            Cells::Instants { .. } => false,
        }
    }

    /// As numbers. What is not a number is [`State::Unreadable`], what is not plausible [`State::OutOfRange`].
    ///
    /// # Errors
    /// [`IntakeError::Kind`] when the file says that the column holds times.
    pub fn as_numeric(&self, plausible: Option<&PlausibleRange>) -> Result<Reading<Numeric>, IntakeError> {
        let judge = |value: Option<f64>| match value {
            Some(value) if !value.is_finite() => (0.0, State::Unreadable),
            Some(value) if plausible.is_some_and(|range| !range.contains(value)) => (0.0, State::OutOfRange),
            Some(value) => (value, State::Measured),
            None => (0.0, State::Unreadable),
        };
        let gap = (0.0, State::NotMeasured);
        let (values, states): (Vec<f64>, Vec<State>) = match &self.cells {
            Cells::Text { codes, dictionary, missing } => {
                let known: Vec<(f64, State)> = dictionary
                    .iter()
                    .zip(missing)
                    .map(
                        |(text, &missing)| {
                            if missing { gap } else { judge(parse_number(text, self.decimal)) }
                        },
                    )
                    .collect();
                codes.iter().map(|&code| if code == NULL { gap } else { known[code as usize] }).unzip()
            }
            Cells::Integers { values, present } => {
                values.iter().zip(present).map(|(&v, &p)| if p { judge(Some(v as f64)) } else { gap }).unzip()
            }
            Cells::Numbers { values, present } => {
                values.iter().zip(present).map(|(&v, &p)| if p { judge(Some(v)) } else { gap }).unzip()
            }
            Cells::Instants { .. } => return Err(self.kind("times", "numbers")),
        };
        let unread = [(State::Unreadable, Reason::NotANumber), (State::OutOfRange, Reason::OutOfRange)];
        let unread =
            unread.into_iter().filter_map(|(state, reason)| self.unread(&states, state, reason)).collect();
        Ok(Reading { cells: Numeric::new(values, states)?, unread })
    }

    /// As levels, in order of first appearance.
    ///
    /// # Errors
    /// [`IntakeError::Identifier`] when the column is one: its texts would become names of predictors.
    pub fn as_categorical(&self, spelling: Spelling) -> Result<Categorical, IntakeError> {
        if self.identifier {
            return Err(IntakeError::Identifier { column: self.name.clone(), wanted: "levels" });
        }
        let (mut codes, states, mut levels) = self.cells.distinct();
        if spelling == Spelling::Numbers {
            let mut merged = crate::dictionary::Dictionary::new();
            let renumbered: Vec<u32> = levels
                .iter()
                .map(|text| match parse_number(text, self.decimal) {
                    Some(value) if !looks_like_a_code(text) => merged.intern(&write_number(value + 0.0)),
                    _ => merged.intern(text),
                })
                .collect();
            for (code, _) in codes.iter_mut().zip(&states).filter(|(_, state)| state.is_measured()) {
                *code = renumbered[*code as usize];
            }
            levels = merged.iter().map(str::to_owned).collect();
        }
        Ok(Categorical::new(codes, states, levels.into())?)
    }

    /// As subjects: rows with the same id belong together.
    ///
    /// # Errors
    /// [`IntakeError::EmptyId`] when a row belongs to nobody.
    pub fn as_groups(&self) -> Result<Groups, IntakeError> {
        let (codes, states, levels) = self.cells.distinct();
        let ids: Vec<Option<SubjectId>> = levels.iter().map(|text| SubjectId::new(text).ok()).collect();
        let nobody = |row: &usize| !states[*row].is_measured() || ids[codes[*row] as usize].is_none();
        let mut empty = (0..codes.len()).filter(nobody);
        if let Some(first) = empty.next() {
            return Err(IntakeError::EmptyId {
                column: self.name.clone(),
                count: 1 + empty.count(),
                first: place(&self.origins, first),
            });
        }
        Ok(Groups { codes, ids: ids.into_iter().flatten().collect() })
    }

    /// As instants. `order` says which comes first in dates such as `03/04/2015`; without it they are read only if the
    /// column leaves one way (`25/04/2015` is in it).
    ///
    /// # Errors
    /// [`IntakeError::AmbiguousDates`], [`IntakeError::MixedDates`] and [`IntakeError::MixedZones`];
    /// [`IntakeError::Kind`] when the file says that the column holds fractions.
    pub fn as_times(&self, order: Option<DateOrder>) -> Result<Reading<Times>, IntakeError> {
        if let Cells::Instants { values, present, zoned } = &self.cells {
            let state = |p: &bool| if *p { State::Measured } else { State::NotMeasured };
            // Days are kept as instants of a clock without a zone.
            let days =
                values.iter().zip(present).all(|(value, present)| !present || value.rem_euclid(DAY) == 0);
            let zoned = Some(*zoned).filter(|zoned| *zoned || !days);
            let cells = Times::new(values.clone(), present.iter().map(state).collect(), zoned);
            return Ok(Reading { cells, unread: Vec::new() });
        }
        if matches!(self.cells, Cells::Numbers { .. }) {
            return Err(self.kind("fractions", "times"));
        }
        let (codes, states, levels) = self.cells.distinct();
        let first_row = |level: usize| {
            let is_it = |(&code, state): (&u32, &State)| state.is_measured() && code as usize == level;
            codes.iter().zip(&states).position(is_it).unwrap_or(0)
        };
        let (known, zoned) = times::read_levels(&levels, order)
            .map_err(|clash| clash.error(&self.name, |level| self.listed(first_row(level))))?;
        let (values, states): (Vec<i64>, Vec<State>) = codes
            .iter()
            .zip(&states)
            .map(|(&code, state)| match (state.is_measured(), known.get(code as usize)) {
                (true, Some(Some(value))) => (*value, State::Measured),
                (true, _) => (0, State::Unreadable),
                (false, _) => (0, State::NotMeasured),
            })
            .unzip();
        let unread = self.unread(&states, State::Unreadable, Reason::NotATime).into_iter().collect();
        Ok(Reading { cells: Times::new(values, states, zoned), unread })
    }

    fn kind(&self, found: &'static str, wanted: &'static str) -> IntakeError {
        IntakeError::Kind { column: self.name.clone(), found, wanted }
    }

    /// Where a cell stands and, unless the column is an identifier, what it says.
    fn listed(&self, row: usize) -> Place {
        let mut place = place(&self.origins, row);
        if !self.identifier {
            place.text = self.cells.written(row).map(|text| shown(&text));
        }
        place
    }

    fn unread(&self, states: &[State], state: State, reason: Reason) -> Option<Unread> {
        let mut rows = (0..states.len()).filter(|&row| states[row] == state);
        let first: Vec<Place> = rows.by_ref().take(Unread::LISTED).map(|row| self.listed(row)).collect();
        let count = first.len() + rows.count();
        (count > 0).then(|| Unread { column: self.name.clone(), reason, count, first })
    }
}

#[cfg(test)]
mod tests;
