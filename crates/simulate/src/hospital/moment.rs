//! Times as records have them: to the second, or to the day.

use bedside_chart::Instant;

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
const SECOND: i64 = 1_000_000;

/// When something happened, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// Since 1970; the first second of a day that is all that is known.
    pub(super) second: i64,
    pub(super) day_only: bool,
}

impl Moment {
    /// A day, counted from 1970.
    pub(super) fn day(day: i64) -> Self {
        Self { second: day * DAY, day_only: true }
    }

    pub(super) fn at(second: i64) -> Self {
        Self { second, day_only: false }
    }

    /// The day it is on.
    pub(super) fn on(self) -> i64 {
        self.second.div_euclid(DAY)
    }

    /// When it begins.
    pub(super) fn begins(self) -> Instant {
        Instant::from_micros(self.second * SECOND)
    }

    /// When it is known: what is known to the day, at its last second.
    pub(super) fn known(self) -> Instant {
        let later = if self.day_only { DAY - 1 } else { 0 };
        Instant::from_micros((self.second + later) * SECOND)
    }

    /// `2015-03-04`
    pub(super) fn push_date(self, out: &mut Vec<u8>) {
        let (year, month, day) = self.begins().date();
        push_digits(out, year, 4);
        out.push(b'-');
        push_digits(out, month, 2);
        out.push(b'-');
        push_digits(out, day, 2);
    }

    /// `10:11:12`
    pub(super) fn push_clock(self, out: &mut Vec<u8>) {
        let second = self.second.rem_euclid(DAY);
        push_digits(out, second / 3600, 2);
        out.push(b':');
        push_digits(out, second / 60 % 60, 2);
        out.push(b':');
        push_digits(out, second % 60, 2);
    }
}

fn push_digits(out: &mut Vec<u8>, number: i64, digits: u32) {
    for place in (0..digits).rev() {
        out.push(b'0' + (number / 10_i64.pow(place) % 10) as u8);
    }
}

/// A number of so many digits after the point, as it is written: `123` of two is `1.23`.
pub(super) fn push_decimal(out: &mut Vec<u8>, number: i32, digits: u32) {
    let scale = i64::from(10_u32.pow(digits));
    let size = i64::from(number).abs();
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice((size / scale).to_string().as_bytes());
    if digits > 0 {
        out.push(b'.');
        push_digits(out, size % scale, digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn moments_are_written_as_they_are() {
        let leap = Moment::day(11_016);
        assert_eq!(shown(|out| leap.push_date(out)), "2000-02-29");
        assert_eq!(leap.known().to_string(), "2000-02-29 23:59:59");
        let at = Moment::at(11_016 * DAY + 3_723);
        assert_eq!(shown(|out| at.push_clock(out)), "01:02:03");
        assert_eq!((at.on(), at.known() == at.begins()), (11_016, true));
    }

    #[test]
    fn decimals_read_back_as_the_same_number() {
        for (number, digits, written) in [(123, 2, "1.23"), (5, 2, "0.05"), (-40, 1, "-4.0"), (7, 0, "7")] {
            let text = shown(|out| push_decimal(out, number, digits));
            assert_eq!(text, written);
            let value = f64::from(number) / f64::from(10_u32.pow(digits));
            assert_eq!(text.parse::<f64>(), Ok(value));
        }
    }
}
