//! A hospital with a known truth: tables with known risk, missingness, site effects and planted leaks.
