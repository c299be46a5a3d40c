//! Performance by the levels of the columns that the study names.

use bedside_table::{Column, Data};
use bedside_validate::{Case, JudgeSettings, SubgroupRow, subgroups};

use super::Bench;
use crate::StudyError;
use crate::reference::quantile;

/// Judges each level of each subgroup column. Numbers are cut at the study's cut points, else at tertiles.
pub(super) fn judged(
    bench: &Bench<'_>,
    case: &Case<'_>,
    settings: &JudgeSettings,
) -> Result<Vec<SubgroupRow>, StudyError> {
    let mut rows = Vec::new();
    for column in bench.subgroups.columns() {
        let cuts = bench.study.report.cut_points.get(&column.name);
        let (levels, of_row) = levels(column, cuts.map(Vec::as_slice));
        let seed = bench.seed.derive("subgroups", 0);
        rows.extend(subgroups(case, &column.name, &levels, &of_row, settings, seed)?);
    }
    Ok(rows)
}

/// Names of the levels and the level of each row (`u32::MAX` where missing).
fn levels(column: &Column, cuts: Option<&[f64]>) -> (Vec<String>, Vec<u32>) {
    const MISSING: u32 = u32::MAX;
    match &column.data {
        Data::Categorical(cells) => {
            let mut order: Vec<usize> = (0..cells.levels().len()).collect();
            order.sort_by(|&a, &b| cells.levels()[a].cmp(&cells.levels()[b]));
            let mut place = vec![0u32; order.len()];
            order.iter().enumerate().for_each(|(rank, &level)| place[level] = rank as u32);
            let of_row = cells
                .codes()
                .iter()
                .zip(cells.states())
                .map(|(&code, s)| if s.is_measured() { place[code as usize] } else { MISSING })
                .collect();
            (order.into_iter().map(|l| cells.levels()[l].clone()).collect(), of_row)
        }
        Data::Numeric(cells) => {
            let mut sorted: Vec<f64> = (0..column.len()).filter_map(|r| cells.get(r)).collect();
            sorted.sort_by(f64::total_cmp);
            let mut cuts: Vec<f64> = match cuts {
                Some(cuts) => cuts.to_vec(),
                None if sorted.is_empty() => Vec::new(),
                None => vec![quantile(&sorted, 1.0 / 3.0), quantile(&sorted, 2.0 / 3.0)],
            };
            cuts.sort_by(f64::total_cmp);
            cuts.dedup();
            let names = (0..=cuts.len())
                .map(|k| match (k.checked_sub(1).map(|i| cuts[i]), cuts.get(k)) {
                    (None, None) => "all".to_owned(),
                    (None, Some(high)) => format!("< {high}"),
                    (Some(low), None) => format!("≥ {low}"),
                    (Some(low), Some(high)) => format!("{low} to < {high}"),
                })
                .collect();
            let of_row = (0..column.len())
                .map(|r| cells.get(r).map_or(MISSING, |v| cuts.partition_point(|&cut| cut <= v) as u32))
                .collect();
            (names, of_row)
        }
    }
}
