//! Net benefit over threshold probabilities: does acting on the model do more good than acting on all or on nobody?

use super::super::data::ReportData;
use super::super::markup::{Grid, Text};
use super::super::number::{Digits, INTERVAL, threshold};
use super::super::picture::{Frame, Picture, Scale, WIDTH, legend, span};
use super::{Figure, LINES, binaries, champion, evenly, series};

const LEFT: f64 = 54.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = TOP + 250.0;

/// Net benefit of every model, with the band of the champion, against treating all and treating none.
pub(in super::super) fn net_benefit(data: &ReportData) -> Option<Figure> {
    let models = binaries(data);
    let (leading, _) = champion(data)?;
    let (_, _, first) = *models.iter().find(|(i, ..)| *i == leading).or(models.first())?;
    let whole = span(models.iter().flat_map(|(_, _, j)| j.net_benefit.x.iter().copied()))?;
    let best =
        span(models.iter().flat_map(|(_, _, j)| j.net_benefit.y.iter().chain(&j.net_benefit.high).copied()))
            .map_or(0.01, |(_, high)| high)
            .max(first.net_benefit_all.first().copied().unwrap_or(0.0))
            .max(1e-4);
    // Up to a little beyond the last threshold that the study names, or at which acting on some model still does good.
    let good = models.iter().flat_map(|(_, _, j)| j.net_benefit.x.iter().zip(&j.net_benefit.y));
    let useful = good
        .filter(|(_, y)| **y > 0.01 * best)
        .map(|(&x, _)| x)
        .chain(first.thresholds.iter().map(|row| row.threshold))
        .fold(whole.0, f64::max);
    let across = (whole.0, (1.25 * useful).clamp(whole.0 + 0.05, whole.1.max(whole.0 + 0.05)));

    let mut entries: Vec<(String, String)> =
        models.iter().map(|(i, model, _)| (format!("curve {}", series(*i)), model.name.clone())).collect();
    entries.push(("curve all".to_owned(), "Treat all".to_owned()));
    entries.push(("curve none".to_owned(), "Treat none".to_owned()));
    let height = BOTTOM + 46.0 + legend(&mut Picture::new("", 0.0, "", ""), 0.0, &entries);
    let mut picture = Picture::new("net-benefit", height, "Net benefit (decision curve)", &describe(&models));
    // A quarter below zero is enough to see where acting does harm; treating all falls off the picture there.
    let frame = Frame {
        x: Scale::linear(across, (LEFT, WIDTH - 10.0)),
        y: Scale::linear((-0.25 * best, 1.05 * best), (BOTTOM, TOP)),
    };
    frame.vertical(&mut picture, "Net benefit (true positives per row, net of harm)", 5);
    frame.horizontal(&mut picture, "Threshold probability", 5);
    frame.inside(&mut picture, "plot", |picture| {
        let band = &first.net_benefit;
        frame.band(picture, &format!("band {}", series(leading)), &band.x, &band.low, &band.high);
        frame.straight(picture, "curve none", (across.0, 0.0), (across.1, 0.0));
        frame.curve(picture, "curve all", &band.x, &first.net_benefit_all);
        for (i, _, judgement) in models.iter().rev() {
            let class = format!("curve {}", series(*i));
            frame.curve(picture, &class, &judgement.net_benefit.x, &judgement.net_benefit.y);
        }
    });
    legend(&mut picture, BOTTOM + 42.0, &entries);

    let digits = Digits::Fixed(4);
    let mut heads = vec!["Threshold".to_owned()];
    for (_, model, _) in &models {
        heads.push(model.name.clone());
        heads.push(format!("{INTERVAL}, {}", model.name));
    }
    heads.push("Treat all".to_owned());
    let at = |values: &[f64], i: usize| values.get(i).map_or_else(|| "–".to_owned(), |&v| digits.write(v));
    let rows = evenly(first.net_benefit.x.len(), LINES)
        .into_iter()
        .map(|i| {
            let mut row = vec![threshold(first.net_benefit.x[i])];
            for (_, _, judgement) in &models {
                let curve = &judgement.net_benefit;
                row.push(at(&curve.y, i));
                row.push(if curve.low.is_empty() {
                    "–".to_owned()
                } else {
                    format!("{} to {}", at(&curve.low, i), at(&curve.high, i))
                });
            }
            row.push(at(&first.net_benefit_all, i));
            row
        })
        .collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    Some(Figure::new(
        picture,
        "Net benefit",
        format!(
            "A threshold probability says how many alerts one accepts for one event found: at 10 %, nine false for one \
             true. The model is useful where its line lies above both treating all and treating none. Band: {INTERVAL} of {}.",
            Text(&data.models[leading].name)
        ),
        &Grid::new("Net benefit over thresholds", &heads, &[], rows),
    ))
}

fn describe(models: &[(usize, &super::ModelReport, &super::BinaryJudgement)]) -> String {
    let mut out = String::from(
        "Net benefit of each model over threshold probabilities, against treating all and none.",
    );
    for (_, model, judgement) in models {
        for row in judgement.thresholds.iter().take(3) {
            out.push_str(&format!(
                " {} at {}: {}.",
                model.name,
                threshold(row.threshold),
                Digits::Fixed(4).with_interval(&row.net_benefit)
            ));
        }
    }
    out
}
