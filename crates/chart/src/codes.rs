//! The codes of a data set, each known by a small number.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::ChartError;

/// The code of a subject's birth in MEDS.
pub const BIRTH: &str = "MEDS_BIRTH";
/// The code of deaths in MEDS.
pub const DEATH: &str = "MEDS_DEATH";

/// A code of a [`Codes`] table. It means nothing in another table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CodeId(u32);

impl CodeId {
    /// Its place in the table, counted from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The codes of a data set (`LAB//50912//mg/dL`, `SNOMED/192671`), each kept once. Several readers may add to one table
/// at a time; the numbers then follow the order of first sight, which differs from run to run. So nothing that is
/// written may depend on a number: names do.
///
/// # Errors
/// [`Codes::id`] gives [`ChartError::TooManyCodes`] beyond 2³² codes.
///
/// ```
/// use bedside_chart::Codes;
/// let codes = Codes::default();
/// let creatinine = codes.id("LAB//50912//mg/dL")?;
/// assert_eq!(codes.id("LAB//50912//mg/dL")?, creatinine);
/// assert_eq!(&*codes.names()[creatinine.index()], "LAB//50912//mg/dL");
/// # Ok::<(), bedside_chart::ChartError>(())
/// ```
#[derive(Debug, Default)]
pub struct Codes {
    table: RwLock<Table>,
}

#[derive(Debug, Default)]
struct Table {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
}

impl Codes {
    /// The number of a code, which is added if it is new.
    ///
    /// # Errors
    /// [`ChartError::TooManyCodes`] beyond 2³² codes.
    pub fn id(&self, name: &str) -> Result<CodeId, ChartError> {
        if let Some(&number) = self.read().numbers.get(name) {
            return Ok(CodeId(number));
        }
        let mut table = self.table.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(&number) = table.numbers.get(name) {
            return Ok(CodeId(number));
        }
        let number = u32::try_from(table.names.len()).map_err(|_| ChartError::TooManyCodes)?;
        let name: Arc<str> = Arc::from(name);
        table.names.push(Arc::clone(&name));
        table.numbers.insert(name, number);
        Ok(CodeId(number))
    }

    /// The number of a code that is there already.
    #[must_use]
    pub fn known(&self, name: &str) -> Option<CodeId> {
        self.read().numbers.get(name).map(|&number| CodeId(number))
    }

    /// How many there are by now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.read().names.len()
    }

    /// Whether there are none yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names, by number.
    #[must_use]
    pub fn names(&self) -> Vec<Arc<str>> {
        self.names_from(0)
    }

    /// The names from a number on: what a reader that knows the first ones has yet to learn.
    #[must_use]
    pub fn names_from(&self, known: usize) -> Vec<Arc<str>> {
        self.read().names.get(known..).unwrap_or_default().to_vec()
    }

    fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_agree_on_numbers() {
        let codes = Codes::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for code in 0..500 {
                        codes.id(&format!("LAB//{code}")).unwrap();
                    }
                });
            }
        });
        assert_eq!(codes.len(), 500);
        for (number, name) in codes.names().iter().enumerate() {
            assert_eq!(codes.id(name).unwrap().index(), number);
        }
        assert_eq!(codes.names_from(499).len(), 1);
        assert!(codes.names_from(501).is_empty());
    }
}
