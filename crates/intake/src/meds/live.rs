//! One patient's record as it arrives, in JSON.

use std::borrow::Cow;
use std::fmt;

use bedside_chart::{BIRTH, Codes, Events, Instant, Precision, SubjectNumber};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::IntakeError;
use crate::times::{TO_ITS_END, sure_time};

/// A patient's events up to an index time, as a live system has them.
///
/// The JSON has the names of the MEDS columns. A time is ISO 8601 text, or microseconds since 1970; an event without one holds at all
/// times (sex, say), and one without a `numeric_value` has no value. What is known to the day counts as known at its end, a birth
/// (`MEDS_BIRTH`) at its start; a `prediction_time` that is a day is its start. Events may come in any order.
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
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiveRecord<'j> {
    #[serde(default)]
    subject_id: i64,
    prediction_time: Moment,
    #[serde(borrow)]
    events: Vec<LiveEvent<'j>>,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct LiveEvent<'j> {
    #[serde(default)]
    time: Option<Moment>,
    /// As it stands in the JSON, wherever that has no escapes in it.
    #[serde(borrow)]
    code: Cow<'j, str>,
    #[serde(default)]
    numeric_value: Option<f64>,
    /// Taken and not looked at, as of a file.
    #[serde(default, rename = "text_value")]
    _text: Option<serde::de::IgnoredAny>,
}

/// When something was, as written.
#[derive(Debug, Clone, Copy)]
struct Moment {
    /// Microseconds since 1970; of a day its start.
    micros: i64,
    /// Only the day is known.
    day_only: bool,
    /// Whether a zone was written with the time of day, if one was written.
    zoned: Option<bool>,
}

impl Moment {
    const fn counted(micros: i64) -> Self {
        Self { micros, day_only: false, zoned: None }
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Written)
    }
}

/// A number of microseconds, or a text. By hand: serde's own way to take one of two keeps a copy of every value and writes an
/// error for every text, which took half of the time that a record took.
struct Written;

impl Visitor<'_> for Written {
    type Value = Moment;

    fn expecting(&self, words: &mut fmt::Formatter<'_>) -> fmt::Result {
        words.write_str("a date or time")
    }

    fn visit_i64<E: Error>(self, micros: i64) -> Result<Moment, E> {
        Ok(Moment::counted(micros))
    }

    fn visit_u64<E: Error>(self, micros: u64) -> Result<Moment, E> {
        i64::try_from(micros).map(Moment::counted).map_err(|_| E::custom("not a date or time"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Moment, E> {
        sure_time(text)
            .map(|(micros, zoned)| Moment { micros, day_only: zoned.is_none(), zoned })
            .ok_or_else(|| E::custom("not a date or time"))
    }
}

impl<'j> LiveRecord<'j> {
    /// Reads one record, or a list of them.
    ///
    /// # Errors
    /// [`IntakeError::LiveRecord`] with line and column, and never with what stood there; [`IntakeError::LiveZones`] when some times
    /// of a record have a zone and others none: what came first could not be told.
    pub fn parse(json: &'j str) -> Result<Vec<Self>, IntakeError> {
        let records = Self::read(json)?;
        let mixed = |record: &Self| {
            let times = record.events.iter().filter_map(|event| event.time);
            let mut zones = times.chain([record.prediction_time]).filter_map(|moment| moment.zoned);
            let first = zones.next();
            zones.any(|zone| Some(zone) != first)
        };
        if records.iter().any(mixed) { Err(IntakeError::LiveZones) } else { Ok(records) }
    }

    fn read(json: &'j str) -> Result<Vec<Self>, IntakeError> {
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
        Instant::from_micros(self.prediction_time.micros)
    }

    /// The codes of its events, each as often as it stands there.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.events.iter().map(|event| &*event.code)
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
    /// [`IntakeError::TooManyCodes`]; [`IntakeError::LiveNumber`] for a value that such numbers cannot hold.
    pub fn fill(&self, events: &mut Events, codes: &Codes, precision: Precision) -> Result<(), IntakeError> {
        events.restart(self.subject());
        for (place, event) in self.events.iter().enumerate() {
            let code = codes.id(&event.code).map_err(|_| IntakeError::TooManyCodes)?;
            let kept = |value: f64| match precision {
                Precision::Single => f64::from(value as f32),
                Precision::Double => value,
            };
            let later = |moment: Moment| if moment.day_only && event.code != BIRTH { TO_ITS_END } else { 0 };
            let time = event.time.map(|moment| Instant::from_micros(moment.micros + later(moment)));
            let value = event.numeric_value.map(kept);
            if value.is_some_and(|value| !value.is_finite()) {
                return Err(IntakeError::LiveNumber { event: place + 1 });
            }
            events.push(time, code, value);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_single_precision_cannot_hold_is_said_and_not_lost() {
        let json = |value: &str| {
            format!(
                r#"{{"prediction_time": 5, "events": [{{"time": 1, "code": "A"}}, {{"time": 1, "code": "A", "numeric_value": {value}}}]}}"#
            )
        };
        let filled = |value: &str, precision| {
            let text = json(value);
            let records = LiveRecord::parse(&text).unwrap();
            records[0].fill(&mut Events::new(SubjectNumber::new(0)), &Codes::default(), precision)
        };
        for value in ["1e39", "-3.5e38", "1e308"] {
            let refused = filled(value, Precision::Single);
            assert!(matches!(refused, Err(IntakeError::LiveNumber { event: 2 })), "{value}");
            assert!(filled(value, Precision::Double).is_ok(), "{value}");
        }
        assert!(filled("3.4e38", Precision::Single).is_ok() && filled("null", Precision::Single).is_ok());
        assert!(matches!(LiveRecord::parse(&json("1e999")), Err(IntakeError::LiveRecord { .. })));
        assert!(matches!(LiveRecord::parse(&json("\"34,5\"")), Err(IntakeError::LiveRecord { .. })));
        assert!(matches!(
            LiveRecord::parse(&json("1, \"numeric_value\": 2")),
            Err(IntakeError::LiveRecord { .. })
        ));
    }

    #[test]
    fn times_with_a_zone_and_times_without_are_not_compared() {
        let parse = |at: &str, event: &str| {
            let json =
                format!(r#"{{"prediction_time": "{at}", "events": [{{"time": "{event}", "code": "A"}}]}}"#);
            LiveRecord::parse(&json).map(|records| records.len())
        };
        let (zoned, plain, day) = ("2026-03-01T10:00:00-05:00", "2026-03-01T14:00:00", "2026-03-01");
        for (at, event) in [(zoned, plain), (plain, zoned), ("2026-03-01 10:00:00Z", plain)] {
            assert!(matches!(parse(at, event), Err(IntakeError::LiveZones)), "{at} {event}");
        }
        for (at, event) in
            [(zoned, zoned), (zoned, "2026-03-01T10:00:00Z"), (plain, plain), (zoned, day), (day, plain)]
        {
            assert!(matches!(parse(at, event), Ok(1)), "{at} {event}");
        }
    }
}
