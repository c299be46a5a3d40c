//! Diagnosis codes in the manner of ICD-9-CM, with frequencies after Zipf's law.

use std::collections::HashSet;

use bedside_table::{Seed, Stream};

use crate::draw::{Chances, happens};

/// A code list with its chances and what each code adds to the log odds.
pub(super) struct Diagnoses {
    pub(super) codes: Vec<String>,
    pub(super) effects: Vec<f64>,
    chances: Chances,
    /// The chance that none is entered.
    none: f64,
}

/// The codes that come first, most frequent first.
const FIRST: &[&str] = &[
    "428", "414", "786", "410", "486", "427", "491", "715", "682", "434", "780", "996", "276", "38", "250.8",
];
const SECOND: &[&str] =
    &["276", "428", "250", "427", "401", "496", "599", "403", "414", "411", "250.02", "707", "585"];
const THIRD: &[&str] = &["250", "401", "276", "428", "427", "414", "496", "403", "585", "272", "599", "V45"];

impl Diagnoses {
    /// The list of the first, second or third diagnosis (`place` 0, 1, 2).
    pub(super) fn new(place: usize) -> Self {
        // As many codes as the public set has, and as many gaps in 100,000 encounters.
        let (first, count, none) = [(FIRST, 716, 0.0002), (SECOND, 748, 0.0035), (THIRD, 789, 0.0140)][place];
        let mut draw = Seed::new(0).derive("diagnosis codes", place as u64).stream();
        let mut codes: Vec<String> = first.iter().map(|&code| code.to_owned()).collect();
        let mut seen: HashSet<String> = codes.iter().cloned().collect();
        while codes.len() < count {
            let code = code(&mut draw);
            if seen.insert(code.clone()) {
                codes.push(code);
            }
        }
        // Zipf's law with Mandelbrot's shift, so that the first codes are not too far ahead.
        let weights: Vec<f64> = (0..count).map(|rank| (rank as f64 + 4.0).powf(-1.25)).collect();
        let strength = [1.1, 0.6, 0.4][place];
        let effects = codes.iter().map(|code| strength * effect(code)).collect();
        Self { codes, effects, chances: Chances::new(&weights), none }
    }

    /// A code; the one after the last is a gap.
    pub(super) fn draw(&self, stream: &mut Stream) -> u16 {
        let code = self.chances.draw(stream);
        if happens(stream, self.none) { self.codes.len() as u16 } else { code as u16 }
    }
}

/// A code: a number of three digits, sometimes a diabetes code with decimals, sometimes a V or E code.
fn code(draw: &mut Stream) -> String {
    match draw.below(100) {
        0..=4 => format!("250.{}{}", draw.below(10), ["", "1", "2", "3"][draw.below(4) as usize]),
        5..=8 => format!("V{}", 1 + draw.below(85)),
        9 => format!("E{}", 800 + draw.below(200)),
        _ => (1 + draw.below(999)).to_string(),
    }
}

/// What a diagnosis adds to the log odds, by chapter.
fn effect(code: &str) -> f64 {
    if code.starts_with('V') {
        return 0.5;
    }
    if code.starts_with('E') {
        return 0.0;
    }
    if code.starts_with("250.") {
        return 0.25;
    }
    match code.parse::<u32>() {
        Ok(428 | 434) => 0.45,
        Ok(585 | 403) => 0.40,
        Ok(786 | 780) => -0.35,
        Ok(140..=239) => 0.50,
        Ok(240..=279) => 0.20,
        Ok(280..=319) => 0.30,
        Ok(390..=459) => 0.05,
        Ok(460..=519) => -0.15,
        Ok(580..=629) => 0.15,
        Ok(630..=679) => -0.50,
        Ok(710..=739) => -0.20,
        Ok(996) => 0.35,
        Ok(_) | Err(_) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_many_and_the_first_is_not_everything() {
        for (place, levels) in [(0, 716), (1, 748), (2, 789)] {
            let list = Diagnoses::new(place);
            assert_eq!(list.codes.len(), levels);
            let mut draw = Seed::new(1).stream();
            let codes: Vec<u16> = (0..50_000).map(|_| list.draw(&mut draw)).collect();
            let first = codes.iter().filter(|&&code| code == 0).count() as f64 / 50_000.0;
            assert!((0.03..0.15).contains(&first), "{first}");
            let used: HashSet<u16> = codes.into_iter().collect();
            assert!(used.len() > levels * 9 / 10, "{}", used.len());
        }
    }
}
