//! Table 1: every predictor by outcome, with what is missing.

use bedside_table::OutcomeKind;

use super::super::data::{ReportData, TableOneRow};
use super::super::markup::{Name, Text, put};
use super::super::number::{count, count_of, share, small_share};

/// The table.
pub(super) fn table_one(data: &ReportData) -> String {
    let mut out = String::new();
    if !data.preparation.is_empty() {
        out.push_str("<h3>How predictors were prepared</h3><ul>");
        for sentence in &data.preparation {
            put!(out, "<li>{}</li>", Text(sentence));
        }
        out.push_str("</ul>");
    }
    if data.table_one.is_empty() {
        return out;
    }
    let rows = data.flow.last().map_or(data.split.train.rows + data.split.held_out.rows, |step| step.rows);
    let continuous = data.study.outcome_kind == "continuous";
    let kind = if continuous { OutcomeKind::Continuous } else { OutcomeKind::Binary };
    let heads = crate::table_one::headings(kind);
    out.push_str(
        "<h3>Characteristics (Table 1)</h3><p>Numbers: median [quartiles]; what is only 0 or 1: rows with 1 (share); categories: rows (share). Missing is not one thing: \
         not measured, unreadable and out of the plausible range are counted apart. Bars: share of rows missing for any of \
         these reasons.</p>",
    );
    out.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table 1\"><table class=\"one\"><caption>Characteristics of the rows, by outcome</caption><thead><tr><th scope=\"col\">Predictor</th>");
    for head in heads {
        put!(out, "<th scope=\"col\" class=\"n\">{head}</th>");
    }
    out.push_str("<th scope=\"col\">Missing</th></tr></thead>");
    for group in data.table_one.chunk_by(|a, b| a.predictor == b.predictor) {
        out.push_str("<tbody>");
        for (i, row) in group.iter().enumerate() {
            line(&mut out, row, group, i, rows);
        }
        out.push_str("</tbody>");
    }
    out.push_str("</table></div>");
    out
}

fn line(out: &mut String, row: &TableOneRow, group: &[TableOneRow], i: usize, rows: usize) {
    let categorical = !row.level.is_empty();
    if categorical && i == 0 {
        let (unit, missing) = (unit(row), missing(row, rows));
        let name = Name(&row.predictor);
        put!(
            out,
            "<tr><th scope=\"row\">{name}{unit} <span class=\"soft\">{}</span></th><td></td><td></td><td></td><td>{missing}</td></tr>",
            match row.levels.unwrap_or(group.len()) {
                1 => "1 level".to_owned(),
                many => format!("{} levels", count(many)),
            }
        );
    }
    let name = if categorical {
        format!("<th scope=\"row\" class=\"level\">{}</th>", Name(&row.level))
    } else {
        format!("<th scope=\"row\">{}{}</th>", Name(&row.predictor), unit(row))
    };
    put!(out, "<tr>{name}");
    for cell in &row.cells {
        put!(out, "<td class=\"n\">{}</td>", Text(cell));
    }
    put!(out, "<td>{}</td></tr>", if categorical { String::new() } else { missing(row, rows) });
}

fn unit(row: &TableOneRow) -> String {
    row.unit
        .as_deref()
        .map_or_else(String::new, |unit| format!(" <span class=\"soft\">{}</span>", Text(unit)))
}

/// The share missing, drawn and written, with its kinds.
fn missing(row: &TableOneRow, rows: usize) -> String {
    let kinds = [
        (row.not_measured, "not measured"),
        (row.unreadable, "unreadable"),
        (row.out_of_range, "out of range"),
    ];
    if kinds.iter().all(|(n, _)| n.is_none()) {
        return String::new();
    }
    let all: usize = kinds.iter().filter_map(|(n, _)| *n).sum();
    let part = share(all, rows).clamp(0.0, 1.0);
    let width = format!("{:.1}", 100.0 * part);
    let words: Vec<String> = kinds
        .iter()
        .filter_map(|(n, kind)| n.filter(|&n| n > 0).map(|n| format!("{} {kind}", count_of(n, rows))))
        .collect();
    if words.is_empty() {
        return "<span class=\"soft\">none</span>".to_owned();
    }
    format!(
        "<span class=\"gap\"><span class=\"share\" style=\"--share:{width}%\"></span><span>{}</span></span><span class=\"kinds\">{}</span>",
        small_share(part),
        words.join(", ")
    )
}
