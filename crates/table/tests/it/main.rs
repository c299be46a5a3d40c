//! What the crate promises, seen from outside.

mod broken_imputers;
mod broken_models;
mod toy_filled;
mod toy_imputer;
mod toy_model;
