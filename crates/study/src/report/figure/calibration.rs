//! Calibration: what was predicted against what was observed, with the distribution of predictions under it.

use bedside_validate::{BinaryJudgement, CalibrationGroup, ContinuousJudgement, Curve, Estimate};

use super::super::data::ModelReport;
use super::super::markup::{Grid, Name};
use super::super::number::{Digits, INTERVAL, count};
use super::super::picture::{Anchor, Frame, Picture, Scale, WIDTH, span};
use super::{Figure, binary, continuous, risk_limit};

const LEFT: f64 = 48.0;
const RIGHT: f64 = WIDTH - 10.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = TOP + 290.0;
const HISTOGRAM: f64 = 52.0;

/// Calibration of risks: flexible curve with band, tenths of risk, the ideal line, and the risks under it.
pub(in super::super) fn calibration(place: usize, model: &ModelReport) -> Option<Figure> {
    let judgement = binary(model)?;
    let groups = &judgement.calibration_groups;
    let highest = span(
        groups
            .iter()
            .flat_map(|g| [g.expected, g.observed.value.unwrap_or(0.0), g.observed.high.unwrap_or(0.0)]),
    );
    let limit = risk_limit(judgement, highest.map_or(0.0, |(_, high)| high.min(1.0)));
    let across = Scale::linear((0.0, limit), (LEFT, RIGHT)).rounded(5);
    let frame = Frame { x: across, y: Scale::linear(across.domain(), (BOTTOM, TOP)) };

    let description = format!(
        "Observed event frequency against predicted risk. Calibration slope {}, intercept {}, observed over expected {}, \
         integrated calibration index {}. The diagonal is ideal.",
        Digits::Fixed(2).with_interval(&judgement.calibration_slope),
        Digits::Fixed(2).with_interval(&judgement.calibration_intercept),
        Digits::Fixed(2).with_interval(&judgement.observed_expected),
        Digits::Fixed(3).with_interval(&judgement.ici),
    );
    let mut picture = Picture::new(
        &format!("calibration-{place}"),
        BOTTOM + HISTOGRAM + 58.0,
        "Calibration plot",
        &description,
    );
    frame.vertical(&mut picture, "Observed event frequency", 5);
    frame.straight(&mut picture, "ideal", (0.0, 0.0), (across.domain().1, across.domain().1));
    plot(&frame, &mut picture, &judgement.calibration, groups);
    histogram(&frame, &mut picture, judgement);

    let rows = group_rows(groups, Digits::Percent(1));
    Some(Figure::new(
        picture,
        "Calibration",
        format!(
            "Of the rows given a risk of, say, 20 %, did 20 % have the event? The curve should follow the dashed diagonal; \
             under it, risks are too high. Band: {INTERVAL}. Points: tenths of risk with {INTERVAL}. Bars: how many rows \
             have which risk.",
        ),
        &Grid::new(
            format!("Calibration by tenths of risk, {}", model.name),
            &["Tenth", "Rows", "Mean risk", "Observed", INTERVAL],
            &[],
            rows,
        ),
    ))
}

/// Calibration of predicted numbers.
pub(in super::super) fn calibration_of_numbers(place: usize, model: &ModelReport) -> Option<Figure> {
    let judgement: &ContinuousJudgement = continuous(model)?;
    let groups = &judgement.calibration_groups;
    let curve = &judgement.calibration;
    let ends = groups
        .iter()
        .flat_map(|g| {
            [
                g.expected,
                g.observed.value.unwrap_or(f64::NAN),
                g.observed.low.unwrap_or(f64::NAN),
                g.observed.high.unwrap_or(f64::NAN),
            ]
        })
        .chain(if groups.is_empty() { curve.x.clone() } else { Vec::new() });
    let across = Scale::linear(span(ends).unwrap_or((0.0, 1.0)), (LEFT, RIGHT)).rounded(5);
    let frame = Frame { x: across, y: Scale::linear(across.domain(), (BOTTOM, TOP)) };
    let description = format!(
        "Observed outcome against prediction. Calibration slope {}, intercept {}. The diagonal is ideal.",
        Digits::Fixed(2).with_interval(&judgement.calibration_slope),
        Digits::Significant(3).with_interval(&judgement.calibration_intercept),
    );
    let mut picture =
        Picture::new(&format!("calibration-{place}"), BOTTOM + 44.0, "Calibration plot", &description);
    frame.vertical(&mut picture, "Observed outcome", 5);
    frame.horizontal(&mut picture, "Predicted outcome", 5);
    let (low, high) = across.domain();
    frame.straight(&mut picture, "ideal", (low, low), (high, high));
    plot(&frame, &mut picture, curve, groups);
    Some(Figure::new(
        picture,
        "Calibration",
        format!(
            "Mean outcome of rows with similar predictions; the curve should follow the dashed diagonal. Band and \
             whiskers: {INTERVAL}.",
        ),
        &Grid::new(
            format!("Calibration by tenths of the prediction, {}", model.name),
            &["Tenth", "Rows", "Mean prediction", "Mean outcome", INTERVAL],
            &[],
            group_rows(groups, Digits::Significant(4)),
        ),
    ))
}

fn plot(frame: &Frame, picture: &mut Picture, curve: &Curve, groups: &[CalibrationGroup]) {
    frame.inside(picture, "plot", |picture| {
        frame.band(picture, "band s1", &curve.x, &curve.low, &curve.high);
        frame.curve(picture, "curve s1", &curve.x, &curve.y);
    });
    for group in groups {
        let Estimate { value, low, high, .. } = group.observed;
        if let (Some(low), Some(high)) = (low, high) {
            frame.whisker(picture, "whisker ink", group.expected, low, high);
        }
        if let Some(value) = value.filter(|&value| frame.x.holds(group.expected) && frame.y.holds(value)) {
            let says =
                format!("expected {:.3}, observed {value:.3}, {} rows", group.expected, count(group.rows));
            picture.point("dot ink", (frame.x.at(group.expected), frame.y.at(value)), 3.2, &says);
        }
    }
}

/// The distribution of risks under the plot, on the same axis: a share of all rows per bin.
fn histogram(above: &Frame, picture: &mut Picture, judgement: &BinaryJudgement) {
    let risks = &judgement.risks;
    let bins = risks.edges.len().saturating_sub(1).min(risks.events.len()).min(risks.non_events.len());
    let rows: Vec<usize> = (0..bins).map(|i| risks.events[i] + risks.non_events[i]).collect();
    let most = rows.iter().copied().max().unwrap_or(0).max(1);
    let (top, bottom) = (BOTTOM + 12.0, BOTTOM + 12.0 + HISTOGRAM);
    #[expect(clippy::cast_precision_loss, reason = "rows stay far below 2^53")]
    let frame = Frame { x: above.x, y: Scale::linear((0.0, most as f64), (bottom, top)) };
    frame.inside(picture, "risks", |picture| {
        for (i, &n) in rows.iter().enumerate().filter(|(_, n)| **n > 0) {
            #[expect(clippy::cast_precision_loss, reason = "rows stay far below 2^53")]
            let height = frame.y.at(n as f64);
            let (a, b) = (frame.x.at(risks.edges[i]), frame.x.at(risks.edges[i + 1]));
            // A bin is never thinner than half a pixel, so that a lone row far out is seen.
            picture.rectangle("bar quiet", (a + 0.3, height.min(bottom - 0.5)), (b - 0.3, bottom), 0.0);
        }
    });
    frame.horizontal(picture, "Predicted risk", 5);
    picture.text("tick", (LEFT - 6.0, top + 14.0), Anchor::End, "Rows");
}

fn group_rows(groups: &[CalibrationGroup], digits: Digits) -> Vec<Vec<String>> {
    groups
        .iter()
        .enumerate()
        .map(|(i, group)| {
            vec![
                (i + 1).to_string(),
                count(group.rows),
                digits.write(group.expected),
                digits.estimate(&group.observed),
                digits.interval(&group.observed).unwrap_or_else(|| Name("–").to_string()),
            ]
        })
        .collect()
}
