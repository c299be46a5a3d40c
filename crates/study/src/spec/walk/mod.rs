//! Holds a parsed file against the schema and collects everything that does not fit, each with its place.

mod wording;

use bedside_table::nearest;
use std::ops::Range;

use serde_json::Value as Json;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Demand;
use super::error::SpecError;
use super::place::{Step, join_path, locate};
use super::schema::{
    Kind, alternatives, expectation, in_range, join, kinds, needed, properties, range, resolve, words,
};
use wording::{accepts, advice, elsewhere, example, found, key_of, place};

type Node<'i> = Spanned<DeValue<'i>>;

/// Everything in which a document does not fit the schema.
pub(super) fn check(kind: Kind, text: &str, document: &Spanned<DeTable<'_>>) -> Vec<SpecError> {
    let mut walk = Walk { kind, text, root: Some(document.get_ref()), errors: Vec::new() };
    // What is missing at the top belongs at the end of the file.
    let end = text.trim_end().len();
    walk.table(kind.root, "", end..end, document.get_ref());
    walk.errors
}

/// In what a single value of a study file does not fit a schema.
pub(super) fn check_value(text: &str, node: &'static Json, path: &str, value: &Node<'_>) -> Vec<SpecError> {
    let mut walk = Walk { kind: Kind::study(), text, root: None, errors: Vec::new() };
    walk.value(node, path, value);
    walk.errors
}

struct Walk<'a, 'i> {
    kind: Kind,
    text: &'a str,
    /// The whole document; none when a single value is checked.
    root: Option<&'a DeTable<'i>>,
    errors: Vec<SpecError>,
}

impl Walk<'_, '_> {
    fn error(&mut self, span: Range<usize>, path: &str, problem: String, hint: Option<String>) {
        self.errors.push(SpecError::new(self.text, span, path, problem, hint));
    }

    /// Whether the document has something at a path of keys.
    fn is_given(&self, path: &str) -> bool {
        let steps: Vec<Step<'_>> = path.split('.').map(Step::Key).collect();
        self.root.is_some_and(|root| locate(root, &steps).1.is_some())
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
            let problem = format!("missing key `kind` in {}: expected {known}", place(self.kind, path));
            let hint = kinds.first().map(|kind| {
                format!("add to {}, for example: `kind = \"{}\"`", place(self.kind, path), kind.0)
            });
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
                    .or_else(|| elsewhere(self.kind, path, name, known));
                let what = if path.is_empty() { "section or key" } else { "key" };
                let problem = format!("unknown {what} `{name}` in {}", place(self.kind, path));
                self.error(key.span(), &inner, problem, hint);
            }
        }
        for (required, without) in needed(node) {
            let needless = without.is_some_and(|other| self.is_given(other));
            if !needless && !table.contains_key(required) && !meant.contains(&required) {
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
            for (key, _) in needed(section) {
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
                format!("missing key `{required}` in {}", place(self.kind, path)),
                format!("add to {}, for example: `{}`", place(self.kind, path), example(required, inner)),
            )
        };
        self.error(span, &join_path(path, required), problem, Some(hint));
    }
}
