//! What can be wrong with a part of a record.

/// What can be wrong with an id, a unit or a range. Never quotes an id.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// A subject id has no characters.
    #[error("a subject id is empty; every record needs one")]
    EmptySubject,
    /// A unit has no characters.
    #[error("a unit is empty; leave it out, or write `1` for a plain number")]
    EmptyUnit,
    /// Two units measure different things.
    #[error(
        "cannot convert {from} ({from_dimension}) to {to} ({to_dimension}); only units of the same dimension convert, \
         and between mass and amount of substance the molar mass is needed: convert before reading"
    )]
    Dimensions {
        /// The unit at hand.
        from: String,
        /// What it measures.
        from_dimension: &'static str,
        /// The unit asked for.
        to: String,
        /// What that one measures.
        to_dimension: &'static str,
    },
    /// A unit is not in the table of conversions.
    #[error(
        "no conversion is known for the unit `{unit}`; convert the values before reading, or give both the same unit"
    )]
    UnknownUnit {
        /// The unit as written.
        unit: String,
    },
    /// A data set has more codes than can be numbered.
    #[error(
        "the data set has more than 4,294,967,296 different codes; is its code column really one of codes?"
    )]
    TooManyCodes,
    /// The bounds of a range do not make one.
    #[error("expected a plausible range with a lower bound below its upper bound, found {low} to {high}")]
    Range {
        /// The lower bound.
        low: f64,
        /// The upper bound.
        high: f64,
    },
}
