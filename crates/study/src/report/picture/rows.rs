//! Rows of estimates with intervals, one under the other: forest plots, coefficients, importance.

use bedside_validate::Estimate;

use super::super::number::{ABSENT, Digits};
use super::{Anchor, Picture, Scale, WIDTH, fit, width_of};

/// One row: a name, a remark beside it and an estimate, when there is one.
#[derive(Debug, Clone)]
pub(in super::super) struct IntervalRow {
    /// What it is.
    pub(in super::super) label: String,
    /// Beside it, softer: how many rows, or why there is no estimate.
    pub(in super::super) remark: String,
    /// The estimate.
    pub(in super::super) estimate: Option<Estimate>,
    /// A heading above: the first row of a group.
    pub(in super::super) group: Option<String>,
    /// Whether this is the row to look at.
    pub(in super::super) marked: bool,
    /// Whether the interval is written beside the estimate.
    pub(in super::super) written: bool,
}

const ROW: f64 = 35.0;
const GROUP: f64 = 24.0;
const TOP: f64 = 6.0;
/// What bold headings of 13 units need, as a size of ordinary letters.
const BOLD: f64 = 14.5;

/// Draws the rows: the label and the written estimate on one line, its point and interval under them, so that long names
/// and narrow screens do not fight. `reference` is a vertical line with its name; `bars` draws from the reference.
pub(in super::super) fn interval_rows(
    (id, title, description): (&str, &str, &str),
    rows: &[IntervalRow],
    scale: impl Fn((f64, f64)) -> Scale,
    reference: Option<(f64, &str)>,
    (axis, digits, bars): (&str, Digits, bool),
) -> Picture {
    let groups = rows.iter().filter(|row| row.group.is_some()).count();
    #[expect(clippy::cast_precision_loss, reason = "a few dozen rows")]
    let bottom = TOP + ROW * rows.len() as f64 + GROUP * groups as f64 + 4.0;
    let mut picture = Picture::new(id, bottom + 40.0, title, description);
    let scale = scale((14.0, WIDTH - 14.0));

    for (at, label) in scale.ticks(5) {
        let x = scale.at(at);
        picture.line("grid", (x, TOP), (x, bottom));
        picture.text("tick", (x, bottom + 16.0), Anchor::Middle, &label);
    }
    picture.line("base", (14.0, bottom), (WIDTH - 14.0, bottom));
    picture.text("axis", (WIDTH / 2.0, bottom + 33.0), Anchor::Middle, axis);
    if let Some((at, _)) = reference.filter(|(at, _)| scale.holds(*at)) {
        picture.line("ideal", (scale.at(at), TOP), (scale.at(at), bottom));
    }

    let mut y = TOP;
    for row in rows {
        if let Some(group) = &row.group {
            picture.text("group", (4.0, y + 17.0), Anchor::Start, &fit(group, BOLD, WIDTH - 8.0));
            y += GROUP;
        }
        draw_row(&mut picture, row, y, &scale, digits, bars.then_some(reference.map_or(0.0, |(at, _)| at)));
        y += ROW;
    }
    picture
}

fn draw_row(
    picture: &mut Picture,
    row: &IntervalRow,
    y: f64,
    scale: &Scale,
    digits: Digits,
    bar_from: Option<f64>,
) {
    let class = if row.marked { "s2" } else { "s1" };
    let written = row.estimate.as_ref().map_or_else(
        || ABSENT.to_owned(),
        |e| if row.written { digits.with_interval(e) } else { digits.estimate(e) },
    );
    let room = WIDTH - 8.0 - width_of(&written, 11.5) - 10.0;
    let label = fit(&row.label, 12.0, room);
    let left = room - width_of(&label, 12.0) - 8.0;
    let remark = if left > 30.0 { fit(&row.remark, 11.0, left) } else { String::new() };
    picture.remarked(if row.marked { "group halo" } else { "label halo" }, (4.0, y + 14.0), &label, &remark);
    picture.text("value halo", (WIDTH - 4.0, y + 14.0), Anchor::End, &written);
    let Some(estimate) = &row.estimate else { return };
    let middle = y + 25.0;
    if let (Some(from), Some(to)) =
        (bar_from.and_then(|from| scale.held(from)), estimate.value.and_then(|v| scale.held(v)))
    {
        picture.rectangle(&format!("bar {class}"), (from, middle - 4.0), (to, middle + 4.0), 1.0);
    }
    let limits = if bar_from.is_some() { "ink" } else { class };
    if let (Some(low), Some(high)) =
        (estimate.low.and_then(|v| scale.held(v)), estimate.high.and_then(|v| scale.held(v)))
    {
        picture.line(&format!("whisker {limits}"), (low, middle), (high, middle));
        // An interval that leaves the picture ends in an arrow, not in a cap.
        for (end, value, out) in [(low, estimate.low, -1.0), (high, estimate.high, 1.0)] {
            if value.is_some_and(|v| scale.holds(v)) {
                picture.line(&format!("whisker {limits}"), (end, middle - 4.0), (end, middle + 4.0));
            } else {
                picture.path(
                    &format!("arrow {limits}"),
                    &[(end, middle - 4.0), (end + 5.0 * out, middle), (end, middle + 4.0)],
                    true,
                );
            }
        }
    }
    if bar_from.is_none()
        && let Some(x) = estimate.value.filter(|&v| scale.holds(v)).and_then(|v| scale.held(v))
    {
        picture.point(&format!("dot {class}"), (x, middle), 4.0, &format!("{}: {written}", row.label));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_estimate_is_shown_as_absent() {
        let row = IntervalRow {
            label: "a".into(),
            remark: "no events".into(),
            estimate: None,
            group: Some("g".into()),
            marked: false,
            written: true,
        };
        let scale = |range| Scale::linear((0.0, 1.0), range);
        let svg =
            interval_rows(("p", "t", "d"), &[row], scale, None, ("AUROC", Digits::Fixed(3), false)).svg();
        assert!(svg.contains("no events") && svg.contains(ABSENT), "{svg}");
    }

    #[test]
    fn an_interval_that_leaves_the_scale_ends_in_an_arrow() {
        let estimate = Estimate { value: Some(0.5), low: Some(0.4), high: Some(7.0), how: String::new() };
        let row = IntervalRow {
            label: "a".into(),
            remark: String::new(),
            estimate: Some(estimate),
            group: None,
            marked: false,
            written: true,
        };
        let scale = |range| Scale::linear((0.0, 1.0), range);
        let svg = interval_rows(("p", "t", "d"), &[row], scale, None, ("x", Digits::Fixed(2), false)).svg();
        assert_eq!(svg.matches("class=\"arrow s1\"").count(), 1, "{svg}");
    }
}
