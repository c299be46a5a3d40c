//! What a data set knows of its codes: what they mean, and which lie above which.

use std::collections::HashMap;

use bedside_cohort::features::{Ancestry, Recipe};
use bedside_intake::meds::EventFiles;

use crate::StudyError;
use crate::spec::RecipeFile;

/// A recipe, with what lies above what in the vocabularies of some data sets if it asks for that; and what codes mean, by code.
///
/// # Errors
/// Those of [`RecipeFile::recipe`], [`EventFiles::descriptions`] and [`EventFiles::ancestors`]; [`StudyError::Data`] when the
/// recipe rolls codes up to their ancestors and the data set does not know them.
pub fn recipe_with_words<'f>(
    file: &RecipeFile,
    sources: impl Iterator<Item = &'f EventFiles>,
) -> Result<(Recipe, HashMap<String, String>), StudyError> {
    let (recipe, mut words, mut above) = (file.recipe()?, HashMap::new(), None);
    for files in sources {
        for (code, description) in files.descriptions()? {
            words.entry(code).or_insert(description);
        }
        if recipe.needs_ancestry()
            && let Some(found) = files.ancestors()?
        {
            above.get_or_insert_with(Vec::new).extend(found);
        }
    }
    if !recipe.needs_ancestry() {
        return Ok((recipe, words));
    }
    let above = above.ok_or_else(|| StudyError::Data {
        place: "[[feature]] roll-up".to_owned(),
        problem: "`ancestors` needs to know which codes lie above which: `metadata/ancestors.parquet` in the data set, which importing OMOP \
                  with its table `concept_ancestor` writes, or `parent_codes` in `metadata/codes.parquet`. There is neither. `atc1` to `atc5`, `icd-chapter` and `icd3` need no table"
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
