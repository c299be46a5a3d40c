//! What is known of a subject at an index time, as numbers: events in windows become the columns of a sparse matrix.
//!
//! A [`Recipe`] asks for codes, [`Window`]s and [`Aggregation`]s; a [`Plan`] holds it against the codes that the training
//! subjects use ([`Tally`]) and so fixes the columns; a [`Gatherer`] makes the rows of one subject after the other. The
//! same gatherer serves a million rows and one live patient, and gives the same bits for both: an entry depends on the
//! events up to the index time alone, not on the other rows, nor on anything later.
//!
//! Codes can be counted together: rolled up along a vocabulary ([`RollUp`]) or as the conditions of an index of comorbidity
//! ([`Comorbidity`]); the clock can be read at the index time ([`Reading`]).
//!
//! The names of the aggregations are those of MEDS-Tab (Oufattole et al., *MEDS-Tab: Automated tabularization and baseline
//! methods for MEDS datasets*, 2024, arXiv:2411.00200) where it has them.
//!
//! How it is done: the events of each code stand together, in order; for each window, the rows between two changes of its
//! content get their entries at once ([`Run`]). Sums come from running totals, extremes from monotone queues, so the work
//! grows with events × windows plus what comes out, not with the length of the windows.
//!
//! ```
//! use bedside_chart::{Codes, Events, Instant, Span, SubjectNumber};
//! use bedside_cohort::features::{Aggregation, Asked, CodeChoice, Gatherer, Plan, Rare, Recipe, Tally};
//!
//! let codes = Codes::default();
//! let creatinine = codes.id("LAB//creatinine//mg/dL")?;
//! let mut events = Events::new(SubjectNumber::new(1));
//! for (hour, value) in [(0, 0.9), (12, 1.4), (60, 2.1)] {
//!     events.push(Some(Instant::from_micros(0) + Span::hours(hour)), creatinine, Some(value));
//! }
//! let windows = vec!["24h".parse()?, "full".parse()?];
//! let asked = Asked::new(CodeChoice::default(), windows, vec![Aggregation::ValueLast, Aggregation::ValueMax])?;
//! let recipe = Recipe::new(vec![asked], Rare::default())?;
//! let mut tally = Tally::default();
//! tally.add(&events.timeline(), &codes, Instant::MAX);
//! let plan = Plan::new(&recipe, &tally.named(&codes))?;
//!
//! let index_time = Instant::from_micros(0) + Span::hours(48);
//! let mut found = Vec::new();
//! let mut gatherer = Gatherer::new(&plan);
//! gatherer.gather(&events.timeline(), &codes, &[index_time], &(0..plan.codes()), |run| {
//!     found.push((plan.column(run.column).map(|column| column.describe()), run.value));
//! });
//! let named = |name: &str| Some(format!("LAB//creatinine//mg/dL, {name}"));
//! assert_eq!(found, [(named("highest value, full"), 1.4), (named("last value, full"), 1.4)]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod aggregation;
mod candidates;
mod column;
mod comorbidity;
mod cycle;
mod gather;
mod groups;
mod plan;
mod reading;
mod recipe;
mod rollup;
mod running;
mod stretch;
mod tally;
mod twofold;
mod window;

pub use aggregation::Aggregation;
pub use column::{Column, Kept};
pub use comorbidity::Comorbidity;
pub use gather::{Gatherer, Run};
pub use groups::Ancestry;
pub use plan::Plan;
pub use reading::Reading;
pub use recipe::{Asked, CodeChoice, Rare, Recipe};
pub use rollup::{AtcLevel, RollUp};
pub use tally::{CodeUse, Tally, Uses};
pub use window::Window;
