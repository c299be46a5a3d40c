//! Records for tests.

use bedside_chart::{Codes, Events, Instant, Precision, SubjectNumber};
use bedside_cohort::{Flow, Labeller, Row, Task};

/// An event: hour, code, value.
pub(crate) type Event<'a> = (Option<i64>, &'a str, Option<f64>);

/// The rows of one subject's record.
pub(crate) fn rows(task: &Task, record: &[Event<'_>]) -> Vec<Row> {
    labelled(task, &[(1, record)]).0
}

/// The rows and the flow of some subjects.
pub(crate) fn labelled(task: &Task, records: &[(i64, &[Event<'_>])]) -> (Vec<Row>, Flow) {
    let codes = Codes::default();
    let mut labeller = Labeller::new(task, Precision::Double);
    let (mut rows, mut flow) = (Vec::new(), Flow::new(task));
    for (subject, record) in records {
        let mut events = Events::new(SubjectNumber::new(*subject));
        for (hour, code, value) in *record {
            events.push(hour.map(at), codes.id(code).unwrap(), *value);
        }
        labeller.label(&events.timeline(), &codes, &mut rows, &mut flow);
    }
    (rows, flow)
}

/// An hour of a record.
pub(crate) fn at(hour: i64) -> Instant {
    Instant::from_micros(hour * 3_600_000_000)
}
