//! The study file: what it may say, and what is said when it says something else.
