//! Settings as people write them, and what makes sense of them.

use crate::{Encode, ImputeError};

/// What fills a gap in a numeric predictor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fill {
    /// The median of the measured training values; the midpoint of the two middle ones when they are even in number.
    #[default]
    Median,
    /// Their mean.
    Mean,
}

/// What becomes of a gap in a categorical predictor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CategoryGap {
    /// It is a level of its own (`is missing`), whatever [`EncodeSettings::indicators`] says.
    #[default]
    OwnColumn,
    /// It becomes the most frequent training level (the first by name among equals), with an `is missing` column beside it
    /// when [`EncodeSettings::indicators`] is set.
    MostFrequent,
}

/// Which levels keep a column of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rare {
    /// All of them.
    Never,
    /// Levels in fewer training rows than this share one column. At least 1.
    Count(u64),
    /// Levels in a smaller share of the training rows than this share one column. In [0, 1).
    Share(f64),
}

impl Default for Rare {
    fn default() -> Self {
        Self::Count(10)
    }
}

/// How levels become columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LevelCoding {
    /// A column for every level. For penalised models, where the result then does not depend on a reference.
    #[default]
    Full,
    /// No column for the most frequent level (the first by name among equals): it is what the others are compared
    /// with. For models without a penalty.
    Reference,
}

/// How a table with gaps becomes a complete design.
///
/// | setting | default | meaning |
/// |---|---|---|
/// | `numeric` | median | what fills a gap in a number |
/// | `categorical` | own column | what becomes of a gap in a category |
/// | `indicators` | yes | an `is missing` column for every predictor with gaps in the training rows |
/// | `rare` | fewer than 10 rows | which levels share the `is a rare level` column |
/// | `coding` | full | whether the most frequent level keeps a column |
/// | `standardise` | no | numbers get mean 0 and standard deviation 1 over the training rows, gaps filled (divisor `n`); columns of 0 and 1 stay |
#[derive(Debug, Clone, PartialEq)]
pub struct EncodeSettings {
    /// What fills a gap in a number.
    pub numeric: Fill,
    /// What becomes of a gap in a category.
    pub categorical: CategoryGap,
    /// Whether predictors with gaps in the training rows get an `is missing` column.
    pub indicators: bool,
    /// Which levels are pooled.
    pub rare: Rare,
    /// Whether the most frequent level keeps a column.
    pub coding: LevelCoding,
    /// Whether numbers are standardised.
    pub standardise: bool,
}

impl Default for EncodeSettings {
    fn default() -> Self {
        Self {
            numeric: Fill::default(),
            categorical: CategoryGap::default(),
            indicators: true,
            rare: Rare::default(),
            coding: LevelCoding::default(),
            standardise: false,
        }
    }
}

impl EncodeSettings {
    /// The settings, if each lies in its range.
    ///
    /// # Errors
    /// [`ImputeError::Setting`] when a rare count is 0 or a rare share is not in [0, 1).
    pub fn check(self) -> Result<Encode, ImputeError> {
        let wrong = match self.rare {
            Rare::Count(0) => Some(("at least 1", "0".to_owned())),
            // Written as "not inside", so that NaN is refused.
            Rare::Share(share) if !(0.0..1.0).contains(&share) => {
                Some(("at least 0 and below 1", share.to_string()))
            }
            Rare::Never | Rare::Count(_) | Rare::Share(_) => None,
        };
        match wrong {
            Some((must_be, found)) => Err(ImputeError::Setting { setting: "rare", must_be, found }),
            None => Ok(Encode::new(self)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_threshold_outside_its_range_is_refused() {
        for rare in [Rare::Count(0), Rare::Share(1.0), Rare::Share(-0.1), Rare::Share(f64::NAN)] {
            let refused = EncodeSettings { rare, ..EncodeSettings::default() }.check();
            assert!(matches!(refused, Err(ImputeError::Setting { setting: "rare", .. })), "{rare:?}");
        }
        for rare in [Rare::Never, Rare::Count(1), Rare::Share(0.0), Rare::Share(0.5)] {
            assert!(EncodeSettings { rare, ..EncodeSettings::default() }.check().is_ok(), "{rare:?}");
        }
    }
}
