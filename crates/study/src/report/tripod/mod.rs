//! TRIPOD+AI: 27 items, 52 sub-items; what the run can answer from its own facts, and what stays open.

mod answers;
mod items;

use super::data::{ReportData, TripodItem};
use items::ITEMS;

/// What a run says to one item: an answer, and what remains for the authors. Neither: the item is open.
type Said = (Option<String>, Option<&'static str>);

/// The whole checklist, in order, each item answered from the facts of the run or left open.
///
/// Nothing is answered that the facts do not hold: an answer that covers only part of an item says in `still_open` what is
/// left. The items are those of Collins et al., *TRIPOD+AI statement*, BMJ 2024;385:e078378,
/// doi:10.1136/bmj-2023-078378; the wording is our own. The field `tripod` of the facts is not read.
#[must_use]
pub fn tripod(facts: &ReportData) -> Vec<TripodItem> {
    ITEMS
        .iter()
        .map(|item| {
            let (answer, still_open) = (item.said)(facts);
            let answer = answer.filter(|text| !text.trim().is_empty());
            TripodItem {
                item: item.item.to_owned(),
                section: item.section.to_owned(),
                asks: item.asks.to_owned(),
                still_open: still_open.filter(|_| answer.is_some()).map(str::to_owned),
                answer,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::fixture;
    use super::*;

    #[test]
    fn the_checklist_has_all_items_once() {
        let items = tripod(&fixture::readmission());
        assert_eq!(items.len(), 52);
        let names: BTreeSet<&str> = items.iter().map(|item| item.item.as_str()).collect();
        assert_eq!(names.len(), 52);
        let numbers: BTreeSet<&str> = names.iter().map(|n| n.trim_end_matches(char::is_alphabetic)).collect();
        assert_eq!(numbers.len(), 27);
    }

    #[test]
    fn what_the_run_knows_is_answered_and_the_rest_is_open() {
        let items = tripod(&fixture::readmission());
        let item = |name: &str| items.iter().find(|item| item.item == name).expect(name);
        for name in ["1", "4", "8a", "10", "11", "12a", "12c", "12e", "15", "20a", "21", "23a"] {
            assert!(item(name).answer.is_some(), "{name}");
        }
        for name in ["2", "3a", "3c", "17", "18a", "18b", "19", "25", "26", "27b"] {
            assert!(item(name).answer.is_none() && item(name).still_open.is_none(), "{name}");
        }
        assert!(item("23a").answer.as_deref().is_some_and(|a| a.contains("AUROC 0.6")), "{:?}", item("23a"));
    }

    #[test]
    fn a_run_that_knows_nothing_answers_little() {
        let empty = fixture::empty();
        let answered: Vec<String> =
            tripod(&empty).into_iter().filter(|i| i.answer.is_some()).map(|i| i.item).collect();
        for name in ["8a", "10", "11", "20a", "23a", "22", "27a"] {
            assert!(!answered.iter().any(|a| a == name), "{name}: {answered:?}");
        }
    }
}
