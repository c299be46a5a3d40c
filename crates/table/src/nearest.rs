//! The known name that a misspelt one is most like.

/// The name most like `word`, if one is like it at all: at most a third of its letters differ (swapped neighbours count
/// once; case, `_` and `-` do not count). Damerau 1964, doi 10.1145/363958.363994.
///
/// ```
/// use bedside_table::nearest;
/// assert_eq!(nearest("patiant", ["patient", "site"]), Some("patient"));
/// assert_eq!(nearest("xyz", ["patient", "site"]), None);
/// ```
#[must_use]
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Long words are cut: comparing costs the product of the lengths, and no name is that long.
    let plain = |text: &str| text.chars().take(100).collect::<String>().to_lowercase().replace('_', "-");
    let word = plain(word);
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&word, &plain(name)), name))
        .filter(|(distance, name)| *distance <= name.chars().count().max(word.chars().count()).div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance < name.chars().count())
        .map(|(_, name)| name)
}
