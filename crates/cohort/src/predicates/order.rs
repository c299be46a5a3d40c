//! Which predicates a task needs, each after those it is made of.

use super::{Definitions, Reference, expression};
use crate::CohortError;
use crate::yaml::entry;

/// The names that `referred` needs, directly or through others.
///
/// # Errors
/// [`CohortError::UnknownPredicate`] and [`CohortError::PredicateLoop`].
pub(super) fn in_order(
    definitions: &Definitions<'_>,
    referred: &[Reference<'_>],
) -> Result<Vec<String>, CohortError> {
    let mut walk = Walk { definitions, done: Vec::new(), path: Vec::new() };
    for reference in referred {
        walk.visit(reference)?;
    }
    Ok(walk.done)
}

struct Walk<'d, 'n> {
    definitions: &'d Definitions<'n>,
    done: Vec<String>,
    path: Vec<String>,
}

impl Walk<'_, '_> {
    fn visit(&mut self, reference: &Reference<'_>) -> Result<(), CohortError> {
        let name = reference.name;
        if self.done.iter().any(|done| done == name) {
            return Ok(());
        }
        let definition = self.definitions.get(name).ok_or_else(|| self.definitions.unknown(reference))?;
        if let Some(start) = self.path.iter().position(|above| above == name) {
            let mut path = self.path[start..].to_vec();
            path.push(name.to_owned());
            return Err(CohortError::PredicateLoop {
                line: definition.node.line,
                name: name.to_owned(),
                path: path.join(" -> "),
            });
        }
        let place = definition.place();
        if let Some(node) = entry(definition.node.block(&place)?, "expr") {
            self.path.push(name.to_owned());
            for operand in expression(node, &place)?.1 {
                self.visit(&Reference { name: operand, line: node.line, place: format!("{place}.expr") })?;
            }
            self.path.pop();
        }
        self.done.push(name.to_owned());
        Ok(())
    }
}
