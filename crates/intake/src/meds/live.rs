//! One patient's record as it arrives, in JSON.

use bedside_chart::{Codes, Events, Instant, Precision, SubjectNumber};
use serde::Deserialize;

use crate::{IntakeError, parse_time};

/// A patient's events up to an index time, as a live system has them.
///
/// The JSON has the names of the MEDS columns. A time is ISO 8601 text, or microseconds since 1970; an event without one holds at all
/// times (sex, say), and one without a `numeric_value` has no value. Events may come in any order.
///
/// ```
/// use bedside_intake::meds::LiveRecord;
/// let records = LiveRecord::parse(r#"{
///     "subject_id": 7,
///     "prediction_time": "2026-03-01T10:00:00",
///     "events": [
///         { "time": "2026-03-01T08:30:00", "code": "LOINC/2160-0//mg/dL", "numeric_value": 1.4 },
///         { "time": null, "code": "SEX//F" }
///     ]
/// }"#)?;
/// assert_eq!((records.len(), records[0].events()), (1, 2));
/// # Ok::<(), bedside_intake::IntakeError>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveRecord {
    #[serde(default)]
    subject_id: i64,
    prediction_time: Moment,
    events: Vec<LiveEvent>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct LiveEvent {
    #[serde(default)]
    time: Option<Moment>,
    code: String,
    #[serde(default)]
    numeric_value: Option<f64>,
    /// Taken and not looked at, as of a file.
    #[serde(default, rename = "text_value")]
    _text: Option<serde::de::IgnoredAny>,
}

/// Microseconds since 1970.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Written")]
struct Moment(i64);

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Micros(i64),
    Text(String),
}

impl TryFrom<Written> for Moment {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        match written {
            Written::Micros(micros) => Ok(Self(micros)),
            Written::Text(text) => parse_time(&text, None).map(Self).ok_or("not a date or time"),
        }
    }
}

impl LiveRecord {
    /// Reads one record, or a list of them.
    ///
    /// # Errors
    /// [`IntakeError::LiveRecord`] with line and column, and never with what stood there.
    pub fn parse(json: &str) -> Result<Vec<Self>, IntakeError> {
        let wrong = |e: &serde_json::Error| IntakeError::LiveRecord { line: e.line(), column: e.column() };
        // A list is told from a record by its first mark: what is wrong with an untagged choice has no place.
        if json.trim_start().starts_with('[') {
            return serde_json::from_str(json).map_err(|e| wrong(&e));
        }
        serde_json::from_str(json).map(|record| vec![record]).map_err(|e| wrong(&e))
    }

    /// Whether some JSON is meant as records of events, rather than of predictors.
    #[must_use]
    pub fn is_meant(json: &serde_json::Value) -> bool {
        let first = json.as_array().map_or(Some(json), |list| list.first());
        first.and_then(|record| record.get("events")).is_some_and(serde_json::Value::is_array)
    }

    /// Whose it is; 0 when it does not say.
    #[must_use]
    pub fn subject(&self) -> SubjectNumber {
        SubjectNumber::new(self.subject_id)
    }

    /// From when on the future is to be predicted.
    #[must_use]
    pub fn index_time(&self) -> Instant {
        Instant::from_micros(self.prediction_time.0)
    }

    /// How many events it has.
    #[must_use]
    pub fn events(&self) -> usize {
        self.events.len()
    }

    /// Puts its events into a timeline that is yet to be ordered. Values are kept as exactly as those of the data set that a
    /// model was made from, so that the same record has the same features.
    ///
    /// # Errors
    /// [`IntakeError::TooManyCodes`].
    pub fn fill(&self, events: &mut Events, codes: &Codes, precision: Precision) -> Result<(), IntakeError> {
        events.restart(self.subject());
        for event in &self.events {
            let code = codes.id(&event.code).map_err(|_| IntakeError::TooManyCodes)?;
            let kept = |value: f64| match precision {
                Precision::Single => f64::from(value as f32),
                Precision::Double => value,
            };
            let time = event.time.map(|moment| Instant::from_micros(moment.0));
            events.push(time, code, event.numeric_value.map(kept));
        }
        Ok(())
    }
}
