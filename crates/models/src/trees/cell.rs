//! Sums over rows in whole numbers: the same for every order of addition, and subtraction is exact.

/// The gradient of one row, or the sum over the rows of one bin.
///
/// The second word holds the number of rows in its upper bits and the hessian in its lower ones, so that one 128-bit
/// addition adds all three.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C, align(16))]
pub(super) struct Cell {
    gradient: i64,
    mass: u64,
}

impl Cell {
    pub(super) const ZERO: Self = Self { gradient: 0, mass: 0 };

    #[inline]
    pub(super) fn add(&mut self, other: Self) {
        self.gradient = self.gradient.wrapping_add(other.gradient);
        self.mass = self.mass.wrapping_add(other.mass);
    }

    #[inline]
    pub(super) fn minus(self, other: Self) -> Self {
        Self {
            gradient: self.gradient.wrapping_sub(other.gradient),
            mass: self.mass.wrapping_sub(other.mass),
        }
    }

    #[inline]
    pub(super) fn plus(mut self, other: Self) -> Self {
        self.add(other);
        self
    }

    /// Whether no row was added.
    #[inline]
    pub(super) fn is_empty(self) -> bool {
        self.mass == 0
    }
}

/// Gradient, hessian and rows as numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sums {
    pub(super) gradient: f64,
    pub(super) hessian: f64,
    pub(super) rows: u64,
}

/// How derivatives become whole numbers: multiplied by powers of two as large as the sum over all rows allows. With
/// 100,000 rows that is 2^-45 of the largest gradient and 2^-29 of the largest hessian.
///
/// Derivatives are rounded before they are weighted, so a row of weight 2 adds exactly what two rows add.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    gradient: f64,
    hessian: f64,
    /// The inverses, times the unit of weights; exact because all are powers of two.
    gradient_unit: f64,
    hessian_unit: f64,
    hessian_bits: u32,
}

/// Row weights in units of a power of two, so that the largest lies in [1, 2).
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) of_row: Vec<f64>,
    /// Whether each is 1 unit.
    pub(super) all_one: bool,
    total: f64,
    unit: f64,
}

impl Weights {
    /// From finite weights above 0.
    pub(super) fn new(mut of_row: Vec<f64>) -> Self {
        let heaviest = of_row.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        let unit = 2f64.powi(heaviest.log2().floor() as i32);
        of_row.iter_mut().for_each(|weight| *weight /= unit);
        let all_one = of_row.iter().all(|&weight| weight == 1.0);
        Self { total: of_row.iter().sum(), of_row, all_one, unit }
    }
}

/// Adding 1.5 · 2^52 leaves the rounded whole number in the low bits (|value| < 2^51).
const ROUND: f64 = 6_755_399_441_055_744.0;

/// The largest power of two that keeps `bound` at or below 2^`bits`.
fn power(bits: i32, bound: f64) -> f64 {
    if bound > 0.0 { 2f64.powi((bits - bound.log2().ceil() as i32).clamp(-900, 900)) } else { 1.0 }
}

impl Scale {
    /// For rows whose |gradient| and hessian of weight 1 are bounded.
    pub(super) fn new(weights: &Weights, gradient_bound: f64, hessian_bound: f64) -> Self {
        let rows = weights.of_row.len();
        let hessian_bits = rows.leading_zeros() as i32;
        // One row stays below 2^50 even with weight 2; all together below 2^62 and 2^`hessian_bits`.
        let scale = |bits: i32, bound: f64| power(bits, bound * weights.total).min(power(49, bound));
        let (gradient, hessian) = (scale(62, gradient_bound), scale(hessian_bits - 1, hessian_bound));
        let (gradient_unit, hessian_unit) = (weights.unit / gradient, weights.unit / hessian);
        Self { gradient, hessian, gradient_unit, hessian_unit, hessian_bits: hessian_bits as u32 }
    }

    /// One row of weight 1. A hessian of 0 still counts the row.
    #[inline]
    pub(super) fn cell(self, gradient: f64, hessian: f64) -> Cell {
        self.rounded(gradient * self.gradient + ROUND, hessian * self.hessian + ROUND)
    }

    /// One row of any weight: rounded to the grid, and, weighted, to the grid again.
    #[inline]
    pub(super) fn weighted_cell(self, gradient: f64, hessian: f64, weight: f64) -> Cell {
        let gradient = (gradient * self.gradient + ROUND) - ROUND;
        let hessian = (hessian * self.hessian + ROUND) - ROUND;
        self.rounded(gradient * weight + ROUND, hessian * weight + ROUND)
    }

    #[inline]
    fn rounded(self, gradient: f64, hessian: f64) -> Cell {
        Cell {
            gradient: gradient.to_bits().wrapping_sub(ROUND.to_bits()) as i64,
            mass: hessian.to_bits().wrapping_sub(ROUND.to_bits()) | 1 << self.hessian_bits,
        }
    }

    /// The sums as numbers.
    #[inline]
    pub(super) fn sums(self, cell: Cell) -> Sums {
        let hessian = cell.mass & ((1 << self.hessian_bits) - 1);
        Sums {
            gradient: cell.gradient as f64 * self.gradient_unit,
            // Below 2^63, and a signed conversion is one instruction.
            hessian: hessian as i64 as f64 * self.hessian_unit,
            rows: cell.mass >> self.hessian_bits,
        }
    }

    /// The number of rows alone.
    #[inline]
    pub(super) fn rows(self, cell: Cell) -> u64 {
        cell.mass >> self.hessian_bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_come_back() {
        for (rows, bound, heavy) in
            [(1usize, 1.0, 1.0), (1000, 0.3, 1e9), (100_000, 7e9, 1e-9), (3_000_000, 1e-12, 1.0)]
        {
            let weight = |i: usize| heavy * (1.0 + (i % 3) as f64);
            let weights = Weights::new((0..rows).map(weight).collect());
            let scale = Scale::new(&weights, bound, bound);
            let mut sum = Cell::ZERO;
            let (mut g, mut h) = (0.0, 0.0);
            for i in 0..rows {
                let part = (i % 7) as f64 / 7.0 * bound;
                sum.add(scale.weighted_cell(-part, part, weights.of_row[i]));
                (g, h) = (g - weight(i) * part, h + weight(i) * part);
            }
            let sums = scale.sums(sum);
            assert_eq!(sums.rows, rows as u64);
            assert!((sums.gradient - g).abs() <= 1e-10 * g.abs(), "{rows}");
            assert!((sums.hessian - h).abs() <= 1e-5 * h, "{rows}");
        }
    }

    #[test]
    fn the_largest_sums_fit() {
        for (rows, weight) in [((1 << 17) - 1, 1.0), (1 << 17, 1.0), (1000, 2f64.next_down()), (3, 2.0)] {
            let weights = Weights::new(vec![weight; rows]);
            let scale = Scale::new(&weights, 1.0, 1.0);
            let mut sum = Cell::ZERO;
            (0..rows).for_each(|row| sum.add(scale.weighted_cell(-1.0, 1.0, weights.of_row[row])));
            let sums = scale.sums(sum);
            let whole = rows as f64 * weight;
            assert!(
                (sums.gradient + whole).abs() < 1e-9 * whole && (sums.hessian - whole).abs() < 1e-5 * whole
            );
            assert_eq!(sums.rows, rows as u64);
            assert_eq!(sum.minus(sum), Cell::ZERO);
        }
    }

    #[test]
    fn two_rows_are_one_of_weight_two() {
        let (pair, single) = (Weights::new(vec![1.0, 1.0]), Weights::new(vec![2.0]));
        let (g, h) = (0.1234567890123, 0.0987654321);
        let (of_pair, of_single) = (Scale::new(&pair, 1.0, 0.25), Scale::new(&single, 1.0, 0.25));
        let (a, b) = (of_pair.cell(g, h), of_single.weighted_cell(g, h, single.of_row[0]));
        assert_eq!(a, of_pair.weighted_cell(g, h, 1.0));
        assert_eq!(of_pair.sums(a.plus(a)).gradient, of_single.sums(b).gradient);
    }
}
