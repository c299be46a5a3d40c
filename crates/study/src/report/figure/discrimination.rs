//! ROC and precision-recall curves, all models in one picture.

use bedside_validate::{Curve, Estimate};

use super::super::data::ReportData;
use super::super::markup::{Grid, Text};
use super::super::number::{Digits, INTERVAL, share};
use super::super::picture::{Frame, Picture, Scale, WIDTH, legend};
use super::{Figure, LINES, binaries, evenly, series};

const LEFT: f64 = 44.0;
const TOP: f64 = 26.0;
const SIDE: f64 = WIDTH - LEFT - 8.0;

/// The ROC curve of every model.
pub(in super::super) fn roc(data: &ReportData) -> Option<Figure> {
    let curves: Vec<Line<'_>> = binaries(data)
        .into_iter()
        .map(|(i, model, judgement)| Line {
            i,
            name: &model.name,
            area: &judgement.auroc,
            curve: &judgement.roc,
        })
        .collect();
    let picture = draw(
        "roc",
        "ROC curve",
        ("1 − specificity", "Sensitivity"),
        "AUROC",
        &curves,
        |frame, picture| {
            frame.straight(picture, "chance", (0.0, 0.0), (1.0, 1.0));
        },
    )?;
    Some(Figure::new(
        picture,
        "ROC curve",
        format!(
            "For every possible threshold, the share of events found against the share of non-events alerted. The area \
             (AUROC, {INTERVAL}) is the probability that a row with the event has the higher risk. The dotted diagonal is chance.",
        ),
        &table(&curves, "ROC curve", ["Model", "1 − specificity", "Sensitivity"]),
    ))
}

/// The precision-recall curve of every model.
pub(in super::super) fn precision_recall(data: &ReportData) -> Option<Figure> {
    let binaries = binaries(data);
    let (_, _, first) = *binaries.first()?;
    let frequency = share(first.events, first.rows);
    let curves: Vec<Line<'_>> = binaries
        .into_iter()
        .map(|(i, model, judgement)| Line {
            i,
            name: &model.name,
            area: &judgement.auprc,
            curve: &judgement.precision_recall,
        })
        .collect();
    let axes = ("Recall (sensitivity)", "Precision (positive predictive value)");
    let picture =
        draw("precision-recall", "Precision-recall curve", axes, "AUPRC", &curves, |frame, picture| {
            frame.straight(picture, "chance", (0.0, frequency), (1.0, frequency));
        })?;
    Some(Figure::new(
        picture,
        "Precision-recall curve",
        format!(
            "The share of alerts that are right against the share of events found. The dotted line is the event frequency \
             ({}), which alerts at random would reach; AUPRC can only be compared at the same frequency.",
            Digits::Percent(1).write(frequency)
        ),
        &table(&curves, "Precision-recall curve", ["Model", "Recall", "Precision"]),
    ))
}

struct Line<'a> {
    i: usize,
    name: &'a str,
    area: &'a Estimate,
    curve: &'a Curve,
}

fn draw(
    id: &str,
    title: &str,
    (across, up): (&str, &str),
    measure: &str,
    lines: &[Line<'_>],
    chance: impl FnOnce(&Frame, &mut Picture),
) -> Option<Picture> {
    if lines.is_empty() {
        return None;
    }
    let says: Vec<String> = lines
        .iter()
        .map(|line| format!("{}: {measure} {}", line.name, Digits::Fixed(3).with_interval(line.area)))
        .collect();
    let entries: Vec<(String, String)> = lines
        .iter()
        .zip(&says)
        .map(|(line, says)| (format!("curve {}", series(line.i)), says.clone()))
        .collect();
    let bottom = TOP + SIDE;
    // The height of the legend is known only when it has been set: set it once on a picture that is thrown away.
    let height = bottom + 46.0 + legend(&mut Picture::new("", 0.0, "", ""), 0.0, &entries);
    let mut picture =
        Picture::new(id, height, title, &format!("{up} against {across}, from 0 to 1. {}.", says.join("; ")));
    let frame = Frame {
        x: Scale::linear((0.0, 1.0), (LEFT, LEFT + SIDE)),
        y: Scale::linear((0.0, 1.0), (bottom, TOP)),
    };
    frame.vertical(&mut picture, up, 5);
    frame.horizontal(&mut picture, across, 5);
    chance(&frame, &mut picture);
    frame.inside(&mut picture, "plot", |picture| {
        for line in lines.iter().rev() {
            frame.curve(picture, &format!("curve {}", series(line.i)), &line.curve.x, &line.curve.y);
        }
    });
    legend(&mut picture, bottom + 42.0, &entries);
    Some(picture)
}

fn table(lines: &[Line<'_>], caption: &str, heads: [&str; 3]) -> Grid {
    let digits = Digits::Fixed(3);
    let rows = lines
        .iter()
        .flat_map(|line| {
            let n = line.curve.x.len().min(line.curve.y.len());
            evenly(n, LINES / lines.len().clamp(1, 2)).into_iter().map(|at| {
                vec![
                    Text(line.name).to_string(),
                    digits.write(line.curve.x[at]),
                    digits.write(line.curve.y[at]),
                ]
            })
        })
        .collect();
    Grid::new(caption, &heads, &[], rows)
}
