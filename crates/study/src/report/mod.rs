//! The report: data, pictures and the page.
//!
//! [`data::ReportData`] holds every number; [`page`] draws one self-contained HTML file from nothing else, [`terminal`] a
//! short table, [`card()`] the model card and [`tripod()`] the checklist.

pub mod data;

mod card;
mod figure;
#[cfg(test)]
mod fixture;
mod markup;
mod number;
mod page;
mod picture;
mod section;
mod terminal;
mod tripod;
#[cfg(test)]
mod well_formed;

pub use card::card;
pub use page::page;
pub use terminal::terminal;
pub use tripod::tripod;
