//! Distribution of risks by outcome: events upwards, non-events downwards.

use super::super::data::ModelReport;
use super::super::markup::Grid;
use super::super::number::{Digits, count, share};
use super::super::picture::{Anchor, Frame, Picture, Scale, WIDTH};
use super::{Figure, binary, risk_limit};

const LEFT: f64 = 44.0;
const TOP: f64 = 44.0;
const HALF: f64 = 120.0;
const MIDDLE: f64 = TOP + HALF;
const BOTTOM: f64 = MIDDLE + HALF;

/// Mirrored histogram: each side as shares of its own group, with quartiles.
pub(in super::super) fn risks(place: usize, model: &ModelReport) -> Option<Figure> {
    let judgement = binary(model)?;
    let risks = &judgement.risks;
    let bins = risks.edges.len().saturating_sub(1).min(risks.events.len()).min(risks.non_events.len());
    if bins == 0 {
        return None;
    }
    let (events, others): (usize, usize) = (risks.events.iter().sum(), risks.non_events.iter().sum());
    let up: Vec<f64> = risks.events[..bins].iter().map(|&n| share(n, events)).collect();
    let down: Vec<f64> = risks.non_events[..bins].iter().map(|&n| share(n, others)).collect();
    let most = up.iter().chain(&down).copied().fold(0.0, f64::max).max(1e-6);
    let quartiles = |q: Option<[f64; 3]>| {
        q.map_or_else(
            || "none".to_owned(),
            |q| {
                let [low, median, high] = q.map(|v| Digits::Percent(1).write(v));
                format!("median {median} ({low} to {high})")
            },
        )
    };
    let (with, without) = (quartiles(risks.event_quartiles), quartiles(risks.non_event_quartiles));

    let mut picture = Picture::new(
        &format!("risks-{place}"),
        BOTTOM + 72.0,
        "Distribution of risks by outcome",
        &format!("Predicted risks among events: {with}. Among non-events: {without}."),
    );
    let across = Scale::linear((0.0, risk_limit(judgement, 0.0)), (LEFT, WIDTH - 10.0)).rounded(5);
    let above = Frame { x: across, y: Scale::linear((0.0, most), (MIDDLE, TOP)) };
    let below = Frame { x: across, y: Scale::linear((0.0, most), (MIDDLE, BOTTOM)) };
    for (at, label) in above.y.ticks(3) {
        let label = if at == 0.0 { label } else { Digits::Percent(usize::from(most < 0.05)).write(at) };
        for y in [above.y.at(at), below.y.at(at)] {
            picture.line("grid", (LEFT, y), (WIDTH - 10.0, y));
            picture.text("tick", (LEFT - 6.0, y + 4.0), Anchor::End, &label);
            if at == 0.0 {
                break;
            }
        }
    }
    picture.text("axis", (4.0, 15.0), Anchor::Start, "Share of the group in each bin of risk");
    for (frame, shares, class, name) in [(&above, &up, "bar s2", "up"), (&below, &down, "bar s1", "down")] {
        frame.inside(&mut picture, name, |picture| {
            for (i, &height) in shares.iter().enumerate().filter(|(_, s)| **s > 0.0) {
                let (a, b) = (across.at(risks.edges[i]), across.at(risks.edges[i + 1]));
                let inset = (0.08 * (b - a)).min(0.5);
                picture.rectangle(class, (a + inset, frame.y.at(0.0)), (b - inset, frame.y.at(height)), 0.0);
            }
        });
    }
    marks(&mut picture, &above, risks.event_quartiles, "s2");
    marks(&mut picture, &below, risks.non_event_quartiles, "s1");
    let right = WIDTH - 12.0;
    picture.text(
        "label halo",
        (right, TOP + 10.0),
        Anchor::End,
        &format!("With the event (n = {})", count(events)),
    );
    picture.text("soft halo", (right, TOP + 26.0), Anchor::End, &with);
    picture.text(
        "label halo",
        (right, BOTTOM - 18.0),
        Anchor::End,
        &format!("Without (n = {})", count(others)),
    );
    picture.text("soft halo", (right, BOTTOM - 2.0), Anchor::End, &without);
    let axis = Frame { x: across, y: Scale::linear((0.0, 1.0), (BOTTOM + 16.0, BOTTOM)) };
    axis.horizontal(&mut picture, "Predicted risk", 5);

    let percent = Digits::Percent(1);
    let rows = (0..bins)
        .filter(|&i| risks.events[i] + risks.non_events[i] > 0)
        .map(|i| {
            vec![
                format!("{} to {}", percent.write(risks.edges[i]), percent.write(risks.edges[i + 1])),
                count(risks.events[i]),
                percent.write(up[i]),
                count(risks.non_events[i]),
                percent.write(down[i]),
            ]
        })
        .collect();
    Some(Figure::new(
        picture,
        "Risks by outcome",
        "The further the two distributions lie apart, the better the model tells events from non-events. Strokes along the middle: from the first to the third quartile, with the median.",
        &Grid::new(
            format!("Distribution of risks by outcome, {}", model.name),
            &["Risk", "Events", "Share", "Non-events", "Share"],
            &[],
            rows,
        ),
    ))
}

/// Quartiles on the base line: a bar from the first to the third, a stroke at the median.
fn marks(picture: &mut Picture, frame: &Frame, quartiles: Option<[f64; 3]>, class: &str) {
    let places: Vec<f64> = quartiles.iter().flatten().filter_map(|&q| frame.x.held(q)).collect();
    let &[low, median, high] = places.as_slice() else { return };
    let side = (frame.y.range().1 - frame.y.range().0).signum();
    let y = MIDDLE + 5.0 * side;
    picture.line(&format!("quartile {class}"), (low, y), (high, y));
    picture.line(&format!("median {class}"), (median, MIDDLE + side), (median, MIDDLE + 10.0 * side));
}
