//! Names of codes in which concepts are still numbers.

use std::fmt::Write;

/// Stands around the number of a concept that is to become `vocabulary/code`.
const CONCEPT: char = '\u{1}';
/// Stands around the number of a concept that is to become a unit.
const UNIT: char = '\u{2}';

/// What stands between the parts of a code.
pub(super) const BETWEEN: &str = "//";

pub(super) fn push_concept(name: &mut String, concept: i64) {
    let _ = write!(name, "{CONCEPT}{concept}{CONCEPT}");
}

pub(super) fn push_unit(name: &mut String, concept: i64) {
    let _ = write!(name, "{BETWEEN}{UNIT}{concept}{UNIT}");
}

/// A part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'n> {
    Text(&'n str),
    Concept(i64),
    Unit(i64),
}

/// The parts of a name, in order.
pub(super) fn parts(name: &str) -> Vec<Part<'_>> {
    let (mut parts, mut rest) = (Vec::new(), name);
    while let Some(start) = rest.find([CONCEPT, UNIT]) {
        let (text, marked) = rest.split_at(start);
        let mark = if marked.starts_with(CONCEPT) { CONCEPT } else { UNIT };
        let inner = &marked[1..];
        let number = inner.find(mark).and_then(|end| inner[..end].parse().ok().map(|number| (number, end)));
        let Some((number, end)) = number else { break };
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        parts.push(if mark == CONCEPT { Part::Concept(number) } else { Part::Unit(number) });
        rest = &inner[end + 1..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_comes_apart_as_it_was_made() {
        let mut name = String::from("DISCHARGED_TO//");
        push_concept(&mut name, 8717);
        push_unit(&mut name, -3);
        name.push_str("//END");
        assert_eq!(
            parts(&name),
            [
                Part::Text("DISCHARGED_TO//"),
                Part::Concept(8717),
                Part::Text("//"),
                Part::Unit(-3),
                Part::Text("//END")
            ]
        );
        for odd in ["", "plain", "\u{1}", "a\u{1}b", "\u{1}x\u{1}", "\u{2}1\u{1}"] {
            let _ = parts(odd);
        }
    }
}
