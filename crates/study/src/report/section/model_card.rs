//! The model card, as on its own page in the bundle.

use super::super::card::{Block, blocks};
use super::super::data::ReportData;
use super::super::markup::{Sentence, Text, put};

/// The same facts as the Markdown card.
pub(super) fn model_card(data: &ReportData) -> String {
    if data.models.is_empty() {
        return String::new();
    }
    let mut out = String::from("<div class=\"card\">");
    for block in blocks(data) {
        match block {
            Block::Heading(text) => put!(out, "<h3>{}</h3>", Text(&text)),
            Block::Paragraph(text) => put!(out, "<p>{}</p>", Text(&text)),
            Block::List(items) => {
                out.push_str("<ul>");
                for item in items {
                    put!(out, "<li>{}</li>", Sentence(&item));
                }
                out.push_str("</ul>");
            }
        }
    }
    out.push_str("</div>");
    out
}
