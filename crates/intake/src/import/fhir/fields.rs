//! The fields of a JSON object as they are written, each read when somebody asks for it.
//!
//! So a field that is broken is known by name, and what nobody asks for is passed over.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::import::rows::Bad;

/// A text, where possible as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        self.0.trim()
    }
}

/// The text, if there is any in it.
pub(super) fn said<'t>(text: &'t Option<Text<'_>>) -> Option<&'t str> {
    text.as_ref().map(Text::as_str).filter(|text| !text.is_empty())
}

/// Why a resource could not be read: the field that is to blame, if one is, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Blame {
    pub(super) within: &'static str,
    pub(super) field: &'static str,
    pub(super) bad: Bad,
}

impl Blame {
    /// For what is wrong as a whole.
    pub(super) fn whole(bad: Bad) -> Self {
        Self { within: "", field: "", bad }
    }

    /// `Observation.effectiveDateTime`
    pub(super) fn path(self) -> Option<Arc<str>> {
        match (self.within, self.field) {
            ("", _) => None,
            (within, "") => Some(Arc::from(within)),
            (within, field) => Some(Arc::from(format!("{within}.{field}"))),
        }
    }
}

/// The fields of an object.
#[derive(Debug, Clone)]
pub(super) struct Fields<'a> {
    /// Where the object stands, to blame it: `Observation`, `Observation.component`.
    pub(super) within: &'static str,
    list: Vec<(Text<'a>, &'a RawValue)>,
}

impl<'a> Fields<'a> {
    /// Names and values as they stand in the file.
    pub(super) fn as_written(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|(name, value)| (name.as_str(), value.get()))
    }

    pub(super) fn parse(json: &'a str) -> Result<Self, Bad> {
        serde_json::from_str(json)
            .map_err(|error| if error.is_data() { Bad::NotResource } else { Bad::NotJson })
    }

    pub(super) fn blame(&self, field: &'static str, bad: Bad) -> Blame {
        Blame { within: self.within, field, bad }
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.list.iter().any(|(name, _)| name.0 == field)
    }

    /// A field as the type asked for; none if it is not there.
    pub(super) fn get<T: Deserialize<'a>>(&self, field: &'static str) -> Result<Option<T>, Blame> {
        let Some((_, raw)) = self.list.iter().find(|(name, _)| name.0 == field) else { return Ok(None) };
        serde_json::from_str(raw.get()).map_err(|_| self.blame(field, Bad::NotFhir))
    }

    /// A field that holds objects.
    pub(super) fn all(&self, field: &'static str, within: &'static str) -> Result<Vec<Self>, Blame> {
        let mut all: Vec<Self> = self.get(field)?.unwrap_or_default();
        all.iter_mut().for_each(|fields| fields.within = within);
        Ok(all)
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut list = Vec::with_capacity(16);
                while let Some(field) = map.next_entry()? {
                    list.push(field);
                }
                Ok(Fields { within: "", list })
            }
        }
        from.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_field_is_known_by_name_and_harms_no_other() {
        let mut fields =
            Fields::parse(r#"{"status": "fin\u0061l", "n": {"a": [1, {"b": null}]}, "none": null}"#).unwrap();
        fields.within = "Observation";
        assert_eq!(fields.get::<Text<'_>>("status").unwrap().unwrap().as_str(), "final");
        let blame = fields.get::<f64>("n").unwrap_err();
        assert_eq!((blame.path().as_deref(), blame.bad), (Some("Observation.n"), Bad::NotFhir));
        assert_eq!(fields.get::<f64>("none"), Ok(None));
        assert_eq!(fields.get::<f64>("other"), Ok(None));
    }

    #[test]
    fn a_text_without_escapes_is_not_copied() {
        let fields = Fields::parse(r#"{"a": "plain", "b": "es\"caped"}"#).unwrap();
        assert!(matches!(fields.get("a").unwrap(), Some(Text(Cow::Borrowed("plain")))));
        assert!(matches!(fields.get("b").unwrap(), Some(Text(Cow::Owned(_)))));
    }

    #[test]
    fn what_is_no_object() {
        assert_eq!(Fields::parse("{\"a\": ").err(), Some(Bad::NotJson));
        assert_eq!(Fields::parse("[1]").err(), Some(Bad::NotResource));
        assert_eq!(Fields::parse("{} x").err(), Some(Bad::NotJson));
        assert!(Fields::parse(&format!("{{\"a\": {}", "[".repeat(1 << 20))).is_err());
    }
}
