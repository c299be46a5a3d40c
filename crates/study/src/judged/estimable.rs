//! What could not be estimated on held-out rows.

use bedside_validate::{Estimate, Judgement};

use crate::report::data::Finding;
use crate::report::named_measures;

/// A warning for each reason why held-out rows do not have a measure of a model. The other measures stand.
#[must_use]
pub fn not_estimable(name: &str, held_out: &Judgement) -> Vec<Finding> {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for (measure, estimate) in named_measures(held_out) {
        if let Estimate { value: None, how, .. } = estimate {
            match reasons.iter_mut().find(|(reason, _)| reason == how) {
                Some((_, measures)) => measures.push(measure),
                None => reasons.push((how, vec![measure])),
            }
        }
    }
    let finding = |(reason, measures): (&str, Vec<&str>)| {
        Finding {
        level: "warning".to_owned(),
        text: format!("On held-out rows, of `{name}` not estimable: {}. The reason: {reason}.", measures.join(", ")),
        hint: "Read the measures that stand, and hold out more rows, or other ones, before you rely on the model.".to_owned(),
    }
    };
    reasons.into_iter().map(finding).collect()
}
