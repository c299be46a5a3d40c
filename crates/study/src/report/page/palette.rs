//! Colours: one list, for light, dark and print.
//!
//! The series follow Okabe and Ito's colour-blind-safe set (*Color Universal Design*, 2008), darkened on light paper and
//! lightened on dark so that lines keep a contrast of 3:1 and texts of 4.5:1 (WCAG 2.2, 1.4.3 and 1.4.11).

/// Name, on light paper, on dark.
const COLOURS: &[(&str, &str, &str)] = &[
    ("paper", "#f8f8f6", "#10141a"),
    ("panel", "#ffffff", "#181d25"),
    ("ink", "#1b222c", "#e7eaef"),
    ("soft", "#55606d", "#a6b0bd"),
    ("hair", "#e2e5e9", "#2b333f"),
    ("base", "#7d8794", "#77828f"),
    ("link", "#005a8f", "#7cc3f5"),
    ("s1", "#0072b2", "#5ab4f0"),
    ("s2", "#c04a00", "#ff9a5c"),
    ("s3", "#007a5a", "#3ccb9f"),
    ("s4", "#a8487d", "#e59bc7"),
    ("s5", "#8a6200", "#e8bc4a"),
    ("s6", "#4a5568", "#b0bac8"),
    ("good", "#1a6b3a", "#78dba1"),
    ("good-paper", "#e4f3e9", "#13301f"),
    ("bad", "#a3200f", "#ffa293"),
    ("bad-paper", "#fce8e4", "#3b1813"),
    ("warn", "#704700", "#f5cf78"),
    ("warn-paper", "#fff2d4", "#33280d"),
];

/// Custom properties: light by default and in print, dark where the reader prefers it or chose it.
pub(super) fn css() -> String {
    let list = |of: fn(&(&str, &'static str, &'static str)) -> &'static str| -> String {
        COLOURS.iter().map(|colour| format!("--{}:{};", colour.0, of(colour))).collect()
    };
    let (light, dark) = (list(|c| c.1), list(|c| c.2));
    format!(
        ":root{{color-scheme:light dark;{light}}}\
         @media screen{{@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\
         :root[data-theme=dark]{{color-scheme:dark;{dark}}}:root[data-theme=light]{{color-scheme:light}}}}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(hex: &str) -> f64 {
        let channel = |at: usize| {
            let v = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn texts_and_lines_can_be_seen_in_both_themes() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        let of = |name: &str| *COLOURS.iter().find(|c| c.0 == name).expect("colour");
        let pairs = [
            ("ink", "paper", 7.0),
            ("soft", "paper", 4.5),
            ("soft", "panel", 4.5),
            ("link", "paper", 4.5),
            ("base", "panel", 3.0),
            ("good", "good-paper", 4.5),
            ("bad", "bad-paper", 4.5),
            ("warn", "warn-paper", 4.5),
        ];
        let series = ["s1", "s2", "s3", "s4", "s5", "s6"].map(|s| (s, "panel", 4.5));
        for (front, back, least) in pairs.into_iter().chain(series) {
            let (front, back) = (of(front), of(back));
            assert!(contrast(front.1, back.1) >= least, "{} light {}", front.0, contrast(front.1, back.1));
            assert!(contrast(front.2, back.2) >= least, "{} dark {}", front.0, contrast(front.2, back.2));
        }
    }
}
