//! Stretches of time that end at, or some time before, the index time.

use std::fmt;
use std::str::FromStr;

use bedside_chart::{Instant, Span};

use crate::parse_span;

/// A stretch of time before an index time *T*: `(T − from, T − to]`. Its beginning is left out and its end belongs to it.
/// `7d` is the last seven days; `full` everything until *T*; `48h..24h` what lies between 48 and 24 hours before *T*, and
/// `full..24h` everything until 24 hours before it. No window reaches past the index time.
///
/// ```
/// use bedside_cohort::features::Window;
/// let day: Window = "24h".parse()?;
/// let before: Window = "48h..24h".parse()?;
/// assert_eq!((day.to_string(), before.to_string()), ("24h".to_owned(), "48h..24h".to_owned()));
/// assert!("24h..48h".parse::<Window>().is_err());
/// assert!("-1d".parse::<Window>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Window {
    /// How long before the index time it begins; none for the whole record.
    pub(super) from: Option<Span>,
    /// How long before the index time it ends.
    pub(super) to: Span,
    text: String,
}

impl Window {
    /// Everything until the index time.
    pub(super) fn full() -> Self {
        Self { from: None, to: Span::ZERO, text: "full".to_owned() }
    }

    /// How long it is, in days of 24 hours; none when it begins with the record.
    #[must_use]
    pub fn days(&self) -> Option<f64> {
        self.from.map(|from| (from + -self.to).days_f64())
    }

    /// How long before the index time its middle is; none when it begins with the record.
    pub(super) fn middle(&self) -> Option<Span> {
        let from = self.from?;
        Some(Span::from_micros(self.to.micros() + (from + -self.to).micros() / 2))
    }

    /// Whether an event at `time` lies in the window before `index_time`.
    #[must_use]
    pub fn holds(&self, time: Instant, index_time: Instant) -> bool {
        time + self.to <= index_time && self.from.is_none_or(|from| index_time < time + from)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected =
            || format!("expected a window such as `24h`, `7d`, `full` or `48h..24h`, found `{text}`");
        let (begin, end) = match text.split_once("..") {
            Some((begin, end)) => (begin.trim(), Some(end.trim())),
            None => (text.trim(), None),
        };
        let span = |text: &str| parse_span(text).ok_or_else(expected);
        let to = end.map_or(Ok(Span::ZERO), span)?;
        let from = if begin == "full" { None } else { Some(span(begin)?) };
        if to < Span::ZERO || from.is_some_and(|from| from < Span::ZERO) {
            return Err(format!("`{text}` reaches past the index time, where nothing is known yet"));
        }
        if from.is_some_and(|from| from <= to) {
            return Err(format!("`{text}` begins at or after its end; write the longer distance first"));
        }
        let text = end.map_or_else(|| begin.to_owned(), |end| format!("{begin}..{end}"));
        Ok(Self { from, to, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        text.parse().unwrap()
    }

    #[test]
    fn the_beginning_is_left_out_and_the_end_belongs() {
        let day = window("1d");
        let index = Instant::from_micros(0) + Span::days(10);
        assert!(day.holds(index, index));
        assert!(!day.holds(index.next(), index));
        assert!(!day.holds(Instant::from_micros(0) + Span::days(9), index));
        assert!(day.holds((Instant::from_micros(0) + Span::days(9)).next(), index));
        let lag = window("2d .. 1d");
        assert!(lag.holds(Instant::from_micros(0) + Span::days(9), index));
        assert!(!lag.holds((Instant::from_micros(0) + Span::days(9)).next(), index));
        assert!(!lag.holds(Instant::from_micros(0) + Span::days(8), index));
        assert_eq!((lag.days(), lag.middle()), (Some(1.0), Some(Span::hours(36))));
    }

    #[test]
    fn what_is_no_window_is_told() {
        for (text, told) in [
            ("month", "expected a window"),
            ("", "expected a window"),
            ("0d", "begins at or after its end"),
            ("1d..", "expected a window"),
            ("full..-1d", "reaches past the index time"),
            ("1d..1d", "begins at or after"),
        ] {
            let refused = text.parse::<Window>().unwrap_err();
            assert!(refused.contains(told), "{text}: {refused}");
        }
        assert_eq!(window("full..12h").days(), None);
    }
}
