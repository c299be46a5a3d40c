//! The report: data, pictures and the page.

pub mod data;
