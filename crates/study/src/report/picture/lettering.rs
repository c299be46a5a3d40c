//! How wide a text is, roughly: enough to wrap and cut lines in a picture without knowing the reader's font.

/// Width of a text in units at this size, for the widest of the usual sans-serifs: rather too wide than too narrow.
pub(in super::super) fn width_of(text: &str, size: f64) -> f64 {
    size * text.chars().map(advance).sum::<f64>()
}

fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' => 0.29,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '\u{a0}' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 0.92,
        'A'..='Z' => 0.72,
        '0'..='9' => 0.64,
        // Joiners and selectors have no width; whole blocks of wide letters and pictographs have one em and more.
        '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' | '\u{300}'..='\u{36F}' => 0.0,
        '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' => 1.05,
        '\u{2600}'..='\u{27BF}' | '\u{1F000}'..='\u{1FAFF}' => 1.35,
        _ => 0.62,
    }
}

/// The text, cut with an ellipsis so that it fits.
pub(in super::super) fn fit(text: &str, size: f64, width: f64) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if width_of(&text, size) <= width {
        return text;
    }
    let mut kept = String::new();
    let mut used = size * advance('…');
    for c in text.chars() {
        used += size * advance(c);
        if used > width {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// The text in at most so many lines that fit; what does not fit is cut with an ellipsis.
pub(in super::super) fn wrap(text: &str, size: f64, width: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.peek() {
        if out.len() + 1 >= lines {
            let rest: Vec<&str> = words.collect();
            out.push(fit(&rest.join(" "), size, width));
            return out;
        }
        let mut line = String::new();
        if width_of(word, size) > width {
            // One word that is longer than a line: cut inside.
            line = fit(word, size, width);
            words.next();
        }
        while let Some(word) = words.peek() {
            let longer = if line.is_empty() { (*word).to_owned() } else { format!("{line} {word}") };
            if width_of(&longer, size) > width {
                break;
            }
            line = longer;
            words.next();
        }
        out.push(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_nothing_is_lost_without_an_ellipsis() {
        let text = "died or went to hospice: cannot be readmitted within thirty days";
        let lines = wrap(text, 12.0, 150.0, 5);
        assert!(lines.len() > 1 && lines.iter().all(|l| width_of(l, 12.0) <= 150.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
        let cut = wrap(text, 12.0, 100.0, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…'));
        assert!(width_of(&fit(&"W".repeat(500), 12.0, 90.0), 12.0) <= 90.0);
        assert!(wrap("", 12.0, 100.0, 3).is_empty());
        assert_eq!(wrap(&"x".repeat(400), 12.0, 90.0, 3).len(), 1);
    }
}
