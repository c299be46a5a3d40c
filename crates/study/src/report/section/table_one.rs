//! Table 1: every predictor by outcome, with what is missing.

use bedside_table::OutcomeKind;
use bedside_validate::Estimate;

use super::super::data::{Importance, ReportData, TableOneRow};
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
    out.push_str(
        "<h3>Characteristics (Table 1)</h3><p>Numbers: median [quartiles]; what is only 0 or 1: rows with 1 (share); categories: rows (share). Missing is not one thing: \
         not measured, unreadable and out of the plausible range are counted apart. Bars: share of rows missing for any of \
         these reasons.</p>",
    );
    let groups: Vec<&[TableOneRow]> = data.table_one.chunk_by(|a, b| a.predictor == b.predictor).collect();
    let used = if groups.len() > MANY { most_used(data) } else { Vec::new() };
    let group = |predictor: &&str| groups.iter().find(|group| group[0].predictor == **predictor).copied();
    let chosen: Vec<_> = used.iter().filter_map(group).collect();
    if chosen.is_empty() {
        table(&mut out, data, &groups, rows, "Characteristics of the rows, by outcome");
        return out;
    }
    put!(
        out,
        "<p>Of {} predictors these are the {} that the champion {} (held-out permutation importance), those that matter most first.</p>",
        count(groups.len()),
        count(chosen.len()),
        if chosen.len() < FIRST { "needs" } else { "needs most" }
    );
    table(&mut out, data, &chosen, rows, "Characteristics of the rows, by outcome: the predictors used most");
    put!(out, "<details><summary>All {} predictors</summary>", count(groups.len()));
    table(&mut out, data, &groups, rows, "Characteristics of the rows, by outcome: all predictors");
    out.push_str("</details>");
    out
}

/// More predictors than this are not read one after the other: those that matter come first.
const MANY: usize = 60;
/// How many those are.
const FIRST: usize = 30;

/// The predictors that the champion needs most: without which it does otherwise on held-out rows.
fn most_used(data: &ReportData) -> Vec<&str> {
    let champion = data.models.iter().find(|model| model.champion);
    let needed = |importance: &&Importance| {
        let Estimate { value, low, high, .. } = &importance.drop;
        [*value, *low, *high].into_iter().flatten().any(|drop| drop != 0.0)
    };
    champion.map_or_else(Vec::new, |model| {
        let needed = model.importance.iter().filter(needed).take(FIRST);
        needed.map(|importance| importance.predictor.as_str()).collect()
    })
}

fn table(out: &mut String, data: &ReportData, groups: &[&[TableOneRow]], rows: usize, caption: &str) {
    let continuous = data.study.outcome_kind == "continuous";
    let kind = if continuous { OutcomeKind::Continuous } else { OutcomeKind::Binary };
    put!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table class=\"one\"><caption>{caption}</caption><thead><tr><th scope=\"col\">Predictor</th>"
    );
    for head in crate::table_one::headings(kind) {
        put!(out, "<th scope=\"col\" class=\"n\">{head}</th>");
    }
    out.push_str("<th scope=\"col\">Missing</th></tr></thead>");
    for group in groups {
        out.push_str("<tbody>");
        for (i, row) in group.iter().enumerate() {
            line(out, row, group, i, rows);
        }
        out.push_str("</tbody>");
    }
    out.push_str("</table></div>");
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

#[cfg(test)]
mod tests {
    use super::super::super::fixture;
    use super::*;

    #[test]
    fn of_many_predictors_those_that_matter_come_first() {
        let mut data = fixture::readmission();
        let few = table_one(&data);
        assert!(!few.contains("<details>") && few.matches("<table").count() == 1);
        let row = data.table_one[0].clone();
        data.table_one =
            (0..200).map(|number| TableOneRow { predictor: format!("x{number}"), ..row.clone() }).collect();
        let champion = data.models.iter_mut().find(|model| model.champion).unwrap();
        let importance = champion.importance[0].clone();
        champion.importance = (0..200)
            .rev()
            .map(|number| Importance { predictor: format!("x{number}"), ..importance.clone() })
            .collect();
        let many = table_one(&data);
        let (first, all) = many.split_once("<details>").unwrap();
        assert_eq!((first.matches("<tbody>").count(), all.matches("<tbody>").count()), (FIRST, 200));
        assert!(first.contains(">x199<") && !first.contains(">x0<"));
        assert!(first.find(">x199<") < first.find(">x198<"), "those that matter most come first");
        assert!(first.contains("Of 200 predictors these are the 30 that the champion needs most"));

        // What the champion does not need is not among them, though its place may be early.
        let champion = data.models.iter_mut().find(|model| model.champion).unwrap();
        for importance in &mut champion.importance[3..] {
            importance.drop =
                Estimate { value: Some(0.0), low: Some(0.0), high: Some(0.0), ..importance.drop.clone() };
        }
        champion.importance[150].drop.low = Some(-0.1);
        let few = table_one(&data);
        let (first, _) = few.split_once("<details>").unwrap();
        assert_eq!(first.matches("<tbody>").count(), 4);
        assert!(
            first.contains("these are the 4 that the champion needs (") && first.contains(">x49<"),
            "{first}"
        );
    }
}
