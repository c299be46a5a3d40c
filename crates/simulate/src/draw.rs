//! Drawing from lists of chances.

use bedside_table::Stream;

/// A list of chances, ready to draw from in constant time (alias method: Vose 1991, doi 10.1109/32.92917).
#[derive(Debug, Clone)]
pub(crate) struct Chances {
    /// The share of a cell that belongs to its own entry, in 32 bits.
    own: Vec<u32>,
    other: Vec<u32>,
}

impl Chances {
    /// Chances in proportion to the weights, of which at least one is above 0.
    pub(crate) fn new(weights: &[f64]) -> Self {
        let n = weights.len();
        let total: f64 = weights.iter().sum();
        let mut scaled: Vec<f64> = weights.iter().map(|w| w * n as f64 / total).collect();
        let (mut own, mut other) = (vec![u32::MAX; n], (0..n as u32).collect::<Vec<_>>());
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&i| scaled[i] < 1.0);
        while let (Some(&s), Some(&l)) = (small.last(), large.last()) {
            small.pop();
            own[s] = (scaled[s] * 4_294_967_296.0) as u32;
            other[s] = l as u32;
            scaled[l] -= 1.0 - scaled[s];
            if scaled[l] < 1.0 {
                large.pop();
                small.push(l);
            }
        }
        Self { own, other }
    }

    /// The number of an entry.
    pub(crate) fn draw(&self, stream: &mut Stream) -> u32 {
        // The whole part of the product is a cell, its fraction a chance within the cell; both are as even as the
        // list's length allows: to one part in 2^32 / n.
        let wide = u64::from(stream.next_u32()) * self.own.len() as u64;
        let (cell, within) = ((wide >> 32) as usize, wide as u32);
        if within <= self.own[cell] { cell as u32 } else { self.other[cell] }
    }
}

/// Whether something of the given chance happens, to 32 bits.
pub(crate) fn happens(stream: &mut Stream, chance: f64) -> bool {
    f64::from(stream.next_u32()) < chance * 4_294_967_296.0
}

/// The chance whose log odds are given.
pub(crate) fn logistic(log_odds: f64) -> f64 {
    if log_odds >= 0.0 {
        1.0 / (1.0 + (-log_odds).exp())
    } else {
        let odds = log_odds.exp();
        odds / (1.0 + odds)
    }
}

/// The number that, added to all log odds, makes their mean chance the given one.
///
/// Newton steps kept between bounds that always hold the answer; each step's sum runs in the list's order.
pub(crate) fn intercept(log_odds: &[f64], mean: f64) -> f64 {
    let n = log_odds.len() as f64;
    let (mut low, mut high) = (-60.0, 60.0);
    let mut shift: f64 = (mean / (1.0 - mean)).ln();
    for _ in 0..100 {
        let (mut sum, mut slope) = (0.0, 0.0);
        for &line in log_odds {
            let p = logistic(line + shift);
            sum += p;
            slope += p * (1.0 - p);
        }
        let miss = sum / n - mean;
        if miss.abs() < 1e-12 {
            break;
        }
        if miss > 0.0 {
            high = shift;
        } else {
            low = shift;
        }
        let next = shift - miss * n / slope;
        shift = if next > low && next < high { next } else { low.midpoint(high) };
    }
    shift
}

#[cfg(test)]
mod tests {
    use bedside_table::Seed;

    use super::*;

    #[test]
    fn entries_come_as_often_as_they_should() {
        let chances = Chances::new(&[5.0, 0.0, 3.0, 2.0]);
        let mut stream = Seed::new(1).stream();
        let mut counts = [0; 4];
        (0..100_000).for_each(|_| counts[chances.draw(&mut stream) as usize] += 1);
        assert_eq!(counts[1], 0);
        for (count, share) in counts.iter().zip([0.5, 0.0, 0.3, 0.2]) {
            assert!((f64::from(*count) / 1e5 - share).abs() < 0.006, "{counts:?}");
        }
    }

    #[test]
    fn the_intercept_hits_the_mean() {
        for mean in [1e-4, 0.11, 0.5, 0.97] {
            let lines = [-30.0, -3.0, 0.0, 0.2, 5.0, 30.0];
            let shift = intercept(&lines, mean);
            let found = lines.iter().map(|line| logistic(line + shift)).sum::<f64>() / 6.0;
            assert!((found - mean).abs() < 1e-9, "{mean}: {found}");
        }
    }
}
