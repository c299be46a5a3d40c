//! Distances in time as people write them.

use bedside_chart::Span;

const SECOND: f64 = 1e6;

/// A distance in time: `24h`, `30 days`, `1 week 2 days`, `1.5 hours`, `2d3h`, `-12 hours`, or on the clock `1:30:00`
/// (hours, minutes, seconds; with two parts minutes and seconds, with four days first). Units are weeks, days, hours,
/// minutes and seconds, largest first, each at most once; a month has no fixed length, so it is none. The result is
/// rounded to the microsecond. `None` for anything else, and for a distance that does not fit 64 bits.
///
/// ```
/// use bedside_chart::Span;
/// use bedside_cohort::parse_span;
/// assert_eq!(parse_span("1 day, 12h"), Some(Span::hours(36)));
/// assert_eq!(parse_span("-1:30:00"), Some(Span::from_micros(-5_400_000_000)));
/// for no_distance in ["", "24", "2 months", "3h 1d", "h"] {
///     assert_eq!(parse_span(no_distance), None);
/// }
/// ```
#[must_use]
pub fn parse_span(text: &str) -> Option<Span> {
    let text = text.trim().to_ascii_lowercase();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, text.strip_prefix('+').unwrap_or(&text).trim_start()),
    };
    let seconds = if text.contains(':') { clock(text)? } else { units(text)? };
    let micros = (sign * seconds * SECOND).round();
    (micros.abs() < 9.2e18).then(|| Span::from_micros(micros as i64))
}

fn units(text: &str) -> Option<f64> {
    let mut rest = text;
    let mut last = f64::INFINITY;
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let count: f64 = rest[..digits].parse().ok()?;
        rest = rest[digits..].trim_start();
        let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "w" | "wk" | "wks" | "week" | "weeks" => 604_800.0,
            "d" | "dy" | "dys" | "day" | "days" => 86_400.0,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
            "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
            "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
            _ => return None,
        };
        if unit >= last {
            return None;
        }
        last = unit;
        total += count * unit;
        rest = rest[letters..].trim_start_matches([' ', ',', '/']);
    }
    last.is_finite().then_some(total)
}

fn clock(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').map(str::trim).collect();
    let factors: &[f64] = match parts.len() {
        2 => &[60.0, 1.0],
        3 => &[3600.0, 60.0, 1.0],
        4 => &[86_400.0, 3600.0, 60.0, 1.0],
        _ => return None,
    };
    let mut total = 0.0;
    for (place, (part, factor)) in parts.iter().zip(factors).enumerate() {
        let is_last = place + 1 == parts.len();
        if part.is_empty() || !part.chars().all(|c| c.is_ascii_digit() || (is_last && c == '.')) {
            return None;
        }
        total += part.parse::<f64>().ok()? * factor;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_spellings() {
        for (text, hours) in [
            ("24h", 24.0),
            ("24 hours", 24.0),
            ("1d", 24.0),
            ("1 week", 168.0),
            ("1w 2d", 216.0),
            ("1.5h", 1.5),
            ("90 mins", 1.5),
            ("90:00", 1.5),
            ("1:12:00:00", 36.0),
            ("- 30 days", -720.0),
        ] {
            assert_eq!(parse_span(text), Some(Span::from_micros((hours * 3.6e9) as i64)), "{text}");
        }
    }

    #[test]
    fn what_is_no_distance_is_none() {
        for text in [
            "",
            "-",
            "1",
            "1 month",
            "1h 2h",
            "1h 2d",
            "1..5h",
            "1::2",
            "1:2:3:4:5",
            "1e3h",
            "9e99w",
            "99999999999999w",
            "ä",
        ] {
            assert_eq!(parse_span(text), None, "{text}");
        }
    }
}
