//! One patient's predictors as they arrive, in JSON.

use std::collections::HashSet;
use std::fmt;

use bedside_intake::{Decimal, Frame, parse_number};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::arrived::first_unreadable;
use super::{Arrived, Bundle, Remark, list};
use crate::StudyError;
use crate::recipe::Ingredient;
use crate::spec::ColumnType;

impl Bundle {
    /// The predictors of one JSON record, or of a list of them. `null` means not measured; a number may carry its unit:
    /// `{"bili": {"value": 20, "unit": "umol/L"}}`. Every predictor must be there: what is absent by mistake must not pass for not
    /// measured. What cannot be read is an error, and so is a field that is there twice; a field that is no predictor is told.
    ///
    /// # Errors
    /// [`StudyError::Record`], which never says what stood there.
    pub fn records(&self, json: &str) -> Result<Arrived, StudyError> {
        let records = read(json)?;
        if records.is_empty() {
            return Err(wrong("the list", "it holds no record; give at least one".to_owned()));
        }
        let predictors = &self.recipe().predictors;
        let mut columns: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(records.len()); predictors.len()];
        let mut remarks = Vec::new();
        for (Fields(fields), row) in records.iter().zip(0u32..) {
            let place = format!("record {}", row + 1);
            once(&place, fields)?;
            let mut strangers: Vec<String> = Vec::new();
            let mut given: Vec<Option<(&str, &RawValue)>> = vec![None; predictors.len()];
            for (name, value) in fields {
                let at = predictors.iter().position(|p| p.name == *name);
                match at.or_else(|| predictors.iter().position(|p| p.is_called(name))) {
                    None => strangers.push(format!("`{name}`")),
                    Some(at) if given[at].is_some() => {
                        return Err(wrong(
                            &place,
                            format!(
                                "`{}` is there twice, with a unit and without; give it once",
                                predictors[at].name
                            ),
                        ));
                    }
                    Some(at) => given[at] = Some((name, *value)),
                }
            }
            let absent: Vec<String> = predictors
                .iter()
                .zip(&given)
                .filter(|(_, g)| g.is_none())
                .map(|(p, _)| p.name.clone())
                .collect();
            if !absent.is_empty() {
                let misspelt = if strangers.is_empty() {
                    String::new()
                } else {
                    format!(". It has {}, which are no predictors: are they misspelt?", list(&strangers, 8))
                };
                return Err(wrong(
                    &place,
                    format!(
                        "it lacks {} of the model's predictors: {}. Write null for what was not measured{misspelt}",
                        absent.len(),
                        absent.join(", ")
                    ),
                ));
            }
            if !strangers.is_empty() {
                let says =
                    format!("not read, because the model has no such predictor: {}", list(&strangers, 20));
                remarks.push(Remark { rows: vec![row], says });
            }
            for ((predictor, given), column) in predictors.iter().zip(given).zip(&mut columns) {
                let cell = given.map(|(name, value)| cell(predictor, name, value)).transpose();
                column.push(cell.map_err(|problem| wrong(&place, problem))?.flatten());
            }
        }
        let named = predictors.iter().map(|p| p.name.clone()).zip(columns).collect();
        let frame = Frame::given("record", named, &self.read_options())?;
        let mut arrived = self.arrive(&frame)?;
        if let Some((row, columns)) = first_unreadable(&arrived.table) {
            return Err(wrong(&format!("record {}", row + 1), no_number(&columns.join("`, `"))));
        }
        arrived.remarks = remarks;
        Ok(arrived)
    }
}

fn wrong(place: &str, problem: String) -> StudyError {
    StudyError::Record { place: place.to_owned(), problem }
}

fn no_number(name: &str) -> String {
    format!(
        "`{name}` must be a number, and what is there cannot be read as one; write it plainly, such as 34.5, with its unit as \
         {{\"value\": …, \"unit\": \"…\"}}, or null for not measured"
    )
}

/// What a field says, as the text that a table would have; `None` where it is not measured.
fn cell(predictor: &Ingredient, name: &str, value: &RawValue) -> Result<Option<String>, String> {
    let text = value.get();
    let number = predictor.kind == ColumnType::Numeric;
    match text.as_bytes().first() {
        Some(b'n') => Ok(None),
        Some(b'"') => match serde_json::from_str::<String>(text) {
            Ok(text) if predictor.unit_in(name).is_some() => in_unit(predictor, name, &text),
            Ok(text) => Ok(Some(text)),
            Err(_) => Err(format!("`{name}` is no text that can be read")),
        },
        Some(b't' | b'f') if number => Err(no_number(&predictor.name)),
        Some(b't' | b'f') => Ok(Some(text.to_owned())),
        Some(b'{') => with_unit(predictor, name, text),
        Some(b'[') | None => Err(format!("`{name}` must be a number, a text, true, false or null")),
        Some(_) if predictor.unit_in(name).is_some() => in_unit(predictor, name, text),
        Some(_) => Ok(Some(text.to_owned())),
    }
}

/// A number whose field names its unit: `"bili [umol/L]": 20`.
fn in_unit(predictor: &Ingredient, name: &str, number: &str) -> Result<Option<String>, String> {
    converted(predictor, number, predictor.unit_in(name).unwrap_or_default())
}

/// A number with its unit beside it: `"bili": {"value": 20, "unit": "umol/L"}`.
fn with_unit(predictor: &Ingredient, name: &str, text: &str) -> Result<Option<String>, String> {
    let expected = || format!("`{name}` must be a value or {{\"value\": …, \"unit\": \"…\"}}");
    let Fields(parts) = serde_json::from_str::<Fields<'_>>(text).map_err(|_| expected())?;
    let [one, other] = parts.as_slice() else { return Err(expected()) };
    let (value, unit) = match (one.0.as_str(), other.0.as_str()) {
        ("value", "unit") => (one.1, other.1),
        ("unit", "value") => (other.1, one.1),
        _ => return Err(expected()),
    };
    let unit: String = serde_json::from_str(unit.get()).map_err(|_| expected())?;
    match value.get() {
        "null" => Ok(None),
        number => converted(predictor, number, &unit),
    }
}

fn converted(predictor: &Ingredient, number: &str, unit: &str) -> Result<Option<String>, String> {
    if predictor.kind != ColumnType::Numeric {
        return Err(format!("`{}` is no number, so it has no unit", predictor.name));
    }
    let value = parse_number(number, Decimal::Point).ok_or_else(|| no_number(&predictor.name))?;
    let own = predictor.in_own_unit(value, unit).map_err(|e| e.to_string())?;
    Ok(Some(format!("{own:?}")))
}

/// Refuses a field that is there twice.
fn once(place: &str, fields: &[(String, &RawValue)]) -> Result<(), StudyError> {
    let mut seen = HashSet::new();
    match fields.iter().find(|(name, _)| !seen.insert(name.as_str())) {
        None => Ok(()),
        Some((name, _)) => {
            Err(wrong(place, format!("`{name}` is there twice, and which of the two holds cannot be told")))
        }
    }
}

fn read(json: &str) -> Result<Vec<Fields<'_>>, StudyError> {
    let list = json.trim_start().starts_with('[');
    let read =
        if list { serde_json::from_str(json) } else { serde_json::from_str(json).map(|one| vec![one]) };
    read.map_err(|e: serde_json::Error| {
        let expected = if e.is_data() {
            "expected a JSON object with one field a predictor, or a list of such objects"
        } else {
            "not JSON; give one record, such as {\"age\": 63}"
        };
        wrong(&format!("line {} column {}", e.line(), e.column()), expected.to_owned())
    })
}

/// The fields of an object in their order, a name that is there twice included.
struct Fields<'j>(Vec<(String, &'j RawValue)>);

impl<'de: 'j, 'j> Deserialize<'de> for Fields<'j> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, words: &mut fmt::Formatter<'_>) -> fmt::Result {
                words.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Object)
    }
}
