//! Contributions against the definition of Shapley values, summed over all subsets of predictors.

use bedside_models::trees::{FittedTrees, Loss, PredictorKind, TreeParts, TreeSettings};
use bedside_table::{Data, Fit, HeldOut, Outcome, Sample, Seed, Table, Train};

use super::ward::ward;

/// Whether a row goes left at a node, read from the plain arrays.
fn goes_left(parts: &TreeParts, node: usize, table: &Table<HeldOut>, row: usize) -> bool {
    let predictor = &parts.predictors[parts.predictor[node] as usize];
    let missing = parts.missing_left[node] == 1;
    match (&table.column(&predictor.name).unwrap().data, &predictor.kind) {
        (Data::Numeric(cells), _) => cells.get(row).map_or(missing, |v| v <= parts.threshold[node]),
        (Data::Categorical(cells), PredictorKind::Categorical(levels)) => {
            let level = cells.get(row).and_then(|label| levels.iter().position(|l| l == label));
            let word =
                |l: usize| parts.level_words[parts.levels[node] as usize + l / 64] >> (l % 64) & 1 == 1;
            level.map_or(missing, word)
        }
        other => panic!("{other:?}"),
    }
}

/// The mean of the leaves that a row may reach when only the predictors in `known` may be asked.
fn value(parts: &TreeParts, node: usize, table: &Table<HeldOut>, row: usize, known: u32) -> f64 {
    if parts.predictor[node] == TreeParts::LEAF {
        return parts.value[node];
    }
    let (left, right) = (parts.left[node] as usize, parts.right[node] as usize);
    if known >> parts.predictor[node] & 1 == 1 {
        let next = if goes_left(parts, node, table, row) { left } else { right };
        return value(parts, next, table, row, known);
    }
    let below = |child: usize| parts.cover[child] * value(parts, child, table, row, known);
    (below(left) + below(right)) / parts.cover[node]
}

fn by_definition(parts: &TreeParts, table: &Table<HeldOut>, row: usize) -> Vec<f64> {
    let players = parts.predictors.len() as u32;
    let of = |known: u32| {
        parts.first_node.iter().map(|&root| value(parts, root as usize, table, row, known)).sum()
    };
    let worth: Vec<f64> = (0..1u32 << players).map(of).collect();
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    (0..players)
        .map(|player| {
            (0..1u32 << players)
                .filter(|known| known >> player & 1 == 0)
                .map(|known| {
                    let size = known.count_ones();
                    let weight = factorial(size) * factorial(players - size - 1) / factorial(players);
                    weight * (worth[(known | 1 << player) as usize] - worth[known as usize])
                })
                .sum()
        })
        .collect()
}

fn agree(fitted: &FittedTrees, table: &Table<HeldOut>) {
    let found = fitted.contributions(table).unwrap();
    let raw = fitted.raw(table).unwrap();
    assert_eq!((found.rows(), found.predictors.len()), (table.rows(), 5));
    let mut moved = 0;
    for (row, raw) in raw.iter().enumerate() {
        let expected = by_definition(fitted.parts(), table, row);
        for (e, f) in expected.iter().zip(found.row(row)) {
            assert!((e - f).abs() < 1e-10, "row {row}: {expected:?} {:?}", found.row(row));
            moved += usize::from(e.abs() > 1e-3);
        }
        let sum: f64 = found.row(row).iter().sum();
        assert!((found.base + sum - raw).abs() < 1e-9, "row {row} does not sum to its prediction");
        let alone = fitted.contributions(&table.row(row)).unwrap();
        assert_eq!(alone.row(0), found.row(row));
    }
    assert!(moved > table.rows() * 2, "hardly anything was explained");
}

#[test]
fn contributions_are_shapley_values() {
    let ward = ward(400, 11);
    let sides = ward.divided();
    let train = sides.parts.train();
    let weights = train.pick(&ward.weights);
    let fit = |loss, outcome: &Outcome<Train>, weights: Option<&[f64]>| {
        let settings = TreeSettings {
            category_chance: false,
            loss,
            trees: 12,
            min_rows: 3,
            leaves: 16,
            row_share: 0.8,
            ..TreeSettings::default()
        };
        let sample = Sample::new(&sides.train, outcome).weighted(weights);
        settings.check().unwrap().fit(&sample, Seed::new(1)).unwrap()
    };
    agree(&fit(Loss::Logistic, &ward.binary.part(train), None), &sides.held_out);
    agree(&fit(Loss::Squared, &ward.continuous.part(train), Some(&weights)), &sides.held_out);
    agree(&fit(Loss::Poisson, &ward.counts.part(train), None), &sides.held_out);
}
