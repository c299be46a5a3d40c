//! Linear predictors of new rows.

use std::collections::HashMap;

use bedside_table::{Complete, DesignData, RowSet, TableError, Term};

/// Where each of the model's columns stands in `x`.
///
/// # Errors
/// [`TableError::NoColumn`] for one that is not there, [`TableError::ExtraColumn`] for one that the model does not know,
/// [`TableError::DuplicateColumn`] for one that is there twice.
pub(super) fn match_columns<'m, R: RowSet>(
    model: impl ExactSizeIterator<Item = (&'m str, &'m Term)>,
    x: &Complete<R>,
) -> Result<Vec<usize>, TableError> {
    let mut place = HashMap::with_capacity(x.columns().len());
    for (number, column) in x.columns().iter().enumerate() {
        if place.insert((column.predictor.as_str(), &column.term), number).is_some() {
            return Err(TableError::DuplicateColumn { column: column.label() });
        }
    }
    let mut places = Vec::with_capacity(model.len());
    for (predictor, term) in model {
        let Some(number) = place.remove(&(predictor, term)) else {
            let column = bedside_table::DesignColumn {
                predictor: predictor.to_owned(),
                term: term.clone(),
                data: DesignData::Indicator(Vec::new()),
            };
            return Err(TableError::NoColumn { column: column.label() });
        };
        places.push(number);
    }
    match place.values().min() {
        Some(&extra) => Err(TableError::ExtraColumn { column: x.columns()[extra].label() }),
        None => Ok(places),
    }
}

/// Intercept plus columns times their slopes. Terms are added in the order given, row by row the same, so a row alone gets
/// the bits that it gets among others, however its columns are stored.
pub(super) fn linear<R: RowSet>(
    intercept: f64,
    terms: impl Iterator<Item = (usize, f64)>,
    x: &Complete<R>,
) -> Vec<f64> {
    // Adding 0 makes -0 to 0, so that a stored 0 and one that is not stored give the same bits.
    let mut sums = vec![intercept + 0.0; x.rows()];
    for (column, slope) in terms.filter(|(_, slope)| *slope != 0.0) {
        match &x.columns()[column].data {
            DesignData::Dense(values) => {
                sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += slope * value);
            }
            DesignData::Sparse { rows, values } => {
                rows.iter().zip(values).for_each(|(&row, value)| sums[row as usize] += slope * value);
            }
            DesignData::Indicator(rows) => rows.iter().for_each(|&row| sums[row as usize] += slope),
        }
    }
    sums
}
