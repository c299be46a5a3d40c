//! Boosted trees on disk: predictors as JSON, nodes as arrays.

use bedside_models::trees::{FittedTrees, Loss, Predictor, PredictorKind, TreeParts};
use serde::{Deserialize, Serialize};

use super::certificate::SealedCertificate;
use super::{Arrays, BundleError};

/// What a bundle says of trees, beside their arrays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SealedTrees {
    loss: SealedLoss,
    base: f64,
    predictors: Vec<SealedPredictor>,
    certificate: SealedCertificate,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SealedLoss {
    Logistic,
    Squared,
    Poisson,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SealedPredictor {
    name: String,
    /// The levels of a categorical predictor; absent for numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    levels: Option<Vec<String>>,
}

impl SealedTrees {
    pub(super) fn of(trees: &FittedTrees) -> (Self, Arrays) {
        let parts = trees.parts();
        let mut arrays = Arrays::default();
        arrays.put("threshold", parts.threshold.clone());
        arrays.put("value", parts.value.clone());
        arrays.put("gain", parts.gain.clone());
        arrays.put("cover", parts.cover.clone());
        arrays.put_codes("first_node", parts.first_node.clone());
        arrays.put_codes("predictor", parts.predictor.clone());
        arrays.put_codes("levels", parts.levels.clone());
        arrays.put_codes("left", parts.left.clone());
        arrays.put_codes("right", parts.right.clone());
        arrays.put_codes("missing_left", parts.missing_left.iter().map(|&m| u32::from(m)).collect());
        // A word of 64 levels as two halves, the lower one first.
        let halves = parts.level_words.iter().flat_map(|&w| [w as u32, (w >> 32) as u32]).collect();
        arrays.put_codes("level_words", halves);
        let sealed = Self {
            loss: match parts.loss {
                Loss::Logistic => SealedLoss::Logistic,
                Loss::Squared => SealedLoss::Squared,
                Loss::Poisson => SealedLoss::Poisson,
            },
            base: parts.base,
            predictors: parts
                .predictors
                .iter()
                .map(|p| SealedPredictor {
                    name: p.name.clone(),
                    levels: match &p.kind {
                        PredictorKind::Numeric => None,
                        PredictorKind::Categorical(levels) => Some(levels.clone()),
                    },
                })
                .collect(),
            certificate: SealedCertificate::of(&parts.certificate),
        };
        (sealed, arrays)
    }

    pub(super) fn open(self, mut arrays: Arrays, member: &str) -> Result<FittedTrees, BundleError> {
        let problem = |problem: String| BundleError::Member { member: member.to_owned(), problem };
        let halves = arrays.take_codes("level_words")?;
        let (words, rest) = halves.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(problem("a level set is cut in half".to_owned()));
        }
        let missing_left = arrays
            .take_codes("missing_left")?
            .into_iter()
            .map(|m| {
                u8::try_from(m)
                    .map_err(|_| problem("`missing_left` holds other numbers than 0 and 1".to_owned()))
            })
            .collect::<Result<_, _>>()?;
        let parts = TreeParts {
            loss: match self.loss {
                SealedLoss::Logistic => Loss::Logistic,
                SealedLoss::Squared => Loss::Squared,
                SealedLoss::Poisson => Loss::Poisson,
            },
            base: self.base,
            predictors: self
                .predictors
                .into_iter()
                .map(|p| Predictor {
                    name: p.name,
                    kind: p.levels.map_or(PredictorKind::Numeric, PredictorKind::Categorical),
                })
                .collect(),
            first_node: arrays.take_codes("first_node")?,
            predictor: arrays.take_codes("predictor")?,
            threshold: arrays.take("threshold")?,
            levels: arrays.take_codes("levels")?,
            missing_left,
            left: arrays.take_codes("left")?,
            right: arrays.take_codes("right")?,
            value: arrays.take("value")?,
            gain: arrays.take("gain")?,
            cover: arrays.take("cover")?,
            level_words: words.iter().map(|[low, high]| u64::from(*low) | u64::from(*high) << 32).collect(),
            certificate: self.certificate.open(),
        };
        FittedTrees::from_parts(parts).map_err(|e| problem(e.to_string()))
    }
}
