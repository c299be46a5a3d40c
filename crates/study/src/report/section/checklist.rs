//! The TRIPOD+AI checklist: what the run answers, and what is left to the authors.

use super::super::data::ReportData;
use super::super::markup::{Text, put};

/// All items in order. Open ones are shown as open.
pub(super) fn checklist(data: &ReportData) -> String {
    if data.tripod.is_empty() {
        return String::new();
    }
    let answered =
        data.tripod.iter().filter(|item| item.answer.is_some() && item.still_open.is_none()).count();
    let partly = data.tripod.iter().filter(|item| item.answer.is_some() && item.still_open.is_some()).count();
    let open = data.tripod.len() - answered - partly;
    let mut out = format!(
        "<p>TRIPOD+AI (Collins et al., BMJ 2024;385:e078378) asks for {} items; the wording here is our own. The run answers \
         <b>{answered}</b> from its own facts and <b>{partly}</b> in part; <b>{open}</b> are open and are the authors’ to \
         write.</p>",
        data.tripod.len()
    );
    out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"TRIPOD+AI checklist\"><table class=\"tripod\"><caption>TRIPOD+AI checklist</caption><thead><tr><th scope=\"col\">Item</th><th scope=\"col\">What it asks</th><th scope=\"col\">What the run answers</th></tr></thead>");
    for group in data.tripod.chunk_by(|a, b| a.section == b.section) {
        let section = group.first().map_or("", |item| item.section.as_str());
        put!(
            out,
            "<tbody><tr><th scope=\"rowgroup\" colspan=\"3\" class=\"part\">{}</th></tr>",
            Text(section)
        );
        for item in group {
            put!(out, "<tr><th scope=\"row\">{}</th><td>{}</td><td>", Text(&item.item), Text(&item.asks));
            match &item.answer {
                Some(answer) => put!(out, "{}", Text(answer)),
                None => out.push_str("<span class=\"pill open\">open</span>"),
            }
            if let (Some(_), Some(rest)) = (&item.answer, &item.still_open) {
                put!(out, " <span class=\"pill open\">open</span> {}", Text(rest));
            }
            out.push_str("</td></tr>");
        }
        out.push_str("</tbody>");
    }
    out.push_str("</table></div>");
    out
}
