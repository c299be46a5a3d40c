//! Cholesky factors of small matrices that may be singular.

/// Lower triangle `L` with `L L' = A`, row by row. A row that follows from the rows before it is left out: its diagonal is
/// 0, and solving gives 0 for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    size: usize,
    lower: Vec<f64>,
}

/// A pivot below this share of its diagonal entry means that the row follows from those before it.
const DEPENDENT: f64 = 1e-11;

impl Factor {
    /// Factors a symmetric positive semidefinite matrix of which the lower triangle is read, row-major
    /// (Golub, Van Loan 2013, Matrix Computations, section 4.2).
    pub(super) fn new(size: usize, mut matrix: Vec<f64>) -> Self {
        for i in 0..size {
            for j in 0..i {
                let sum: f64 = (0..j).map(|k| matrix[i * size + k] * matrix[j * size + k]).sum();
                let pivot = matrix[j * size + j];
                matrix[i * size + j] = if pivot > 0.0 { (matrix[i * size + j] - sum) / pivot } else { 0.0 };
            }
            let diagonal = matrix[i * size + i];
            let left = diagonal - (0..i).map(|k| matrix[i * size + k].powi(2)).sum::<f64>();
            matrix[i * size + i] = if left > DEPENDENT * diagonal { left.sqrt() } else { 0.0 };
        }
        Self { size, lower: matrix }
    }

    /// An entry of L, on its diagonal or below.
    pub(super) fn at(&self, row: usize, column: usize) -> f64 {
        self.lower[row * self.size + column]
    }

    /// Replaces `b` by the solution of `L x = b`.
    pub(super) fn forward(&self, b: &mut [f64]) {
        let n = self.size;
        for i in 0..n {
            let sum: f64 = (0..i).map(|k| self.lower[i * n + k] * b[k]).sum();
            let pivot = self.lower[i * n + i];
            b[i] = if pivot > 0.0 { (b[i] - sum) / pivot } else { 0.0 };
        }
    }

    /// Replaces `b` by the solution of `L' x = b`.
    pub(super) fn backward(&self, b: &mut [f64]) {
        let n = self.size;
        for i in (0..n).rev() {
            let sum: f64 = (i + 1..n).map(|k| self.lower[k * n + i] * b[k]).sum();
            let pivot = self.lower[i * n + i];
            b[i] = if pivot > 0.0 { (b[i] - sum) / pivot } else { 0.0 };
        }
    }

    /// Replaces `b` by the solution of `A x = b`.
    pub(super) fn solve(&self, b: &mut [f64]) {
        self.forward(b);
        self.backward(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves() {
        let factor = Factor::new(3, vec![4.0, 0.0, 0.0, 2.0, 5.0, 0.0, 1.0, 3.0, 6.0]);
        let mut b = [4.0 + 4.0 + 3.0, 2.0 + 10.0 + 9.0, 1.0 + 6.0 + 18.0];
        factor.solve(&mut b);
        for (found, expected) in b.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-14, "{b:?}");
        }
    }

    #[test]
    fn a_row_that_follows_from_others_gets_nothing() {
        // The second row repeats the first.
        let factor = Factor::new(3, vec![2.0, 0.0, 0.0, 2.0, 2.0, 0.0, 1.0, 1.0, 3.0]);
        let mut b = [5.0, 5.0, 10.0];
        factor.solve(&mut b);
        assert_eq!(b[1], 0.0);
        assert!((2.0 * b[0] + b[2] - 5.0).abs() < 1e-14 && (b[0] + 3.0 * b[2] - 10.0).abs() < 1e-14);
    }
}
