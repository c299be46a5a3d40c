//! What the errors of the walk say: what was found, what would do, and where it belongs.

use serde_json::{Map, Value as Json};
use toml::de::DeValue;

use super::super::schema::{Kind, alternatives, join, kinds, properties, resolve, words};

pub(super) fn example(key: &str, node: &'static Json) -> String {
    let node = resolve(node);
    let value = if node["const"].is_string() { &node["const"] } else { &node["examples"][0] };
    format!("{key} = {value}")
}

/// Where a key that is unknown here would be known.
pub(super) fn elsewhere(
    file: Kind,
    path: &str,
    name: &str,
    known: Option<&'static Map<String, Json>>,
) -> Option<String> {
    for (section, node) in properties(file.root)? {
        let node = if node["type"] == "array" { &node["items"] } else { node };
        for one in alternatives(node) {
            let variants =
                kinds(one).map_or(vec![one], |kinds| kinds.into_iter().map(|kind| kind.1).collect());
            for variant in variants {
                if let Some(kind) = variant["properties"]["kind"]["const"].as_str()
                    && path.starts_with(section.as_str())
                    && variant["properties"].get(name).is_some()
                {
                    return Some(format!("`{name}` is a setting of kind \"{kind}\""));
                }
                if section != path && variant["properties"].get(name).is_some() {
                    return Some(format!("`{name}` belongs in {}", place(file, section)));
                }
            }
        }
    }
    let known: Vec<String> = known?.keys().map(|key| format!("`{key}`")).collect();
    Some(format!("known here: {}", join(&known, "and")))
}

/// What would make a value fit, when that is plain.
pub(super) fn advice(node: &'static Json, value: &DeValue<'_>) -> Option<String> {
    if let Some(example) =
        resolve(node)["examples"][0].as_str().filter(|_| resolve(node)["format"] == "demand")
    {
        return Some(format!("write, for example: \"{example}\""));
    }
    let accepts_text = accepts_type(node, "string");
    match value {
        DeValue::Datetime(date) if accepts_text => Some(format!("write it in quotes: \"{date}\"")),
        DeValue::Integer(number) if accepts_text => Some(format!("write it in quotes: \"{number}\"")),
        DeValue::Float(number) if accepts_text => Some(format!("write it in quotes: \"{number}\"")),
        DeValue::String(text) if !accepts_text => {
            let plain = text.trim();
            let is_number = plain.parse::<f64>().is_ok()
                && (accepts_type(node, "number") || accepts_type(node, "integer"));
            let is_flag = (plain == "true" || plain == "false") && accepts_type(node, "boolean");
            if is_number || is_flag {
                return Some(format!("write it without quotes: {plain}"));
            }
            let listed = alternatives(node).iter().any(|one| accepts_type(&one["items"], "string"));
            listed.then(|| format!("write it as a list: [\"{plain}\"]"))
        }
        _ => None,
    }
}

pub(super) fn accepts_type(node: &'static Json, name: &str) -> bool {
    alternatives(node).iter().any(|one| one["type"] == name)
}

/// Whether a value is of the type that a schema (without alternatives) asks for.
pub(super) fn accepts(node: &'static Json, value: &DeValue<'_>) -> bool {
    if words(node).is_some() {
        return matches!(value, DeValue::String(_));
    }
    match node["type"].as_str() {
        Some("string") => matches!(value, DeValue::String(_)),
        Some("boolean") => matches!(value, DeValue::Boolean(_)),
        Some("integer") => matches!(value, DeValue::Integer(_)),
        Some("number") => matches!(value, DeValue::Integer(_) | DeValue::Float(_)),
        Some("array") => matches!(value, DeValue::Array(_)),
        _ => matches!(value, DeValue::Table(_)),
    }
}

/// What was found, in words.
pub(super) fn found(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.chars().count() > 40 => {
            format!("the text \"{}…\"", text.chars().take(40).collect::<String>())
        }
        DeValue::String(text) => format!("the text \"{text}\""),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(flag) => format!("{flag}"),
        DeValue::Datetime(date) => format!("the date {date}"),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// The last key of a path, as errors begin: `` `held-out` ``.
pub(super) fn key_of(path: &str) -> String {
    let key = path.trim_end_matches(|c: char| c == ']' || c == '[' || c.is_ascii_digit());
    let key = if path.ends_with(']') { key } else { path };
    let key = match key.strip_suffix('"') {
        Some(quoted) => quoted.rsplit('"').next().unwrap_or(quoted),
        None => key.rsplit('.').next().unwrap_or(key),
    };
    format!("`{key}`")
}

/// A table by its header: `[split]`, `[[model]]`, `[tune.trees]`.
pub(super) fn place(file: Kind, path: &str) -> String {
    if path.is_empty() {
        return file.called.to_owned();
    }
    let name = path.split('[').next().unwrap_or(path);
    match properties(file.root).and_then(|sections| sections.get(name)) {
        Some(section) if path.contains('[') || section["type"] == "array" => format!("[[{name}]]"),
        _ => format!("[{path}]"),
    }
}
