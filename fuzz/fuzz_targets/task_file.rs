//! Whatever a task file says, it is an error that can be shown, or a task that labels any record.
#![no_main]

use bedside_chart::{Codes, Events, Instant, Precision, Span, SubjectNumber};
use bedside_cohort::{Flow, Labeller, Task};
use libfuzzer_sys::fuzz_target;

const CODES: [&str; 6] = ["ADMISSION//ED", "DISCHARGE//HOME", "DEATH", "LAB//A", "LAB//B", "DRUG"];

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // The parts before and after a line of `%` are the task and the predicates laid over it.
    let task = match text.split_once("\n%\n") {
        Some((task, predicates)) => Task::parse_with(task, predicates),
        None => Task::parse(text),
    };
    let task = match task {
        Ok(task) => task,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let codes = Codes::default();
    let mut labeller = Labeller::new(&task, Precision::Single);
    let (mut rows, mut flow) = (Vec::new(), Flow::new(&task));
    for subject in 0..4 {
        let mut events = Events::new(SubjectNumber::new(subject));
        for event in 0..subject * 12 {
            let drawn = (event * 7919 + subject * 104_729) % 97;
            let Ok(code) = codes.id(CODES[drawn as usize % CODES.len()]) else { return };
            let time = (drawn % 11 > 0).then_some(Instant::from_micros(0) + Span::hours(drawn * 3));
            events.push(time, code, (drawn % 2 > 0).then_some(drawn as f64 / 10.0));
        }
        // The last subject lives at the ends of time.
        if subject == 3 {
            for micros in [i64::MIN, i64::MAX] {
                let Ok(code) = codes.id(CODES[0]) else { return };
                events.push(Some(Instant::from_micros(micros)), code, None);
            }
        }
        labeller.label(&events.timeline(), &codes, &mut rows, &mut flow);
    }
    let steps = flow.steps();
    assert!(steps.is_sorted_by(|a, b| a.left.subjects >= b.left.subjects), "a step brought subjects back");
    assert_eq!(steps.last().and_then(|step| step.left.rows), Some(rows.len() as u64));
    let _ = task.unmet(&codes.names()).iter().map(ToString::to_string).count();
});
