//! The pictures of the report. Each is a [`Figure`]: a picture, how to read it, and the numbers behind it.

mod calibration;
mod coefficients;
mod discrimination;
mod flow;
mod folds;
mod forest;
mod importance;
mod net_benefit;
mod risks;
mod split;
mod tuning;

use bedside_validate::{BinaryJudgement, ContinuousJudgement, Judgement};

use super::data::{ModelReport, ReportData};
use super::markup::{Grid, Text};
use super::number::count;
use super::picture::Picture;

pub(super) use calibration::{calibration, calibration_of_numbers};
pub(super) use coefficients::coefficients;
pub(super) use discrimination::{precision_recall, roc};
pub(super) use flow::flow;
pub(super) use folds::folds;
pub(super) use forest::subgroups;
pub(super) use importance::importance;
pub(super) use net_benefit::net_benefit;
pub(super) use risks::risks;
pub(super) use split::split;
pub(super) use tuning::tuning;

/// Rows drawn at most in a picture of rows; the table behind it has all.
const ROWS: usize = 25;
/// Lines written at most in the table behind a curve; the data of the report have all points.
const LINES: usize = 21;

/// A picture with its caption and its table.
#[derive(Debug)]
pub(super) struct Figure {
    picture: Picture,
    /// Heading, plain text.
    heading: String,
    /// What it shows and how to read it, markup.
    caption: String,
    /// The table behind it, markup.
    table: String,
}

impl Figure {
    fn new(picture: Picture, heading: impl Into<String>, caption: impl Into<String>, table: &Grid) -> Self {
        Self { picture, heading: heading.into(), caption: caption.into(), table: table.html() }
    }

    /// Puts the model's name before the heading, where figures of several models stand together.
    pub(super) fn name(&mut self, model: &str) {
        self.heading = format!("{model}: {}", self.heading);
    }

    /// The figure as HTML.
    pub(super) fn html(&self) -> String {
        format!(
            "<figure id=\"{0}\" aria-labelledby=\"{0}-h\"><div class=\"picture\"><h4 id=\"{0}-h\">{1}</h4><p>{2}</p>{3}</div><details class=\"numbers\"><summary>Numbers behind this picture</summary>{4}</details></figure>",
            Text(self.picture.id()),
            Text(&self.heading),
            self.caption,
            self.picture.svg(),
            self.table
        )
    }
}

/// Figures side by side where there is room.
pub(super) fn side_by_side(figures: impl IntoIterator<Item = Option<Figure>>) -> String {
    let figures: String = figures.into_iter().flatten().map(|figure| figure.html()).collect();
    if figures.is_empty() { figures } else { format!("<div class=\"figures\">{figures}</div>") }
}

/// The model that is sealed; the first where none is marked.
pub(super) fn champion(data: &ReportData) -> Option<(usize, &ModelReport)> {
    let marked = data.models.iter().position(|model| model.champion).unwrap_or(0);
    data.models.get(marked).map(|model| (marked, model))
}

/// The judgement of risks, when there is one.
pub(super) fn binary(model: &ModelReport) -> Option<&BinaryJudgement> {
    match &model.held_out {
        Judgement::Binary(judgement) => Some(judgement),
        Judgement::Continuous(_) => None,
    }
}

/// The judgement of numbers, when there is one.
pub(super) fn continuous(model: &ModelReport) -> Option<&ContinuousJudgement> {
    match &model.held_out {
        Judgement::Continuous(judgement) => Some(judgement),
        Judgement::Binary(_) => None,
    }
}

/// Models that judge risks, with their place in the study: the place decides colour and dashes.
fn binaries(data: &ReportData) -> Vec<(usize, &ModelReport, &BinaryJudgement)> {
    data.models.iter().enumerate().filter_map(|(i, model)| Some((i, model, binary(model)?))).collect()
}

/// Class of the i-th model: colour and dashes.
fn series(i: usize) -> String {
    format!("s{}", i % 6 + 1)
}

/// At most `most` evenly chosen positions of `n`, both ends among them.
fn evenly(n: usize, most: usize) -> Vec<usize> {
    if n <= most {
        return (0..n).collect();
    }
    (0..most).map(|i| i * (n - 1) / (most - 1)).collect()
}

/// A remark for tables that do not hold everything.
fn shown_of(shown: usize, all: usize, what: &str) -> String {
    if shown < all {
        format!(" {} of {} {what} are drawn; the table has all.", count(shown), count(all))
    } else {
        String::new()
    }
}

/// The risk below which nearly all rows lie (99.5 %), never below what `least` needs: the useful part of a risk axis.
fn risk_limit(judgement: &BinaryJudgement, least: f64) -> f64 {
    let risks = &judgement.risks;
    let rows =
        |i: usize| risks.events.get(i).copied().unwrap_or(0) + risks.non_events.get(i).copied().unwrap_or(0);
    let bins = risks.edges.len().saturating_sub(1);
    let all: usize = (0..bins).map(rows).sum();
    let mut seen = 0;
    let mut limit = 1.0;
    for i in 0..bins {
        seen += rows(i);
        if seen * 1000 >= all * 995 {
            limit = risks.edges[i + 1];
            break;
        }
    }
    limit.max(least).clamp(0.02, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evenly_chosen_positions_have_both_ends() {
        assert_eq!(evenly(3, 5), [0, 1, 2]);
        assert_eq!(evenly(100, 4), [0, 33, 66, 99]);
        assert!(evenly(0, 4).is_empty());
    }
}
