//! HTML that cannot be broken by what people write: every text of theirs goes through [`Text`].

use std::fmt;

/// Appends formatted markup. Names in it must be wrapped in [`Text`] or [`Name`].
macro_rules! put {
    ($out:expr, $($rest:tt)*) => { $out.push_str(&format!($($rest)*)) };
}
pub(super) use put;

/// A text of people, escaped for element content and quoted attributes.
///
/// Control characters and characters that turn the writing direction around become `U+FFFD`: the first are not allowed in
/// HTML, the second can make a page show something else than it says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => f.write_char(c)?,
                _ if c.is_control() || turns_direction(c) => f.write_char('\u{FFFD}')?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A name of people (column, level, model) inside a line of ours: isolated, so that right-to-left names do not disturb it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name<'a>(pub(super) &'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<bdi>{}</bdi>", Text(self.0))
    }
}

/// A sentence of ours with names of people in backticks, which become isolated code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sentence<'a>(pub(super) &'a str);

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((before, (name, after))) =
            rest.split_once('`').and_then(|(before, from)| Some((before, from.split_once('`')?)))
        {
            write!(f, "{}<code><bdi>{}</bdi></code>", Text(before), Text(name))?;
            rest = after;
        }
        write!(f, "{}", Text(rest))
    }
}

fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// At most so many characters, with an ellipsis when cut.
pub(super) fn shorten(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let kept: String = text.chars().take(characters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A table: a caption for those who cannot see it, headings, and rows of cells that are markup already.
///
/// The first cell of each row is its heading. Columns other than the first are numbers and set flush right, unless
/// `words` names them.
#[derive(Debug)]
pub(super) struct Grid {
    caption: String,
    heads: Vec<String>,
    words: &'static [usize],
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// Caption and headings are plain text, cells are markup.
    pub(super) fn new(
        caption: impl Into<String>,
        heads: &[&str],
        words: &'static [usize],
        rows: Vec<Vec<String>>,
    ) -> Self {
        Self {
            caption: caption.into(),
            heads: heads.iter().map(|&head| head.to_owned()).collect(),
            words,
            rows,
        }
    }

    /// The table in its own scrolling frame.
    pub(super) fn html(&self) -> String {
        let class = |column: usize| match column {
            0 => "",
            _ if self.words.contains(&column) => " class=\"w\"",
            _ => " class=\"n\"",
        };
        let mut out = format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table><caption>{0}</caption><thead><tr>",
            Text(&self.caption)
        );
        for (column, head) in self.heads.iter().enumerate() {
            put!(out, "<th scope=\"col\"{}>{}</th>", class(column), Text(head));
        }
        out.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            out.push_str("<tr>");
            for (column, cell) in row.iter().enumerate() {
                if column == 0 {
                    put!(out, "<th scope=\"row\">{cell}</th>");
                } else {
                    put!(out, "<td{}>{cell}</td>", class(column));
                }
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div>");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_write_becomes_markup() {
        assert_eq!(Text("<script>'\"&").to_string(), "&lt;script&gt;&#39;&quot;&amp;");
        assert_eq!(Text("a\u{202E}b\u{0}c\u{1b}d").to_string(), "a\u{FFFD}b\u{FFFD}c\u{FFFD}d");
        assert_eq!(Name("سن").to_string(), "<bdi>سن</bdi>");
        assert_eq!(shorten("glomerular", 5), "glom…");
        assert_eq!(shorten("👩‍⚕️", 5), "👩‍⚕️");
    }

    #[test]
    fn a_grid_marks_headings_and_numbers() {
        let grid = Grid::new("C", &["a", "b", "c"], &[2], vec![vec!["x".into(), "1".into(), "w".into()]]);
        let html = grid.html();
        assert!(
            html.contains("<th scope=\"row\">x</th><td class=\"n\">1</td><td class=\"w\">w</td>"),
            "{html}"
        );
    }
}
