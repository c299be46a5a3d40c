//! What the models use: importance and coefficients.

use super::super::data::ReportData;
use super::super::figure::{champion, coefficients, importance, side_by_side};

/// The champion first.
pub(super) fn explanations(data: &ReportData) -> String {
    let Some((leading, _)) = champion(data) else {
        return String::new();
    };
    let others = (0..data.models.len()).filter(|&i| i != leading);
    let mut figures = Vec::new();
    for i in std::iter::once(leading).chain(others) {
        let model = &data.models[i];
        for mut figure in [importance(i, model), coefficients(i, model)].into_iter().flatten() {
            figure.name(&model.name);
            figures.push(Some(figure));
        }
    }
    side_by_side(figures)
}
