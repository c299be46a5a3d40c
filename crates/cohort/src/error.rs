//! What can be wrong with a task file or a recipe of features.

/// What can be wrong with a task file or a recipe of features. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CohortError {
    /// It is not YAML.
    #[error("line {line}: not YAML: {reason}")]
    Yaml {
        /// Where.
        line: usize,
        /// What the parser says.
        reason: String,
    },
    /// Something else stands where a value is expected.
    #[error("line {line}, `{place}`: expected {expected}, found {found}")]
    Expected {
        /// Where.
        line: usize,
        /// The key, with those above it.
        place: String,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// A key that means nothing here.
    #[error("line {line}: `{place}` has no key `{key}`{}", suggestion(.nearest.as_deref()))]
    UnknownKey {
        /// Where.
        line: usize,
        /// What it was written under.
        place: String,
        /// The key.
        key: String,
        /// The nearest key there is.
        nearest: Option<String>,
    },
    /// A key that must be there is not.
    #[error("line {line}: `{place}` lacks `{key}`: {meaning}")]
    MissingKey {
        /// Where the block begins.
        line: usize,
        /// The block.
        place: String,
        /// The key.
        key: &'static str,
        /// What it says.
        meaning: &'static str,
    },
    /// A predicate is used but not defined.
    #[error("line {line}, `{place}`: no predicate `{name}`{}", suggestion(.nearest.as_deref()))]
    UnknownPredicate {
        /// Where.
        line: usize,
        /// The key.
        place: String,
        /// The predicate.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// A predicate that a data set must still fill in.
    #[error(
        "line {line}: the codes of predicate `{name}` are left open (`???`); give them in a file of predicates"
    )]
    OpenPredicate {
        /// Where.
        line: usize,
        /// The predicate.
        name: String,
    },
    /// Predicates that are defined by each other.
    #[error("line {line}: predicate `{name}` is defined by itself: {path}")]
    PredicateLoop {
        /// Where.
        line: usize,
        /// The predicate.
        name: String,
        /// The way round, `a -> b -> a`.
        path: String,
    },
    /// A regular expression that cannot be compiled.
    #[error("line {line}, `{place}`: not a regular expression: {reason}")]
    Regex {
        /// Where.
        line: usize,
        /// The key.
        place: String,
        /// What the compiler says.
        reason: String,
    },
    /// A window is used but not defined.
    #[error("line {line}, `{place}`: no window `{name}`{}", suggestion(.nearest.as_deref()))]
    UnknownWindow {
        /// Where.
        line: usize,
        /// The key.
        place: String,
        /// The window.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// Windows that hang on each other and not on the trigger.
    #[error("line {line}: window `{name}` hangs on itself: {path}; one of them must begin at the trigger")]
    WindowLoop {
        /// Where.
        line: usize,
        /// The window.
        name: String,
        /// The way round.
        path: String,
    },
    /// A window whose ends contradict each other.
    #[error("line {line}: window `{name}`: {reason}")]
    Window {
        /// Where.
        line: usize,
        /// The window.
        name: String,
        /// What is wrong and what to write.
        reason: String,
    },
    /// Two windows want to be the one.
    #[error("line {line}: windows `{first}` and `{second}` both have `{key}`; only one window can")]
    Two {
        /// Where the second is.
        line: usize,
        /// The first.
        first: String,
        /// The second.
        second: String,
        /// `label` or `index_timestamp`.
        key: &'static str,
    },
    /// A recipe that asks for nothing, or for nothing that there is.
    #[error("no feature: {reason}")]
    NoFeature {
        /// Why.
        reason: String,
    },
    /// An aggregation that means nothing in a window.
    #[error("`{aggregation}` needs a window with a beginning, such as `30d`; `{window}` has none")]
    Feature {
        /// The aggregation.
        aggregation: &'static str,
        /// The window.
        window: String,
    },
    /// Requests that make groups of the same names from different codes.
    #[error(
        "two requests make groups by `{groups}` in different ways; give both the same codes, levels and birth"
    )]
    Groups {
        /// What makes the groups.
        groups: &'static str,
    },
    /// An age is asked for, and nobody's birth is known.
    #[error(
        "the clock reads `age`, and no training subject has the event `{code}`{}; say which code a birth has: `birth = \"…\"`",
        suggestion(.nearest.as_deref())
    )]
    NoBirth {
        /// The code of births.
        code: String,
        /// The nearest code there is.
        nearest: Option<String>,
    },
    /// A pattern of codes that cannot be compiled.
    #[error("`{pattern}` is not a regular expression: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What the compiler says.
        reason: String,
    },
    /// More columns than can be numbered.
    #[error("more than 4,294,967,295 features; ask for fewer codes, windows or aggregations")]
    TooManyFeatures,
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
