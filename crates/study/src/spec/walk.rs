//! Holds a parsed file against the schema and collects everything that does not fit, each with its place.

use std::ops::Range;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::SpecError;
use super::nearest::nearest;
use super::place::join_path;
use super::schema::{
    alternatives, expectation, in_range, join, kinds, properties, range, resolve, schema, words,
};
use super::{Demand, schema};

type Node<'i> = Spanned<DeValue<'i>>;

/// Everything in which a document does not fit the schema.
pub(super) fn check(text: &str, document: &Spanned<DeTable<'_>>) -> Vec<SpecError> {
    let mut walk = Walk { text, errors: Vec::new() };
    // What is missing at the top belongs at the end of the file.
    let end = text.trim_end().len();
    walk.table(schema(), "", end..end, document.get_ref());
    walk.errors
}

/// In what a single value does not fit a schema.
pub(super) fn check_value(text: &str, node: &'static Json, path: &str, value: &Node<'_>) -> Vec<SpecError> {
    let mut walk = Walk { text, errors: Vec::new() };
    walk.value(node, path, value);
    walk.errors
}

struct Walk<'a> {
    text: &'a str,
    errors: Vec<SpecError>,
}

impl Walk<'_> {
    fn error(&mut self, span: Range<usize>, path: &str, problem: String, hint: Option<String>) {
        self.errors.push(SpecError::new(self.text, span, path, problem, hint));
    }

    fn value(&mut self, node: &'static Json, path: &str, value: &Node<'_>) {
        let fitting = alternatives(node).into_iter().find(|one| accepts(one, value.get_ref()));
        let Some(node) = fitting else {
            let hint = advice(node, value.get_ref());
            let problem =
                format!("{}: expected {}, found {}", key_of(path), expectation(node), found(value.get_ref()));
            return self.error(value.span(), path, problem, hint);
        };
        match value.get_ref() {
            DeValue::Table(table) => match kinds(node) {
                Some(kinds) => self.variant(&kinds, path, value.span(), table),
                None => self.table(node, path, value.span(), table),
            },
            DeValue::Array(items) => {
                self.length(node, path, value, items.len());
                for (i, item) in items.iter().enumerate() {
                    self.value(&node["items"], &format!("{path}[{i}]"), item);
                }
            }
            DeValue::String(string) => self.string(node, path, value, string),
            DeValue::Integer(integer) => {
                let exact = i128::from_str_radix(integer.as_str(), integer.radix()).ok();
                // A number that fits neither i64 nor u64 cannot be held.
                match exact.filter(|x| i64::try_from(*x).is_ok() || u64::try_from(*x).is_ok()) {
                    Some(exact) => self.number(node, path, value, exact as f64),
                    None => {
                        let problem = format!("{}: the number {integer} is too large", key_of(path));
                        self.error(value.span(), path, problem, None);
                    }
                }
            }
            DeValue::Float(float) => match float.as_str().parse::<f64>() {
                Ok(number) => self.number(node, path, value, number),
                Err(_) => self.number(node, path, value, f64::NAN),
            },
            DeValue::Boolean(_) | DeValue::Datetime(_) => {}
        }
    }

    fn number(&mut self, node: &'static Json, path: &str, value: &Node<'_>, number: f64) {
        let infinite = node["x-infinite"] == true && !number.is_nan();
        if !(number.is_finite() || infinite) {
            let problem = format!("{}: expected a finite number, found {number}", key_of(path));
            self.error(value.span(), path, problem, None);
        } else if !in_range(node, number) {
            let problem = format!("{}: must be {}, found {number}", key_of(path), range(node));
            self.error(value.span(), path, problem, None);
        }
    }

    fn string(&mut self, node: &'static Json, path: &str, value: &Node<'_>, string: &str) {
        if let Some(words) = words(node) {
            if !words.contains(&string) {
                let hint = nearest(string, words).map(|word| format!("did you mean \"{word}\"?"));
                let problem = format!(
                    "{}: expected {}, found {}",
                    key_of(path),
                    expectation(node),
                    found(value.get_ref())
                );
                self.error(value.span(), path, problem, hint);
            }
            return;
        }
        if node["format"] == "demand"
            && let Err(problem) = string.parse::<Demand>()
        {
            self.error(value.span(), path, format!("{}: {problem}", key_of(path)), None);
        }
        let letters = string.chars().count() as u64;
        if let Some(most) = node["maxLength"].as_u64().filter(|most| letters > *most) {
            let problem = format!("{}: expected at most {most} character, found {letters}", key_of(path));
            self.error(value.span(), path, problem, None);
        }
        if node["minLength"].as_u64().is_some_and(|least| letters < least) {
            self.error(value.span(), path, format!("{}: must not be empty", key_of(path)), None);
        }
    }

    fn length(&mut self, node: &'static Json, path: &str, value: &Node<'_>, length: usize) {
        let (least, most) = (node["minItems"].as_u64(), node["maxItems"].as_u64());
        if least.is_some_and(|least| (length as u64) < least) || most.is_some_and(|most| length as u64 > most)
        {
            let problem = if most.is_some() {
                format!("{}: expected {}, found {length}", key_of(path), expectation(node))
            } else {
                format!("{}: the list must not be empty", key_of(path))
            };
            self.error(value.span(), path, problem, None);
        }
    }

    /// A table whose keys depend on its `kind`.
    fn variant(
        &mut self,
        kinds: &[(&'static str, &'static Json)],
        path: &str,
        span: Range<usize>,
        table: &DeTable<'_>,
    ) {
        let known: Vec<String> = kinds.iter().map(|(kind, _)| format!("\"{kind}\"")).collect();
        let known = join(&known, "or");
        let Some(value) = table.get("kind") else {
            let problem = format!("missing key `kind` in {}: expected {known}", place(path));
            let hint = kinds
                .first()
                .map(|kind| format!("add to {}, for example: `kind = \"{}\"`", place(path), kind.0));
            return self.error(span, &join_path(path, "kind"), problem, hint);
        };
        match value.get_ref().as_str().and_then(|kind| kinds.iter().find(|(name, _)| *name == kind)) {
            Some((_, node)) => self.table(node, path, span, table),
            None => {
                let hint = value
                    .get_ref()
                    .as_str()
                    .and_then(|kind| nearest(kind, kinds.iter().map(|(name, _)| *name)))
                    .map(|kind| format!("did you mean \"{kind}\"?"));
                let problem = format!("`kind`: expected {known}, found {}", found(value.get_ref()));
                self.error(value.span(), &join_path(path, "kind"), problem, hint);
            }
        }
    }

    fn table(&mut self, node: &'static Json, path: &str, span: Range<usize>, table: &DeTable<'_>) {
        let known = properties(node);
        let mut meant = Vec::new();
        for (key, value) in table {
            let name: &str = key.get_ref();
            let inner = join_path(path, name);
            if let Some(node) = known.and_then(|known| known.get(name)) {
                self.value(node, &inner, value);
                continue;
            }
            let near = known.and_then(|known| nearest(name, known.keys().map(String::as_str)));
            let free = &node["additionalProperties"];
            // A free key next to known ones is a misspelling when its value does not fit, too.
            let fits = free.is_object() && alternatives(free).iter().any(|one| accepts(one, value.get_ref()));
            if free.is_object() && (fits || near.is_none()) {
                self.value(free, &inner, value);
            } else {
                meant.extend(near);
                let hint = near
                    .map(|near| format!("did you mean `{near}`?"))
                    .or_else(|| elsewhere(path, name, known));
                let what = if path.is_empty() { "section or key" } else { "key" };
                let problem = format!("unknown {what} `{name}` in {}", place(path));
                self.error(key.span(), &inner, problem, hint);
            }
        }
        for required in node["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            if !table.contains_key(required) && !meant.contains(&required) {
                self.missing(node, path, span.clone(), required);
            }
        }
        if node["minProperties"].as_u64().is_some_and(|least| (table.len() as u64) < least) {
            self.error(span, path, format!("{}: the table must not be empty", key_of(path)), None);
        }
    }

    fn missing(&mut self, node: &'static Json, path: &str, span: Range<usize>, required: &str) {
        let inner = &node["properties"][required];
        let (problem, hint) = if path.is_empty() {
            let is_list = inner["type"] == "array";
            let header = if is_list { format!("[[{required}]]") } else { format!("[{required}]") };
            let section = resolve(if is_list { &inner["items"] } else { inner });
            let section =
                kinds(section).and_then(|kinds| kinds.first().map(|kind| kind.1)).unwrap_or(section);
            let mut lines = vec![header.clone()];
            for key in section["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
                lines.push(example(key, &section["properties"][key]));
            }
            // `[data]` needs one of several keys; its own example shows one.
            lines.extend(section["examples"][0].as_str().map(str::to_owned));
            (
                format!("missing section {header}"),
                format!("add to the file, for example: `{}`", lines.join("` `")),
            )
        } else {
            (
                format!("missing key `{required}` in {}", place(path)),
                format!("add to {}, for example: `{}`", place(path), example(required, inner)),
            )
        };
        self.error(span, &join_path(path, required), problem, Some(hint));
    }
}

fn example(key: &str, node: &'static Json) -> String {
    let node = resolve(node);
    let value = if node["const"].is_string() { &node["const"] } else { &node["examples"][0] };
    format!("{key} = {value}")
}

/// Where a key that is unknown here would be known.
fn elsewhere(
    path: &str,
    name: &str,
    known: Option<&'static serde_json::Map<String, Json>>,
) -> Option<String> {
    for (section, node) in properties(schema())? {
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
                    return Some(format!("`{name}` belongs in {}", place(section)));
                }
            }
        }
    }
    let known: Vec<String> = known?.keys().map(|key| format!("`{key}`")).collect();
    Some(format!("known here: {}", join(&known, "and")))
}

/// What would make a value fit, when that is plain.
fn advice(node: &'static Json, value: &DeValue<'_>) -> Option<String> {
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

fn accepts_type(node: &'static Json, name: &str) -> bool {
    alternatives(node).iter().any(|one| one["type"] == name)
}

/// Whether a value is of the type that a schema (without alternatives) asks for.
fn accepts(node: &'static Json, value: &DeValue<'_>) -> bool {
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
fn found(value: &DeValue<'_>) -> String {
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
fn key_of(path: &str) -> String {
    let key = path.trim_end_matches(|c: char| c == ']' || c == '[' || c.is_ascii_digit());
    let key = if path.ends_with(']') { key } else { path };
    let key = match key.strip_suffix('"') {
        Some(quoted) => quoted.rsplit('"').next().unwrap_or(quoted),
        None => key.rsplit('.').next().unwrap_or(key),
    };
    format!("`{key}`")
}

/// A table by its header: `[split]`, `[[model]]`, `[tune.trees]`.
pub(super) fn place(path: &str) -> String {
    if path.is_empty() {
        return "the study file".to_owned();
    }
    let name = path.split('[').next().unwrap_or(path);
    match properties(schema::schema()).and_then(|sections| sections.get(name)) {
        Some(section) if path.contains('[') || section["type"] == "array" => format!("[[{name}]]"),
        _ => format!("[{path}]"),
    }
}
