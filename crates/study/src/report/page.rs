//! The page: one HTML file that needs nothing else.

use super::data::ReportData;
use super::markup::{Text, put};
use super::section::{Section, headline, sections};

mod palette;

/// Everything but colours.
const STYLE: &str = include_str!("page/style.css");
/// What makes reading easier where scripts are allowed; nothing depends on it.
const COMFORT: &str = include_str!("page/comfort.js");

/// The report as one self-contained HTML page.
///
/// It is made from the data alone, so that the page of a saved `report.json` is the page of the run, byte for byte. It
/// loads nothing from anywhere and may be mailed, archived or printed; it follows the reader's dark or light preference,
/// works from a telephone to a wide screen, without scripts and with a screen reader: every picture has a title, a
/// description and a table of its numbers. Every text that people wrote is escaped.
///
/// The order is what STRATOS and TRIPOD+AI ask to see first: what the model is and must not be used for, how good it is
/// with intervals, whether it meets the objectives fixed in advance, then participants, data, performance, comparison,
/// subgroups, explanations, fits, the checklist, the model card and the manifest.
#[must_use]
pub fn page(data: &ReportData) -> String {
    let sections = sections(data);
    let mut out = String::with_capacity(1 << 19);
    put!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <meta name=\"generator\" content=\"bedside {}\"><title>{}</title><style>{}{STYLE}</style></head><body>",
        Text(&data.manifest.version),
        Text(&data.study.title),
        palette::css()
    );
    out.push_str("<a class=\"skip\" href=\"#main\">Skip to the report</a><div class=\"page\">");
    contents(&mut out, &sections);
    out.push_str("<main id=\"main\">");
    out.push_str(&headline(data));
    for (i, section) in sections.iter().enumerate() {
        put!(
            out,
            "<section id=\"{0}\" aria-labelledby=\"{0}-h\"><h2 id=\"{0}-h\"><span class=\"number\">{1}</span>{2}</h2>{3}</section>",
            section.id,
            i + 1,
            section.heading,
            section.body
        );
    }
    put!(
        out,
        "<footer><p>Made by bedside {} from the data of one run; the same numbers are in <code>report.json</code>.</p></footer>",
        Text(&data.manifest.version)
    );
    put!(out, "</main></div><script>{COMFORT}</script></body></html>\n");
    out
}

fn contents(out: &mut String, sections: &[Section]) {
    out.push_str("<nav class=\"contents\" aria-label=\"Contents\"><p>Contents</p><ol>");
    for section in sections {
        put!(out, "<li><a href=\"#{}\">{}</a></li>", section.id, section.heading);
    }
    out.push_str("</ol></nav>");
}

#[cfg(test)]
mod tests {
    use super::super::well_formed::check;
    use super::super::{data::ReportData, fixture};
    use super::*;

    fn all() -> Vec<(&'static str, ReportData)> {
        let mut one = fixture::readmission();
        one.models.truncate(1);
        one.comparisons.clear();
        one.models[0].subgroups.clear();
        one.models[0].coefficients.clear();
        vec![
            ("readmission", fixture::readmission()),
            ("one model", one),
            ("stay", fixture::stay()),
            ("empty", fixture::empty()),
            ("hostile", fixture::hostile()),
            ("broken", fixture::broken()),
        ]
    }

    #[test]
    fn every_page_is_well_formed_and_needs_nothing() {
        for (name, data) in all() {
            let page = page(&data);
            check(&page).unwrap_or_else(|e| panic!("{name}: {e}"));
            for outside in ["src=\"", "@import", "href=\"http", "url(http", "<link", "<iframe", "fetch("] {
                assert!(!page.contains(outside), "{name}: {outside}");
            }
            let words = page.split(|c: char| !c.is_alphanumeric());
            assert!(words.clone().all(|w| !matches!(w, "NaN" | "inf")), "{name}");
        }
    }

    #[test]
    fn every_picture_says_what_it_shows_and_has_a_table() {
        for (name, data) in all() {
            let page = page(&data);
            for svg in page.split("<svg").skip(1) {
                let svg = svg.split("</svg>").next().unwrap_or_default();
                let (_, inside) = svg.split_once('>').expect("svg tag");
                assert!(inside.starts_with("<title id="), "{name}: {svg:.200}");
                let desc = svg.split_once("<desc id=").expect("desc").1;
                assert!(desc.find("</desc>").is_some_and(|at| at > 20), "{name}: {svg:.200}");
            }
            for figure in page.split("<figure").skip(1) {
                assert!(figure.split("</figure>").next().is_some_and(|f| f.contains("<table>")), "{name}");
            }
        }
        let page = page(&fixture::readmission());
        for id in [
            "flow",
            "split",
            "roc",
            "precision-recall",
            "calibration-0",
            "net-benefit",
            "risks-0",
            "importance-0",
            "coefficients-1",
            "subgroups-auroc-0",
            "subgroups-observed-expected-0",
            "tuning-0",
            "tuning-1",
            "folds",
        ] {
            assert!(page.contains(&format!("<figure id=\"{id}\" ")), "{id}");
        }
    }

    #[test]
    fn what_people_write_stays_text() {
        let page = page(&fixture::hostile());
        assert!(!page.contains("<script>alert"), "a script came through");
        assert!(!page.contains("onerror=\"") && !page.contains("<img"), "an attribute came through");
        assert!(page.contains("&lt;script&gt;alert"));
        assert!(page.contains("<bdi>العمر</bdi>"));
        assert!(page.contains("200 levels"));
        assert!(!page.contains('\u{202E}'));
        assert_eq!(page.matches("<script>").count(), 1);
        assert_eq!(page.matches("<style>").count(), 1);
    }

    #[test]
    fn the_key_estimates_appear_with_their_intervals() {
        use super::super::number::Digits;
        let data = fixture::readmission();
        let page = page(&data);
        for model in &data.models {
            let j = super::super::figure::binary(model).expect("binary");
            for (digits, estimate) in [
                (Digits::Fixed(3), &j.auroc),
                (Digits::Fixed(2), &j.calibration_slope),
                (Digits::Fixed(2), &j.calibration_intercept),
                (Digits::Fixed(2), &j.observed_expected),
                (Digits::Fixed(3), &j.ici),
                (Digits::Percent(1), &j.scaled_brier),
                (Digits::Fixed(4), &j.thresholds[0].net_benefit),
            ] {
                assert!(page.contains(&digits.estimate(estimate)), "{estimate:?}");
                assert!(page.contains(&digits.interval(estimate).expect("interval")), "{estimate:?}");
            }
        }
        assert!(page.contains("✗ not met") && page.contains("✓ met"));
        for never in ["F1", "ccuracy"] {
            assert!(!page.contains(never), "{never}");
        }
    }

    #[test]
    fn ids_are_unique_and_links_lead_somewhere() {
        for (name, data) in all() {
            let page = page(&data);
            let mut ids: Vec<&str> =
                page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            ids.sort_unstable();
            let before = ids.len();
            ids.dedup();
            assert_eq!(before, ids.len(), "{name}");
            for link in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(ids.binary_search(&link).is_ok(), "{name}: {link}");
            }
        }
    }

    #[test]
    fn simulated_data_are_called_simulated() {
        let mut data = fixture::readmission();
        assert!(!page(&data).contains("These data are simulated"));
        data.study.simulated = true;
        assert!(page(&data).contains("These data are simulated"));
    }

    /// Writes the pages to the folder named by `BEDSIDE_PAGES`, to be looked at in a browser.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a person asked for files")]
    fn pages_to_look_at() {
        let Ok(folder) = std::env::var("BEDSIDE_PAGES") else {
            return;
        };
        for (name, data) in all() {
            let name = name.replace(' ', "-");
            for (ending, text) in [
                ("html", page(&data)),
                ("txt", super::super::terminal(&data, false)),
                ("md", super::super::card(&data)),
            ] {
                let file = std::path::Path::new(&folder).join(format!("{name}.{ending}"));
                std::fs::write(file, text).expect("written");
            }
        }
    }
}
