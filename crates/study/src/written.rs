//! Names and cells as a study file writes them, for the lines that errors tell to add.

use bedside_intake::{Decimal, parse_number};

use crate::spec::Value;

/// A column's name as a key.
pub(crate) fn key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    if bare { name.to_owned() } else { text(name) }
}

/// A cell as a value: a plain number as it is, anything else in quotation marks.
pub(crate) fn cell(written: &str) -> String {
    let digits = written.strip_prefix('-').unwrap_or(written);
    let plain = parse_number(written, Decimal::Point).is_some()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0') || digits.starts_with("0."));
    if plain { written.to_owned() } else { text(written) }
}

/// Cells as a list of values.
pub(crate) fn list<'t>(cells: impl Iterator<Item = &'t str>) -> String {
    format!("[{}]", cells.map(cell).collect::<Vec<_>>().join(", "))
}

/// A value that the study file has, once more.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Text(written) => text(written),
        other => other.text(),
    }
}

/// The beginning of a cell, for the words of a message.
pub(crate) fn shortened(written: &str) -> String {
    let mut short: String = written.chars().take(40).collect();
    if short.len() < written.len() {
        short.push('…');
    }
    short
}

/// JSON writes a text as TOML does.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_as_it_was() {
        for name in ["x", "Age (years)", "a.b", "é", "", "a\"b", "a\u{a0}b", "\u{1}"] {
            let read: toml::Table = toml::from_str(&format!("{} = 1", key(name))).unwrap();
            assert_eq!(read.keys().next().map(String::as_str), Some(name));
        }
        for token in
            ["9", "-9", "0.5", "007", ".5", "5.", "1e3", "+1", "n/a", "<5", "a\"b", "5\u{a0}mg", "\\N", "−3"]
        {
            let read: toml::Table = toml::from_str(&format!("x = {}", list([token].into_iter()))).unwrap();
            let found = match &read["x"][0] {
                toml::Value::String(text) => text.clone(),
                number => number.to_string(),
            };
            assert_eq!(found, token);
        }
    }
}
