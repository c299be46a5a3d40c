//! Findings: warnings first.

use super::super::data::ReportData;
use super::super::markup::{Sentence, put};

/// What was found on the way.
pub(super) fn findings(data: &ReportData) -> String {
    if data.findings.is_empty() {
        return "<p>The checks of the run found nothing that a reader must be warned of.</p>".to_owned();
    }
    let mut out = String::from("<ul class=\"findings\">");
    let (warnings, notes): (Vec<_>, Vec<_>) =
        data.findings.iter().partition(|finding| finding.level == "warning");
    for (class, word, findings) in [("warning", "Warning", warnings), ("note", "Note", notes)] {
        for finding in findings {
            put!(out, "<li class=\"{class}\"><p><b>{word}.</b> {}</p>", Sentence(&finding.text));
            if !finding.hint.is_empty() {
                put!(out, "<p class=\"hint\">{}</p>", Sentence(&finding.hint));
            }
            out.push_str("</li>");
        }
    }
    out.push_str("</ul>");
    out
}
