//! One live patient after the other: a record in JSON becomes predictors, and these a risk.

use std::time::Instant;

use bedside_intake::meds::LiveRecord;
use bedside_study::bundle::Bundle;
use serde_json::{Value, json};

use crate::Outcome;

/// Times each record is scored.
const TIMES: usize = 200;

/// Scores each record of a file, one at a time: from the text of the record to the risk. What a service does once when it
/// starts (reading the model, making it ready) is not counted.
pub(crate) fn live(model: &str, records: &str) -> Outcome<Value> {
    let bundle = Bundle::open(std::fs::read(model).map_err(|e| format!("{model}: {e}"))?)?;
    let texts: Vec<Value> =
        serde_json::from_slice(&std::fs::read(records).map_err(|e| format!("{records}: {e}"))?)?;
    let mut live = bundle.live()?;
    let (mut patients, mut slowest) = (Vec::new(), 0.0_f64);
    for text in &texts {
        let text = text.to_string();
        let (mut seconds, mut risk, mut events) = (Vec::with_capacity(TIMES), f64::NAN, 0);
        for _ in 0..TIMES {
            let start = Instant::now();
            let record = LiveRecord::parse(&text)?;
            let predictors = live.predictors(&record)?;
            let scored = bundle.score_table(&predictors, None)?;
            seconds.push(start.elapsed().as_secs_f64());
            risk = scored.scores[0].unwrap_or(f64::NAN);
            events = record[0].events();
        }
        seconds.sort_by(f64::total_cmp);
        let median = seconds[TIMES / 2];
        slowest = slowest.max(median);
        let late = seconds[TIMES - TIMES / 100 - 1];
        patients.push(json!({ "events": events, "bytes": text.len(), "seconds": median, "seconds_99": late, "risk": risk }));
    }
    Ok(json!({ "seconds_inside": slowest, "patients": patients }))
}
