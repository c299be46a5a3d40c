//! Events become labels.

use bedside_chart::{Codes, Label, LabelValue, Precision, Timeline};
use bedside_cohort::{Flow, Known, Labeller, Row, Task};
use bedside_intake::meds::{Amount, EventFiles, PerSubject};

use crate::StudyError;

/// The labels of a data set, and how many left at which step.
#[derive(Debug)]
pub struct Labelled {
    /// In the order of the data and, for each subject, of the triggers.
    pub labels: Vec<Label>,
    /// The counts of every step.
    pub flow: Flow,
    /// How much was read.
    pub amount: Amount,
}

/// Applies a task to every subject of a data set. The number of threads changes nothing.
///
/// # Errors
/// Those of [`EventFiles::walk`].
pub fn label(files: &EventFiles, codes: &Codes, task: &Task, threads: usize) -> Result<Labelled, StudyError> {
    let labelling = Labelling { task, precision: files.precision() };
    let (parts, amount) = files.walk(codes, task.reads_values(), threads, &labelling)?;
    let mut labelled = Labelled { labels: Vec::new(), flow: Flow::new(task), amount };
    for part in &parts {
        if let Some(flow) = &part.flow {
            labelled.flow.merge(flow);
        }
        labelled.labels.extend(part.rows.iter().map(|row| of_row(task, row)));
    }
    Ok(labelled)
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
}

impl<'t> PerSubject for Labelling<'t> {
    type Worker = Labeller<'t>;
    type Part = Part;

    fn worker(&self) -> Labeller<'t> {
        Labeller::new(self.task, self.precision)
    }

    fn subject(&self, worker: &mut Labeller<'t>, timeline: &Timeline<'_>, codes: &Codes, part: &mut Part) {
        let flow = part.flow.get_or_insert_with(|| Flow::new(self.task));
        worker.label(timeline, codes, &mut part.rows, flow);
    }
}
