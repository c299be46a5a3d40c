//! What a data set knows of its codes: what they mean, and which lie above which.

use std::collections::HashMap;

use bedside_cohort::features::{Ancestry, Recipe};
use bedside_intake::meds::EventFiles;

use crate::StudyError;
use crate::spec::RecipeFile;

/// A recipe, with what lies above what if it asks for that; and what codes mean, by code.
///
/// # Errors
/// Those of [`RecipeFile::recipe`], [`EventFiles::descriptions`] and [`EventFiles::ancestors`]; [`StudyError::Data`] when the
/// recipe rolls codes up to their ancestors and the data set does not know them.
pub fn recipe_with_words(
    file: &RecipeFile,
    files: &EventFiles,
) -> Result<(Recipe, HashMap<String, String>), StudyError> {
    let (recipe, mut words) = (file.recipe()?, files.descriptions()?);
    if !recipe.needs_ancestry() {
        return Ok((recipe, words));
    }
    let above = files.ancestors()?.ok_or_else(|| StudyError::Data {
        place: "[[feature]] roll-up".to_owned(),
        problem: "`ancestors` needs `metadata/ancestors.parquet` in the data set, and there is none; importing OMOP with its table \
                  `concept_ancestor` writes it. `atc1` to `atc5`, `icd-chapter` and `icd3` need no table"
            .to_owned(),
    })?;
    let mut ancestry = Ancestry::default();
    for one in above {
        ancestry.add(&one.code, &one.ancestor, one.levels);
        if let Some(description) = one.description {
            words.entry(one.ancestor).or_insert(description);
        }
    }
    Ok((recipe.with_ancestry(&ancestry), words))
}
