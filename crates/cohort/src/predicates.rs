//! Predicates on events: plain ones ask for a code and a value, derived ones join others.

use std::sync::Arc;

use crate::CohortError;
use crate::yaml::{Node, Value, entry};
use bedside_table::nearest;

mod order;
mod plain;

use plain::plain;
pub(crate) use plain::{Atom, ValueRange};

/// What is asked of the events at one instant.
#[derive(Debug, Clone)]
pub(crate) struct Predicate {
    pub(crate) name: String,
    pub(crate) rule: Rule,
    /// Asked of the events without a time, once a subject.
    pub(crate) fixed: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Rule {
    /// How many events satisfy an atom.
    Count(usize),
    /// 1 when all operands are satisfied at the instant, else 0.
    All(Vec<Operand>),
    /// 1 when one operand is, else 0.
    Any(Vec<Operand>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operand {
    /// Another predicate, by its place; always an earlier one.
    Predicate(usize),
    /// Events that satisfy several plain predicates at once.
    Atom(usize),
}

/// The predicates of a task that something refers to; each stands after those it is made of.
#[derive(Debug, Clone, Default)]
pub(crate) struct Predicates {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) list: Vec<Predicate>,
}

impl Predicates {
    /// From the definitions by name, as far as `referred` needs them, directly or through others.
    pub(crate) fn new(definitions: &Definitions, referred: &[Reference<'_>]) -> Result<Self, CohortError> {
        let mut predicates = Self::default();
        for name in order::in_order(definitions, referred)? {
            predicates.add(definitions, &name)?;
        }
        Ok(predicates)
    }

    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.list.iter().position(|predicate| predicate.name == name)
    }

    fn add(&mut self, definitions: &Definitions, name: &str) -> Result<(), CohortError> {
        let Some(definition) = definitions.get(name) else { return Ok(()) };
        let place = definition.place();
        let entries = definition.node.block(&place)?;
        let fixed = match entry(entries, "static") {
            Some(node) => node.switch(&format!("{place}.static"))?,
            None => definition.demographic,
        };
        let rule = match entry(entries, "expr") {
            None => {
                self.atoms.push(plain(definition, entries)?);
                Rule::Count(self.atoms.len() - 1)
            }
            Some(node) => {
                definition.node.keys(&place, &["expr", "static"])?;
                let (all, names) = expression(node, &place)?;
                let rule = self.joined(all, &names);
                if let Some((one, other)) = self.one_event(&rule).and_then(Atom::contradiction) {
                    let expected = format!(
                        "predicates that one event can satisfy, as a value is asked for: is it the value of `{one}` or of `{other}`? Give                          `value_min` and `value_max` to the predicate that has the code"
                    );
                    return Err(node.expected(&format!("{place}.expr"), expected));
                }
                rule
            }
        };
        self.list.push(Predicate { name: name.to_owned(), rule, fixed });
        Ok(())
    }

    /// What is asked of one and the same event, for predicates that are satisfied at once.
    fn one_event(&self, rule: &Rule) -> Option<&Atom> {
        let Rule::All(operands) = rule else { return None };
        operands.iter().find_map(|operand| match operand {
            Operand::Atom(atom) => Some(&self.atoms[*atom]),
            Operand::Predicate(_) => None,
        })
    }

    /// Whether, among some codes, there is one for which the predicates can be satisfied that are asked of one and the same event.
    pub(crate) fn meets(&self, rule: &Rule, codes: &[Arc<str>]) -> bool {
        self.one_event(rule).is_none_or(|atom| atom.meets(codes))
    }

    /// `and` and `or` ask whether their operands are satisfied at the same instant. A plain predicate that asks only for a
    /// value is about the events that the other plain operands are about, so those are asked of one and the same event:
    /// `and(creatinine, above_1_3)` is a creatinine above 1.3, not a creatinine beside something else above 1.3.
    fn joined(&mut self, all: bool, names: &[&str]) -> Rule {
        let operands: Vec<usize> = names.iter().filter_map(|name| self.place(name)).collect();
        if !all {
            return Rule::Any(operands.into_iter().map(Operand::Predicate).collect());
        }
        let atom_of = |place: usize| match self.list[place] {
            Predicate { rule: Rule::Count(atom), fixed: false, .. } => Some(atom),
            _ => None,
        };
        let plain: Vec<usize> = operands.iter().filter_map(|&place| atom_of(place)).collect();
        if plain.len() < 2 || !plain.iter().any(|&atom| self.atoms[atom].asks_no_code()) {
            return Rule::All(operands.into_iter().map(Operand::Predicate).collect());
        }
        let mut rest: Vec<Operand> =
            operands.into_iter().filter(|&place| atom_of(place).is_none()).map(Operand::Predicate).collect();
        let one_event = Atom::all_of(plain.iter().map(|&atom| &self.atoms[atom]));
        self.atoms.push(one_event);
        rest.push(Operand::Atom(self.atoms.len() - 1));
        Rule::All(rest)
    }
}

/// A name, and where it was used.
#[derive(Debug, Clone)]
pub(crate) struct Reference<'n> {
    pub(crate) name: &'n str,
    pub(crate) line: usize,
    pub(crate) place: String,
}

/// A predicate as it stands in the file.
#[derive(Debug, Clone)]
pub(crate) struct Definition<'n> {
    pub(crate) name: &'n str,
    pub(crate) node: &'n Node,
    pub(crate) demographic: bool,
}

impl Definition<'_> {
    pub(crate) fn place(&self) -> String {
        let section = if self.demographic { "patient_demographics" } else { "predicates" };
        format!("{section}.{}", self.name)
    }
}

/// All predicates of a task file and of the file of predicates laid over it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Definitions<'n>(Vec<Definition<'n>>);

impl<'n> Definitions<'n> {
    /// Adds a section of definitions; one of a known name takes the place of the earlier.
    pub(crate) fn lay_over(&mut self, section: &'n Node, demographic: bool) -> Result<(), CohortError> {
        let place = if demographic { "patient_demographics" } else { "predicates" };
        for (name, node) in section.block(place)? {
            if !is_name(name) {
                let expected = "a name of letters, digits and `_`";
                return Err(
                    Node { line: node.line, value: Value::Scalar(name.clone()) }.expected(place, expected)
                );
            }
            let definition = Definition { name, node, demographic };
            match self.0.iter_mut().find(|known| known.name == name) {
                Some(known) => *known = definition,
                None => self.0.push(definition),
            }
        }
        Ok(())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Definition<'n>> {
        self.0.iter().find(|definition| definition.name == name)
    }

    /// Those that every subject must satisfy, whether or not something refers to them.
    pub(crate) fn demographics(&self) -> impl Iterator<Item = &Definition<'n>> {
        self.0.iter().filter(|definition| definition.demographic)
    }

    pub(crate) fn unknown(&self, reference: &Reference<'_>) -> CohortError {
        CohortError::UnknownPredicate {
            line: reference.line,
            place: reference.place.clone(),
            name: reference.name.to_owned(),
            nearest: nearest(reference.name, self.0.iter().map(|definition| definition.name))
                .map(str::to_owned),
        }
    }
}

pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// `and(a, b)` or `or(a, b)`: whether all are asked for, and which.
fn expression<'n>(node: &'n Node, place: &str) -> Result<(bool, Vec<&'n str>), CohortError> {
    let place = format!("{place}.expr");
    let wrong =
        || node.expected(&place, "`and(a, b, ...)` or `or(a, b, ...)` of two or more predicates by name");
    let text = node.text(&place)?.trim();
    let inside = |word: &str| text.strip_prefix(word)?.strip_suffix(')');
    let (all, list) = match (inside("and("), inside("or(")) {
        (Some(list), _) => (true, list),
        (None, Some(list)) => (false, list),
        (None, None) => return Err(wrong()),
    };
    let names: Vec<&str> = list.split(',').map(str::trim).collect();
    if names.len() < 2 || !names.iter().all(|name| is_name(name)) {
        return Err(wrong());
    }
    Ok((all, names))
}
