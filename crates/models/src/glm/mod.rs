//! Penalised generalised linear models: logistic and linear regression with L1, L2 or both.
//!
//! [`GlmSettings`] describe a fit at one penalty, [`PathSettings`] a whole path from the largest penalty down; `check` makes
//! something that can be fitted of either. The objective, the sequence of penalties and the scaling are glmnet's
//! (Friedman, Hastie, Tibshirani 2010, doi 10.18637/jss.v033.i01):
//!
//! Σ wᵢ loss(yᵢ, β₀ + xᵢ'β) + λ Σ fⱼ [α |βⱼ| + (1 − α) βⱼ² / 2],
//!
//! with weights w that sum to 1, penalty factors f with mean 1, and β on the scale of columns with standard deviation 1. Every
//! solution carries its duality gap over all columns: how far its objective can be from the smallest one.
//!
//! ```
//! use bedside_models::glm::{Family, PathSettings, PathEnd};
//! use bedside_table::{Complete, DesignColumn, DesignData, Outcome, Partition, Predict, Sample, Table, Term};
//!
//! let column = |predictor: &str, rows: std::ops::Range<u32>, f: fn(u32) -> f64| DesignColumn {
//!     predictor: predictor.to_owned(),
//!     term: Term::Value,
//!     data: DesignData::Dense(rows.map(f).collect()),
//! };
//! let outcome = Outcome::binary((0..300).map(|i| (i * 37) % 100 + (i * 61) % 80 > 90))?;
//! let parts = Partition::new(&(0..300).map(|i| i >= 200).collect::<Vec<_>>(), None)?;
//! let rows = Table::new(300, vec![])?;
//! let design = |rows| [column("age", rows, |i| f64::from((i * 37) % 100))];
//! let known = Complete::of(&rows.part(parts.train()), design(0..200).into())?;
//! let unseen = Complete::of(&rows.part(parts.held_out()), design(200..300).into())?;
//!
//! let path = PathSettings { family: Family::Binomial, l1_ratio: 1.0, ..PathSettings::default() }.check()?;
//! let fitted = path.fit_path(&Sample::new(&known, &outcome.part(parts.train())))?;
//! assert_eq!(fitted.nonzero(0), 0);
//! assert!(fitted.points().iter().all(|point| point.certificate.converged()));
//! let last = fitted.at(fitted.lambdas().len() - 1);
//! assert!(last.coefficients()[0].value > 0.0);
//! assert_eq!(fitted.predict_all(&unseen)?.last(), Some(&last.predict(&unseen)?));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod choose;
mod column;
mod descent;
mod design;
mod face;
mod factor;
mod family;
mod fitted;
mod free;
mod gap;
mod gram;
mod newton;
mod parts;
mod path;
mod point;
mod problem;
mod products;
mod scoring;
mod settings;
mod turned;
mod walk;

pub use choose::{Rule, choose};
pub use family::Family;
pub use fitted::FittedGlm;
pub use parts::{Coefficient, GlmParts};
pub use path::{GlmPath, PathEnd, PathPoint, fit_paths};
pub use settings::{Glm, GlmSettings, Path, PathSettings};
pub use walk::Walk;
