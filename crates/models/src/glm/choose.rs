//! Choosing among penalties by cross-validated loss.

/// How to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The lowest mean loss.
    Minimum,
    /// The simplest model whose mean loss is at most one standard error above the lowest (Breiman, Friedman, Olshen, Stone
    /// 1984, Classification and Regression Trees, section 3.4.3).
    OneStandardError,
}

/// The chosen place in a sequence ordered from the simplest model (the largest penalty) on.
///
/// `mean` and `standard_error` are the loss over folds and its standard error; smaller is better. A mean that is NaN is never
/// chosen unless all are; then, and for an empty sequence, the answer is 0. Ties go to the simpler model.
///
/// ```
/// use bedside_models::glm::{Rule, choose};
/// let (mean, standard_error) = ([0.40, 0.33, 0.31, 0.32], [0.03, 0.03, 0.03, 0.03]);
/// assert_eq!(choose(&mean, &standard_error, Rule::Minimum), 2);
/// assert_eq!(choose(&mean, &standard_error, Rule::OneStandardError), 1);
/// ```
#[must_use]
pub fn choose(mean: &[f64], standard_error: &[f64], rule: Rule) -> usize {
    let mut best = None;
    for (place, &loss) in mean.iter().enumerate() {
        if !loss.is_nan() && best.is_none_or(|(_, lowest)| loss < lowest) {
            best = Some((place, loss));
        }
    }
    let Some((place, lowest)) = best else { return 0 };
    match rule {
        Rule::Minimum => place,
        Rule::OneStandardError => {
            let room = standard_error.get(place).copied().filter(|error| *error >= 0.0).unwrap_or(0.0);
            mean.iter().position(|&loss| loss <= lowest + room).unwrap_or(place)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_simpler_model() {
        assert_eq!(choose(&[0.3, 0.2, 0.2], &[0.0; 3], Rule::Minimum), 1);
        assert_eq!(choose(&[0.3, 0.2, 0.2], &[0.0; 3], Rule::OneStandardError), 1);
    }

    #[test]
    fn nan_is_not_chosen() {
        assert_eq!(choose(&[f64::NAN, 0.3, 0.2], &[f64::NAN; 3], Rule::OneStandardError), 2);
        assert_eq!(choose(&[f64::NAN], &[0.1], Rule::Minimum), 0);
        assert_eq!(choose(&[], &[], Rule::Minimum), 0);
    }
}
