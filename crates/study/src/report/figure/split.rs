//! How rows were divided.

use super::super::data::{ReportData, SideFacts};
use super::super::markup::{Grid, Text};
use super::super::number::{ABSENT, Digits, count, share};
use super::super::picture::{Anchor, Picture, WIDTH};
use super::Figure;

const TOP: f64 = 30.0;
const HEIGHT: f64 = 54.0;

/// One bar for all rows: folds inside the training side, the held-out side apart, events at the bottom of each.
pub(in super::super) fn split(data: &ReportData) -> Option<Figure> {
    let split = &data.split;
    let (train, held_out) = (&split.train, &split.held_out);
    let all = train.rows + held_out.rows;
    if all == 0 {
        return None;
    }
    let said = format!(
        "{} training rows in {} folds and {} held-out rows: {}.",
        count(train.rows),
        split.folds,
        count(held_out.rows),
        split.how
    );
    let mut picture = Picture::new(
        "split",
        TOP + HEIGHT + if train.events.is_some() { 26.0 } else { 6.0 },
        "Division of the rows",
        &said,
    );
    let usable = WIDTH - 8.0 - 6.0;
    let border = 4.0 + usable * share(train.rows, all);
    let folds = split.folds.clamp(1, 50);
    for fold in 0..folds {
        let at = |i: usize| 4.0 + (border - 4.0) * share(i, folds);
        side(&mut picture, train, (at(fold) + 0.5, at(fold + 1) - 0.5), "s1");
    }
    side(&mut picture, held_out, (border + 6.0, WIDTH - 4.0), "s2");
    picture.text("label", (4.0, TOP - 10.0), Anchor::Start, &format!("Training: {} rows", count(train.rows)));
    let held = format!("Held out: {}", count(held_out.rows));
    picture.text("label", (WIDTH - 4.0, TOP - 10.0), Anchor::End, &held);
    if train.events.is_some() {
        picture.text(
            "soft",
            (4.0, TOP + HEIGHT + 18.0),
            Anchor::Start,
            "Strip at the foot: rows with the event",
        );
    }

    let outcome = if data.study.outcome_kind == "continuous" { "Mean outcome" } else { "Event frequency" };
    let digits =
        if data.study.outcome_kind == "continuous" { Digits::Significant(4) } else { Digits::Percent(2) };
    let row = |name: &str, side: &SideFacts| {
        vec![
            name.to_owned(),
            count(side.rows),
            side.patients.map_or_else(|| ABSENT.to_owned(), count),
            side.events.map_or_else(|| ABSENT.to_owned(), count),
            digits.write(side.mean),
        ]
    };
    Some(Figure::new(
        picture,
        "Division of the rows",
        format!(
            "{}. Held-out rows were read once, after the last fit. Rows of one side that equal a row of the other: {}; \
             that differ in at most two predictors: {}.",
            Text(&split.how),
            count(split.exact_duplicates),
            count(split.near_duplicates)
        ),
        &Grid::new(
            "Division of the rows",
            &["Side", "Rows", "Patients", "Events", outcome],
            &[],
            vec![row("Training", train), row("Held out", held_out)],
        ),
    ))
}

/// Part of a side; the share of events is darker, at the bottom.
fn side(picture: &mut Picture, facts: &SideFacts, (left, right): (f64, f64), class: &str) {
    let bottom = TOP + HEIGHT;
    picture.rectangle(&format!("bar light {class}"), (left, TOP), (right, bottom), 2.0);
    if let Some(events) = facts.events {
        let height = HEIGHT * share(events, facts.rows);
        picture.rectangle(&format!("bar {class}"), (left, bottom - height), (right, bottom), 1.0);
    }
}
