//! The duality gap: how far the objective can be from its smallest value, at most.
//!
//! For residuals r at the current coefficients (with the best step of the unpenalised columns taken off, so that those are
//! orthogonal to r) and any share t in [0, 1], t·r is a dual point. By Fenchel-Young the gap is a sum of terms that are
//! never negative: one for each row, the distance between t·r and r in the loss's own divergence, and one for each column,
//! pen(β) + pen*(t x'r) − β t x'r. So nothing cancels, and small gaps are exact. For L1 alone t is the largest share
//! at which every |x'r| is at most its penalty; with an L2 part t = 1 is tried as well.
//! (Boyd, Vandenberghe 2004, Convex Optimization, section 5.1; Massias, Gramfort, Salmon 2018, "Celer", ICML, section 2;
//! Fercoq, Gramfort, Salmon 2015, "Mind the duality gap", ICML.)

/// A column's part in the gap.
#[derive(Debug, Clone, Copy)]
pub(super) struct Term {
    pub(super) beta: f64,
    pub(super) gradient: f64,
    pub(super) l1: f64,
    pub(super) l2: f64,
}

/// The rows' part: share × [(1−t)² distance + 2 t (1−t) first + t² second], where `first` is Σ r c'z and
/// `second` Σ D (c'z)² for the step c that was taken off.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowPart {
    pub(super) share: f64,
    pub(super) distance: f64,
    pub(super) first: f64,
    pub(super) second: f64,
    /// Whether the step is so small that t·r stays within the loss's domain.
    pub(super) inside: bool,
}

/// The gap and what it is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    pub(super) value: f64,
    /// Largest |x'r| as a share of its L1 penalty; above 1 something must move.
    pub(super) worst: f64,
    /// Σ l1 |β|.
    pub(super) l1_norm: f64,
}

/// The gap over some columns.
pub(super) fn gap(rows: RowPart, terms: &(impl Iterator<Item = Term> + Clone)) -> Gap {
    let (mut worst, mut l1_norm) = (0.0_f64, 0.0);
    let mut ridge = true;
    for term in terms.clone() {
        worst = worst.max(term.gradient.abs() / term.l1);
        l1_norm += term.l1 * term.beta.abs();
        ridge &= term.l2 > 0.0;
    }
    let at = |share: f64| {
        let columns: f64 = terms.clone().map(|term| column_part(term, share)).sum();
        columns + row_part(rows, share)
    };
    let mut value = f64::INFINITY;
    if rows.inside {
        // Rounded down a little, so that no |t x'r| ends up above its penalty.
        value = at(if worst > 1.0 { (1.0 - 4.0 * f64::EPSILON) / worst } else { 1.0 });
        if ridge && worst > 1.0 {
            value = value.min(at(1.0));
        }
    }
    Gap { value, worst, l1_norm }
}

fn column_part(term: Term, share: f64) -> f64 {
    let Term { beta, gradient, l1, l2 } = term;
    let pull = share * gradient;
    let over = (pull.abs() - l1).max(0.0);
    let conjugate = if over == 0.0 { 0.0 } else { over * over / (2.0 * l2) };
    // Never negative but for rounding.
    (0.5 * l2 * beta * beta + l1 * beta.abs() + conjugate - beta * pull).max(0.0)
}

fn row_part(rows: RowPart, share: f64) -> f64 {
    let left = 1.0 - share;
    let far = if left > 0.0 { left * left * rows.distance } else { 0.0 };
    rows.share * (far + 2.0 * share * left * rows.first + share * share * rows.second)
}
