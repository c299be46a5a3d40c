//! What counts as a number in a record.

/// How a decimal number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decimal {
    /// `98.6`
    #[default]
    Point,
    /// `98,6`
    Comma,
}

impl Decimal {
    fn mark(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }
}

/// A decimal number: an optional sign, digits with at most one decimal mark, an optional exponent; white space around it
/// does not count. Anything else is `None`: `nan`, `inf`, hexadecimal, thousands separators, units, and a number too
/// large for an f64. The result is the nearest f64.
///
/// ```
/// use bedside_intake::{Decimal, parse_number};
/// assert_eq!(parse_number(" -1.5e2 ", Decimal::Point), Some(-150.0));
/// assert_eq!(parse_number("98,6", Decimal::Comma), Some(98.6));
/// for not_a_number in ["nan", "inf", "0x1F", "1,000", "12 mg", "", ".", "1e999"] {
///     assert_eq!(parse_number(not_a_number, Decimal::Point), None);
/// }
/// ```
#[must_use]
pub fn parse_number(text: &str, decimal: Decimal) -> Option<f64> {
    let text = text.trim();
    if !is_number(text.as_bytes(), decimal.mark()) {
        return None;
    }
    let value: f64 = match decimal {
        Decimal::Point => text.parse().ok()?,
        Decimal::Comma => text.replace(',', ".").parse().ok()?,
    };
    value.is_finite().then_some(value)
}

fn is_number(text: &[u8], mark: u8) -> bool {
    let rest = match text {
        [b'+' | b'-', rest @ ..] => rest,
        _ => text,
    };
    let (whole, rest) = digits(rest);
    let (fraction, rest) = match rest {
        [first, rest @ ..] if *first == mark => digits(rest),
        _ => (0, rest),
    };
    if whole + fraction == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', power @ ..] | [b'e' | b'E', power @ ..] => {
            let (count, rest) = digits(power);
            count > 0 && rest.is_empty()
        }
        _ => false,
    }
}

fn digits(text: &[u8]) -> (usize, &[u8]) {
    let count = text.iter().take_while(|b| b.is_ascii_digit()).count();
    (count, &text[count..])
}

/// Whether a number is written as codes are, with a leading zero (`007`): such a column is not one of quantities.
pub(crate) fn looks_like_a_code(text: &str) -> bool {
    let digits = text.trim().trim_start_matches(['+', '-']).as_bytes();
    matches!(digits, [b'0', b'0'..=b'9', ..])
}

/// The shortest text that reads back as the same f64: `4`, `0.1`, `1e-7`.
pub(crate) fn write_number(value: f64) -> String {
    let text = format!("{value:?}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_people_write_them() {
        for (text, expected) in [
            ("62.84998", 62.84998),
            (" 0", 0.0),
            (".7", 0.7),
            ("5.", 5.0),
            ("+3", 3.0),
            ("2.500000e-01", 0.25),
        ] {
            assert_eq!(parse_number(text, Decimal::Point), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_number() {
        for text in [
            "NaN", "infinity", "-inf", "0x10", "1_000", "1 000", "1,5", "e5", "1e", "1e+", "--1", "+",
            "1.2.3", "½", "٣", "1d5", "1e5.5",
        ] {
            assert_eq!(parse_number(text, Decimal::Point), None, "{text}");
        }
        assert_eq!(parse_number("1.5", Decimal::Comma), None);
    }

    #[test]
    fn a_leading_zero_means_a_code() {
        assert!(looks_like_a_code("007") && looks_like_a_code("-01.5"));
        assert!(!looks_like_a_code("0") && !looks_like_a_code("0.5") && !looks_like_a_code("70"));
    }

    proptest! {
        #[test]
        fn every_finite_number_reads_back(value in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO) {
            let back = parse_number(&write_number(value), Decimal::Point).unwrap();
            prop_assert_eq!(back.to_bits(), value.to_bits());
        }

        #[test]
        fn whatever_is_read_the_standard_library_reads_too(text in "[-+0-9.eEinfa ]{0,8}") {
            if let Some(value) = parse_number(&text, Decimal::Point) {
                prop_assert_eq!(text.trim().parse::<f64>(), Ok(value));
            }
        }
    }
}
