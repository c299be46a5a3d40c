//! The encoder's promise on disk: JSON that mirrors what was learned about each predictor.

use bedside_impute as learned;
use serde::{Deserialize, Serialize};

use super::BundleError;

/// The encoder as it stands in a bundle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SealedEncoder {
    numeric: Fill,
    categorical: CategoryGap,
    indicators: bool,
    rare: Rare,
    coding: LevelCoding,
    standardise: bool,
    training_rows: u64,
    predictors: Vec<Predictor>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Fill {
    Median,
    Mean,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum CategoryGap {
    OwnColumn,
    MostFrequent,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Rare {
    Never,
    Count(u64),
    Share(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LevelCoding {
    Full,
    Reference,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Predictor {
    name: String,
    missing: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dropped: Option<Dropped>,
    indicator: bool,
    record: Record,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Dropped {
    AllMissing,
    Constant,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Record {
    #[serde(rename_all = "kebab-case")]
    Number { fill: f64, centre: f64, scale: f64, sparse: bool },
    #[serde(rename_all = "kebab-case")]
    Levels {
        kept: Vec<(String, u64)>,
        rare: Vec<(String, u64)>,
        most_frequent: Option<String>,
        gap_is_level: bool,
        reference: Option<String>,
    },
}

impl SealedEncoder {
    /// What a bundle keeps of an encoder.
    #[must_use]
    pub(super) fn of(encoder: &learned::Encoder) -> Self {
        let learned::EncoderParts { settings, training_rows, predictors } = encoder.parts();
        Self {
            numeric: match settings.numeric {
                learned::Fill::Median => Fill::Median,
                learned::Fill::Mean => Fill::Mean,
            },
            categorical: match settings.categorical {
                learned::CategoryGap::OwnColumn => CategoryGap::OwnColumn,
                learned::CategoryGap::MostFrequent => CategoryGap::MostFrequent,
            },
            indicators: settings.indicators,
            rare: match settings.rare {
                learned::Rare::Never => Rare::Never,
                learned::Rare::Count(rows) => Rare::Count(rows),
                learned::Rare::Share(share) => Rare::Share(share),
            },
            coding: match settings.coding {
                learned::LevelCoding::Full => LevelCoding::Full,
                learned::LevelCoding::Reference => LevelCoding::Reference,
            },
            standardise: settings.standardise,
            training_rows: *training_rows,
            predictors: predictors.iter().map(Predictor::of).collect(),
        }
    }

    /// The encoder again.
    ///
    /// # Errors
    /// [`BundleError::Member`] when the parts contradict themselves.
    pub(super) fn open(self, member: &str) -> Result<learned::Encoder, BundleError> {
        let settings = learned::EncodeSettings {
            numeric: match self.numeric {
                Fill::Median => learned::Fill::Median,
                Fill::Mean => learned::Fill::Mean,
            },
            categorical: match self.categorical {
                CategoryGap::OwnColumn => learned::CategoryGap::OwnColumn,
                CategoryGap::MostFrequent => learned::CategoryGap::MostFrequent,
            },
            indicators: self.indicators,
            rare: match self.rare {
                Rare::Never => learned::Rare::Never,
                Rare::Count(rows) => learned::Rare::Count(rows),
                Rare::Share(share) => learned::Rare::Share(share),
            },
            coding: match self.coding {
                LevelCoding::Full => learned::LevelCoding::Full,
                LevelCoding::Reference => learned::LevelCoding::Reference,
            },
            standardise: self.standardise,
        };
        let predictors = self.predictors.into_iter().map(Predictor::open).collect();
        learned::Encoder::from_parts(learned::EncoderParts {
            settings,
            training_rows: self.training_rows,
            predictors,
        })
        .map_err(|e| BundleError::Member { member: member.to_owned(), problem: e.to_string() })
    }
}

impl Predictor {
    fn of(predictor: &learned::Predictor) -> Self {
        let counted = |levels: &[learned::Level]| levels.iter().map(|l| (l.name.clone(), l.rows)).collect();
        Self {
            name: predictor.name.clone(),
            missing: predictor.missing,
            dropped: predictor.dropped.map(|why| match why {
                learned::Dropped::AllMissing => Dropped::AllMissing,
                learned::Dropped::Constant => Dropped::Constant,
            }),
            indicator: predictor.indicator,
            record: match &predictor.record {
                learned::Record::Number(n) => {
                    Record::Number { fill: n.fill, centre: n.centre, scale: n.scale, sparse: n.sparse }
                }
                learned::Record::Levels(l) => Record::Levels {
                    kept: counted(&l.kept),
                    rare: counted(&l.rare),
                    most_frequent: l.most_frequent.clone(),
                    gap_is_level: l.gap_is_level,
                    reference: l.reference.clone(),
                },
            },
        }
    }

    fn open(self) -> learned::Predictor {
        let counted = |levels: Vec<(String, u64)>| {
            levels.into_iter().map(|(name, rows)| learned::Level { name, rows }).collect()
        };
        learned::Predictor {
            name: self.name,
            missing: self.missing,
            dropped: self.dropped.map(|why| match why {
                Dropped::AllMissing => learned::Dropped::AllMissing,
                Dropped::Constant => learned::Dropped::Constant,
            }),
            indicator: self.indicator,
            record: match self.record {
                Record::Number { fill, centre, scale, sparse } => {
                    learned::Record::Number(learned::NumberRecord { fill, centre, scale, sparse })
                }
                Record::Levels { kept, rare, most_frequent, gap_is_level, reference } => {
                    learned::Record::Levels(learned::LevelRecord {
                        kept: counted(kept),
                        rare: counted(rare),
                        most_frequent,
                        gap_is_level,
                        reference,
                    })
                }
            },
        }
    }
}
