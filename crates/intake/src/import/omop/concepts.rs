//! From the numbers of concepts to their names.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use bedside_chart::Unit;

use super::files::Tables;
use super::symbol::{Part, parts};
use super::{Slots, SourceTable};
use crate::IntakeError;
use crate::import::Said;
use crate::import::in_turn::in_turn;
use crate::import::rows::{Cell, Row};
use crate::import::units::AS_WRITTEN;
use crate::meds::{Above, Known};

/// A concept as the vocabulary has it.
#[derive(Debug, Clone)]
struct Concept {
    vocabulary: String,
    code: String,
    name: String,
}

/// Concepts that small extracts of a vocabulary leave out, as the OMOP vocabularies have them.
const WELL_KNOWN: &[(i64, &str, &str, &str)] = &[
    (8507, "Gender", "M", "MALE"),
    (8532, "Gender", "F", "FEMALE"),
    (8515, "Race", "2", "Asian"),
    (8516, "Race", "3", "Black or African American"),
    (8527, "Race", "5", "White"),
    (8557, "Race", "4", "Native Hawaiian or Other Pacific Islander"),
    (8657, "Race", "1", "American Indian or Alaska Native"),
    (38_003_563, "Ethnicity", "Hispanic", "Hispanic or Latino"),
    (38_003_564, "Ethnicity", "Not Hispanic", "Not Hispanic or Latino"),
    (9201, "Visit", "IP", "Inpatient Visit"),
    (9202, "Visit", "OP", "Outpatient Visit"),
    (9203, "Visit", "ER", "Emergency Room Visit"),
];

/// Puts names in the place of numbers, and says what is known of the codes.
pub(super) fn resolve(stored: &Tables, symbols: &[Arc<str>], threads: usize) -> Result<Said, IntakeError> {
    let parted: Vec<Vec<Part<'_>>> = symbols.iter().map(|symbol| parts(symbol)).collect();
    let used: HashSet<i64> = parted.iter().flatten().filter_map(|part| number(*part)).collect();
    let above = ancestors(stored, &used, threads)?;
    let wanted: HashSet<i64> =
        used.iter().copied().chain(above.iter().map(|(_, ancestor, _)| *ancestor)).collect();
    let concepts = concepts(stored, &wanted, threads)?;
    let named = |concept: i64| match concepts.get(&concept) {
        Some(Concept { vocabulary, code, .. }) => format!("{vocabulary}/{code}"),
        None => format!("concept/{concept}"),
    };
    let unit = |concept: i64| match concepts.get(&concept) {
        Some(found) => {
            Unit::new(&found.code).map_or_else(|_| found.code.clone(), |unit| unit.code().to_owned())
        }
        None => format!("concept/{concept}"),
    };
    let mut said = Said::default();
    let mut of_concept: BTreeMap<i64, BTreeSet<String>> = BTreeMap::new();
    let mut names = Vec::with_capacity(symbols.len());
    for symbol in &parted {
        let name: String = symbol
            .iter()
            .map(|part| match *part {
                Part::Text(text) => text.to_owned(),
                Part::Concept(concept) => named(concept),
                Part::Unit(concept) => unit(concept),
            })
            .collect();
        if let Some(&Part::Concept(first)) = symbol.first() {
            of_concept.entry(first).or_default().insert(name.clone());
        }
        said.described.insert(name.clone(), described(symbol, &concepts, &unit));
        names.push(Arc::from(name));
    }
    for (below, ancestor, levels) in above {
        for code in of_concept.get(&below).into_iter().flatten() {
            if levels == 1
                && let Some(described) = said.described.get_mut(code)
            {
                described.parents.insert(named(ancestor));
            }
            let description = concepts.get(&ancestor).map(|concept| concept.name.clone());
            said.ancestors.push(Above { code: code.clone(), ancestor: named(ancestor), description, levels });
        }
    }
    said.ancestors.sort();
    let unknown: BTreeSet<i64> = used.into_iter().filter(|concept| !concepts.contains_key(concept)).collect();
    if let Some(first) = unknown.first() {
        said.notes.push(format!(
            "{} concepts that are used are not in the table `concept`, such as {first}; their codes are `concept/NUMBER`",
            unknown.len()
        ));
    }
    said.names = Some(names);
    Ok(said)
}

fn number(part: Part<'_>) -> Option<i64> {
    match part {
        Part::Concept(concept) | Part::Unit(concept) => Some(concept),
        Part::Text(_) => None,
    }
}

/// A code in words: the names of its concepts, its unit, and whether it is an end.
fn described(symbol: &[Part<'_>], concepts: &HashMap<i64, Concept>, unit: &dyn Fn(i64) -> String) -> Known {
    let mut words = Vec::new();
    if matches!(symbol, [Part::Text(text)] if text.starts_with("unmapped/")) {
        return Known::default();
    }
    for part in symbol {
        match *part {
            Part::Concept(concept) => words.extend(concepts.get(&concept).map(|found| found.name.clone())),
            Part::Unit(concept) => words.push(unit(concept)),
            Part::Text(text) => {
                if let Some((_, written)) = text.split_once(AS_WRITTEN) {
                    words.extend(Unit::new(written).ok().map(|unit| unit.code().to_owned()));
                    continue;
                }
                let text = text.trim_matches('/');
                match text {
                    "" => {}
                    "END" => words.push("end".to_owned()),
                    text => words.push(text.to_lowercase().replace('_', " ")),
                }
            }
        }
    }
    Known { description: (!words.is_empty()).then(|| words.join(", ")), ..Known::default() }
}

/// Below, above, and the fewest levels between, of concepts that are used.
fn ancestors(
    stored: &Tables,
    used: &HashSet<i64>,
    threads: usize,
) -> Result<Vec<(i64, i64, u32)>, IntakeError> {
    let mut found = Vec::new();
    for mut table in stored.tables("concept_ancestor")? {
        let mut slots = Slots::new(&table);
        slots.must("descendant_concept_id")?;
        slots.must("ancestor_concept_id")?;
        slots.must("min_levels_of_separation")?;
        let row = |cells: &[Cell<'_>]| {
            let whole = |slot: usize| cells[slot].whole().ok().flatten();
            let (below, above, levels) = (whole(0)?, whole(1)?, u32::try_from(whole(2)?).ok()?);
            (below != above && used.contains(&below)).then_some((below, above, levels))
        };
        let wanted = slots.wanted;
        wanted[0].into_iter().for_each(|below| table.keep(below, used));
        scan(&table, &wanted, threads, row, &mut found)?;
    }
    Ok(found)
}

fn concepts(
    stored: &Tables,
    wanted: &HashSet<i64>,
    threads: usize,
) -> Result<HashMap<i64, Concept>, IntakeError> {
    let mut found = Vec::new();
    for mut table in stored.tables("concept")? {
        let mut slots = Slots::new(&table);
        slots.must("concept_id")?;
        slots.must("vocabulary_id")?;
        slots.must("concept_code")?;
        slots.may("concept_name");
        let row = |cells: &[Cell<'_>]| {
            let id = cells[0].whole().ok().flatten().filter(|id| wanted.contains(id))?;
            let text = |slot: usize| cells[slot].text().ok().flatten().map(std::borrow::Cow::into_owned);
            let (vocabulary, code) = (text(1)?, text(2)?);
            Some((id, Concept { vocabulary, code, name: text(3).unwrap_or_default() }))
        };
        let places = slots.wanted;
        places[0].into_iter().for_each(|concept| table.keep(concept, wanted));
        scan(&table, &places, threads, row, &mut found)?;
    }
    let own = |&(id, vocabulary, code, name): &(i64, &str, &str, &str)| {
        (id, Concept { vocabulary: vocabulary.to_owned(), code: code.to_owned(), name: name.to_owned() })
    };
    let mut all: HashMap<i64, Concept> =
        WELL_KNOWN.iter().map(own).filter(|(id, _)| wanted.contains(id)).collect();
    all.extend(found);
    Ok(all)
}

/// Keeps what `row` makes of the rows of a table, in order.
fn scan<T: Send>(
    table: &SourceTable,
    wanted: &[Option<usize>],
    threads: usize,
    row: impl Fn(&[Cell<'_>]) -> Option<T> + Sync,
    found: &mut Vec<T>,
) -> Result<(), IntakeError> {
    in_turn(
        table.parts(wanted)?,
        threads,
        || (),
        |(), part| {
            let mut kept = Vec::new();
            table.rows(&part, wanted, |read| {
                if let Ok(Row { cells, .. }) = read {
                    kept.extend(row(cells));
                }
            })?;
            Ok(kept)
        },
        |kept| {
            found.extend(kept);
            Ok(())
        },
    )
}
