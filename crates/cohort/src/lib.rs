//! Who counts, from when, with which label, and what is known of them: timelines of events become rows of a study.
//!
//! A [`Task`] is what a task file says: predicates on events, a trigger, windows around it with what they must and must
//! not hold, which window carries the label and which of its ends is the index time. The file format is that of ACES
//! (Xu et al., *ACES: Automatic Cohort Extraction System for Event-Stream Datasets*, ICLR 2025, arXiv:2406.19653).
//! [`Labeller`] applies it to one subject after the other; what it returns for a subject depends on that subject alone, so
//! subjects can be shared out to any number of threads. [`Flow`] counts who left at which step. [`features`] makes the
//! predictors.
//!
//! ```
//! use bedside_chart::{Codes, Events, Instant, Precision, Span, SubjectNumber};
//! use bedside_cohort::{Flow, Known, Labeller, Task};
//!
//! let task = Task::parse(
//!     "predicates:\n  admission: {code: {regex: '^ADMISSION'}}\n  discharge: {code: DISCHARGE}\n  death: {code: DEATH}\n  \
//!      discharge_or_death: {expr: 'or(discharge, death)'}\n\
//!      trigger: admission\n\
//!      windows:\n  \
//!      gap: {start: trigger, end: start + 24h, start_inclusive: false, end_inclusive: true, index_timestamp: end,\n    \
//!            has: {discharge_or_death: '(None, 0)'}}\n  \
//!      target: {start: gap.end, end: start -> discharge_or_death, start_inclusive: false, end_inclusive: true, label: death}\n",
//! )?;
//! let codes = Codes::default();
//! let mut events = Events::new(SubjectNumber::new(1));
//! for (hour, code) in [(0, "ADMISSION//URGENT"), (90, "DEATH"), (90, "DISCHARGE")] {
//!     events.push(Some(Instant::from_micros(0) + Span::hours(hour)), codes.id(code)?, None);
//! }
//! let mut labeller = Labeller::new(&task, Precision::Double);
//! let (mut rows, mut flow) = (Vec::new(), Flow::new(&task));
//! labeller.label(&events.timeline(), &codes, &mut rows, &mut flow);
//! assert_eq!(rows[0].index_time, Some(Instant::from_micros(0) + Span::hours(24)));
//! assert_eq!(rows[0].outcome, Known::Occurs(true));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
pub mod features;
mod flow;
mod interval;
mod label;
mod matching;
mod occurrences;
mod predicates;
mod same_day;
mod spans;
mod task;
mod yaml;

pub use error::CohortError;
pub use flow::{Flow, Step, Tally};
pub use label::{Known, Labeller, Row};
pub use matching::{Likeness, matched};
pub use spans::parse_span;
pub use task::{Task, Unmet};
