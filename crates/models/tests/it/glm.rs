//! Penalised regressions, seen from outside.

mod conformance;
mod degenerate;
mod golden;
mod made;
mod optimality;
mod parts;
mod paths;
