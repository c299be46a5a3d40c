//! A frame: two scales with axes, and marks placed by them.

use super::{Anchor, Picture, Scale, width_of, wrap};

/// The plotting area of a picture.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Frame {
    /// Horizontal scale.
    pub(in super::super) x: Scale,
    /// Vertical scale (its range runs downwards).
    pub(in super::super) y: Scale,
}

impl Frame {
    fn corners(&self) -> ((f64, f64), (f64, f64)) {
        let ((left, right), (bottom, top)) = (self.x.range(), self.y.range());
        ((left, top), (right, bottom))
    }

    /// Gridlines and numbers of the vertical axis, with its title written above the frame, flush left.
    pub(in super::super) fn vertical(&self, picture: &mut Picture, title: &str, ticks: usize) {
        let ((left, top), (right, _)) = self.corners();
        for (at, label) in self.y.ticks(ticks) {
            let y = self.y.at(at);
            picture.line("grid", (left, y), (right, y));
            picture.text("tick", (left - 6.0, y + 4.0), Anchor::End, &label);
        }
        picture.text("axis", (4.0, top - 11.0), Anchor::Start, title);
    }

    /// Line, ticks, numbers and title of the horizontal axis.
    pub(in super::super) fn horizontal(&self, picture: &mut Picture, title: &str, ticks: usize) {
        let ((left, _), (right, bottom)) = self.corners();
        picture.line("base", (left, bottom), (right, bottom));
        for (at, label) in self.x.ticks(ticks) {
            let x = self.x.at(at);
            picture.line("base", (x, bottom), (x, bottom + 4.0));
            // A label at the edge stays inside the picture.
            let half = width_of(&label, 12.0) / 2.0;
            picture.text("tick", (x.min(super::WIDTH - half), bottom + 17.0), Anchor::Middle, &label);
        }
        picture.text("axis", ((left + right) / 2.0, bottom + 34.0), Anchor::Middle, title);
    }

    /// Draws inside the frame only.
    pub(in super::super) fn inside(
        &self,
        picture: &mut Picture,
        name: &str,
        draw: impl FnOnce(&mut Picture),
    ) {
        let (a, b) = self.corners();
        picture.clipped(name, a, b, draw);
    }

    /// A curve.
    pub(in super::super) fn curve(&self, picture: &mut Picture, class: &str, x: &[f64], y: &[f64]) {
        for run in finite_runs(x, y) {
            let points: Vec<_> = run.into_iter().map(|(x, y)| (self.x.at(x), self.y.at(y))).collect();
            picture.path(class, &points, false);
        }
    }

    /// A band between two curves over the same positions; nothing when there is none.
    pub(in super::super) fn band(
        &self,
        picture: &mut Picture,
        class: &str,
        x: &[f64],
        low: &[f64],
        high: &[f64],
    ) {
        if low.len() != x.len() || high.len() != x.len() {
            return;
        }
        let finite: Vec<usize> =
            (0..x.len()).filter(|&i| x[i].is_finite() && low[i].is_finite() && high[i].is_finite()).collect();
        let mut points: Vec<_> = finite.iter().map(|&i| (self.x.at(x[i]), self.y.at(low[i]))).collect();
        points.extend(finite.iter().rev().map(|&i| (self.x.at(x[i]), self.y.at(high[i]))));
        picture.path(class, &points, true);
    }

    /// A vertical whisker, when both ends are finite.
    pub(in super::super) fn whisker(&self, picture: &mut Picture, class: &str, x: f64, low: f64, high: f64) {
        if let (true, Some(low), Some(high)) = (self.x.holds(x), self.y.held(low), self.y.held(high)) {
            let x = self.x.at(x);
            picture.line(class, (x, low), (x, high));
        }
    }

    /// A straight line between two points of the domain.
    pub(in super::super) fn straight(
        &self,
        picture: &mut Picture,
        class: &str,
        from: (f64, f64),
        to: (f64, f64),
    ) {
        picture.line(class, (self.x.at(from.0), self.y.at(from.1)), (self.x.at(to.0), self.y.at(to.1)));
    }
}

/// A legend of lines under a picture: (class, text) each. Returns the height it took.
pub(in super::super) fn legend(picture: &mut Picture, top: f64, entries: &[(String, String)]) -> f64 {
    let mut y = top;
    for (class, text) in entries {
        picture.line(class, (8.0, y + 8.0), (36.0, y + 8.0));
        for line in wrap(text, 12.0, super::WIDTH - 48.0, 2) {
            picture.text("label", (44.0, y + 12.0), Anchor::Start, &line);
            y += 16.0;
        }
        y += 3.0;
    }
    y - top
}

/// Runs of neighbouring points that are finite in both coordinates.
fn finite_runs(x: &[f64], y: &[f64]) -> Vec<Vec<(f64, f64)>> {
    let mut runs: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    for (&x, &y) in x.iter().zip(y) {
        if x.is_finite() && y.is_finite() {
            if let Some(run) = runs.last_mut() {
                run.push((x, y));
            }
        } else if runs.last().is_some_and(|run| !run.is_empty()) {
            runs.push(Vec::new());
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_in_a_curve_stays_a_hole() {
        let runs = finite_runs(&[0.0, 1.0, 2.0, 3.0, 4.0], &[0.0, 1.0, f64::NAN, 3.0, 4.0]);
        assert_eq!(runs.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    }

    #[test]
    fn a_band_without_limits_is_not_drawn() {
        let frame =
            Frame { x: Scale::linear((0.0, 1.0), (0.0, 10.0)), y: Scale::linear((0.0, 1.0), (10.0, 0.0)) };
        let mut picture = Picture::new("p", 10.0, "t", "d");
        let before = picture.svg();
        frame.band(&mut picture, "band", &[0.0, 1.0], &[], &[]);
        assert_eq!(picture.svg(), before);
    }
}
