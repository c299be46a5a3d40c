//! Numbers: what fills a gap, and the two columns that come of it.

use bedside_table::{DesignData, Numeric};

use crate::{Dropped, EncodeSettings, Fill, ImputeError, NumberRecord, Predictor, Record};

/// A column is stored sparsely when at least this share of the training rows holds 0: 12 bytes a listed cell against
/// 8 a row then saves more than half.
const SPARSE_FROM: f64 = 0.7;

pub(crate) fn fit(name: &str, cells: &Numeric, settings: &EncodeSettings) -> Predictor {
    let rows = cells.values().len();
    let mut measured: Vec<f64> =
        cells.values().iter().zip(cells.states()).filter(|(_, s)| s.is_measured()).map(|(&v, _)| v).collect();
    let missing = rows - measured.len();
    let mut number = NumberRecord { fill: 0.0, centre: 0.0, scale: 1.0, sparse: false };
    let mut dropped = None;
    match measured.first().copied() {
        None => dropped = Some(Dropped::AllMissing),
        #[expect(clippy::float_cmp, reason = "a constant column repeats one number exactly")]
        Some(first) if measured.iter().all(|&v| v == first) => {
            dropped = Some(Dropped::Constant);
            number.fill = first;
        }
        Some(_) => {
            number.fill = match settings.numeric {
                Fill::Median => median(&mut measured),
                Fill::Mean => moments(&measured, 0, 0.0).0,
            };
            if settings.standardise {
                let (mean, deviation) = moments(&measured, missing, number.fill);
                if deviation > 0.0 && deviation.is_finite() {
                    (number.centre, number.scale) = (mean, deviation);
                } else {
                    // The spread is below the smallest number: nothing a model could use.
                    dropped = Some(Dropped::Constant);
                }
            } else {
                let zeros = measured.iter().filter(|&&v| v == 0.0).count()
                    + if number.fill == 0.0 { missing } else { 0 };
                number.sparse = zeros as f64 >= SPARSE_FROM * rows as f64;
            }
        }
    }
    let indicator = settings.indicators && missing > 0 && dropped != Some(Dropped::AllMissing);
    let (name, missing) = (name.to_owned(), missing as u64);
    Predictor { name, missing, dropped, indicator, record: Record::Number(number) }
}

/// The median; the midpoint of the two middle values when they are even in number. Reorders the values.
fn median(values: &mut [f64]) -> f64 {
    let (half, even) = (values.len() / 2, values.len().is_multiple_of(2));
    let (below, middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    let middle = *middle;
    if even {
        below.iter().copied().max_by(f64::total_cmp).map_or(middle, |b| b.midpoint(middle))
    } else {
        middle
    }
}

/// Mean and standard deviation (divisor `n`) of the values and of `more` further rows that hold `fill`.
///
/// Two passes, after division by the largest magnitude when that is extreme, so that no square over- or underflows.
fn moments(values: &[f64], more: usize, fill: f64) -> (f64, f64) {
    let largest = values.iter().fold(fill.abs(), |m, v| m.max(v.abs()));
    let unit = if (1e-100..=1e100).contains(&largest) || largest == 0.0 { 1.0 } else { largest };
    let (n, k) = ((values.len() + more) as f64, more as f64);
    let mean = (values.iter().map(|v| v / unit).sum::<f64>() + k * (fill / unit)) / n;
    let squares: f64 = values.iter().map(|v| (v / unit - mean).powi(2)).sum();
    let variance = (squares + k * (fill / unit - mean).powi(2)) / n;
    (mean * unit, variance.sqrt() * unit)
}

/// The numbers of the value column: gaps filled, then centred and scaled.
///
/// # Errors
/// [`ImputeError::TooFar`] when a standardised number is not finite.
pub(crate) fn value(name: &str, number: &NumberRecord, cells: &Numeric) -> Result<DesignData, ImputeError> {
    let cell = |row: usize| {
        let filled = cells.get(row).unwrap_or(number.fill);
        // Untouched, and not merely `(x - 0) / 1`: -0.0 stays what it was.
        if number.centre == 0.0 && number.scale == 1.0 {
            filled
        } else {
            (filled - number.centre) / number.scale
        }
    };
    let rows = cells.values().len();
    let check = |row: usize, value: f64| {
        if value.is_finite() { Ok(value) } else { Err(ImputeError::TooFar { column: name.to_owned(), row }) }
    };
    if number.sparse {
        let (mut listed, mut values) = (Vec::new(), Vec::new());
        for row in 0..rows {
            let value = check(row, cell(row))?;
            if value != 0.0 {
                listed.push(row as u32);
                values.push(value);
            }
        }
        Ok(DesignData::Sparse { rows: listed, values })
    } else {
        Ok(DesignData::Dense((0..rows).map(|row| check(row, cell(row))).collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_even_number_of_values_is_their_midpoint() {
        assert_eq!(median(&mut [3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&mut [f64::MAX, f64::MAX]), f64::MAX);
        assert_eq!(median(&mut [7.0]), 7.0);
    }

    #[test]
    fn moments_count_the_filled_rows() {
        // 1, 3, 5, 5: mean 3.5, squares 6.25 + 0.25 + 2.25 + 2.25 = 11, variance 2.75.
        assert_eq!(moments(&[1.0, 3.0], 2, 5.0), (3.5, 2.75_f64.sqrt()));
    }

    #[test]
    fn extreme_magnitudes_keep_their_spread() {
        for unit in [1e-300, 1e300] {
            let (mean, deviation) = moments(&[1.0 * unit, 3.0 * unit], 0, 0.0);
            assert!((mean / unit - 2.0).abs() < 1e-12 && (deviation / unit - 1.0).abs() < 1e-12, "{unit}");
        }
    }
}
