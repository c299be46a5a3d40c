//! Observations and their components: a code, and a value of one of many kinds.

use bedside_chart::Instant;
use serde::Deserialize;

use super::code::{Concept, Symbol};
use super::desk::{Part, Pen};
use super::event::symbol;
use super::fields::{Blame, Fields, Text, said};
use crate::import::long::value as single;
use crate::import::rows::{Bad, Cell};
use crate::import::units::AS_WRITTEN;

/// A number and its unit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Quantity<'a> {
    value: Option<f64>,
    #[serde(borrow)]
    comparator: Option<Text<'a>>,
    #[serde(borrow)]
    unit: Option<Text<'a>>,
    #[serde(borrow)]
    code: Option<Text<'a>>,
}

/// A value as an event has it.
#[derive(Debug, Default)]
struct Value {
    number: Option<f64>,
    text: Option<String>,
    /// What comes after the code, as written.
    unit: Option<String>,
    level: Option<Symbol>,
    flag: Option<bool>,
}

/// Values that a number, a code or a text cannot hold.
const UNREAD: &[&str] = &["valueRange", "valueRatio", "valueSampledData", "valuePeriod"];

/// Reads an observation that was made, and its components. One that has only components is an event only through them.
pub(super) fn read(fields: &Fields<'_>, time: Instant, pen: &mut Pen<'_, '_>) -> Result<(), Blame> {
    let components = fields.all("component", "Observation.component")?;
    let mut made = 0;
    let value = Value::of(fields, pen)?;
    if value.is_some() || components.is_empty() && !fields.has(ABSENT) {
        add(fields, value, time, pen)?;
        made += 1;
    }
    for component in &components {
        let value = Value::of(component, pen)?;
        if value.is_some() || !component.has(ABSENT) {
            add(component, value, time, pen)?;
            made += 1;
        }
    }
    if made == 0 {
        pen.desk.reader.count_void("Observation");
    }
    Ok(())
}

/// Says why there is no value.
const ABSENT: &str = "dataAbsentReason";

fn add(fields: &Fields<'_>, value: Option<Value>, time: Instant, pen: &mut Pen<'_, '_>) -> Result<(), Blame> {
    let symbol = pen.desk.reader.chosen(symbol(fields, "code")?);
    let other = symbol.others.first().map(|(name, _)| name.as_str());
    let Value { number, text, unit, level, flag } = value.unwrap_or_default();
    let unit = unit.map(|written| (format!("{AS_WRITTEN}{written}"), pen.desk.unit(&written)));
    let unit = unit.as_ref().map(|(written, code)| (written.as_str(), Some(&**code)));
    let flag = flag.map(|flag| if flag { ("true", Some("true")) } else { ("false", Some("false")) });
    let parts = [Some(symbol.part()), unit, level.as_ref().map(Symbol::part), flag];
    let parts: Vec<Part<'_>> = parts.into_iter().flatten().collect();
    pen.add_coded(Some(time), &parts, number, text.as_deref(), other).map_err(Blame::whole)
}

impl Value {
    /// The value of an observation or a component, if it has one.
    fn of(fields: &Fields<'_>, pen: &Pen<'_, '_>) -> Result<Option<Self>, Blame> {
        if let Some(quantity) = fields.get::<Quantity<'_>>("valueQuantity")? {
            return Self::quantity(&quantity).map_err(|bad| fields.blame("valueQuantity", bad));
        }
        if let Some(concept) = fields.get::<Concept<'_>>("valueCodeableConcept")? {
            let text = said(&concept.text).map(str::to_owned);
            let level = concept.symbol().map(|level| level.preferring(pen.desk.reader.preferred));
            let text = text.filter(|_| level.is_none());
            let some = level.is_some() || text.is_some();
            return Ok(some.then_some(Self { level, text, ..Self::default() }));
        }
        if let Some(flag) = fields.get::<bool>("valueBoolean")? {
            return Ok(Some(Self { flag: Some(flag), ..Self::default() }));
        }
        if let Some(number) = fields.get::<f64>("valueInteger")? {
            let number = single(Cell::Number(number)).map_err(|bad| fields.blame("valueInteger", bad))?;
            return Ok(Some(Self { number, ..Self::default() }));
        }
        for field in ["valueString", "valueDateTime", "valueTime"] {
            let text: Option<Text<'_>> = fields.get(field)?;
            if let Some(text) = said(&text) {
                return Ok(Some(Self { text: Some(text.to_owned()), ..Self::default() }));
            }
        }
        let Some(unread) = UNREAD.iter().find(|field| fields.has(field)) else { return Ok(None) };
        pen.desk.reader.count_value(unread);
        Ok(Some(Self::default()))
    }

    fn quantity(quantity: &Quantity<'_>) -> Result<Option<Self>, Bad> {
        let Some(value) = quantity.value else { return Ok(None) };
        let number = single(Cell::Number(value))?;
        let text = match said(&quantity.comparator) {
            None => None,
            Some(relation @ ("<" | "<=" | ">" | ">=")) => Some(relation.to_owned()),
            Some(_) => return Err(Bad::NotFhir),
        };
        let unit = said(&quantity.code).or(said(&quantity.unit)).map(str::to_owned);
        Ok(Some(Self { number, text, unit, ..Self::default() }))
    }
}
