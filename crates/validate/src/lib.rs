//! The judge: discrimination, calibration, net benefit, subgroups and intervals, as data.
//!
//! It reads scores and outcomes of [`bedside_table::HeldOut`] rows and knows nothing of the model that made them.

mod judgement;

pub use judgement::*;
