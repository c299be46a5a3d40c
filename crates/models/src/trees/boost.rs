//! Tree after tree, each on the gradients that the trees before it left.

use bedside_table::{Certificate, Seed};

use super::bins::{Binned, Codes, Feature, Kind};
use super::cell::{Cell, Scale, Weights};
use super::gradients::fill;
use super::grow::{GrownTree, Growth, Workspace, route};
use super::inner::inner_fold;
use super::rank::{Ranked, Values};
use super::sampling::{complement, sample_columns, sample_rows};
use super::settings::TreeSettings;
use super::split::Search;
use super::{Loss, Monotone};
use crate::ModelError;

/// What boosting learns from: bins and, for the same rows, everything else.
pub(super) struct Training<'a> {
    pub(super) ranked: &'a Ranked,
    pub(super) binned: &'a Binned,
    pub(super) outcome: &'a [f64],
    pub(super) weights: Option<&'a [f64]>,
    pub(super) groups: Option<&'a [u32]>,
    pub(super) seed: Seed,
    /// Whether this fit may use several threads.
    pub(super) parallel: bool,
}

/// The trees of one fit.
#[derive(Debug)]
pub(super) struct Boosted {
    pub(super) base: f64,
    pub(super) trees: Vec<GrownTree>,
    pub(super) certificate: Certificate,
}

/// Rows that are scored while trees are grown.
pub(super) struct Watched<'a> {
    pub(super) codes: &'a Codes,
    pub(super) rows: usize,
    /// After how many trees the linear predictor is wanted, ascending. The last is the number of trees of the settings.
    pub(super) after: &'a [usize],
}

/// Boosts. Gives the linear predictors of the watched rows after each wanted number of trees, too.
pub(super) fn boost(
    settings: &TreeSettings,
    training: &Training<'_>,
    watched: Option<&Watched<'_>>,
) -> Result<(Boosted, Vec<Vec<f64>>), ModelError> {
    let (outcome, rows) = (training.outcome, training.binned.rows);
    if outcome.windows(2).all(|w| w[0].to_bits() == w[1].to_bits()) {
        return Err(ModelError::OneClass { rows });
    }
    let directions = directions(settings, training)?;
    let weights = loss_weights(settings, training);
    let (learned, mut inner) = inner_fold(settings, training)?;
    let base = start(settings.loss, outcome, &weights, &learned)?;
    let units = Weights::new(weights.clone());

    // Only splits of categories ask how far gradients scatter.
    let categorical = |f: &Feature| matches!(f.kind, Kind::Categorical);
    let chance = settings.category_chance && training.binned.features.iter().any(categorical);

    let mut states = vec![settings.loss.state(base); rows];
    let mut gradients = vec![Cell::ZERO; rows];
    let mut active = vec![true; training.binned.features.len()];
    let mut in_tree = vec![false; rows];
    let (mut work, mut others, mut spare) = (Workspace::default(), Vec::new(), Vec::new());
    let mut seen = watched.map(|w| vec![base; w.rows]);
    let mut seen_order: Vec<u32> = Vec::new();
    let (mut trees, mut kept) = (Vec::with_capacity(settings.trees), Vec::new());
    let mut criterion = format!("the fixed number of {} trees was grown", settings.trees);
    if let Some(inner) = &mut inner {
        inner.judge(settings.loss, &states, outcome, &weights, 0);
        criterion = format!(
            "the limit of {} trees came before the inner-fold loss had failed to improve for {} trees",
            settings.trees, inner.stop.patience
        );
    }
    while trees.len() < settings.trees {
        let number = trees.len() as u64;
        let (most_gradient, most_hessian) = settings.loss.bounds(&states, outcome);
        let scale = Scale::new(&units, most_gradient, most_hessian);
        fill(&mut gradients, settings.loss, scale, &states, outcome, &units, training.parallel);
        sample_rows(&learned, settings.row_share, training.seed, number, &mut work.order);
        sample_columns(training.binned, &mut active, settings.column_share, training.seed, number);
        if work.order.len() < rows {
            complement(&work.order, &mut in_tree, &mut others);
        }
        let dispersion = if chance { dispersion(&gradients, &weights, &work.order, scale) } else { 0.0 };
        let search = Search { settings, binned: training.binned, scale, dispersion, directions: &directions };
        let growth = Growth {
            search,
            gradients: &gradients,
            active: &active,
            weights: training.weights,
            parallel: training.parallel,
        };
        let (tree, leaves) = growth.grow(&mut work);
        // Without sampling, a tree that cannot divide its root means that no later one can.
        let sampled = settings.row_share < 1.0 || settings.column_share < 1.0;
        if tree.nodes.len() == 1 && !sampled {
            criterion = format!("no split lowers the loss any more after {} trees", trees.len());
            break;
        }
        if tree.nodes.iter().any(|node| !node.value.is_finite()) {
            return Err(ModelError::Overflow { trees: trees.len() });
        }
        for (node, range) in leaves {
            settings.loss.advance_all(&mut states, &work.order[range], tree.nodes[node].value);
        }
        for (node, range) in route(&tree, &training.binned.codes, &mut others, &mut spare) {
            settings.loss.advance_all(&mut states, &others[range], tree.nodes[node].value);
        }
        if let (Some(watched), Some(seen)) = (watched, &mut seen) {
            seen_order.clear();
            seen_order.extend(0..watched.rows as u32);
            for (node, range) in route(&tree, watched.codes, &mut seen_order, &mut spare) {
                let value = tree.nodes[node].value;
                seen_order[range].iter().for_each(|&row| seen[row as usize] += value);
            }
        }
        trees.push(tree);
        if let (Some(watched), Some(seen)) = (watched, &seen)
            && inner.is_none()
            && watched.after.contains(&trees.len())
        {
            kept.push(seen.clone());
        }
        if let Some(inner) = &mut inner {
            if inner.judge(settings.loss, &states, outcome, &weights, trees.len()) {
                kept = seen.iter().cloned().collect();
            }
            if trees.len() - inner.best_trees >= inner.stop.patience {
                criterion = format!("inner-fold loss did not improve for {} trees", inner.stop.patience);
                break;
            }
        }
    }
    let grown = trees.len();
    if let Some(inner) = inner {
        trees.truncate(inner.best_trees);
    }
    if let (Some(watched), Some(seen)) = (watched, seen) {
        // Trees that were never grown change nothing.
        let start = if settings.early_stopping.is_some() { vec![base; watched.rows] } else { seen };
        kept.resize(watched.after.len(), start);
    }
    let certificate = Certificate { criterion, iterations: grown as u64, gap: 0.0, tolerance: 0.0 };
    Ok((Boosted { base, trees, certificate }, kept))
}

/// The direction of each feature; empty when all are free.
fn directions(settings: &TreeSettings, training: &Training<'_>) -> Result<Vec<Option<Monotone>>, ModelError> {
    let columns = &training.ranked.columns;
    for (name, _) in &settings.monotone {
        let column = columns.iter().find(|column| &column.name == name);
        if !column.is_some_and(|column| matches!(column.values, Values::Numeric(_))) {
            let must_be = "numeric columns of the table";
            return Err(ModelError::Setting { setting: "monotone", must_be, found: format!("`{name}`") });
        }
    }
    let direction = |name: &str| settings.monotone.iter().find(|(n, _)| n == name).map(|&(_, way)| way);
    let of_features: Vec<_> = training
        .binned
        .features
        .iter()
        .map(|f| match f.kind {
            Kind::Numeric(_) => direction(&columns[f.column].name),
            Kind::Categorical => None,
        })
        .collect();
    Ok(if of_features.iter().all(Option::is_none) { Vec::new() } else { of_features })
}

/// Sample weights times the weight of the class.
fn loss_weights(settings: &TreeSettings, training: &Training<'_>) -> Vec<f64> {
    let class = |outcome: f64| {
        if settings.loss == Loss::Logistic && outcome > 0.5 { settings.positive_weight } else { 1.0 }
    };
    let of_row = |row: usize| training.weights.map_or(1.0, |w| w[row]) * class(training.outcome[row]);
    (0..training.outcome.len()).map(of_row).collect()
}

/// Summed squares of the gradients over summed hessians, where a row of weight 2 counts as two rows: 1 for log odds that
/// are right, the residual variance for squared error.
fn dispersion(gradients: &[Cell], weights: &[f64], rows: &[u32], scale: Scale) -> f64 {
    let (mut squares, mut hessians) = (0.0, 0.0);
    for &row in rows {
        let (sums, weight) = (scale.sums(gradients[row as usize]), weights[row as usize]);
        if weight > 0.0 {
            squares += sums.gradient * sums.gradient / weight;
            hessians += sums.hessian;
        }
    }
    if hessians > 0.0 { squares / hessians } else { 0.0 }
}

/// The linear predictor before the first tree.
fn start(loss: Loss, outcome: &[f64], weights: &[f64], rows: &[u32]) -> Result<f64, ModelError> {
    let sum = |of: &dyn Fn(usize) -> f64| rows.iter().map(|&row| of(row as usize)).sum::<f64>();
    let mean = sum(&|row| weights[row] * outcome[row]) / sum(&|row| weights[row]);
    let base = loss.start(mean);
    // All events, no event, or nothing counted among the rows that are learned from.
    if base.is_finite() { Ok(base) } else { Err(ModelError::OneClass { rows: rows.len() }) }
}
