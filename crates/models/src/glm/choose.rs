//! Which penalty of a path cross-validation prefers.

/// How a penalty is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The lowest mean loss.
    Minimum,
    /// The simplest model whose mean loss is within one standard error of the lowest (Breiman et al. 1984, section 3.4.3).
    OneStandardError,
}

/// The chosen place in a sequence that is ordered from the simplest model on; losses, so lower is better. Ties go to the
/// simpler model; an empty sequence gives 0.
///
/// ```
/// use bedside_models::glm::{Rule, choose};
/// let (mean, error) = ([0.9, 0.52, 0.50, 0.55], [0.1, 0.03, 0.03, 0.03]);
/// assert_eq!(choose(&mean, &error, Rule::Minimum), 2);
/// assert_eq!(choose(&mean, &error, Rule::OneStandardError), 1);
/// ```
#[must_use]
pub fn choose(mean: &[f64], standard_error: &[f64], rule: Rule) -> usize {
    let Some(best) = (0..mean.len()).min_by(|&a, &b| mean[a].total_cmp(&mean[b]).then(a.cmp(&b))) else {
        return 0;
    };
    match rule {
        Rule::Minimum => best,
        Rule::OneStandardError => {
            let limit = mean[best] + standard_error.get(best).copied().unwrap_or(0.0);
            (0..=best).find(|&k| mean[k] <= limit).unwrap_or(best)
        }
    }
}
