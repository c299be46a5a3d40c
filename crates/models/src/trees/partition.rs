//! Dividing the rows of a leaf.

use super::split::BinSet;

/// Brings the rows that go left to the front, both sides in their order, and gives their number.
pub(super) fn partition(rows: &mut [u32], spare: &mut [u32], codes: &[u8], left: &BinSet) -> usize {
    let mut goes = [0u8; 256];
    for (bin, goes) in goes.iter_mut().enumerate() {
        *goes = u8::from(left.contains(bin as u8));
    }
    let (mut lefts, mut rights) = (0, 0);
    for i in 0..rows.len() {
        let row = rows[i];
        let goes = usize::from(goes[usize::from(codes[row as usize])]);
        // Writing to both sides and moving one cursor has no branch to predict.
        rows[lefts] = row;
        spare[rights] = row;
        lefts += goes;
        rights += 1 - goes;
    }
    rows[lefts..].copy_from_slice(&spare[..rights]);
    lefts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_keep_their_order() {
        let codes = [0, 1, 2, 1, 0, 2];
        let mut rows = [5, 3, 0, 1, 4, 2];
        let count = partition(&mut rows, &mut [0; 6], &codes, &BinSet::up_to(0));
        assert_eq!((count, rows), (2, [0, 4, 5, 3, 1, 2]));
    }
}
