//! Dividing rows fairly: groups stay together, outcome classes are spread evenly.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::{Partition, Seed, TableError};

/// One fold: its number and the division it makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The fold's number, from 0.
    pub number: usize,
    /// Training rows and the rows that this fold judges.
    pub parts: Partition,
}

/// A fold number for every row; rows of one group share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    of_row: Vec<u32>,
    count: usize,
}

impl Folds {
    /// Random folds of nearly equal size, groups kept whole, strata (outcome classes) spread evenly.
    ///
    /// Each fold is a systematic sample (Cochran 1977, Sampling Techniques, chapter 8) of the groups that the folds before
    /// it left, ordered by how many rows of each stratum they have and by chance among equals, from a random start. So
    /// every group, be it a patient with one stay or with forty, has the same chance of each fold, and the folds still
    /// agree in strata. Filling folds greedily would not do: it gives the groups with most events to the largest fold.
    ///
    /// # Errors
    /// [`TableError::FoldCount`] when `count` is below 2 or above the number of groups; [`TableError::Length`] when the
    /// lists differ in length.
    pub fn stratified(
        strata: &[u32],
        groups: Option<&[u32]>,
        count: usize,
        seed: Seed,
    ) -> Result<Self, TableError> {
        let shares = vec![1.0; count.max(1)];
        Self::with_shares(strata, groups, &shares, seed)
    }

    /// As [`Folds::stratified`], with folds of the given relative sizes (for a held-out share: `[0.8, 0.2]`).
    /// A group's chance of a fold is the fold's share.
    ///
    /// # Errors
    /// As [`Folds::stratified`].
    pub fn with_shares(
        strata: &[u32],
        groups: Option<&[u32]>,
        shares: &[f64],
        seed: Seed,
    ) -> Result<Self, TableError> {
        let count = shares.len();
        let singles: Vec<u32>;
        let groups = if let Some(groups) = groups {
            groups
        } else {
            singles = (0..strata.len() as u32).collect();
            &singles
        };
        if groups.len() != strata.len() {
            return Err(TableError::Length { what: "groups", expected: strata.len(), found: groups.len() });
        }
        let classes = strata.iter().max().map_or(1, |&s| s as usize + 1);
        let mut total = vec![0u64; classes];
        let mut index = HashMap::new();
        let mut members: Vec<Vec<u32>> = Vec::new();
        let mut profile: Vec<Vec<u32>> = Vec::new();
        for (row, (&group, &stratum)) in groups.iter().zip(strata).enumerate() {
            let g = *index.entry(group).or_insert_with(|| {
                members.push(Vec::new());
                profile.push(vec![0; classes]);
                members.len() - 1
            });
            members[g].push(row as u32);
            profile[g][stratum as usize] += 1;
            total[stratum as usize] += 1;
        }
        if count < 2 || count > members.len() {
            return Err(TableError::FoldCount { folds: count, groups: members.len() });
        }
        // Alike groups become neighbours: by their rows of the rarest stratum, then of the next; chance orders the rest.
        let mut rarity: Vec<usize> = (0..classes).collect();
        rarity.sort_by_key(|&c| (total[c], c));
        let mut order: Vec<usize> = (0..members.len()).collect();
        seed.derive("fold order", 0).stream().shuffle(&mut order);
        let likeness = |g: usize| rarity.iter().map(|&c| Reverse(profile[g][c])).collect::<Vec<_>>();
        order.sort_by_cached_key(|&g| likeness(g));

        let mut of_row = vec![0u32; strata.len()];
        let mut left: f64 = shares.iter().sum();
        for (fold, share) in shares.iter().enumerate() {
            let start = seed.derive("fold start", fold as u64).stream().uniform();
            let (mine, others) = every(&order, share / left, start);
            for row in mine.into_iter().flat_map(|g| &members[g]) {
                of_row[*row as usize] = fold as u32;
            }
            (order, left) = (others, left - share);
        }
        Ok(Self { of_row, count })
    }

    /// Folds that were decided elsewhere (by site or by time).
    ///
    /// # Errors
    /// [`TableError::FoldCount`] when fewer than two folds are used.
    pub fn given(of_row: Vec<u32>) -> Result<Self, TableError> {
        let count = of_row.iter().max().map_or(0, |&f| f as usize + 1);
        if count < 2 {
            return Err(TableError::FoldCount { folds: count, groups: of_row.len() });
        }
        Ok(Self { of_row, count })
    }

    /// How many folds.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The fold of each row.
    #[must_use]
    pub fn of_row(&self) -> &[u32] {
        &self.of_row
    }

    /// The folds of the rows outside one fold, in their order: what tunes a model that this fold is to judge.
    ///
    /// # Errors
    /// [`TableError::FoldCount`] when fewer than two folds are left, or there is no fold of that number.
    ///
    /// ```
    /// let folds = bedside_table::Folds::given(vec![0, 1, 2, 1, 0]).unwrap();
    /// assert_eq!(folds.without(1).unwrap().of_row(), [0, 1, 0]);
    /// assert!(folds.without(0).unwrap().without(0).is_err());
    /// ```
    pub fn without(&self, number: usize) -> Result<Self, TableError> {
        let number = number as u32;
        let kept = self.of_row.iter().filter(|&&fold| fold != number);
        let of_row: Vec<u32> = kept.map(|&fold| if fold > number { fold - 1 } else { fold }).collect();
        if self.count < 3 || number as usize >= self.count {
            let left = self.count.saturating_sub(1);
            return Err(TableError::FoldCount { folds: left, groups: of_row.len() });
        }
        Ok(Self { of_row, count: self.count - 1 })
    }

    /// Each fold in turn: its rows held out, the others to train on.
    ///
    /// # Errors
    /// As [`Partition::new`].
    pub fn iter(&self, groups: Option<&[u32]>) -> Result<Vec<Fold>, TableError> {
        (0..self.count)
            .map(|number| {
                let held: Vec<bool> = self.of_row.iter().map(|&f| f as usize == number).collect();
                Ok(Fold { number, parts: Partition::new(&held, groups)? })
            })
            .collect()
    }
}

/// A systematic sample of the given share, and what it leaves, both in order.
fn every(order: &[usize], share: f64, start: f64) -> (Vec<usize>, Vec<usize>) {
    let steps = |count: usize| (start + count as f64 * share + 1e-9).floor();
    let mut place = 0;
    order.iter().partition(|_| {
        place += 1;
        steps(place) > steps(place - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_group_stands_on_two_sides(
            rows in prop::collection::vec((0u32..40, 0u32..2), 60..400),
            folds in 2usize..8,
            seed in any::<u64>(),
        ) {
            let (groups, strata): (Vec<u32>, Vec<u32>) = rows.into_iter().unzip();
            let distinct = groups.iter().collect::<std::collections::HashSet<_>>().len();
            prop_assume!(distinct >= folds);
            let made = Folds::stratified(&strata, Some(&groups), folds, Seed::new(seed)).unwrap();
            let mut seen = HashMap::new();
            for (group, fold) in groups.iter().zip(made.of_row()) {
                prop_assert_eq!(seen.entry(group).or_insert(fold), &fold);
            }
        }

        #[test]
        fn single_rows_are_spread_evenly(events in 10usize..60, others in 10usize..200, seed in any::<u64>()) {
            let strata: Vec<u32> = (0..events + others).map(|i| u32::from(i < events)).collect();
            let made = Folds::stratified(&strata, None, 5, Seed::new(seed)).unwrap();
            for class in 0..2 {
                let mut counts = [0usize; 5];
                for (&s, &f) in strata.iter().zip(made.of_row()) {
                    counts[f as usize] += usize::from(s == class);
                }
                prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1, "{:?}", counts);
            }
        }
    }

    #[test]
    fn shares_are_kept() {
        let strata: Vec<u32> = (0..1000).map(|i| u32::from(i % 10 == 0)).collect();
        let made = Folds::with_shares(&strata, None, &[0.8, 0.2], Seed::new(3)).unwrap();
        assert_eq!(made.of_row().iter().filter(|&&f| f == 1).count(), 200);
        let events = made.of_row().iter().zip(&strata).filter(|&(&f, &s)| f == 1 && s == 1).count();
        assert_eq!(events, 20);
    }

    #[test]
    fn every_group_has_the_same_chance_of_each_fold() {
        // Twelve heavy groups of ten rows, five of them events, among 188 of one row.
        let heavy = (0..12u32).flat_map(|g| (0..10u32).map(move |row| (g, u32::from(row < 5))));
        let light = (12..200u32).map(|g| (g, u32::from(g % 10 == 0)));
        let (groups, strata): (Vec<u32>, Vec<u32>) = heavy.chain(light).unzip();
        let mut hits = vec![0u32; 200];
        for seed in 0..1000 {
            let made = Folds::with_shares(&strata, Some(&groups), &[0.8, 0.2], Seed::new(seed)).unwrap();
            let mut held: Vec<u32> =
                groups.iter().zip(made.of_row()).filter(|row| *row.1 == 1).map(|row| *row.0).collect();
            held.dedup();
            let among_heavy = held.iter().filter(|g| **g < 12).count();
            assert!((2..=3).contains(&among_heavy), "{among_heavy} of 12 heavy groups held out");
            held.into_iter().for_each(|g| hits[g as usize] += 1);
        }
        // Binomial(1000, 0.2): mean 200, standard deviation 12.6.
        assert!(hits.iter().all(|h| (145..=255).contains(h)), "{hits:?}");
    }

    #[test]
    fn too_many_folds_are_refused() {
        assert!(Folds::stratified(&[0, 1, 0], None, 4, Seed::new(1)).is_err());
        assert!(Folds::stratified(&[0, 1, 0], None, 1, Seed::new(1)).is_err());
    }
}
