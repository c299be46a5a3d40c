//! Simple measures of simulated tables.

use bedside_simulate::Simulated;
use bedside_table::{Column, Data};

pub(crate) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0);
    for value in values {
        sum += value;
        count += 1;
    }
    sum / f64::from(count)
}

pub(crate) fn events(simulated: &Simulated) -> Vec<bool> {
    simulated.outcome().unwrap().values().iter().map(|&y| y > 0.5).collect()
}

/// The chance that a row with the event has the higher score, ties counting half, by ranks.
pub(crate) fn auroc(scores: &[f64], events: &[bool]) -> f64 {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[a].total_cmp(&scores[b]));
    let (mut ranks, mut start) = (0.0, 0);
    while start < order.len() {
        let end = start + order[start..].iter().take_while(|&&i| scores[i] == scores[order[start]]).count();
        let middle = (start + 1 + end) as f64 / 2.0;
        ranks += order[start..end].iter().filter(|&&i| events[i]).count() as f64 * middle;
        start = end;
    }
    let with = events.iter().filter(|&&e| e).count() as f64;
    let without = events.len() as f64 - with;
    (ranks - with * (with + 1.0) / 2.0) / (with * without)
}

pub(crate) fn column<'a>(simulated: &'a Simulated, name: &str) -> &'a Column {
    simulated.columns().iter().find(|column| column.name == name).unwrap()
}

pub(crate) fn levels<'a>(simulated: &'a Simulated, name: &str) -> Vec<Option<&'a str>> {
    let Data::Categorical(cells) = &column(simulated, name).data else { panic!("{name} is a number") };
    (0..simulated.rows()).map(|row| cells.get(row)).collect()
}

pub(crate) fn numbers(simulated: &Simulated, name: &str) -> Vec<Option<f64>> {
    let Data::Numeric(cells) = &column(simulated, name).data else { panic!("{name} is a category") };
    (0..simulated.rows()).map(|row| cells.get(row)).collect()
}

/// The events' AUROC of a predictor's mean outcome, level by level or in twenty slices, leaving gaps out: how much of
/// the outcome a predictor alone gives away.
pub(crate) fn gives_away(column: &Column, events: &[bool]) -> f64 {
    let measured: Vec<usize> = (0..events.len()).filter(|&row| column.states()[row].is_measured()).collect();
    let group = |row: usize| match &column.data {
        Data::Categorical(cells) => cells.codes()[row] as usize,
        Data::Numeric(_) => 0,
    };
    let mut groups = std::collections::HashMap::<usize, (f64, f64)>::new();
    if let Data::Numeric(cells) = &column.data {
        let scores: Vec<f64> = measured.iter().map(|&row| cells.values()[row]).collect();
        let events: Vec<bool> = measured.iter().map(|&row| events[row]).collect();
        let auroc = auroc(&scores, &events);
        return auroc.max(1.0 - auroc);
    }
    // Even rows teach, odd rows judge: a level with one row must not give itself away.
    for &row in measured.iter().filter(|&row| row % 2 == 0) {
        let entry = groups.entry(group(row)).or_default();
        entry.0 += f64::from(u8::from(events[row]));
        entry.1 += 1.0;
    }
    let judged: Vec<usize> = measured.into_iter().filter(|row| row % 2 == 1).collect();
    let scores: Vec<f64> = judged
        .iter()
        .map(|&row| groups.get(&group(row)).map_or(0.1, |(events, rows)| (events + 1.0) / (rows + 10.0)))
        .collect();
    let events: Vec<bool> = judged.iter().map(|&row| events[row]).collect();
    auroc(&scores, &events)
}
