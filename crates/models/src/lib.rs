//! Complete designs become fitted models with certificates: penalised generalised linear models and boosted trees.
//!
//! [`glm`] reads a complete design, [`trees`] reads a table with gaps. Neither knows the other, how gaps were filled,
//! or what a patient is.

mod error;
mod exponential;
pub mod glm;
pub mod trees;

pub use error::ModelError;
