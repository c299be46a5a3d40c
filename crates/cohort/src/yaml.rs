//! YAML as a tree that knows its lines.

use bedside_table::nearest;
use std::borrow::Cow;
use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use crate::CohortError;

/// How many nodes a file may have once its aliases are written out. A task has some hundreds.
const NODES: usize = 100_000;
/// How deep they may be nested. A task needs six levels.
const DEPTH: usize = 64;

/// A part of a YAML file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Where it begins, counted from 1.
    pub(crate) line: usize,
    pub(crate) value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    /// Anything else that is neither a list nor a block, as written.
    Scalar(String),
    List(Vec<Node>),
    Block(Vec<(String, Node)>),
}

/// Parses a file of one document. Nothing at all is an empty block.
///
/// # Errors
/// [`CohortError::Yaml`] for what is not YAML, two keys of one name in a block, several documents, a key that is not a
/// plain text, nesting beyond 64 levels, and aliases that unfold to more than 100,000 nodes.
pub(crate) fn parse(text: &str) -> Result<Node, CohortError> {
    let mut reader = Reader { parser: Parser::new_from_str(text), anchors: HashMap::new(), nodes: 0 };
    let mut document = None;
    while let Some((event, span)) = reader.next()? {
        match event {
            Event::DocumentStart(_) if document.is_some() => {
                return Err(yaml(span, "expected one document, found another (`---`)"));
            }
            Event::DocumentStart(_) => {
                let Some((first, span)) = reader.next()? else { break };
                document = Some(reader.node(first, span, 0)?);
            }
            _ => {}
        }
    }
    Ok(document.unwrap_or(Node { line: 1, value: Value::Block(Vec::new()) }))
}

fn yaml(span: Span, reason: &str) -> CohortError {
    CohortError::Yaml { line: span.start.line(), reason: reason.to_owned() }
}

struct Reader<'t> {
    parser: Parser<'t, saphyr_parser::StrInput<'t>>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, CohortError> {
        self.parser.next_event().transpose().map_err(|error| CohortError::Yaml {
            line: error.marker().line(),
            reason: error.info().to_owned(),
        })
    }

    fn expect(&mut self, line: usize) -> Result<(Event<'t>, Span), CohortError> {
        self.next()?
            .ok_or_else(|| CohortError::Yaml { line, reason: "the file ends in the middle".to_owned() })
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Node, CohortError> {
        self.count(1, span)?;
        if depth > DEPTH {
            return Err(yaml(span, "nested deeper than 64 levels"));
        }
        let line = span.start.line();
        let (value, anchor) = match event {
            Event::Alias(anchor) => {
                let known = self.anchors.get(&anchor).cloned();
                let node = known.ok_or_else(|| yaml(span, "an alias stands within what it names"))?;
                self.count(size(&node), span)?;
                return Ok(Node { line, ..node });
            }
            Event::Scalar(text, style, anchor, _) => (scalar(text, style), anchor),
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                loop {
                    let (event, span) = self.expect(line)?;
                    if event == Event::SequenceEnd {
                        break;
                    }
                    items.push(self.node(event, span, depth + 1)?);
                }
                (Value::List(items), anchor)
            }
            Event::MappingStart(anchor, _) => (Value::Block(self.block(line, depth)?), anchor),
            _ => return Err(yaml(span, "expected a value")),
        };
        let node = Node { line, value };
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn block(&mut self, line: usize, depth: usize) -> Result<Vec<(String, Node)>, CohortError> {
        let mut entries: Vec<(String, Node)> = Vec::new();
        loop {
            let (event, span) = self.expect(line)?;
            let key = match event {
                Event::MappingEnd => return Ok(entries),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(yaml(span, "expected a name before the colon")),
            };
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(yaml(span, &format!("`{key}` stands twice in one block")));
            }
            let (event, span) = self.expect(line)?;
            entries.push((key, self.node(event, span, depth + 1)?));
        }
    }

    fn count(&mut self, more: usize, span: Span) -> Result<(), CohortError> {
        self.nodes += more;
        if self.nodes > NODES {
            Err(yaml(span, "its aliases unfold to more than 100,000 values"))
        } else {
            Ok(())
        }
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::Null | Value::Scalar(_) => 0,
        Value::List(items) => items.iter().map(size).sum(),
        Value::Block(entries) => entries.iter().map(|(_, node)| size(node)).sum(),
    }
}

/// `None` is no YAML for nothing, but people write it, and the format's own documentation does.
fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Value {
    match (&*text, style) {
        ("" | "~" | "null" | "Null" | "NULL" | "None", ScalarStyle::Plain) => Value::Null,
        _ => Value::Scalar(text.into_owned()),
    }
}

impl Node {
    /// In words, for a message.
    pub(crate) fn found(&self) -> String {
        match &self.value {
            Value::Null => "nothing".to_owned(),
            Value::Scalar(text) => format!("`{text}`"),
            Value::List(_) => "a list".to_owned(),
            Value::Block(_) => "a block of keys".to_owned(),
        }
    }

    pub(crate) fn expected(&self, place: &str, expected: impl Into<String>) -> CohortError {
        CohortError::Expected {
            line: self.line,
            place: place.to_owned(),
            expected: expected.into(),
            found: self.found(),
        }
    }

    /// The entries of a block; nothing is an empty one.
    pub(crate) fn block(&self, place: &str) -> Result<&[(String, Self)], CohortError> {
        match &self.value {
            Value::Block(entries) => Ok(entries),
            Value::Null => Ok(&[]),
            Value::Scalar(_) | Value::List(_) => Err(self.expected(place, "a block of keys")),
        }
    }

    pub(crate) fn text(&self, place: &str) -> Result<&str, CohortError> {
        match &self.value {
            Value::Scalar(text) => Ok(text),
            Value::Null | Value::List(_) | Value::Block(_) => Err(self.expected(place, "a text")),
        }
    }

    pub(crate) fn switch(&self, place: &str) -> Result<bool, CohortError> {
        match &self.value {
            Value::Scalar(text) if matches!(&**text, "true" | "True" | "TRUE") => Ok(true),
            Value::Scalar(text) if matches!(&**text, "false" | "False" | "FALSE") => Ok(false),
            _ => Err(self.expected(place, "true or false")),
        }
    }

    pub(crate) fn number(&self, place: &str) -> Result<f64, CohortError> {
        self.text(place)
            .ok()
            .and_then(|text| text.parse().ok())
            .filter(|number: &f64| number.is_finite())
            .ok_or_else(|| self.expected(place, "a number"))
    }

    /// The entries of a block, none of which has a key that is not known.
    pub(crate) fn keys(&self, place: &str, known: &[&str]) -> Result<&[(String, Self)], CohortError> {
        let entries = self.block(place)?;
        match entries.iter().find(|(key, _)| !known.contains(&&**key)) {
            None => Ok(entries),
            Some((key, node)) => Err(CohortError::UnknownKey {
                line: node.line,
                place: place.to_owned(),
                key: key.clone(),
                nearest: nearest(key, known.iter().copied()).map(str::to_owned),
            }),
        }
    }
}

/// An entry of a block that is there and is not nothing.
pub(crate) fn entry<'n>(entries: &'n [(String, Node)], key: &str) -> Option<&'n Node> {
    entries
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, node)| node)
        .filter(|node| node.value != Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_nulls_are_kept() {
        let node = parse("# a task\na:\n  b: NULL\n  c: [1, two]\nd: 'null'\n").unwrap();
        let entries = node.block("file").unwrap();
        let a = entry(entries, "a").unwrap().block("a").unwrap();
        assert!(entry(a, "b").is_none());
        assert_eq!(a[1].1.line, 4);
        assert_eq!(entry(entries, "d").unwrap().text("d").unwrap(), "null");
    }

    #[test]
    fn an_alias_is_what_it_names() {
        let node = parse("a: &x {code: LAB}\nb: *x\n").unwrap();
        let entries = node.block("file").unwrap();
        assert_eq!(entries[0].1.value, entries[1].1.value);
    }

    #[test]
    fn damage_is_an_error_with_its_line() {
        let bomb: String = (0..12).fold("a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
            let list = vec![format!("*a{level}"); 8].join(", ");
            format!("{text}a{}: &a{} [{list}]\n", level + 1, level + 1)
        });
        let deep = "[".repeat(10_000);
        for text in
            ["a: [1\n", "a: 1\na: 2\n", "a: 1\n---\nb: 2\n", "? [x]\n: y\n", "a: &x [*x]\n", &bomb, &deep]
        {
            assert!(matches!(parse(text), Err(CohortError::Yaml { .. })), "{}", &text[..text.len().min(40)]);
        }
        assert!(matches!(parse("a: 1\na: 2\n"), Err(CohortError::Yaml { line: 2, .. })));
        assert_eq!(parse("").unwrap().block("file").unwrap(), []);
    }
}
