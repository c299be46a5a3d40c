//! Penalised generalised linear models: logistic and linear regression with L1, L2 and mixed penalties.
//!
//! The objective is glmnet's (Friedman, Hastie, Tibshirani 2010, doi 10.18637/jss.v033.i01): with weights `w` that sum to 1,
//! columns scaled to standard deviation 1 (divisor `n`, if `standardise`), coefficients `b` on that scale and penalty factors
//! `f` that are rescaled to sum to the number of columns,
//!
//! `-sum_i w_i loglik_i(b0 + x_i b) + lambda * sum_j f_j (a |b_j| + (1 - a)/2 b_j^2)`
//!
//! where `loglik` is that of a binary outcome, or `-(y - eta)^2 / 2`. For a continuous outcome the L2 part is divided by the
//! standard deviation of `y`, as glmnet does by scaling `y`. The intercept is not penalised. Coefficients are reported on
//! the columns' own scale.
//!
//! [`Path`] fits a whole sequence of penalties with warm starts; [`Glm`] fits one.

mod certificate;
mod choose;
mod columns;
mod descent;
mod family;
mod fitted;
mod path;
mod settings;

pub use choose::{Rule, choose};
pub use family::Family;
pub use fitted::{Coefficient, FittedGlm, GlmParts};
pub use path::{GlmPath, Path};
pub use settings::{Glm, GlmSettings, PathSettings};
