//! Events become labels.

use std::collections::HashSet;

use bedside_chart::{Codes, Label, LabelValue, Precision, Timeline};
use bedside_cohort::{Flow, Known, Labeller, Row, Task, matched};
use bedside_intake::meds::{Amount, EventFiles, PerSubject};

use crate::StudyError;
use crate::lifetimes::Lifetimes;

/// The labels of a data set, and how many left at which step.
#[derive(Debug)]
pub struct Labelled {
    /// In the order of the data and, for each subject, of the triggers.
    pub labels: Vec<Label>,
    /// The counts of every step.
    pub flow: Flow,
    /// How much was read.
    pub amount: Amount,
    /// Index times that cannot be in the life of their subject.
    pub lifetimes: Lifetimes,
}

/// Applies a task to every subject of a data set. The number of threads changes nothing.
///
/// # Errors
/// Those of [`EventFiles::walk`].
pub fn label(files: &EventFiles, codes: &Codes, task: &Task, threads: usize) -> Result<Labelled, StudyError> {
    let labelling = Labelling { task, precision: files.precision() };
    let (parts, amount) = files.walk(codes, task.reads_values(), threads, &labelling)?;
    let mut flow = Flow::new(task);
    parts.iter().filter_map(|part| part.flow.as_ref()).for_each(|part| flow.merge(part));
    let mut lifetimes = Lifetimes::default();
    parts.iter().for_each(|part| lifetimes.add(&part.lifetimes));
    let mut rows: Vec<Row> = parts.into_iter().flat_map(|part| part.rows).collect();
    if let Some(sets) = matched(task, &rows) {
        let mut kept = sets.concat();
        kept.sort_unstable();
        rows = kept.into_iter().map(|place| rows[place]).collect();
        let subjects: HashSet<_> = rows.iter().map(|row| row.subject).collect();
        flow.matched(subjects.len() as u64, rows.len() as u64);
    }
    Ok(Labelled { labels: rows.iter().map(|row| of_row(task, row)).collect(), flow, amount, lifetimes })
}

/// A row as a label.
fn of_row(task: &Task, row: &Row) -> Label {
    let value = match row.outcome {
        Known::Nothing => LabelValue::None,
        Known::Occurs(occurs) => LabelValue::Boolean(occurs),
        Known::Class(class) => LabelValue::Category(task.class_name(class).into()),
        Known::Number(value) => LabelValue::Number(value),
        Known::Time { days, event } => LabelValue::Time { days, event },
    };
    Label { subject: row.subject, prediction_time: row.index_time, value }
}

/// A task, for the reader of events.
struct Labelling<'t> {
    task: &'t Task,
    precision: Precision,
}

#[derive(Default)]
struct Part {
    rows: Vec<Row>,
    flow: Option<Flow>,
    lifetimes: Lifetimes,
}

impl<'t> PerSubject for Labelling<'t> {
    type Worker = Labeller<'t>;
    type Part = Part;

    fn worker(&self) -> Labeller<'t> {
        Labeller::new(self.task, self.precision)
    }

    fn subject(&self, worker: &mut Labeller<'t>, timeline: &Timeline<'_>, codes: &Codes, part: &mut Part) {
        let flow = part.flow.get_or_insert_with(|| Flow::new(self.task));
        let before = part.rows.len();
        worker.label(timeline, codes, &mut part.rows, flow);
        if part.rows.len() > before {
            let times = part.rows[before..].iter().filter_map(|row| row.index_time);
            part.lifetimes.see(timeline, codes, times);
        }
    }
}
