//! What a data set says of its codes.

use std::collections::HashMap;
use std::sync::Arc;

use bedside_intake::import::CodeNote;
use bedside_simulate::Hospital;

/// What is known of the codes: those of concepts, and those that add a unit, an end or a place to one.
pub(super) fn notes(hospital: &Hospital) -> Vec<CodeNote> {
    let meanings = hospital.meanings();
    let names = hospital.codes().names();
    let of_concept: HashMap<&str, usize> =
        meanings.iter().enumerate().map(|(place, meaning)| (meaning.code.as_str(), place)).collect();
    let note = |name: &Arc<str>| {
        let (begin, rest) =
            name.split_once("//").map_or((&**name, None), |(begin, rest)| (begin, Some(rest)));
        let beside = |code: &str| of_concept.get(code).map(|&place| &meanings[place]);
        let (description, parents) = match (beside(begin), rest) {
            (Some(meaning), None) => (meaning.words.clone(), meaning.parents.clone()),
            (Some(meaning), Some(rest)) => {
                (format!("{}, {}", meaning.words, if rest == "END" { "end" } else { rest }), Vec::new())
            }
            (None, Some(rest)) => {
                let words = beside(rest).map(|meaning| meaning.words.as_str())?;
                (format!("{}, {words}", begin.to_lowercase().replace('_', " ")), Vec::new())
            }
            (None, None) => return None,
        };
        Some(CodeNote { code: name.to_string(), description, parents })
    };
    names.iter().filter_map(note).collect()
}
