//! The door as its users meet it.

mod damaged;
mod files;
mod known_sets;
mod there_and_back;
