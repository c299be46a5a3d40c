//! Named arrays of f64 and u32 as safetensors.

use std::collections::BTreeMap;

use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};

use super::BundleError;

/// Arrays by name, one-dimensional.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arrays {
    numbers: BTreeMap<String, Vec<f64>>,
    codes: BTreeMap<String, Vec<u32>>,
}

impl Arrays {
    /// Adds numbers under a name.
    pub fn put(&mut self, name: &str, values: Vec<f64>) {
        self.numbers.insert(name.to_owned(), values);
    }

    /// Adds codes (indices, small counts) under a name.
    pub fn put_codes(&mut self, name: &str, values: Vec<u32>) {
        self.codes.insert(name.to_owned(), values);
    }

    /// Takes the numbers of a name out.
    ///
    /// # Errors
    /// [`BundleError::Member`] when there are none.
    pub fn take(&mut self, name: &str) -> Result<Vec<f64>, BundleError> {
        self.numbers.remove(name).ok_or_else(|| missing(name))
    }

    /// Takes the codes of a name out.
    ///
    /// # Errors
    /// [`BundleError::Member`] when there are none.
    pub fn take_codes(&mut self, name: &str) -> Result<Vec<u32>, BundleError> {
        self.codes.remove(name).ok_or_else(|| missing(name))
    }

    /// As bytes; the same arrays give the same bytes.
    ///
    /// # Errors
    /// [`BundleError::Member`] when the format cannot hold them.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BundleError> {
        let numbers = self.numbers.iter().map(|(name, values)| {
            let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            (name, Dtype::F64, values.len(), bytes)
        });
        let codes = self.codes.iter().map(|(name, values)| {
            let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
            (name, Dtype::U32, values.len(), bytes)
        });
        let owned: Vec<_> = numbers.chain(codes).collect();
        let views = owned
            .iter()
            .map(|(name, kind, length, bytes)| {
                Ok((name.as_str(), TensorView::new(*kind, vec![*length], bytes)?))
            })
            .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()
            .map_err(|e| broken(&e))?;
        serialize(views, None).map_err(|e| broken(&e))
    }

    /// From bytes.
    ///
    /// # Errors
    /// [`BundleError::Member`] when the bytes are not safetensors, an array is not one-dimensional, its kind is neither
    /// f64 nor u32, or a number is NaN or infinite.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BundleError> {
        let tensors = SafeTensors::deserialize(bytes).map_err(|e| broken(&e))?;
        let mut arrays = Self::default();
        for (name, view) in tensors.tensors() {
            if view.shape().len() != 1 {
                return Err(broken(&format!("array `{name}` must have one dimension")));
            }
            match view.dtype() {
                Dtype::F64 => {
                    let values: Vec<f64> =
                        view.data().as_chunks::<8>().0.iter().map(|b| f64::from_le_bytes(*b)).collect();
                    if values.iter().any(|v| !v.is_finite()) {
                        return Err(broken(&format!("array `{name}` holds NaN or infinity")));
                    }
                    arrays.numbers.insert(name, values);
                }
                Dtype::U32 => {
                    let values =
                        view.data().as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b)).collect();
                    arrays.codes.insert(name, values);
                }
                other => {
                    return Err(broken(&format!("array `{name}` is of kind {other:?}; f64 or u32 expected")));
                }
            }
        }
        Ok(arrays)
    }
}

fn broken(problem: &dyn std::fmt::Display) -> BundleError {
    BundleError::Member { member: "arrays.safetensors".to_owned(), problem: problem.to_string() }
}

fn missing(name: &str) -> BundleError {
    broken(&format!("there is no array `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_come_back_to_the_bit() {
        let mut arrays = Arrays::default();
        arrays.put("weights", vec![0.1 + 0.2, -0.0, f64::MIN_POSITIVE, 1e300]);
        arrays.put("empty", vec![]);
        arrays.put_codes("children", vec![0, u32::MAX]);
        let bytes = arrays.to_bytes().unwrap();
        assert_eq!(arrays.to_bytes().unwrap(), bytes);
        let mut back = Arrays::from_bytes(&bytes).unwrap();
        assert_eq!(back, arrays);
        assert_eq!(back.take("weights").unwrap()[1].to_bits(), (-0.0f64).to_bits());
        assert!(back.take("weights").is_err());
    }

    #[test]
    fn a_nan_does_not_pass() {
        let mut arrays = Arrays::default();
        arrays.put("weights", vec![f64::NAN]);
        assert!(Arrays::from_bytes(&arrays.to_bytes().unwrap()).is_err());
    }
}
