//! Fit on the training rows, apply anywhere: a table with gaps becomes a complete design.
