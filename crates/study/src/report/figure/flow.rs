//! Participant flow: who was excluded, in order, and who remained.

use super::super::data::{FlowStep, ReportData};
use super::super::markup::{Grid, Text};
use super::super::number::{ABSENT, count, count_of};
use super::super::picture::{Anchor, Picture, WIDTH, wrap};
use super::Figure;

const MAIN: f64 = 176.0;
const SIDE: f64 = 204.0;
const LINE: f64 = 15.0;

/// Boxes of those who remain, with those who left beside the way down, ending in the two sides of the split.
pub(in super::super) fn flow(data: &ReportData) -> Option<Figure> {
    if data.flow.is_empty() {
        return None;
    }
    let drawn = draw(data, 4000.0).1;
    let picture = draw(data, drawn).0;
    let rows = data
        .flow
        .iter()
        .map(|step| {
            vec![
                Text(&step.label).to_string(),
                count(step.removed),
                count(step.rows),
                step.patients.map_or_else(|| ABSENT.to_owned(), count),
                step.events.map_or_else(|| ABSENT.to_owned(), |events| count_of(events, step.rows)),
            ]
        })
        .collect();
    Some(Figure::new(
        picture,
        "Participant flow",
        "From what was read to what was analysed.",
        &Grid::new(
            "Participant flow",
            &["Step", "Left", "Rows that remain", "Patients", "Events"],
            &[],
            rows,
        ),
    ))
}

fn draw(data: &ReportData, height: f64) -> (Picture, f64) {
    let said: Vec<String> = data
        .flow
        .iter()
        .map(|step| format!("{}: {} left, {} rows remain", step.label, count(step.removed), count(step.rows)))
        .collect();
    let mut picture = Picture::new("flow", height, "Participant flow", &format!("{}.", said.join("; ")));
    let mut y = 4.0;
    for (i, step) in data.flow.iter().enumerate() {
        if i > 0 {
            y = leaving(&mut picture, y, step);
        }
        y = remaining(&mut picture, y, step, if i == 0 { step.label.as_str() } else { "Remain" });
    }
    y = halves(&mut picture, y, data);
    (picture, y + 4.0)
}

/// A box on the way down.
fn remaining(picture: &mut Picture, y: f64, step: &FlowStep, name: &str) -> f64 {
    let mut lines = wrap(name, 12.0, MAIN - 20.0, 2);
    lines.push(format!("{} rows", count(step.rows)));
    let mut more = Vec::new();
    if let Some(patients) = step.patients {
        more.push(format!("{} patients", count(patients)));
    }
    if let Some(events) = step.events {
        more.push(format!("{} events", count(events)));
    }
    boxed(picture, (4.0, y), MAIN, &lines, &more)
}

/// The arrow down, and the box of those who leave.
fn leaving(picture: &mut Picture, y: f64, step: &FlowStep) -> f64 {
    let width = WIDTH - 4.0 - SIDE;
    let why = wrap(&step.label, 11.0, width - 18.0, 5);
    let number = vec![format!("{} left", count(step.removed))];
    let bottom = boxed(picture, (SIDE, y + 8.0), width, &number, &why);
    let middle = f64::midpoint(y + 8.0, bottom);
    let x = 4.0 + MAIN / 2.0;
    picture.line("way", (x, y), (x, bottom + 2.0));
    picture.line("way", (x, middle), (SIDE - 6.0, middle));
    arrow_head(picture, (SIDE, middle), (1.0, 0.0));
    arrow_head(picture, (x, bottom + 8.0), (0.0, 1.0));
    bottom + 8.0
}

/// The two sides of the split.
fn halves(picture: &mut Picture, y: f64, data: &ReportData) -> f64 {
    let width = 166.0;
    let right = WIDTH - 4.0 - width;
    let from = 4.0 + MAIN / 2.0;
    let (left_x, right_x) = (4.0 + width / 2.0, right + width / 2.0);
    let fork = y + 12.0;
    picture.line("way", (from, y), (from, fork));
    picture.line("way", (left_x, fork), (right_x, fork));
    let mut bottom = y;
    for (x, centre, name, side) in
        [(4.0, left_x, "Training", &data.split.train), (right, right_x, "Held out", &data.split.held_out)]
    {
        picture.line("way", (centre, fork), (centre, fork + 8.0));
        arrow_head(picture, (centre, fork + 14.0), (0.0, 1.0));
        let mut more = Vec::new();
        if let Some(patients) = side.patients {
            more.push(format!("{} patients", count(patients)));
        }
        if let Some(events) = side.events {
            more.push(format!("{} events", count_of(events, side.rows)));
        }
        let lines = vec![name.to_owned(), format!("{} rows", count(side.rows))];
        bottom = boxed(picture, (x, fork + 14.0), width, &lines, &more).max(bottom);
    }
    bottom
}

fn boxed(picture: &mut Picture, (x, y): (f64, f64), width: f64, lines: &[String], more: &[String]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let height = LINE * (lines.len() + more.len()) as f64 + 14.0;
    picture.rectangle("box", (x, y), (x + width, y + height), 5.0);
    let mut at = y + 18.0;
    for (class, line) in lines.iter().map(|l| ("label", l)).chain(more.iter().map(|l| ("soft", l))) {
        picture.text(class, (x + 9.0, at), Anchor::Start, line);
        at += LINE;
    }
    y + height
}

fn arrow_head(picture: &mut Picture, (x, y): (f64, f64), (dx, dy): (f64, f64)) {
    let back = (x - 6.0 * dx, y - 6.0 * dy);
    let (a, b) = ((back.0 - 4.0 * dy, back.1 - 4.0 * dx), (back.0 + 4.0 * dy, back.1 + 4.0 * dx));
    picture.path("head", &[(x, y), a, b], true);
}
