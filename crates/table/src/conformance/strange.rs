//! What a model promises about tables of unusual shape.

use std::fmt::Debug;

use super::data::{Shape, study};
use super::{Dress, ModelPromises};
use crate::Fit;

impl<M> ModelPromises<'_, M>
where
    M: Fit + Debug + Sync,
    M::Reads: Dress,
{
    /// Three rows, and more columns than rows: the fit may refuse, with an error; if it does not, its scores are plausible.
    ///
    /// # Panics
    /// When it panics or a score is not plausible.
    pub fn strange_shapes(&self) {
        let check = "strange shapes";
        for shape in [
            Shape { train: 3, held_out: 20, noise: 0, seed: 4 },
            Shape { train: 2, held_out: 20, noise: 2, seed: 5 },
            Shape { train: 24, held_out: 20, noise: 60, seed: 6 },
        ] {
            let study = study(shape, self.kind);
            if let Ok(fitted) = self.try_fit(&study.train, &study.outcome, None) {
                self.plausible(check, &self.score(check, &fitted, &study.held_out));
            }
        }
    }
}
