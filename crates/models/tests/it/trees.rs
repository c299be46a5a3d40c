//! Boosted trees, seen from outside.

mod by_hand;
mod chance;
mod conformance;
mod folds;
mod monotone;
mod oracle;
mod parts;
mod shapley;
mod ward;
