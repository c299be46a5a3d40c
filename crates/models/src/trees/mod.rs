//! Boosted trees on histograms.
//!
//! Gradient boosting with second-order steps (Friedman 2001, doi 10.1214/aos/1013203451; Chen, Guestrin 2016,
//! doi 10.1145/2939672.2939785) on values cut into at most 255 bins, leaves divided best first (Ke et al. 2017,
//! "LightGBM", NIPS 30). Missing values are read as they are: each split learns where they go.
//!
//! Gradients are summed as whole numbers ([`cell`](self)): sums do not depend on the order of rows or on threads, and a
//! sibling's histogram is exactly its parent's minus its own. So the same seed gives the same bits on any number of
//! threads, and [`cross_validate`] gives those of [`Fit::fit`](bedside_table::Fit::fit) fold by fold.
//!
//! ```
//! use bedside_models::trees::TreeSettings;
//! use bedside_table::{Column, Fit, Numeric, Outcome, Partition, Predict, Sample, Seed, Table};
//!
//! let glucose: Vec<Option<f64>> = (0..400).map(|i| (i % 5 > 0).then_some(f64::from(i % 97))).collect();
//! let whole = Table::new(400, vec![Column::numeric("glucose", Numeric::from_options(glucose)?)])?;
//! let outcome = Outcome::binary((0..400).map(|i| i % 97 > 60 || i % 5 == 0))?;
//! let parts = Partition::new(&(0..400).map(|i| i % 4 == 3).collect::<Vec<_>>(), None)?;
//! let (known, truth) = (whole.part(parts.train()), outcome.part(parts.train()));
//!
//! let model = TreeSettings { trees: 50, ..TreeSettings::default() }.check()?;
//! let fitted = model.fit(&Sample::new(&known, &truth), Seed::new(1))?;
//! let unseen = whole.part(parts.held_out());
//! let risks = fitted.predict(&unseen)?;
//! let reasons = fitted.contributions(&unseen)?;
//! let raw = reasons.base + reasons.row(0)[0];
//! assert!((1.0 / (1.0 + (-raw).exp()) - risks.values()[0]).abs() < 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bins;
mod blocks;
mod blockwise;
mod boost;
mod category;
mod cell;
mod check_parts;
mod cross_validate;
mod edges;
mod fit;
mod fitted;
mod gradients;
mod grow;
mod histogram;
mod inner;
mod loss;
mod objective;
mod partition;
mod parts;
mod rank;
mod reader;
mod sampling;
mod settings;
mod shap;
mod split;
mod summary;
mod thresholds;

pub use cross_validate::{FoldScores, cross_validate, fold_seed};
pub use fitted::FittedTrees;
pub use parts::{Predictor, PredictorKind, TreeParts};
pub use settings::{EarlyStopping, Loss, Monotone, TreeSettings, Trees};
pub use shap::Contributions;
pub use summary::{Importance, Summary};
