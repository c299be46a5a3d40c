//! The canvas: SVG elements with classes, a title and a description.

use super::super::markup::{Text, put};
use super::WIDTH;

/// Which side of a text stands at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Anchor {
    /// It begins there.
    Start,
    /// Its middle is there.
    Middle,
    /// It ends there.
    End,
}

/// One picture under construction.
#[derive(Debug)]
pub(in super::super) struct Picture {
    id: String,
    height: f64,
    title: String,
    description: String,
    body: String,
}

impl Picture {
    /// An empty picture. `id` must be unique on the page; title and description are its text alternative.
    pub(in super::super) fn new(id: &str, height: f64, title: &str, description: &str) -> Self {
        Self {
            id: id.to_owned(),
            height,
            title: title.to_owned(),
            description: description.to_owned(),
            body: String::new(),
        }
    }

    /// Its id.
    pub(in super::super) fn id(&self) -> &str {
        &self.id
    }

    /// A straight line.
    pub(in super::super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        put!(
            self.body,
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            place(from.0),
            place(from.1),
            place(to.0),
            place(to.1)
        );
    }

    /// A rectangle from one corner to another.
    pub(in super::super) fn rectangle(&mut self, class: &str, a: (f64, f64), b: (f64, f64), corner: f64) {
        put!(
            self.body,
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
            place(a.0.min(b.0)),
            place(a.1.min(b.1)),
            place((a.0 - b.0).abs()),
            place((a.1 - b.1).abs())
        );
        if corner > 0.0 {
            put!(self.body, " rx=\"{}\"", place(corner));
        }
        self.body.push_str("/>");
    }

    /// A filled circle, with a text that appears under the pointer.
    pub(in super::super) fn point(&mut self, class: &str, at: (f64, f64), radius: f64, says: &str) {
        put!(
            self.body,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"><title>{}</title></circle>",
            place(at.0),
            place(at.1),
            place(radius),
            Text(says)
        );
    }

    /// A path through points, closed when asked.
    pub(in super::super) fn path(&mut self, class: &str, points: &[(f64, f64)], closed: bool) {
        if points.len() < 2 {
            return;
        }
        put!(self.body, "<path class=\"{class}\" d=\"");
        for (i, &(x, y)) in points.iter().enumerate() {
            put!(self.body, "{}{} {}", if i == 0 { 'M' } else { 'L' }, place(x), place(y));
        }
        self.body.push_str(if closed { "Z\"/>" } else { "\"/>" });
    }

    /// A text.
    pub(in super::super) fn text(&mut self, class: &str, at: (f64, f64), anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        put!(
            self.body,
            "<text class=\"{class}\" x=\"{}\" y=\"{}\"{anchor}>{}</text>",
            place(at.0),
            place(at.1),
            Text(text)
        );
    }

    /// A text with a softer remark after it, wherever it ends.
    pub(in super::super) fn remarked(&mut self, class: &str, at: (f64, f64), text: &str, remark: &str) {
        put!(self.body, "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}", place(at.0), place(at.1), Text(text));
        if !remark.is_empty() {
            put!(self.body, "<tspan class=\"soft\" dx=\"7\">{}</tspan>", Text(remark));
        }
        self.body.push_str("</text>");
    }

    /// What is drawn inside is cut at the rectangle.
    pub(in super::super) fn clipped(
        &mut self,
        name: &str,
        a: (f64, f64),
        b: (f64, f64),
        draw: impl FnOnce(&mut Self),
    ) {
        let clip = format!("{}-{name}", self.id);
        put!(self.body, "<clipPath id=\"{}\">", Text(&clip));
        self.rectangle("clip", a, b, 0.0);
        put!(self.body, "</clipPath><g clip-path=\"url(#{})\">", Text(&clip));
        draw(self);
        self.body.push_str("</g>");
    }

    /// The picture as SVG.
    pub(in super::super) fn svg(&self) -> String {
        let id = Text(&self.id);
        format!(
            "<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>{}</svg>",
            place(self.height),
            Text(&self.title),
            Text(&self.description),
            self.body
        )
    }
}

/// A place with at most one digit after the point: a tenth of a pixel. What is not finite falls outside the picture.
fn place(value: f64) -> String {
    if !value.is_finite() {
        return "-9999".to_owned();
    }
    let text = format!("{:.1}", value.clamp(-9999.0, 9999.0));
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_says_what_it_shows_and_escapes_it() {
        let mut picture = Picture::new("p", 100.0, "A <b>", "D & d");
        picture.text("t", (1.25, f64::NAN), Anchor::End, "<script>");
        picture.point("s1", (1.0, 2.0), 3.0, "\"x\"");
        let svg = picture.svg();
        assert!(
            svg.contains("<title id=\"p-t\">A &lt;b&gt;</title><desc id=\"p-d\">D &amp; d</desc>"),
            "{svg}"
        );
        assert!(svg.contains("&lt;script&gt;") && !svg.contains("NaN"), "{svg}");
    }

    #[test]
    fn places_are_short() {
        assert_eq!((place(1.0), place(-0.01), place(12.34)), ("1".into(), "0".into(), "12.3".into()));
    }
}
