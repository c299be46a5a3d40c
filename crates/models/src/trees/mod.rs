//! Boosted trees.
