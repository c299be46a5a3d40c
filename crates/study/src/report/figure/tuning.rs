//! What tuning tried and what it chose.

use bedside_validate::Estimate;

use super::super::data::{ModelReport, TriedSetting};
use super::super::markup::{Grid, Name};
use super::super::number::{ABSENT, Digits, digits_of};
use super::super::picture::{Anchor, Frame, IntervalRow, Picture, Scale, WIDTH, interval_rows, span};
use super::{Figure, ROWS, evenly, shown_of};

const LEFT: f64 = 58.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = TOP + 220.0;

/// The path of a penalty, or the settings one under the other, best first.
pub(in super::super) fn tuning(place: usize, model: &ModelReport) -> Option<Figure> {
    let tuning = &model.tuning;
    if tuning.tried.len() < 2 {
        return None;
    }
    let path = tuning.axis.contains("log");
    let drawn = tuning.tried.len().min(ROWS);
    let picture = if path { along(place, model) } else { listed(place, model) };
    let digits = wider(&tuning.measure);
    let rows = tuning
        .tried
        .iter()
        .map(|setting| {
            vec![
                format!(
                    "{}{}",
                    Name(&setting.label),
                    if setting.chosen { " <strong>(chosen)</strong>" } else { "" }
                ),
                digits.write(setting.mean),
                digits.write(setting.standard_error),
                setting.size.map_or_else(|| ABSENT.to_owned(), whole),
            ]
        })
        .collect();
    Some(Figure::new(
        picture,
        "Tuning",
        if path {
            format!(
                "Mean {} over the folds, with one standard error to both sides. The dashed line is what was chosen; numbers above are the size of the model.",
                super::Text(&tuning.measure)
            )
        } else {
            format!(
                "Mean {} over the folds, best first, with one standard error to both sides. The chosen setting is marked.{}",
                super::Text(&tuning.measure),
                shown_of(drawn, tuning.tried.len(), "settings")
            )
        },
        &Grid::new(
            format!("Settings that were tried, {}", model.name),
            &["Setting", &format!("Mean {}", tuning.measure), "Standard error", "Size"],
            &[],
            rows,
        ),
    ))
}

/// A size: trees and coefficients are whole, means over folds may not be.
fn whole(size: f64) -> String {
    if size.fract() == 0.0 { Digits::Fixed(0).write(size) } else { Digits::Fixed(1).write(size) }
}

/// One digit more than usual: settings differ little.
fn wider(measure: &str) -> Digits {
    match digits_of(measure) {
        Digits::Fixed(n) => Digits::Fixed(n + 1),
        other => other,
    }
}

fn along(place: usize, model: &ModelReport) -> Picture {
    let tuning = &model.tuning;
    let mut tried: Vec<&TriedSetting> =
        tuning.tried.iter().filter(|s| s.x.is_finite() && s.mean.is_finite()).collect();
    tried.sort_by(|a, b| a.x.total_cmp(&b.x));
    let column = |f: fn(&TriedSetting) -> f64| tried.iter().map(|s| f(s)).collect::<Vec<f64>>();
    let (x, mean) = (column(|s| s.x), column(|s| s.mean));
    let (low, high) = (column(|s| s.mean - s.standard_error), column(|s| s.mean + s.standard_error));
    let chosen = tried.iter().find(|s| s.chosen);
    let says = chosen.map_or_else(String::new, |s| {
        format!(" Chosen: {}, {} {}.", s.label, tuning.measure, wider(&tuning.measure).write(s.mean))
    });
    let mut picture = Picture::new(
        &format!("tuning-{place}"),
        BOTTOM + 44.0,
        "Tuning path",
        &format!("Mean {} over {}.{says}", tuning.measure, tuning.axis),
    );
    let frame = Frame {
        x: Scale::linear(span(x.iter().copied()).unwrap_or((0.0, 1.0)), (LEFT, WIDTH - 14.0)),
        y: Scale::linear(span(low.iter().chain(&high).copied()).unwrap_or((0.0, 1.0)), (BOTTOM, TOP))
            .rounded(5),
    };
    frame.vertical(&mut picture, "", 5);
    picture.text("axis", (4.0, 15.0), Anchor::Start, &format!("Mean {} ± standard error", tuning.measure));
    frame.horizontal(&mut picture, &tuning.axis, 6);
    for i in evenly(tried.len(), 6) {
        if let Some(size) = tried[i].size {
            let at = (frame.x.at(x[i]), TOP - 7.0);
            picture.text("soft", at, Anchor::Middle, &whole(size));
        }
    }
    if let Some(chosen) = chosen {
        let at = frame.x.at(chosen.x);
        picture.line("ideal", (at, TOP), (at, BOTTOM));
    }
    frame.band(&mut picture, "band s1", &x, &low, &high);
    frame.curve(&mut picture, "curve s1", &x, &mean);
    for setting in &tried {
        let (class, radius) = if setting.chosen { ("dot s2", 5.0) } else { ("fill s1", 1.7) };
        let says = format!("{}: {}", setting.label, wider(&tuning.measure).write(setting.mean));
        picture.point(class, (frame.x.at(setting.x), frame.y.at(setting.mean)), radius, &says);
    }
    picture
}

fn listed(place: usize, model: &ModelReport) -> Picture {
    let tuning = &model.tuning;
    let mut tried: Vec<&TriedSetting> = tuning.tried.iter().collect();
    let rising =
        !matches!(tuning.measure.to_lowercase().as_str(), "auroc" | "auprc" | "r²" | "r2" | "r-squared");
    tried.sort_by(|a, b| if rising { a.mean.total_cmp(&b.mean) } else { b.mean.total_cmp(&a.mean) });
    tried.truncate(ROWS);
    let rows: Vec<IntervalRow> = tried
        .iter()
        .map(|setting| IntervalRow {
            label: setting.label.clone(),
            remark: if setting.chosen { "chosen".to_owned() } else { String::new() },
            estimate: Some(Estimate {
                value: Some(setting.mean),
                low: Some(setting.mean - setting.standard_error),
                high: Some(setting.mean + setting.standard_error),
                how: "one standard error over folds".to_owned(),
            }),
            group: None,
            marked: setting.chosen,
            written: false,
        })
        .collect();
    let ends =
        rows.iter().filter_map(|r| r.estimate.as_ref()).flat_map(|e| [e.low, e.high].into_iter().flatten());
    let domain = span(ends).unwrap_or((0.0, 1.0));
    let said = tried.iter().find(|s| s.chosen).map_or_else(String::new, |s| format!(" Chosen: {}.", s.label));
    interval_rows(
        (
            &format!("tuning-{place}"),
            "Settings that were tried",
            &format!("Mean {} of {} settings, best first.{said}", tuning.measure, tuning.tried.len()),
        ),
        &rows,
        |range| Scale::linear(domain, range),
        None,
        (&format!("Mean {} ± standard error", tuning.measure), wider(&tuning.measure), false),
    )
}
