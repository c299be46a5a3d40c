//! The schema says everything that the reader of it relies on.

use serde_json::Value as Json;

use super::super::*;

fn visit(node: &Json, path: &str, look: &mut impl FnMut(&Json, &str)) {
    look(node, path);
    match node {
        Json::Object(object) => {
            object.iter().for_each(|(key, value)| visit(value, &format!("{path}/{key}"), look));
        }
        Json::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| visit(item, &format!("{path}/{i}"), look));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

#[test]
fn every_key_is_explained_and_in_kebab_case() {
    let mut keys = 0;
    visit(&StudyFile::json_schema(), "", &mut |node, path| {
        for (key, property) in node["properties"].as_object().into_iter().flatten() {
            if path.ends_with("/properties") || (key == "kind" && property["const"].is_string()) {
                continue;
            }
            keys += 1;
            assert!(property["description"].is_string(), "{path}: `{key}` has no description");
            assert!(!key.contains('_') && *key == key.to_lowercase(), "{path}: `{key}`");
        }
    });
    assert!(keys > 80, "{keys}");
}

#[test]
fn every_table_is_closed_or_says_what_its_free_keys_hold() {
    let mut tables = 0;
    visit(&StudyFile::json_schema(), "", &mut |node, path| {
        if node["type"] == "object" {
            tables += 1;
            let free = &node["additionalProperties"];
            assert!(*free == false || free.is_object(), "{path} takes any key");
        }
        assert!(node["enum"].is_null(), "{path}: a choice without words of explanation");
        assert!(!node["default"].is_object() || !node["default"].to_string().contains("null"), "{path}");
    });
    assert!(tables > 20, "{tables}");
}

/// The example line of an error must itself be right.
#[test]
fn every_required_key_has_an_example() {
    visit(&StudyFile::json_schema(), "", &mut |node, path| {
        for key in node["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
            let property = &node["properties"][key];
            let shown = property["const"].is_string() || property["examples"][0].is_string();
            assert!(path.is_empty() || shown, "{path}: `{key}` has no example");
        }
    });
}

#[test]
fn settings_that_can_be_tuned_take_one_number() {
    let mut tunable = 0;
    visit(&StudyFile::json_schema(), "", &mut |node, path| {
        if node["x-tunable"] == true {
            tunable += 1;
            let one = if node["anyOf"].is_array() { &node["anyOf"][0] } else { node };
            assert!(one["type"] == "number" || one["type"] == "integer", "{path}");
        }
    });
    assert_eq!(tunable, 15);
}
