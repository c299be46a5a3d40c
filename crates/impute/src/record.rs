//! What was learned about each predictor, as plain data: for the report, and for saving.

use crate::{EncodeSettings, ImputeError};

/// Why a predictor's value or levels have no column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// No training row had a value.
    AllMissing,
    /// All training rows that had a value had the same one (or only rare levels).
    Constant,
}

/// A level and the number of training rows that have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The level.
    pub name: String,
    /// Training rows.
    pub rows: u64,
}

/// What was learned about a number.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberRecord {
    /// What fills a gap, in the predictor's unit.
    pub fill: f64,
    /// What is subtracted: 0 unless standardised.
    pub centre: f64,
    /// What it is divided by then: 1 unless standardised; above 0.
    pub scale: f64,
    /// Whether the column is stored sparsely, because most training rows hold 0.
    pub sparse: bool,
}

/// What was learned about a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelRecord {
    /// Levels with a column of their own (or the reference), ascending by name.
    pub kept: Vec<Level>,
    /// Levels that share the rare column, ascending by name.
    pub rare: Vec<Level>,
    /// The most frequent level, which fills gaps that are no level of their own. `None` when no level was seen.
    pub most_frequent: Option<String>,
    /// Whether a gap is a level of its own, as opposed to the most frequent one.
    pub gap_is_level: bool,
    /// The level without a column, when there is a reference.
    pub reference: Option<String>,
}

/// What was learned, by kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// About a number.
    Number(NumberRecord),
    /// About a category.
    Levels(LevelRecord),
}

/// What was done with one predictor.
#[derive(Debug, Clone, PartialEq)]
pub struct Predictor {
    /// Its name.
    pub name: String,
    /// Training rows without a value.
    pub missing: u64,
    /// Why its value or levels have no column, if so.
    pub dropped: Option<Dropped>,
    /// Whether it has an `is missing` column.
    pub indicator: bool,
    /// What was learned.
    pub record: Record,
}

impl Predictor {
    /// The kind in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.record {
            Record::Number(_) => "numeric",
            Record::Levels(_) => "categorical",
        }
    }

    /// Whether it makes no column at all. Its column then need not be there when the encoder is applied.
    #[must_use]
    pub fn is_unused(&self) -> bool {
        self.dropped.is_some() && !self.indicator
    }

    /// Refuses a record that contradicts itself, as a damaged file may hold.
    pub(crate) fn validate(&self, training_rows: u64) -> Result<(), ImputeError> {
        let damaged = |problem| Err(ImputeError::Damaged { predictor: self.name.clone(), problem });
        if self.missing > training_rows {
            return damaged("more gaps than training rows");
        }
        match &self.record {
            Record::Number(number) => {
                if !(number.fill.is_finite() && number.centre.is_finite()) {
                    return damaged("a number is not finite");
                }
                if !(number.scale.is_finite() && number.scale > 0.0) {
                    return damaged("the scale is not above 0");
                }
            }
            Record::Levels(levels) => {
                let ascend = |list: &[Level]| list.windows(2).all(|pair| pair[0].name < pair[1].name);
                if !ascend(&levels.kept) || !ascend(&levels.rare) {
                    return damaged("levels do not ascend by name");
                }
                let within = |list: &[Level], name: &str| {
                    list.binary_search_by(|level| level.name.as_str().cmp(name)).is_ok()
                };
                if levels.rare.iter().any(|level| within(&levels.kept, &level.name)) {
                    return damaged("a level is both kept and rare");
                }
                match &levels.most_frequent {
                    Some(name) if !within(&levels.kept, name) && !within(&levels.rare, name) => {
                        return damaged("the most frequent level is not listed");
                    }
                    None if self.dropped != Some(Dropped::AllMissing) => {
                        return damaged("no level is listed");
                    }
                    Some(_) | None => {}
                }
                if levels.reference.as_ref().is_some_and(|name| !within(&levels.kept, name)) {
                    return damaged("the reference level is not listed");
                }
            }
        }
        Ok(())
    }
}

/// A fitted encoder as plain data, for saving. [`crate::Encoder::from_parts`] turns it back.
#[derive(Debug, Clone, PartialEq)]
pub struct EncoderParts {
    /// The settings it was fitted with.
    pub settings: EncodeSettings,
    /// How many training rows there were.
    pub training_rows: u64,
    /// What was learned, in the order of the training table's columns.
    pub predictors: Vec<Predictor>,
}
