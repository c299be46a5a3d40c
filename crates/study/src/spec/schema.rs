//! The JSON Schema of the files that people write, and what a reader of it needs to know.

use std::sync::OnceLock;

use schemars::JsonSchema;
use serde_json::{Map, Value as Json};

use super::{RecipeFile, StudyFile};

/// A kind of file that people write.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// Its schema.
    pub(super) root: &'static Json,
    /// What errors call it.
    pub(super) called: &'static str,
}

impl Kind {
    pub(super) fn study() -> Self {
        Self { root: schema(), called: "the study file" }
    }

    pub(super) fn recipe() -> Self {
        Self { root: resolve(&all()["properties"]["recipe"]), called: "the recipe" }
    }
}

/// All files in one schema, so that they share their definitions.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Files {
    study: StudyFile,
    recipe: RecipeFile,
}

fn all() -> &'static Json {
    static SCHEMA: OnceLock<Json> = OnceLock::new();
    SCHEMA.get_or_init(of::<Files>)
}

/// The schema of the study file.
pub(super) fn schema() -> &'static Json {
    resolve(&all()["properties"]["study"])
}

/// The schema of a file by itself. TOML has no null, so alternatives and defaults that are null are left out.
pub(super) fn of<T: JsonSchema>() -> Json {
    let mut schema = schemars::schema_for!(T).to_value();
    without_null(&mut schema);
    schema
}

fn without_null(schema: &mut Json) {
    match schema {
        Json::Array(items) => items.iter_mut().for_each(without_null),
        Json::Object(object) => {
            object.values_mut().for_each(without_null);
            object.retain(|_, value| !value.is_null());
            if let Some(Json::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    object.insert("type".to_owned(), only);
                }
            }
            if let Some(Json::Array(any)) = object.get_mut("anyOf") {
                any.retain(|alternative| alternative["type"] != "null");
                if let [only] = any.as_slice() {
                    let only = only.clone();
                    object.remove("anyOf");
                    for (key, value) in only.as_object().into_iter().flatten() {
                        object.entry(key).or_insert_with(|| value.clone());
                    }
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Follows `$ref`.
pub(super) fn resolve(mut node: &'static Json) -> &'static Json {
    while let Some(name) = node["$ref"].as_str() {
        node = &all()["$defs"][name.rsplit('/').next().unwrap_or(name)];
    }
    node
}

/// The keys of a table.
pub(super) fn properties(node: &'static Json) -> Option<&'static Map<String, Json>> {
    node["properties"].as_object()
}

/// The keys that a table needs, each with the path that makes it needless when the file has it.
pub(super) fn needed(node: &'static Json) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    let always = node["required"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let unless = node["properties"].as_object().into_iter().flatten();
    let unless = unless.filter_map(|(key, inner)| Some((key.as_str(), inner["x-needed-without"].as_str()?)));
    always.map(|key| (key, None)).chain(unless.map(|(key, path)| (key, Some(path))))
}

/// The alternatives of a schema, nested ones laid flat; itself when there are none.
pub(super) fn alternatives(node: &'static Json) -> Vec<&'static Json> {
    let node = resolve(node);
    match node["anyOf"].as_array() {
        Some(any) => any.iter().flat_map(alternatives).collect(),
        None => vec![node],
    }
}

/// The words of an enumeration.
pub(super) fn words(node: &'static Json) -> Option<Vec<&'static str>> {
    node["oneOf"].as_array()?.iter().map(|one| one["const"].as_str()).collect()
}

/// The variants of a table that is told apart by its `kind`: each kind with its schema.
pub(super) fn kinds(node: &'static Json) -> Option<Vec<(&'static str, &'static Json)>> {
    node["oneOf"]
        .as_array()?
        .iter()
        .map(|one| Some((one["properties"]["kind"]["const"].as_str()?, one)))
        .collect()
}

/// The schema of the models of one kind.
pub(super) fn model(kind: &str) -> Option<&'static Json> {
    let models = resolve(&schema()["properties"]["model"]["items"]);
    kinds(models)?.into_iter().find(|(name, _)| *name == kind).map(|(_, node)| node)
}

/// What a schema asks for, in words.
pub(super) fn expectation(node: &'static Json) -> String {
    let mut each: Vec<String> = alternatives(node).into_iter().map(single).collect();
    each.dedup();
    join(&each, "or")
}

fn single(node: &'static Json) -> String {
    if let Some(words) = words(node) {
        return join(&words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>(), "or");
    }
    match node["type"].as_str() {
        Some("string") => "text in quotes".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some("integer") => "a whole number".to_owned(),
        Some("number") => "a number".to_owned(),
        Some("array") => {
            let many = match resolve(&node["items"])["type"].as_str() {
                Some("string") => "texts in quotes",
                Some("number") => "numbers",
                Some("integer") => "whole numbers",
                Some("object") => "tables",
                _ => return "a list".to_owned(),
            };
            match (node["minItems"].as_u64(), node["maxItems"].as_u64()) {
                (Some(least), Some(most)) if least == most => format!("a list of {least} {many}"),
                _ => format!("a list of {many}"),
            }
        }
        _ => "a table".to_owned(),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn join(items: &[String], last: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}

/// The range of a number, in words: `at least 2 and at most 50`.
pub(super) fn range(node: &Json) -> String {
    let bounds = [
        ("exclusiveMinimum", "above"),
        ("minimum", "at least"),
        ("exclusiveMaximum", "below"),
        ("maximum", "at most"),
    ];
    let parts: Vec<String> = bounds
        .into_iter()
        .filter_map(|(key, word)| node[key].as_f64().map(|bound| format!("{word} {bound}")))
        .collect();
    join(&parts, "and")
}

/// Whether a number lies in the range of its schema.
pub(super) fn in_range(node: &Json, number: f64) -> bool {
    let bound = |key: &str| node[key].as_f64();
    bound("minimum").is_none_or(|low| number >= low)
        && bound("exclusiveMinimum").is_none_or(|low| number > low)
        && bound("maximum").is_none_or(|high| number <= high)
        && bound("exclusiveMaximum").is_none_or(|high| number < high)
}
