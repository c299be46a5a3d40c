//! Which rows and predictors a tree sees.

use bedside_table::Seed;

use super::bins::Binned;

/// The rows of one tree, ascending: a share of those that are learned from, each subset equally likely (selection
/// sampling: Knuth, The Art of Computer Programming 2, section 3.4.2, algorithm S).
pub(super) fn sample_rows(learned: &[u32], share: f64, seed: Seed, tree: u64, rows: &mut Vec<u32>) {
    rows.clear();
    if share >= 1.0 {
        rows.extend_from_slice(learned);
        return;
    }
    let mut wanted = ((learned.len() as f64 * share).round() as usize).max(1);
    let mut stream = seed.derive("rows of tree", tree).stream();
    for (place, &row) in learned.iter().enumerate() {
        if ((learned.len() - place) as f64) * stream.uniform() < wanted as f64 {
            rows.push(row);
            wanted -= 1;
        }
    }
}

/// The features of one tree. They are drawn in the order of the table, so that blocks do not matter.
pub(super) fn sample_columns(binned: &Binned, active: &mut [bool], share: f64, seed: Seed, tree: u64) {
    if share >= 1.0 {
        return;
    }
    let wanted = ((active.len() as f64 * share).round() as usize).max(1);
    let mut order: Vec<usize> = (0..active.len()).collect();
    order.sort_by_key(|&feature| binned.features[feature].column);
    seed.derive("columns of tree", tree).stream().shuffle(&mut order);
    active.fill(false);
    order.into_iter().take(wanted).for_each(|feature| active[feature] = true);
}

/// The rows that are not in `rows`, ascending.
pub(super) fn complement(rows: &[u32], mark: &mut [bool], others: &mut Vec<u32>) {
    mark.fill(false);
    rows.iter().for_each(|&row| mark[row as usize] = true);
    others.clear();
    others.extend((0..mark.len() as u32).filter(|&row| !mark[row as usize]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_rows_is_drawn_evenly() {
        let learned: Vec<u32> = (0..1000).collect();
        let (mut rows, mut hits) = (Vec::new(), vec![0u32; 1000]);
        for tree in 0..400 {
            sample_rows(&learned, 0.3, Seed::new(1), tree, &mut rows);
            assert_eq!(rows.len(), 300);
            assert!(rows.windows(2).all(|w| w[0] < w[1]));
            rows.iter().for_each(|&row| hits[row as usize] += 1);
        }
        // Binomial(400, 0.3): mean 120, standard deviation 9.2.
        assert!(hits.iter().all(|&h| (72..168).contains(&h)));
    }
}
